"""Widgets, cell tools: everything that is drawn is measured, cleaned and cut here.

A terminal counts cells, not characters: a Chinese character takes two, a combining mark none.
Widths come from `rich.cells`, because Textual lays the screen out with the same table.

`printable` is the last wall, not the first: text is cleaned when it enters the program, and
cleaned again here, so that a gap in the first wall cannot reach the terminal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from rich.cells import cell_len

__all__ = [
    "REPLACEMENT",
    "Align",
    "ambiguous_is_wide",
    "cell_len",
    "clusters",
    "fit",
    "printable",
    "take",
    "wrap",
]

Align = Literal["left", "right"]

REPLACEMENT = "\ufffd"
"""Stands for a character that must not reach the terminal."""

_MARKS_ALLOWED = 2
"""Combining marks kept on one character; more is a trick to paint over neighbouring lines."""

_NARROW = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2010": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2015": "-",
        "\u2500": "-",
        "\u2502": "|",
        "\u00b7": ".",
        "\u00d7": "x",
        "\u00f7": "/",
        "\u00b0": "o",
        "\u00b1": "+-",
        "\u2190": "<-",
        "\u2192": "->",
        "\u203b": "*",
        "\u2605": "*",
        "\u25cf": "*",
    }
)
_REMEMBERED = 1 << 14
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5")


class _Cleaner(dict[int, str]):
    """Code point to what is drawn for it, worked out once for each.

    `marks` are the characters met so far that take no cell. The memory is bounded, for hostile
    text may hold every character there is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.marks: set[str] = set()
        self.narrow = False

    def __missing__(self, code: int) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        drawn = _drawn(chr(code))
        if self.narrow:
            drawn = _narrowed(drawn)
        if drawn and cell_len(drawn) == 0:
            self.marks.add(drawn)
        self[code] = drawn
        return drawn


def _drawn(character: str) -> str:
    category = unicodedata.category(character)
    code = ord(character)
    if character in "\t\n\r\v\f" or category in ("Zl", "Zp"):
        return " "
    if category == "Zs":
        return character if character == "\u3000" else " "
    if category in ("Cc", "Cs") or character in _BIDI:
        return REPLACEMENT
    if (code & 0xFFFE) == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return REPLACEMENT
    variation = 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE0FFF or 0x180B <= code <= 0x180F
    if category == "Cf" or variation or character in _INVISIBLE:
        return ""
    return character


def _narrowed(drawn: str) -> str:
    """The same in characters whose width is not in doubt."""
    if not drawn or drawn.isascii() or unicodedata.east_asian_width(drawn) != "A":
        return drawn
    if unicodedata.combining(drawn):
        return ""
    known = drawn.translate(_NARROW)
    if known != drawn:
        return known
    plain = unicodedata.normalize("NFKD", drawn).replace("\u2044", "/")
    plain = "".join(character for character in plain if character.isascii())
    circled = unicodedata.decomposition(drawn).startswith("<circle>")
    return f"({plain})" if circled else plain or "?"


_CLEANER = _Cleaner()


def ambiguous_is_wide(wide: bool) -> None:
    """Say how this terminal draws characters of ambiguous width.

    Where it draws them two cells wide, "\u201c", "\u2026", "\u2460" and their like would push
    the rest of the line to the right. Then they are drawn as what comes nearest in ASCII, and a
    letter for which there is none as "?". There is one terminal to a process, and it is asked
    once, before the first frame.
    """
    _CLEANER.narrow = wide
    _CLEANER.clear()


def printable(text: str) -> str:
    """Text that cannot do anything but be drawn on one line.

    Line breaks and tabs become spaces. Control characters, ESC, bidirectional controls and lone
    surrogates become U+FFFD. Zero-width characters go. At most two combining marks stay on one
    character, none at the start.

    Args:
        text: anything.

    Returns:
        the text as it can be drawn; the same text, if nothing in it is suspect.
    """
    if text.isascii() and text.isprintable():
        return text
    cleaned = text.translate(_CLEANER)
    if _CLEANER.marks.isdisjoint(cleaned):
        return cleaned
    kept: list[str] = []
    marks = _MARKS_ALLOWED
    for character in cleaned:
        marks = 0 if cell_len(character) else marks + 1
        if marks <= _MARKS_ALLOWED and (marks == 0 or kept):
            kept.append(character)
    return "".join(kept)


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """Each character of cleaned text with its combining marks, and the cells that it takes."""
    current, width = "", 0
    for character in text:
        cells = cell_len(character)
        if cells and current:
            yield current, width
            current, width = "", 0
        current += character
        width += cells
    if current:
        yield current, width


