"""Widgets, a form that runs by keyboard alone: docked, never a window over the others.

Tab, Down and Enter go to the next field, Shift+Tab and Up to the one before; Enter on the last
field, or Ctrl+S anywhere, submits; Esc cancels. Values go out with every change, so that the owner
can keep a draft and look for duplicates while the officer types. What the owner found stands
below the fields, always in sight: Page Down and Page Up look at it, Ctrl+G takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Unpack

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from widgets.cells import cell_len, clusters, fit, printable
from widgets.editor import Editor
from widgets.pane import Line, Pane, PaneOptions, Span

Kind = Literal["text", "choice", "long"]

SUBMIT_KEYS = ("ctrl+s", "ctrl+enter", "ctrl+j")
_LABEL_WIDEST = 16
_LONG_LINES = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a choice.

    Args:
        value: what goes out.
        label: what the officer sees.
        names: other words by which it is found when typed (English, pinyin).
    """

    value: str
    label: str
    names: tuple[str, ...] = ()

    def answers_to(self, typed: str) -> bool:
        """Whether one of its names begins with what is typed."""
        typed = typed.casefold()
        return any(
            name.casefold().startswith(typed) for name in (self.label, self.value, *self.names)
        )


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form.

    Args:
        id: its name for the program.
        label: its name for the officer.
        kind: "text", one line; "long", one line of text shown on several; "choice", one of
            `choices`, taken with Left and Right or by typing the beginning of its name.
        choices: for "choice", at least one.
    """

    id: str
    label: str
    kind: Kind = "text"
    choices: tuple[Choice, ...] = ()


@dataclass(slots=True)
class _Entry:
    """What the officer has put into a field so far."""

    spec: Field
    editor: Editor = field(default_factory=Editor)
    chosen: int = 0
    typed: str = ""
    error: str = ""

    @property
    def value(self) -> str:
        if self.spec.kind == "choice":
            return self.spec.choices[self.chosen].value
        return self.editor.text


class Form(Pane, can_focus=True):
    """A form.

    Args:
        title: text of the title rule.
        fields: the fields from top to bottom.
        options: `id` and `classes` of the widget.

    Raises:
        ValueError: there is no field, or a choice without choices.
    """

    class _FromForm(Message):
        def __init__(self, form: Form) -> None:
            super().__init__()
            self.form = form
            self.values: Mapping[str, str] = form.values

        @property
        def control(self) -> Form:
            """The form that speaks."""
            return self.form

    class Edited(_FromForm):
        """A value changed. Messages that pile up become the last one."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Form.Edited) and message.form is self.form

    class Submitted(_FromForm):
        """The officer is done. The form stays as it is until the owner clears or hides it."""

    class Looked(_FromForm):
        """The officer wants to see what is hinted at: the next one (1), or the one before."""

        def __init__(self, form: Form, step: int) -> None:
            super().__init__(form)
            self.step = step

    class Joined(_FromForm):
        """The officer takes what is hinted at."""

    class Cancelled(_FromForm):
        """The officer leaves; the values are there to be kept as a draft."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        **options: Unpack[PaneOptions],
    ) -> None:
        super().__init__(title=title, **options)
        if not fields or any(item.kind == "choice" and not item.choices for item in fields):
            raise ValueError("a form needs a field, and a choice needs choices")
        self._entries = [_Entry(item) for item in fields]
        self._at = 0
        self._top = 0
        self._hints: tuple[Line, ...] = ()
        self._hint = 0
        self.busy = False
        """What was submitted is under way: the form takes no key and does not change."""
        self._shown: list[Line] = []
        self._caret = (0, 0)

    @property
    def values(self) -> Mapping[str, str]:
        """Value of each field by its id."""
        return MappingProxyType({entry.spec.id: entry.value for entry in self._entries})

    @property
    def current(self) -> str:
        """Id of the field that the officer is in."""
        return self._entries[self._at].spec.id

    @property
    def hints(self) -> tuple[Line, ...]:
        """What stands below the fields."""
        return self._hints

    def set_values(self, values: Mapping[str, str]) -> None:
        """Put values in, without a message; a field that is not named is emptied.

        A value that is not among the choices of a field leaves its first choice.
        """
        for entry in self._entries:
            self._put(entry, values.get(entry.spec.id, ""))
        self._at = self._top = 0
        self._sync()

    def fill(self, values: Mapping[str, str]) -> None:
        """Put values into fields that are empty, without a message; nothing else moves."""
        typed = self.values
        for entry in self._entries:
            if not typed[entry.spec.id].strip():
                self._put(entry, values.get(entry.spec.id, ""))
        self._sync()

    def _put(self, entry: _Entry, value: str) -> None:
        entry.typed = entry.error = ""
        entry.editor.set(value)
        known = [choice.value for choice in entry.spec.choices]
        entry.chosen = known.index(value) if value in known else 0

    def set_fields(self, fields: Sequence[Field]) -> None:
        """Replace labels and choices, for another language; fields keep their values by id."""
        kept = {entry.spec.id: entry for entry in self._entries}
        entries: list[_Entry] = []
        for item in fields:
            entry = kept.get(item.id) or _Entry(item)
            values = [choice.value for choice in item.choices]
            before = entry.value
            entry.spec = item
            entry.chosen = values.index(before) if before in values else 0
            entries.append(entry)
        self._entries = entries
        self._at = min(self._at, len(entries) - 1)
        self._sync()

    def set_hints(self, lines: Sequence[Line], marked: int = 0) -> None:
        """Show these lines below the fields.

        Args:
            lines: from top to bottom.
            marked: of those that there is no room for, this one is not.
        """
        self._hints, self._hint = tuple(lines), marked
        self._sync()

    def set_error(self, field_id: str, text: str) -> None:
        """Say below a field what is wrong with it, and go there; an empty text takes it back."""
        for number, entry in enumerate(self._entries):
            if entry.spec.id == field_id:
                entry.error = text
                if text:
                    self._at = number
        self._sync()

    # Drawing

    def body_line(self, y: int, width: int) -> Strip:
        return self.strip(self._shown[y] if y < len(self._shown) else "", width)

    def body_resized(self) -> None:
        self._sync()

    def _sync(self) -> None:
        """Lay the lines out again and draw those that differ."""
        width, height = self.size.width, self.body_height
        if width <= 0:
            return
        # Hints stand at the foot; the fields have the rest, and at least the one that is typed in.
        room = max(1, height - len(self._hints))
        before = self._shown
        lines: list[Line] = []
        starts: list[int] = []
        for number, entry in enumerate(self._entries):
            starts.append(len(lines))
            lines += self._entry_lines(entry, number == self._at, len(lines), width)
        # The field that the officer is in, with its error, is always on the screen.
        begin = starts[self._at]
        end = starts[self._at + 1] if self._at + 1 < len(starts) else len(lines)
        if end > self._top + room:
            self._top = end - room
        self._top = max(0, min(self._top, begin, len(lines) - room))
        visible = lines[self._top : self._top + room]
        left = height - len(visible)
        first = max(0, min(self._hint, len(self._hints) - left))
        visible += self._hints[first : first + left]
        self._shown = visible
        for y in range(height):
            old = before[y] if y < len(before) else None
            new = visible[y] if y < len(visible) else None
            if old != new:
                self.repaint(y)
        if self.has_focus:
            self._put_terminal_cursor()

    def _entry_lines(self, entry: _Entry, here: bool, y: int, width: int) -> list[Line]:
        widest = max(cell_len(printable(item.spec.label)) for item in self._entries)
        label_width = min(widest, _LABEL_WIDEST, max(1, width // 3))
        label = fit(entry.spec.label, label_width, "right")
        label_spans: list[Span] = [
            (">" if here else " ", "key"),
            (label, "strong" if here else "dim"),
            (" ", "text"),
        ]
        left = label_width + 2
        room = max(1, width - left)
        if entry.spec.kind == "choice":
            rows = [self._choice_spans(entry, here)]
            if here:
                self._caret = (left, y)
        elif entry.spec.kind == "long":
            rows = self._long_spans(entry.editor, here, left, y, room)
        else:
            shown, at = entry.editor.view(room)
            rows = [_with_caret(shown, at if here else None)]
            if here:
                self._caret = (left + cell_len(shown[:at]), y)
        indent: Span = (" " * left, "text")
        lines: list[Line] = [(*label_spans, *rows[0]), *((indent, *row) for row in rows[1:])]
        if entry.error:
            lines.append((indent, (f"! {entry.error}", "error")))
        return lines

    def _choice_spans(self, entry: _Entry, here: bool) -> list[Span]:
        choice = entry.spec.choices[entry.chosen]
        count = f"{entry.chosen + 1}/{len(entry.spec.choices)}"
        label = printable(choice.label)
        if not here:
            return [(label, "text")]
        return [("< ", "key"), (label, "cursor"), (" >", "key"), (f"  {count}", "dim")]

    def _long_spans(
        self, editor: Editor, here: bool, x: int, y: int, room: int
    ) -> list[list[Span]]:
        """The text broken at the edge of the field, the lines around the cursor."""
        rows: list[str] = [""]
        used, place = 0, 0
        caret_row, caret_at = 0, 0
        for cluster, cells in clusters(editor.text):
            if used + cells > room:
                rows.append("")
                used = 0
            if place == editor.cursor:
                caret_row, caret_at = len(rows) - 1, len(rows[-1])
            rows[-1] += cluster
            used += cells
            place += len(cluster)
        if place == editor.cursor:
            if used >= room:
                rows.append("")
            caret_row, caret_at = len(rows) - 1, len(rows[-1])
        first = max(0, min(caret_row - _LONG_LINES // 2, len(rows) - _LONG_LINES))
        if here:
            self._caret = (x + cell_len(rows[caret_row][:caret_at]), y + caret_row - first)
        return [
            _with_caret(row, caret_at if here and number == caret_row else None)
            for number, row in enumerate(rows)
        ][first : first + _LONG_LINES]

    def _put_terminal_cursor(self) -> None:
        # Input methods draw their candidates at the terminal's own cursor.
        left, top, _, _ = self.content_region
        x, y = self._caret
        self.app.cursor_position = Offset(left + x, top + self.body_top + y - self._top)

    # Keys

    def on_focus(self, event: events.Focus) -> None:
        """The keyboard is here now; so must be the terminal's cursor."""
        self._put_terminal_cursor()

    def on_key(self, event: events.Key) -> None:
        if self._handle(event):
            event.stop()
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        entry = self._entries[self._at]
        if self.busy:
            return
        if entry.spec.kind != "choice" and entry.editor.insert(event.text):
            self._edited(entry)

    def _handle(self, event: events.Key) -> bool:
        entry = self._entries[self._at]
        key = event.key
        if self.busy:
            return True
        if key == "escape":
            self.post_message(self.Cancelled(self))
        elif key in SUBMIT_KEYS or (key == "enter" and self._at == len(self._entries) - 1):
            self.post_message(self.Submitted(self))
        elif key in ("pagedown", "pageup"):
            self.post_message(self.Looked(self, 1 if key == "pagedown" else -1))
        elif key == "ctrl+g":
            self.post_message(self.Joined(self))
        elif key in ("tab", "down", "enter"):
            self._step(1)
        elif key in ("shift+tab", "up"):
            self._step(-1)
        elif entry.spec.kind == "choice":
            return self._choose(entry, event)
        elif event.is_printable and event.character is not None:
            if entry.editor.insert(event.character):
                self._edited(entry)
        else:
            changed = entry.editor.press(key)
            if changed is None:
                return False
            if changed:
                self._edited(entry)
            else:
                self._sync()
        return True

    def _choose(self, entry: _Entry, event: events.Key) -> bool:
        count = len(entry.spec.choices)
        before = entry.chosen
        if event.key in ("left", "right"):
            entry.typed = ""
            entry.chosen = (entry.chosen + (1 if event.key == "right" else -1)) % count
        elif event.key == "backspace":
            entry.typed = entry.typed[:-1]
        elif event.is_printable and event.character is not None:
            # What is typed goes on where it can, and begins anew where it cannot.
            for typed in (entry.typed + event.character, event.character):
                found = [
                    number
                    for number, choice in enumerate(entry.spec.choices)
                    if choice.answers_to(typed)
                ]
                if found:
                    entry.typed = typed
                    entry.chosen = found[0]
                    break
        else:
            return False
        if entry.chosen != before:
            self._edited(entry)
        return True

    def _step(self, count: int) -> None:
        self._entries[self._at].typed = ""
        self._at = (self._at + count) % len(self._entries)
        self._sync()

    def _edited(self, entry: _Entry) -> None:
        entry.error = ""
        self._sync()
        self.post_message(self.Edited(self))


def _with_caret(text: str, at: int | None) -> list[Span]:
    if at is None:
        return [(text, "text")]
    return [(text[:at], "text"), (text[at : at + 1] or " ", "caret"), (text[at + 1 :], "text")]
