"""The watch page (F2): strip, queue, selected incident, timeline, units.

Lays out widgets, asks the store through `Jobs`, hands rows and lines to the widgets.
Everything that brings the store with it is imported when the first answer is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from console.domain.clock import Instant, to_datetime
from console.domain.filters import QueueFilter
from console.domain.incident import short_number
from console.domain.message import msg
from console.i18n import Translator
from console.screens.jobs import Jobs
from console.screens.page import Page
from widgets.form import Field, Form
from widgets.lines import LinesView
from widgets.queue_table import Column, QueueTable, Row
from widgets.spark import FieldStrip
from widgets.units_board import UnitsBoard

if TYPE_CHECKING:
    from console.desk.dossier import Dossier
    from console.desk.session import Session
    from console.launch import Glimpse
    from console.screens import reading
    from console.screens.drawing import Drawing
    from console.screens.reading import Counts, Window
    from console.store.queue import QueueRow

WIDE = 160
"""Columns from which the charts of the three fields stand beside the queue."""

FOUND_ROWS = 120
"""Rows of a search that are drawn at once, around what is seen."""

COUNT_LATEST = 60.0
"""Seconds after which they are, when the last count has not come back."""

COUNT_EVERY, COUNT_REST = 10.0, 20.0
"""Seconds after which the rows of a filter are counted again, and at least so many times as long
as it took."""

FOLLOW = 0.06
"""Seconds that the pane waits after the cursor before it reads the incident."""

SEES = 0.3
"""Seconds until an officer has seen that the selected row went by itself."""


class WatchPage(Page):
    """Everything of F2."""

    filter_text = ""
    """The filter as the officer typed it."""

    filter_words: tuple[str, ...] = ()
    """Its words."""

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(verb, words, jobs)
        self.filter = QueueFilter()
        self.found: tuple[str, tuple[QueueRow, ...]] | None = None
        """What `find` found: the words, and the rows; None while the queue is shown."""
        self.window: Window | None = None
        self._dossier: Dossier | None = None
        self._counts: Counts | None = None
        self._warming = False
        self._numbers = 5
        """Cells of the numbers' column."""
        self._found_from = 0
        self._sought: tuple[str, ...] = ()
        """The words that `find` looked for."""
        self._untold: frozenset[int] | None = frozenset()
        """Incidents that have changed and were not held against the words yet; None for any."""
        self._count_again = 0.0
        self._follow_timer: Timer | None = None
        self._see_timer: Timer | None = None
        self._still = False
        self._withheld = False
        """Whether rows were not moved while a line was being typed."""
        self.searching = 0
        """Searches that are under way."""

    def compose(self) -> ComposeResult:
        """Strip above; queue and units left, incident and timeline right."""
        t = self.words.t
        yield FieldStrip(id="strip")
        with Horizontal(id="floor"):
            with Vertical(id="left"):
                yield QueueTable(
                    (Column("wait", "", 1),), title=t("pane.queue"), header=True, id="queue"
                )
                yield UnitsBoard(title=t("pane.units"), cell_width=24, id="units")
            with Vertical(id="right"):
                yield LinesView(title=t("pane.incident"), scrolls=True, id="incident")
                yield LinesView(title=t("pane.timeline"), scrolls=True, id="timeline")
            yield Vertical(id="charts")
        form = Form(t("form.title"), _no_fields(), id="form")
        form.display = False
        yield form

    @property
    def queue(self) -> QueueTable:
        """The queue."""
        return self.query_one("#queue", QueueTable)

    @property
    def home(self) -> QueueTable:
        """The keyboard belongs to the queue."""
        return self.queue

    @property
    def selected(self) -> int | None:
        """Id of the selected incident."""
        return self.queue.selected_key

    @property
    def meant(self) -> int | None:
        """The incident that a line is about: the one that the officer has before him."""
        return self.queue.meant_key

    @property
    def hand(self) -> int:
        """How often the officer moved the cursor."""
        return self.queue.hand

    @property
    def unsettled(self) -> bool:
        """Whether another list is under way."""
        return bool(self.searching) or (self.session is not None and self._listless)

    @property
    def _listless(self) -> bool:
        return self.window is None and self.found is None

    @property
    def dossier(self) -> Dossier | None:
        """The incident in the pane."""
        return self._dossier

    def on_mount(self) -> None:
        """The first frame: there is nothing to show yet."""
        self.queue.set_empty(self.words.t("screen.opening"))

    def glimpse(self, found: Glimpse) -> None:
        """The head of the queue while the store is being opened: it can be read and walked."""
        from console.screens.drawing import Drawing

        seen, t = found.seen, self.words.t
        drawing = Drawing(self.words, found.rules, seen.zone, seen.district)
        drawing.own_seat = found.seat
        self.queue.set_columns(drawing.columns(self._numbers))
        self.queue.set_empty(t("queue.empty"))
        self.queue.set_title(t("queue.title", what=t("queue.all")), t("queue.total", n=seen.total))
        rows = [drawing.row(row, seen.now) for row in seen.rows]
        self._fit_numbers(rows, drawing)
        self.queue.set_window(0, rows, seen.total)

    def connect(self, session: Session, drawing: Drawing) -> None:
        """The store is open: show it."""
        super().connect(session, drawing)
        self.reload()
        if self.selected is not None:
            self.reread()  # chosen at a glance: nobody will say so again

    def renew(self, touched: frozenset[int] | None = frozenset()) -> None:
        """Rows and pane as they are now."""
        if self.found is None and self._still and self.window is not None:
            self._refresh_still()
        elif self.found is None:
            self.refresh_rows()
        else:
            self._refresh_found(touched)
        if touched is None or self.selected in touched:
            self.reread()

    def took(self, rows: Sequence[QueueRow]) -> None:
        """Rows as they are now, in their places; nothing moves before all is read anew."""
        if self.drawing is None or self.session is None or not rows:
            return
        fresh = {row.id: row for row in rows}
        if self.found is not None:
            words, held = self.found
            self.found = (words, tuple(fresh.get(row.id, row) for row in held))
        elif self.window is not None:
            held = self.window.rows
            self.window = replace(self.window, rows=tuple(fresh.get(row.id, row) for row in held))
        now = self.session.desk.clock.now()
        self.queue.change_rows([self.drawing.row(row, now) for row in rows])

    def opened(self, words: str = "") -> None:
        """Say what its keys do, unless something else is being said."""
        self.call_after_refresh(self._say_keys)

    def _say_keys(self) -> None:
        from widgets.status_bar import StatusBar

        if self.session is not None and self.screen.query_one("#line", StatusBar).quiet:
            self.post_message(self.Say(msg("screen.ready"), "dim"))

    def escape(self) -> bool:
        """Out of a search, or out of a filter."""
        if self.found is None and self.filter == QueueFilter():
            return False
        self.set_filter(QueueFilter(), "")
        self.post_message(self.Say(msg("filter.cleared"), "dim"))
        return True

    def relabel(self) -> None:
        """Say everything again, in the language that is spoken now."""
        if self.drawing is None:
            return
        t = self.words.t
        self.queue.set_columns(self.drawing.columns(self._numbers))
        self.queue.set_empty(t("queue.empty"))
        self._title()
        if self.window is not None:
            self._show_window(self.window)
        if self._counts is not None:
            self.counted(self._counts)
        self.query_one("#timeline", LinesView).set_title(t("pane.timeline"))
        self.query_one("#units", UnitsBoard).set_title(t("pane.units"))
        self.query_one("#units", UnitsBoard).set_empty(t("units.none"))
        if self._dossier is not None:
            self._show_dossier(self._dossier)
        else:
            self.query_one("#incident", LinesView).set_title(t("pane.incident"))

    # --- the queue ---------------------------------------------------------

    def reload(self) -> None:
        """The first page of the queue, from the store."""
        self._read(self._want(0, 0, 0, None))

    def refresh_rows(self) -> None:
        """The rows of the queue that are held, as they are now."""
        if self.session is None:
            return
        from console.screens import reading

        want, selected = self._want(0, 0, 0, None), self.selected
        desk = self.session.desk
        self.jobs.read("rows", lambda: reading.refreshed(desk, want, selected), self._came)

    def hold(self, still: bool) -> None:
        """Under a line that is being typed rows change, but none comes, goes or moves."""
        self._still = still
        if not still and self._withheld:
            self._withheld = False
            if self.found is None:
                self.refresh_rows()
            else:
                self._refresh_found(None)

    def _refresh_still(self) -> None:
        """The rows that are held, as they are now, each where it stands; and how many there are."""
        if self.session is None or self.window is None:
            return
        from console.screens import reading

        self._withheld = True
        desk, held = self.session.desk, self.window
        self.jobs.read("still", lambda: (held, *reading.in_place(desk, held)), self._show_still)

    def _show_still(self, answer: tuple[Window, Window, int | None]) -> None:
        held, now, total = answer
        if self.window is not held or not self._still:
            return
        self._show_window(now)
        if total is not None:
            self.queue.set_title(self._named(), self.words.t("queue.total", n=total))

    def choose(self, incident: int, *, over: bool = False) -> None:
        """Select an incident that a line has named: a row that is held at once, another when read.

        One that the filter or the search leaves out is shown in the whole queue; one that is
        over, as though it had been searched for.
        """
        if self.queue.holds(incident):
            self.queue.select(incident, self.queue.cursor)
            return
        if self.session is None:
            return
        from console.screens import reading

        desk, chosen, hand = self.session.desk, self.filter, self.hand
        if self.found is not None:
            chosen = QueueFilter()

        def there(answer: tuple[Window | None, tuple[QueueRow, ...]]) -> None:
            window, rows = answer
            if self.hand != hand:
                return  # the officer has gone elsewhere
            if window is not None:
                if window.filter != self.filter:
                    self.filter, self.filter_text = window.filter, ""
                self.found = None
                self._show_window(window)
                self.queue.select(incident, window.base)
            elif over and rows:
                self.show_found(short_number(rows[0].id), rows)

        self.jobs.read("choose", lambda: reading.whereabouts(desk, chosen, incident), there)

    def set_filter(self, chosen: QueueFilter, words: str, parts: Sequence[str] = ()) -> None:
        """Show other incidents; `words` are the filter as it was typed, `parts` each of them."""
        self.filter, self.filter_text, self.found, self.window = chosen, words, None, None
        self.filter_words = tuple(parts) or tuple(words.split())
        self.queue.begin_anew()
        self.reload()

    def jump(self, window: Window, id_: int) -> None:
        """Show the queue where an incident stands in it, and select that."""
        if window.filter != self.filter:
            self.filter, self.filter_text = window.filter, ""
        self.found = None
        self._show_window(window)
        self.queue.select(id_, window.base)

    def show_found(
        self, words: str, rows: tuple[QueueRow, ...], sought: Sequence[str] = ()
    ) -> None:
        """Show what a search found, instead of the queue, from its first row on.

        Args:
            words: what was searched for, as it was typed.
            rows: what was found.
            sought: the words to look for in what comes in later.
        """
        self.found, self._found_from, self._sought = (words, rows), 0, tuple(sought)
        self._untold = frozenset()
        self._show_found()
        if rows:
            self.queue.select(rows[0].id, 0)

    def _refresh_found(self, touched: frozenset[int] | None) -> None:
        """The rows that were found, as they are now, each where it stands; before them, what has
        come in since and would be found, too.
        """
        if self.session is None or self.found is None:
            return
        words, rows = self.found
        desk, sought, ids = self.session.desk, self._sought, tuple(row.id for row in rows)
        if touched is not None and (not touched or (not sought and touched.isdisjoint(ids))):
            self._show_found()  # time has passed
            return
        from console.screens import reading

        # A read that is still waiting gives way to the next one: that looks for all of it.
        self._untold = None if touched is None or self._untold is None else self._untold | touched
        untold = self._untold

        def fresh(answer: tuple[dict[int, QueueRow], tuple[QueueRow, ...]]) -> None:
            now, late = answer
            if self.found is None or tuple(row.id for row in self.found[1]) != ids:
                return
            if self._untold == untold:
                self._untold = frozenset()
            if late and self._still:
                self._withheld, late = True, ()
            self.found = (words, (*late, *(now.get(row.id, row) for row in rows)))
            self._show_found()
            if late and not rows:
                self.queue.select(late[0].id, 0)
                found = msg("find.found", n=len(late), words=words)
                self.post_message(self.Say(found, "good"))

        self.jobs.read("rows", lambda: reading.found_anew(desk, ids, sought, untold), fresh)

    def _want(self, first: int, last: int, direction: int, anchor: int | None) -> reading.Want:
        from console.screens.reading import Want

        held = self.window if self.window is not None else None
        return Want(
            self.filter,
            first,
            last,
            direction,
            anchor,
            held.base if held else 0,
            held.rows if held else (),
            held.total if held and held.counted else None,
        )

    def _read(self, want: reading.Want) -> None:
        if self.session is None:
            return
        from console.screens import reading

        desk = self.session.desk
        self.jobs.read("rows", lambda: reading.window(desk, want), self._came)

    @on(QueueTable.NeedRows)
    def _need_rows(self, message: QueueTable.NeedRows) -> None:
        if self.found is None and not self._still:
            self._read(self._want(message.first, message.last, message.direction, message.anchor))
        elif self.found is not None:
            middle = (message.first + message.last) // 2
            self._found_from = max(0, middle - FOUND_ROWS // 2)
            self._show_found()

    def _came(self, window: Window) -> None:
        """Rows that were asked for have come; under a line that was begun meanwhile they wait."""
        if self._still and self.window is not None:
            self._withheld = True
        else:
            self._show_window(window)

    def _show_window(self, window: Window) -> None:
        if self.drawing is None or self.session is None or self.found is not None:
            return
        if window.filter != self.filter:
            return  # the officer has gone on to another filter
        self.window = window
        now = self.session.desk.clock.now()
        rows = [self.drawing.row(row, now) for row in window.rows]
        self._fit_numbers(rows, self.drawing)
        self.queue.set_window(window.base, rows, window.total)
        self._see_soon()
        self._title()
        if not window.fresh:
            self._count_rows(window.filter, counted=window.counted)

    def _count_rows(self, chosen: QueueFilter, *, counted: bool) -> None:
        """Count the rows of a filter beside everything else, and no more than now and then."""
        began = time.monotonic()
        if self.session is None or (counted and began < self._count_again):
            return
        from console.screens import reading

        desk = self.session.desk
        self._count_again = began + COUNT_LATEST

        def shown(total: int) -> None:
            took = time.monotonic() - began
            self._count_again = time.monotonic() + max(COUNT_EVERY, COUNT_REST * took)
            held = self.window
            if held is None or held.filter != chosen or self.found is not None:
                return
            total = max(total, held.base + len(held.rows))
            self.window = replace(held, total=total, counted=True)
            self.queue.set_total(total)
            self._title()

        self.jobs.read("total", lambda: reading.count(desk, chosen), shown, leisure=True)

    def _see_soon(self) -> None:
        """The selected row may have gone by itself: that is seen a moment later."""
        if self.queue.gone and self._see_timer is None:
            self._see_timer = self.set_timer(SEES, self._seen)

    def _seen(self) -> None:
        self._see_timer = None
        self.queue.settle()
        self.post_message(self.Shown())

    def _show_found(self) -> None:
        if self.found is None or self.drawing is None or self.session is None:
            return
        now, found = self.session.desk.clock.now(), self.found[1]
        # Thousands may have been found: only those near what is seen are drawn.
        first = max(0, min(self._found_from, len(found) - FOUND_ROWS))
        rows = [self.drawing.row(row, now) for row in found[first : first + FOUND_ROWS]]
        self._fit_numbers(rows, self.drawing)
        self.queue.set_window(first, rows, len(found))
        self._see_soon()
        self._title()

    def _fit_numbers(self, rows: list[Row], drawing: Drawing) -> None:
        """As much room for the numbers as they need: rows of another day say their day."""
        from console.screens.drawing import NUMBER, SHORT

        wide = max((len(row.cells[NUMBER]) for row in rows), default=0)
        if max(wide, SHORT) != self._numbers:
            self._numbers = max(wide, SHORT)
            self.queue.set_columns(drawing.columns(self._numbers))

    def _title(self) -> None:
        t = self.words.t
        if self.found is not None:
            self.queue.set_title(
                t("queue.found", words=self.found[0]), t("queue.total", n=len(self.found[1]))
            )
            return
        held = self.window
        total = t("queue.total", n=held.total if held is not None else 0)
        if held is not None and not held.counted:
            total = t("queue.counting")
        self.queue.set_title(self._named(), total)

    def _named(self) -> str:
        """What the queue shows."""
        what = self.filter_text or self.words.t("queue.all")
        if self.filter_text and self.drawing is not None:
            what = self.drawing.filtered(self.filter_words)
        elif self.filter.span is not None and self.drawing is not None:
            what = self.drawing.spanned(self.filter.span)
        return self.words.t("queue.title", what=what)

    def tick(self, now: Instant) -> None:
        """The running clock of the selected incident, once a second."""
        if self.drawing is not None:
            self.drawing.year = to_datetime(now, self.drawing.zone).year
        if self._dossier is not None and self.drawing is not None and self._dossier.choices:
            self._show_facts(self._dossier, self.drawing, now)

    def _show_facts(self, found: Dossier, drawing: Drawing, now: Instant) -> None:
        pane = self.query_one("#incident", LinesView)
        width = max(20, pane.size.width)
        pane.set_lines(drawing.facts(found, self.numbered, width, now, pane.size.height))

    # --- the selected incident -------------------------------------------------

    @on(QueueTable.Selected)
    def _selected(self, message: QueueTable.Selected) -> None:
        if self._follow_timer is not None:
            self._follow_timer.stop()
        self._follow_timer = self.set_timer(FOLLOW, self.reread)

    def reread(self) -> None:
        """Read the selected incident."""
        if self.session is None:
            return
        selected, desk = self.selected, self.session.desk
        if selected is None:
            self._show_dossier(None)
            return
        from console.desk.dossier import dossier

        def read() -> Dossier | None:
            with desk.reading() as work:
                return dossier(work, selected, role=desk.role)

        self.jobs.read("incident", read, self._show_dossier)

    def _show_dossier(self, found: Dossier | None) -> None:
        if self.drawing is None or self.session is None:
            return
        self._dossier = found
        pane = self.query_one("#incident", LinesView)
        timeline = self.query_one("#timeline", LinesView)
        if found is None:
            pane.set_title(self.words.t("pane.incident"))
            pane.set_lines(())
            timeline.set_lines(())
        else:
            pane.set_title(self.drawing.title(found))
            self._show_facts(found, self.drawing, self.session.desk.clock.now())
            lines = self.drawing.timeline(found, max(20, timeline.size.width))
            timeline.set_lines(lines, keep_top=False)
            timeline.scroll_lines(len(lines))
        self.post_message(self.Shown())

    # --- counts ----------------------------------------------------------------

    def counted(self, counts: Counts) -> None:
        """Strip and units board."""
        if self.drawing is None or self.session is None:
            return
        self._counts = counts
        now = self.session.desk.clock.now()
        self.query_one("#strip", FieldStrip).set_panels(self.drawing.panels(counts))
        board = self.query_one("#units", UnitsBoard)
        board.set_items(self.drawing.units(counts.units, now))
        self._show_charts()

    def on_resize(self) -> None:
        """There may be room for the charts now."""
        self._show_charts()

    def _show_charts(self) -> None:
        """The last 24 hours beside the queue, where there is room and the line is not thin."""
        if self._counts is None or self.drawing is None or self.session is None:
            return
        if self.session.light or self.app.size.width < WIDE:
            return
        box = self.query_one("#charts", Vertical)
        if not box.has_class("-drawn"):
            if self._warming:
                return
            self._warming = True
            from widgets.chart import warm

            self.jobs.read("charts", warm, self._warmed)
            return
        from widgets.chart import Chart

        drawn = self.drawing.charts(self._counts)
        for chart, value in zip(box.query(Chart), drawn, strict=False):
            chart.set(value)

    def _warmed(self, _nothing: None) -> None:
        """What draws is imported: the charts are made, and kept from now on."""
        if self._counts is None or self.drawing is None:
            return
        from widgets.chart import Chart

        box = self.query_one("#charts", Vertical)
        box.add_class("-drawn")
        box.mount_all([Chart(value) for value in self.drawing.charts(self._counts)])


def _no_fields() -> tuple[Field, ...]:
    """A form must have a field; the real ones come with the categories."""
    return (Field("text", ""),)
