"""The desk: a seat at the store, and the one way in which its lines are done.

A line is parsed and done inside the same write transaction, so that what was checked
is what is changed. ``zhiban do``, the screen and the scenario engine all come here.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from adapters.port import Report
from console.desk.aim import Aim
from console.desk.intake import Taken, take_in_all
from console.desk.ruleset import Ruleset
from console.desk.verb import Command, Verb
from console.desk.work import SYSTEM_SEAT, Work
from console.domain.clock import Clock
from console.domain.message import Message, Problem, msg
from console.domain.text import clean
from console.store import queue, seats
from console.store.engine import Store, Tx
from console.store.problem import StoreProblem
from console.store.queue_row import QueueRow

if TYPE_CHECKING:
    from console.desk.grammar import Completion
    from console.desk.grammar_context import Option

AT_ONCE = 50
"""Changed incidents whose rows come with the answer; whoever shows more of them reads them."""

LONGEST_LINE = 4_000
"""Characters of a line that are read; what is beyond them is seen to be cut."""

# The grammar is imported when the first line comes: the queue is there before it.


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one command.

    `ok` is False when it was refused: nothing was changed and `message` says why.
    `incident` is the id of the incident it was about.
    """

    ok: bool
    verb: str
    incident: int | None
    message: Message
    changed: tuple[int, ...] = ()
    command: Command | None = None
    """Set for a verb of the screen (find, filter, help …), which the screen performs."""
    aim: Aim | None = None
    """Of a refused line: what it is about, and that this answer is known, for another try."""
    options: tuple[Option, ...] = ()
    """Of a refused line that could mean several things: those that can be chosen."""
    doubts: frozenset[str] = frozenset()
    """Of a refused line that is done after a yes: what the yes is about."""
    rest: str = ""
    """Of a refused line: it, and what was joined behind it and is not done either."""
    fault: StoreProblem | None = None
    """Of a line that the store did not let through."""
    rows: tuple[QueueRow, ...] = ()
    """The first of the incidents `changed` as they are now: what the screen shows at once."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the line under the command line says before Enter."""

    ok: bool
    message: Message
    ghost: tuple[Message, ...] = ()
    doubts: frozenset[str] = frozenset()
    """What a yes would be about, when the line is to be asked for."""


