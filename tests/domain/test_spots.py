"""Hot spots: what stands before the number, and as many as a filter by it shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.domain.spots import LEAST, hot_spots, spot_of

PLACES = st.dictionaries(
    st.text("市心路建设一与口号号1２3 ", max_size=8), st.integers(1, 9), max_size=30
)


def test_a_spot_is_a_road_or_a_junction() -> None:
    assert spot_of("宁围街道建设一路12号") == "宁围街道建设一路"
    assert spot_of("建设一路与市心北路路口") == "建设一路与市心北路路口"
    assert spot_of("88号") == "88号"
    found = hot_spots({"市心路1号": 2, "市心路9号3幢": 1, "市心路与建设一路": 1, "金城路5号": 1})
    assert found == (("市心路", 4),)
    assert hot_spots({"新塘街道1号": 3, "新塘街道育才路2号": 2}, {"新塘街道"}) == (
        ("新塘街道育才路", 2),
    )


@given(PLACES, st.integers(1, 40))
def test_a_count_is_that_of_all_places_that_begin_so(places: dict[str, int], most: int) -> None:
    found = hot_spots(places, most=most)
    assert len(found) <= most
    counts = [n for _spot, n in found]
    assert counts == sorted(counts, reverse=True)
    for spot, n in found:
        assert n >= LEAST
        assert n == sum(k for place, k in places.items() if place.startswith(spot))
    hottest = max(
        (
            sum(k for place, k in places.items() if place.startswith(spot_of(one)))
            for one in places
            if one
        ),
        default=0,
    )
    assert (counts[0] if counts else 0) == (hottest if hottest >= LEAST else 0)
