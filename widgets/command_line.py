"""Widgets, the command line: one line in which the officer types.

It edits, shows a ghost of what could follow, walks through a history that is handed in and searches
it, and says what happens by messages. It understands nothing of what is typed. What a text is about
is asked of the owner when its first character comes, and kept with it, also in the history. Its
cursor does not blink, so that a quiet line stays quiet; the terminal's own cursor is put under it,
for input methods draw their candidates there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Unpack

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from widgets.cells import cell_len, fit, printable
from widgets.editor import Editor
from widgets.pane import Pane, PaneOptions, Span

Kept = tuple[str, object]
"""A text, and what it is about."""


class _Sought(NamedTuple):
    """A search in the history."""

    words: str
    place: int | None
    """Where in the history the line stands that has the words; None when there is none."""
    before: Kept
    """What stood in the line before."""


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
            self.about = line.about

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
        self._history: tuple[Kept, ...] = ()
        self._place = 0
        self._draft: Kept = ("", None)
        self._about: object = None
        self._whole = False
        """Whether the next character replaces the text, as one that is selected."""
        self._sought: _Sought | None = None
        self.tell: Callable[[CommandLine._FromLine], object] = self.post_message
        """Who is told what happened: a call is at once, before the next key of the same read,
        a message comes when its turn comes."""
        self.ask_about: Callable[[], object] = lambda: None
        """Says what a text is about that begins now."""
        self.prompt_of: Callable[[object], tuple[str, str]] | None = None
        """Says what stands before the text (None: while it is empty), and in which tone."""
        self.search_words = ("search", "not found")
        """What stands before the text while the history is searched: found, and not found."""

    @property
    def text(self) -> str:
        """What is typed."""
        return self._editor.text

    @property
    def cursor(self) -> int:
        """Index of the character that the cursor stands before."""
        return self._editor.cursor

    @property
    def about(self) -> object:
        """What the text is about, as it was when it was begun; None of an empty line."""
        return self._about

    @property
    def searching(self) -> bool:
        """Whether the history is being searched."""
        return self._sought is not None

    @property
    def replaced_next(self) -> bool:
        """Whether the next character takes the place of the whole text."""
        return self._whole

    def set_text(
        self,
        text: str,
        cursor: int | None = None,
        *,
        about: object = None,
        replaced_next: bool = False,
    ) -> None:
        """Replace the text, without a message; the cursor goes to the end, or where it is told.

        Args:
            text: the new text.
            cursor: index of the character before which the cursor stands.
            about: what the text is about; None keeps what the text before it was about,
                and asks when there was none.
            replaced_next: the next character replaces it, as a text that is selected; any
                other key keeps it, for mending.
        """
        self._sought = None
        self._editor.set(text, cursor)
        self._place = len(self._history)
        self._whole = replaced_next and bool(self.text)
        if about is not None and self.text:
            self._about = about
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

    def set_history(self, lines: Sequence[str], about: Sequence[object] = ()) -> None:
        """Hand in earlier lines, the oldest first, for Up and Down.

        Args:
            lines: the lines.
            about: what each of them was about; a line that is recalled is about the same.
        """
        self._history = tuple(zip(lines, about or [None] * len(lines), strict=True))
        self._place = len(self._history)

    def insert(self, text: str) -> None:
        """Type this text at the cursor, or in the place of a text that is to be replaced."""
        self._sought = None
        if self._whole:
            self._whole = False
            self._editor.set("")
            self._about = None
        if self._editor.insert(text):
            self._changed()

    def body_line(self, y: int, width: int) -> Strip:
        prompt, tone = self._shown_prompt()
        room = max(1, width - cell_len(prompt))
        shown, at = self._editor.view(room)
        spans: list[Span] = [(prompt, tone)]
        if self._whole:
            end = max(0, room - cell_len(shown))
            caret = " " if self.has_focus and end else ""
            spans += [(shown, "cursor"), (caret, "caret"), (self._ghost, "dim")]
            return self.strip(spans, width)
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

    def _shown_prompt(self) -> tuple[str, str]:
        if self._sought is None:
            if self.prompt_of is None:
                return printable(self._prompt), "key"
            prompt, tone = self.prompt_of(self._about)
            return printable(prompt), tone
        found, missing = self.search_words
        words = found if self._sought.place is not None or not self._sought.words else missing
        return printable(f"{words} '{self._sought.words}': "), "key"

    def _changed(self, *, tell: bool = True) -> None:
        if not self.text:
            self._about, self._whole = None, False
        elif self._about is None:
            self._about = self.ask_about()
        self.refresh()
        if self.has_focus:
            self._put_terminal_cursor()
        if tell:
            self.tell(self.Edited(self, self.text, self.cursor))

    def _put_terminal_cursor(self) -> None:
        prompt = cell_len(self._shown_prompt()[0])
        shown, at = self._editor.view(max(1, self.size.width - prompt))
        x, y, _, _ = self.content_region
        self.app.cursor_position = Offset(x + prompt + cell_len(shown[:at]), y)

    def _recall(self, step: int) -> None:
        place = self._place + step
        if not 0 <= place <= len(self._history):
            return
        if self._place == len(self._history):
            self._draft = (self.text, self._about)
        self._place = place
        self._put(self._draft if place == len(self._history) else self._history[place])
        self._changed()

    def _put(self, kept: Kept) -> None:
        """Show a text that was typed before, about what it was about."""
        self._whole = False
        text, self._about = kept
        self._editor.set(text)

    # Searching the history

    def _seek(self, key: str, character: str | None) -> bool:
        """Use a key while the history is searched; False leaves it to the line that was found."""
        sought = self._sought
        assert sought is not None
        if key in ("escape", "ctrl+g"):
            self._sought = None
            self._put(sought.before)
            self._changed()
        elif key == "ctrl+r":
            self._look(sought.words, len(self._history) if sought.place is None else sought.place)
        elif key in ("backspace", "ctrl+h"):
            self._look(sought.words[:-1], len(self._history))
        elif key in ("ctrl+u", "ctrl+w"):
            self._look("", len(self._history))
        elif character is not None:
            end = len(self._history) if sought.place is None else sought.place + 1
            self._look(sought.words + character, end)
        else:
            self._sought = None
            self._changed()
            return key in ("enter", "tab")  # taken into the line, and no more
        return True

    def _look(self, words: str, end: int) -> None:
        """Show the newest line before place `end` of the history that has the words in it."""
        assert self._sought is not None
        before = self._sought.before
        place: int | None = None
        folded = words.casefold()
        if words:
            fits = (n for n in range(end - 1, -1, -1) if folded in self._history[n][0].casefold())
            place = next(fits, None)
            if place is None and self._sought.words == words:
                place = self._sought.place  # there is no older one
        self._sought = _Sought(words, place, before)
        self._put(before if place is None else self._history[place])
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
        character = event.character if event.is_printable else None
        if self._sought is not None and self._seek(key, character):
            return True
        if key == "enter":
            submitted = self.Submitted(self, self.text, self.cursor)
            # Cleared at once: what is typed ahead belongs to the next line.
            self.set_text("")
            self.set_ghost("")
            self.tell(submitted)
        elif key == "escape":
            self.tell(self.Cancelled(self, self.text, self.cursor))
        elif key == "ctrl+r":
            self._sought = _Sought("", None, (self.text, self._about))
            self._changed(tell=False)
        elif key == "tab":
            self._kept()
            self.tell(self.CompleteRequested(self, self.text, self.cursor))
        elif key in ("up", "ctrl+p"):
            self._recall(-1)
        elif key in ("down", "ctrl+n"):
            self._recall(1)
        elif character is not None:
            self.insert(character)
        else:
            before = self.cursor
            changed = self._editor.press(key)
            if changed is None:
                return False
            self._kept()
            if changed or self.cursor != before:
                self._changed()
        return True

    def _kept(self) -> None:
        """The text stays, to be mended: it is no longer replaced by the next character."""
        if self._whole:
            self._whole = False
            self.refresh()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.insert(event.text)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        prompt = cell_len(self._shown_prompt()[0])
        shown, at = self._editor.view(max(1, self.size.width - prompt))
        self._whole = False
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
