"""Pictures: fetched on demand, shown in cells, refused in a sentence when they are none."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from textual.pilot import Pilot

from adapters.contract import MAX_PHOTO
from adapters.port import Adapter, LinkError, Photo
from console.desk import photos
from console.desk.session import Session
from console.domain.message import Problem
from console.screens.photo import BYTES, SMALL, PhotoPage
from console.screens.picture import MOST_POINTS, bytes_of, opened
from console.store.photos import NamedPhoto
from fixtures.backends.offline import Offline
from fixtures.backends.pictures import drawn, with_photo
from tests.screens.loops_stage import FOLLOWED
from tests.screens.stage import NOON, make_app, make_session, settle


class Gives:
    """An adapter that gives one thing, whatever is asked."""

    system, feeds, keyed = "hazards", False, True

    def __init__(self, what: Photo | LinkError) -> None:
        self.what = what
        self.closed = False

    async def fetch(self, photo: str) -> Photo:
        if isinstance(self.what, LinkError):
            raise self.what
        return self.what

    async def close(self) -> None:
        self.closed = True


def reach(what: Photo | LinkError) -> Callable[[str], Any]:
    return lambda _system: Gives(what)


def header(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with next to nothing in it."""
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


WANTED = NamedPhoto(1, 1, 1, "hazards", "y-1.png")
PNG = drawn("y-1.png")


class TestPicture:
    def test_what_the_simulators_draw_is_a_picture(self) -> None:
        assert opened(PNG).size == (160, 120)
        assert drawn("a") == drawn("a")
        assert drawn("a") != drawn("b")
        assert len(PNG) < 4_000

    def test_a_large_one_is_made_smaller(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (3_000, 2_000)).save(out, "JPEG")
        assert opened(out.getvalue()).size == (1_280, 853)

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"", "photo.damaged"),
            (b"<svg/>", "photo.damaged"),
            (PNG[:200], "photo.damaged"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "photo.damaged"),
            (header(50_000, 50_000), "photo.bomb"),
            (header(10_000, 10_000), "photo.bomb"),
            (header(MOST_POINTS // 1_000 + 1, 1_000), "photo.bomb"),
            (header(0, 0), "photo.damaged"),
        ],
    )
    def test_what_is_none_is_refused(self, data: bytes, why: str) -> None:
        with pytest.raises(Problem) as caught:
            opened(data)
        assert caught.value.message.id == why

    def test_other_formats_are_not_even_tried(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (9, 9)).save(out, "TIFF")
        with pytest.raises(Problem, match=r"photo\.damaged"):
            opened(out.getvalue())

    def test_without_the_extra_it_is_said_how_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "PIL", None)
        with pytest.raises(Problem) as caught:
            opened(PNG)
        assert caught.value.message.id == "photo.missing_extra"


def test_what_it_costs_to_draw_decides_how_large_it_opens() -> None:
    noise = Image.effect_noise((600, 400), 90).convert("RGB")
    assert bytes_of(noise, 90, 30) > BYTES
    assert bytes_of(noise, *SMALL) < 25_000
    assert bytes_of(opened(PNG), 46, 17) < BYTES
    assert bytes_of(Image.new("RGB", (9, 9)), 90, 30) < 12_000


class TestFetched:
    def test_comes_from_its_system_and_the_connection_is_closed(self) -> None:
        adapter: Any = Gives(Photo(PNG, "image/png"))
        found = photos.fetched(lambda _system: adapter, WANTED)
        assert found.data == PNG
        assert adapter.closed

    @pytest.mark.parametrize(
        ("what", "why"),
        [
            (LinkError("missing", "404"), "photo.fault"),
            (LinkError("unreachable"), "photo.fault"),
            (LinkError("too_large"), "photo.too_large"),
            (Photo(b"<html>", "image/png"), "photo.no_picture"),
            (Photo(PNG, "image/jpeg"), "photo.no_picture"),
            (Photo(b"\x89PNG\r\n\x1a\n" * MAX_PHOTO, "image/png"), "photo.too_large"),
        ],
    )
    def test_refused_in_a_sentence(self, what: Photo | LinkError, why: str) -> None:
        with pytest.raises(Problem) as caught:
            photos.fetched(reach(what), WANTED)
        assert caught.value.message.id == why

    def test_a_system_that_is_not_linked(self) -> None:
        for none in (None, lambda _system: None):
            with pytest.raises(Problem, match=r"photo\.not_linked"):
                photos.fetched(none, WANTED)


def session(folder: Path) -> Session:
    """A console with a hazard that was photographed twice, over the true adapters."""
    around = Offline(lambda: NOON)
    reports = [with_photo(one) for one in FOLLOWED]
    reports[0] = replace(reports[0], photos=("y-1.png", "y-1b.png"))
    for one in reports[:3]:
        around.systems[one.source].publish(one)
    made = make_session(folder, reports, lines=())
    made.reach = around.adapter
    return made


def page_of(pilot: Pilot[None]) -> PhotoPage:
    page = pilot.app.screen.page  # type: ignore[attr-defined]
    assert isinstance(page, PhotoPage)
    return page


def words(page: PhotoPage) -> str:
    return " ".join(line if isinstance(line, str) else "" for line in page.home.lines)


async def look(pilot: Pilot[None], line: str) -> PhotoPage:
    pilot.app.screen.entry.run(line)  # type: ignore[attr-defined]
    await settle(pilot)
    return page_of(pilot)


class TestPage:
    @pytest.mark.parametrize("size", [(80, 24), (120, 40)])
    @pytest.mark.parametrize("lang", ["zh", "en"])
    async def test_shows_what_the_selected_incident_has(
        self, tmp_path: Path, size: tuple[int, int], lang: str
    ) -> None:
        app = make_app(session(tmp_path), lang)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await pilot.press("f6")
            await settle(pilot)
            await pilot.press("ctrl+o")
            await settle(pilot)
            page = page_of(pilot)
            assert [one.name for one in page.photos] == ["y-1.png", "y-1b.png"]
            (shown,) = page.query_one("#photo-frame").children
            assert 20 < shown.size.width <= size[0]
            assert 8 < shown.size.height <= size[1] - 6
            before = shown.size
            await pilot.press("right")
            await settle(pilot)
            assert page.at == 1
            assert "y-1b.png" in words(page)
            await pilot.press("minus")
            await settle(pilot)
            (smaller,) = page.query_one("#photo-frame").children
            assert smaller.size.height <= min(14, before.height)
            await pilot.press("escape")
            await settle(pilot)
            assert app.screen.page.verb == "watch"  # type: ignore[attr-defined]
            assert not page.query_one("#photo-frame").children

    async def test_says_why_there_is_nothing(self, tmp_path: Path) -> None:
        made = session(tmp_path)
        app = make_app(made, "en")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            page = await look(pilot, "photo 3")
            assert words(page) == "this incident has no pictures"
            made.reach = None
            page = await look(pilot, "photo 23-1")
            assert "not linked" in words(page)
            made.reach = reach(Photo(header(50_000, 50_000), "image/png"))
            page = await look(pilot, "photo 23-1")
            assert "40,000,000 points" in words(page)
            assert not page.query_one("#photo-frame").children


def test_one_that_is_named_without_an_adapter_type_fits_the_port() -> None:
    adapter: Adapter | None = Offline(lambda: NOON).adapter("hazards")
    assert adapter is not None
    assert Offline(lambda: NOON).adapter("nobody") is None
