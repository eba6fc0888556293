"""Widgets, figures in one line: the spark line, and the strip of the fields.

Block elements (U+2581 to U+2588) are of ambiguous width: some terminals draw them two cells wide.
Where box lines fall back to ASCII, spark lines do too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from widgets.cells import cell_len, printable
from widgets.lines import LinesView
from widgets.pane import Line, PaneOptions, Span

_BLOCKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
_SIGNS = ".:-=+*#@"
_GAP = 2


def spark(values: Sequence[int | None], width: int, *, plain: bool = False) -> str:
    """Values as a line of bars, the last value at the right edge.

    A value of zero has the lowest bar, the greatest value the highest. With more values than
    cells each cell shows the greatest of its values, so that no peak is lost; with fewer, the
    line is shorter and blank on the left.

    Args:
        values: counts, the oldest first; None where nothing is known, drawn as a blank.
        width: cells.
        plain: draw ASCII signs.

    Returns:
        a string of exactly `width` cells.

    Raises:
        ValueError: a value is negative.
    """
    if width <= 0:
        return ""
    groups = _groups(values, width)
    peaks = [max((value for value in group if value is not None), default=None) for group in groups]
    if any(peak is not None and peak < 0 for peak in peaks):
        raise ValueError("a spark line draws counts, and a count is not negative")
    highest = max((peak for peak in peaks if peak is not None), default=0)
    signs = _SIGNS if plain else _BLOCKS
    steps = len(signs) - 1
    # Anything above zero is above the lowest bar: -(-a // b) rounds up.
    drawn = "".join(
        " " if peak is None else signs[-(-peak * steps // highest) if highest else 0]
        for peak in peaks
    )
    return drawn.rjust(width)


def _groups(values: Sequence[int | None], width: int) -> list[Sequence[int | None]]:
    count = len(values)
    if count <= width:
        return [(value,) for value in values]
    return [values[i * count // width : (i + 1) * count // width] for i in range(width)]


@dataclass(frozen=True, slots=True)
class FieldPanel:
    """One field of the strip. All words come ready from the owner.

    Args:
        label: name of the field.
        today: the count of today.
        usual: how it stands against usual.
        short: the same where there is no room for it.
        overdue: what is overdue; empty when nothing is.
        tone: tone of `overdue`.
        values: counts for the spark line, the oldest first.
        sign: sign and word for a count that is not usual; empty when it is.
    """

    label: str
    today: str
    usual: str = ""
    overdue: str = ""
    tone: str = "overdue"
    values: tuple[int | None, ...] = ()
    sign: str = ""
    short: str = ""


class FieldStrip(LinesView):
    """Panels side by side, of equal width: words on the first line, the spark line on the second.

    In a strip that is one line high the spark line stands behind the words, in the room that is
    left there.
    """

    DEFAULT_CSS = """
    FieldStrip { height: 2; width: 1fr; }
    """

    def __init__(self, **options: Unpack[PaneOptions]) -> None:
        super().__init__(**options)
        self._panels: tuple[FieldPanel, ...] = ()

    def set_panels(self, panels: Sequence[FieldPanel]) -> None:
        """Show these panels."""
        self._panels = tuple(panels)
        self._lay_out()

    def body_resized(self) -> None:
        self._lay_out()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_attached:
            self._lay_out()

    def _lay_out(self) -> None:
        if not self._panels or self.size.width <= 0:
            self.set_lines(())
            return
        count = len(self._panels)
        share = (self.size.width - 1 - _GAP * (count - 1)) // count
        two_lines = self.body_height > 1
        words: list[Span] = [(" ", "text")]
        sparks: list[Span] = [(" ", "text")]
        for number, panel in enumerate(self._panels):
            if number:
                words.append((" " * _GAP, "text"))
                sparks.append((" " * _GAP, "text"))
            # Where there are two lines, what has no room in the first stands in the second.
            spans, left = _words(panel, share, "" if two_lines else panel.short)
            if not two_lines and panel.values and left > 1:
                spans += [(" " + spark(panel.values, left - 1, plain=self.plain_lines), "accent")]
            elif left:
                spans.append((" " * left, "text"))
            words += spans
            width = min(share, len(panel.values))
            line = spark(panel.values, width, plain=self.plain_lines)
            rest = " " * (share - width)
            usual = printable(panel.usual)
            if usual and (usual, "dim") not in spans and cell_len(usual) < len(rest):
                # No room for it in the words: it stands behind the line that it is about.
                rest = f" {usual}".ljust(share - width - cell_len(usual) + len(usual))
            sparks += [(line, "accent"), (rest, "dim")]
        lines: list[Line] = [words, sparks] if two_lines else [words]
        self.set_lines(lines)


def _words(panel: FieldPanel, width: int, short: str) -> tuple[list[Span], int]:
    """The words of a panel that fit, the more important first, and the cells that are left."""
    parts = [
        (panel.label, "strong"),
        (panel.today, "text"),
        (panel.sign, "warn"),
        (panel.overdue, panel.tone),
        (panel.usual, "dim"),
    ]
    spans: list[Span] = []
    left = width
    for text, tone in parts:
        text = printable(text)
        need = cell_len(text) + (1 if spans else 0)
        if need > left and text == printable(panel.usual):
            text = printable(short)
            need = cell_len(text) + 1
        if not text or need > left:
            continue
        if spans:
            spans.append((" ", "text"))
        spans.append((text, tone))
        left -= need
    return spans, left
