"""Widgets, the way in: what a terminal sends, before it is taken for keys.

Three things that a terminal may send must not happen to the officer. Bytes that are no
UTF-8 (a terminal that is set to another encoding) would end the reading of keys: they are
seen as U+FFFD instead. A pasted text may hold escape sequences and control keys, which
would be obeyed as if they had been pressed, Enter among them: inside a paste they are seen
as U+FFFD, too. And a paste whose end never comes would take every key that is pressed
after it: a key that comes after a silence ends it.

And what the terminal says of itself (device attributes), late and in pieces, is no key either.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

_START, _END = "\x1b[200~", "\x1b[201~"
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_ATTRIBUTES = re.compile(r"\x1b\[[?>][\d;]*c")
_PART_OF_THEM = re.compile(r"\x1b\[[?>][\d;]*\Z")

AHEAD = bytearray()
"""What was read before the screen began and is not ours to answer: it comes first."""

STALLED: Final = 3.0
"""Seconds of silence in a paste after which a key ends it."""

_A_KEY: Final = 16
"""Bytes that a key has at most."""


class Inlet:
    """Bytes from a terminal in, text for the parser of keys out."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pasting = False
        self._held = ""
        """The end of a paste, or of what the terminal says of itself, as far as it has come."""
        self._tail = ""
        """The last characters outside a paste, which may be the beginning of one."""

    def feed(self, data: bytes, final: bool = False, silence: float = 0.0) -> str:
        """The text of `data`, with nothing in its pastes that could be taken for a key.

        Args:
            data: what was read.
            final: nothing more will come.
            silence: seconds since something was read before.
        """
        text = self._held + self._decoder.decode(data, final)
        parts: list[str] = []
        if self._pasting and silence >= STALLED and len(data) <= _A_KEY and _END not in text:
            # Nobody is pasting any more: what has come of it is the paste, and this is a key.
            parts += (_STEERING.sub("\N{REPLACEMENT CHARACTER}", self._held), _END)
            text, self._pasting = text[len(self._held) :], False
        self._held = ""
        while text:
            if not self._pasting:
                # The beginning of a paste may come in pieces; an escape may also stand
                # alone (the key), so it is handed on at once and only remembered.
                seen = self._tail + text
                at = seen.find(_START)
                behind = at + len(_START)
                if at < 0:
                    parts.append(self._without_attributes(text, final))
                    self._tail = seen[1 - len(_START) :]
                    break
                parts.append(_ATTRIBUTES.sub("", seen[len(self._tail) : behind]))
                text, self._tail, self._pasting = seen[behind:], "", True
                continue
            pasted, end, text = text.partition(_END)
            if end:
                self._pasting = False
            elif not final:
                kept = _unfinished(pasted)
                pasted, self._held = pasted[: len(pasted) - kept], pasted[len(pasted) - kept :]
            parts += (_STEERING.sub("\N{REPLACEMENT CHARACTER}", pasted), end)
        return "".join(parts)

    def _without_attributes(self, text: str, final: bool) -> str:
        """A text without the device attributes in it; a piece of them waits for the rest."""
        text = _ATTRIBUTES.sub("", text)
        part = None if final else _PART_OF_THEM.search(text)
        if part is None:
            return text
        self._held = part[0]
        return text[: part.start()]


def _unfinished(pasted: str) -> int:
    """How many characters at the end may be the beginning of the end of the paste."""
    for count in range(min(len(pasted), len(_END) - 1), 0, -1):
        if _END.startswith(pasted[-count:]):
            return count
    return 0
