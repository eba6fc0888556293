"""The score of the five-colour map: what it is made of, and what it can be relied on for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.panels import FIELDS
from console.domain.risk_map import (
    COMBINED,
    SCORED,
    Counts,
    MapRules,
    Score,
    Seen,
    drawn,
    level_of,
    passed,
    scores,
)
from tests.domain.shipped import rules

MAP: MapRules = rules().risk_map
TOWNS = [place.town for place in MAP.places]
XINTANG, BEIGAN, LOUTA = "330109004", "330109002", "330109100"

COUNTS = st.builds(
    Counts,
    st.integers(0, 400),
    st.integers(0, 9),
    st.integers(0, 60),
    st.integers(0, 9_000_000),
    st.integers(0, 40),
)
BY_TOWN = st.dictionaries(
    st.tuples(st.sampled_from(SCORED), st.sampled_from(TOWNS)), COUNTS, max_size=40
)
SEEN = st.builds(
    Seen,
    BY_TOWN,
    st.floats(0, 366),
    BY_TOWN,
    st.integers(0, 364),
)


def week(counts: dict[tuple[str, str], Counts], **more: object) -> Seen:
    """Seven days of which nothing is known before."""
    return replace(Seen(counts, 7.0, {}, 0), **more)  # type: ignore[arg-type]


class TestExamples:
    def test_a_score_by_hand(self) -> None:
        counts = {
            ("traffic", XINTANG): Counts(10, deaths=1, injured=3),
            ("traffic", BEIGAN): Counts(18),
        }
        usual = {("traffic", XINTANG): Counts(80, injured=10)}
        made = scores(MAP, "traffic", Seen(counts, 7.0, usual, 28))[XINTANG]
        points = 10 + 3 * 2 + 10
        mean = (points + 18) / 22
        reference = 0.5 * (80 + 20) / 28 * 7 + 0.5 * mean + 4
        assert made.points == pytest.approx(points)
        assert made.usual == pytest.approx(25)
        assert made.mean == pytest.approx(mean)
        assert made.reference == pytest.approx(reference)
        assert made.score == pytest.approx(100 * points / reference)
        assert {share.part: share.contribution for share in made.shares} == pytest.approx(
            {
                "incidents": 1_000 / reference,
                "injured": 600 / reference,
                "deaths": 1_000 / reference,
            }
        )
        assert made.score == pytest.approx(2_600 / 17.5)
        assert MAP.colours[made.level].id == "yellow"

    def test_without_enough_known_days_the_mean_alone_is_the_reference(self) -> None:
        counts = {("fire", LOUTA): Counts(6)}
        usual = {("fire", LOUTA): Counts(600)}
        few = scores(MAP, "fire", Seen(counts, 7.0, usual, MAP.least_days - 1))[LOUTA]
        enough = scores(MAP, "fire", Seen(counts, 7.0, usual, MAP.least_days))[LOUTA]
        assert few.usual is None
        assert few.reference == pytest.approx(6 / 22 + 3)
        assert enough.usual == pytest.approx(600 / MAP.least_days * 7)
        assert enough.score < few.score

    @pytest.mark.parametrize("field", FIELDS)
    def test_no_data_is_green(self, field: str) -> None:
        made = scores(MAP, field, week({}))
        assert set(made) == set(TOWNS)
        assert {(one.score, one.level) for one in made.values()} == {(0.0, 0)}

    @pytest.mark.parametrize("field", ["traffic", "fraud", "fire"])
    def test_one_record_in_a_quiet_district_is_green(self, field: str) -> None:
        made = scores(MAP, field, week({(field, LOUTA): Counts(1)}))
        assert 0 < made[LOUTA].score < MAP.thresholds_of(field)[0]
        combined = scores(MAP, COMBINED, week({(field, LOUTA): Counts(1)}))
        assert combined[LOUTA].level == 0

    def test_as_many_as_usual_everywhere_is_about_a_hundred(self) -> None:
        counts = {("traffic", town): Counts(700) for town in TOWNS}
        usual = {("traffic", town): Counts(2_800) for town in TOWNS}
        for one in scores(MAP, "traffic", Seen(counts, 7.0, usual, 28)).values():
            assert one.score == pytest.approx(100, abs=1)

    def test_combined_is_the_weighted_sum_of_the_fields(self) -> None:
        counts = {
            ("traffic", XINTANG): Counts(30),
            ("fraud", XINTANG): Counts(9, lost=400_000),
            ("other", XINTANG): Counts(80),
        }
        seen = week(counts)
        made = scores(MAP, COMBINED, seen)[XINTANG]
        each = {field: scores(MAP, field, seen)[XINTANG].score for field in SCORED}
        assert made.score == pytest.approx(
            0.3 * each["traffic"] + 0.3 * each["fraud"] + 0.1 * each["other"]
        )
        assert {share.part: share.value for share in made.shares} == each

    def test_levels_begin_with_their_threshold(self) -> None:
        assert [level_of(score, (60, 110, 160, 230)) for score in (0, 59.9, 60, 160, 230, 1e9)] == [
            0,
            0,
            1,
            3,
            4,
            4,
        ]


class TestProperties:
    @given(SEEN, st.sampled_from(FIELDS))
    def test_contributions_add_up_to_the_score_and_the_level_is_its(
        self, seen: Seen, field: str
    ) -> None:
        for one in scores(MAP, field, seen).values():
            assert sum(share.contribution for share in one.shares) == pytest.approx(one.score)
            assert all(share.contribution >= 0 for share in one.shares)
            assert one.score == pytest.approx(100 * one.points / one.reference)
            assert one.level == level_of(one.score, MAP.thresholds_of(field))

    @given(SEEN, st.sampled_from(SCORED), st.sampled_from(TOWNS), COUNTS)
    def test_more_of_anything_never_calms_a_town_nor_alarms_another(
        self, seen: Seen, field: str, town: str, more: Counts
    ) -> None:
        had = seen.counts.get((field, town), Counts())
        worse = replace(seen, counts={**seen.counts, (field, town): had.plus(more)})
        for shown in (field, COMBINED):
            before, after = scores(MAP, shown, seen), scores(MAP, shown, worse)
            for name in TOWNS:
                if name == town:
                    assert after[name].score >= before[name].score - 1e-9
                else:
                    assert after[name].score <= before[name].score + 1e-9

    @given(SEEN, st.sampled_from(FIELDS), st.permutations(TOWNS))
    def test_the_order_and_the_names_of_towns_play_no_part(
        self, seen: Seen, field: str, others: list[str]
    ) -> None:
        called = dict(zip(TOWNS, others, strict=True))
        moved = replace(
            seen,
            counts={(f, called[town]): n for (f, town), n in seen.counts.items()},
            usual={(f, called[town]): n for (f, town), n in seen.usual.items()},
        )
        before, after = scores(MAP, field, seen), scores(MAP, field, moved)
        for town in TOWNS:
            assert after[called[town]].score == pytest.approx(before[town].score)
            assert after[called[town]].mean == pytest.approx(before[town].mean)

    @given(SEEN, st.sampled_from(FIELDS), COUNTS)
    def test_what_is_off_the_map_changes_no_score(
        self, seen: Seen, field: str, more: Counts
    ) -> None:
        also = {**seen.counts, ("fire", ""): more, ("traffic", "330109401"): more}
        assert scores(MAP, field, replace(seen, counts=also)) == scores(MAP, field, seen)

    @given(SEEN, st.sampled_from(("traffic", "fraud", "fire")), st.integers(2, 9))
    def test_a_town_that_was_always_so_is_less_of_an_alarm(
        self, seen: Seen, field: str, times: int
    ) -> None:
        known = replace(seen, usual_days=28, days=7.0)
        used_to_it = replace(
            known, usual={key: Counts(*(times * n for n in one)) for key, one in seen.usual.items()}
        )
        before, after = scores(MAP, field, known), scores(MAP, field, used_to_it)
        assert all(after[town].score <= before[town].score + 1e-9 for town in TOWNS)


class TestMap:
    def test_every_incident_is_on_a_tile_or_outside(self) -> None:
        counts = {
            ("fire", XINTANG): Counts(4),
            ("fire", ""): Counts(3),
            ("fire", "330109503"): Counts(2),
            ("fire", "999"): Counts(1),
        }
        zones = ("330109401", "330109503")
        made = drawn(MAP, "fire", week(counts), week({}), {}, {}, zones)
        assert dict(made.outside) == {"330109401": 0, "330109503": 2, "999": 1, "": 3}
        assert made.total == 10

    def test_change_since_last_week(self) -> None:
        now, before = week({("fire", XINTANG): Counts(40)}), week({("fire", XINTANG): Counts(2)})
        made = drawn(MAP, "fire", now, before, {("fire", XINTANG): (5, 2)}, {}, ())
        tile = next(one for one in made.tiles if one.place.town == XINTANG)
        assert (tile.count, tile.count_before) == (40, 2)
        assert tile.change == round(tile.now.shown - tile.before.shown, 1)
        assert tile.steps == tile.now.level - tile.before.level > 0
        assert (tile.open, tile.overdue) == (5, 2)

    def test_alarm_levels_of_the_town_and_of_the_district(self) -> None:
        alarms = {XINTANG: {1: 3, 3: 1}, "": {5: 1}, LOUTA: {1: 1}}
        made = drawn(MAP, "fire", week({}), week({}), {}, alarms, ())
        by_town = {tile.place.town: tile.alarms for tile in made.tiles}
        assert by_town[XINTANG] == (3, 0, 1, 0, 0)
        assert by_town[BEIGAN] == (0, 0, 0, 0, 0)
        assert made.alarms == (4, 0, 1, 0, 1)

    def test_a_score_is_a_value(self) -> None:
        one = scores(MAP, "fire", week({}))[XINTANG]
        assert isinstance(one, Score)
        assert hash(one.shares) == hash(scores(MAP, "fire", week({}))[XINTANG].shares)


class TestPassed:
    AT = datetime(2024, 2, 29, 18, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("first", "last", "days"),
        [
            (date(2024, 2, 29), date(2024, 2, 29), 0.75),
            (date(2024, 2, 23), date(2024, 2, 29), 6.75),
            (date(2024, 2, 23), date(2024, 12, 31), 6.75),
            (date(2023, 12, 30), date(2024, 1, 2), 4.0),
            (date(2024, 2, 28), date(2024, 2, 28), 1.0),
            (date(2024, 3, 1), date(2024, 3, 31), 0.0),
            (date(2030, 1, 1), date(2030, 1, 1), 0.0),
        ],
    )
    def test_days(self, first: date, last: date, days: float) -> None:
        assert passed(first, last, self.AT) == pytest.approx(days)


@given(SEEN, st.sampled_from(FIELDS))
def test_what_is_shown_adds_up_and_keeps_to_its_colour(seen: Seen, field: str) -> None:
    for score in scores(MAP, field, seen).values():
        assert sum(round(10 * one) for one in score.added) == round(10 * score.shown)
        for share, added in zip(score.shares, score.added, strict=True):
            assert abs(share.contribution - added) < 0.11
        assert level_of(score.shown, MAP.thresholds_of(field)) == score.level
        assert 0 <= score.score - score.shown < 0.1 + 1e-6


def test_a_score_just_below_a_threshold_is_not_shown_as_if_it_had_reached_it() -> None:
    score = Score(159.96, 2, (), 0.0, 1.0, 0.0, None)
    assert score.shown == 159.9