def take(text: str, width: int) -> str:
    """The longest beginning of cleaned text that is not wider than `width` cells."""
    if width <= 0:
        return ""
    if text.isascii():
        return text[:width]
    used, end = 0, 0
    for cluster, cells in clusters(text):
        if used + cells > width:
            break
        used += cells
        end += len(cluster)
    return text[:end]


def fit(text: str, width: int, align: Align = "left") -> str:
    """Text in exactly `width` cells.

    Args:
        text: anything; it is cleaned by `printable`.
        width: cells to fill; nothing comes back for zero or less.
        align: the side on which text that is too short stands. Text that is too long loses its
            end on either side and ends with ".." ("~" below four cells), so that a cut is seen.

    Returns:
        a string of `width` cells; no character is ever cut in half, a space fills the gap.
    """
    if width <= 0:
        return ""
    # A megabyte in a cell is not measured to its end: nothing beyond this can be seen.
    reach = 4 * width + 64
    beyond = len(text) > reach
    text = printable(text[:reach] if beyond else text)
    size = cell_len(text)
    if size > width or beyond:
        mark = ".." if width >= 4 else "~"
        text = take(text, width - len(mark)) + mark
        size = cell_len(text)
    blank = " " * (width - size)
    return text + blank if align == "left" else blank + text


def fit_both_ends(text: str, width: int) -> str:
    """Text in at most `width` cells whose middle gives way: of a question the end is what counts.

    Args:
        text: anything; it is cleaned by `printable`.
        width: cells there are. A cut is seen by "..", a third of the way in.
    """
    text = printable(text)
    if cell_len(text) <= width:
        return text
    if width <= 2:
        return take(text, width)
    head = take(text, width // 3)
    room, start = width - cell_len(head) - 2, len(text)
    for cluster, size in reversed(list(clusters(text))):
        if size > room:
            break
        room, start = room - size, start - len(cluster)
    return f"{head}..{text[start:]}"


# Punctuation that must not begin a line stays with the character before it.
_CLOSING = "，。、；：？！）】》」』〉％…”’"
_OPENING = "（【《「『〈“‘"
_WORD = re.compile(rf"\s+|[!-~\xa1-\u02ff]+|[{_OPENING}]*[^\s][{_CLOSING}]*")


def wrap(text: str, width: int) -> list[str]:
    """Text broken into lines of at most `width` cells.

    Chinese may break between any two characters but not before closing punctuation; a Latin word
    stays whole while it fits a line by itself. Line breaks of the text are kept. Only the spaces
    at which a line was broken are left out.

    Args:
        text: anything; it is cleaned by `printable`.
        width: cells of a line. In one cell a wide character is shown as "~".

    Returns:
        at least one line; no line for a width of zero or less.
    """
    if width <= 0:
        return []
    lines: list[str] = []
    for paragraph in re.split(r"\r\n|[\n\r\u2028\u2029]", text):
        lines.extend(_wrap_line(printable(paragraph), width))
    return lines


def _wrap_line(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    lines: list[str] = []
    line, used = "", 0
    for match in _WORD.finditer(text):
        word = match.group()
        cells = cell_len(word)
        if used + cells <= width:
            line += word
            used += cells
            continue
        if word.isspace():
            lines.append(line)
            line, used = "", 0
            continue
        if cells > width:
            # Too long for any line: fill this one and go on, cell by cell.
            for cluster, size in clusters(word):
                if size > width:
                    cluster, size = "~", 1
                if used + size > width:
                    lines.append(line)
                    line, used = "", 0
                line += cluster
                used += size
            continue
        if used:
            lines.append(line.rstrip(" "))
        line, used = word, cells
    if line or not lines:
        lines.append(line)
    return lines
