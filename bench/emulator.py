"""The bench's terminal emulator: what a program's bytes look like on a screen.

pyte interprets the everyday sequences. Added here is what it lacks and a modern terminal has:
wide characters that are never left half overwritten, the alternate screen, strings and private
sequences that must leave no trace, and answers to the questions a program asks its terminal.
"""

import re
import unicodedata
from collections import deque
from dataclasses import dataclass
from functools import lru_cache

import pyte
from pyte import modes
from pyte.screens import Char
from wcwidth import wcwidth

_ALTERNATE_SCREEN = 1049
_SYNCHRONIZED_OUTPUT = 2026
_SECOND_HALF = ""
"""What pyte keeps in the second cell of a wide character."""

# What pyte would draw as text or misread. Everything else goes to it untouched.
_FOREIGN = re.compile(
    rb"\x1b\[(?P<private>[<=>])(?P<p_args>[0-9;:]*)(?P<p_mid>[ -/]*)(?P<p_end>[@-~])"
    rb"|\x1b\[(?P<mark>\??)(?P<m_args>[0-9;:]*)(?P<m_mid>[ -/]+)(?P<m_end>[@-~])"
    rb"|\x1b\[(?P<q_mark>\??)(?P<q_args>[0-9;]*)(?P<q_end>[cntu])"
    rb"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    rb"|\x1b[PX^_][^\x1b]*\x1b\\"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[PX^_\]][^\x07\x1b]*\x1b?)?\Z")


@dataclass(frozen=True)
class Manners:
    """How a terminal behaves where real ones differ."""

    answers: bool = True
    """Whether it answers questions at all; a silent one leaves the program to its time-out."""
    synchronized: bool = False
    """Whether it says that it knows synchronized output (mode 2026); plain xterm does not."""
    ambiguous_wide: bool = False
    """Whether characters of ambiguous width take two cells, as some Chinese terminals draw them."""


XTERM = Manners()


@lru_cache(maxsize=8192)
def cell_width(char: str, ambiguous_wide: bool = False) -> int:
    """Cells that a terminal gives to one character: 0, 1 or 2; -1 for a control character."""
    if ambiguous_wide and unicodedata.east_asian_width(char) == "A":
        return 2
    return wcwidth(char)


class _Grid(pyte.Screen):
    """pyte's screen with whole wide characters, an alternate screen and a counted bell."""

    def __init__(self, rows: int, cols: int, ambiguous_wide: bool) -> None:
        super().__init__(cols, rows)
        self.ambiguous_wide = ambiguous_wide
        self.bells = 0
        self._main_screen: dict[int, dict[int, Char]] | None = None

    def draw(self, data: str) -> None:
        """Put characters at the cursor, each on as many cells as it is wide."""
        for char in data:
            width = cell_width(char, self.ambiguous_wide)
            if width < 0:
                continue
            if width == 0:
                self._combine(char)
                continue
            if self.cursor.x + width > self.columns:
                if modes.DECAWM in self.mode:
                    self.carriage_return()
                    self.linefeed()
                else:
                    self.cursor.x = self.columns - width
            self._put(char, width)

    def _put(self, char: str, width: int) -> None:
        line, x = self.buffer[self.cursor.y], self.cursor.x
        # Half a wide character cannot be seen: what is left of one becomes a blank.
        if line[x].data == _SECOND_HALF and x > 0:
            line[x - 1] = line[x - 1]._replace(data=" ")
        after = x + width
        if after < self.columns and line[after].data == _SECOND_HALF:
            line[after] = line[after]._replace(data=" ")
        line[x] = self.cursor.attrs._replace(data=char)
        if width == 2:
            line[x + 1] = self.cursor.attrs._replace(data=_SECOND_HALF)
        self.cursor.x = after
        self.dirty.add(self.cursor.y)

    def _combine(self, char: str) -> None:
        line, x = self.buffer[self.cursor.y], self.cursor.x - 1
        while x > 0 and line[x].data == _SECOND_HALF:
            x -= 1
        if x >= 0 and unicodedata.combining(char):
            line[x] = line[x]._replace(data=unicodedata.normalize("NFC", line[x].data + char))
            self.dirty.add(self.cursor.y)

    def bell(self, *args: object) -> None:
        """Count the bell instead of ringing it."""
        self.bells += 1

    def set_mode(self, *mode: int, **kwargs: bool) -> None:
        """Also enter the alternate screen, keeping the main one."""
        super().set_mode(*mode, **kwargs)
        if kwargs.get("private") and _ALTERNATE_SCREEN in mode and self._main_screen is None:
            self._main_screen = {y: dict(line) for y, line in self.buffer.items()}
            self.save_cursor()
            self.erase_in_display(2)

    def reset_mode(self, *mode: int, **kwargs: bool) -> None:
        """Also leave the alternate screen, bringing the main one back."""
        super().reset_mode(*mode, **kwargs)
        kept = self._main_screen
        if kwargs.get("private") and _ALTERNATE_SCREEN in mode and kept is not None:
            self.erase_in_display(2)
            for y, line in kept.items():
                self.buffer[y].update(line)
            self._main_screen = None
            self.restore_cursor()
            self.dirty.update(range(self.lines))


