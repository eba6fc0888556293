"""The group's page (F7): what residents said, what they were told, bulletins and points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from console.domain.clock import Instant
from console.domain.message import Message as Words
from console.domain.message import msg
from console.i18n import Translator
from console.screens.jobs import Jobs
from console.screens.page import Page
from widgets.columns import Column
from widgets.lines import LinesView
from widgets.queue_table import QueueTable

if TYPE_CHECKING:
    from console.desk.grouped import GroupView
    from console.desk.session import Session
    from console.screens.drawing import Drawing
    from console.screens.group_drawing import GroupDrawing
    from console.store.group import GroupMessage


class GroupPage(Page):
    """The messages, what waits first; one of them whole; bulletins and points below."""

    how = "group.how"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    GroupPage #group-floor { height: 1fr; }
    GroupPage #group-list { width: 1fr; }
    GroupPage #group-message { width: 1fr; padding-left: 1; }
    GroupPage #group-below { height: 11; }
    GroupPage #group-said { width: 1fr; }
    GroupPage #group-points { width: 1fr; padding-left: 1; }
    MainScreen.-short GroupPage #group-below { height: 5; }
    """

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(verb, words, jobs)
        self.view: GroupView | None = None
        self._art: GroupDrawing | None = None

    def compose(self) -> ComposeResult:
        """Messages and one of them above; what everybody was told, and points, below."""
        t = self.words.t
        with Horizontal(id="group-floor"):
            yield QueueTable(
                (Column("wait", "", 1),), title=t("group.title"), header=True, id="group-list"
            )
            yield LinesView(title=t("group.message"), scrolls=True, id="group-message")
        with Horizontal(id="group-below"):
            yield LinesView(title=t("group.said"), id="group-said")
            yield LinesView(title=t("group.points"), id="group-points")

    @property
    def table(self) -> QueueTable:
        """The messages."""
        return self.query_one("#group-list", QueueTable)

    @property
    def home(self) -> QueueTable:
        """The keyboard belongs to the messages."""
        return self.table

    @property
    def message(self) -> GroupMessage | None:
        """The selected message."""
        key = self.table.selected_key
        if self.view is None or key is None:
            return None
        return next((one for one in self.view.messages if one.id == key), None)

    @property
    def selected(self) -> int | None:
        """The incident that the selected message became."""
        found = self.message
        return found.incident if found is not None else None

    def under(self, number: int) -> object:
        """What stands under a digit."""
        found = self.message
        return None if found is None else (found.id, found.state, number)

    def connect(self, session: Session, drawing: Drawing) -> None:
        """The store is open."""
        from console.screens.group_drawing import GroupDrawing

        self._art = GroupDrawing(drawing)
        super().connect(session, drawing)

    def renew(self, touched: frozenset[int] | None = frozenset()) -> None:
        """Read everything."""
        if self.session is None:
            return
        from console.desk.grouped import grouped

        desk = self.session.desk
        self.jobs.read("group", lambda: grouped(desk), self._show)

    def relabel(self) -> None:
        """Say everything again."""
        if self._art is None:
            return
        self.table.set_columns(self._art.columns())
        self.table.set_empty(self.words.t("group.none"))
        if self.view is not None:
            self._show(self.view)

    def on_resize(self) -> None:
        """Lines are broken anew."""
        self._show_about()

    # --- what is shown -----------------------------------------------------------

    def _show(self, view: GroupView) -> None:
        art = self._art
        if art is None:
            return
        was, self.view = self.table.selected_key, view
        self.table.set_title(self.words.t("group.title"), art.counts(view))
        rows = [art.row(one) for one in view.messages]
        place = next((n for n, one in enumerate(view.messages) if one.id == was), None)
        if was is not None and place is not None:
            self.table.select(was, place)
        self.table.set_window(0, rows, len(rows))
        self._show_about()

    def _show_about(self) -> None:
        art, view = self._art, self.view
        if art is None or view is None:
            return
        found = self.message
        pane = self.query_one("#group-message", LinesView)
        if found is None:
            pane.set_title(self.words.t("group.message"))
            pane.set_lines(())
        else:
            pane.set_title(self.words.t("group.number", id=found.id))
            pane.set_lines(art.message(found, max(20, pane.size.width - 1)))
        said = self.query_one("#group-said", LinesView)
        said.set_title(self.words.t("group.said"))
        said.set_lines(art.said(view, max(20, said.size.width)))
        points = self.query_one("#group-points", LinesView)
        points.set_title(self.words.t("group.points"))
        points.set_lines(art.points(view))
        self.post_message(self.Shown())

    @on(QueueTable.Selected, "#group-list")
    def _selected(self, message: QueueTable.Selected) -> None:
        message.stop()
        self.query_one("#group-message", LinesView).set_lines((), keep_top=False)
        self._show_about()

    # --- keys ----------------------------------------------------------------------

    def press(self, event: events.Key) -> bool:
        """A digit does what stands under it; Enter says what there is to choose from."""
        character = event.character or ""
        if event.key != "enter" and not (character.isdigit() and character != "0"):
            return False
        found = self.message
        if found is None:
            self.post_message(self.Say(msg("group.choose_first"), "dim"))
            return True
        from console.screens.group_drawing import lines_of, offers

        if event.key == "enter":
            options = tuple(
                msg("screen.option", digit=digit, what=Words(id_))
                for digit, id_ in offers(found).items()
            )
            self.post_message(self.Say(msg("screen.which_step", options=options), "warn"))
            return True
        number = int(character)
        lines = lines_of(found, self.words.lang == "zh")
        if number not in lines:
            self.post_message(self.Say(msg("screen.no_choice", n=number), "dim"))
            return True
        line, whole = lines[number]
        if whole:
            self.ask(line)  # the group is public
        else:
            self.post_message(self.Begin(line))
        return True

    def tick(self, now: Instant) -> None:
        """Nothing here changes with the clock alone."""
