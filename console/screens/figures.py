"""The figures page (F3): accident, fraud and fire, countable back to their incidents.

Tabs and standings above, tiles below: as many as there is room for, the others a Tab away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.widget import Widget

from console.domain.clock import Instant
from console.domain.message import Problem, msg
from console.domain.panels import FIELDS, WINDOWS, Window
from console.i18n import Translator
from console.screens.jobs import Jobs
from console.screens.page import Page
from widgets.chart import Chart, warm
from widgets.lines import LinesView
from widgets.pane import Line, Pane

if TYPE_CHECKING:
    from console.desk.figured import Figured
    from console.desk.session import Session
    from console.domain.results import ResultsPanel
    from console.screens.drawing import Drawing
    from console.screens.figures_drawing import FiguresDrawing

CHARTS = ("trend", "kinds", "towns", "heat", "more", "usual", "spots")
TILES = (
    "trend", "kinds", "towns", "heat", "more", "numbers", "usual", "spots", "results", "risks",
)  # fmt: skip
"""What there is to see, in the order of Tab."""

OF_FIELD = frozenset({"spots"})
"""Tiles of a single field."""

OF_ALL = frozenset({"results", "risks"})
"""Tiles of all fields together."""

EVERY = 3
"""Seconds between two readings when something has changed."""

TILE_WIDTH, TILE_HEIGHT = 38, 12
"""Cells and lines below which a tile cannot be read."""


class FiguresPage(Page):
    """One field in one window, and how every field stands in every window."""

    how = "figures.how"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    FiguresPage #figures-tabs { height: 1; }
    FiguresPage #figures-standings { height: 6; }
    MainScreen.-narrow FiguresPage #figures-standings { height: 7; }
    FiguresPage #figures-tiles { height: 1fr; layout: grid; grid-gutter: 0 1; }
    """

    digits_turn = True

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(verb, words, jobs)
        self.field = "all"
        self.window: str | Window = "today"
        self.figured: Figured | None = None
        self.sheet = 0
        self.sheets: tuple[tuple[str, ...], ...] = (TILES,)
        """Which tiles are on the screen together."""
        self._art: FiguresDrawing | None = None
        self._at = ""
        """The tile that had the keyboard last."""
        self._laid: tuple[Size, str] | None = None
        self._room = TILE_WIDTH
        """Cells of a line in a tile."""
        self._results: ResultsPanel | None = None
        """For which size and field the tiles are laid out."""
        self._spots: tuple[tuple[str, int], ...] = ()
        self._spots_of: tuple[str, Window] | None = None
        """Which field and window the hot spots are of."""
        self._stale = False
        self._ticks = 0
        self._day = ""

    def compose(self) -> ComposeResult:
        """Tabs, standings, tiles."""
        yield LinesView(id="figures-tabs")
        yield LinesView(id="figures-standings")
        with Container(id="figures-tiles"):
            for name in TILES:
                if name in CHARTS:
                    yield Chart(selects=True, id=f"figures-{name}")
                else:
                    yield LinesView(title=" ", scrolls=True, id=f"figures-{name}")

    @property
    def home(self) -> Widget:
        """The tile that the officer was on, or the first one in sight."""
        sheet = self.sheets[self.sheet]
        return self.tile(self._at if self._at in sheet else sheet[0])

    @property
    def tiles(self) -> tuple[str, ...]:
        """What there is to see of the field, in the order of Tab."""
        return tuple(one for sheet in self.sheets for one in sheet)

    def tile(self, name: str) -> Pane:
        """One of `TILES`."""
        return self.query_one(f"#figures-{name}", Pane)

    # --- what it is told ---------------------------------------------------------

    def connect(self, session: Session, drawing: Drawing) -> None:
        """The store is open; what draws axes is imported before it is needed."""
        from console.screens.figures_drawing import FiguresDrawing

        self._art = FiguresDrawing(drawing)
        self.jobs.read("figures-warm", warm, lambda _none: None)
        super().connect(session, drawing)

    def opened(self, words: str = "") -> None:
        """Show what was asked for; without words what was shown last."""
        super().opened()
        if not words.strip() or self.session is None:
            return
        from console.desk.wanted import read_wanted

        try:
            asked = read_wanted(words.split())
        except Problem as problem:
            self.post_message(self.Say(problem.message, "error"))
            return
        self._choose(asked.field or self.field, asked.window or self.window)

    def renew(self, touched: frozenset[int] | None = frozenset()) -> None:
        """Read everything, now or in a few seconds."""
        if touched is None:
            self._read()
            self._read_whole()
        elif touched:
            self._stale = True

    def tick(self, now: Instant) -> None:
        """What has changed is read now and then, and a new day at once."""
        self._ticks += 1
        if self.drawing is None:
            return
        day = self.drawing.clock(now, day=True)[:5]
        if day != self._day or (self._stale and self._ticks >= EVERY):
            self._read()

    def relabel(self) -> None:
        """Say everything again."""
        self._show_tabs()
        if self.figured is not None:
            self._show(self.figured)
        self._read_whole()

    def on_resize(self) -> None:
        """Other tiles fit."""
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        self._lay_out()
        if self.figured is not None:
            self._show(self.figured)
        if self._results is not None:
            self._show_results(self._results)

    def _read(self) -> None:
        if self.session is None:
            return
        from console.desk.figured import figured

        self._stale, self._ticks = False, 0
        if self.drawing is not None:
            self._day = self.drawing.clock(self.session.desk.clock.now(), day=True)[:5]
        desk, field, window = self.session.desk, self.field, self.window
        self.jobs.read("figures", lambda: figured(desk, field, window), self._show)

    def _read_spots(self) -> None:
        """The hot spots, behind the rest: they are counted from the incidents themselves."""
        if self.session is None or self.figured is None or "spots" not in self.tiles:
            return
        from console.desk.figured import spots

        desk, panel = self.session.desk, self.figured.panel

        def show(found: tuple[tuple[str, int], ...]) -> None:
            self._spots, self._spots_of = found, (panel.field, panel.window)
            self._show_spots()

        self.jobs.read("figures-spots", lambda: spots(desk, panel.field, panel.window), show)

    def _read_whole(self) -> None:
        """The results of the year, and the ten risk fields: seldom, for they change slowly."""
        if self.session is None or self._art is None:
            return
        from console.desk.followed import field_standings
        from console.desk.resulted import resulted

        desk, art = self.session.desk, self._art
        self.jobs.read(
            "figures-results",
            lambda: resulted(desk),
            self._show_results,
        )
        self.jobs.read(
            "figures-risks",
            lambda: field_standings(desk),
            lambda found: self._show_lines("risks", art.risks(found)),
        )

    def _show_results(self, found: ResultsPanel) -> None:
        self._results = found
        if self._art is not None:
            self._show_lines("results", self._art.results(found, self._room))

    def _show_lines(self, name: str, lines: list[Line]) -> None:
        tile = self.tile(name)
        assert isinstance(tile, LinesView)
        tile.set_title(self.words.t(f"figures.{name}"))
        tile.set_lines(lines)

    def _choose(self, field: str, window: str | Window) -> None:
        self.field, self.window = field, window
        self._lay_out()
        self._read()

    # --- keys --------------------------------------------------------------------

    def press(self, event: events.Key) -> bool:
        """Digits choose field and window, brackets go back and forth in time, Tab to the next
        tile, Enter to the incidents of the selected bar.
        """
        character = event.character or ""
        if event.key == "enter":
            self._drill()
        elif event.key in ("tab", "shift+tab"):
            self._next(1 if event.key == "tab" else -1)
        elif character in "[]" and character:
            self._shift(1 if character == "[" else -1)
        elif character.isdigit() and 1 <= int(character) <= len(FIELDS):
            self._choose(FIELDS[int(character) - 1], self.window)
        elif character.isdigit() and 0 < int(character) - len(FIELDS) <= len(WINDOWS):
            self._choose(self.field, WINDOWS[int(character) - len(FIELDS) - 1])
        else:
            return False
        return True

    def _shift(self, back: int) -> None:
        if self.figured is None:
            return
        from console.desk.wanted import earlier

        self._choose(self.field, earlier(self.figured.panel.window, back, self.today))

    def _next(self, step: int) -> None:
        names = self.tiles
        focused = self.screen.focused
        now = next((n for n, one in enumerate(names) if self.tile(one) is focused), -step)
        name = names[(now + step) % len(names)]
        sheet = next(n for n, sheet in enumerate(self.sheets) if name in sheet)
        if sheet != self.sheet:
            self.sheet = sheet
            self._turn()
        self._at = name
        self.screen.set_focus(self.tile(name))

    # --- to the incidents -----------------------------------------------------------

    def _drill(self) -> None:
        """The incidents of the selected bar, in the queue."""
        focused = self.screen.focused
        if not isinstance(focused, Chart) or self.figured is None or self._art is None:
            return
        name = (focused.id or "").removeprefix("figures-")
        line = self._art.incidents_of(self.figured.panel, name, focused.key, self.words.lang)
        if line is None:
            self.post_message(self.Say(msg("figures.no_way"), "error"))
        else:
            self.post_message(self.Run(line))

    @on(Chart.Picked)
    def _picked(self, message: Chart.Picked) -> None:
        message.stop()
        self._drill()

    # --- drawing -----------------------------------------------------------------

    def _lay_out(self) -> None:
        """Share the room among as many tiles as can be read in it."""
        if not self.size:
            return  # hidden, or just shown: the tiles and the keyboard stay where they were
        self._laid = (self.size, self.field)
        box = self.query_one("#figures-tiles", Container)
        width, height = self.size.width, self.size.height - 7
        columns = max(1, min(4, (width + 1) // (TILE_WIDTH + 1)))
        rows = max(1, min(3, height // TILE_HEIGHT))
        count = columns * rows
        left_out = OF_FIELD if self.field == "all" else OF_ALL
        tiles = [one for one in TILES if one not in left_out]
        self.sheets = tuple(tuple(tiles[n : n + count]) for n in range(0, len(tiles), count))
        fewest = min(columns, max(len(sheet) for sheet in self.sheets))
        self._room = max(TILE_WIDTH, (width + 1) // fewest - 1)
        box.styles.grid_size_columns = fewest
        box.styles.grid_size_rows = min(rows, -(-max(map(len, self.sheets)) // fewest))
        self.sheet = min(self.sheet, len(self.sheets) - 1)
        self._turn()

    def _turn(self) -> None:
        """Show the tiles of the sheet, and no others."""
        for name in TILES:
            self.tile(name).display = name in self.sheets[self.sheet]
        focused = self.screen.focused
        if focused is not None and self in focused.ancestors and not focused.display:
            self.screen.set_focus(self.home)
        self._show_tabs()
        self._show_standings()

    def _show_standings(self) -> None:
        if self._art is None or self.figured is None:
            return
        lines = self._art.standings(self.figured, self.size.width, self.sheet, len(self.sheets))
        self.query_one("#figures-standings", LinesView).set_lines(lines)

    def _show_tabs(self) -> None:
        if self._art is None:
            return
        line = self._art.tabs(self.field, self.window)
        self.query_one("#figures-tabs", LinesView).set_lines([line])

    def _show_spots(self) -> None:
        """The hot spots of what is shown; none while only those of something else are known."""
        if self._art is not None and self.figured is not None:
            panel, tile = self.figured.panel, self.tile("spots")
            assert isinstance(tile, Chart)
            known = self._spots if self._spots_of == (panel.field, panel.window) else ()
            tile.set(self._art.spots(known, panel.window))

    def _show(self, found: Figured) -> None:
        wanted = self.window if isinstance(self.window, Window) else None
        if self._art is None or found.panel.field != self.field:
            return
        if wanted is None and found.panel.window.name != self.window:
            return  # the officer has gone on to another window
        if wanted is not None and found.panel.window != wanted:
            return
        self.figured = found
        if self._laid != (self.size, self.field):
            self._lay_out()
        art = self._art
        self._show_standings()
        for name, chart in art.charts(found).items():
            tile = self.tile(name)
            assert isinstance(tile, Chart)
            tile.set(chart)
        self._show_lines("numbers", art.numbers(found.panel, self._room))
        self._show_spots()
        self._read_spots()
