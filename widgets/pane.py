"""Widgets, the base: a widget that draws line by line and repaints only what changed.

`Pane` gives its kind four things: tones (`tone`), an optional title rule on the first line, a body
below it that is asked for one line at a time (`body_line`), and `repaint` for single body lines.

The title is drawn by the pane and not by a CSS border: setting a border title repaints the whole
widget, a rule repaints one line, and a pane without side borders has two more columns for text.
The rule is drawn with "-" when the app carries the class `-ascii` (a terminal that draws box
lines two cells wide).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from widgets.cells import cell_len, fit, printable, take
from widgets.themes import tone_style

Span = tuple[str, str | Style]
"""A piece of a line: its text, and a tone (or, for charts, a ready style)."""

Line = str | Sequence[Span]
"""A line of a pane: plain text in the tone "text", or its spans from left to right."""


class PaneOptions(TypedDict, total=False):
    """What every pane can be told besides what it shows."""

    id: str | None
    classes: str | None


class Pane(Widget):
    """A widget of lines.

    Args:
        title: text of the title rule; empty for no rule.
        options: `id` and `classes` of the widget.
    """

    class Pressed(Message):
        """A key that is written on the pane was clicked, or nothing that is a key.

        Attributes:
            pane: where.
            key: the key's name; None when there is none.
            word: the word under the mouse; "" when there is none.
        """

        def __init__(self, pane: Pane, key: str | None, word: str) -> None:
            super().__init__()
            self.pane = pane
            self.key = key
            self.word = word

        @property
        def control(self) -> Pane:
            """The pane, for `on`."""
            return self.pane

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Pane { width: 1fr; height: 1fr; }
    """

    def __init__(self, *, title: str = "", **options: Unpack[PaneOptions]) -> None:
        super().__init__(**options)
        self.auto_links = False
        self._title = title
        self._title_end = ""
        self._tones: dict[str, Style] = {}
        self._plain = False

    def on_focus(self, event: events.Focus) -> None:
        """The keyboard has come: what shows it is drawn again, where Textual would draw all."""
        event.prevent_default()
        self._keyboard(events.DescendantFocus, True)

    def on_blur(self, event: events.Blur) -> None:
        """The keyboard has gone."""
        event.prevent_default()
        self._keyboard(events.DescendantBlur, False)

    def _keyboard(
        self, told: type[events.DescendantFocus | events.DescendantBlur], has_it: bool
    ) -> None:
        self.has_focus = has_it
        self.keyboard_changed()
        if self.parent is not None:
            self.parent.post_message(told(self))

    def keyboard_changed(self) -> None:
        """Draw again what shows whether the pane has the keyboard; everything, if it is not said.

        The title rule always does.
        """
        self.refresh()

    def on_hide(self, event: events.Hide) -> None:
        """Shown again before it hears that it was hidden: the keyboard stays where it is.

        Textual takes it away from whatever was hidden, without asking whether it still is.
        """
        if all(one.display for one in self.ancestors_with_self):
            event.prevent_default()

    # Title

    def set_title(self, title: str, end: str = "") -> None:
        """Change the words in the title rule.

        Args:
            title: text on the left; empty takes the rule away.
            end: text on the right, for counts.
        """
        if (title, end) == (self._title, self._title_end):
            return
        shown = bool(self._title)
        self._title, self._title_end = title, end
        if shown == bool(title):
            self.refresh(Region(0, 0, self.size.width, 1))
        else:
            self.body_resized()
            self.refresh()

    @property
    def body_top(self) -> int:
        """Lines that the title takes."""
        return 1 if self._title else 0

    @property
    def body_height(self) -> int:
        """Lines left for the body."""
        return max(0, self.size.height - self.body_top)

    @property
    def plain_lines(self) -> bool:
        """True when box characters must not be drawn."""
        return self.app.has_class("-ascii")

    # Drawing

    def tone(self, name: str) -> Style:
        """The style of a tone on this widget (see `themes.TONES`)."""
        style = self._tones.get(name)
        if style is None:
            style = tone_style(self.app.current_theme, name, self.rich_style)
            self._tones[name] = style
        return style

    def strip(self, line: Line, width: int) -> Strip:
        """A line as a strip of exactly `width` cells, visibly cut if it is longer."""
        if isinstance(line, str):
            return Strip([Segment(fit(line, width), self.tone("text"))], width)
        segments: list[Segment] = []
        left = width
        last = len(line) - 1
        for number, (text, tone) in enumerate(line):
            style = self.tone(tone) if isinstance(tone, str) else self.rich_style + tone
            text = printable(text[: 4 * width + 64])
            size = cell_len(text)
            if size > left or (size == left and any(more for more, _ in line[number + 1 :])):
                segments.append(Segment(fit(text + "   ", left), style))
                left = 0
                break
            if number == last and style.bgcolor == self.rich_style.bgcolor:
                # The blank end belongs to the last span unless that has a ground of its own.
                text += " " * (left - size)
                size = left
            if text:
                segments.append(Segment(text, style))
            left -= size
        if left:
            segments.append(Segment(" " * left, self.tone("text")))
        return Strip(segments, width)

    def render_line(self, y: int) -> Strip:
        """One line of the widget, for Textual."""
        width = self.size.width
        if y < self.body_top:
            return self._rule(width)
        return self.body_line(y - self.body_top, width)

    def body_line(self, y: int, width: int) -> Strip:
        """One line of the body; the kind of pane says what it is.

        Args:
            y: line of the body, 0 at the top.
            width: cells; the strip must have exactly so many.
        """
        return Strip([Segment(" " * width, self.tone("text"))], width)

    def repaint(self, y: int, count: int = 1) -> None:
        """Draw body lines again, and nothing else."""
        self.refresh(Region(0, self.body_top + y, self.size.width, count))

    def body_resized(self) -> None:
        """The body has another size now; panes that keep what is drawn renew it here."""

    def _rule(self, width: int) -> Strip:
        stroke = "-" if self.plain_lines else "\u2500"
        # The pane that has the keyboard shows it by signs as well as by colour.
        opening, closing = ("[", "]") if self.has_focus else (" ", " ")
        title = take(printable(self._title), max(0, width - 4))
        end = printable(self._title_end)
        room = width - cell_len(title) - 4
        if not end or cell_len(end) + 3 > room:
            end = ""
        tail = f" {end} {stroke}" if end else ""
        filler = stroke * max(0, room + 1 - cell_len(tail))
        tone = "strong" if self.has_focus else "title"
        spans: list[Span] = [
            (stroke, "rule"),
            (f"{opening}{title}{closing}", tone),
            (filler, "rule"),
            (tail, "title"),
        ]
        return self.strip(spans, width)

    def written(self, y: int) -> Line:
        """What stands on a line of the body, where keys can be written; "" where they cannot."""
        return ""

    # Textual

    def on_click(self, event: events.Click) -> None:
        """A click on a key that is written there; what it means is the screen's business."""
        from widgets.written_keys import key_at, word_at

        offset = event.get_content_offset(self)
        line = "" if offset is None else self.written(offset.y - self.body_top)
        if offset is not None and line:
            key, word = key_at(line, offset.x), word_at(line, offset.x)
            self.post_message(self.Pressed(self, key, word))

    def notify_style_update(self) -> None:
        """The theme or a class changed: tones are worked out again."""
        self._tones.clear()
        super().notify_style_update()
        if self.is_attached and self._plain != self.plain_lines:
            self._plain = self.plain_lines
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """The widget has another size."""
        self.body_resized()
        self.refresh()
