"""A call taken by hand: the docked form, its hints while typing, and its draft."""

from __future__ import annotations

import json
from time import monotonic
from typing import TYPE_CHECKING

from textual import events

from console.domain.message import msg
from console.screens.pages import FIRST
from widgets.form import SUBMIT_KEYS, Choice, Field, Form
from widgets.pane import Line

if TYPE_CHECKING:
    from console.desk.desk import Done
    from console.desk.taking import Alike
    from console.screens.main import MainScreen

HINTS = 3
"""Incidents that a call may be about which are named at most."""

READ = 0.4
"""Seconds that a hint must have stood before a key is done to it."""

AFTER = 0.6
"""Seconds after a call was sent in which the keys that send do nothing else: they were
pressed twice."""


class IntakeForm:
    """Opens, feeds and closes the form of the watch screen.

    A call is sent once: while it is under way the form takes no key. It is emptied when it
    was taken, and keeps everything when it was not.

    Args:
        screen: the main screen.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.draft = ""
        self._written = ""
        """The draft as the store has it, or will have it soon."""
        self._writing = False
        self._sending = False
        self._sent_at = float("-inf")
        self._alike: tuple[int, ...] = ()
        """Ids of the incidents that are named as hints, in their order."""
        self._marked: int | None = None
        self._marked_at = 0.0

    @property
    def form(self) -> Form:
        """The docked form."""
        return self.screen.query_one("#form", Form)

    def open(self) -> None:
        """Show the form, with what was typed before if it was left half done."""
        session = self.screen.session
        if session is None:
            self.screen.say(msg("screen.opening"), "dim")
            return
        if session.desk.store.readonly:
            self.screen.say(msg("store.readonly", store=session.desk.store.shown), "error")
            return
        self.screen.show(FIRST)
        form = self.form
        form.set_title(self.screen.words.t("form.title"))
        form.set_fields(self._fields())
        if not self._sending:
            form.set_values(json.loads(self.draft) if self.draft else {})
            self._forget_hints()
        form.display = True
        self.screen.set_class(True, "-form")
        # At once: keys that are typed ahead belong to the form.
        self.screen.set_focus(form)
        self.screen.say(msg("form.how"), "dim")
        if self.draft and not self._sending:
            self._look(dict(form.values))

    def restore(self, kept: str) -> None:
        """Put back what was left half done; the form may be open already.

        What has been typed since stays as it is.
        """
        if self._sending or not kept:
            return
        if not self.form.display:
            self.draft = kept
            return
        self.form.fill(json.loads(kept))
        self.edited(dict(self.form.values))

    def _fields(self) -> tuple[Field, ...]:
        t = self.screen.words.t
        session = self.screen.session
        assert session is not None
        zh = self.screen.words.lang == "zh"
        choices = [Choice("", t("form.by_words"))]
        for category in session.desk.rules.categories:
            if category.code.count(".") > 1 or category.code.startswith("safety"):
                continue
            label = category.label
            first, second = (label.zh, label.en) if zh else (label.en, label.zh)
            choices.append(Choice(category.code, first, (second, *category.aliases)))
        return (
            Field("category", t("form.category"), "choice", tuple(choices)),
            Field("place", t("form.place")),
            Field("text", t("form.text"), "long"),
            Field("caller", t("form.caller")),
            Field("phone", t("form.phone")),
        )

    def close(self) -> None:
        """Hide the form."""
        self.form.display = False
        self.screen.set_class(False, "-form")
        self.screen.go_home()

    # --- while it is typed ---------------------------------------------------------

    def edited(self, values: dict[str, str]) -> None:
        """Something was typed: look for incidents that this may be, and keep the draft."""
        filled = any(value.strip() for value in values.values())
        self.draft = json.dumps(values, ensure_ascii=False) if filled else ""
        self._keep()
        self._look(values)

    def _keep(self) -> None:
        """Keep the draft, so that a dropped connection loses nothing; one write at a time."""
        if not self._writing:
            self.keep_now()

    def keep_now(self) -> None:
        """Keep the draft behind whatever is being written: the console leaves."""
        session = self.screen.session
        if session is None or self._sending or self.draft == self._written:
            return
        desk, draft = session.desk, self.draft

        def write() -> None:
            from console.desk.taking import DRAFT
            from console.store import seats

            with desk.store.write() as tx:
                seats.keep_draft(tx, desk.seat, DRAFT, draft, desk.clock.now())

        def kept(_none: None) -> None:
            self._writing = False
            self._written = draft
            if not self._sending:
                self._keep()

        def not_kept() -> None:
            self._writing = False

        self._writing = True
        self.screen.jobs.write(write, kept, not_kept, leisure=True)

    def _look(self, values: dict[str, str]) -> None:
        session = self.screen.session
        assert session is not None
        desk = session.desk

        def look() -> tuple[dict[str, str], list[Alike]]:
            from console.desk.taking import alike

            with desk.reading() as work:
                return values, alike(work, values)

        self.screen.jobs.read("alike", look, self._hint)

    # --- what it may be already ----------------------------------------------------------

    def _forget_hints(self) -> None:
        self._alike, self._marked = (), None
        self.form.set_hints(())

    def _hint(self, answer: tuple[dict[str, str], list[Alike]]) -> None:
        values, found = answer
        drawing, form = self.screen.drawing, self.form
        if drawing is None or not form.display or values != dict(form.values):
            return
        t = self.screen.words.t
        found = found[:HINTS]
        self._alike = tuple(one.incident.id for one in found)
        if self._marked not in self._alike:
            # What the key is done to changes only when it is gone.
            self._marked = self._alike[0] if self._alike else None
            self._marked_at = monotonic()
        lines: list[Line] = []
        for one in found:
            told = t(
                "form.alike",
                number=one.incident.short,
                percent=round(one.score * 100),
                what=drawing.say(drawing.rules.categories.get(one.incident.category).label),
                place=drawing.place(one.incident.town, one.incident.place),
            )
            here = one.incident.id == self._marked
            key = "form.joins" if here else "form.looks"
            lines.append(
                [
                    (">" if here else " ", "key"),
                    (f"{t(key, number=one.incident.short)} ", "key"),
                    (told, "warn"),
                ]
            )
        form.set_hints(lines, 0 if self._marked is None else self._alike.index(self._marked))

    def look_at(self, step: int) -> None:
        """Show the incident that this may be, or the next one, in the pane; the form stays."""
        if self._marked is None or not self._alike:
            self.screen.say(msg("form.no_hint"), "dim")
            return
        queue = self.screen.watch_page.queue
        at = self._alike.index(self._marked)
        if queue.selected_key == self._marked:
            at = (at + step) % len(self._alike)
        if self._alike[at] != self._marked:
            self._marked, self._marked_at = self._alike[at], monotonic()
            self._look(dict(self.form.values))
        queue.select(self._marked, queue.cursor)

    def join(self, values: dict[str, str]) -> None:
        """Add the call to the incident that is marked: it is a further report of that one."""
        if self._marked is None:
            self.screen.say(msg("form.no_hint"), "dim")
        elif monotonic() - self._marked_at < READ:
            self.screen.say(msg("form.hint_moved"), "warn")
        else:
            self._send(values, self._marked)

    # --- sending -----------------------------------------------------------------------------

    def submit(self, values: dict[str, str]) -> None:
        """Make an incident of the form."""
        self._send(values, None)

    def _send(self, values: dict[str, str], joins: int | None) -> None:
        session = self.screen.session
        assert session is not None
        if self._sending:
            return
        refused = self.screen.away.refused()
        if refused is not None:
            self.screen.say(refused, "error")
            return
        self._sending = self.form.busy = True
        self.screen.say(msg("form.sending"), "dim")
        desk, away, ticket = session.desk, self.screen.away, self.screen.away.ticket()

        def write() -> Done:
            from console.desk.taking import take_call

            away.valid(ticket)
            return take_call(desk, values, joins)

        self.screen.jobs.write(write, self._taken, self._not_sent)

    def _not_sent(self) -> None:
        """It was not sent; what was typed stays, to be sent again."""
        self._sending = self.form.busy = False
        self._keep()

    def _taken(self, done: Done) -> None:
        screen = self.screen
        if not done.ok:
            self._not_sent()
            self.form.set_error("text", screen.words.t(done.message))
            screen.say(done.message, "error")
            return
        self._sending = self.form.busy = False
        self.draft = self._written = ""
        self.form.set_values({})
        self._forget_hints()
        if self.form.display:
            self.close()
        self._sent_at = monotonic()
        if done.incident is not None:
            screen.watch_page.queue.select(done.incident, 0)
        screen.pulse.renew()
        screen.say(done.message, "good")

    def swallows(self, event: events.Key) -> bool:
        """Whether a key is the second press of the one that has just sent the call.

        The form is gone then, and the key would do something else that nobody meant.
        """
        return event.key in (*SUBMIT_KEYS, "enter") and event.time - self._sent_at < AFTER
