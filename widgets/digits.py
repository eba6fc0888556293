"""Widgets, big figures: digits five lines high, to be read from across a room."""

from __future__ import annotations

from typing import Final

HEIGHT: Final = 5
"""Lines of a figure."""

_GLYPHS: Final = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    "-": ("   ", "   ", "###", "   ", "   "),
    "+": ("   ", " # ", "###", " # ", "   "),
    ".": (" ", " ", " ", " ", "#"),
    ":": (" ", "#", " ", "#", " "),
    "%": ("# #", "  #", " # ", "#  ", "# #"),
    " ": (" ", " ", " ", " ", " "),
}
"""What can be written; each point is one cell or two."""


def big_width(text: str, across: int = 1) -> int:
    """Cells that a figure takes."""
    return sum(len(_GLYPHS.get(sign, _GLYPHS["-"])[0]) + 1 for sign in text) * across


def big(text: str, across: int = 1, *, plain: bool = False) -> list[str]:
    """A figure as `HEIGHT` lines.

    Args:
        text: digits and the signs `- + . : %` and blank; anything else is drawn as "-".
        across: cells to a point.
        plain: draw "#" instead of full blocks.
    """
    ink = "#" if plain else "\u2588"
    lines = []
    for row in range(HEIGHT):
        points = "".join(_GLYPHS.get(sign, _GLYPHS["-"])[row] + " " for sign in text)
        lines.append("".join((ink if point == "#" else " ") * across for point in points))
    return lines
