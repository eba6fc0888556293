"""Widgets, the command line: one line in which the officer types.

It edits, shows a ghost of what could follow, walks through a history that is handed in, and says
what happens by messages. It understands nothing of what is typed. Its cursor does not blink, so
that a quiet line stays quiet; the terminal's own cursor is put under it, for input methods draw
their candidates there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from widgets.cells import cell_len, fit, printable
from widgets.editor import Editor
from widgets.pane import Pane, PaneOptions, Span


class CommandLine(Pane, can_focus=True):
    """A one-line editor.

    Args:
        prompt: stands before the text.
        options: `id` and `classes` of the widget.
    """

    DEFAULT_CSS = """
    CommandLine { height: 1; width: 1fr; }
    """

    class _FromLine(Message):
        def __init__(self, line: CommandLine, text: str, cursor: int) -> None:
            super().__init__()
            self.line = line
            self.text = text
            self.cursor = cursor

        @property
        def control(self) -> CommandLine:
            """The line that speaks."""
            return self.line

    class Edited(_FromLine):
        """The text or the cursor changed. Messages that pile up become the last one."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, CommandLine.Edited) and message.line is self.line

    class CompleteRequested(_FromLine):
        """Tab: the text up to `cursor` should be completed."""

    class Submitted(_FromLine):
        """Enter. The line is empty again; who cannot do the text puts it back."""

    class Cancelled(_FromLine):
        """Esc. The text stays until it is set to something else."""

    def __init__(self, *, prompt: str = "> ", **options: Unpack[PaneOptions]) -> None:
        super().__init__(**options)
        self._prompt = prompt
        self._editor = Editor()
        self._ghost = ""
        self._history: tuple[str, ...] = ()
        self._place = 0
        self._draft = ""

    @property
    def text(self) -> str:
        """What is typed."""
        return self._editor.text

    @property
    def cursor(self) -> int:
        """Index of the character that the cursor stands before."""
        return self._editor.cursor

    def set_text(self, text: str, cursor: int | None = None) -> None:
        """Replace the text, without a message; the cursor goes to the end, or where it is told."""
        self._editor.set(text, cursor)
        self._place = len(self._history)
        self._changed(tell=False)

    def set_ghost(self, text: str) -> None:
        """Show what could follow, dim, behind the text; nothing of it is typed."""
        if text != self._ghost:
            self._ghost = text
            self.refresh()

    def set_prompt(self, prompt: str) -> None:
        """Change what stands before the text."""
        if prompt != self._prompt:
            self._prompt = prompt
            self._changed(tell=False)

    def set_history(self, lines: Sequence[str]) -> None:
        """Hand in earlier lines, the oldest first, for Up and Down."""
        self._history = tuple(lines)
        self._place = len(self._history)

    def insert(self, text: str) -> None:
        """Type this text at the cursor."""
        if self._editor.insert(text):
            self._changed()

    def body_line(self, y: int, width: int) -> Strip:
        prompt = printable(self._prompt)
        room = max(1, width - cell_len(prompt))
        shown, at = self._editor.view(room)
        spans: list[Span] = [(prompt, "key")]
        under = shown[at : at + 1]
        if not self.has_focus:
            spans += [(shown, "text"), (self._ghost, "dim")]
            return self.strip(spans, width)
        if at < len(shown):
            spans += [(shown[:at], "text"), (under, "caret"), (shown[at + 1 :], "text")]
            spans.append((self._ghost, "dim"))
        else:
            # At the end the cursor lies on the first character of the ghost.
            ghost = printable(self._ghost)
            left = room - cell_len(shown)
            first = ghost[:1] if ghost and cell_len(ghost[:1]) <= left else " "
            spans += [(shown, "text"), (first, "caret")]
            spans.append((fit(ghost[1:], left - cell_len(first)), "dim"))
        return self.strip(spans, width)

    def body_resized(self) -> None:
        if self.has_focus:
            self._put_terminal_cursor()

    def _changed(self, *, tell: bool = True) -> None:
        self.refresh()
        if self.has_focus:
            self._put_terminal_cursor()
        if tell:
            self.post_message(self.Edited(self, self.text, self.cursor))

    def _put_terminal_cursor(self) -> None:
        prompt = cell_len(printable(self._prompt))
        shown, at = self._editor.view(max(1, self.size.width - prompt))
        x, y, _, _ = self.content_region
        self.app.cursor_position = Offset(x + prompt + cell_len(shown[:at]), y)

    def _recall(self, step: int) -> None:
        place = self._place + step
        if not 0 <= place <= len(self._history):
            return
        if self._place == len(self._history):
            self._draft = self.text
        self._place = place
        self._editor.set(self._draft if place == len(self._history) else self._history[place])
        self._changed()

    # Textual

    def on_focus(self, event: events.Focus) -> None:
        """The keyboard is here now; so must be the terminal's cursor."""
        self._put_terminal_cursor()

    def on_key(self, event: events.Key) -> None:
        if self.press(event):
            event.stop()
            event.prevent_default()

    def press(self, event: events.Key) -> bool:
        """Do what a key does here, at once; returns whether it does anything."""
        key = event.key
        if key == "enter":
            submitted = self.Submitted(self, self.text, self.cursor)
            # Cleared at once: what is typed ahead belongs to the next line.
            self.set_text("")
            self.set_ghost("")
            self.post_message(submitted)
        elif key == "escape":
            self.post_message(self.Cancelled(self, self.text, self.cursor))
        elif key == "tab":
            self.post_message(self.CompleteRequested(self, self.text, self.cursor))
        elif key in ("up", "ctrl+p"):
            self._recall(-1)
        elif key in ("down", "ctrl+n"):
            self._recall(1)
        elif event.is_printable and event.character is not None:
            self.insert(event.character)
        else:
            before = self.cursor
            changed = self._editor.press(key)
            if changed is None:
                return False
            if changed or self.cursor != before:
                self._changed()
        return True

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.insert(event.text)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        prompt = cell_len(printable(self._prompt))
        shown, at = self._editor.view(max(1, self.size.width - prompt))
        start = self.cursor - at
        used = 0
        place = start
        for character in shown:
            used += cell_len(character)
            if used > offset.x - prompt:
                break
            place += 1
        self._editor.cursor = place
        self._changed()
