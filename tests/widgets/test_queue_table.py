"""The queue: a window of rows, a selection that follows its key, and no line drawn in vain."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events

from tests.widgets.stage import HOSTILE, Stage, check_screen, drawn_lines
from widgets.columns import place_columns
from widgets.queue_table import Column, QueueTable, Row

COLUMNS = (
    Column("sign", "", 1, priority=9),
    Column("number", "号", 6, align="right", priority=9),
    Column("place", "地点", 14, priority=3),
    Column("what", "警情", 8, priority=5, flexible=True),
    Column("due", "时限", 6, align="right", priority=7),
)
HEIGHT = 20


def row(key: int, what: str = "客服诈骗") -> Row:
    return Row(key, ("!", str(key), "育才东路", what, "+01:00"), marks=((1, "prio1"),))


def rows(first: int, behind: int) -> list[Row]:
    return [row(key) for key in range(first, behind)]


def table(header: bool = False, columns: Sequence[Column] = COLUMNS) -> QueueTable:
    return QueueTable(columns, header=header)


def needs(app: Stage) -> list[tuple[int, int, int, int | None]]:
    return [
        (message.first, message.last, message.direction, message.anchor)
        for message in app.told
        if isinstance(message, QueueTable.NeedRows)
    ]


def selections(app: Stage) -> list[int | None]:
    return [message.key for message in app.told if isinstance(message, QueueTable.Selected)]


def line_of(app: Stage, key: int) -> int:
    found = [y for y, line in enumerate(app.lines()) if f" {key} " in line]
    assert len(found) == 1, (key, app.lines())
    return found[0]


class TestDrawing:
    async def test_a_step_of_the_cursor_draws_two_lines(self) -> None:
        queue = table()
        async with Stage(queue).run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 100), 1_000_000)
            await pilot.pause()
            with drawn_lines(queue) as drawn:
                await pilot.press("down")
                await pilot.pause()
            assert sorted(drawn) == [0, 1]

    async def test_equal_rows_are_not_drawn_again(self) -> None:
        queue = table()
        async with Stage(queue).run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 100), 100)
            await pilot.pause()
            with drawn_lines(queue) as drawn:
                queue.set_window(0, rows(0, 60), 100)
                await pilot.pause()
            assert drawn == []

    async def test_one_changed_row_is_one_line(self) -> None:
        queue = table()
        async with Stage(queue).run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 100), 100)
            await pilot.pause()
            changed = rows(0, 100)
            changed[7] = row(7, "已处置")
            changed[50] = row(50, "不在屏上")
            with drawn_lines(queue) as drawn:
                queue.set_window(0, changed, 100)
                await pilot.pause()
            assert drawn == [7]

    async def test_most_steps_of_a_long_walk_draw_two_lines(self) -> None:
        queue = table()
        async with Stage(queue).run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 100), 100)
            await pilot.pause()
            counts = []
            for _ in range(60):
                with drawn_lines(queue) as drawn:
                    await pilot.press("down")
                    await pilot.pause()
                counts.append(len(drawn))
            assert sorted(counts)[len(counts) // 2] == 2
            assert queue.selected_key == 60

    @pytest.mark.parametrize("width", [120, 80, 40, 20, 7, 1])
    async def test_every_line_is_as_wide_as_the_table(self, width: int) -> None:
        queue = table(header=True)
        app = Stage(queue)
        async with app.run_test(size=(width, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 3), 30)
            await pilot.pause()
            check_screen(app)

    async def test_the_least_important_column_goes_first(self) -> None:
        queue = table(header=True)
        app = Stage(queue)
        async with app.run_test(size=(36, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 3), 3)
            await pilot.pause()
            header = app.lines()[0]
            assert "地点" not in header
            assert "警情" in header
            assert "时限" in header

    async def test_the_flexible_column_takes_the_rest(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(100, HEIGHT)) as pilot:
            queue.set_window(0, [row(0, "长" * 60)], 1)
            await pilot.pause()
            line = app.lines()[0]
            assert line.endswith("+01:00 ")
            # Two gutters, four gaps, and what the other columns take.
            assert cell_len("长") * line.count("长") + 2 in (100 - 2 - 4 - 27, 100 - 2 - 4 - 28)

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_foreign_text_is_only_drawn(self, text: str) -> None:
        queue = table(header=True)
        app = Stage(queue)
        async with app.run_test(size=(60, HEIGHT)) as pilot:
            queue.set_columns([Column(c.id, text, c.width, flexible=c.flexible) for c in COLUMNS])
            queue.set_title(text, text)
            queue.set_window(0, [Row(1, (text,) * 5), Row(2, (text,) * 5, "overdue")], 2)
            await pilot.pause()
            check_screen(app)
            queue.set_empty(text)
            queue.set_window(0, [], 0)
            await pilot.pause()
            check_screen(app)
            assert app.is_running

    async def test_markup_is_shown_as_text(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, [row(1, "[@click=app.quit]x[/]")], 1)
            await pilot.pause()
            assert "[@click=app.quit]x[/]" in app.lines()[0]
            await pilot.click(QueueTable, offset=(40, 0))
            assert app.is_running

    async def test_an_empty_queue_says_so(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_empty("没有待处置警情")
            queue.set_window(0, [], 0)
            await pilot.pause()
            assert "没有待处置警情" in app.lines()[0]
            await pilot.press("down", "end", "pageup", "home")
            assert queue.selected_key is None
            queue.set_window(0, rows(5, 6), 1)
            await pilot.pause()
            assert "没有" not in app.lines()[0]
            assert queue.selected_key == 5

    async def test_the_selected_row_is_told_by_a_sign_too(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 3), 3)
            await pilot.press("down")
            await pilot.pause()
            assert [line[0] for line in app.lines()[:3]] == [" ", ">", " "]

    async def test_a_theme_is_taken_up_live(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 3), 3)
            await pilot.pause()
            dark = [segment.style for segment in app.strips()[1]]
            app.theme = "zhiban-light"
            await pilot.pause()
            light = [segment.style for segment in app.strips()[1]]
            assert not set(map(str, dark)) & set(map(str, light))


class TestSelection:
    async def test_it_is_told_once_for_many_moves(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 100), 100)
            await pilot.pause()
            app.told.clear()
            for _ in range(10):
                queue.move_by(1)
            await pilot.pause()
            assert selections(app)[-1] == 10
            assert len(selections(app)) < 10

    async def test_it_follows_its_row_and_stays_on_its_line(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 200), 200)
            queue.select(60, 60)
            await pilot.pause()
            line = line_of(app, 60)
            queue.set_window(0, rows(-5, 195), 205)
            await pilot.pause()
            assert queue.selected_key == 60
            assert queue.cursor == 65
            assert line_of(app, 60) == line
            assert app.lines()[line].startswith(">")

    async def test_new_rows_at_the_head_are_seen(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(10, 100), 90)
            await pilot.pause()
            queue.set_window(0, rows(8, 100), 92)
            await pilot.pause()
            assert queue.selected_key == 10
            assert line_of(app, 8) == 0
            assert app.lines()[2].startswith(">")

    async def test_a_row_that_is_gone_leaves_the_selection_to_the_next(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 10), 10)
            queue.select(4, 4)
            await pilot.pause()
            queue.set_window(0, [r for r in rows(0, 10) if r.key != 4], 9)
            await pilot.pause()
            assert queue.selected_key == 5
            assert selections(app)[-1] == 5

    async def test_the_last_row_gone(self) -> None:
        queue = table()
        async with Stage(queue).run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 10), 10)
            await pilot.press("end")
            queue.set_window(0, rows(0, 9), 9)
            await pilot.pause()
            assert queue.selected_key == 8
            queue.set_window(0, [], 0)
            assert queue.selected_key is None
            assert queue.selected_row is None

    async def test_it_survives_a_resize(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(120, 40)) as pilot:
            queue.set_window(0, rows(0, 200), 200)
            queue.select(37, 37)
            for size in ((80, 24), (40, 5), (200, 60), (80, 24)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
                assert queue.selected_key == 37
                assert app.lines()[line_of(app, 37)].startswith(">")
                check_screen(app)

    async def test_a_click_selects(self) -> None:
        queue = table(header=True)
        queue.set_title("队列")
        async with Stage(queue).run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 100), 100)
            await pilot.pause()
            await pilot.click(QueueTable, offset=(30, 2 + 6))
            assert queue.selected_key == 6
            await pilot.click(QueueTable, offset=(30, 0))
            assert queue.selected_key == 6

    async def test_the_wheel_scrolls_and_the_next_key_comes_back(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 200), 200)
            await pilot.pause()
            for _ in range(20):
                queue.post_message(
                    events.MouseScrollDown(queue, 5, 5, 0, 1, 0, False, False, False)
                )
            await pilot.pause()
            assert queue.top == 60
            assert queue.selected_key == 0
            await pilot.press("down")
            await pilot.pause()
            assert queue.selected_key == 1
            assert app.lines()[line_of(app, 1)].startswith(">")


class TestWindow:
    async def test_it_asks_before_the_edge_is_reached_and_only_once(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 60), 1_000_000)
            await pilot.pause()
            assert needs(app) == []
            await pilot.press("pagedown", "pagedown")
            await pilot.pause()
            assert needs(app) == [(60, 80, 1, 59)]

    async def test_it_asks_upwards_too(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(500, rows(500, 600), 1_000_000)
            queue.select(550, 550)
            await pilot.pause()
            app.told.clear()
            for _ in range(40):
                await pilot.press("up")
            await pilot.pause()
            assert queue.selected_key == 510
            assert needs(app)[-1][2:] == (-1, 500)
            assert needs(app)[-1][1] == 500

    async def test_the_cursor_waits_at_the_edge(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 10), 1000)
            await pilot.pause()
            for _ in range(30):
                await pilot.press("down")
            assert queue.selected_key == 9
            assert needs(app)[-1][2:] == (1, 9)
            queue.set_window(0, rows(0, 100), 1000)
            await pilot.press("down")
            assert queue.selected_key == 10

    async def test_end_lands_when_the_rows_come(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 60), 1_000_000)
            await pilot.press("end")
            await pilot.pause()
            # Nothing is selected meanwhile: Enter must not meet the row that was left.
            assert queue.selected_key is None
            assert selections(app)[-1] is None
            first, last, direction, anchor = needs(app)[-1]
            assert (last, direction, anchor) == (1_000_000, 0, None)
            assert app.lines()[0].startswith(" -")
            assert app.lines()[-1].startswith(">-")
            await pilot.press("down", "up")
            assert queue.selected_key is None
            queue.set_window(first, rows(first, last), 1_000_000)
            await pilot.pause()
            assert queue.selected_key == 999_999
            assert selections(app)[-1] == 999_999
            assert line_of(app, 999_999) == HEIGHT - 1

    async def test_home_comes_back(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(900, rows(900, 1000), 1000)
            queue.select(950, 950)
            await pilot.press("home")
            await pilot.pause()
            assert needs(app)[-1] == (0, 2 * HEIGHT, 0, None)
            queue.set_window(0, rows(0, 60), 1000)
            await pilot.pause()
            assert queue.selected_key == 0

    async def test_every_row_is_reached_by_pages(self) -> None:
        queue = table()
        app = Stage(queue)
        total = 300
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 30), total)
            seen: set[str] = set()
            for _ in range(total):
                await pilot.pause()
                for message in app.told:
                    if isinstance(message, QueueTable.NeedRows):
                        # The owner pages by key: what it hands in joins the row at the anchor.
                        assert message.direction == 1
                        assert message.anchor == message.first - 1
                        base = max(0, message.first - 60)
                        queue.set_window(base, rows(base, message.last), total)
                app.told.clear()
                await pilot.pause()
                seen.update(line[4:9].strip() for line in app.lines())
                if queue.selected_key == total - 1:
                    break
                await pilot.press("pagedown")
            assert seen >= {str(key) for key in range(total)}

    async def test_paging_without_answers_stays_near_the_window(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 30), 1_000_000)
            for _ in range(20):
                await pilot.press("pagedown")
            assert queue.cursor < 30 + HEIGHT
            assert all(direction == 1 for _, _, direction, _ in needs(app))

    async def test_an_owner_who_never_brings_them_is_not_asked_for_ever(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 30), 1_000)
            queue.move_to(500)
            for _ in range(50):
                await pilot.pause()
                if not any(isinstance(message, QueueTable.NeedRows) for message in app.told):
                    break
                app.told.clear()
                queue.set_window(700, rows(700, 730), 1_000)
            assert not needs(app)
            assert queue.selected_key == 700
            assert line_of(app, 700) >= 0

    async def test_a_selection_out_of_the_window_is_asked_for_by_its_key(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.set_window(0, rows(0, 60), 1000)
            queue.select(500, 500)
            await pilot.pause()
            assert queue.selected_key == 500
            assert needs(app)[-1][2:] == (0, 500)
            queue.set_window(470, rows(470, 530), 1000)
            await pilot.pause()
            assert queue.cursor == 500
            assert app.lines()[line_of(app, 500)].startswith(">")

    async def test_a_window_outside_of_the_total_is_refused(self) -> None:
        queue = table()
        async with Stage(queue).run_test(size=(80, HEIGHT)):
            with pytest.raises(ValueError, match="do not lie within 5"):
                queue.set_window(3, rows(3, 10), 5)


class TestBeforeTheFirstFrame:
    async def test_rows_may_come_before_the_table_is_on_the_screen(self) -> None:
        queue = table()
        queue.set_window(0, rows(0, 100), 1_000_000)
        queue.set_window(0, rows(-1, 100), 1_000_000)
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            await pilot.pause()
            assert queue.selected_key == 0
            assert queue.top == 0
            assert app.lines()[1].startswith(">")

    async def test_rows_may_come_while_the_table_is_hidden(self) -> None:
        queue = table()
        app = Stage(queue)
        async with app.run_test(size=(80, HEIGHT)) as pilot:
            queue.display = False
            await pilot.pause()
            queue.set_window(0, rows(0, 100), 100)
            queue.select(90, 90)
            queue.display = True
            await pilot.pause()
            assert app.lines()[line_of(app, 90)].startswith(">")


class TestColumns:
    def test_no_column_takes_no_room(self) -> None:
        assert place_columns([], 20) == ()

    @given(st.integers(0, 100))
    def test_together_they_take_the_width(self, width: int) -> None:
        placed = place_columns(COLUMNS, width)
        taken = sum(column.width + 1 for column in placed) - 1
        assert taken == width


async def test_a_table_that_holds_every_row_asks_for_none() -> None:
    short = table()
    app = Stage(short)
    async with app.run_test(size=(60, 20)) as pilot:
        short.set_window(0, rows(0, 3), 3)
        await pilot.press("down", "end", "pagedown", "home")
        await pilot.pause()
        short.set_window(0, rows(0, 3), 3)
        await pilot.pause()
        assert needs(app) == []
