"""A call taken by hand: the docked form, its hints while typing, and its draft."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from console.domain.message import msg
from console.screens.pages import FIRST
from widgets.form import Choice, Field, Form
from widgets.pane import Line

if TYPE_CHECKING:
    from console.desk.desk import Done
    from console.desk.taking import Alike
    from console.screens.main import MainScreen

FIELDS = ("category", "place", "text", "caller", "phone")


class IntakeForm:
    """Opens, feeds and closes the form of the watch screen.

    Args:
        screen: the main screen.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.draft = ""

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
            self.screen.say(msg("store.readonly", store=session.desk.store.url), "error")
            return
        self.screen.show(FIRST)
        self.form.set_title(self.screen.words.t("form.title"))
        self.form.set_fields(self._fields())
        if self.draft:
            self.form.set_values(json.loads(self.draft))
        self.form.display = True
        # At once: keys that are typed ahead belong to the form.
        self.screen.set_focus(self.form)
        self.screen.say(msg("form.how"), "dim")

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
        self.screen.go_home()

    def edited(self, values: dict[str, str]) -> None:
        """Something was typed: look for incidents that this may be, and keep the draft."""
        session = self.screen.session
        assert session is not None
        self.draft = json.dumps(values, ensure_ascii=False)
        self.screen.entry.keep("form", self.draft)
        desk = session.desk

        def look() -> list[Alike]:
            from console.desk.taking import alike

            with desk.reading() as work:
                return alike(work, values)

        self.screen.jobs.read("alike", look, self._hint)

    def _hint(self, found: list[Alike]) -> None:
        drawing = self.screen.drawing
        if drawing is None or not self.form.display:
            return
        t = self.screen.words.t
        lines: list[Line] = [
            [
                (
                    t(
                        "form.alike",
                        number=one.incident.short,
                        what=drawing.say(drawing.rules.categories.get(one.incident.category).label),
                        place=one.incident.place,
                        percent=round(one.score * 100),
                    ),
                    "warn",
                )
            ]
            for one in found[:3]
        ]
        self.form.set_hints(lines)

    def submit(self, values: dict[str, str]) -> None:
        """Make an incident of the form."""
        session = self.screen.session
        assert session is not None
        desk = session.desk

        def write() -> Done:
            from console.desk.taking import take_call

            return take_call(desk, values)

        self.screen.jobs.write(write, self._taken)

    def _taken(self, done: Done) -> None:
        screen = self.screen
        if not done.ok:
            self.form.set_error("text", screen.words.t(done.message))
            screen.say(done.message, "error")
            return
        self.draft = ""
        screen.entry.keep("form", "")
        self.close()
        if done.incident is not None:
            screen.watch_page.queue.select(done.incident, 0)
        screen.pulse.renew()
        screen.say(done.message, "good")
