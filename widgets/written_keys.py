"""Widgets, keys that are written on the screen: a click on one does what the key does.

Keys are drawn in the tone "key", with what they do behind them: " 1 accept   2 dispatch". A click
anywhere on such a piece is its key. In running text (a line of hints, the message line) the names
of keys are found as words. Nothing else on a line is a key, and a click on it does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from widgets.cells import cell_len, printable
from widgets.pane import Line

_NAMES: Final = {
    "enter": "enter", "esc": "escape", "tab": "tab", "home": "home", "end": "end",
    "pgup": "pageup", "pgdn": "pagedown", "shift+tab": "shift+tab", ">": "enter",
}  # fmt: skip
_WORD: Final = re.compile(
    r"(?<![A-Za-z0-9_/+#-])(Shift\+Tab|Ctrl\+[A-Z]|F1[0-2]|F[1-9]|Enter|Esc|Tab)(?![A-Za-z0-9_+-])",
    re.IGNORECASE,
)
_APART: Final = re.compile(r"\s{2,}|[,;.|\u3002\uff0c\uff1b\u3001]")
"""What ends the words that belong to a key in running text."""


def key_of(text: str) -> str | None:
    """The key that a text names, as Textual calls it; None when it names none."""
    name = text.strip()
    if len(name) == 1 and name.isascii() and name.isdigit():
        return name
    if _WORD.fullmatch(name):
        return _NAMES.get(name.lower(), name.lower())
    return _NAMES.get(name.lower())


def key_at(line: Line, x: int) -> str | None:
    """The key that a click on a cell of a line means; None for none.

    Args:
        line: what is drawn: its text, or its pieces with their tones.
        x: the cell, from 0.
    """
    if isinstance(line, str):
        return _in_words(line, x)
    toned = any(tone == "key" and key_of(text) for text, tone in line)
    if not toned:
        return _in_words("".join(text for text, _tone in line), x)
    found: str | None = None
    at = 0
    for text, tone in line:
        if tone == "key":
            found = key_of(text)
        at += cell_len(printable(text).rstrip() if text.endswith("   ") else printable(text))
        if x < at:
            return found
    return None


def _in_words(text: str, x: int) -> str | None:
    """The key that is named in a running text at a cell, or right before it."""
    text = printable(text)
    return next((key for first, last, key in _written(text) if first <= x < last), None)


def _written(text: str) -> Iterator[tuple[int, int, str]]:
    """The keys in a running text: first cell, the cell behind what belongs to it, and the key."""
    matches = list(_WORD.finditer(text))
    for n, match in enumerate(matches):
        following = matches[n + 1].start() if n + 1 < len(matches) else len(text)
        apart = _APART.search(text, match.end(), following)
        end = apart.start() if apart is not None else following
        name = match.group(1).lower()
        first = cell_len(text[: match.start()])
        yield first, first + cell_len(text[match.start() : end].rstrip()), _NAMES.get(name, name)


def word_at(line: Line, x: int) -> str:
    """The word under a cell of a line; "" between words and beyond the end."""
    text = printable(line if isinstance(line, str) else "".join(text for text, _tone in line))
    for match in re.finditer(r"\S+", text):
        first = cell_len(text[: match.start()])
        if first <= x < first + cell_len(match.group()):
            return match.group()
    return ""
