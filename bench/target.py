"""What is measured: how a program is started and how one reads off its screen that it is there."""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.terminal import Terminal

PEERS = Path(__file__).parent / "peers"
ROOT = PEERS.parent.parent
ROWS, COLS = 40, 120
"""The size of the terminal in cells, for every measure."""

_LIST_SPAN = range(2, 64)
"""The columns in which every list that is measured shows its rows."""


@dataclass(frozen=True)
class Target:
    """A program with a screen.

    Args:
        name: How the results call it.
        argv: The command line.
        chrome: Stands on the screen as soon as the first frame is there, each pattern on some line.
        row: Matches a line that shows a live row of its list; None when it has no list.
        rows: How many such lines there are once the list is there.
        manned: Stands in the first line as soon as something can be done; None when that is as
            soon as the list is there.
        env: Laid over the terminal's environment.
    """

    name: str
    argv: tuple[str, ...]
    chrome: tuple[re.Pattern[str], ...]
    row: re.Pattern[str] | None = None
    rows: int = 0
    manned: re.Pattern[str] | None = None
    env: dict[str, str] = field(default_factory=dict)

    def open(self) -> Terminal:
        """The program in a terminal of the size that all measures share."""
        return Terminal(self.argv, self.env, rows=ROWS, cols=COLS, cwd=ROOT)

    def chrome_shown(self, lines: list[str]) -> bool:
        """Whether the first frame is readable."""
        return all(any(pattern.search(line) for line in lines) for pattern in self.chrome)

    def rows_shown(self, lines: list[str]) -> bool:
        """Whether all is there: the list is filled, or, without a list, the first frame."""
        if self.row is None:
            return self.chrome_shown(lines)
        return len(self.row_lines(lines)) >= self.rows

    def all_there(self, lines: list[str]) -> bool:
        """Whether the list is filled and something can be done with it."""
        manned = self.manned is None or self.manned.search(lines[0]) is not None
        return manned and self.rows_shown(lines)

    def row_lines(self, lines: list[str]) -> list[int]:
        """The numbers of the lines that show a row of the list."""
        if self.row is None:
            return []
        return [number for number, line in enumerate(lines) if self.row.search(line)]

    def selected(self, terminal: Terminal, lines: list[str]) -> tuple[int, str] | None:
        """The line that is shown as selected, with its text; None while no single one is.

        It is the one row whose background is unlike that of all others. Backgrounds are compared
        and not colours of text, because a priority may colour a row's text.
        """
        shown = self.row_lines(lines)
        grounds = {number: _background(terminal, number) for number in shown}
        counted = Counter(grounds.values())
        alone = [number for number in shown if counted[grounds[number]] == 1]
        if len(counted) != 2 or len(alone) != 1:
            return None
        text = "".join(terminal.cell(alone[0], col).data for col in _LIST_SPAN)
        return alone[0], text


def _background(terminal: Terminal, line: int) -> tuple[str, bool]:
    """The commonest background of a line, as colour and whether it is reversed."""
    cells = (terminal.cell(line, col) for col in _LIST_SPAN)
    return Counter((cell.bg, cell.reverse) for cell in cells).most_common(1)[0][0]


def _smallest(name: str) -> Target:
    # A plain script starts sooner than a module does: nothing is given away to the console.
    return Target(name, (sys.executable, str(PEERS / f"{name}.py")), (re.compile("ready"),))


def _list(name: str) -> Target:
    return Target(
        name,
        (sys.executable, "-m", f"bench.peers.{name}", "1000"),
        (re.compile("Category"),),
        re.compile(r"^[ !]+\d+ +[1-4] +\S"),
        30,
    )


SMALLEST = _smallest("smallest")
SMALLEST_SQLMODEL = _smallest("smallest_sqlmodel")
DATATABLE = _list("datatable")
LINES = _list("lines")
