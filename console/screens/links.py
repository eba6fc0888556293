"""The links page (F10): every system, what waits for a person, and what can be done about it."""

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
from widgets.columns import Column, Row
from widgets.lines import LinesView
from widgets.queue_table import QueueTable

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from console.desk.linked import LinkDetail, LinkView
    from console.desk.session import Session
    from console.screens.drawing import Drawing
    from console.screens.links_drawing import LinksDrawing
    from console.store.links import UnreadItem
    from console.store.outbox import KeptOrder

LEAST = 5
"""Seconds after which lags are said anew when nothing has changed."""


class LinksPage(Page):
    """Every system, linked or not; faults first."""

    how = "links.how"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    LinksPage #links-systems { height: 19; }
    LinksPage #links-below { height: 1fr; }
    LinksPage #links-items { width: 26fr; }
    LinksPage #links-detail { width: 34fr; padding-left: 1; }
    MainScreen.-short LinksPage #links-systems { height: 11; }
    MainScreen.-narrow LinksPage #links-items { width: 30fr; }
    """

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(verb, words, jobs)
        self.views: tuple[LinkView, ...] = ()
        self.detail: LinkDetail | None = None
        self.inside = False
        """Whether the keyboard is among what waits."""
        self._art: LinksDrawing | None = None
        self._ticks = 0

    def compose(self) -> ComposeResult:
        """Systems above; what waits, and everything about it, below."""
        empty = (Column("wait", "", 1),)
        yield QueueTable(empty, title=self.words.t("links.title"), header=True, id="links-systems")
        with Horizontal(id="links-below"):
            yield QueueTable(empty, title=self.words.t("links.waits"), id="links-items")
            yield LinesView(title=self.words.t("links.about"), scrolls=True, id="links-detail")

    @property
    def systems(self) -> QueueTable:
        """The table of systems."""
        return self.query_one("#links-systems", QueueTable)

    @property
    def items(self) -> QueueTable:
        """What waits for a person at the selected system."""
        return self.query_one("#links-items", QueueTable)

    @property
    def home(self) -> QueueTable:
        """The table that the officer is in."""
        return self.items if self.inside and self.items.total else self.systems

    @property
    def view(self) -> LinkView | None:
        """The selected system."""
        key = self.systems.selected_key
        return self.views[key] if key is not None and key < len(self.views) else None

    @property
    def item(self) -> KeptOrder | UnreadItem | None:
        """What is selected among what waits."""
        found, key = self.detail, self.items.selected_key
        if found is None or key is None:
            return None
        both: tuple[KeptOrder | UnreadItem, ...] = (*found.orders, *found.items)
        return both[key] if key < len(both) else None

    def connect(self, session: Session, drawing: Drawing) -> None:
        """The store is open."""
        from console.screens.links_drawing import LinksDrawing

        self._art = LinksDrawing(drawing)
        super().connect(session, drawing)

    def renew(self, touched: frozenset[int] | None = frozenset()) -> None:
        """Read every link and what waits at the selected one."""
        if self.session is None:
            return
        from adapters.systems import ORDER
        from console.desk.linked import linked

        desk = self.session.desk
        self.jobs.read("links", lambda: tuple(linked(desk, ORDER)), self._show)
        self._read_detail()

    def tick(self, now: Instant) -> None:
        """Lags grow, seldom enough not to keep the line busy."""
        self._ticks += 1
        if self._ticks % LEAST == 0:
            self.renew()

    def relabel(self) -> None:
        """Say everything again."""
        if self._art is None:
            return
        self.systems.set_columns(self._art.columns())
        self.items.set_columns(self._art.item_columns())
        self.items.set_empty(self.words.t("links.nothing_waits"))
        self._show(self.views)

    # --- what is shown ---------------------------------------------------------

    def _show(self, views: tuple[LinkView, ...]) -> None:
        if self._art is None:
            return
        # A row stands for its system: what is selected stays so when faults go first.
        was = self.view
        self.views = views
        ill = sum(one.now.state == "fault" for one in views)
        self.systems.set_title(self.words.t("links.title"), self.words.t("links.ill", n=ill))
        rows = [self._art.row(n, view) for n, view in enumerate(views)]
        if was is not None:
            place = next((n for n, one in enumerate(views) if one.system == was.system), None)
            if place is not None and place != self.systems.selected_key:
                self.systems.select(place, place)
        self.systems.set_window(0, rows, len(rows))
        self._show_items()

    def _read_detail(self) -> None:
        view = self.view
        if self.session is None or view is None:
            return
        from console.desk.linked import detail

        desk, system = self.session.desk, view.system
        self.jobs.read("link-detail", lambda: detail(desk, system), self._show_detail)

    def _show_detail(self, found: LinkDetail) -> None:
        if self.view is not None and found.system == self.view.system:
            self.detail = found
            self._show_items()

    def _show_items(self) -> None:
        art, view = self._art, self.view
        if art is None or view is None:
            return
        found = self.detail if self.detail and self.detail.system == view.system else None
        rows: list[Row] = []
        if found is not None:
            rows += [art.order_row(n, one) for n, one in enumerate(found.orders)]
            rows += [art.item_row(len(rows) + n, one) for n, one in enumerate(found.items)]
        name = art.drawing.system(view.system)
        self.items.set_title(f"{name} {self.words.t('links.waits')}", str(len(rows) or ""))
        self.items.set_window(0, rows, len(rows))
        if self.inside and not rows and found is not None:
            self._go(False)
        self._show_about()

    def _show_about(self) -> None:
        art, view = self._art, self.view
        if art is None or view is None:
            return
        pane = self.query_one("#links-detail", LinesView)
        width = max(20, pane.size.width)
        item = self.item if self.inside else None
        pane.set_title(art.drawing.system(view.system))
        if item is None:
            found = self.detail if self.detail and self.detail.system == view.system else None
            pane.set_lines(art.about(view, found, width))
        elif is_order(item):
            pane.set_lines(art.order(item, width))
        else:
            pane.set_lines(art.item(item, width))
        self.post_message(self.Shown())

    @on(QueueTable.Selected, "#links-systems")
    def _system_selected(self) -> None:
        self.query_one("#links-detail", LinesView).set_lines((), keep_top=False)
        self._show_items()
        self._read_detail()

    @on(QueueTable.Selected, "#links-items")
    def _item_selected(self) -> None:
        self._show_about()

    def on_resize(self) -> None:
        """Lines are broken anew."""
        self._show_about()

    # --- keys --------------------------------------------------------------------

    def _go(self, inside: bool) -> None:
        """Into what waits, or back to the systems."""
        self.inside = inside
        self.screen.set_focus(self.home)
        self._show_about()

    def on_descendant_focus(self) -> None:
        """The mouse can go there, too."""
        if self.items.has_focus != self.inside and not self.query_one("#links-detail").has_focus:
            self.inside = self.items.has_focus
            self._show_about()

    def press(self, event: events.Key) -> bool:
        """Enter and the arrows go in and out; digits do what is offered."""
        if event.key in ("enter", "right", "tab") and not self.inside:
            if self.items.total:
                self._go(True)
            elif event.key != "tab":
                self.post_message(self.Say(msg("links.nothing_waits"), "dim"))
            else:
                return False
            return True
        if event.key in ("left", "tab") and self.inside:
            self._go(False)
            return True
        character = event.character or ""
        if event.key == "enter" or (character.isdigit() and character != "0"):
            self._do(0 if event.key == "enter" else int(character))
            return True
        return False

    def under(self, number: int) -> object:
        """What stands under a digit."""
        item = self.item if self.inside else None
        if item is None:
            return None
        return (item.key, item.state, number) if is_order(item) else (item.id, number)

    def escape(self) -> bool:
        """Back to the systems."""
        if not self.inside:
            return False
        self._go(False)
        return True

    def _do(self, number: int) -> None:
        """Do what stands under a digit; a slip that matters is asked for first.

        Enter (0) does it where there is one thing to do, else it says what there is.
        """
        item = self.item if self.inside else None
        if item is None:
            self.post_message(self.Say(msg("links.choose_first"), "dim"))
            return
        from console.screens.links_drawing import ITEM_OFFERS, UNKNOWN_OFFERS

        zh = self.words.lang == "zh"
        lines = order_lines(item, zh) if is_order(item) else item_lines(item, zh)
        if not number and len(lines) > 1:
            offered = UNKNOWN_OFFERS if is_order(item) else ITEM_OFFERS
            options = tuple(
                msg("screen.option", digit=digit, what=Words(id_)) for digit, id_ in offered.items()
            )
            self.post_message(self.Say(msg("screen.which_step", options=options), "warn"))
            return
        number = number or next(iter(lines), 0)
        if number not in lines:
            self.post_message(self.Say(msg("screen.no_choice", n=number or 1), "dim"))
            return
        line, whole = lines[number]
        if not whole:
            self.post_message(self.Begin(line))
            return
        self.ask(line)


def is_order(one: KeptOrder | UnreadItem) -> TypeIs[KeptOrder]:
    """Whether it is an order; what came in has no key."""
    return hasattr(one, "key")


def order_lines(order: KeptOrder, zh: bool) -> dict[int, tuple[str, bool]]:
    """What can be done with an order, by digit: the line, and whether it is whole."""
    from console.store import outbox

    mark = outbox.mark_of(order.key)
    resend = (f"{'重发' if zh else 'resend'} {mark}", True)
    if order.state == outbox.WAITING:
        return {3: resend}
    if order.state != outbox.UNKNOWN:
        return {}
    verb, done, lost = ("核单", "已办", "未办") if zh else ("settle", "done", "not")
    return {1: (f"{verb} {mark} {done}", True), 2: (f"{verb} {mark} {lost}", True), 3: resend}


def item_lines(item: UnreadItem, zh: bool) -> dict[int, tuple[str, bool]]:
    """What can be done with an item of the tray, by digit: the line, and whether it is whole."""
    adopt, drop = ("录入", "弃件") if zh else ("adopt", "drop")
    return {
        1: (f"{adopt} {item.id}", True),
        2: (f"{adopt} {item.id} ", False),
        3: (f"{drop} {item.id} ", False),
    }
