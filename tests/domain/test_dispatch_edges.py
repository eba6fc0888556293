"""Whom to send, at the edges: what distance, load and another town weigh, and which card fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.domain.dispatching import (
    Card,
    Need,
    RunCards,
    Spot,
    parse_run_cards,
    recommend,
)
from console.domain.message import Label, Message
from console.domain.units import UnitKind, UnitStatus, UnitView

KM = 1 / 111.195
"""A kilometre to the north, in degrees."""
HERE = Spot("a", 30.0, 120.0)
ENGINE = UnitKind("engine", Label("水罐车", "engine"), ("E", "EX"), ())
LADDER = UnitKind("ladder", Label("云梯车", "ladder"), ("L",), ())
CARDS = RunCards(
    {"engine": ENGINE, "ladder": LADDER},
    (
        Card("fire", 1, (Need("engine", 1),)),
        Card("fire.structure", 1, (Need("engine", 2),)),
        Card("fire.structure", 3, (Need("engine", 4), Need("ladder", 1))),
    ),
)


def at(sign: str, km: float | None, **more: object) -> UnitView:
    lat = None if km is None else 30.0 + km * KM
    lon = None if km is None else 120.0
    made = UnitView(sign, "engine", "a", lat, lon, UnitStatus.AVAILABLE)
    return replace(made, **more)  # type: ignore[arg-type]


def first(*units: UnitView, spot: Spot = HERE) -> str:
    return recommend(CARDS, "fire", 1, spot, units)[0].call_sign


class TestWeights:
    """Each unit stands as far away as its kilometres, its load and its state make it."""

    @pytest.mark.parametrize(("km", "sent"), [(1.4, "E2"), (1.6, "E1")])
    def test_one_incident_more_is_a_kilometre_and_a_half(self, km: float, sent: str) -> None:
        assert first(at("E1", 0.0, load=1), at("E2", km)) == sent

    @pytest.mark.parametrize(("km", "sent"), [(3.9, "E2"), (4.1, "E1")])
    def test_packing_up_is_four_kilometres(self, km: float, sent: str) -> None:
        assert first(at("E1", 0.0, status=UnitStatus.CLEARING), at("E2", km)) == sent

    @pytest.mark.parametrize(("km", "sent"), [(2.9, "E2"), (3.1, "E1")])
    def test_somewhere_in_the_town_is_three_kilometres(self, km: float, sent: str) -> None:
        assert first(at("E1", None), at("E2", km)) == sent

    @pytest.mark.parametrize(("km", "sent"), [(11.9, "E2"), (12.1, "E1")])
    @pytest.mark.parametrize("town", ["b", ""])
    def test_somewhere_else_is_twelve(self, km: float, sent: str, town: str) -> None:
        assert first(at("E1", None, town=town), at("E2", km)) == sent
        assert first(at("E1", None, town=town), at("E2", km), spot=replace(HERE, town="")) == sent

    def test_of_two_as_good_the_call_sign_decides(self) -> None:
        assert first(at("E2", 1.0), at("E1", 1.0)) == "E1"

    @pytest.mark.parametrize(
        "status", [s for s in UnitStatus if s not in (UnitStatus.AVAILABLE, UnitStatus.CLEARING)]
    )
    def test_who_is_busy_is_not_sent(self, status: UnitStatus) -> None:
        assert first(at("E1", 0.0, status=status)) == ""


class TestReason:
    """The officer reads why."""

    def reason(self, unit: UnitView, spot: Spot = HERE) -> Message:
        return recommend(CARDS, "fire", 1, spot, [unit])[0].reason

    def test_by_distance(self) -> None:
        found = recommend(CARDS, "fire", 1, HERE, [at("E1", 1.26, load=2)])[0]
        assert (found.reason.id, found.reason.args["km"], found.reason.args["load"]) == (
            "dispatch.by_distance",
            1.3,
            2,
        )
        assert found.distance_km == 1.26
        assert not found.missing

    def test_by_town_or_by_nothing(self) -> None:
        assert self.reason(at("E1", None)).id == "dispatch.by_town"
        assert self.reason(at("E1", None, town="b")).id == "dispatch.position_unknown"
        nowhere = Spot()
        assert self.reason(at("E1", None, town=""), nowhere).id == "dispatch.position_unknown"

    def test_that_it_packs_up(self) -> None:
        said = self.reason(at("E1", 1.0, status=UnitStatus.CLEARING))
        assert said.id == "dispatch.clearing"
        assert isinstance(said.args["reason"], Message)
        assert said.args["reason"].id == "dispatch.by_distance"


class TestCards:
    """The longest prefix, then the highest level that is not above."""

    @pytest.mark.parametrize(
        ("category", "level", "engines"),
        [
            ("fire.vehicle", 1, 1),
            ("fire.structure", 0, 2),
            ("fire.structure", 2, 2),
            ("fire.structure.high", 3, 4),
            ("fire.structure", 5, 4),
            ("traffic", 5, 0),
        ],
    )
    def test_which_fits(self, category: str, level: int, engines: int) -> None:
        asked = {need.kind: need.count for need in CARDS.needs(category, level)}
        assert asked.get("engine", 0) == engines

    def test_what_is_there_is_not_asked_for_again_and_what_lacks_is_said(self) -> None:
        units = [at(f"E{n}", n) for n in (1, 2)]
        found = recommend(CARDS, "fire.structure", 3, HERE, units, sent=["engine"])
        assert [one.call_sign for one in found] == ["E1", "E2", "", ""]
        assert [(one.kind, one.reason.args["count"]) for one in found if one.missing] == [
            ("engine", 1),
            ("ladder", 1),
        ]
        enough = recommend(CARDS, "fire.structure", 1, HERE, units, sent=["engine"] * 3)
        assert enough == ()

    def test_a_step_asks_for_one_of_each_kind_instead(self) -> None:
        found = recommend(CARDS, "fire.structure", 3, HERE, [at("E1", 1)], kinds=["engine", "dog"])
        assert [(one.call_sign, one.kind) for one in found] == [("E1", "engine"), ("", "dog")]
        assert found[1].reason.args["kind"] == Label("dog", "dog")

    @pytest.mark.parametrize(
        ("sign", "kind"), [("E1", "engine"), ("ex12", "engine"), ("L", ""), ("EL1", ""), ("X1", "")]
    )
    def test_a_call_sign_is_a_prefix_and_a_number(self, sign: str, kind: str) -> None:
        assert CARDS.kind_of(sign) == kind


class TestFile:
    TEXT = (
        '[kind.engine]\nlabel = {{ zh = "水罐车", en = "engine" }}\nprefixes = ["E"]\n'
        '[[card]]\ncategory = "fire"\n{level}\nsend = {{ {kind} = 2 }}\n'
    )

    @pytest.mark.parametrize(
        ("level", "kind", "faults"),
        [
            ("", "engine", []),
            ("level = 1", "engine", []),
            ("level = 5", "engine", []),
            ("level = 0", "engine", ["rules.bad_level"]),
            ("level = 6", "engine", ["rules.bad_level"]),
            ("level = 1", "boat", ["rules.unknown_kind"]),
        ],
    )
    def test_levels_are_one_to_five_and_kinds_are_known(
        self, level: str, kind: str, faults: list[str]
    ) -> None:
        cards, said = parse_run_cards(self.TEXT.format(level=level, kind=kind), "run_cards.toml")
        assert [fault.reason.id for fault in said] == faults
        assert cards.cards[0].needs == (Need(kind, 2),)
        if not level:
            assert cards.cards[0].level == 1
