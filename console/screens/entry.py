"""The command line at work: explained while it is typed, completed, done, kept as a draft."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.timer import Timer

from console.domain.message import msg
from widgets.command_line import CommandLine

if TYPE_CHECKING:
    from console.desk.desk import Done, Preview
    from console.screens.main import MainScreen

TYPING = 0.03
"""Seconds after a key before the line is explained."""

KEEP = 1.0
"""Seconds after a key before what was typed is kept as a draft."""

HISTORY = 200


class Entry:
    """Turns what is typed into verbs.

    Args:
        screen: whose command line and message line it uses.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self._history: list[str] = []
        self._previewed = False
        self._sent = 0
        """How many lines have been sent: what was explained of one does not hide its answer."""
        self._typed_timer: Timer | None = None
        self._draft_timer: Timer | None = None

    @property
    def line(self) -> CommandLine:
        """The command line."""
        return self.screen.query_one("#command", CommandLine)

    def begin(self, text: str) -> None:
        """Put the beginning of a line there, for the officer to go on with."""
        self.line.set_text(text)
        self.screen.set_focus(self.line)
        self._explain_soon()

    def insert(self, text: str) -> None:
        """Type a text that came from elsewhere."""
        self.screen.set_focus(self.line)
        self.line.insert(text)

    def restore(self, text: str) -> None:
        """Put back what was being typed when the connection was lost."""
        if text and not self.line.text:
            self.line.set_text(text)
            self.screen.set_focus(self.line)
            self.screen.say(msg("screen.draft_back"), "warn")

    # --- while it is typed -----------------------------------------------------

    def edited(self) -> None:
        """The officer has typed."""
        self._explain_soon()
        self._keep_soon()

    def spoken(self) -> None:
        """Something else stands in the message line now: it does not go with the text."""
        self._previewed = False

    def offer(self) -> None:
        """The empty prompt says what Enter would do."""
        if not self.line.text.strip():
            offered = self.screen.steps.offer()
            self.line.set_ghost(self.screen.words.t(offered) if offered is not None else "")

    def _explain_soon(self) -> None:
        if self._typed_timer is not None:
            self._typed_timer.stop()
        self._typed_timer = self.screen.set_timer(TYPING, self._explain)

    def _explain(self) -> None:
        text, session = self.line.text, self.screen.session
        if not text.strip() or session is None:
            self.offer()
            if self._previewed and not text.strip():
                # Only an explanation goes with the line; an answer stays.
                self._previewed = False
                self.screen.show_line("", "text")
            return
        desk, selected, lang = session.desk, self.screen.page.selected, self.screen.words.lang
        sent = self._sent
        self.screen.jobs.read(
            "preview",
            lambda: (text, sent, desk.preview(text, selected, lang)),
            self._explained,
        )

    def _explained(self, answer: tuple[str, int, Preview]) -> None:
        text, sent, preview = answer
        if text != self.line.text or sent != self._sent:
            return
        ghost = " ".join(f"<{self.screen.words.t(part)}>" for part in preview.ghost)
        space = "" if text.endswith(" ") or not ghost else " "
        self.line.set_ghost(space + ghost)
        self.screen.say(preview.message, "text" if preview.ok else "dim")
        self._previewed = True

    def _keep_soon(self) -> None:
        if self._draft_timer is not None:
            self._draft_timer.stop()
        self._draft_timer = self.screen.set_timer(KEEP, self._keep_draft)

    def keep_now(self) -> None:
        """Keep what is being typed at once: the console leaves."""
        if self._draft_timer is not None:
            self._draft_timer.stop()
        self._keep_draft()

    def _keep_draft(self) -> None:
        self.keep("line", self.line.text)

    def keep(self, kind: str, text: str) -> None:
        """Keep what was typed, so that a dropped connection loses nothing."""
        session = self.screen.session
        if session is None or session.desk.store.readonly:
            return
        desk = session.desk

        def write() -> None:
            from console.store import seats

            with desk.store.write() as tx:
                seats.keep_draft(tx, desk.seat, kind, text, desk.clock.now())

        self.screen.jobs.write(write, lambda _none: None)

    # --- when it is done ---------------------------------------------------------

    def cancelled(self) -> None:
        """Esc: nothing is done, and the text goes."""
        self.line.set_text("")
        self.offer()
        self.screen.say(msg("screen.not_done"), "dim")
        self._keep_soon()
        self.screen.go_home()

    def submitted(self, text: str) -> None:
        """Enter."""
        self._sent += 1
        if self._typed_timer is not None:
            self._typed_timer.stop()
        line = text.strip()
        if line:
            self.run(line, typed=True)
        else:
            self.offer()
            self.screen.go_home()

    def run(
        self,
        line: str,
        *,
        typed: bool = False,
        then: Callable[[frozenset[int]], None] | None = None,
        sure: frozenset[str] = frozenset(),
        about: int | None = None,
    ) -> None:
        """Do a line; what was typed goes only when it was done.

        Args:
            line: the line.
            typed: whether it came from the command line, where it is put back for mending.
            then: called with the ids of the incidents that were changed.
            sure: doubts that were answered with yes.
            about: id of the incident that is meant without a number; the selected one if None.
        """
        session = self.screen.session
        if session is None:
            self._mend(line, typed)
            self.screen.say(msg("screen.opening"), "dim")
            return
        desk, lang = session.desk, self.screen.words.lang
        selected = self.screen.page.selected if about is None else about
        if line and (not self._history or self._history[-1] != line):
            self._history.append(line)
            del self._history[:-HISTORY]
        self.line.set_history(self._history)

        def done(answers: list[Done]) -> None:
            changed = frozenset(id_ for one in answers if one.ok for id_ in one.changed)
            if then is not None:
                then(changed)
            self._done(line, typed, answers, changed)
            if answers and not answers[-1].ok:
                told = [one.incident for one in answers[:-1] if one.incident is not None]
                self._ask(answers[-1], sure, told[-1] if told else selected)

        def failed() -> None:
            if then is not None:
                then(frozenset())
            self._mend(line, typed)

        self.screen.jobs.write(lambda: desk.run(line, selected, lang, sure=sure), done, failed)

    def _mend(self, line: str, typed: bool) -> None:
        """Nothing that was typed is lost: it is put back, to be mended or tried again."""
        if typed and not self.line.text:
            self.line.set_text(line)
            self._keep_soon()

    def _done(self, line: str, typed: bool, answers: list[Done], changed: frozenset[int]) -> None:
        screen = self.screen
        failed = next((a for a in answers if not a.ok), None)
        if failed is not None:
            # What is asked about is not mended: a yes or a digit does it.
            self._mend(failed.rest or line, typed and not failed.doubts)
        elif typed and not self.line.text:
            screen.go_home()
            self._keep_soon()
        for done in answers:
            if done.ok and done.command is not None:
                screen.act(done.command)
        new = [done.incident for done in answers if done.ok and done.verb == "new"]
        if new and new[-1] is not None:
            screen.watch_page.queue.select(new[-1], 0)
        if changed:
            screen.pulse.done(changed, [row for one in answers for row in one.rows])
        last = failed or (answers[-1] if answers else None)
        if last is not None and last.command is None:
            screen.say(last.message, "error" if failed else "good")

    def ask(self, line: str, about: int | None, then: Callable[..., None]) -> None:
        """Say what a line would do, and whatever speaks against it; a yes does it.

        Args:
            line: the line.
            about: id of the incident that is meant without a number.
            then: called after a yes, with `sure`: the doubts that it answered.
        """
        screen, session = self.screen, self.screen.session
        if session is None:
            screen.say(msg("screen.opening"), "dim")
            return
        desk, lang = session.desk, screen.words.lang

        def said(preview: Preview) -> None:
            if preview.ok:
                question = msg("screen.sure", what=preview.message)
                screen.confirm(question, partial(then, sure=preview.doubts))
            else:
                screen.say(preview.message, "error")

        screen.jobs.read("ask", lambda: desk.preview(line, about, lang), said)

    def _ask(self, refused: Done, sure: frozenset[str], about: int | None) -> None:
        """Ask what a refused line meant, or whether it is meant in spite of what speaks against."""
        screen = self.screen

        def again(line: str, answered: frozenset[str]) -> None:
            if self.line.text == refused.rest:
                self.line.set_text("")
            self.run(line, typed=True, sure=answered, about=about)

        if refused.doubts:
            yes = partial(again, refused.rest, sure | refused.doubts)
            screen.confirm(msg("screen.sure", what=refused.message), yes)
            return
        options = [one for one in refused.options if one.digit]
        if options:
            said = tuple(msg("screen.option", digit=one.digit, what=one.label) for one in options)
            keys = {str(one.digit): partial(again, one.line, sure) for one in options}
            screen.choose(msg("screen.which", options=said), keys)
