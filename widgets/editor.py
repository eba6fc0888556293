"""Widgets, the text in an input line: characters, a cursor, and the part that fits the screen.

No drawing and no keys of its own: `CommandLine` and `Form` share it.
"""

from __future__ import annotations

import re

from widgets.cells import cell_len, clusters, printable, take

LONGEST = 4_000
"""Characters that a line may have."""

_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
_WORD_BEFORE = re.compile(r"\S+\s*$")


def one_line(text: str) -> str:
    """Pasted text as one line: line breaks become spaces, hostile characters are seen."""
    return printable(_BREAKS.sub(" ", text.strip("\r\n")))


class Editor:
    """One line of text with a cursor that stands before a character or at the end."""

    def __init__(self, text: str = "") -> None:
        self.text = one_line(text)
        self.cursor = len(self.text)
        self._start, self._width = 0, 0
        self._killed = ""

    def set(self, text: str, cursor: int | None = None) -> None:
        """Replace the text; the cursor goes to the end, or where it is told."""
        self.text = one_line(text)
        end = len(self.text)
        self.cursor = end if cursor is None else max(0, min(cursor, end))
        self._start = 0

    def insert(self, text: str) -> bool:
        """Insert at the cursor; tells whether anything changed."""
        text = self._fitting(text)
        self.text = self.text[: self.cursor] + text + self.text[self.cursor :]
        self.cursor += len(text)
        return bool(text)

    def _fitting(self, text: str) -> str:
        """What there is room for, cleaned; how much was cut is seen."""
        room = max(0, LONGEST - len(self.text))
        if len(text) <= room:
            return one_line(text)
        mark = f" [+{len(text) - room}]"
        return one_line(text[: room - len(mark)]) + mark if room > len(mark) else ""

    def press(self, key: str) -> bool | None:
        """Do what an editing key does.

        Returns:
            True: the text changed; False: at most the cursor did; None: no editing key.
        """
        action = _KEYS.get(key)
        if action is None:
            return None
        before = self.text
        action(self)
        return self.text != before

    def left(self) -> None:
        """One character to the left, combining marks with it."""
        if self.cursor:
            self.cursor -= len(list(clusters(self.text[: self.cursor][-8:]))[-1][0])

    def right(self) -> None:
        """One character to the right, combining marks with it."""
        rest = self.text[self.cursor : self.cursor + 8]
        if rest:
            self.cursor += len(next(clusters(rest))[0])

    def home(self) -> None:
        """To the start."""
        self.cursor = 0

    def end(self) -> None:
        """To the end."""
        self.cursor = len(self.text)

    def word_left(self) -> None:
        """To the start of the word."""
        match = _WORD_BEFORE.search(self.text[: self.cursor])
        self.cursor = match.start() if match else 0

    def word_right(self) -> None:
        """Behind the end of the word."""
        match = re.compile(r"\s*\S+").match(self.text, self.cursor)
        self.cursor = match.end() if match else len(self.text)

    def backspace(self) -> None:
        """Delete the character before the cursor."""
        end = self.cursor
        self.left()
        self._cut(self.cursor, end)

    def delete(self) -> None:
        """Delete the character under the cursor."""
        start = self.cursor
        self.right()
        self._cut(start, self.cursor)

    def kill_to_start(self) -> None:
        """Cut everything before the cursor."""
        self._kill(0, self.cursor)

    def kill_to_end(self) -> None:
        """Cut everything from the cursor on."""
        self._kill(self.cursor, len(self.text))

    def kill_word(self) -> None:
        """Cut the word before the cursor."""
        end = self.cursor
        self.word_left()
        self._kill(self.cursor, end)

    def yank(self) -> None:
        """Put back what was cut last."""
        self.insert(self._killed)

    def _kill(self, start: int, end: int) -> None:
        if start < end:
            self._killed = self.text[start:end]
        self._cut(start, end)

    def _cut(self, start: int, end: int) -> None:
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start

    def view(self, width: int) -> tuple[str, int]:
        """The part of the text that a field of `width` cells shows.

        The view moves on by a third when the cursor would leave it, so that most keys leave it
        where it is.

        Returns:
            the visible text, and the cursor as an index into it. The cell of the cursor is inside
            the width, also at the end of the text.
        """
        if width != self._width:
            self._width, self._start = width, 0  # what a narrower field hid is seen again
        under = self.text[self.cursor : self.cursor + 1]
        room = max(0, width - max(1, cell_len(under)))
        self._start = min(self._start, len(self.text))
        # Only what can be on the screen is measured, however long the text is.
        before = self.cursor - self._start
        seen = 0 <= before <= 4 * width and cell_len(self.text[self._start : self.cursor]) <= room
        if not seen:
            self._start = self._back(room * 2 // 3)
        shown = take(self.text[self._start : self._start + 4 * width], width)
        return shown, self.cursor - self._start

    def _back(self, cells: int) -> int:
        """Index of the first character that lies at most `cells` before the cursor."""
        start = self.cursor
        used = 0
        while start:
            size = cell_len(self.text[start - 1])
            if used + size > cells:
                break
            used += size
            start -= 1
        while start < self.cursor and cell_len(self.text[start]) == 0:
            start += 1
        return start


def edits(key: str) -> bool:
    """Whether a key is one that edits a line."""
    return key in _KEYS


_KEYS = {
    "left": Editor.left,
    "ctrl+b": Editor.left,
    "right": Editor.right,
    "ctrl+f": Editor.right,
    "home": Editor.home,
    "ctrl+a": Editor.home,
    "end": Editor.end,
    "ctrl+e": Editor.end,
    "ctrl+left": Editor.word_left,
    "ctrl+right": Editor.word_right,
    "alt+left": Editor.word_left,
    "alt+right": Editor.word_right,
    "backspace": Editor.backspace,
    "ctrl+h": Editor.backspace,
    "delete": Editor.delete,
    "ctrl+d": Editor.delete,
    "ctrl+u": Editor.kill_to_start,
    "ctrl+k": Editor.kill_to_end,
    "ctrl+w": Editor.kill_word,
    "ctrl+y": Editor.yank,
}
