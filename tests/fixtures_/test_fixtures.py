"""The district as data: the same for a seed, real names, shares, and words that are understood."""

from __future__ import annotations

import random
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import date
from importlib.resources import files
from itertools import islice, pairwise

import pytest

from adapters.systems import ORDER
from console.desk.ruleset import load as load_rules
from console.desk.scenarios import load
from console.domain.addresses import parse
from console.domain.clock import DAY, HOUR, MINUTE, SECOND
from console.domain.scenario import Send, Stream
from console.domain.triage import triage
from fixtures.district import build
from fixtures.history import PastIncident, days_back, past
from fixtures.library import names, path
from fixtures.places import Spot, spot, towns
from fixtures.stream import Arrival, arrivals
from fixtures.wording import MACHINES, WRITERS, Group, Person, fill, kinds, slots, wording

START = 1_647_862_800_000
"""2022-03-21, 19:40 in Shanghai."""
OFFSET = 8 * HOUR

KNOWN_SLOTS = {
    "place", "near", "town", "road", "floor", "n", "m", "age", "sum", "wan", "name", "phone",
    "plate", "code",
}  # fmt: skip


def some(count: int, seed: int = 1, **shape: object) -> list[Arrival]:
    """The first arrivals of a stream."""
    stream = Stream("s", **{"rate": 180.0, **shape})  # type: ignore[arg-type]
    return list(islice(arrivals(stream, seed, START, OFFSET), count))


class TestDistrict:
    def test_twenty_two_towns_and_some_ninety_units(self) -> None:
        district = build(1)
        assert len(district.towns) == 22
        assert 85 <= len(district.units) <= 95
        assert len({unit.call_sign for unit in district.units}) == len(district.units)
        assert len(district.officers) == 60
        assert [seat.name for seat in district.seats][:2] == ["一席", "二席"]
        assert {seat.role for seat in district.seats} == {"officer", "supervisor"}
        p31 = next(unit for unit in district.units if unit.call_sign == "P31")
        assert (p31.kind, p31.name) == ("community_officer", "新塘所")

    def test_every_kind_that_a_run_card_wants_is_there(self) -> None:
        cards = load_rules().run_cards
        have = Counter(unit.kind for unit in build(1).units)
        assert set(have) <= set(cards.kinds)
        for kind in kinds():
            for need in cards.needs(kind, 1):
                assert have[need.kind] >= need.count, kind

    def test_units_stand_in_their_town(self) -> None:
        centres = {town.code: town for town in towns()}
        for unit in build(3).units:
            town = centres[unit.town]
            assert abs(unit.lat - town.lat) < 0.06
            assert abs(unit.lon - town.lon) < 0.06

    def test_the_seed_decides(self) -> None:
        assert build(5) == build(5)
        assert build(5) != build(6)


class TestPlaces:
    def test_the_gazetteer_reads_every_place_back(self) -> None:
        gazetteer = load_rules().gazetteer
        rng = random.Random(2)
        wheres = sorted({group.where for group in wording().groups} - {"town"})
        for _ in range(1_500):
            found = spot(rng.choice(wheres), rng)
            place = parse(found.full, gazetteer)
            assert place.town == found.town.code, found
            assert place.road or place.village, found

    def test_a_house_is_always_in_the_same_spot(self) -> None:
        seen: dict[str, tuple[float, float]] = {}
        rng = random.Random(4)
        for _ in range(3_000):
            found = spot("shop", rng)
            where = (found.lat, found.lon)
            assert seen.setdefault(found.full, where) == where


class TestWording:
    def test_there_are_enough_of_them(self) -> None:
        groups = wording().groups
        texts = [text for group in groups for text in (*group.texts, *group.device)]
        assert len(texts) == len(set(texts)) >= 150
        assert len(kinds()) >= 25

    @pytest.mark.parametrize("group", wording().groups, ids=lambda group: str(group.kind))
    def test_every_template_renders_and_is_triaged_as_meant(self, group: Group) -> None:
        rules = load_rules()
        rng = random.Random(1)
        # A place whose name says nothing by itself: names with 楼 and 山 are triage's own tests.
        town = next(town for town in towns() if town.name == "北干街道")
        where = Spot(town, "北干街道金城路88号", "金城路88号", town.lat, town.lon)
        for template in (*group.texts, *group.device, *group.again):
            assert slots(template) <= KNOWN_SLOTS
            text = fill(template, where, rng, Person(rng), group.amounts).text
            assert "{" not in text
            for category in ("", group.kind):
                verdict = triage(
                    rules.triage,
                    rules.categories,
                    text,
                    category=category,
                    fraud_class=group.fraud_class,
                )
                assert verdict.category == group.kind, (text, verdict)

    def test_what_only_the_past_has_is_triaged_as_meant(self) -> None:
        rules = load_rules()
        rng = random.Random(1)
        town = next(town for town in towns() if town.name == "北干街道")
        where = Spot(town, "北干街道金城路88号", "金城路88号", town.lat, town.lon)
        told = [(group, text) for group in wording().past for text in group.texts]
        assert len({text for _, text in told}) == len(told) >= 30
        for group, template in told:
            assert slots(template) <= KNOWN_SLOTS
            text = fill(template, where, rng, Person(rng), group.amounts).text
            assert triage(rules.triage, rules.categories, text).category == group.kind, text

    def test_kinds_and_profiles_exist(self) -> None:
        categories = load_rules().categories
        words = wording()
        for group in (*words.groups, *words.past):
            assert group.kind in categories
            assert group.hours in words.hours
            assert set(group.sources) <= set(ORDER)
            assert not group.device or set(group.sources) & WRITERS
        assert all(len(hours) == 24 for hours in words.hours.values())
        assert len(words.weekdays) == 7

    def test_phone_numbers_are_invented(self) -> None:
        rng = random.Random(1)
        assert all(Person(rng).phone.startswith("1990000") for _ in range(50))
        for arrival in some(300):
            assert arrival.report.phone == "" or arrival.report.phone.startswith("1990000")


