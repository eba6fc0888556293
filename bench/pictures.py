"""The README's pictures: the demo played by a pair of hands, and drawn as SVG.

`python -m bench.pictures` writes ``docs/pictures/``: the watch screen, the help, the form for a
telephone call and the smallest screen. The pictures are of the running program: its demo, its
lines, its screen. At the end of a scene time stands still, so that nothing moves while it is drawn.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len
from textual.pilot import Pilot

from console.app import ZhibanApp
from console.cli_demo import open_demo
from console.desk.session import Session
from console.domain.clock import ScaledClock
from console.domain.filters import QueueFilter
from console.early import Early
from console.launch import Show
from console.store import queue

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
LARGE = (120, 40)
SMALL = (80, 24)
SPEED = 8.0
"""Scenario seconds a second: fast enough to wait for, slow enough for the crews to be seen."""

STORY = "育才东路88号"
"""Where the demo's own fraud warning is."""

DEADLINE = 240.0
"""Seconds of real time after which something that should have come has not."""

# A picture must not fetch anything when it is looked at; the reader's own fonts do.
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_FONT = re.compile(
    r"font-family: Fira Code, *monospace|font-variant-east-asian: full-width;", re.IGNORECASE
)
FONTS = "font-family: 'Noto Sans Mono CJK SC', 'Sarasa Mono SC', Menlo, Consolas, monospace"
"""Fonts in which a Chinese character is two Latin ones wide first, where the reader has them."""

_TEXT = re.compile(
    r'<text (class="[^"]*") x="([^"]*)" (y="[^"]*") textLength="[^"]*"([^>]*)>(.*?)</text>'
)
CELL = 12.2
"""Width of a cell in a picture, in its own units."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One run of the demo and the pictures taken at its end.

    Args:
        lang, theme, size: of the screen.
        shots: name of the file -> keys that are pressed before it is drawn.
    """

    lang: str
    theme: str
    size: tuple[int, int]
    shots: tuple[tuple[str, tuple[str, ...]], ...]


SCENES = (
    Scene(
        "zh",
        "dark",
        LARGE,
        (
            ("watch-zh-dark.svg", ()),
            ("form-zh-dark.svg", ("ctrl+n",)),
            ("group-zh-dark.svg", ("escape", "f7")),
            ("figures-zh-dark.svg", ("f3", "3", "8", "tab")),
            ("map-zh-dark.svg", ("f4",)),
            ("help-zh-dark.svg", ("escape", "f1")),
        ),
    ),
    Scene(
        "en",
        "light",
        LARGE,
        (
            ("watch-en-light.svg", ()),
            ("form-en-light.svg", ("ctrl+n",)),
            ("loops-en-light.svg", ("escape", "f6")),
            ("links-en-light.svg", ("f10",)),
            ("figures-en-light.svg", ("f3", "3", "8", "tab")),
            ("map-en-light.svg", ("f4",)),
            ("help-en-light.svg", ("escape", "f1")),
        ),
    ),
    Scene("en", "dark", SMALL, (("watch-en-dark-80x24.svg", ()),)),
    Scene("zh", "dark", SMALL, (("watch-zh-dark-80x24.svg", ()),)),
)


class Sitting:
    """The demo in a terminal that is nowhere, and an officer's hands."""

    def __init__(self, lang: str, theme: str) -> None:
        self._session: Session | None = None
        self._lang = lang
        self.app = ZhibanApp(Early(lang, theme, False, False), self._launch)

    def _launch(self, _show: Show) -> Session:
        self._session = open_demo({"speed": SPEED, "lang": self._lang})
        return self._session

    @property
    def session(self) -> Session:
        """The demo's session, once it is open."""
        assert self._session is not None
        return self._session

    def story(self) -> queue.QueueRow | None:
        """The fraud warning, when it has arrived."""
        if self._session is None:
            return None
        with self._session.desk.store.read() as tx:
            _, rows = queue.listed(tx, QueueFilter(), 200)
        return next((row for row in rows if STORY in row.place), None)

    async def until(self, there: Callable[[], bool]) -> None:
        """Wait until something is there.

        Raises:
            TimeoutError: it did not come within `DEADLINE`.
        """
        async with asyncio.timeout(DEADLINE):
            while not await asyncio.to_thread(there):
                await asyncio.sleep(0.1)

    async def play(self) -> None:
        """Sign the warning, call once in vain, send the officer; then time stands still."""
        await self.until(lambda: self.story() is not None)
        found = self.story()
        assert found is not None
        number = found.id % 10_000
        body = self.app.get_default_screen().watch_page
        for line in (f"接 {number}", f"电 {number} 占线", f"派 {number} P31"):
            done = await asyncio.to_thread(self.session.desk.run, line, found.id, self._lang)
            assert all(one.ok for one in done), line
        clock = self.session.desk.clock
        assert isinstance(clock, ScaledClock)
        clock.speed = 0
        async with asyncio.timeout(DEADLINE):
            while body.selected != found.id:  # a page that comes in now may move it once more
                body.queue.select(found.id, 0)
                await asyncio.sleep(0.3)
        # The past is written beside the console: the figures are of all of it.
        await self.until(lambda: all(one.name != "history" for one in threading.enumerate()))

    def draw(self, name: str) -> None:
        """Write the screen as it is now."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        picture = portable(self.app.export_screenshot(title="zhiban 值班"))
        (FOLDER / name).write_text(picture, encoding="utf-8")
        print(f"docs/pictures/{name}", file=sys.stderr)


def portable(picture: str) -> str:
    """A screen that looks the same wherever it is looked at.

    Nothing is fetched, and every word stands in its own cells: what a viewer makes of spaces, or of
    a font that is not there, moves no column.
    """
    picture = _FONT.sub(lambda found: FONTS if "Fira" in found[0] else "", picture)
    return _TEXT.sub(_word_by_word, _FONT_FACE.sub("", picture))


def _word_by_word(found: re.Match[str]) -> str:
    kind, x, y, rest, text = found.groups()
    parts = []
    for word in re.finditer(r"[^ \xa0]+", line := html.unescape(text)):
        at = float(x) + CELL * cell_len(line[: word.start()])
        parts.append(
            f'<text {kind} x="{at:.1f}" {y} textLength="{CELL * cell_len(word[0]):.1f}"{rest}>'
            f"{html.escape(word[0])}</text>"
        )
    return "".join(parts)


async def still(sitting: Sitting, pilot: Pilot[None]) -> None:
    """Wait until nothing is read or written any more and what was read has been drawn."""
    jobs = sitting.app.get_default_screen().jobs
    await pilot.pause(1.5)  # the screen asks for changes at most twice a second
    await sitting.until(lambda: not jobs.busy())
    await pilot.pause(0.2)


async def sit(scene: Scene) -> None:
    """Play one scene and take its pictures."""
    sitting = Sitting(scene.lang, scene.theme)
    async with sitting.app.run_test(size=scene.size) as pilot:
        await sitting.play()
        for name, keys in scene.shots:
            if keys:
                await pilot.press(*keys)
            await still(sitting, pilot)
            sitting.draw(name)


async def draw_all() -> None:
    """Every picture."""
    for scene in SCENES:
        await sit(scene)


if __name__ == "__main__":
    asyncio.run(draw_all())
