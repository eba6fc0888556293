"""Only cells that differ are sent, and the terminal shows the same as if all had been."""

from __future__ import annotations

import random

import pytest
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from bench.emulator import Emulator
from widgets.gallery import Gallery
from widgets.lean import Painted

KEYS = (
    *("down", "up", "pagedown", "pageup", "home", "end", "tab", "shift+tab", "left", "right"),
    *("f2", "f3", "f4", "f5", "派", "x", "space", "backspace", "enter", "escape", "ctrl+w"),
)


class Both(Gallery):
    """Draws on two terminals: on one all that Textual sends, on the other the differences."""

    def __init__(self, rows: int, cols: int) -> None:
        super().__init__()
        self.whole = Emulator(rows, cols)
        self.lean = Emulator(rows, cols)
        self.sent_whole = self.sent_lean = 0

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            whole = renderable.render_segments(self.console)
            assert isinstance(renderable, LayoutUpdate | ChopsUpdate)
            lean = self._known().differences(renderable, self.console)
            # The PTY turns a line feed into carriage return and line feed.
            self.whole.feed(whole.replace("\n", "\r\n").encode())
            self.lean.feed(lean.encode())
            self.sent_whole += len(whole.encode())
            self.sent_lean += len(lean.encode())
        super()._display(screen, None)

    def compare(self, rows: int, cols: int) -> None:
        assert self.whole.screen() == self.lean.screen()
        for y in range(rows):
            for x in range(cols):
                assert self.whole.cell(y, x) == self.lean.cell(y, x), (y, x)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_same_screen_with_fewer_bytes(seed: int) -> None:
    rows, cols = 30, 100
    chance = random.Random(seed)
    app = Both(rows, cols)
    async with app.run_test(size=(cols, rows)) as pilot:
        await pilot.pause()
        for _ in range(40):
            await pilot.press(chance.choice(KEYS))
            await pilot.pause()
            app.compare(rows, cols)
        assert app.sent_lean < app.sent_whole / 3


def draw(painted: Painted, console: Console, *lines: list[tuple[str, str]]) -> str:
    strips = [Strip([Segment(text, Style.parse(style)) for text, style in line]) for line in lines]
    width = strips[0].cell_length
    update = LayoutUpdate([[strip] for strip in strips], Region(0, 0, width, len(strips)))
    return painted.differences(update, console)


class TestDifferences:
    @pytest.fixture
    def console(self) -> Console:
        return Console(color_system="truecolor", force_terminal=True)

    def test_nothing_new_sends_nothing(self, console: Console) -> None:
        painted = Painted()
        assert "警情" in draw(painted, console, [("警情 42", "red")])
        assert draw(painted, console, [("警情 42", "red")]) == ""

    def test_a_digit_sends_a_digit(self, console: Console) -> None:
        painted = Painted()
        draw(painted, console, [("警情 41", "")], [("x      ", "")])
        assert draw(painted, console, [("警情 42", "")], [("x      ", "")]) == "\x1b[1;7H2"

    def test_another_style_is_another_cell(self, console: Console) -> None:
        painted = Painted()
        draw(painted, console, [("警情", "")])
        sent = draw(painted, console, [("警", ""), ("情", "bold")])
        assert sent == "\x1b[1;3H\x1b[0;1m情\x1b[0m"

    def test_a_wide_character_is_sent_whole(self, console: Console) -> None:
        painted = Painted()
        draw(painted, console, [("a警b", "")])
        assert draw(painted, console, [(" a警", "")]) == "\x1b[1;1H a警"
        assert draw(painted, console, [("情警", "")]) == "\x1b[1;1H情"

    def test_combining_marks_are_sent_with_their_character(self, console: Console) -> None:
        painted = Painted()
        draw(painted, console, [("ae b", "")])
        assert draw(painted, console, [("ae\u0301 b", "")]) == "\x1b[1;2He\u0301"

    def test_after_forgetting_everything_is_sent(self, console: Console) -> None:
        painted = Painted()
        first = draw(painted, console, [("警情", "")])
        painted.forget()
        assert draw(painted, console, [("警情", "")]) == first

    def test_another_size_is_another_screen(self, console: Console) -> None:
        painted = Painted()
        draw(painted, console, [("警情", "")])
        assert "警情" in draw(painted, console, [("警情 ", "")])

    def test_cells_under_an_image_are_unknown_afterwards(self, console: Console) -> None:
        painted = Painted()
        draw(painted, console, [("abcd", "")])
        image = Strip([Segment("\x1bPimage\x1b\\", None, [(1,)]), Segment("abcd")])  # type: ignore[list-item]
        update = LayoutUpdate([[image]], Region(0, 0, 4, 1))
        assert "image" in painted.differences(update, console)
        assert "abcd" in draw(painted, console, [("abcd", "")])


@pytest.mark.parametrize("cause", ["asked", "resumed", "resized"])
async def test_all_is_sent_again(cause: str) -> None:
    app = Both(20, 80)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        for terminal in (app.whole, app.lean):
            terminal.feed(b"\x1b[2J\x1b[5;5Hsomething else wrote here")
        if cause == "asked":
            app.redraw()
        elif cause == "resumed":
            app.app_resume_signal.publish(app)
        else:
            await pilot.resize_terminal(79, 20)
            await pilot.resize_terminal(80, 20)
        await pilot.pause()
        app.compare(20, 80)
        assert "something" not in "".join(app.lean.screen())
