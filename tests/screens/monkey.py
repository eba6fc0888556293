"""Somebody who presses anything: keys, texts, pastes, clicks, reports of a terminal, sizes.

What is pressed comes from a seed alone, as what a terminal would send, so that the same seed can be
played in a test without a terminal and in a real one. The one thing that is never pressed is a yes
while the question whether to leave may stand.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from console.desk.verbs import VERBS
from tests.screens.packed import CODES

SIZES = (
    (80, 24), (120, 40), (200, 60), (40, 10), (1, 1), (2, 2), (10, 3), (300, 5), (9, 70), (61, 20),
)  # fmt: skip
"""Columns and lines."""

_ARROWS = ("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F")
_EDITS = ("\x01", "\x05", "\x15", "\x17", "\x0b", "\x7f", "\x1b[3~", "\t", "\x1b[Z", " ", "\x12")
_CONTROLS = tuple(chr(n) for n in range(1, 27) if n not in (3, 13, 17))
_SIGNS = "abcdefghijklmnopqrstuvwxzABCXZ0123456789/:：[]+-=#?;，。１２　接派记查筛结案办签收号"
_WORDS = tuple(
    name for verb in VERBS if verb.id not in ("quit", "report") for name in verb.names.all
)
_NO = "n" + CODES["escape"]
_TAILS = (
    "", " 1", " 2", " #3", " 14", "14号", " 金城路", " fire", " P12", " 误报", " x" * 40, ";派",
    "，派",
    " 12-3-401", " 19900001234", " 今日", " --", " \u202e", " e\u0301", " 👩‍👩‍👧",
)  # fmt: skip
_PASTES = (
    "新塘街道育才东路", "a\r\nb\tc", "\x1b[31m", "接 1\n", "", "长" * 5_000, "\u200b", "1" * 300,
    "🚒" * 50,
)  # fmt: skip
_NOISE = (
    "\x1b", "\x1b[", "\x1bO", "\x1b[<0;5", "\x1b[48;40;120;0;0t", "\x1b[48;0;0;0;0t", "\x1b[I",
    "\x1b[O", "\x1b[?62;4c", "\x1b[55296u", "\x1b[1114112u", "\x1b[12;3R", "\x1b[?2026;2$y", "\x00",
    "\x1b[" + "1;" * 60 + "m", "\x1b]11;rgb:0/0/0\x07", "\x1bP1$r\x1b\\", "\x1b[201~", "\x9b1m",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Press:
    """What comes from the terminal in one read, and how many keys, clicks or pastes that is."""

    text: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Size:
    """The window has another size."""

    width: int
    height: int


Deed = Press | Size


def deeds(seed: int) -> Iterator[Deed]:
    """What the monkey does, without an end."""
    dice = random.Random(seed)
    leaving = False
    while True:
        deed = _press(dice)
        if isinstance(deed, Press):
            if leaving:
                # A question may stand: whatever it is about, this is no yes.
                deed = Press(_NO + deed.text, deed.count + 2)
            leaving = deed.text.endswith(("\x03", "\x11"))
        yield deed


def _press(dice: random.Random) -> Deed:
    kind = dice.random()
    if kind < 0.22:
        many = dice.choice((1, 1, 2, 2, 3, 6))
        keys = [CODES[f"f{dice.randint(1, 12)}"] for _ in range(many)]
        return Press("".join(keys), many)
    if kind < 0.40:
        return Press(dice.choice(_ARROWS) * dice.choice((1, 1, 1, 5)))
    if kind < 0.52:
        return Press(dice.choice(_SIGNS))
    if kind < 0.60:
        return Press(dice.choice(_CONTROLS + _EDITS))
    if kind < 0.66:
        return Press(dice.choice(("\r", "\r", "\r", CODES["escape"], "\r\r", "\x0f", "\x10")))
    if kind < 0.74:
        line = dice.choice(_WORDS) + dice.choice(_TAILS)
        return Press(line + dice.choice(("\r", "\r", "", CODES["escape"], "\t")), len(line) + 1)
    if kind < 0.77:
        return Press(f"\x1b[200~{dice.choice(_PASTES)}\x1b[201~")
    if kind < 0.87:
        return _click(dice)
    if kind < 0.90:
        return Press(dice.choice(_NOISE))
    if kind < 0.93:
        # A question on a page, answered with yes; a no before it, for another that may stand.
        page = CODES[dice.choice(("f2", "f6", "f7", "f8", "f10"))]
        return Press(f"{_NO}{page}{dice.randint(1, 9)}y", 5)
    if kind < 0.94:
        return Press(dice.choice(("\x03", "\x11")))
    if kind < 0.96:
        return Size(*dice.choice(SIZES))
    keys = [dice.choice((*CODES.values(), *_ARROWS, *_EDITS, *"123456789abx/")) for _ in range(20)]
    return Press("".join(keys), 20)


def _click(dice: random.Random) -> Press:
    x, y = dice.choice((dice.randint(1, 120), 1, 10_000)), dice.randint(1, 40)
    button = dice.choice((0, 0, 0, 1, 2, 35, 64, 65, 66, 67, 4, 16))
    down = f"\x1b[<{button};{x};{y}M"
    if button > 2:
        return Press(down)
    moved = f"\x1b[<32;{dice.randint(1, 120)};{dice.randint(1, 40)}M" if dice.random() < 0.2 else ""
    return Press(f"{down}{moved}\x1b[<{button};{x};{y}m" * dice.choice((1, 1, 2)))
