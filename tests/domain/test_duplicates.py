"""Duplicates: what is attached, what is asked, what is another incident."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.addresses import distance_km, parse
from console.domain.clock import DAY, HOUR, MINUTE
from console.domain.duplicates import Trace, compare, dice, keys, verdict
from tests.domain.shipped import rules
from tests.scale import examples

T0 = 1_795_000_000_000


def trace(
    text: str,
    place: str,
    category: str = "fire.structure",
    at: int = T0,
    phone: str = "",
    lat: float | None = None,
    lon: float | None = None,
) -> Trace:
    given_rules = rules()
    field = given_rules.categories.field(category)
    return Trace(category, field, parse(place, given_rules.gazetteer), phone, at, text, lat, lon)


def decided(a: Trace, b: Trace) -> str:
    given_rules = rules().duplicates
    there, back = compare(a, b, given_rules), compare(b, a, given_rules)
    assert there.score == back.score, "it does not matter who called first"
    return verdict(there.score, given_rules)


FIRE = trace("金城路358号厨房着火,冒黑烟", "金城路358号")


class TestSame:
    def test_same_house_other_words(self) -> None:
        again = trace(
            "金城路358号有房子冒黑烟,好像着火了", "北干街道金城路358号", at=T0 + 3 * MINUTE
        )
        assert decided(FIRE, again) == "attach"

    def test_same_phone_and_house(self) -> None:
        a = replace(FIRE, phone="199 0000 0001")
        b = trace(
            "我刚才报过警,厨房火更大了,着火的", "金城路358号", phone="19900000001", at=T0 + MINUTE
        )
        assert decided(a, b) == "attach"

    def test_a_hundred_metres_away_by_position(self) -> None:
        a = replace(trace("十字路口两车追尾,堵住了", "", "traffic.property"), lat=30.2, lon=120.2)
        b = replace(
            trace("路口追尾,两车堵住路了", "", "traffic.property", T0 + MINUTE),
            lat=30.2008,
            lon=120.2,
        )
        assert decided(a, b) == "attach"

    def test_same_crossing(self) -> None:
        a = trace("两车相撞", "建设一路与市心北路口", "traffic.property")
        b = trace("车祸,两车相撞", "市心北路和建设一路交叉口", "traffic.property", T0 + MINUTE)
        assert decided(a, b) == "attach"

    def test_a_fraud_is_one_persons(self) -> None:
        a = trace("预警", "育才东路88号", "fraud.warning.shopping", phone="19900000001")
        same = replace(a, at=T0 + 5 * HOUR, text="预警 二次")
        neighbour = replace(a, phone="19900000002", at=T0 + MINUTE)
        assert decided(a, same) == "attach"
        assert decided(a, neighbour) == "none"


class TestNotSame:
    def test_two_flats(self) -> None:
        a = trace("厨房着火", "金城路358号12幢3单元401室")
        b = trace("厨房着火", "金城路358号12幢3单元1502室", at=T0 + MINUTE)
        assert decided(a, b) == "none"

    def test_another_kind(self) -> None:
        accident = trace("金城路358号两车追尾", "金城路358号", "traffic.property", T0 + MINUTE)
        assert decided(FIRE, accident) == "none"
        lift = trace("电梯困人", "金城路358号", "rescue.lift")
        noise = trace("电梯噪音", "金城路358号", "order.noise")
        assert decided(lift, noise) == "none"

    def test_too_late(self) -> None:
        assert decided(FIRE, replace(FIRE, at=T0 + DAY)) == "none"

    def test_same_road_only_is_at_most_asked(self) -> None:
        a = trace("厨房着火冒黑烟", "金城路358号")
        b = trace("厨房着火冒黑烟", "金城路12号", at=T0 + MINUTE)
        assert decided(a, b) != "attach"

    def test_same_house_but_nothing_alike_in_the_words(self) -> None:
        b = trace("楼上阳台有明火", "金城路358号", "fire.structure", T0 + MINUTE)
        assert decided(replace(FIRE, text="烟感报警"), b) != "attach"

    def test_nowhere_in_particular(self) -> None:
        a, b = trace("着火了", "", at=T0), trace("着火了", "", at=T0 + MINUTE)
        assert decided(a, b) == "none"

    def test_reasons(self) -> None:
        again = trace("厨房着火,黑烟", "金城路358号", at=T0 + 3 * MINUTE)
        ids = [r.id for r in compare(FIRE, again, rules().duplicates).reasons]
        assert "duplicate.same_address" in ids
        assert "duplicate.apart" in ids


class TestKeys:
    def test_what_they_name(self) -> None:
        place = parse("新塘街道霞江村育才东路88号", rules().gazetteer)
        found = keys(place, "+86 199-0000-0001")
        assert "a:育才东路|88" in found
        assert "r:育才东路" in found
        assert "p:19900000001" in found
        assert f"v:{place.town}|霞江村" in found
        assert keys(parse("", rules().gazetteer), "110") == ()

    def test_crossing_meets_both_roads(self) -> None:
        gazetteer = rules().gazetteer
        crossing = set(keys(parse("建设一路与市心北路口", gazetteer)))
        assert crossing & set(keys(parse("建设一路12号", gazetteer)))
        assert crossing & set(keys(parse("市心北路", gazetteer)))

    @settings(max_examples=examples(75))
    @given(
        st.floats(29.85, 30.4),
        st.floats(120.05, 120.65),
        st.floats(-0.0013, 0.0013),
        st.floats(-0.0015, 0.0015),
    )
    def test_neighbours_within_150_m_share_a_cell(
        self, lat: float, lon: float, north: float, east: float
    ) -> None:
        nowhere = parse("", rules().gazetteer)
        a, b = (lat, lon), (lat + north, lon + east)
        # The one line on which the scale of the cells changes lies at half degrees.
        if distance_km(a, b) < 0.13 and round(a[0]) == round(b[0]):
            assert set(keys(nowhere, "", *a)) & set(keys(nowhere, "", *b))

    @given(st.floats(), st.floats())
    def test_any_position(self, lat: float, lon: float) -> None:
        assert isinstance(keys(parse("", rules().gazetteer), "", lat, lon), tuple)


@given(st.text(max_size=40), st.text(max_size=40))
def test_dice(a: str, b: str) -> None:
    assert 0 <= dice(a, b) <= 1
    assert dice(a, b) == pytest.approx(dice(b, a))


def test_dice_of_the_same() -> None:
    assert dice("厨房着火", "厨房,着火!") == 1
    assert dice("厨房着火", "两车追尾") == 0
