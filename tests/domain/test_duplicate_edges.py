"""Duplicates at their edges: the very moment, distance and score, and who says what."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from console.domain.addresses import parse
from console.domain.clock import MINUTE
from console.domain.duplicates import (
    DuplicateRules,
    Trace,
    compare,
    keys,
    parse_duplicates,
    verdict,
)
from tests.domain.shipped import rules

T0 = 1_795_000_000_000
KM = 1 / 111.195
"""A kilometre to the north, in degrees."""


def shipped() -> DuplicateRules:
    return rules().duplicates


def fire(place: str = "", text: str = "厨房着火冒黑烟", **more: object) -> Trace:
    made = Trace(
        "fire.structure", "fire", parse(place, rules().gazetteer), "", T0, text, None, None
    )
    return replace(made, **more)  # type: ignore[arg-type]


def ids(a: Trace, b: Trace) -> list[str]:
    return [reason.id for reason in compare(a, b, shipped()).reasons]


def score(a: Trace, b: Trace) -> float:
    return compare(a, b, shipped()).score


def cells(*at: float) -> set[str]:
    return {key for key in keys(parse("", rules().gazetteer), "", *at) if key.startswith("c:")}


class TestCells:
    """Coarse enough that neighbours meet, fine enough that a town does not."""

    @pytest.mark.parametrize("lat", [0.2, 30.2, 60.2, -45.3])
    def test_who_is_a_kilometre_away_shares_none(self, lat: float) -> None:
        east = KM / max(0.01, math.cos(math.radians(lat)))
        assert not cells(lat, 120.2) & cells(lat + KM, 120.2)
        assert not cells(lat, 120.2) & cells(lat, 120.2 + east)

    def test_what_is_no_position_has_none(self) -> None:
        assert cells(90.0, 180.0)
        assert cells(-90.0, -180.0)
        assert not cells(90.5, 120.0)
        assert not cells(30.0, 180.5)

    def test_a_road_without_a_number_and_a_number_without_a_road_are_no_address(self) -> None:
        place = parse("金城路358号", rules().gazetteer)
        assert any(key.startswith("a:") for key in keys(place))
        for less in (replace(place, number=""), replace(place, road="")):
            assert not any(key.startswith("a:") for key in keys(less))


class TestTime:
    """The window of the field counts, to the millisecond."""

    def test_the_last_moment_still_counts(self) -> None:
        window = shipped().fields["fire"].window
        a = fire("金城路358号")
        assert score(a, replace(a, at=T0 + window)) > 0
        late = compare(a, replace(a, at=T0 + window + 1), shipped())
        assert late.score == 0
        assert [(reason.id, reason.args["minutes"]) for reason in late.reasons] == [
            ("duplicate.too_late", 60)
        ]

    def test_how_far_apart_is_said_in_minutes(self) -> None:
        a = fire("金城路358号")
        found = compare(a, replace(a, at=T0 + 7 * MINUTE), shipped()).reasons[-1]
        assert (found.id, found.args["minutes"]) == ("duplicate.apart", 7)


class TestDistance:
    """Near is near by the field's own measure, and says how many metres."""

    HERE = (30.2, 120.2)

    def at(self, km: float, place: str = "") -> Trace:
        return fire(place, lat=self.HERE[0] + km * KM, lon=self.HERE[1])

    def test_within_it_attaches_and_beyond_it_does_not_count(self) -> None:
        near = compare(self.at(0), self.at(0.14), shipped())
        assert verdict(near.score, shipped()) == "attach"
        assert [r.args["metres"] for r in near.reasons if r.id == "duplicate.near"] == [140]
        assert score(self.at(0), self.at(0.16)) == 0

    def test_one_road_counts_up_to_four_times_as_far(self) -> None:
        assert score(self.at(0, "金城路"), self.at(0.59, "金城路")) > 0
        assert score(self.at(0, "金城路"), self.at(0.61, "金城路")) == 0

    @pytest.mark.parametrize("other", ["金城路12号", "市心北路12号"])
    def test_near_but_each_names_another_house_or_road_is_asked(self, other: str) -> None:
        a, b = self.at(0, "金城路358号"), self.at(0.1, other)
        assert verdict(score(a, b), shipped()) == "suggest"


