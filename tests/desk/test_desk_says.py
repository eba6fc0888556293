"""What the desk says to the officer: before Enter, in the pane, in the timeline."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.port import Report
from console.desk.context import StoreContext
from console.desk.desk import Desk
from console.desk.dossier import Dossier, dossier
from console.desk.filtering import read_filter
from console.desk.ruleset import load
from console.domain.clock import DAY, SECOND
from console.domain.filters import FILTER_WORDS, QueueFilter, Span
from console.domain.message import Arg, Label, Problem
from console.domain.telling import SOURCES, system_name
from console.i18n import Translator
from console.store import history, incidents
from console.store.incidents import local_day
from tests.store.floor import START, a_fire, desk_at, ok, refused
from tests.store.test_statistics import case

LANGUAGES = ("zh", "en")


def a_warning() -> Report:
    """A warning of fraud: its playbook ends with a named result."""
    return Report(
        "fraudguard",
        "w1",
        "疑似冒充电商物流客服",
        START - SECOND,
        category="fraud.warning",
        place="新塘街道育才东路88号",
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with two fires, P12 on its way to the first."""
    desk = desk_at(str(tmp_path / "store.sqlite"))
    desk.receive([a_fire(88), a_fire(12), a_warning()])
    ok(desk, "派 1 P12")
    return desk


def said(desk: Desk, line: str, lang: str) -> str:
    """What the line under the command line says before Enter."""
    return Translator(lang).t(desk.preview(line, None, lang).message)


def known(desk: Desk, serial: int) -> Dossier:
    """Everything about an incident of today."""
    with desk.reading() as work:
        id_ = incidents.find_number(work.tx, None, serial)
        assert id_ is not None
        found = dossier(work, id_)
    assert found is not None
    return found


def timeline(desk: Desk, serial: int, lang: str) -> list[str]:
    """The sentences of an incident's timeline."""
    return [Translator(lang).t(told.message) for told in known(desk, serial).timeline]


class TestBeforeEnter:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_a_unit_that_is_out_is_refused_before_enter_as_after_it(
        self, desk: Desk, lang: str
    ) -> None:
        before = desk.preview("派 2 P12", None, lang)
        assert not before.ok
        assert "P12" in said(desk, "派 2 P12", lang)
        after = desk.run("派 2 P12")[-1]
        assert not after.ok
        assert Translator(lang).t(after.message) in Translator(lang).t(before.message)
        assert refused(desk, "派 2 P12") == "dispatch.busy"

    def test_how_it_ended_and_the_amount(self, desk: Desk) -> None:
        ok(desk, "接 3")
        assert said(desk, "毕 3 saved 400000", "zh").endswith(
            "处置完毕: 成功劝阻; 400,000 元; 随即通知: 金钟罩"
        )
        assert said(desk, "resolve 3 lost 400000", "en").endswith(
            ": Lost; 400,000 yuan; told at once: fraud guard"
        )
        # Without a word for it nothing is meant: no result is the usual one.
        for line in ("毕 3", "毕 3 400000"):
            assert not desk.preview(line, None, "zh").ok
            assert "怎样结束的? 成功劝阻、" in said(desk, line, "zh")
        assert "挽回金额" in said(desk, "毕 3 saved", "zh")
        ok(desk, "毕 3 saved 400000")
        assert known(desk, 3).incident.amount_saved == 400_000
        assert timeline(desk, 3, "zh")[-1] == "处置完毕: 成功劝阻, 400,000 元"


class TestAfterwards:
    def test_a_crew_that_reports_itself_is_named_once(self, desk: Desk) -> None:
        ok(desk, "P12 出动", seat="P12")
        ok(desk, "P12 到场")
        ok(desk, "查岗 P12", seat="P12")
        assert timeline(desk, 1, "zh")[-3:] == ["出动", "P12 到场", "报平安"]
        assert timeline(desk, 1, "en")[-3] == "en route"

    @pytest.mark.parametrize(
        ("line", "lang", "result"),
        [
            ("结 3", "zh", "成功劝阻"),
            ("结 3", "en", "Saved"),
            ("结 #3 家属已到", "zh", "成功劝阻、家属已到"),
        ],
    )
    def test_a_closed_case_has_its_named_result(
        self, desk: Desk, line: str, lang: str, result: str
    ) -> None:
        ok(desk, "接 3")
        ok(desk, "毕 3 saved 400000")
        ok(desk, line)
        shown = known(desk, 3).result
        assert Translator(lang).t("pane.over", outcome=shown).endswith(f": {result}")

    def test_a_case_without_a_named_result_has_its_words(self, desk: Desk) -> None:
        ok(desk, "取消 #2 误报")
        assert known(desk, 2).result == "误报"


def test_systems_have_names() -> None:
    zh = Translator("zh")
    labels: dict[str, Arg] = {"investigation": Label("侦防平台", "Investigation")}
    assert zh.t("pane.order", system=system_name("investigation", labels), state="", ref="") == (
        "侦防平台  "
    )
    # A system of which nobody has heard keeps its id.
    assert system_name("xyz", labels) == "xyz"
    books = load().playbooks
    told = {step.order[0] for book in books for step in book.steps if step.order is not None}
    departments = load().triage.departments.values()
    assert told <= SOURCES | {one.system for one in departments}


