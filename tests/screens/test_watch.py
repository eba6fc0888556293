"""The watch screen by pilot: what it reads, and when it stops reading."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from random import Random
from typing import cast

import pytest

from adapters.port import Adapter, Report
from console.desk.doubts import ALL
from console.desk.gateway import Gateway
from console.domain.clock import FixedClock
from console.domain.filters import EXACT, QueueFilter, Span
from console.i18n import Translator
from console.screens import reading
from console.screens.drawing import Drawing
from console.screens.main import MainScreen
from console.store import outbox, queue
from console.store.queue import Selection
from tests.screens.stage import NOON, REPORTS, make_app, make_session, rules, settle, until
from widgets.status_bar import StatusBar


def test_a_window_that_was_overtaken_is_read_anew_and_not_asked_for_again(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    held = reading.window(session.desk, reading.Want(QueueFilter()))
    # A report that comes above everything that is held: the held rows know nothing of it.
    urgent = replace(
        REPORTS[1],
        source_id="a-9",
        text="工厂爆炸起火, 五人被困",
        place="瓜沥镇航坞路1号",
        phone="19900007777",
        occurred=NOON,
    )
    session.desk.receive([urgent])
    further = reading.window(
        session.desk,
        reading.Want(QueueFilter(), held.total, held.total + 1, 1, held.rows[-1].id, 0, held.rows),
    )
    assert further.total == held.total + 1
    assert len(further.rows) == further.total
    assert further.base == 0


@pytest.mark.parametrize("seed", range(6))
def test_every_window_is_a_piece_of_the_queue_as_it_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(reading, "PAGE", 6)
    monkeypatch.setattr(reading, "MOST", 18)
    chance = Random(seed)
    session = make_session(tmp_path, lines=())
    desk = session.desk
    desk.receive(
        [
            replace(REPORTS[4], source_id=f"x-{n}", place=f"衙前镇第{n}号", occurred=NOON - n)
            for n in range(40)
        ]
    )
    held = reading.window(desk, reading.Want(QueueFilter()))
    for _ in range(40):
        moved = chance.choice(held.rows).id % 10_000
        desk.run(chance.choice((f"接 {moved}", f"级 {moved} {chance.randint(1, 4)}")))
        assert isinstance(desk.clock, FixedClock)
        desk.clock.at += chance.randint(0, 60_000)
        direction = chance.choice((-1, 1, 1))
        edge = held.rows[-1 if direction > 0 else 0].id
        want = reading.Want(QueueFilter(), 0, 0, direction, edge, held.base, held.rows)
        held = reading.window(desk, want)
        with desk.store.read() as tx:
            now = Selection(QueueFilter(), desk.clock.now())
            whole = queue.page(tx, now, 1000)
        assert held.total == len(whole)
        assert list(held.rows) == whole[held.base : held.base + len(held.rows)]


def test_a_jump_reads_what_stands_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadlines are far from even: what is found by proportion is far from what was meant."""
    monkeypatch.setattr(reading, "PAGE", 4)
    desk = make_session(tmp_path, lines=()).desk
    desk.receive(
        [
            replace(
                REPORTS[4], source_id=f"x-{n}", place=f"衙前镇第{n}号", occurred=NOON - (3 * n) ** 4
            )
            for n in range(60)
        ]
    )
    with desk.store.read() as tx:
        whole = queue.page(tx, Selection(QueueFilter(), desk.clock.now()), 1000)
    for index in range(1, len(whole)):
        want = reading.Want(QueueFilter(), index, index + 1, 0, None, total=len(whole))
        found = reading.window(desk, want)
        assert found.base <= index < found.base + len(found.rows)
        assert list(found.rows) == whole[found.base : found.base + len(found.rows)]


