"""Figures from the store: windows in the center's zone, merged incidents, year on year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.domain.clock import from_datetime
from console.domain.figures import INTERVALS, By, as_json
from console.domain.rows import PastAssignment, PastIncident
from console.store import history, tables
from console.store.engine import Store, Tx, open_store
from console.store.history import Origin, PastCase
from console.store.statistics import figures
from tests.scale import examples

ZONE = ZoneInfo("Asia/Shanghai")
ORIGIN = Origin("test", "test.csv", "一席", 0)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


def at(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def past(**values: str | int) -> PastIncident:
    nothing = PastIncident("", "other", None, "", "", None, None, "", "", "", "", "", 0, 0, 0, 0, 0)
    return nothing._replace(**values)  # type: ignore[arg-type]


def case(
    source_id: str,
    received: int,
    *assignments: PastAssignment,
    field: str = "other",
    **values: str | int,
) -> PastCase:
    one = past(**values)
    return PastCase(
        source_id, received, one, one.digest(), field, one.town, 3, (), tuple(assignments)
    )


def unit(received: int, sent: int | None = None, there: int | None = None) -> PastAssignment:
    """A unit with its times in seconds after `received`."""

    def moment(seconds: int | None) -> int | None:
        return None if seconds is None else received + 1000 * seconds

    return PastAssignment("E1", received, moment(sent), None, moment(there), None, None)


def add(store: Store, *cases: PastCase) -> list[int]:
    with store.write() as tx:
        return history.add(tx, ORIGIN, cases)


def test_nothing_there(store: Store) -> None:
    with store.read() as tx:
        found = figures(tx, date(2020, 1, 1), date(2020, 12, 31), "town")
    assert (found.count, found.yoy, found.by) == (0, None, {})
    assert all(one.n == 0 for one in found.intervals.values())
    assert as_json(found)["from"] == "2020-01-01"


class TestWindow:
    """Days begin at midnight in Shanghai, eight hours before they do in London."""

    @pytest.fixture(autouse=True)
    def _cases(self, store: Store) -> None:
        add(
            store,
            case("a", at("2019-12-31T23:59:59")),
            case("b", at("2020-01-01T00:00:00")),
            case("c", at("2020-01-31T23:59:59"), field="fire"),
            case("d", at("2020-02-01T00:00:00")),
        )

    @pytest.mark.parametrize(
        ("first", "last", "field", "count"),
        [
            (None, None, "all", 4),
            (date(2020, 1, 1), date(2020, 1, 31), "all", 2),
            (date(2020, 1, 1), None, "all", 3),
            (None, date(2019, 12, 31), "all", 1),
            (date(2020, 1, 31), date(2020, 1, 31), "all", 1),
            (None, None, "fire", 1),
            (date(2020, 2, 1), None, "fire", 0),
        ],
    )
    def test_both_ends_are_included(
        self, store: Store, first: date | None, last: date | None, field: str, count: int
    ) -> None:
        with store.read() as tx:
            assert figures(tx, first, last, field=field).count == count

    @pytest.mark.parametrize(
        ("by", "expected"),
        [
            ("year", {"2019": 1, "2020": 3}),
            ("month", {"2019-12": 1, "2020-01": 2, "2020-02": 1}),
            ("hour", {"0": 2, "23": 2}),
            ("weekday", {"2": 1, "3": 1, "5": 1, "6": 1}),
            ("category", {"other": 4}),
            ("town", {"": 4}),
        ],
    )
    def test_by(self, store: Store, by: By, expected: dict[str, int]) -> None:
        with store.read() as tx:
            assert figures(tx, by=by).by == expected


def test_by_words(store: Store) -> None:
    now = at("2020-05-05T05:05:05")
    add(
        store,
        case("a", now, town="瓜沥", severity="fatal", fraud_class="刷单返利", deaths=1),
        case("b", now, town="瓜沥", severity="slight", casualties=2, amount_lost=100),
        case("c", now, town="临浦", severity="slight", injured=3, amount_saved=400_000),
    )
    with store.read() as tx:
        assert figures(tx, by="town").by == {"瓜沥": 2, "临浦": 1}
        assert figures(tx, by="severity").by == {"slight": 2, "fatal": 1}
        found = figures(tx, by="class")
    assert found.by == {"": 2, "刷单返利": 1}
    sums = found.sums
    assert (sums.deaths, sums.casualties, sums.injured) == (1, 2, 3)
    assert (sums.amount_lost, sums.amount_saved) == (100, 400_000)


def test_year_on_year(store: Store) -> None:
    add(
        store,
        *(case(f"old{n}", at(f"2019-03-{n + 1:02d}T12:00:00")) for n in range(9)),
        *(case(f"new{n}", at(f"2020-03-{n + 1:02d}T12:00:00")) for n in range(8)),
        case("leap", at("2020-02-29T12:00:00")),
    )
    with store.read() as tx:
        assert figures(tx, date(2020, 3, 1), date(2020, 3, 31)).yoy == -11.11
        assert figures(tx, date(2019, 3, 1), date(2019, 3, 31)).yoy is None
        assert figures(tx, date(2020, 3, 1), None).yoy is None
        assert figures(tx, date(2020, 2, 29), date(2020, 3, 1)).yoy == 100.0
        # The records begin on 1 March 2019.
        assert figures(tx, date(2020, 3, 1), date(2020, 3, 31)).yoy_whole
        part = figures(tx, date(2020, 2, 29), date(2020, 3, 1))
        assert not part.yoy_whole
        assert as_json(part)["yoy_base_whole"] is False


def test_merged_incidents_count_once_and_their_units_all(store: Store) -> None:
    now = at("2020-05-05T05:05:05")
    _, second = add(
        store,
        case("a", now, unit(now, 10), deaths=1),
        case("b", now, unit(now, 20), deaths=1),
    )
    with store.write() as tx:
        tx.conn.execute(
            sa.update(tables.incident).where(tables.incident.c.id == second).values(state="merged")
        )
    with store.read() as tx:
        found = figures(tx, by="hour")
    assert (found.count, found.by, found.sums.deaths) == (1, {"5": 1}, 1)
    assert found.intervals["received_to_dispatch"].n == 2


def test_negative_intervals_do_not_count(store: Store) -> None:
    now = at("2020-05-05T05:05:05")
    add(store, case("a", now, unit(now, 30, 20), unit(now, 30, 90), unit(now, -1)))
    with store.read() as tx:
        found = figures(tx).intervals
    assert found["dispatch_to_on_scene"].n == 1
    assert found["received_to_dispatch"].n == 2
    assert found["received_to_on_scene"].p99_s == 90


def test_other_districts_do_not_count(store: Store) -> None:
    add(store, case("a", at("2020-05-05T05:05:05")))
    with store.read() as tx:
        assert figures(Tx(tx.conn, "YH", tx.zone)).count == 0


SECONDS = st.none() | st.integers(0, 5_000)


@settings(
    max_examples=examples(10),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(SECONDS, SECONDS), max_size=40))
def test_percentiles_are_those_of_the_sorted_list(
    store: Store, units: list[tuple[int | None, int | None]]
) -> None:
    now = at("2020-05-05T05:05:05")
    with store.write() as tx:
        for table in (tables.incident, tables.assignment, tables.source_ref, tables.report):
            tx.conn.execute(sa.delete(table))
        if tx.sqlite:
            tx.conn.exec_driver_sql("DELETE FROM counter")
            tx.conn.exec_driver_sql(
                "INSERT INTO incident_words (incident_words) VALUES ('delete-all')"
            )
        else:
            tx.conn.exec_driver_sql("DELETE FROM incident_words")
            tx.conn.exec_driver_sql("DELETE FROM counter")
        history.add(tx, ORIGIN, [case("a", now, *(unit(now, *one) for one in units))])
    with store.read() as tx:
        found = figures(tx).intervals
    values = {
        "received_to_dispatch": [sent for sent, _ in units if sent is not None],
        "received_to_on_scene": [there for _, there in units if there is not None],
        "dispatch_to_on_scene": [
            there - sent for sent, there in units if sent is not None and there is not None
        ],
    }
    for interval in INTERVALS:
        seconds = sorted(s for s in values.get(interval.name, []) if s >= 0)
        one = found[interval.name]
        assert one.n == len(seconds)
        if seconds:
            expected = tuple(seconds[int(len(seconds) * q)] for q in (0.5, 0.9, 0.99))
            assert (one.p50_s, one.p90_s, one.p99_s) == expected
