"""The five-colour map (F4): the towns as tiles, and the card of the selected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from console.desk.verbs import BY_ID
from console.domain.clock import Instant
from console.domain.message import Problem, msg
from console.domain.panels import FIELDS, WINDOWS, Window
from console.domain.risk_map import COMBINED
from console.i18n import Translator
from console.screens.jobs import Jobs
from console.screens.page import Page
from widgets.lines import LinesView
from widgets.tile_map import TileMap

if TYPE_CHECKING:
    from console.desk.mapped import Mapped
    from console.desk.session import Session
    from console.screens.drawing import Drawing
    from console.screens.map_drawing import MapDrawing

READ_EVERY = 60
"""Seconds after which the map is read again although nothing was reported: time passes."""


class MapPage(Page):
    """Where it is worse than usual, and why."""

    how = "map.how"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    MapPage #map-bar { height: 1; }
    MapPage #map-floor { height: 1fr; }
    MapPage #map-tiles { width: 3fr; }
    MapPage #map-card { width: 2fr; padding-left: 1; }
    MapPage #map-legend { height: 1; }
    MainScreen.-narrow MapPage #map-floor { layout: vertical; }
    MainScreen.-narrow MapPage #map-tiles { width: 1fr; height: 10; }
    MainScreen.-narrow MapPage #map-card { width: 1fr; height: 1fr; padding-left: 0; }
    """

    digits_turn = True

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(verb, words, jobs)
        self.field = COMBINED
        self.chosen: str | Window = "week"
        """Name of the window, or any days."""
        self.mapped: Mapped | None = None
        self._art: MapDrawing | None = None
        self._named = ""
        """The town that was named when the map was opened: selected when it is there."""
        self._stale = False
        self._ticks = 0

    def compose(self) -> ComposeResult:
        """Fields and windows above, map and card in the middle, the colours below."""
        yield LinesView(id="map-bar")
        with Horizontal(id="map-floor"):
            yield TileMap(title=self.words.t("verb.map"), id="map-tiles")
            yield LinesView(title=self.words.t("map.card"), scrolls=True, id="map-card")
        yield LinesView(id="map-legend")

    @property
    def tiles(self) -> TileMap:
        """The map."""
        return self.query_one("#map-tiles", TileMap)

    @property
    def card(self) -> LinesView:
        """What is known of the selected town."""
        return self.query_one("#map-card", LinesView)

    @property
    def home(self) -> TileMap:
        """The keyboard belongs to the map."""
        return self.tiles

    # --- what it is told -----------------------------------------------------------

    def connect(self, session: Session, drawing: Drawing) -> None:
        """The store is open."""
        from console.screens.map_drawing import MapDrawing

        self._art = MapDrawing(drawing)
        super().connect(session, drawing)

    def opened(self, words: str = "") -> None:
        """Show the field, window and town that are named; what is not named stays."""
        super().opened()
        if not words.strip() or self.session is None:
            return
        from console.desk.wanted import read_wanted

        try:
            wanted = read_wanted(words.split(), self.session.desk.rules.gazetteer)
        except Problem as problem:
            self.post_message(self.Say(problem.message, "error"))
            return
        self.field = wanted.field or self.field
        self.chosen = wanted.window or self.chosen
        if wanted.town is not None:
            self._named = wanted.town
            if self.tiles.select(wanted.town):
                self._show_card()

    def renew(self, touched: frozenset[int] | None = frozenset()) -> None:
        """Read the map: at once when it is opened, else with the next second."""
        if touched is None:
            self._read()
        elif touched:
            self._stale = True

    def tick(self, now: Instant) -> None:
        """What has changed within the second; the passing of time now and then."""
        self._ticks += 1
        if self._stale or self._ticks >= READ_EVERY:
            self._read()

    def relabel(self) -> None:
        """Say everything again."""
        self._show_around()
        if self.mapped is not None:
            self._show(self.mapped)

    def on_resize(self) -> None:
        """Lines are broken anew."""
        self._show_card()

    def press(self, event: events.Key) -> bool:
        """Digits choose field and window, brackets go back and forth in time; Enter opens the
        incidents. The keys are those of the figures page.
        """
        sign = event.character or ""
        n = int(sign) if sign.isascii() and sign.isdigit() else 0
        if event.key == "enter":
            self._open()
        elif sign and sign in "[]【】":
            self._shift(1 if sign in "[【" else -1)
        elif 1 <= n <= len(FIELDS):
            self._choose(FIELDS[n - 1], self.chosen)
        elif 0 < n - len(FIELDS) <= len(WINDOWS):
            self._choose(self.field, WINDOWS[n - len(FIELDS) - 1])
        else:
            return False
        return True

    def _choose(self, field: str, chosen: str | Window) -> None:
        self.field, self.chosen = field, chosen
        self._read()

    def _shift(self, back: int) -> None:
        if self.mapped is not None:
            from console.desk.wanted import earlier

            self._choose(self.field, earlier(self.mapped.window, back, self.today))

    # --- reading and showing -----------------------------------------------------------

    def _read(self) -> None:
        if self.session is None:
            return
        from console.desk.mapped import mapped

        self._stale, self._ticks = False, 0
        desk, field, chosen = self.session.desk, self.field, self.chosen

        def show(found: Mapped) -> None:
            if (field, chosen) == (self.field, self.chosen):
                self._show(found)

        self._show_around()
        self.jobs.read("map", lambda: mapped(desk, field, chosen), show)

    def _show(self, found: Mapped) -> None:
        first = self.mapped is None
        self.mapped = found
        if self._art is None:
            return
        tiles, outside = self._art.tiles(found)
        self.tiles.set_title(self._art.title(found), self.words.t("queue.total", n=found.map.total))
        self.tiles.set_tiles(tiles, outside)
        if first:
            worst = max(found.map.tiles, key=lambda tile: tile.now.score, default=None)
            self.tiles.select(self._named or (worst.place.town if worst is not None else ""))
        self._show_around()
        self._show_card()

    def _show_around(self) -> None:
        if self._art is None:
            return
        bar, legend = (
            self.query_one("#map-bar", LinesView),
            self.query_one("#map-legend", LinesView),
        )
        bar.set_lines([self._art.bar(self.field, self.chosen, self.mapped)])
        legend.set_lines([self._art.legend()])

    @on(TileMap.Selected, "#map-tiles")
    def _selected(self, message: TileMap.Selected) -> None:
        message.stop()
        self.card.set_lines((), keep_top=False)
        self._show_card()

    def _show_card(self) -> None:
        at = self.tiles.selected
        if self._art is None or self.mapped is None or at is None:
            return
        self.card.set_title(self._art.name(at.key, whole=True))
        width = max(20, self.card.content_size.width)
        self.card.set_lines(self._art.card(self.mapped, at.key, width))

    def _open(self) -> None:
        """The incidents of the selected tile, in the queue."""
        at, found = self.tiles.selected, self.mapped
        if at is None or found is None:
            return
        from console.desk.mapped import rows_line

        if at.count == "0":
            self.post_message(self.Say(msg("map.nothing", town=at.name), "dim"))
            return
        names = BY_ID["filter"].names
        verb = names.zh if self.words.lang == "zh" else names.en
        line = rows_line(verb, found.map.field, found.window, at.key)
        if line is None:
            self.post_message(self.Say(msg("figures.no_way"), "error"))
        else:
            self.post_message(self.Run(line))