class Emulator:
    """A screen of `rows` by `cols` cells that is fed bytes.

    It is not thread-safe; `Terminal` holds a lock around it.
    """

    def __init__(self, rows: int, cols: int, manners: Manners = XTERM) -> None:
        self.manners = manners
        self.title = ""
        self.notices: deque[str] = deque(maxlen=1000)
        """Desktop notifications asked for (OSC 9 and OSC 777), newest last."""
        self._grid = _Grid(rows, cols, manners.ambiguous_wide)
        self._stream = pyte.ByteStream(self._grid)
        self._held = b""
        self._lines = [" " * cols] * rows

    @property
    def rows(self) -> int:
        """Height in cells."""
        return int(self._grid.lines)

    @property
    def cols(self) -> int:
        """Width in cells."""
        return int(self._grid.columns)

    @property
    def bells(self) -> int:
        """How often the bell rang."""
        return self._grid.bells

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, counted from zero."""
        return int(self._grid.cursor.y), min(int(self._grid.cursor.x), self.cols - 1)

    def feed(self, data: bytes) -> bytes:
        """Draw `data`; return what the terminal answers to the questions in it."""
        data = self._held + data
        unfinished = _UNFINISHED.search(data)
        self._held = data[unfinished.start() :] if unfinished else b""
        data = data[: unfinished.start()] if unfinished else data
        answers = bytearray()
        drawn = 0
        for foreign in _FOREIGN.finditer(data):
            # What stands before a question must be drawn first: the answer may be a position.
            self._stream.feed(data[drawn : foreign.start()])
            drawn = foreign.end()
            answers += self._answer(foreign)
        self._stream.feed(data[drawn:])
        return bytes(answers) if self.manners.answers else b""

    def resize(self, rows: int, cols: int) -> None:
        """Change the size; what no longer fits is cut, as a terminal cuts it."""
        self._grid.resize(rows, cols)
        self._lines = [" " * cols] * rows
        self._grid.dirty.update(range(rows))

    def screen(self) -> list[str]:
        """The lines as text, each exactly as many cells wide as the screen."""
        grid = self._grid
        for y in grid.dirty:
            if y < grid.lines:
                line = grid.buffer[y]
                self._lines[y] = "".join(line[x].data for x in range(grid.columns))
        grid.dirty.clear()
        return list(self._lines)

    def cell(self, row: int, col: int) -> Char:
        """One cell with its colours and attributes (`data`, `fg`, `bg`, `bold`, `reverse`)."""
        return self._grid.buffer[row][col]

    def _answer(self, asked: re.Match[bytes]) -> bytes:
        if asked["osc"] is not None:
            return self._answer_string(asked["osc"].decode("utf-8", "replace"))
        if asked["q_end"] is not None:
            return self._answer_query(asked["q_mark"], asked["q_args"], asked["q_end"])
        if asked["m_end"] == b"p" and asked["m_mid"] == b"$" and asked["mark"]:
            return self._answer_mode(int(asked["m_args"] or 0))
        if asked["private"] == b">" and asked["p_end"] == b"c":
            return b"\x1b[>41;390;0c"
        if asked["private"] == b">" and asked["p_end"] == b"q":
            return b"\x1bP>|XTerm(390)\x1b\\"
        return b""

    def _answer_query(self, mark: bytes, args: bytes, end: bytes) -> bytes:
        row, col = self.cursor
        match mark + args + end:
            case b"6n":
                return b"\x1b[%d;%dR" % (row + 1, col + 1)
            case b"?6n":
                return b"\x1b[?%d;%dR" % (row + 1, col + 1)
            case b"5n":
                return b"\x1b[0n"
            case b"c" | b"0c":
                return b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c"
            case b"18t":
                return b"\x1b[8;%d;%dt" % (self.rows, self.cols)
        return b""

    def _answer_mode(self, mode: int) -> bytes:
        if mode == _SYNCHRONIZED_OUTPUT and self.manners.synchronized:
            return b"\x1b[?%d;2$y" % mode
        known = (mode << 5) in self._grid.mode  # pyte shifts private modes by five bits
        return b"\x1b[?%d;%d$y" % (mode, 1 if known else 0)

    def _answer_string(self, text: str) -> bytes:
        code, _, value = text.partition(";")
        if code in ("0", "2"):
            self.title = value
        elif code in ("9", "777"):
            self.notices.append(value)
        elif code in ("10", "11") and value == "?":
            colour = "rgb:e5e5/e5e5/e5e5" if code == "10" else "rgb:0000/0000/0000"
            return f"\x1b]{code};{colour}\x1b\\".encode()
        return b""
