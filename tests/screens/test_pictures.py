"""Pictures of watch, help, palette and units: both languages, both sizes, dark and light."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.geometry import Size

from tests.screens.stage import and_then, make_app, make_session, settle
from widgets.pane import Pane

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
class TestPictures:
    """What the officer sees."""

    def test_watch(
        self, snap_compare: Callable[..., bool], tmp_path: Path, size: str, lang: str, theme: str
    ) -> None:
        app = make_app(make_session(tmp_path), lang, theme)
        assert snap_compare(app, terminal_size=SIZES[size], run_before=and_then())

    def test_help(
        self, snap_compare: Callable[..., bool], tmp_path: Path, size: str, lang: str, theme: str
    ) -> None:
        app = make_app(make_session(tmp_path), lang, theme)
        assert snap_compare(app, terminal_size=SIZES[size], run_before=and_then("f1"))


class TestOtherPictures:
    """The rest of the watch: forms, contrast, ASCII, big."""

    def test_form(self, snap_compare: Callable[..., bool], tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path), "zh")
        assert snap_compare(app, terminal_size=(120, 40), run_before=and_then("ctrl+n"))

    @pytest.mark.parametrize(("size", "lang"), [("80x24", "en"), ("120x40", "zh")])
    def test_palette(
        self, snap_compare: Callable[..., bool], tmp_path: Path, size: str, lang: str
    ) -> None:
        app = make_app(make_session(tmp_path), lang)
        assert snap_compare(app, terminal_size=SIZES[size], run_before=and_then("ctrl+p"))

    def test_units(self, snap_compare: Callable[..., bool], tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path), "zh")
        assert snap_compare(app, terminal_size=SIZES["80x24"], run_before=and_then("f12"))

    def test_contrast(self, snap_compare: Callable[..., bool], tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path), "zh", "contrast")
        assert snap_compare(app, terminal_size=(120, 40), run_before=and_then())

    def test_ascii(self, snap_compare: Callable[..., bool], tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path), "en", ascii_only=True)
        assert snap_compare(app, terminal_size=(120, 40), run_before=and_then())

    def test_wide(self, snap_compare: Callable[..., bool], tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path), "zh")
        assert snap_compare(app, terminal_size=(200, 60), run_before=and_then())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (160, 50), (200, 60)])
@pytest.mark.parametrize("keys", [(), ("f1",), ("f12",), ("ctrl+n",), ("ctrl+p",)])
async def test_every_line_has_the_width_of_the_screen(
    tmp_path: Path, size: tuple[int, int], lang: str, keys: tuple[str, ...]
) -> None:
    app = make_app(make_session(tmp_path), lang)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        assert app.size == Size(*size)
        for widget in app.screen.walk_children():
            if not isinstance(widget, Pane) or not widget.display or not widget.size:
                continue
            for y in range(widget.size.height):
                strip = widget.render_line(y)
                drawn = "".join(segment.text for segment in strip)
                assert cell_len(drawn) == widget.size.width, (widget.id, y, drawn)


async def test_twenty_rows_are_on_the_screen(tmp_path: Path) -> None:
    app = make_app(make_session(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert app.screen.watch_page.queue.page_height >= 20  # type: ignore[attr-defined]
