"""The units page (F12): the board of the watch page with the whole screen to itself."""

from __future__ import annotations

from textual.app import ComposeResult

from console.screens.page import Page
from console.screens.reading import Counts
from widgets.units_board import UnitsBoard


class UnitsPage(Page):
    """Every unit of the district."""

    how = "units.how"

    def compose(self) -> ComposeResult:
        """One board."""
        yield UnitsBoard(title=self.words.t("pane.units"), cell_width=24, id="units-board")

    @property
    def home(self) -> UnitsBoard:
        """The board; the arrows scroll it."""
        return self.query_one("#units-board", UnitsBoard)

    def relabel(self) -> None:
        """The board's title and what it says when it is empty."""
        self.home.set_title(self.words.t("pane.units"))
        self.home.set_empty(self.words.t("units.none"))

    def counted(self, counts: Counts) -> None:
        """The units, as they stand now."""
        if self.drawing is not None and self.session is not None:
            self.home.set_items(self.drawing.units(counts.units, self.session.desk.clock.now()))
