"""Places: what is read out of an address, and how far it is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.addresses import Place, distance_between, distance_km, parse
from tests.domain.shipped import rules
from tests.scale import examples

XINTANG, BEIGAN, NINGWEI, GUALI = "330109004", "330109002", "330109013", "330109113"


def read(text: str) -> Place:
    return parse(text, rules().gazetteer)


@pytest.mark.parametrize(
    ("text", "town", "road", "number", "flat"),
    [
        ("新塘街道 育才东路88号 12-3-401", XINTANG, "育才东路", "88", "12-3-401"),
        ("杭州市萧山区北干街道金城路358号12幢3单元401室", BEIGAN, "金城路", "358", "12-3-401"),
        ("育才东路８８号", XINTANG, "育才东路", "88", ""),
        ("育才东路88之2号", XINTANG, "育才东路", "88-2", ""),
        ("育才东路88-2号", XINTANG, "育才东路", "88-2", ""),
        ("建设二路12弄5号", NINGWEI, "建设二路", "12弄5", ""),
        ("博奥路112号", "", "博奥路", "112", ""),
        ("市心北路", "", "市心北路", "", ""),
        ("我在宁围建设一路这里,车撞了", NINGWEI, "建设一路", "", ""),
        ("100 Block of MASONIC AVE", "", "MASONIC AVE", "100 BLOCK", ""),
        ("2100 Block of GROVE ST", "", "GROVE ST", "2100 BLOCK", ""),
        ("12 Grove St", "", "GROVE ST", "12", ""),
        ("FULTON ST/BAKER ST", "", "BAKER ST/FULTON ST", "", ""),
        ("BAKER ST & FULTON ST", "", "BAKER ST/FULTON ST", "", ""),
        ("建设一路与市心北路口", "", "市心北路/建设一路", "", ""),
        ("市心北路和建设一路交叉口", "", "市心北路/建设一路", "", ""),
        ("Main entrance", "", "", "", ""),
        ("", "", "", "", ""),
    ],
)
def test_address(text: str, town: str, road: str, number: str, flat: str) -> None:
    place = read(text)
    assert (place.town, place.road, place.number, place.flat) == (town, road, number, flat)


def test_villages() -> None:
    assert read("新塘街道霞江村3组").village == "霞江村"
    # The village 进化村 lies in 瓜沥, not in the town 进化.
    assert read("进化村").town == GUALI
    # Two towns have a 凤凰... of that name: nobody is guessed.
    assert read("江南村").town == ""


def test_confidence_grows_with_what_is_known() -> None:
    full, road, town, nothing = (
        read(t).confidence for t in ("新塘街道育才东路88号", "育才东路", "新塘街道", "不知道在哪里")
    )
    assert full > road > town > nothing == 0


def test_towns_by_any_name() -> None:
    gazetteer = rules().gazetteer
    for word in ("北干", "北干街道", "beigan", "bg", BEIGAN):
        town = gazetteer.town_called(word)
        assert town is not None
        assert town.code == BEIGAN
    assert gazetteer.town_called("") is None


def test_twenty_two_towns_with_a_middle() -> None:
    towns = rules().gazetteer.towns.values()
    assert sum(t.kind != "special" for t in towns) == 22
    assert all(t.lat is not None and 29.8 < t.lat < 30.4 for t in towns)
    assert all(t.lon is not None and 120.0 < t.lon < 120.7 for t in towns)


@settings(max_examples=examples(50))
@given(st.text(st.characters(codec="utf-8"), max_size=50))
def test_any_text(text: str) -> None:
    place = read(text)
    assert 0 <= place.confidence <= 1
    assert place.town == "" or place.town in rules().gazetteer.towns


@settings(deadline=None)
@given(
    st.sampled_from(sorted(rules().gazetteer.roads)),
    st.integers(1, 9999),
    st.sampled_from(["{}{}号", "{} {} 号", "萧山区{}{}号旁边", "{}{}"]),
)
def test_every_road_with_any_number(road: str, number: int, form: str) -> None:
    place = read(form.format(road, number))
    assert (place.road, place.number) == (road, str(number))


class TestDistance:
    def test_known(self) -> None:
        # One degree of a meridian is 111.2 km on a sphere of the mean radius.
        assert distance_km((30, 120), (31, 120)) == pytest.approx(111.195, abs=0.01)
        assert distance_km((0, 0), (0, 180)) == pytest.approx(math.pi * 6371.0088)

    def test_unknown(self) -> None:
        assert distance_between((30.0, None), (30.0, 120.0)) is None

    @given(*[st.floats(-90, 90), st.floats(-180, 180)] * 2)
    def test_symmetric(self, a: float, b: float, c: float, d: float) -> None:
        there, back = distance_km((a, b), (c, d)), distance_km((c, d), (a, b))
        assert there == pytest.approx(back, abs=1e-6)
        assert 0 <= there <= 20_016
