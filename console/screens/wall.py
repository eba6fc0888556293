"""The wall's one screen: a title, a panel that comes round, and what the keys are.

The widgets are made once and filled anew, so that a wall that stands for weeks makes nothing it
has to let go of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.timer import Timer

from console.domain.message import Message
from console.i18n import Translator
from console.screens.drawing import Drawing
from console.screens.jobs import Answer, Jobs
from console.screens.wall_drawing import FIELD_LINES, WallDrawing, clock_of
from widgets.chart import Chart
from widgets.lines import LinesView
from widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from console.desk.walled import Walled, WallReader

READ = 5
"""Seconds between two looks at the store."""

FIELDS = ("traffic", "fraud", "fire")


class WallScreen(Screen[None]):
    """The wall.

    Args:
        words: the translator.
        drawing: names and moments.
        reader: reads the store and its time.
        panels: which panels come round, in this order; at least one.
        every: seconds that a panel stands.
        center: the district's name.
    """

    AUTO_FOCUS = ""

    def __init__(
        self,
        words: Translator,
        drawing: Drawing,
        reader: WallReader,
        panels: Sequence[str],
        every: float,
        center: str,
    ) -> None:
        super().__init__()
        self.words = words
        self.jobs = Jobs(self)
        self.panels = tuple(panels)
        self.held = False
        """Whether the panel stands until it is let go."""
        self.found: Walled | None = None
        self.trouble: Message | None = None
        """Why the store cannot be read."""
        self._drawing = drawing
        self._wall = WallDrawing(drawing)
        self._reader = reader
        self._every = every
        self._center = center
        self._at = 0
        self._ticks = 0
        self._turn: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title, words, charts, towns, foot."""
        yield StatusBar(id="wall-top")
        yield LinesView(id="wall-lines")
        with Horizontal(id="wall-charts"):
            yield Chart(id="wall-day")
            yield Chart(id="wall-week")
        yield Chart(id="wall-towns")
        yield StatusBar(id="wall-foot")

    @property
    def panel(self) -> str:
        """The panel that is shown."""
        return self.panels[self._at]

    def on_mount(self) -> None:
        """Begin."""
        self.set_interval(1.0, self._tick)
        self._wait()
        self._show()
        self.read()

    def read(self) -> None:
        """Look at the store."""
        self.jobs.read("wall", self._reader.read, self._read)

    def on_answer(self, answer: Answer) -> None:
        """A look is finished; what cannot be read is said, and looked at again."""
        if answer.problem is not None:
            self.trouble = answer.problem.message
            self._show_foot()
            return
        self.trouble = None
        answer.then(answer.value)

    def _read(self, found: Walled) -> None:
        self.found = found
        self._show()

    def turn(self, by: int) -> None:
        """Show the panel so many places on."""
        self._at = (self._at + by) % len(self.panels)
        self._wait()
        self._show()

    def _wait(self) -> None:
        """The panel that is shown stands its whole time from now on."""
        if self._turn is not None:
            self._turn.stop()
        self._turn = self.set_timer(self._every, self._turned)

    def hold(self) -> None:
        """Keep the panel that is shown, or let it go."""
        self.held = not self.held
        self._show_foot()

    def _turned(self) -> None:
        if self.held or len(self.panels) == 1:
            self._wait()
        else:
            self.turn(1)

    def _tick(self) -> None:
        self._ticks += 1
        self._show_top()
        if self._ticks % READ == 0:
            self.read()

    # --- drawing -----------------------------------------------------------------

    def _show(self) -> None:
        kind = "field" if self.panel in FIELDS else self.panel
        for name in ("now", "field", "towns", "links"):
            self.set_class(name == kind, f"-{name}")
        self._show_top()
        self._show_foot()
        if self.found is not None:
            self._fill(self.found)

    def _fill(self, found: Walled) -> None:
        size, plain = self.size, self.app.has_class("-ascii")
        height = FIELD_LINES if self.panel in FIELDS else max(0, size.height - 3)
        self.query_one("#wall-lines", LinesView).set_lines(
            self._wall.lines(found, self.panel, size.width, height, plain=plain)
        )
        if self.panel in FIELDS:
            self.query_one("#wall-day", Chart).set(self._wall.day_chart(found, self.panel))
            self.query_one("#wall-week", Chart).set(self._wall.week_chart(found, self.panel))
        elif self.panel == "towns":
            self.query_one("#wall-towns", Chart).set(self._wall.towns_chart(found))

    def _show_top(self) -> None:
        t = self.words.t
        day, time = clock_of(self._drawing, self._reader.now())
        top = self.query_one("#wall-top", StatusBar)
        top.set_left(
            ((t("wall.name", center=self._center), "strong"), (self._wall.title(self.panel), "key"))
        )
        top.set_right(((day, "text"), (time, "strong")))

    def _show_foot(self) -> None:
        t = self.words.t
        foot = self.query_one("#wall-foot", StatusBar)
        if self.trouble is not None:
            foot.set_left(((t(self.trouble), "error"),))
            since = self.found.now if self.found is not None else None
            shown = self._drawing.clock(since, day=True) if since is not None else "-"
            foot.set_right(((t("wall.as_of", at=shown), "warn"),))
            return
        held = (t("wall.held"), "warn") if self.held else (t("wall.keys"), "dim")
        foot.set_left((held,))
        foot.set_right(((f"{self._at + 1}/{len(self.panels)}", "text"),))

    def on_resize(self, event: events.Resize) -> None:
        """Another size: the figures are laid out anew."""
        self._show()

    def on_key(self, event: events.Key) -> None:
        """Arrows change the panel, space holds it, q and Esc leave."""
        steps = {"right": 1, "down": 1, "pagedown": 1, "left": -1, "up": -1, "pageup": -1}
        if event.key in steps:
            self.turn(steps[event.key])
        elif event.key == "space":
            self.hold()
        elif event.key in ("q", "escape", "ctrl+c", "ctrl+q"):
            self.app.exit()
        else:
            return
        event.stop()
