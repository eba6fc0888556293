"""The one cleaning at the door: nothing of a foreign text may steer a terminal or a reader.

Escape sequences, control characters, bidirectional overrides, lone surrogates and
bytes that are no UTF-8 become U+FFFD, so that one sees that something was there;
characters without width are dropped; what is too long is visibly cut. Cleaning a
clean text changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

LONGEST_NAME = 60
"""Characters of the name of somebody or something that stands in a line with others."""

_MAX_MARKS = 4
"""Combining marks that one character may carry; real writing needs fewer."""

_SLACK = 4096
"""How much more than the limit is looked at: sequences and doubled marks shrink."""

# A string sequence (OSC, DCS, APC, PM, SOS) is taken out whole only when it is short and
# ended; otherwise one stray introducer would swallow what a caller said.
_ESCAPES = (
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]{0,256}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{0,4}[0-~]"
)
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_BREAKS = "\t\n\x0b\x0c\r\x85\u2028\u2029"
_ZERO_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"

_HOSTILE = re.compile(
    f"(?P<escape>{_ESCAPES}|[{_CONTROLS}{_BIDI}])|(?P<zero>[{_ZERO_WIDTH}]+)"
    f"|(?P<marks>(?<=[{_MARKS}]{{{_MAX_MARKS}}})[{_MARKS}]+)"
)
_SUSPECT = re.compile(f"[{_CONTROLS}{_BIDI}{_BREAKS}{_ZERO_WIDTH}{_MARKS}]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_FOLD = re.compile(f"[{_BREAKS}]+")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text that may be stored and drawn.

    `touched` says that something hostile was taken out, `cut` how many characters too
    many there were (0: the text is whole).
    """

    text: str
    touched: bool = False
    cut: int = 0


def clean(text: str | bytes, limit: int, *, lines: bool = False) -> Cleaned:
    """Make a foreign text harmless.

    Args:
        text: what came in; bytes are read as UTF-8.
        limit: the longest text that is kept, in characters, at least 1; a longer one
            ends in ``[+N]``, N characters were cut.
        lines: keep line ends (as ``\\n``) and tabs; else runs of them become a space.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if len(text) <= limit and not _SUSPECT.search(text):
        return Cleaned(text if text.isascii() else unicodedata.normalize("NFC", text)[:limit])
    ahead = limit + _SLACK
    beyond = max(0, len(text) - ahead)
    touched = False
    # Dropping what has no width brings marks together, and composing uses them up: the
    # text is clean when a turn finds nothing more, which it does at the second, as a rule.
    text = text[:ahead]
    while True:
        fixed, hostile = _HOSTILE.subn(_replaced, unicodedata.normalize("NFC", text))
        fixed = _LINE_END.sub("\n", fixed) if lines else _FOLD.sub(" ", fixed)
        touched = touched or hostile > 0
        if fixed == text:
            break
        text = fixed
    cut = max(0, len(text) - limit) + beyond
    return Cleaned(_shortened(text, limit, beyond) if cut else text, touched, cut)


def as_name(text: str) -> str:
    """The name of a seat, an officer, a unit or a station as it is stored and drawn."""
    return clean(text, LONGEST_NAME).text.strip()


def _replaced(match: re.Match[str]) -> str:
    return REPLACEMENT if match.lastgroup == "escape" else ""


def _shortened(text: str, limit: int, beyond: int) -> str:
    kept = limit
    for _ in range(3):  # the length of the mark depends on the number in it
        mark = f" [+{len(text) - kept + beyond}]"
        # What was looked at may have shrunk to less than there is room for.
        kept = min(len(text), max(0, limit - len(mark)))
    mark = f" [+{len(text) - kept + beyond}]"
    if len(mark) >= limit:
        return "~"
    while 0 < kept < len(text) and unicodedata.combining(text[kept]):
        kept -= 1
    return text[:kept] + mark
