"""Units: words for a status, lawful changes, and whom to send."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.dispatching import Spot, recommend
from console.domain.units import (
    STATUS_WORDS,
    UnitStatus,
    UnitView,
    status_called,
    status_refused,
)
from tests.domain.shipped import rules

HERE = Spot("330109002", 30.19, 120.268)


def unit(call_sign: str, kind: str, north: float | None = 0.0, **more: object) -> UnitView:
    lat = None if north is None else 30.19 + north
    lon = None if north is None else 120.268
    view = UnitView(call_sign, kind, "330109002", lat, lon, UnitStatus.AVAILABLE)
    return replace(view, **more)  # type: ignore[arg-type]


class TestStatus:
    @pytest.mark.parametrize(
        ("word", "status"),
        [
            ("到场", "on_scene"),
            ("os", "on_scene"),
            ("On Scene", "on_scene"),
            ("daochang", "on_scene"),
            ("出动", "enroute"),
            ("en  route", "enroute"),
            ("待命", "available"),
            ("tingqin", "out_of_service"),
            ("clear", "clearing"),
            ("o", None),
            ("", None),
            ("午饭", None),
        ],
    )
    def test_words(self, word: str, status: str | None) -> None:
        assert status_called(word) == status

    def test_no_word_means_two_things(self) -> None:
        words = [w for words in STATUS_WORDS.values() for w in words]
        assert len(words) == len(set(words))

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("dispatched", "enroute", None),
            ("dispatched", "on_scene", None),
            ("enroute", "clearing", None),
            ("on_scene", "on_scene", None),
            ("on_scene", "available", None),
            ("enroute", "out_of_service", None),
            ("on_scene", "enroute", "unit.backwards"),
            ("clearing", "on_scene", "unit.backwards"),
            ("available", "enroute", "unit.not_dispatched"),
            ("out_of_service", "on_scene", "unit.not_dispatched"),
            ("available", "dispatched", "unit.by_dispatch"),
        ],
    )
    def test_lawful(self, old: str, new: str, reason: str | None) -> None:
        found = status_refused(UnitStatus(old), UnitStatus(new))
        assert (found.id if found else None) == reason


class TestRecommend:
    def test_nearest_of_each_kind_on_the_card(self) -> None:
        units = [
            unit("E1", "fire_engine", 0.05),
            unit("E2", "fire_engine", 0.01),
            unit("E3", "fire_engine", 0.02),
            unit("P1", "patrol", 0.01),
            unit("A1", "ambulance", 0.0),
        ]
        found = recommend(rules().run_cards, "fire.structure", 1, HERE, units)
        assert [r.call_sign for r in found] == ["E2", "E3", "P1"]
        assert found[0].distance_km == pytest.approx(1.11, abs=0.02)

    def test_more_at_a_higher_level(self) -> None:
        cards = rules().run_cards
        for category in ("fire.structure", "fire.highrise", "fire.factory"):
            sent = [sum(n.count for n in cards.needs(category, level)) for level in range(1, 6)]
            assert sent == sorted(sent)
            assert sent[-1] > sent[0]

    def test_a_tired_crew_is_spared(self) -> None:
        units = [unit("P1", "patrol", 0.01, load=4), unit("P2", "patrol", 0.02)]
        assert recommend(rules().run_cards, "order", 0, HERE, units)[0].call_sign == "P2"

    def test_without_a_position_the_own_town_comes_first(self) -> None:
        units = [unit("P1", "patrol", None, town="330109120"), unit("P2", "patrol", None)]
        found = recommend(rules().run_cards, "order", 0, Spot("330109002"), units)
        assert found[0].call_sign == "P2"
        assert found[0].distance_km is None
        assert found[0].reason.id == "dispatch.by_town"

    def test_what_is_missing_is_said(self) -> None:
        busy = unit("E1", "fire_engine", status=UnitStatus.ON_SCENE)
        found = recommend(
            rules().run_cards, "fire.structure", 1, HERE, [busy, unit("P1", "patrol")]
        )
        missing = [r for r in found if r.missing]
        assert [r.kind for r in missing] == ["fire_engine"]
        assert missing[0].reason.args["count"] == 2

    def test_what_is_there_is_not_sent_again(self) -> None:
        units = [unit("E1", "fire_engine"), unit("E2", "fire_engine"), unit("P1", "patrol")]
        found = recommend(
            rules().run_cards, "fire.structure", 1, HERE, units, sent=["fire_engine", "patrol"]
        )
        assert [r.call_sign for r in found] == ["E1"]

    def test_a_step_can_ask_for_a_kind(self) -> None:
        units = [unit("P1", "patrol"), unit("P31", "community_officer", 0.02)]
        found = recommend(rules().run_cards, "order", 1, HERE, units, kinds=["community_officer"])
        assert [r.call_sign for r in found] == ["P31"]

    def test_every_category_sends_somebody(self) -> None:
        given_rules = rules()
        for category in given_rules.categories:
            assert given_rules.run_cards.needs(category.code, 1), category.code

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(rules().run_cards.kinds)),
                st.one_of(st.none(), st.floats(-1, 1)),
                st.sampled_from(list(UnitStatus)),
                st.integers(0, 9),
            ),
            max_size=20,
        ),
        st.sampled_from([c.code for c in rules().categories]),
        st.integers(0, 5),
    )
    def test_never_one_that_is_out(
        self,
        fleet: list[tuple[str, float | None, UnitStatus, int]],
        category: str,
        level: int,
    ) -> None:
        units = {
            f"U{n}": unit(f"U{n}", kind, north, status=status, load=load)
            for n, (kind, north, status, load) in enumerate(fleet)
        }
        found = recommend(rules().run_cards, category, level, HERE, list(units.values()))
        chosen = [r for r in found if not r.missing]
        assert len({r.call_sign for r in chosen}) == len(chosen)
        for one in chosen:
            assert units[one.call_sign].status in ("available", "clearing")
            assert units[one.call_sign].kind == one.kind
        asked = sum(n.count for n in rules().run_cards.needs(category, level))
        lacking = [r.reason.args["count"] for r in found if r.missing]
        assert len(chosen) + sum(n for n in lacking if isinstance(n, int)) == asked


@pytest.mark.parametrize(
    ("call_sign", "kind"),
    [("P12", "patrol"), ("e301", "fire_engine"), ("AM03", "ambulance"), ("63", ""), ("CHIEF", "")],
)
def test_kind_by_call_sign(call_sign: str, kind: str) -> None:
    assert rules().run_cards.kind_of(call_sign) == kind