class Desk:
    """One seat at the store.

    Args:
        store: the operational database.
        clock: where the time comes from.
        rules: playbooks, triage, deadlines and the rest.
        seat: the seat's name; it stands in every journal entry.
        officer: who sits there.
        role: the seat's role (see `console.store.tables.Seat`).
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rules: Ruleset,
        seat: str,
        officer: str = "",
        role: str = "officer",
    ) -> None:
        self.store = store
        self.clock = clock
        # What a day is, is the center's matter: its store says where it is.
        self.rules = replace(rules, deadlines=replace(rules.deadlines, zone=store.zone))
        self.seat = seat
        self.officer = officer
        self.role = role

    @contextmanager
    def writing(self, seat: str | None = None) -> Iterator[Work]:
        """A write transaction in the name of a seat; what the program does by itself has time."""
        with self.store.write(patient=seat == SYSTEM_SEAT) as tx:
            yield self._work(tx, seat)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A read transaction that answers the same questions as a verb's."""
        with self.store.read() as tx:
            yield self._work(tx, None)

    def _work(self, tx: Tx, seat: str | None) -> Work:
        return Work(
            tx,
            self.clock.now(),
            seat or self.seat,
            self.rules,
            self.officer if seat in (None, self.seat) else "",
            self.role,
        )

    def run(
        self,
        line: str,
        selected: int | None = None,
        lang: str = "zh",
        seat: str | None = None,
        *,
        aim: Aim | None = None,
        sure: Collection[str] = (),
    ) -> list[Done]:
        """Do a line: one command, or several joined by `` ; ``.

        Each command is one transaction. The first that is refused ends the line; what
        was done before it stays done and is in the answer.

        Args:
            line: as typed.
            selected: id of the incident that a command without a number is about.
            lang: the language that completion and explanation prefer.
            seat: in whose name, when it is not the desk's own.
            aim: instead of `selected`, what the line was begun for and what was known then:
                it is done to that incident, or refused with who changed it since.
            sure: the doubts that were answered with yes: those of an answer that asked, or
                `console.desk.doubts.ALL`.

        Raises:
            StoreProblem: the store is not to be had; the command was not done.
        """
        from console.desk import grammar
        from console.desk.context import StoreContext

        answers: list[Done] = []
        line = clean(line, LONGEST_LINE).text
        begun = Aim(selected) if aim is None else aim
        with self.reading() as work:
            parts = grammar.split(line, StoreContext(work, begun.incident, lang))
        for place, part in enumerate(parts):
            answer = self._one(part, begun, lang, seat, frozenset(sure))
            if not answer.ok:
                behind = parts[place + 1 :]
                options = tuple(
                    replace(one, line=" ; ".join((one.line, *behind))) for one in answer.options
                )
                rest = " ; ".join((part, *behind))
                answers.append(replace(answer, options=options, rest=rest))
                break
            answers.append(answer)
            if answer.incident is not None:
                begun = begun.on(answer.incident)
        return answers

    def _one(self, line: str, aim: Aim, lang: str, seat: str | None, sure: frozenset[str]) -> Done:
        from console.desk.context import StoreContext
        from console.desk.doubts import Doubtful, Unclear
        from console.desk.grammar_head import verb_of
        from console.desk.grammar_words import plain
        from console.desk.meanwhile import understood

        command: Command | None = None
        try:
            with self.reading() as work:
                verb = verb_of(plain(line), StoreContext(work, aim.incident, lang))
                if verb is None or not verb.does:
                    # What only changes what is seen does not wait for the writer.
                    command = understood(work, line, aim, lang)
                    self._allowed(work, command, seat)
            if command is not None and not command.verb.does:
                return _for_screen(command)
            with self.writing(seat) as work:
                command = understood(work, line, aim, lang)
                work.role, work.sure = self._allowed(work, command, seat), sure
                if not command.verb.does:
                    return _for_screen(command)
                message = perform(work, command)
                about = command.incident
                if work.touched:
                    about = work.touched[0] if about is None else about
                changed = tuple(dict.fromkeys(work.touched))
                rows = tuple(queue.rows_of(work.tx, changed[:AT_ONCE]))
                return Done(True, command.verb.id, about, message, changed, rows=rows)
        except StoreProblem as problem:
            # What it is about stays as it was: there is nobody to be asked.
            about = command.incident if command else None
            verb_id = command.verb.id if command else ""
            return Done(False, verb_id, about, problem.message, aim=aim, fault=problem)
        except Problem as problem:
            named, again = self._refused(line, aim, lang)
            return Done(
                False,
                command.verb.id if command else "",
                command.incident if command else named,
                problem.message,
                aim=again,
                options=problem.options if isinstance(problem, Unclear) else (),
                doubts=problem.doubts if isinstance(problem, Doubtful) else frozenset(),
            )

    def role_of(self, work: Work, seat: str | None = None) -> str:
        """The role in which a seat (None: the desk's own) may act now.

        Raises:
            Problem: the seat has been disabled meanwhile.
        """
        known = seats.get(work.tx, seat or self.seat)
        if known is not None and known.disabled:
            raise Problem(msg("seat.disabled", seat=known.name))
        return self.role if known is None else known.role

    def _allowed(self, work: Work, command: Command, seat: str | None) -> str:
        """The role in which a command is done.

        Raises:
            Problem: it is not for that role.
        """
        role = self.role_of(work, seat)
        if role not in command.verb.roles:
            raise Problem(msg("desk.role", verb=command.verb.label, seat=work.seat))
        return role

    def _refused(self, line: str, aim: Aim, lang: str) -> tuple[int | None, Aim]:
        """The incident that a refused command was about, and its aim for another try."""
        from console.desk.meanwhile import meant
        from console.store import journal

        with self.reading() as work:
            again = replace(aim, known=journal.head(work.tx)[0], seen=0)
            return meant(work, line, aim, lang), again

    def preview(
        self, line: str, selected: int | None, lang: str, *, aim: Aim | None = None
    ) -> Preview:
        """What Enter would do with `line`, or what is wrong with it.

        Args:
            line: as typed.
            selected: id of the incident that a command without a number is about.
            lang: the language that is preferred.
            aim: instead of `selected`, what the line was begun for, as for `run`.
        """
        line = clean(line, LONGEST_LINE).text
        from console.desk import grammar
        from console.desk.context import StoreContext
        from console.desk.doubts import Doubtful, against
        from console.desk.meanwhile import warning
        from console.desk.outgoing import told

        begun = Aim(selected) if aim is None else aim
        with self.reading() as work:
            context = StoreContext(work, begun.incident, lang)
            read = grammar.parse_all(line, context)
            last = read[-1]
            parts = grammar.split(line, context)
            ghost = grammar.ghost(parts[-1] if parts else line, context)
            changed = warning(work, parts[0], begun, lang) if parts else None
            if changed is not None:
                return Preview(False, changed, ghost)
            if isinstance(last, Command) and len(read) == 1 and last.verb.previews:
                try:
                    return Preview(True, _called(last.verb.previews, work, last), ghost)
                except Doubtful as asked:
                    return Preview(True, asked.message, ghost, asked.doubts)
                except Problem as problem:
                    return Preview(False, problem.message, ghost)
            said = grammar.explain_all(read, context)
            if isinstance(last, Command) and len(read) == 1 and last.incident is not None:
                systems = told(work, last)
                if systems:
                    said = msg("outgoing.told", what=said, systems=systems)
                doubts = against(work, work.incident(last.incident), last.verb.id)
                if doubts:
                    reasons = tuple(one.words for one in doubts)
                    said = msg("doubt.would", what=said, reasons=reasons)
                return Preview(True, said, ghost, frozenset(one.id for one in doubts))
            return Preview(isinstance(last, Command), said, ghost)

    def complete(self, line: str, cursor: int, selected: int | None, lang: str) -> Completion:
        """What Tab can put at the cursor."""
        from console.desk import grammar
        from console.desk.context import StoreContext

        with self.reading() as work:
            return grammar.complete(line, cursor, StoreContext(work, selected, lang))

    def receive(self, reports: Sequence[Report], seat: str = SYSTEM_SEAT) -> list[Taken]:
        """Take reports in, all in one transaction."""
        with self.writing(seat) as work:
            return take_in_all(work, reports)


def perform(work: Work, command: Command) -> Message:
    """Do a command inside a transaction; its module is imported when first used.

    Raises:
        Problem: it is not possible; the transaction must be given up.
    """
    work.together = True
    return _called(command.verb.does, work, command)


def _called(named: str, work: Work, command: Command) -> Message:
    module, _, function = named.partition(":")
    message = getattr(importlib.import_module(module), function)(work, command)
    assert isinstance(message, Message)
    return message


def _for_screen(command: Command) -> Done:
    return Done(True, command.verb.id, command.incident, msg("desk.screen_verb"), command=command)


def verbs_for(role: str, verbs: Iterable[Verb]) -> list[Verb]:
    """The verbs that a role may use."""
    return [verb for verb in verbs if role in verb.roles]