class TestPlaces:
    """Towns, flats and villages."""

    def test_the_same_house_number_in_another_town_is_another_house(self) -> None:
        a, b = fire("北干街道金城路358号"), fire("新塘街道金城路358号")
        assert "duplicate.other_town" in ids(
            replace(a, phone="19900000001"), replace(b, phone="19900000001")
        )
        assert score(a, b) == 0

    def test_two_flats_are_two_even_for_one_caller(self) -> None:
        a = fire("金城路358号12幢3单元401室", phone="19900000001")
        b = fire("金城路358号12幢3单元402室", phone="19900000001")
        assert "duplicate.other_flat" in ids(a, b)
        assert verdict(score(a, b), shipped()) == "none"

    def test_one_flat_named_and_one_not_may_be_the_same(self) -> None:
        a = fire("金城路358号12幢3单元401室")
        assert verdict(score(a, fire("金城路358号")), shipped()) == "attach"

    def test_a_village_counts_as_much_as_a_road(self) -> None:
        a = fire("新塘街道霞江村")
        assert "duplicate.same_village" in ids(a, a)
        assert "duplicate.same_village" not in ids(a, fire("新塘街道涝湖村"))


class TestPhones:
    """A phone is one when it can be: seven digits at least, the last eleven count."""

    def test_a_phone_alone_is_a_reason_to_ask_about(self) -> None:
        a, b = fire(phone="19900000001"), fire(phone="+86 199 0000 0001")
        assert "duplicate.same_phone" in ids(a, b)
        assert score(a, b) > 0

    @pytest.mark.parametrize(("phone", "counts"), [("826543", False), ("8265432", True)])
    def test_short_numbers_are_none(self, phone: str, counts: bool) -> None:
        assert (score(fire(phone=phone), fire(phone=phone)) > 0) is counts

    def test_only_where_it_happens_to_one_person_two_phones_are_two(self) -> None:
        a, b = fire("金城路358号", phone="19900000001"), fire("金城路358号", phone="19900000002")
        assert verdict(score(a, b), shipped()) == "attach"
        fraud = replace(a, category="fraud.warning", field="fraud")
        assert score(fraud, replace(b, category="fraud.warning", field="fraud")) == 0
        assert score(fraud, replace(fraud, phone="")) > 0


class TestScore:
    """What agrees adds up; the thresholds themselves belong to what they begin."""

    @pytest.mark.parametrize(
        ("points", "said"),
        [(0.7, "attach"), (0.6999, "suggest"), (0.45, "suggest"), (0.4499, "none")],
    )
    def test_a_threshold_is_reached_at_it(self, points: float, said: str) -> None:
        assert verdict(points, shipped()) == said

    def test_the_weights(self) -> None:
        rule = shipped().fields["fire"]
        a = fire("金城路", "厨房着火冒黑烟")
        b = replace(a, category="fire.vehicle")
        assert score(a, a) == round(rule.road + rule.kind + rule.words, 4)
        assert score(a, b) == round(rule.road + rule.family + rule.words, 4)
        assert score(a, replace(a, text="")) == round(rule.road + rule.kind, 4)

    def test_it_is_never_more_than_one(self) -> None:
        a = fire("金城路358号", phone="19900000001")
        assert score(a, a) == 1

    def test_words_that_say_nothing_alike_are_never_attached_unasked(self) -> None:
        a = fire("金城路358号", "烟感报警", phone="19900000001")
        b = replace(a, text="楼上阳台有明火")
        assert verdict(score(a, b), shipped()) == "suggest"


class TestFile:
    """The thresholds of the center's file have an order."""

    TABLE = "\n".join(
        f'[{name}]\nwindow = "60min"\nnear_m = 150\naddress = 0.5\nclose = 0.4\nroad = 0.2\n'
        "phone = 0.2\nkind = 0.1\nfamily = 0.1\nwords = 0.3\nleast_words = 0.1\n"
        for name in ("fire", "traffic", "fraud", "other")
    )

    @pytest.mark.parametrize(
        ("attach", "suggest", "faults"),
        [(0.7, 0.4, 0), (0.5, 0.5, 0), (1.0, 0.5, 0), (0.4, 0.5, 1), (1.1, 0.5, 1), (0.5, 0.0, 1)],
    )
    def test_asking_begins_above_nothing_and_attaching_not_below_it(
        self, attach: float, suggest: float, faults: int
    ) -> None:
        text = f"attach = {attach}\nsuggest = {suggest}\n{self.TABLE}"
        found, said = parse_duplicates(text, "duplicates.toml")
        assert len(said) == faults
        assert found.fields["fire"].near == 0.15
        assert found.fields["fire"].window == 60 * MINUTE

    def test_every_field_is_needed(self) -> None:
        text = "attach = 0.7\nsuggest = 0.4\n" + self.TABLE.replace("[traffic]", "[train]")
        _, said = parse_duplicates(text, "duplicates.toml")
        assert any(fault.reason.args.get("key") == "traffic" for fault in said)
