"""What a page is: everything between the status bar and the message line, under one key.

A page is one module with one `Page` in it and one line in `console.screens.pages`; its
key and its names are those of the verb of the same id. The screen makes it when it is
first shown and keeps it from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual import events
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from console.domain.clock import Instant, to_datetime
from console.domain.message import Message as Words
from console.domain.message import msg
from console.domain.numbering import key_of
from console.i18n import Translator
from console.screens.jobs import Jobs

if TYPE_CHECKING:
    from console.desk.desk import Preview
    from console.desk.dossier import Dossier
    from console.desk.session import Session
    from console.domain.playbook import Choice
    from console.screens.drawing import Drawing
    from console.screens.reading import Counts
    from console.store.queue_row import QueueRow


class Page(Container):
    """One page. What it does not say otherwise is quiet: it shows no incident and uses no key.

    State comes down by the methods, in this order: `connect` once, `opened` whenever it
    is shown; `renew`, `counted` and `tick` only while it is shown; `relabel` always.
    What the officer does goes up by the messages.

    Args:
        verb: id of the verb that shows the page.
        words: the translator; its language may change at any time.
        jobs: where reads run; what they bring with them is imported there.
    """

    DEFAULT_CSS = """
    Page { height: 1fr; layout: vertical; }
    """

    class Arrived(Message):
        """The page is there, with everything in it."""

        def __init__(self, page: Page) -> None:
            super().__init__()
            self.page = page

    class Shown(Message):
        """The page shows another state of its selected incident, or another incident."""

    class Say(Message):
        """A sentence for the message line.

        Attributes:
            words: the sentence.
            tone: the tone that it is drawn in.
        """

        def __init__(self, words: Words, tone: str = "text") -> None:
            super().__init__()
            self.words = words
            self.tone = tone

    class Run(Message):
        """A line to be done, as though the officer had typed it.

        Attributes:
            line: the line.
            asking: what is asked first, when a slip would matter; None for nothing.
        """

        def __init__(self, line: str, asking: Words | None = None) -> None:
            super().__init__()
            self.line = line
            self.asking = asking

    class Begin(Message):
        """A line that the officer is to go on with."""

        def __init__(self, line: str) -> None:
            super().__init__()
            self.line = line

    how: str = ""
    """Id of the line that says what its keys do, said when it is shown; "" for none."""

    digits_turn: bool = False
    """Whether digits only turn the page's leaves: then they do it at once."""

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(id=f"page-{verb}")
        self.verb = verb
        self.words = words
        self.jobs = jobs
        self.session: Session | None = None
        self.drawing: Drawing | None = None

    def on_mount(self) -> None:
        """Everything in it is there."""
        self.post_message(self.Arrived(self))

    # --- what it has ----------------------------------------------------------

    @property
    def today(self) -> date:
        """The center's day; only while there is a session."""
        assert self.session is not None
        desk = self.session.desk
        return to_datetime(desk.clock.now(), desk.store.zone).date()

    @property
    def home(self) -> Widget | None:
        """The widget that gets the keyboard; None leaves it to the keys of the screen."""
        return None

    @property
    def selected(self) -> int | None:
        """Id of the incident that Enter, the digits and a line without a number are about."""
        return None

    @property
    def meant(self) -> int | None:
        """Id of the incident that a line is about which is begun now: the selected one, or the
        one that was selected until a moment ago, if its row went by itself."""
        return self.selected

    @property
    def hand(self) -> int:
        """A number that changes whenever the officer himself selects something else."""
        return 0

    @property
    def unsettled(self) -> bool:
        """Whether other rows are on their way: nobody knows yet what is selected."""
        return False

    def under(self, number: int) -> object:
        """What stands under a digit; another value when it is something else."""
        choice = self.numbered.get(number)
        return self.selected, None if choice is None else key_of(choice)

    @property
    def dossier(self) -> Dossier | None:
        """The selected incident as it is on the screen; None while it is being read."""
        return None

    @property
    def numbered(self) -> Mapping[int, Choice]:
        """The next steps of the dossier, under the digits that are theirs."""
        return self.dossier.numbered if self.dossier is not None else {}

    # --- what it is told ------------------------------------------------------

    def connect(self, session: Session, drawing: Drawing) -> None:
        """The store is open: from now on everything can be read."""
        self.session, self.drawing = session, drawing
        drawing.year = self.today.year
        self.relabel()

    def concern(self, incident: int | None) -> None:
        """It is about to be shown while this incident is named, or selected on the page before."""

    def hold(self, still: bool) -> None:
        """Let rows and selection stay where they are while a line is being typed, or no more."""

    def choose(self, incident: int, *, over: bool = False) -> None:
        """Select an incident that a line has named, if it is among what the page shows.

        Args:
            incident: its id.
            over: show it, too, when it stands in no queue any more.
        """

    def hidden(self) -> None:
        """Another page takes its place."""

    def opened(self, words: str = "") -> None:
        """It is shown, by a line with these words behind the verb."""
        if self.how:
            self.post_message(self.Say(Words(self.how), "dim"))

    def renew(self, touched: frozenset[int] | None = frozenset()) -> None:
        """Read again what is on the page.

        Args:
            touched: ids of the incidents that changed; none, when only time has passed;
                None, when it may be any of them.
        """

    def took(self, rows: Sequence[QueueRow]) -> None:
        """What the officer did has changed these incidents; `renew` comes when that is painted."""

    def counted(self, counts: Counts) -> None:
        """The counts were read anew."""

    def tick(self, now: Instant) -> None:
        """A second has passed: running clocks."""

    def relabel(self) -> None:
        """Say everything again, in the language that is spoken now."""

    def press(self, event: events.Key) -> bool:
        """Use a key before it gets its common meaning; returns whether it is used up."""
        return False

    def escape(self) -> bool:
        """Go one step back inside the page; returns whether there was one."""
        return False

    # --- what it may do ---------------------------------------------------------

    def ask(self, line: str) -> None:
        """Say what a line would do, and do it after a yes; what cannot be done is said."""
        if self.session is None:
            return
        desk, lang = self.session.desk, self.words.lang

        def said(preview: Preview) -> None:
            if preview.ok:
                self.post_message(self.Run(line, msg("links.sure", what=preview.message)))
            else:
                self.post_message(self.Say(preview.message, "error"))

        self.jobs.read("ask", lambda: desk.preview(line, None, lang), said)
