"""Where something is, read out of one line in which an officer has typed place and words.

What the line says is never cut: the words stay whole, and the place is the part of them
that says where.
"""

from __future__ import annotations

import re

from console.domain.addresses import Gazetteer

_PAUSE = re.compile(r"[,，;；。、]")
_AT = re.compile(r"\b(?:at|on|in|near|outside|opposite)\s+(?=\S)", re.IGNORECASE)
_LONGEST = 80
"""Characters that a place has at most; what is longer is a story."""


def where_in(text: str, gazetteer: Gazetteer) -> str:
    """The part of `text` that says where, or "" when none does.

    Chinese: the words of the line, as spaces and commas part them, in which the gazetteer
    finds a town, a village or a road, from the first such one to the last that follows it
    without a break. English: what stands behind ``at`` (on, in, near ...), up to the comma.
    """
    if text.isascii():
        return _behind_at(text)
    found: list[str] = []
    for part in _PAUSE.sub(" ", text).split():
        read = gazetteer.read(part)
        # A building or a flat goes on with an address; alone it may be anything.
        if read.confidence > 0 or (found and read.flat):
            found.append(part)
        elif found:
            break
    place = " ".join(found)
    # Everything in one word: the gazetteer reads it, but the words are not a place.
    return place if len(place) <= _LONGEST and place != text.strip() else ""


def _behind_at(text: str) -> str:
    last = None
    for last in _AT.finditer(text):
        if re.match(r"(?:the\s+)?\S*\d", text[last.end() :]):
            break  # a house number is what is looked for
    if last is None:
        return ""
    place = _PAUSE.split(text[last.end() :], maxsplit=1)[0].strip()
    return place if len(place) <= _LONGEST else ""
