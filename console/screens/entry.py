"""The command line at work: explained while it is typed, done, put back when it is refused.

A line is about one incident from its first character on: the one that the officer had
before him then. It says so in its prompt, and it keeps it while the queue moves, when it
is recalled, and over a dropped connection (`console.desk.aim` holds it to that).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.timer import Timer

from console.desk.aim import Aim
from console.domain.clock import to_datetime
from console.domain.incident import short_number
from console.domain.message import msg
from console.screens.sent import Sent, aim_of, draft_of, read_draft
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
        self._history: list[tuple[str, Aim | Sent]] = []
        self._previewed = False
        self._sent = 0
        """How many lines have been sent: what was explained of one does not hide its answer."""
        self._under_way: Sent | None = None
        """The last line that was sent, until its answer is on the screen."""
        self._named: tuple[int, object] | None = None
        """The incident that the last line was about, until the page has selected it, and
        where the officer was then."""
        self._typed_timer: Timer | None = None
        self._draft_timer: Timer | None = None

    @property
    def line(self) -> CommandLine:
        """The command line."""
        return self.screen.query_one("#command", CommandLine)

    def connect(self) -> None:
        """The line is there: it asks here what it is about, and what it says before its text."""
        self.line.tell = self.screen.heard
        self.line.ask_about = self._begun
        self.line.prompt_of = self._prompt
        self.relabel()

    def relabel(self) -> None:
        """Say everything again, in the language that is spoken now."""
        t = self.screen.words.t
        self.line.search_words = (t(msg("line.search")), t(msg("line.search_none")))

    # --- what it is about --------------------------------------------------------

    @property
    def _place(self) -> object:
        """Where the officer is: it changes when he goes elsewhere by himself."""
        page = self.screen.page
        return page, page.hand

    def aim(self) -> Aim | Sent:
        """What a line would be about that is begun now."""
        screen, page = self.screen, self.screen.page
        sent = self._under_way
        if sent is not None and sent.place == self._place:
            return sent
        known = screen.pulse.seen
        if page.unsettled:
            return Aim(None, known, blind=True)
        if self._named is not None:
            incident, place = self._named
            if place == self._place and page.selected != incident:
                return Aim(incident, known)
            self._named = None
        meant, found = page.meant, page.dossier
        shown = found is not None and found.incident.id == meant and bool(found.timeline)
        seen = found.timeline[-1].entry.seq if found is not None and shown else 0
        return Aim(meant, known, seen)

    def _begun(self) -> object:
        """The first character of a line has come."""
        self.screen.page.hold(True)
        return self.aim()

    def _prompt(self, about: object) -> tuple[str, str]:
        """What stands before the text, and its tone: loud when the selected one is not meant."""
        aim = aim_of(cast("Aim | Sent | None", about) or self.aim())
        if aim is None or aim.blind:
            return "?> ", "warn"
        if aim.incident is None:
            return "> ", "key"
        number = self._number(aim.incident)
        same = aim.incident == self.screen.page.selected
        return f"{number}> ", "key" if same else "warn"

    def _number(self, incident: int) -> str:
        """An incident's number, as the prompt shows it."""
        drawing, session = self.screen.drawing, self.screen.session
        if drawing is None or session is None:
            return short_number(incident)
        today = to_datetime(session.desk.clock.now(), session.desk.store.zone).date()
        return drawing.number(incident, today)

    def show_prompt(self) -> None:
        """Another incident is selected."""
        self.line.refresh()

    def settle(self) -> None:
        """While a line is being typed nothing moves under it; when it is not, all may."""
        line = self.line
        self.screen.page.hold(bool(line.text) and self.screen.focused is line)

    def quiet(self) -> None:
        """Nothing stands in the line any more: the page may move, and the prompt offers again."""
        self.offer()
        self.settle()

    def follow(self, incident: int, *, over: bool = False) -> None:
        """Select an incident that a line has named, for what follows.

        Args:
            incident: its id.
            over: show it, too, when it is over and in no queue any more.
        """
        page = self.screen.page
        self._named = incident, self._place
        page.choose(incident, over=over)
        self.show_prompt()

    # --- text that comes from elsewhere --------------------------------------------

    def begin(self, text: str) -> None:
        """Put the beginning of a line there, for the officer to go on with."""
        self._remember(self.line.text, self.line.about)
        self.line.set_text(text, about=self._begun())
        self.screen.set_focus(self.line)
        self.settle()
        self._explain_soon()

    def insert(self, text: str) -> None:
        """Type a text that came from elsewhere."""
        self.screen.set_focus(self.line)
        self.line.insert(text)

    def restore(self, kept: str) -> None:
        """Put back what was being typed when the connection was lost."""
        text, aim = read_draft(kept)
        if not text or self.line.text:
            return
        self.line.set_text(text, about=aim)
        self.screen.set_focus(self.line)
        self.settle()
        if aim is None or aim.incident is None:
            self.screen.say(msg("screen.draft_back"), "warn")
            return
        number = self._number(aim.incident)
        self.screen.say(msg("screen.draft_back_about", number=number), "warn")
        self.screen.page.choose(aim.incident, over=False)

    # --- while it is typed -----------------------------------------------------

    def edited(self) -> None:
        """The officer has typed."""
        self.settle()
        self._explain_soon()
        self._keep_soon()

    def spoken(self) -> None:
        """Something else stands in the message line now: it does not go with the text."""
        self._previewed = False

    def touched(self, incidents: frozenset[int] | None) -> None:
        """Incidents have changed (any, for None): what was explained may not hold any more."""
        aim = aim_of(cast("Aim | Sent | None", self.line.about))
        concerned = aim is not None and (incidents is None or aim.incident in incidents)
        if self._previewed and concerned:
            self._explain_soon()

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
        desk, lang = session.desk, self.screen.words.lang
        sent, about = self._sent, cast("Aim | Sent", self.line.about)

        def read() -> tuple[str, int, Preview]:
            return text, sent, desk.preview(text, None, lang, aim=aim_of(about))

        self.screen.jobs.read("preview", read, self._explained)

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
        self.keep("line", draft_of(self.line.text, aim_of(cast("Aim | Sent", self.line.about))))

    def keep(self, kind: str, text: str) -> None:
        """Keep what was typed, so that a dropped connection loses nothing."""
        session = self.screen.session
        if session is None or session.desk.store.readonly or self.screen.away.trouble is not None:
            return
        desk = session.desk

        def write() -> None:
            from console.store import seats

            with desk.store.write() as tx:
                seats.keep_draft(tx, desk.seat, kind, text, desk.clock.now())

        self.screen.jobs.write(write, lambda _none: None, leisure=True)

    # --- when it is done ---------------------------------------------------------

    def cancelled(self) -> None:
        """Esc: nothing is done, and the text goes; Up brings it back."""
        self._remember(self.line.text, self.line.about)
        self.line.set_text("")
        self.offer()
        self.screen.say(msg("screen.not_done"), "dim")
        self._keep_soon()
        self.screen.go_home()
        self.settle()

    def submitted(self, text: str, about: object) -> None:
        """Enter.

        Args:
            text: the line.
            about: what it was begun for.
        """
        self._sent += 1
        if self._typed_timer is not None:
            self._typed_timer.stop()
        line = text.strip()
        if line:
            self.run(line, typed=True, about=cast("Aim | Sent", about))
        else:
            self.offer()
            self.screen.go_home()
        self.settle()

    def ask(self, line: str, about: Aim | Sent | None, then: Callable[..., None]) -> None:
        """Say what a line would do, and whatever speaks against it; a yes does it.

        Args:
            line: the line.
            about: what is meant without a number; what would be meant now, for None.
            then: called after a yes, with `sure`: the doubts that it answered.
        """
        screen, session = self.screen, self.screen.session
        if session is None:
            screen.say(msg("screen.opening"), "dim")
            return
        desk, lang, begun = session.desk, screen.words.lang, about or self.aim()

        def said(preview: Preview) -> None:
            if preview.ok:
                question = msg("screen.sure", what=preview.message)
                screen.confirm(question, partial(then, sure=preview.doubts))
            else:
                screen.say(preview.message, "error")

        screen.jobs.read("ask", lambda: desk.preview(line, None, lang, aim=aim_of(begun)), said)

    def run(
        self,
        line: str,
        *,
        typed: bool = False,
        about: Aim | Sent | None = None,
        then: Callable[[frozenset[int]], None] | None = None,
        sure: frozenset[str] = frozenset(),
    ) -> None:
        """Do a line; what was typed goes only when it was done.

        Args:
            line: the line.
            typed: whether it came from the command line, where it is put back for mending.
            about: what it was begun for; what would be meant now, when it was not typed.
            then: called with the ids of the incidents that were changed.
            sure: doubts that were answered with yes.
        """
        session = self.screen.session
        if session is None:
            self._mend(line, typed, about)
            self.screen.say(msg("screen.opening"), "dim")
            return
        refused = self.screen.away.refused()
        if refused is not None:
            self._mend(line, typed, about)
            self.screen.say(refused, "error")
            if then is not None:
                then(frozenset())
            return
        desk, lang, away = session.desk, self.screen.words.lang, self.screen.away
        sent = Sent(about or self.aim(), self._place, line)
        self._remember(line, sent.about)
        self._under_way = sent
        ticket = away.ticket()

        def write() -> list[Done]:
            def run(aim: Aim) -> list[Done]:
                away.valid(ticket)
                return desk.run(line, lang=lang, aim=aim, sure=sure)

            return sent.done(run)

        def done(answers: list[Done]) -> None:
            self._arrived(sent)
            if answers and answers[-1].fault is not None:
                away.heard(answers[-1].rest, answers[-1].fault)
            changed = frozenset(id_ for one in answers if one.ok for id_ in one.changed)
            if then is not None:
                then(changed)
            self._done(line, typed, answers, changed, sent)
            if answers and not answers[-1].ok:
                self._ask(answers[-1], sure)

        def failed() -> None:
            self._arrived(sent)
            if then is not None:
                then(frozenset())
            self._mend(line, typed, sent.about)

        self.screen.jobs.write(write, done, failed)

    @property
    def waiting(self) -> str:
        """The line that is on its way; empty when none is."""
        return self._under_way.line if self._under_way is not None else ""

    def _arrived(self, sent: Sent) -> None:
        if self._under_way is sent:
            self._under_way = None
        if self.line.text:
            self._explain_soon()  # what a line is about that was begun behind it is known now

    def _remember(self, line: str, about: object) -> None:
        """Keep a line for Up, with what it was about."""
        line = line.strip()
        if line and about is not None and (not self._history or self._history[-1][0] != line):
            self._history.append((line, cast("Aim | Sent", about)))
            del self._history[:-HISTORY]
        elif line and about is not None:
            self._history[-1] = line, cast("Aim | Sent", about)
        lines = [one for one, _about in self._history]
        self.line.set_history(lines, [one for _line, one in self._history])

    def _mend(self, line: str, typed: bool, about: Aim | Sent | None) -> None:
        """Nothing that was typed is lost: it stays, to be mended or tried again.

        The next character replaces it, as one that is selected.
        """
        if typed and not self.line.text:
            self.line.set_text(line, about=aim_of(about), replaced_next=True)
            self.settle()
            self._keep_soon()

    def _done(
        self,
        line: str,
        typed: bool,
        answers: list[Done],
        changed: frozenset[int],
        sent: Sent,
    ) -> None:
        screen = self.screen
        failed = next((a for a in answers if not a.ok), None)
        if failed is not None:
            # What is asked about is not mended: a yes or a digit does it.
            self._mend(failed.rest or line, typed and not failed.doubts, failed.aim)
        elif typed and not self.line.text:
            screen.go_home()
            self._keep_soon()
        for done in answers:
            if done.ok and done.command is not None:
                screen.act(done.command)
        self.offer()
        new = [done.incident for done in answers if done.ok and done.verb == "new"]
        about = sent.after.incident if sent.after is not None else None
        if new and new[-1] is not None:
            screen.watch_page.queue.select(new[-1], 0)
        elif typed and about is not None and failed is None and about != screen.page.selected:
            self.follow(about, over=not _ended_by(answers))
        if changed:
            screen.pulse.done(changed, [row for one in answers for row in one.rows])
        last = failed or (answers[-1] if answers else None)
        if last is not None and last.command is None:
            screen.say(last.message, "error" if failed else "good")

    def _ask(self, refused: Done, sure: frozenset[str]) -> None:
        """Ask what a refused line meant, or whether it is meant in spite of what speaks against."""
        screen = self.screen

        def again(line: str, answered: frozenset[str]) -> None:
            if self.line.text == refused.rest:
                self.line.set_text("")
            self.run(line, typed=True, sure=answered, about=refused.aim)

        if refused.doubts:
            yes = partial(again, refused.rest, sure | refused.doubts)
            screen.confirm(msg("screen.sure", what=refused.message), yes)
            return
        options = [one for one in refused.options if one.digit]
        if options:
            said = tuple(msg("screen.option", digit=one.digit, what=one.label) for one in options)
            keys = {str(one.digit): partial(again, one.line, sure) for one in options}
            screen.choose(msg("screen.which", options=said), keys)


def _ended_by(answers: list[Done]) -> bool:
    """Whether a line has ended its incident: then there is nothing to select."""
    return any(one.ok and one.verb in ("close", "cancel", "merge") for one in answers)
