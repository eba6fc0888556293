"""The palette (Ctrl+P): everything that can be done, searched while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical

from console.i18n import Translator
from widgets.command_line import CommandLine
from widgets.queue_table import Column, QueueTable, Row

if TYPE_CHECKING:
    from console.screens.offers import Offer


class Palette(Vertical):
    """A list above a line, docked below the page; hidden until it is opened.

    Args:
        words: the translator.
    """

    DEFAULT_CSS = """
    Palette { height: 13; display: none; }
    Palette QueueTable { height: 1fr; }
    """

    def __init__(self, words: Translator) -> None:
        super().__init__(id="palette")
        self.words = words
        self._offers: list[Offer] = []
        self._shown: list[Offer] = []
        self._searched = ""

    def compose(self) -> ComposeResult:
        """The list, and the line that searches it."""
        table = QueueTable((Column("name", "", 12),), id="palette-list")
        table.can_focus = False
        yield table
        yield CommandLine(prompt="? ", id="palette-line")

    @property
    def line(self) -> CommandLine:
        """Where the officer types."""
        return self.query_one("#palette-line", CommandLine)

    @property
    def table(self) -> QueueTable:
        """What fits."""
        return self.query_one("#palette-list", QueueTable)

    def open(self, role: str) -> None:
        """Show everything that a role may do."""
        from console.screens.offers import offers

        self._offers = offers(self.words, role)
        self.line.set_text("")
        zh = self.words.lang == "zh"
        self.table.set_columns(
            (
                Column("name", "", 13 if zh else 18, priority=9),
                Column("second", "", 18 if zh else 12, priority=4),
                Column("pinyin", "", 18, priority=3),
                Column("key", "", 7, priority=6),
                Column("about", "", 30, priority=8, flexible=True),
            )
        )
        self.table.set_empty(self.words.t("palette.none"))
        self.display = True
        self._search()

    def type(self, event: events.Key) -> bool:
        """Search by a key or move in the list, at once: an Enter that follows must find it done.

        Returns whether the key is used up.
        """
        if event.key in ("up", "down"):
            self.table.move_by(1 if event.key == "down" else -1)
        elif event.key in ("pageup", "pagedown"):
            self.table.move_page(1 if event.key == "pagedown" else -1)
        elif event.key != "tab":
            before = self.line.text
            used = self.line.press(event)
            if self.line.text != before:
                self._search()
            return used
        return True

    @property
    def chosen(self) -> Offer | None:
        """What Enter takes; None when nothing fits."""
        key = self.table.selected_key
        return None if key is None else self._shown[key]

    @on(CommandLine.Edited)
    def _edited(self, message: CommandLine.Edited) -> None:
        message.stop()
        if self.display and self.line.text != self._searched:
            self._search()  # a paste

    @on(QueueTable.Selected)
    def _selected(self, message: QueueTable.Selected) -> None:
        message.stop()

    def _search(self) -> None:
        from console.screens.offers import fitting

        self._searched = self.line.text
        self._shown = fitting(self._offers, self._searched)
        rows = [
            Row(n, (*one.names, one.key, one.about), marks=((0, "key"), (3, "key")))
            for n, one in enumerate(self._shown)
        ]
        title = self.words.t("palette.title")
        self.table.set_title(title, self.words.t("queue.total", n=len(rows)))
        self.table.set_window(0, rows, len(rows))
        self.table.move_to(0)
