"""Peer: Textual's own `DataTable` of incidents, a row cursor, nothing else on the screen.

Usage: `python -m bench.peers.datatable COUNT`. The table is filled before the first frame.
"""

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable

from bench.peers.incidents import COLUMNS, rows


class Table(App[None]):
    """A table of `count` rows with a row cursor."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def compose(self) -> ComposeResult:
        """Nothing but the table."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable)
        table.add_columns(*COLUMNS)
        table.add_rows(rows(self._count))
        table.focus()


if __name__ == "__main__":
    Table(int(sys.argv[1])).run()