def test_a_town_has_one_spelling(desk: Desk) -> None:
    with desk.reading() as work:
        named = {one.id: one.label.en for one in StoreContext(work, None, "en").towns()}
    towns = load().gazetteer.towns
    assert named == {code: towns[code].latin for code in named}
    assert named["330109004"] == "Xintang"
    assert all(load().gazetteer.town_called(name) == towns[code] for code, name in named.items())
    assert " Xintang" in said(desk, "accept 3", "en")


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("新 火警 金城路88号 三楼冒烟", "金城路88号", "金城路88号 三楼冒烟"),
        ("新 三楼冒烟，北干街道 金城路88号 12幢 有人", "北干街道 金城路88号 12幢", ""),
        ("新 火警 金城路88号三楼冒烟", "金城路88号", "金城路88号三楼冒烟"),
        ("new fire smoke at 88 Jincheng Road", "88 Jincheng Road", "smoke at 88 Jincheng Road"),
        ("new fire smoke at 88 Jincheng Road, two people", "88 Jincheng Road", ""),
        ("new fire smoke on the roof at 88 Jincheng Road", "88 Jincheng Road", ""),
        ("新 三楼冒烟", "", "三楼冒烟"),
        ("new fire smoke everywhere", "", "smoke everywhere"),
    ],
)
def test_a_call_typed_in_one_line_has_its_place_and_all_its_words(
    desk: Desk, line: str, place: str, words: str
) -> None:
    done = ok(desk, line)
    assert done.incident is not None
    with desk.reading() as work:
        taken = work.incident(done.incident)
    assert taken.text == words or (not words and place in taken.text)
    assert taken.place.startswith(place)
    assert bool(taken.place) == bool(place)


@pytest.mark.parametrize("names", FILTER_WORDS, ids=lambda names: names[1])
def test_what_a_filter_offers_it_understands(desk: Desk, names: tuple[str, ...]) -> None:
    meant = read_filter(names[:1], desk)
    assert meant != QueueFilter()
    assert not meant.words
    for word in names:
        assert read_filter((word,), desk) == meant
    for lang, name in zip(LANGUAGES, names, strict=False):
        line = f"筛 {name}"
        offers = desk.complete(line, len(line), None, lang).candidates
        assert name in [one.text for one in offers]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (
            ("2022-03-01..2022-03-28", "town=", "field=fraud"),
            Span(20220301, 20220328, (("field", "fraud"), ("town", ""))),
        ),
        (("2024-02-29",), Span(20240229, 20240229)),
        (("hour=3", "2021-12-31..2022-01-01"), Span(20211231, 20220101, (("hour", "3"),))),
        # As a bar has them, or the title would not know what they are called.
        (("2024-02-29", "hour=00"), Span(20240229, 20240229, (("hour", "0"),))),
        (("2024-02-29", "weekday=07"), Span(20240229, 20240229, (("weekday", "7"),))),
        (
            ("2024-02-29", "cause=b", "cause=a", "cause=b"),
            Span(20240229, 20240229, (("cause", "a"), ("cause", "b"))),
        ),
    ],
)
def test_days_and_what_is_counted_by_are_a_span(
    desk: Desk, line: tuple[str, ...], meant: Span
) -> None:
    assert read_filter(line, desk).span == meant


@pytest.mark.parametrize(
    "line",
    [
        ("2022-02-30",),
        ("2022-03-02..2022-03-01",),
        ("2022-03-02", "2022-03-01"),
        ("hour=x",),
        ("hour=",),
        ("alarm=-1",),
    ],
)
def test_days_that_are_none_leave_the_filter_alone(desk: Desk, line: tuple[str, ...]) -> None:
    with pytest.raises(Problem):
        read_filter(line, desk)


@pytest.mark.parametrize(
    ("name", "first", "last"), [("alarm", 1, 5), ("weekday", 1, 7), ("hour", 0, 23)]
)
def test_a_number_is_one_of_its_range(desk: Desk, name: str, first: int, last: int) -> None:
    for n in range(first, last + 1):
        span = read_filter((f"{name}={n}",), desk).span
        assert span is not None
        assert span.exact == ((name, str(n)),)
    wrong = {"", "x", "-1", "1.5", "²", "9999", "99999", str(last + 1), str(first - 1)}
    for value in wrong:
        with pytest.raises(Problem) as refused:
            read_filter((f"{name}={value}",), desk)
        for lang in LANGUAGES:
            told = Translator(lang).t(refused.value.message)
            assert f"{name}={value}" in told
            assert f" {first} " in told
            assert f" {last} " in told


def test_a_value_without_days_is_looked_for_in_all_days(desk: Desk) -> None:
    with desk.reading() as work:
        today = local_day(work.tx, desk.clock.now())
    span = read_filter(("town=beigan",), desk).span
    assert span is not None
    assert span.first <= span.last == today


def steps(desk: Desk, ask: Callable[[], object]) -> int:
    """How many hundreds of its own steps SQLite needs for what is asked."""
    taken = [0]

    def hear() -> int:
        taken[0] += 1
        return 0

    with desk.store.engine.connect() as conn:
        driver = conn.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # the pool gives the last one used first
    driver.set_progress_handler(hear, 100)
    ask()
    driver.set_progress_handler(None, 0)
    return taken[0]


def test_all_days_begin_with_the_first_incident_and_are_not_searched_for_it(desk: Desk) -> None:
    """Whatever became of it: it is read by its key, however many there are."""
    first, count = START - 400 * DAY, 4_000
    cases = [case(f"c{n}", first + n * (300 * DAY // count)) for n in range(count)]
    few = steps(desk, lambda: read_filter(("town=beigan",), desk))
    with desk.store.write() as tx:
        history.add(tx, history.Origin("past", "past.csv", "一席", 0), cases)
        tx.conn.exec_driver_sql(
            "UPDATE incident SET state = 'merged' WHERE id = (SELECT min(id) FROM incident)"
        )
        day = local_day(tx, first)
    found: list[QueueFilter] = []
    many = steps(desk, lambda: found.append(read_filter(("town=beigan",), desk)))
    assert found[0].span is not None
    assert found[0].span.first == day
    assert many <= few + 2
