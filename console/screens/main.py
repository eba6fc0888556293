"""The one screen: status bar above, the page that the F-keys choose, the command line below.

It holds its parts together and hands each message to the part whose business it is:
`Keys` routes keys, `Entry` works the command line, `NextSteps` does what the incident
offers, `Status` fills the bars, `Pulse` looks for changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message as TextualMessage
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from console.desk.verb import Command
from console.domain.message import Message, msg
from console.i18n import Translator
from console.screens.acts import ACTS, SESSIONLESS
from console.screens.away import Away
from console.screens.clicks import Clicks
from console.screens.completing import Completing
from console.screens.entry import Entry
from console.screens.intake_form import IntakeForm
from console.screens.jobs import Answer, Jobs
from console.screens.keys import Keys
from console.screens.page import Page
from console.screens.pages import FIRST, PAGES, make
from console.screens.palette import Palette
from console.screens.pulse import Pulse
from console.screens.status import Status
from console.screens.steps import NextSteps
from console.screens.watch import WIDE, WatchPage
from console.store.problem import StoreProblem
from widgets.command_line import CommandLine
from widgets.form import Form
from widgets.pane import Pane
from widgets.queue_table import QueueTable
from widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from console.desk.session import Session
    from console.screens.drawing import Drawing


class MainScreen(Screen[None]):
    """Everything that the officer sees.

    Args:
        words: the translator.
    """

    AUTO_FOCUS = ""

    focused = Reactive[Widget | None](None, repaint=False)
    """Who has the keyboard. It is drawn by the two whom a change concerns, not by all."""

    def __init__(self, words: Translator) -> None:
        super().__init__()
        self.words = words
        self.jobs = Jobs(self)
        self.session: Session | None = None
        self.drawing: Drawing | None = None
        self.asked: Callable[[], None] | None = None
        self.offered: Mapping[str, Callable[[], None]] = {}
        """What a key would choose, while choices stand in the message line."""
        self._unsaid: tuple[str, str] | None = None
        """What came while a question stood in its place: said when it is answered."""
        """What a yes would do, while a question stands in the message line."""
        self.status: Status = Status(self)
        self.pulse = Pulse(self)
        self.away = Away(self)
        self.keys = Keys(self)
        self.clicks = Clicks(self)
        self.entry = Entry(self)
        self.completing = Completing(self)
        self.steps = NextSteps(self)
        self.intake: IntakeForm = IntakeForm(self)
        self.palette = Palette(words)
        self.page: Page = make(FIRST, words, self.jobs)
        """The page that is shown."""
        self._pages: dict[str, Page] = {FIRST: self.page}
        """The pages that are there."""
        self._making: dict[str, Page] = {}
        """Pages that were asked for and are not there yet: nothing can be asked of them."""
        self._awaited: tuple[Page, str, int | None] | None = None
        """Which of them is shown when it is there: the one that was asked for last."""
        self._turned = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Bar, page, message line, command line."""
        yield StatusBar(id="status")
        alert = StatusBar(id="alert")
        alert.display = False
        yield alert
        with Vertical(id="body"):
            yield self.page
            yield self.palette
        yield StatusBar(id="line")
        yield CommandLine(id="command")

    @property
    def watch_page(self) -> WatchPage:
        """The page of F2."""
        return cast(WatchPage, self._pages[FIRST])

    def on_mount(self) -> None:
        """The first frame: chrome and a status line that can be read."""
        self.entry.connect()
        self.status.opening()
        self.say(msg("screen.opening"), "dim")
        self.go_home()
        self._turned.set()

    def on_resize(self, event: events.Resize) -> None:
        """Stacked below 110 columns, fewer lines for the rest below 32; charts in wide ones."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.width < 110, "-narrow")
        self.set_class(event.size.height < 32, "-short")

    def on_answer(self, answer: Answer) -> None:
        """A job is finished."""
        if answer.problem is not None:
            answer.failed()
            if not (answer.leisure and isinstance(answer.problem, StoreProblem)):
                self.say(answer.problem.message, "error")
            elif self.session is not None:
                self.session.standing.look_soon()  # the bar says it
        else:
            answer.then(answer.value)
        self.call_later(self.paint_now)

    async def paint_now(self) -> None:
        """Draw what has changed, without waiting for the next frame."""
        await asyncio.sleep(0)  # whoever loses or gains the keyboard hears of it first
        for widget in self.walk_children(Widget):
            widget._check_refresh()
        self.call_later(self._on_timer_update)  # behind what they say

    def connect(self, session: Session) -> None:
        """The store is open: fill the screen and keep it true."""
        from console.screens.drawing import Drawing
        from console.store import seats

        self.session = session
        desk = session.desk
        self.drawing = Drawing(self.words, desk.rules, desk.store.zone, desk.store.district)
        self.drawing.own_seat = desk.seat
        for page in self._pages.values():
            if page.is_mounted:
                page.connect(session, self.drawing)
        self.say(msg("screen.ready"), "dim")
        self.status.show()
        self.pulse.start()

        def drafts() -> dict[str, str]:
            with desk.store.read() as tx:
                return seats.drafts(tx, desk.seat)

        self.jobs.read("drafts", drafts, self._restore_drafts)

    def _restore_drafts(self, kept: dict[str, str]) -> None:
        self.entry.restore(kept.get("line", ""))
        self.intake.restore(kept.get("form", ""))

    # --- pages ---------------------------------------------------------------------

    def show(self, name: str, words: str = "", about: int | None = None) -> None:
        """Show another page; it is made when it is asked for the first time.

        Until it is there, with everything in it, the page before it stays in sight and keeps
        its life; keys wait (`turned`).

        Args:
            name: id of the verb that shows it.
            words: what stood behind the verb.
            about: id of the incident that is named or selected.
        """
        self._awaited = None
        page = self._pages.get(name)
        if page is not None:
            self._turn_to(page)
            self._open(page, words, about)
            return
        made = self._making.get(name)
        if made is None:
            made = self._making[name] = make(name, self.words, self.jobs)
            made.display = False
            self.query_one("#body").mount(made, before=self.palette)
        self._awaited = (made, words, about)
        self._turned.clear()

    def front(self) -> None:
        """Turn to the page of F2, as whoever calls this has filled it: it is not read anew."""
        self._awaited = None
        self._turn_to(self._pages[FIRST])
        self.go_home()
        self.entry.offer()

    @on(Page.Arrived)
    def _arrived(self, message: Page.Arrived) -> None:
        """A page that was made is there; it is shown if it is still the one that is wanted."""
        page, awaited = message.page, self._awaited
        self._pages[page.verb] = page
        self._making.pop(page.verb, None)
        if page.session is None and self.session is not None and self.drawing is not None:
            page.connect(self.session, self.drawing)
        if awaited is not None and awaited[0] is page:
            self._awaited = None
            self._turn_to(page)
            self._open(page, awaited[1], awaited[2])

    def _turn_to(self, page: Page) -> None:
        """This page is the one that is shown: only one that is there, with everything in it."""
        self._turned.set()
        for other in self._pages.values():
            other.display = other is page
        if self.page is not page:
            self.page.hidden()
            self.show_line("", "text")  # what was said of another page's keys
        self.page = page

    async def turned(self) -> None:
        """Wait until the page that was asked for last, or the first one, is there: keys behind
        it are for it.
        """
        await self._turned.wait()

    def give_up(self) -> None:
        """Nothing that is awaited will come any more: the console ends."""
        self._turned.set()

    def _open(self, page: Page, words: str, about: int | None) -> None:
        page.concern(about)
        page.opened(words)
        self.go_home()
        self.entry.offer()
        if self.session is not None:
            page.renew(None)
            if self.status.counts is not None:
                page.counted(self.status.counts)
        else:
            self.say(msg("screen.opening"), "dim")

    def go_home(self) -> None:
        """The keyboard goes to the page."""
        self.set_focus(self.page.home)

    def relabel(self) -> None:
        """Say everything again, in the language that is spoken now."""
        for page in self._pages.values():
            if page.is_mounted:
                page.relabel()
        self.entry.relabel()
        self.status.show()

    def act(self, command: Command) -> None:
        """Do a verb that changes what is seen, not what is."""
        if command.verb.id in PAGES:
            about = self.page.selected if command.incident is None else command.incident
            self.show(command.verb.id, " ".join(command.words), about)
        elif self.session is None and command.verb.id not in SESSIONLESS:
            self.say(msg("screen.opening"), "dim")
        else:
            ACTS[command.verb.id](self, command)

    def open_palette(self) -> None:
        """Show everything that can be done; nothing can before the store is open."""
        if self.session is None:
            self.say(msg("screen.opening"), "dim")
            return
        self.palette.open(self.session.desk.role)
        self.set_focus(self.palette.line)
        self.say(msg("palette.how"), "dim")

    def close_palette(self, *, take: bool = False) -> None:
        """Away with it; with `take`, what was chosen is done or begun."""
        chosen = self.palette.chosen if take else None
        self.palette.display = False
        self.go_home()
        if chosen is None:
            self.say(msg("screen.not_done"), "dim")
        elif chosen.command is not None:
            self.act(chosen.command)
        else:
            self.entry.begin(chosen.line)

    @on(Page.Shown)
    def _shown(self) -> None:
        self.steps.shown()
        self.keys.digits.shown()
        self.entry.show_prompt()

    @on(QueueTable.Selected)
    def _selected(self) -> None:
        self.entry.show_prompt()

    def on_descendant_focus(self) -> None:
        """The keyboard is elsewhere now: only under a line that is being typed nothing moves."""
        self.entry.settle()

    @on(Page.Say)
    def _page_says(self, message: Page.Say) -> None:
        self.say(message.words, message.tone)

    @on(Page.Run)
    def _page_runs(self, message: Page.Run) -> None:
        if message.asking is None:
            self.entry.run(message.line)
        else:
            about = self.entry.aim()
            self.confirm(message.asking, lambda: self.entry.run(message.line, about=about))

    @on(Page.Begin)
    def _page_begins(self, message: Page.Begin) -> None:
        self.entry.begin(message.line)

    # --- saying and asking -----------------------------------------------------------

    def say(self, message: Message, tone: str = "text") -> None:
        """One sentence in the line above the command line."""
        self.entry.spoken()
        self.show_line(self.words.t(message), tone)

    def show_line(self, text: str, tone: str) -> None:
        """A text that is already in the officer's language, in the same line."""
        if self.asked is not None:
            self._unsaid = (text, tone)  # nobody answers a question that is not seen
            return
        self.query_one("#line", StatusBar).set_left(((text, tone),))

    def confirm(self, question: Message, then: Callable[[], None]) -> None:
        """Ask in one line; anything but ``y`` means no."""
        self.entry.spoken()
        # A question is known by its end: that is seen in the narrowest window, too.
        said = ((self.words.t(question), "warn"),)
        self.query_one("#line", StatusBar).set_left(said, both_ends=True)
        self.go_home()
        self.asked = then

    def choose(self, question: Message, options: Mapping[str, Callable[[], None]]) -> None:
        """Offer choices under keys in one line; any other key lets them go and means its own."""
        self.say(question, "warn")
        self.offered = options

    def answer(self, yes: bool) -> None:
        """The officer's answer to the question that was asked."""
        then, self.asked = self.asked, None
        unsaid, self._unsaid = self._unsaid, None
        if yes and then is not None:
            then()
        else:
            self.say(msg("screen.not_done"), "dim")
        if unsaid is not None:
            self.show_line(*unsaid)

    def ask_to_leave(self) -> None:
        """Leave after a yes."""
        self.confirm(msg("screen.confirm_quit"), self.app.exit)

    # --- what is typed -----------------------------------------------------------------

    def route(self, event: events.Key) -> bool:
        """Decide where a key from the terminal goes; returns whether it is used up."""
        return self.intake.swallows(event) or self.keys.route(event)

    @on(Pane.Pressed)
    def _clicked(self, message: Pane.Pressed) -> None:
        self.clicks.pressed(message)

    def on_paste(self, event: events.Paste) -> None:
        """A paste anywhere goes to the command line."""
        if not isinstance(self.focused, CommandLine | Form):
            self.keys.digits.go_on()
            self.entry.insert(event.text)

    def heard(self, message: TextualMessage) -> None:
        """What happened in the command line, at once: the next key may be in the same read."""
        match message:
            case CommandLine.Edited():
                self.completing.forget()
                self.entry.edited()
            case CommandLine.CompleteRequested():
                self.completing.next(message.text, message.cursor)
            case CommandLine.Cancelled():
                self.entry.cancelled()
            case CommandLine.Submitted():
                self.entry.submitted(message.text, message.about)

    @on(Form.Edited, "#form")
    def _form_edited(self, message: Form.Edited) -> None:
        self.intake.edited(dict(message.values))

    @on(Form.Submitted, "#form")
    def _form_submitted(self, message: Form.Submitted) -> None:
        self.intake.submit(dict(message.values))

    @on(Form.Looked, "#form")
    def _form_looked(self, message: Form.Looked) -> None:
        self.intake.look_at(message.step)

    @on(Form.Joined, "#form")
    def _form_joined(self, message: Form.Joined) -> None:
        self.intake.join(dict(message.values))

    @on(Form.Cancelled, "#form")
    def _form_cancelled(self) -> None:
        self.intake.close()
        self.say(msg("form.kept"), "dim")