async def test_a_quiet_screen_reads_nothing(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        body = app.screen.watch_page  # type: ignore[attr-defined]
        reads: list[object] = []
        body.jobs.read = lambda name, *_, **_how: reads.append(name)
        await pilot.pause(1.2)
        assert set(reads) <= {"changes"}, reads


def rows_on(app: object) -> list[tuple[str, ...]]:
    """The rows that the queue's widget holds."""
    table = app.screen.watch_page.queue  # type: ignore[attr-defined]
    return [row.cells for row in table._rows]


async def test_what_was_found_follows_changes_and_keeps_its_place(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        screen.entry.run("/366")
        await settle(pilot)
        before = rows_on(app)
        assert [cells[1] for cells in before] == ["3", "2"]
        done = session.desk.run("取消 #2 重复报警", seat="二席", sure=ALL)
        assert done[0].ok, done
        await until(pilot, lambda: rows_on(app) != before)
        assert [cells[1] for cells in rows_on(app)] == ["3", "2"]
        assert rows_on(app)[1][5] == screen.words.t("state.short.cancelled")


async def test_a_search_selects_its_first_hit_wherever_the_cursor_was(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await pilot.press("end")
        await settle(pilot)
        screen.entry.run("查 金城路")
        await settle(pilot)
        assert screen.watch_page.found is not None
        rows = screen.watch_page.found[1]
        assert len(rows) > 1
        assert screen.page.selected == rows[0].id
        assert screen.page.dossier is not None
        assert screen.page.dossier.incident.id == rows[0].id


@pytest.mark.parametrize("linked", [True, False])
async def test_orders_without_a_link_are_named_and_not_counted_as_on_their_way(
    tmp_path: Path, linked: bool
) -> None:
    session = make_session(tmp_path, lines=("接 5", "转 5 12345"))
    with session.desk.store.read() as tx:
        ((system, state),) = outbox.counts(tx)
    assert state == outbox.WAITING
    session.gateway = Gateway(session.desk)
    if linked:
        session.gateway.adapters[system] = cast(Adapter, object())
    session.start = lambda: None  # type: ignore[method-assign]  # nothing is sent here
    app = make_app(session, "en")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        bar = [text for text, _tone in app.screen.query_one("#status", StatusBar)._left]
        assert f"outbox {int(linked)}" in bar
        assert any(text.startswith("not linked: ") for text in bar) is not linked


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_span_is_titled_in_words_never_in_ids(lang: str) -> None:
    """Also when a line of the filter says what no incident has."""
    drawing = Drawing(Translator(lang), rules(), UTC, "XS")
    values = {
        "alarm": ["1", "5", "12", "0", ""],
        "weekday": ["1", "7", "0", "8", "12", ""],
        "field": ["fire", "all", "flood", ""],
        "category": ["fire.structure", "nonsense", ""],
        "severity": ["nonsense", ""],
        "class": ["nonsense", ""],
        "town": ["nonsense", ""],
        "outcome": ["nonsense", ""],
        "result": ["saved", "nonsense", ""],
        "cause": ["nonsense", ""],
        "place": ["nonsense", ""],
        "hour": ["0", "23"],
    }
    assert set(values) == set(EXACT)
    days = {"zh": "2026 年 1 月 1 日 至 1 月 2 日 ", "en": "1 Jan 2026 to 2 Jan "}[lang]
    for name, some in values.items():
        for value in some:
            title = drawing.spanned(Span(20260101, 20260102, ((name, value),)))
            said = title.removeprefix(days)
            assert said
            assert said != title
            assert not re.search(r"\w[._]\w", said), said
            if value in ("0", "8", "12", "flood") and name != "hour":
                assert said == value


def _crowd(count: int) -> list[Report]:
    """Many incidents, every second one in 衙前."""
    towns = ("衙前镇", "北干街道")
    return [
        replace(REPORTS[4], source_id=f"x-{n}", place=f"{towns[n % 2]}第{n}号", occurred=NOON - n)
        for n in range(count)
    ]


@pytest.mark.parametrize("kept", [True, False])
async def test_a_filter_is_seen_from_its_head_or_where_the_selected_row_is(
    tmp_path: Path, kept: bool
) -> None:
    """Whoever was far down in the queue is not far down in another list."""
    session = make_session(tmp_path, _crowd(60), lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = cast(MainScreen, app.screen)
        table = screen.watch_page.queue
        far = next(
            row.id
            for row in reversed(cast(reading.Window, screen.watch_page.window).rows)
            if ("衙前" in row.place) is kept
        )
        table.select(far, 0)
        await settle(pilot)
        assert table.cursor > 40
        screen.entry.run("筛 衙前")
        await settle(pilot)
        rows = cast(reading.Window, screen.watch_page.window).rows
        assert {"衙前" in row.place for row in rows} == {True}
        assert table.selected_key == (far if kept else rows[0].id)
        assert (table.cursor > 20) is kept


async def test_an_answer_draws_what_it_changes_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keyboard goes from the line to the queue without the screen being drawn again."""
    session = make_session(tmp_path, lines=())
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        whole: list[object] = []
        monkeypatch.setattr(
            app.screen._compositor, "render_full_update", lambda **_: whole.append(1)
        )
        await pilot.press(*"接", "space", "4", "enter")
        await settle(pilot)
        assert cast(MainScreen, app.screen).focused is not None
        assert not whole
        await pilot.press(*"/", *"三楼", "enter")
        await settle(pilot)
        assert not whole
