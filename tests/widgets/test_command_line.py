"""The command line: editing by cells, ghost, history, paste, and what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events

from tests.widgets.stage import HOSTILE, Stage, check_screen, drawn_lines, steers
from tests.widgets.test_cells import ANY_TEXT
from widgets.command_line import CommandLine
from widgets.editor import Editor, one_line


def told(app: Stage, kind: type[CommandLine._FromLine]) -> list[tuple[str, int]]:
    return [(m.text, m.cursor) for m in app.told if type(m) is kind and isinstance(m, kind)]


class TestEditor:
    KEYS = st.sampled_from(
        [
            *("left", "right", "home", "end", "ctrl+left", "ctrl+right"),
            *("backspace", "delete", "ctrl+u", "ctrl+k", "ctrl+w", "ctrl+y"),
        ]
    )

    @given(st.lists(st.one_of(KEYS, ANY_TEXT.map(lambda text: "type:" + text))), st.integers(1, 30))
    def test_whatever_is_done_the_cursor_is_seen(self, steps: list[str], width: int) -> None:
        editor = Editor()
        for step in steps:
            if step.startswith("type:"):
                editor.insert(step.removeprefix("type:"))
            else:
                assert editor.press(step) is not None
            assert 0 <= editor.cursor <= len(editor.text)
            shown, at = editor.view(width)
            assert cell_len(shown) <= width
            start = editor.cursor - at
            assert editor.text.startswith(shown, start)
            # The cell of the cursor lies inside, if a field of this width can hold it at all.
            if width > 1:
                assert 0 <= at <= len(shown)
                assert cell_len(shown[:at]) < width

    @given(ANY_TEXT)
    def test_pasted_text_is_one_clean_line(self, text: str) -> None:
        assert not any(map(steers, one_line(text)))

    def test_a_wide_character_is_one_step(self) -> None:
        editor = Editor("派 42")
        editor.home()
        editor.right()
        assert editor.cursor == 1
        editor.delete()
        assert editor.text == "派42"
        editor.left()
        editor.delete()
        assert editor.text == "42"

    def test_combining_marks_go_with_their_character(self) -> None:
        editor = Editor("xe\u0301y")
        editor.left()
        editor.left()
        assert editor.cursor == 1
        editor.delete()
        assert editor.text == "xy"

    def test_killing_and_yanking(self) -> None:
        editor = Editor("派 42 P12")
        editor.press("ctrl+w")
        assert editor.text == "派 42 "
        editor.press("ctrl+y")
        assert editor.text == "派 42 P12"
        editor.press("ctrl+a")
        editor.press("ctrl+k")
        assert editor.text == ""
        editor.press("ctrl+y")
        editor.press("ctrl+left")
        editor.press("ctrl+u")
        assert (editor.text, editor.cursor) == ("P12", 0)

    def test_a_very_long_text_is_shown_without_measuring_it_all(self) -> None:
        editor = Editor("派" * 1_000_000)
        shown, at = editor.view(20)
        assert cell_len(shown) < 20
        assert at == len(shown)

    def test_a_wider_field_shows_again_what_a_narrow_one_hid(self) -> None:
        editor = Editor("note two hurt")
        assert editor.view(1)[0] == ""
        assert editor.view(40) == ("note two hurt", 13)


class TestCommandLine:
    async def test_typing_says_what_is_typed(self) -> None:
        line = CommandLine()
        app = Stage(line)
        async with app.run_test(size=(60, 5)) as pilot:
            await pilot.press("派", "space", "4", "2")
            await pilot.pause()
            assert line.text == "派 42"
            assert told(app, CommandLine.Edited)[-1] == ("派 42", 4)
            assert app.lines()[0].startswith("> 派 42")
            await pilot.press("tab", "escape", "enter")
            await pilot.pause()
            assert told(app, CommandLine.CompleteRequested) == [("派 42", 4)]
            assert told(app, CommandLine.Submitted) == [("派 42", 4)]
            assert line.text == ""  # what is typed ahead belongs to the next line
            assert told(app, CommandLine.Cancelled) == [("派 42", 4)]

    async def test_the_terminal_cursor_is_where_input_methods_need_it(self) -> None:
        line = CommandLine()
        app = Stage(line)
        async with app.run_test(size=(60, 5)) as pilot:
            await pilot.press("派", "a")
            assert app.cursor_position == (2 + 3, 0)
            await pilot.press("left")
            assert app.cursor_position == (2 + 2, 0)

    async def test_a_ghost_is_seen_and_not_typed(self) -> None:
        line = CommandLine()
        app = Stage(line)
        async with app.run_test(size=(60, 5)) as pilot:
            await pilot.press("派")
            line.set_ghost(" 警情号 单位")
            await pilot.pause()
            assert app.lines()[0].startswith("> 派 警情号 单位")
            assert line.text == "派"
            await pilot.press("home")
            await pilot.pause()
            assert app.lines()[0].startswith("> 派 警情号 单位")

    async def test_history_goes_back_and_the_draft_comes_again(self) -> None:
        line = CommandLine()
        app = Stage(line)
        async with app.run_test(size=(60, 5)) as pilot:
            line.set_history(["接 42", "派 42 P12"])
            await pilot.press("x", "up")
            assert line.text == "派 42 P12"
            await pilot.press("up", "up")
            assert line.text == "接 42"
            await pilot.press("down", "down", "down")
            assert line.text == "x"

    async def test_a_key_draws_one_line_and_rest_draws_none(self) -> None:
        line = CommandLine()
        app = Stage(line)
        async with app.run_test(size=(60, 5)) as pilot:
            await pilot.press("a")
            await pilot.pause()
            with drawn_lines(line) as drawn:
                await pilot.press("b")
                await pilot.pause(0.7)
            assert drawn == [0]

    async def test_long_text_scrolls_by_cells(self) -> None:
        line = CommandLine()
        app = Stage(line)
        async with app.run_test(size=(20, 3)) as pilot:
            text = "".join(chr(0x4E00 + n) for n in range(50))
            line.set_text(text)
            await pilot.pause()
            check_screen(app)
            assert text[-1] in app.lines()[0]
            await pilot.press("home")
            await pilot.pause()
            assert app.lines()[0].startswith("> " + text[:9])
            for _ in range(30):
                await pilot.press("right")
                check_screen(app)

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_pasted_text_is_cleaned_and_nothing_obeyed(self, text: str) -> None:
        line = CommandLine()
        app = Stage(line)
        async with app.run_test(size=(40, 3)) as pilot:
            line.post_message(events.Paste(text))
            line.set_ghost(text)
            await pilot.pause()
            assert not any(map(steers, line.text))
            check_screen(app)
            line.set_prompt(text)
            await pilot.pause()
            check_screen(app)
            assert app.is_running

    async def test_pasted_lines_become_one(self) -> None:
        line = CommandLine()
        app = Stage(line)
        async with app.run_test(size=(60, 3)) as pilot:
            line.post_message(events.Paste("三楼有人\r\n  电话 138\n"))
            await pilot.pause()
            assert line.text == "三楼有人 电话 138"

    async def test_a_click_puts_the_cursor(self) -> None:
        line = CommandLine()
        app = Stage(line)
        async with app.run_test(size=(60, 3)) as pilot:
            line.set_text("派 42")
            await pilot.click(CommandLine, offset=(2 + 3, 0))
            assert line.cursor == 2

    async def test_it_is_drawn_without_the_keyboard_too(self) -> None:
        first, second = CommandLine(), CommandLine(prompt="? ")
        app = Stage(first, second)
        async with app.run_test(size=(60, 3)) as pilot:
            second.set_text("派 42")
            second.set_ghost(" P12")
            await pilot.pause()
            assert app.lines()[1].startswith("? 派 42 P12")
            check_screen(app)
