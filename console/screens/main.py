"""The one screen: status bar above, a body that the F-keys change, the command line below.

Keys go three ways: a key of a verb does that verb; 1-9 and Enter do the next steps of
the selected incident; any other printable character begins a command line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen

from console.desk.verb import Command, Verb
from console.desk.verbs import BY_ID, VERBS
from console.domain.filters import QueueFilter
from console.domain.message import Message, Problem, msg
from console.i18n import Translator
from console.screens.help import help_lines
from console.screens.intake_form import IntakeForm
from console.screens.jobs import Answer, Jobs
from console.screens.watch import WatchBody
from widgets.command_line import CommandLine
from widgets.form import Form
from widgets.lines import LinesView
from widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from console.desk.desk import Done, Preview
    from console.desk.dossier import Dossier
    from console.desk.grammar import Completion
    from console.desk.session import Session
    from console.domain.playbook import Choice

TYPING = 0.03
"""Seconds after a key before the line is explained."""

KEEP = 1.0
"""Seconds after a key before what was typed is kept as a draft."""

HISTORY = 200


class MainScreen(Screen[None]):
    """Everything that the officer sees.

    Args:
        words: the translator.
        ascii_only: whether box lines are to be ASCII.
    """

    AUTO_FOCUS = ""

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self.words = words
        self.jobs = Jobs(self)
        self.session: Session | None = None
        self.choices: tuple[Choice, ...] = ()
        self._confirming: tuple[str, Callable[[], None]] | None = None
        self._said: tuple[str, str] = ("", "text")
        self._history: list[str] = []
        self._previewed = False
        self._typed_timer: Any = None
        self._draft_timer: Any = None
        self._completing: Completion | None = None
        self._completing_at = 0
        self._seen = 0
        self._alerts: list[tuple[int, str]] = []
        self._choose_next: tuple[int, int] | None = None

    def compose(self) -> ComposeResult:
        """Bar, body, message line, command line."""
        yield StatusBar(id="status")
        alert = StatusBar(id="alert")
        alert.display = False
        yield alert
        with Vertical(id="body"):
            yield WatchBody(self.words, self.jobs)
            page = LinesView(title=self.words.t("help.title"), scrolls=True, id="help")
            page.display = False
            yield page
        yield StatusBar(id="line")
        yield CommandLine(id="command")

    # --- parts -------------------------------------------------------------

    @property
    def watch_body(self) -> WatchBody:
        """The body of F2."""
        return self.query_one(WatchBody)

    @property
    def command(self) -> CommandLine:
        """The command line."""
        return self.query_one("#command", CommandLine)

    def on_mount(self) -> None:
        """The first frame: chrome and a status line that can be read."""
        self.query_one("#status", StatusBar).set_left(
            ((self.words.t("status.name"), "strong"), (self.words.t("status.opening"), "dim"))
        )
        self.say(msg("screen.opening"), "dim")
        self.watch_body.queue.set_empty(self.words.t("screen.opening"))
        self.set_focus(self.watch_body.queue)

    def on_resize(self, event: events.Resize) -> None:
        """Stacked below 110 columns, fewer lines for the rest below 32."""
        self.set_class(event.size.width < 110, "-narrow")
        self.set_class(event.size.height < 32, "-short")

    def on_answer(self, answer: Answer) -> None:
        """A job is finished."""
        if answer.problem is not None:
            self.say(answer.problem.message, "error")
            return
        answer.then(answer.value)

    # --- the session ---------------------------------------------------------

    def connect(self, session: Session) -> None:
        """The store is open: fill the screen and keep it true."""
        from console.screens.drawing import Drawing
        from console.store import seats

        self.session = session
        desk = session.desk
        drawing = Drawing(self.words, desk.rules, desk.store.zone, desk.store.district)
        self.watch_body.connect(session, drawing)
        self.say(msg("screen.ready"), "dim")
        self._show_status()
        self.set_interval(1.0, self._tick)
        self.set_interval(10.0, self._slow_tick)
        self.set_interval(1.0 if session.light else 0.5, self._look)

        def drafts() -> dict[str, str]:
            with desk.store.read() as tx:
                return seats.drafts(tx, desk.seat)

        self.jobs.read("drafts", drafts, self._restore_draft)

    def _restore_draft(self, kept: dict[str, str]) -> None:
        line = kept.get("line", "")
        if line and not self.command.text:
            self.command.set_text(line)
            self.set_focus(self.command)
            self.say(msg("screen.draft_back"), "warn")
        self._intake.draft = kept.get("form", "")

    @property
    def _intake(self) -> IntakeForm:
        found = getattr(self, "_intake_form", None)
        if found is None:
            found = IntakeForm(self)
            self._intake_form = found
        return found

    def _look(self) -> None:
        """Has anything changed in the store, by whomever?"""
        if self.session is None:
            return
        from console.screens import reading

        desk, seen = self.session.desk, self._seen
        self.jobs.read("changes", lambda: reading.changes(desk, seen), self._changed)

    def _changed(self, found: tuple[int, list[tuple[int, int | None, str]]]) -> None:
        end, entries = found
        first_look = self._seen == 0
        if end == self._seen:
            return
        self._seen = end
        body = self.watch_body
        body.refresh_rows()
        body.recount()
        if body.selected is not None and (
            first_look or any(incident == body.selected for _seq, incident, _verb in entries)
        ):
            body.reread()
        if not first_look:
            fresh = [i for _seq, i, verb in entries if verb == "receive" and i is not None]
            if fresh:
                self._alert_for(fresh)

    def _alert_for(self, ids: list[int]) -> None:
        """Ring for new incidents of the first priority."""
        assert self.session is not None
        desk = self.session.desk

        def read() -> list[tuple[int, str]]:
            from console.store import incidents

            with desk.store.read() as tx:
                return [
                    (one.id, one.short)
                    for one in incidents.many(tx, ids)
                    if one.priority == 1 and one.state.value == "new"
                ]

        self.jobs.read("alerts", read, self._ring)

    def _ring(self, found: list[tuple[int, str]]) -> None:
        if not found or self.session is None:
            return
        self._alerts += found
        del self._alerts[:-99]
        self._show_alerts()
        text = self.words.t("alert.new", numbers=" ".join(number for _id, number in found))
        if self.session.bell:
            self.app.bell()
        if self.session.notify:
            self.app.desktop_notice(text)  # type: ignore[attr-defined]

    def _show_alerts(self) -> None:
        bar = self.query_one("#alert", StatusBar)
        bar.display = bool(self._alerts)
        if self._alerts:
            numbers = " ".join(number for _id, number in self._alerts[-12:])
            bar.set_left(
                (
                    (
                        self.words.t("alert.line", n=len(self._alerts), numbers=numbers),
                        "overdue",
                    ),
                )
            )

    # --- clocks ---------------------------------------------------------------

    def _tick(self) -> None:
        if self.session is None:
            return
        self._show_clock()
        self.watch_body.tick_clock(self.session.desk.clock.now())

    def _slow_tick(self) -> None:
        if self.session is not None:
            self.watch_body.refresh_rows()
            self.watch_body.recount()

    def _show_clock(self) -> None:
        assert self.session is not None
        drawing = self.watch_body.drawing
        assert drawing is not None
        right = [(drawing.clock(self.session.desk.clock.now()), "strong")]
        self.query_one("#status", StatusBar).set_right(right)

    @on(WatchBody.Counted)
    def _counted(self) -> None:
        self._show_status()

    def _show_status(self) -> None:
        session, counts = self.session, self.watch_body.counts
        if session is None:
            return
        from console.screens.drawing import states

        t, desk = self.words.t, session.desk
        left = [
            (f"{session.center} {t('status.name')}".strip(), "strong"),
            (" ".join(p for p in (desk.seat, desk.officer) if p), "text"),
        ]
        if desk.store.readonly:
            left.append((t("status.readonly"), "warn"))
        if counts is not None:
            waiting, in_hand = states(counts)
            left.append((t("status.counts", new=waiting, active=in_hand), "text"))
            if counts.overdue:
                left.append((t("status.overdue", n=counts.overdue), "overdue"))
            pending = counts.outbox.get("waiting", 0) + counts.outbox.get("sending", 0)
            left.append((t("status.outbox", n=pending), "warn" if pending else "dim"))
            if counts.outbox.get("unknown"):
                left.append((t("status.unknown", n=counts.outbox["unknown"]), "bad"))
            if counts.unreadable:
                left.append((t("status.unreadable", n=counts.unreadable), "warn"))
        if session.trouble is not None:
            left.append((t(session.trouble), "bad"))
        if session.gateway is not None and session.gateway.trouble is not None:
            left.append((t("status.gateway"), "bad"))
        self.query_one("#status", StatusBar).set_left(left)
        self._show_clock()

    # --- saying ------------------------------------------------------------------

    def say(self, message: Message, tone: str = "text") -> None:
        """One sentence in the line above the command line."""
        self._previewed = False
        self._said = (self.words.t(message), tone)
        self.query_one("#line", StatusBar).set_left((self._said,))

    def confirm(self, question: Message, then: Callable[[], None]) -> None:
        """Ask in one line; anything but ``y`` means no."""
        self._confirming = (self.words.t(question), then)
        self.say(question, "warn")
        self.set_focus(self.watch_body.queue)

    # --- keys ----------------------------------------------------------------------

    def route(self, event: events.Key) -> bool:
        """Decide where a key goes, at the moment when it comes from the terminal.

        Keys that are typed ahead must not overtake each other: the focus is moved here,
        before the key is handed on. Returns whether the key has been used up.
        """
        if self._confirming is not None:
            _question, then = self._confirming
            self._confirming = None
            if event.key in ("y", "Y") or event.character == "是":
                then()
            else:
                self.say(msg("screen.not_done"), "dim")
            return True
        verb = self._verb_of(event.key)
        in_form = isinstance(self.focused, Form)
        if verb is not None and not (in_form and verb.id not in ("help", "watch", "quit")):
            self._press_verb(verb)
            return True
        if in_form or isinstance(self.focused, CommandLine):
            return False
        character = event.character
        if event.key == "enter":
            self.choose(0)
        elif event.key == "escape":
            self._escape()
        elif event.key == "tab":
            self.focus_next()
        elif character is not None and character.isdigit() and character != "0":
            self.choose(int(character) - 1)
        elif character is not None and event.is_printable and character != " ":
            self.set_focus(self.command)
            return character in ":/：/"
        else:
            return False
        return True

    def _press_verb(self, verb: Verb) -> None:
        """A key of a verb: one of the screen is done at once, another like its line."""
        if not verb.does or verb.id == "new":
            self._screen_verb(Command(verb, verb.names.en))
        else:
            self.run_line(verb.names.zh if self.words.lang == "zh" else verb.names.en)

    def _verb_of(self, key: str) -> Verb | None:
        """The verb whose key this is."""
        keys = self.session.keys if self.session is not None else {}
        for verb in VERBS:
            own = keys.get(verb.id, verb.key)
            if own and key in own.split(","):
                return verb
        return None

    def _escape(self) -> None:
        body = self.watch_body
        if self.query_one("#help").display:
            self.show("watch")
        elif body.found is not None or body.filter != QueueFilter():
            body.filter_text = ""
            body.set_filter(QueueFilter())
            self.say(msg("filter.cleared"), "dim")

    def on_paste(self, event: events.Paste) -> None:
        """A paste anywhere goes to the command line."""
        if not isinstance(self.focused, CommandLine | Form):
            self.set_focus(self.command)
            self.command.insert(event.text)

    # --- next steps ------------------------------------------------------------------

    @on(WatchBody.Shown)
    def _shown(self, message: WatchBody.Shown) -> None:
        found: Dossier | None = message.dossier
        self.choices = found.choices if found is not None else ()
        waiting, self._choose_next = self._choose_next, None
        if waiting is not None and found is not None and found.incident.id == waiting[0]:
            self.choose(waiting[1])

    def choose(self, index: int) -> None:
        """Do the numbered next step, or begin its line when it needs words."""
        if self.session is None:
            return
        found = self.watch_body.dossier
        selected = self.watch_body.selected
        if selected is None:
            self.say(msg("screen.no_selection"), "dim")
            return
        if found is None or found.incident.id != selected:
            # The pane has not caught up with the cursor yet: as soon as it has.
            self._choose_next = (selected, index)
            return
        if index >= len(self.choices):
            self.say(msg("screen.no_choice", n=index + 1), "dim")
            return
        choice = self.choices[index]
        line, complete = self._line_of(choice, found)
        if not complete:
            self.command.set_text(line + " ")
            self.set_focus(self.command)
            self._explain_soon()
            return
        verb = BY_ID[choice.verb]
        if verb.confirms:
            self.confirm(msg("screen.confirm", line=line), partial(self.run_line, line))
        else:
            self.run_line(line)

    def _line_of(self, choice: Choice, found: Dossier) -> tuple[str, bool]:
        """The line of a choice, and whether it can be done as it stands."""
        zh = self.words.lang == "zh"
        verb = BY_ID[choice.verb]
        name = verb.names.zh if zh else verb.names.en
        number = f"#{found.incident.short}"
        same = [c for c in self.choices if c.step == choice.step]
        if choice.verb == "status":
            stamp = choice.outcome or ""
            out = [
                a.call_sign
                for a in found.assignments
                if a.is_out and getattr(a, stamp, None) is None
            ]
            if len(out) == 1 and choice.outcome is not None:
                return f"{out[0]} {choice.outcome}", True
            return (out[0] if out else name), False
        if choice.verb in ("alarm", "level"):
            return f"{name} {number}", False
        if choice.verb == "done":
            label = self._word(choice.label, choice.step)
            line = f"{name} {number} {label}"
            if choice.outcome is not None:
                line += f" {self._word(choice.outcome_label, choice.outcome)}"
            return line, not choice.asks
        if choice.verb in ("note", "cancel", "transfer"):
            return f"{name} {number}", False
        line = f"{name} {number}"
        if choice.verb in ("call", "resolve") and choice.outcome is not None:
            line += f" {self._word(choice.outcome_label, choice.outcome)}"
        return line, not choice.asks and (len(same) == 1 or choice.outcome is not None)

    def _word(self, label: Any, id_: str) -> str:
        """A step or outcome as it can be typed: its label when that is one word."""
        if label is None:
            return id_
        text = label.zh if self.words.lang == "zh" else label.en
        return text if " " not in text else id_

    # --- the command line --------------------------------------------------------------

    @on(CommandLine.Edited)
    def _edited(self, message: CommandLine.Edited) -> None:
        self._completing = None
        self._explain_soon()
        self._keep_soon()

    def _explain_soon(self) -> None:
        if self._typed_timer is not None:
            self._typed_timer.stop()
        self._typed_timer = self.set_timer(TYPING, self._explain)

    def _explain(self) -> None:
        text = self.command.text
        if not text.strip() or self.session is None:
            self.command.set_ghost("")
            if self._previewed and not text.strip():
                # Only an explanation goes with the line; an answer stays.
                self._previewed = False
                self.query_one("#line", StatusBar).set_left((("", "text"),))
            return
        desk, selected, lang = self.session.desk, self.watch_body.selected, self.words.lang
        self.jobs.read(
            "preview",
            lambda: (text, desk.preview(text, selected, lang)),
            self._explained,
        )

    def _explained(self, answer: tuple[str, Preview]) -> None:
        text, preview = answer
        if text != self.command.text:
            return
        ghost = " ".join(f"<{self.words.t(part)}>" for part in preview.ghost)
        space = "" if text.endswith(" ") or not ghost else " "
        self.command.set_ghost(space + ghost)
        self.say(preview.message, "text" if preview.ok else "dim")
        self._previewed = True

    def _keep_soon(self) -> None:
        if self._draft_timer is not None:
            self._draft_timer.stop()
        self._draft_timer = self.set_timer(KEEP, self._keep_draft)

    def _keep_draft(self) -> None:
        self.keep("line", self.command.text)

    def keep(self, kind: str, text: str) -> None:
        """Keep what was typed, so that a dropped connection loses nothing."""
        if self.session is None or self.session.desk.store.readonly:
            return
        desk = self.session.desk

        def write() -> None:
            from console.store import seats

            with desk.store.write() as tx:
                seats.keep_draft(tx, desk.seat, kind, text, desk.clock.now())

        self.jobs.write(write, lambda _none: None)

    @on(CommandLine.CompleteRequested)
    def _complete(self, message: CommandLine.CompleteRequested) -> None:
        if self.session is None:
            return
        if self._completing is not None:
            self._next_candidate()
            return
        text, cursor = message.text, message.cursor
        desk, selected, lang = self.session.desk, self.watch_body.selected, self.words.lang
        self.jobs.read(
            "complete",
            lambda: (text, desk.complete(text, cursor, selected, lang)),
            self._completed,
        )

    def _completed(self, answer: tuple[str, Completion]) -> None:
        text, completion = answer
        if text != self.command.text or not completion.candidates:
            if not completion.candidates:
                self.say(msg("screen.no_completion"), "dim")
            return
        self._completing, self._completing_at = completion, -1
        self._next_candidate()

    def _next_candidate(self) -> None:
        completion = self._completing
        assert completion is not None
        candidates = completion.candidates
        old = candidates[self._completing_at].text if self._completing_at >= 0 else None
        self._completing_at = (self._completing_at + 1) % len(candidates)
        new = candidates[self._completing_at].text
        text = self.command.text
        end = completion.start + len(old) if old is not None else completion.end
        self.command.set_text(
            text[: completion.start] + new + text[end:], completion.start + len(new)
        )
        shown = []
        for n, candidate in enumerate(candidates[:9]):
            label = f" {self.words.t(candidate.label)}" if candidate.label is not None else ""
            mark = "> " if n == self._completing_at else ""
            shown.append(f"{mark}{candidate.text}{label}")
        more = len(candidates) - 9
        if more > 0:
            shown.append(f"+{more}")
        self.query_one("#line", StatusBar).set_left((("   ".join(shown), "text"),))

    @on(CommandLine.Cancelled)
    def _cancelled(self) -> None:
        self.command.set_text("")
        self.command.set_ghost("")
        self.say(msg("screen.not_done"), "dim")
        self._keep_soon()
        self.set_focus(self.watch_body.queue)

    @on(CommandLine.Submitted)
    def _submitted(self, message: CommandLine.Submitted) -> None:
        line = message.text.strip()
        if not line:
            self.set_focus(self.watch_body.queue)
            return
        self.run_line(line, typed=True)

    def run_line(self, line: str, *, typed: bool = False) -> None:
        """Do a line; what was typed goes only when it was done."""
        if self.session is None:
            self.say(msg("screen.opening"), "dim")
            return
        desk, selected, lang = self.session.desk, self.watch_body.selected, self.words.lang
        if line and (not self._history or self._history[-1] != line):
            self._history.append(line)
            del self._history[:-HISTORY]
        self.command.set_history(self._history)
        self.jobs.write(lambda: (line, typed, desk.run(line, selected, lang)), self._done)

    def _done(self, answer: tuple[str, bool, list[Done]]) -> None:
        line, typed, answers = answer
        failed = next((a for a in answers if not a.ok), None)
        if typed and not self.command.text:
            if failed is not None:
                # Nothing that was typed is lost: mend it and try again.
                self.command.set_text(line)
            else:
                self.set_focus(self.watch_body.queue)
            self._keep_soon()
        for done in answers:
            if done.ok and done.command is not None:
                self._screen_verb(done.command)
        changed = [done for done in answers if done.ok and done.changed]
        if changed:
            body = self.watch_body
            if any(done.verb == "new" for done in changed) and changed[-1].incident is not None:
                body.queue.select(changed[-1].incident, 0)
            body.refresh_rows()
            body.reread()
            body.recount()
        last = failed or (answers[-1] if answers else None)
        if last is not None and last.command is None:
            self.say(last.message, "error" if failed else "good")

    # --- the form --------------------------------------------------------------------

    @on(Form.Edited)
    def _form_edited(self, message: Form.Edited) -> None:
        self._intake.edited(dict(message.values))

    @on(Form.Submitted)
    def _form_submitted(self, message: Form.Submitted) -> None:
        self._intake.submit(dict(message.values))

    @on(Form.Cancelled)
    def _form_cancelled(self, _message: Form.Cancelled) -> None:
        self._intake.close()
        self.say(msg("form.kept"), "dim")

    # --- verbs of the screen ---------------------------------------------------------

    def _screen_verb(self, command: Command) -> None:
        """Do a verb that changes what is seen, not what is."""
        act: dict[str, Callable[[Command], None]] = {
            "help": lambda c: self.show("help", " ".join(c.words)),
            "watch": lambda _c: self.show("watch"),
            "language": self._language,
            "theme": self._theme,
            "quit": lambda _c: self.ask_to_leave(),
            "filter": self._filter,
            "find": self._find,
            "seen": self._saw,
            "new": lambda _c: self._intake.open(),
        }
        act[command.verb.id](command)

    def ask_to_leave(self) -> None:
        """Leave after a yes."""
        self.confirm(msg("screen.confirm_quit"), self.app.exit)

    def show(self, name: str, words: str = "") -> None:
        """Show another body."""
        self.query_one("#help").display = name == "help"
        self.watch_body.display = name == "watch"
        if name == "help":
            pane = self.query_one("#help", LinesView)
            pane.set_title(self.words.t("help.title"))
            pane.set_lines(help_lines(self.words, words, max(60, self.size.width - 1)))
            self.set_focus(pane)
        else:
            self.set_focus(self.watch_body.queue)

    def _language(self, command: Command) -> None:
        other = {"zh": "en", "en": "zh"}[self.words.lang]
        lang = command.words[0] if command.words else other
        self.words.set_language(lang)
        self.watch_body.relabel()
        self._show_status()
        self._show_alerts()
        if self.query_one("#help").display:
            self.show("help")
        self.say(msg("screen.language"), "good")

    def _theme(self, command: Command) -> None:
        name = self.app.next_theme(command.words[0] if command.words else None)  # type: ignore[attr-defined]
        self.say(msg("screen.theme", theme=Message(f"theme.{name}")), "good")

    def _saw(self, _command: Command) -> None:
        self._alerts.clear()
        self._show_alerts()
        self.say(msg("alert.seen"), "dim")

    def _filter(self, command: Command) -> None:
        assert self.session is not None
        from console.desk.filtering import read_filter

        try:
            chosen = read_filter(command.words, self.session.desk)
        except Problem as problem:
            self.say(problem.message, "error")
            return
        self.watch_body.filter_text = " ".join(command.words)
        self.watch_body.set_filter(chosen)
        self.show("watch")
        if command.words:
            self.say(msg("filter.set", words=" ".join(command.words)), "good")
        else:
            self.say(msg("filter.cleared"), "dim")

    def _find(self, command: Command) -> None:
        assert self.session is not None
        from console.desk.filtering import find_incidents

        desk, words = self.session.desk, " ".join(command.words)

        def found(rows: Any) -> None:
            self.show("watch")
            self.watch_body.show_found(words, rows)
            self.say(msg("find.found", n=len(rows), words=words), "good" if rows else "warn")

        self.jobs.read("find", lambda: find_incidents(desk, command.words), found)
