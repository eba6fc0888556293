"""Hostile texts, and what must not be found in the bytes that a terminal gets."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

SEQUENCES: dict[str, str] = {
    "title": "\x1b]0;PWNED\x07",
    "title-st": "\x1b]2;PWNED\x1b\\",
    "clipboard": "\x1b]52;c;UFdORUQ=\x07",
    "link": "\x1b]8;;http://PWNED\x1b\\x\x1b]8;;\x1b\\",
    "notice": "\x1b]777;notify;PWNED;PWNED\x07",
    "colours": "\x1b[6;53;58:2::1:2:3m",
    "clear": "\x1b[2J\x1b[3J\x1b[1;1H",
    "leave": "\x1b[?1049l\x1b[?47h",
    "window": "\x1b[8;7;7t\x1b[21t",
    "ask": "\x1b[>7u\x1b[?996n\x1b[5i",
    "device": "\x1bP+q544e\x1b\\\x1b_PWNED\x1b\\\x1b^PWNED\x1b\\\x1bXPWNED\x1b\\",
    "reset": "\x1bc\x1b#8\x1b(0\x1bN\x1bO\x0e\x0f",
    "c1": "\x9b6;53m\x9d0;PWNED\x9c\x90q\x9c\x84\x85\x8d",
    "unfinished": "\x1b]0;PWNED",
}
"""Texts that steer a terminal."""

TEXTS: dict[str, str] = {
    "controls": "".join(map(chr, [*range(1, 32), 127])),
    "nul": "a\x00b\x00",
    "bell": "\x07\x07\x07",
    "lines": "one\rtwo\nthree\r\nfour\tfive\x0bsix\x0cseven\u2028eight\u2029nine",
    "bidi": "\u202eevil\u202c \u2066iso\u2069 \u200f\u200e\u061c",
    "zero": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180eh\u3164i\U000e0041",
    "marks": "e" + "\u0301" * 200 + "\u0489" * 50 + " Z" + "\u20dd" * 9,
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308"
    " \U0001f44d\U0001f3fd \U0001f1e8\U0001f1f3 1\ufe0f\u20e3",
    "non-characters": "\ufdd0\ufffe\uffff\U0001ffff\ue000\ufff9",
    "markup": "[/] [/red] [red]r[/red] [@click=app.quit]x[/] [b [link=http://a]y[/link] \\[z]",
    "content": "[@click=app.exit()]x[/] [$error]e[/] [on red]k[/] [bold][/bold] [not bold",
    "braces": "{number} {0.__class__} {} {n!r:>9} %s %(x)s %d {{ }} ${HOME} `id`",
    "command": "; close #1 ; accept 1 ' \" \\ # @ : /",
    "long": "长" * 10_000,
    "word": "W" * 10_000,
    "wide": "ﷺ ༀ 𒐫 ꧅ ⸻ ０ａ",
    "path": "../../etc/passwd \\\\x\\y ~ *",
    "formula": "=cmd|' /C calc'!A0",
}
"""Texts that trick a reader, a layout, a markup or a format."""

ALL: dict[str, str] = SEQUENCES | TEXTS

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
WIDTHLESS = set("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u3164\U000e0041\ufe0f")

_SEQUENCE = re.compile(
    r"\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])"
    r"|\x1b(?P<string>[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\))"
    r"|\x1b(?P<short>[ -/]*[0-~])"
)


def shapes(data: bytes) -> Counter[str]:
    """The control functions in what was written, without the numbers that always differ.

    A cursor position and colours of our own may have any number; of everything else the
    arguments count. A single control character is its own shape.
    """
    found: Counter[str] = Counter()
    text = data.decode("utf-8")  # raises: no byte that is no UTF-8 may reach the terminal

    def keep(match: re.Match[str]) -> str:
        if csi := match["csi"]:
            known = re.fullmatch(
                r"[\d;]*H|(0|1|2|3|4|5|7|[34]8;5;\d+|[34]8;2;[\d;]+|[349]\d|10\d)?"
                r"(;(0|1|2|3|4|7|[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|[349]\d|10\d))*m",
                csi,
            )
            found["CSI " + (csi[-1] if known else csi)] += 1
        elif match["string"]:
            code, mark, rest = match["string"].partition(";")
            found[f"ESC {code}{mark}" + re.sub(r"\d+", "0", rest)] += 1
        else:
            found["ESC " + match["short"]] += 1
        return ""

    for character in _SEQUENCE.sub(keep, text):
        if unicodedata.category(character) == "Cc":
            found[repr(character)] += 1
    return found


def text_of(data: bytes) -> str:
    """What was written without the control functions."""
    return _SEQUENCE.sub("", data.decode("utf-8"))


def tricks(data: bytes, marks: int = 2) -> list[str]:
    """Characters that must never be drawn, and floods of marks; as they can be read.

    Args:
        data: what was written.
        marks: how many combining marks one character may carry.
    """
    text = text_of(data)
    bad = [f"U+{ord(c):04X}" for c in sorted(set(text) & (BIDI | WIDTHLESS))]
    bad += [f"U+{ord(c):04X}" for c in sorted({c for c in text if 0xD800 <= ord(c) < 0xE000})]
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > marks:
            bad.append("marks")
            break
    return bad
