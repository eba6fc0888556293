"""A report read from a store: it agrees with the figures, at every edge of time, and masks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.port import Report
from console.desk.asking import Asked, read_asked
from console.desk.desk import Desk
from console.desk.reporting import period_asked, read, report
from console.domain.clock import HOUR, MINUTE, FixedClock, from_datetime
from console.domain.document import Case, Table
from console.domain.message import Problem
from console.domain.periods import Kind
from console.domain.reported import Outlook, Reported
from console.i18n import Translator
from console.reports import rendered
from console.store import history
from console.store.engine import Store, open_store
from console.store.history import Origin, PastCase
from console.store.statistics import figures
from tests.store.floor import START, crew, ok, rules
from tests.store.test_rollups import watched
from tests.store.test_statistics import case, unit

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
ORIGIN = Origin("past", "past.csv", "一席", 0)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=zone))


def desk_on(store: Store, now: int) -> Desk:
    return Desk(store, FixedClock(now), rules(), "一席", "李某")


def read_at(desk: Desk, kind: Kind, day: date | None = None, shift: str | None = None) -> Reported:
    return read(desk, period_asked(desk, kind, day, shift), "萧山", Outlook())


def agree(desk: Desk, kind: Kind, day: date) -> Reported:
    """A report of whole days, which says what the figures say of the same days."""
    found = read_at(desk, kind, day)
    first, last = found.whole.begin.day, found.whole.last
    for field in ("all", "traffic", "fraud", "fire", "other"):
        with desk.store.read() as tx:
            told = figures(tx, first, last, "hour", field)
        assert found.counted.count(field, "all") == told.count
        assert found.counted.sums(field) == told.sums
        assert {
            name: sum(found.counted.histograms.get((field, name), {}).values())
            for name in told.intervals
        } == {name: one.n for name, one in told.intervals.items()}
        base = found.last_year.count(field, "all")
        assert (told.yoy is None) == (base == 0)
        if told.yoy is not None:
            assert told.yoy == round((told.count - base) / base * 100, 2)
    return found


@pytest.fixture
def london(store_url: str) -> Iterator[Store]:
    """A center in London with incidents every half an hour around two changes of the clocks."""
    store = open_store(store_url, zone="Europe/London")
    cases: list[PastCase] = []
    for day in ("2020-03-29", "2021-03-28", "2021-10-31", "2020-10-31"):
        begin = at(f"{day} 00:00", LONDON)
        cases += [
            case(
                f"{day}-{n}",
                begin + n * 30 * MINUTE - 6 * HOUR,
                unit(begin + n * 30 * MINUTE - 6 * HOUR, 60, 300 + n),
                field="traffic",
                category="traffic.injury",
                injured=1,
            )
            for n in range(80)
        ]
    with store.write() as tx:
        history.add(tx, ORIGIN, cases)
    yield store
    store.close()


class TestFigures:
    @pytest.mark.parametrize("kind", ["day", "week", "month"])
    @pytest.mark.parametrize("day", ["2021-03-28", "2021-10-31", "2021-10-30", "2021-11-01"])
    def test_they_agree_where_the_clocks_change(self, london: Store, kind: Kind, day: str) -> None:
        agree(desk_on(london, at("2022-01-01 00:00", LONDON)), kind, date.fromisoformat(day))

    def test_a_day_of_23_and_of_25_hours_has_all_of_its_half_hours(self, london: Store) -> None:
        desk = desk_on(london, at("2022-01-01 00:00", LONDON))
        assert read_at(desk, "day", date(2021, 3, 28)).counted.count("all", "all") == 46
        assert read_at(desk, "day", date(2021, 10, 31)).counted.count("all", "all") == 50

    def test_the_shifts_of_a_day_have_what_lies_between_their_hours(self, london: Store) -> None:
        desk = desk_on(london, at("2022-01-01 00:00", LONDON))
        night = read_at(desk, "shift", date(2021, 10, 30), "night")
        assert night.counted.count("all", "all") == 2 * 12 + 2, "20 to 8, and an hour twice"
        assert read_at(desk, "shift", date(2021, 3, 27), "night").counted.count("all", "all") == 22
        assert night.counted.sums("traffic").injured == 26

    def test_they_agree_on_a_leap_day(self, store_url: str) -> None:
        store = open_store(store_url)
        with store.write() as tx:
            history.add(
                tx,
                ORIGIN,
                [
                    case(str(n), at(f"{day} 12:00"), field="fire")
                    for n, day in enumerate(
                        ["2024-02-29", "2024-02-29", "2023-02-28", "2023-03-01", "2024-02-28"]
                    )
                ],
            )
        desk = desk_on(store, at("2025-01-01 00:00"))
        found = agree(desk, "day", date(2024, 2, 29))
        assert (found.last_year.count("fire", "all"), found.before.count("fire", "all")) == (1, 1)
        agree(desk, "month", date(2024, 2, 1))
        store.close()

    def test_an_empty_store_and_one_incident(self, store_url: str) -> None:
        store = open_store(store_url)
        desk = desk_on(store, START)
        for kind in ("shift", "day", "week", "month"):
            found = read_at(desk, kind)
            assert (found.counted.cells, found.usual, found.duty) == ({}, (), ())
            report(desk, period_asked(desk, kind), "萧山")
        with store.write() as tx:
            history.add(tx, ORIGIN, [case("1", START - HOUR, field="fraud", amount_lost=7)])
        found = agree(desk, "day", date(2026, 11, 24))
        assert found.counted.sums("fraud").amount_lost == 7
        assert found.trend.now[-1] == 1
        store.close()

    def test_they_agree_after_any_watch(self, store_url: str, tmp_path: Path) -> None:
        watched(store_url, tmp_path, 7, 80)
        store = open_store(store_url)
        desk = desk_on(store, START + 30 * 24 * HOUR)
        for days in range(12):
            agree(desk, "day", date(2026, 11, 20) + timedelta(days=days))
        agree(desk, "month", date(2026, 11, 24))
        shifts = [
            read_at(desk, "shift", date(2026, 11, 1) + timedelta(days=day), name)
            for day in range(30)
            for name in ("day", "night")
        ]
        with store.read() as tx:
            november = figures(tx, date(2026, 11, 1), date(2026, 11, 30))
            mornings = [
                figures(tx, day, day, "hour").by for day in (date(2026, 11, 1), date(2026, 12, 1))
            ]
        early = [sum(n for hour, n in by.items() if int(hour) < 8) for by in mornings]
        whole = sum(one.counted.count("all", "all") for one in shifts)
        assert whole == november.count - early[0] + early[1]
        store.close()


def test_urgent_calls_are_held_apart_in_town_and_country(store_url: str) -> None:
    store = open_store(store_url)
    begin = at("2022-03-21 10:00")
    towns = (("330109002", 1, 240), ("330109002", 3, 900), ("330109105", 2, 700), ("", 2, 60))
    with store.write() as tx:
        history.add(
            tx,
            ORIGIN,
            [
                replace(
                    case(
                        str(n),
                        begin + n * MINUTE,
                        unit(begin + n * MINUTE, 30, 30 + seconds),
                        town=town,
                    ),
                    priority=priority,
                )
                for n, (town, priority, seconds) in enumerate(towns)
            ],
        )
    found = read_at(desk_on(store, at("2022-03-22 00:10")), "day", date(2022, 3, 21))
    arrival = "dispatch_to_on_scene"
    whole = found.counted.histograms["all", arrival]
    areas = [found.apart.get(("all", arrival, area, False), {}) for area in ("urban", "rural", "")]
    assert sum((Counter(one) for one in areas), Counter()) == whole
    held = {one.id: found.held(one) for one in found.standards if one.area and one.field == "all"}
    assert {name: (one.within, one.n) for name, one in held.items()} == {
        "police-urban": (1, 1),
        "police-rural": (0, 1),
    }
    store.close()


class TestRunning:
    def test_a_day_that_runs_is_held_against_the_same_hours(self, store_url: str) -> None:
        store = open_store(store_url)
        with store.write() as tx:
            history.add(
                tx,
                ORIGIN,
                [
                    case(f"{day}-{hour}", at(f"2022-03-{day:02d} {hour:02d}:30"))
                    for day in (7, 14, 20, 21)
                    for hour in range(0, 24 if day != 21 else 10)
                ],
            )
        found = read_at(desk_on(store, at("2022-03-21 10:00")), "day")
        assert found.counted.count("all", "all") == 10
        assert found.before.count("all", "all") == 10
        assert [one.count("all", "all") for one in found.usual] == [10, 10], "two Mondays"
        store.close()


@pytest.fixture
def night(store_url: str) -> Iterator[Desk]:
    """A small watch with somebody in trouble."""
    store = open_store(store_url)
    crew(store)
    desk = desk_on(store, START)
    desk.receive(
        [
            Report(
                "fraudguard",
                "w1",
                "陈建国（19900001234）正在转账, 身份证330109199001011234, 座机0571-8288",
                START - MINUTE,
                category="fraud.warning",
                place="新塘街道育才东路88号 19900001234",
                caller="陈建国",
                phone="0571-8288",
                amount_at_risk=400_000,
            ),
            Report("alarm110", "n1", "楼上太吵", START - 2 * MINUTE, place="北干街道金城路1号"),
        ]
    )
    ok(desk, "接 1")
    ok(desk, "电 1 占线 陈建国不接 19900001234")
    yield desk
    store.close()


class TestMasking:
    @pytest.mark.parametrize("form", ["md", "html"])
    def test_persons_are_not_in_it(self, night: Desk, form: str) -> None:
        document = report(night, period_asked(night, "shift"), "萧山")
        text = rendered(document, form, Translator("zh")).decode()
        for secret in ("陈建国", "19900001234", "330109199001011234", "0571-8288"):
            assert secret not in text
            assert secret not in text.replace("\\", "")
        plain = text.replace("\\", "")
        assert "陈某" in plain
        assert "199******34" in plain or "199*****234" in plain
        assert "育才东路88号" in plain

    def test_who_called_about_a_merged_one_is_in_no_part(self, night: Desk) -> None:
        place = "北干街道金城路88号李四光家 82881234"
        night.receive(
            [
                Report(
                    "alarm110",
                    "m1",
                    "三楼着火",
                    START - MINUTE,
                    place=place,
                    caller="王小明",
                    phone="13800000000",
                    priority=1,
                ),
                Report(
                    "alarm110",
                    "m2",
                    "着火了",
                    START - MINUTE,
                    place="北干街道金城路89号",
                    caller="李四光",
                    phone="82881234",
                    priority=1,
                ),
            ]
        )
        ok(night, "并 3 4")
        found = read_at(night, "day")
        places = [one.place for one in found.important] + [one.place for one in found.pending]
        assert {place for place in places if "金城路88" in place} == {
            "北干街道金城路88号李某家 828***34"
        }


class TestCases:
    def test_what_was_done_is_told_and_what_was_taken_back_is_not(self, night: Desk) -> None:
        ok(night, "接 2")
        ok(night, "级 2 1")
        before = read_at(night, "shift").important
        assert [deed.told.id for one in before for deed in one.deeds if "0002" in one.number] == [
            "timeline.accept",
            "timeline.level",
        ]
        found = next(one for one in before if "0001" in one.number)
        assert [deed.told.id for deed in found.deeds] == ["timeline.accept", "timeline.call"]
        ok(night, "撤")
        after = read_at(night, "shift").important
        assert not [one for one in after if "0002" in one.number], "no longer of priority I"

    def test_duty_is_the_journals_and_crews_are_nobodys(self, night: Desk) -> None:
        ok(night, "派 1 P31")
        ok(night, "P31 出动", seat="P31")
        ok(night, "记 #1 线路占线", seat="反诈中心")
        [one] = read_at(night, "shift").duty
        assert (one.seat, one.officers, one.deeds) == ("一席", ("李某",), 3)

    def test_open_ones_are_listed_late_ones_first_with_their_step(self, night: Desk) -> None:
        clock = night.clock
        assert isinstance(clock, FixedClock)
        clock.advance(3 * HOUR)
        document = report(night, period_asked(night, "day"), "萧山")
        [table] = [b for b in document.sections[0].every() if isinstance(b, Table)]
        found = read_at(night, "day")
        assert found.overdue == found.pending_all == len(table.rows) == 2
        dues = [one.due for one in found.pending]
        assert dues == sorted(dues, key=lambda due: due or 0)
        assert all(one.step is not None for one in found.pending)
        assert len([b for b in document.sections[2].every() if isinstance(b, Case)]) == 1

    def test_supervised_work_stands_out_whatever_it_is(self, night: Desk) -> None:
        night.receive(
            [Report("hotline12345", "12345-1", "井盖缺失", START, category="request.complaint")]
        )
        ok(night, "接 3")
        ok(night, "办 3 派单")
        ok(night, "办 3 开始办理")
        assert len(read_at(night, "day").important) == 1
        clock = night.clock
        assert isinstance(clock, FixedClock)
        clock.advance(60 * 24 * HOUR)
        ok(night, "督办 3")
        found = read_at(night, "day")
        assert [one.number for one in found.important] == ["XS-20261124-0003"]
        assert [why.id for why in found.important[0].why] == ["report.why_supervised"]
        assert found.counted.count("all", "all") == 0
        ok(night, "撤")
        assert read_at(night, "day").important == (), "taken back is not supervised"
        clock.advance(MINUTE)
        ok(night, "督办 3")
        assert len(read_at(night, "day").important) == 1, "supervised once more"


class TestAsking:
    @pytest.mark.parametrize(
        ("line", "asked"),
        [
            ("", Asked()),
            ("日报", Asked("day")),
            ("ribao docx", Asked("day", "docx")),
            ("week 2022-03-21 网页", Asked("week", "html", date(2022, 3, 21))),
            ("夜班 2022-03-21", Asked("shift", "md", date(2022, 3, 21), "night")),
            ("shift day", Asked("day")),
        ],
    )
    def test_words(self, line: str, asked: Asked) -> None:
        assert read_asked(line.split(), rules().shifts) == asked

    def test_a_word_that_means_nothing_is_refused(self) -> None:
        with pytest.raises(Problem) as caught:
            read_asked(["daily", "pdf"], rules().shifts)
        assert caught.value.message.args["word"] == "pdf"

    @pytest.mark.parametrize(
        ("kind", "day", "shift", "wrong"),
        [
            ("day", date(2026, 11, 25), None, "report.future"),
            ("month", date(2, 5, 1), None, "report.too_early"),
            ("shift", None, "noon", "report.no_shift"),
            ("day", None, "night", "report.only_shift"),
            ("shift", date(2026, 11, 24), "night", "report.future"),
        ],
    )
    def test_what_is_not_possible_is_said(
        self, store_url: str, kind: Kind, day: date | None, shift: str | None, wrong: str
    ) -> None:
        store = open_store(store_url)
        with pytest.raises(Problem) as caught:
            period_asked(desk_on(store, START), kind, day, shift)
        assert caught.value.message.id == wrong
        store.close()

    def test_which_shift(self, store_url: str) -> None:
        store = open_store(store_url)
        desk = desk_on(store, START)  # 11:20
        asked = [
            period_asked(desk, "shift", day, shift)
            for day, shift in (
                (None, None),
                (None, "夜班"),
                (None, "day"),
                (date(2026, 11, 23), None),
                (date(2026, 11, 23), "day"),
                (date(2026, 11, 24), None),
            )
        ]
        assert [(one.begin.day.day, one.shift.id if one.shift else "") for one in asked] == [
            (24, "day"),
            (23, "night"),
            (24, "day"),
            (23, "night"),
            (23, "day"),
            (24, "day"),
        ]
        store.close()