class TestStream:
    def test_the_same_seed_gives_the_same_stream(self) -> None:
        assert some(400, opening=20) == some(400, opening=20)
        assert some(50) != some(50, seed=2)

    def test_in_order_with_unique_ids(self) -> None:
        found = some(2_000, opening=30, again=0.5)
        assert all(a.at <= b.at for a, b in pairwise(found))
        assert len({a.report.source_id for a in found}) == len(found)

    def test_the_opening_and_the_rate(self) -> None:
        found = some(2_000, opening=20, opening_within=50 * SECOND, again=0.0)
        first = [a for a in found if a.at < START + 50 * SECOND]
        assert 20 <= len(first) <= 27
        hours = (found[-1].at - START) / HOUR
        assert (len(found) - 20) / hours == pytest.approx(180, rel=0.08)

    def test_it_ends_where_it_should(self) -> None:
        found = some(10_000, rate=600.0, start=MINUTE, end=31 * MINUTE, again=0.0)
        assert found[0].at >= START + MINUTE
        assert found[-1].at < START + 31 * MINUTE
        assert 240 < len(found) < 360

    def test_further_callers_name_the_same_place_in_other_words(self) -> None:
        found = some(3_000, again=1.0, noise=0.0)
        first = {a.report.source_id: a for a in found if a.report.source_id.count("-") == 1}
        more = [a for a in found if a.report.source_id.count("-") == 2]
        assert len(more) > 300
        for one in more:
            origin = first[one.report.source_id.rpartition("-")[0]]
            assert one.at > origin.at
            assert one.kind == origin.kind
            assert one.report.text != origin.report.text
            assert origin.report.place.replace("附近", "").find(one.report.place[:3]) >= 0

    def test_noise_is_there_and_hostile(self) -> None:
        found = some(1_000, noise=0.5, again=0.0)
        noise = [a.report.text for a in found if a.kind == ""]
        assert len(noise) / len(found) == pytest.approx(0.5, abs=0.06)
        assert any("\x1b" in text for text in noise)
        assert any("[@click=" in text for text in noise)

    def test_a_mix_is_kept_at_any_hour(self) -> None:
        found = some(
            3_000, mix={"fire": 3.0, "traffic": 1.0, "fire.outdoor": 4.0}, noise=0.0, again=0
        )
        count = Counter(
            "outdoor" if a.kind == "fire.outdoor" else a.kind.partition(".")[0] for a in found
        )
        assert set(count) == {"fire", "traffic", "outdoor"}
        assert count["fire"] / len(found) == pytest.approx(3 / 8, abs=0.03)
        assert count["outdoor"] / len(found) == pytest.approx(4 / 8, abs=0.03)

    def test_the_hour_changes_what_comes(self) -> None:
        words = wording()
        noise = next(n for n, g in enumerate(words.groups) if g.kind == "order.noise")
        asks = next(n for n, g in enumerate(words.groups) if g.kind == "request.consult")
        night, noon = words.chances(23, {}), words.chances(10, {})
        assert night[noise] > noon[noise]
        assert night[asks] < noon[asks]

    def test_the_twelve_classes_of_fraud_by_their_shares(self) -> None:
        table = tomllib.loads(
            files("fixtures").joinpath("templates", "fraud.toml").read_text("utf-8")
        )
        shares = {entry["name"]: entry["share"] for entry in table["class"]}
        total = sum(shares.values())
        assert len(shares) == 12
        found = some(10_000, mix={"fraud.warning": 1.0}, noise=0.0, again=0.0)
        count = Counter(a.report.fraud_class for a in found)
        for name, share in shares.items():
            assert count[name] / len(found) == pytest.approx(share / total, abs=0.012), name

    def test_machines_name_their_category_and_have_no_caller(self) -> None:
        for one in some(2_000, noise=0.0):
            if one.report.source in MACHINES:
                assert one.report.category == one.kind
            if one.report.source == "fraudguard":
                assert one.report.amount_at_risk
                assert one.report.priority in (1, 2, 3)
                assert one.report.facts["level"] in ("高", "中", "低")


class TestHistory:
    def test_the_same_and_in_order(self) -> None:
        two = list(past(1, 5, START, OFFSET))
        assert two == list(past(1, 5, START, OFFSET))
        assert all(a.received <= b.received for a, b in pairwise(two))
        assert len({one.source_id for one in two}) == len(two)
        assert all(START - 5 * DAY <= one.received < one.closed < START for one in two)

    def test_a_day_is_the_same_whatever_the_span(self) -> None:
        long = {one.source_id: one for one in past(1, 9, START, OFFSET)}
        assert all(long[one.source_id] == one for one in past(1, 3, START, OFFSET))

    def test_times_of_units_follow_each_other(self) -> None:
        for one in past(2, 4, START, OFFSET):
            for unit in one.assignments:
                times = (
                    one.received, unit.dispatched, unit.enroute, unit.on_scene, unit.clearing,
                    unit.available, one.closed,
                )  # fmt: skip
                assert all(a < b for a, b in pairwise(times))

    def test_the_evening_is_busier_than_the_small_hours(self) -> None:
        hours = Counter((one.received + OFFSET) % DAY // HOUR for one in past(1, 60, START, OFFSET))
        assert sum(hours[h] for h in (17, 18, 19)) > 3 * sum(hours[h] for h in (2, 3, 4))

    def test_fields_have_a_usual(self) -> None:
        fields = Counter(one.category.partition(".")[0] for one in past(1, 28, START, OFFSET))
        for field in ("fire", "traffic", "fraud"):
            assert fields[field] / 28 > 1.5

    def test_back_from_today_day_by_day(self) -> None:
        back = days_back(1, START, OFFSET)
        days = list(islice(back, 60))
        assert [day for day, _ in days[:2]] == [date(2022, 3, 21), date(2022, 3, 20)]
        newest = [one for _, incidents in reversed(days) for one in incidents]
        assert newest[-200:] == list(past(1, 60, START, OFFSET))[-200:]
        first = date(2022, 1, 21)
        assert days[-1][0] == first

    def test_a_fuller_past_has_the_same_changes_from_year_to_year(self) -> None:
        found = Counter[tuple[int, str]]()
        for day, incidents in days_back(5, START, OFFSET, 2):
            found.update((day.year, one.category) for one in incidents)
        assert (found[2020, "fraud.case"], found[2021, "fraud.case"]) == (2 * 1180, 2 * 930)
        warnings = sum(n for (year, kind), n in found.items() if year == 2021 and "warning" in kind)
        assert warnings == pytest.approx(2 * 3.2 * 365, rel=0.1)

    def test_none_at_all_is_none(self) -> None:
        assert not any(incidents for _, incidents in days_back(5, START, OFFSET, 0))


KINDS_OF_FIRE = ("fire.structure", "fire.highrise", "fire.factory", "fire.vehicle", "fire.outdoor")


@pytest.fixture(scope="module", params=[pytest.param(1, marks=pytest.mark.slow), 20220321])
def whole(request: pytest.FixtureRequest) -> list[tuple[date, PastIncident]]:
    """All the past of a seed."""
    back = days_back(request.param, START, OFFSET)
    return [(day, one) for day, incidents in back for one in incidents]


class TestYears:
    def test_two_whole_years_and_the_running_one(
        self, whole: list[tuple[date, PastIncident]]
    ) -> None:
        assert whole[0][0] == date(2022, 3, 21)
        assert whole[-1][0] == date(2020, 1, 1)
        assert len(whole) <= 15_500
        assert len({one.source_id for _, one in whole}) == len(whole)

    def test_whole_counts_whatever_the_seed(self, whole: list[tuple[date, PastIncident]]) -> None:
        def count(*kinds: str) -> tuple[int, int]:
            found = Counter(day.year for day, one in whole if one.category.startswith(kinds))
            return found[2020], found[2021]

        assert count("work") == (100, 79)
        assert count("crime.") == (750, 690)
        assert count(*KINDS_OF_FIRE) == (565, 506)
        assert count("fraud.case") == (1_180, 930)
        deaths = Counter[int]()
        for day, one in whole:
            if one.category.startswith("traffic."):
                deaths[day.year] += one.deaths
        assert (deaths[2020], deaths[2021]) == (115, 93)
        assert max(one.deaths for _, one in whole) == 2

    def test_no_month_stands_out(self, whole: list[tuple[date, PastIncident]]) -> None:
        months = Counter((day.year, day.month) for day, _ in whole)
        for (year, month), n in months.items():
            if (year, month) != (2022, 3):  # it has 21 days
                assert 380 < n < 720, (year, month, n)
        early = Counter(day.year for day, _ in whole if (day.month, day.day) <= (3, 20))
        assert early[2022] / early[2021] == pytest.approx(0.95, abs=0.12)

    def test_how_they_ended(self, whole: list[tuple[date, PastIncident]]) -> None:
        rules = load_rules()
        for _, one in whole:
            if one.result:
                playbook = rules.playbook_for(one.category)
                assert playbook is not None
                known = {o.id for s in playbook.steps if s.verb == "resolve" for o in s.outcomes}
                assert one.result in known, one
            fire = one.category in KINDS_OF_FIRE
            assert bool(one.cause) == fire == (one.alarm_level > 0)
            assert one.alarm_level <= 3
            assert not (fire and one.injured) or one.alarm_level >= 2
            warning = one.category.startswith("fraud.warning")
            assert (one.contacted is not None) == warning
            if one.contacted is not None:
                assert one.received < one.contacted < one.closed
            if one.category.startswith("fraud."):
                assert one.fraud_class
                assert one.amount_lost + one.amount_saved <= one.amount_at_risk
            assert (one.severity == "fatal") == (
                one.deaths > 0 and one.category.startswith(("traffic", "work"))
            )

    def test_shares(self, whole: list[tuple[date, PastIncident]]) -> None:
        causes = Counter(one.cause for _, one in whole if one.cause)
        assert causes["电气故障"] / causes.total() == pytest.approx(0.311, abs=0.05)
        assert causes["用火不慎"] / causes.total() == pytest.approx(0.235, abs=0.05)
        ends = Counter(o.result for _, o in whole if o.category.startswith("fraud.warning"))
        assert ends["saved"] / (ends["saved"] + ends["lost"]) == pytest.approx(0.935, abs=0.02)
        classes = Counter(one.fraud_class for _, one in whole if one.fraud_class)
        assert len(classes) == 12
        assert classes["刷单返利"] / classes.total() == pytest.approx(35_459 / 102_762, abs=0.03)
        levels = Counter(one.alarm_level for _, one in whole if one.alarm_level)
        assert levels[1] > levels[2] > levels[3] > 0


class TestSystems:
    def test_every_system_that_a_playbook_or_department_names(self) -> None:
        rules = load_rules()
        asked = {s.order[0] for b in rules.playbooks for s in b.steps if s.order}
        asked |= {d.system for d in rules.triage.departments.values() if d.system}
        assert asked <= set(ORDER)


class TestScenarios:
    @pytest.mark.parametrize("name", names())
    def test_reads_and_is_understood(self, name: str) -> None:
        scenario = load(path(name), kinds())
        rules = load_rules()
        assert scenario.name == name
        calls = {unit.call_sign for unit in build(scenario.seed).units}
        assert set(scenario.actors.units) <= calls
        assert set(scenario.actors.seats) <= {seat.name for seat in build(1).seats}
        assert set(scenario.actors.delays) <= set(ORDER)
        for inject in scenario.injects:
            if isinstance(inject.action, Send):
                report = inject.action.report
                assert report.source in ORDER
                assert not report.category or report.category in rules.categories
                if report.source == "cap" or (report.source == "dingtalk" and not report.place):
                    continue  # a warning is for a district; somebody asks in the group
                place = parse(report.place, rules.gazetteer)
                assert place.town or report.town
                assert place.road

    def test_the_night_is_a_nights_work(self) -> None:
        scenario = load(path("night"), kinds())
        first = [
            one
            for stream in scenario.streams
            for one in arrivals(stream, scenario.seed, scenario.start, scenario.offset)
            if one.report.source_id.count("-") == stream.name.count("-") + 1
        ]
        told = [
            one
            for one in scenario.injects
            if isinstance(one.action, Send) and one.action.report.category
        ]
        assert 25 <= len(first) + len(told) <= 35
        assert all(0 <= one.at - scenario.start < 12 * HOUR for one in first)

    def test_the_storm_is_fifty_a_minute(self) -> None:
        scenario = load(path("storm"), kinds())
        found = list(islice(arrivals(scenario.streams[0], 1, START, OFFSET), 6_000))
        first = [a for a in found if a.report.source_id.count("-") == 1]
        minutes = (first[-1].at - START) / MINUTE
        assert len(first) / minutes == pytest.approx(50, rel=0.08)


def test_importing_the_fixtures_is_light() -> None:
    code = (
        "import sys, fixtures.stream, fixtures.history, fixtures.library\n"
        "heavy = {'yaml', 'sqlmodel', 'sqlalchemy', 'httpx', 'pydantic', 'textual', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
