"""The loops page (F6): everything that is not closed yet, by playbook, and the ten risk fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer

from console.domain.clock import Instant
from console.domain.message import msg
from console.i18n import Translator
from console.screens.jobs import Jobs
from console.screens.page import Page
from widgets.cells import cell_len, fit
from widgets.columns import Column
from widgets.lines import LinesView
from widgets.pane import Line, Span
from widgets.queue_table import QueueTable

if TYPE_CHECKING:
    from console.desk.dossier import Dossier
    from console.desk.followed import LoopStanding
    from console.domain.risk_fields import FieldStanding
    from console.screens.loops_reading import LoopWant, LoopWindow

FOLLOW = 0.06
"""Seconds that the pane waits after the cursor before it reads the incident."""

SEES = 0.3
"""Seconds until an officer has seen that the selected row went by itself."""

FIELDS_EVERY = 20
"""Seconds between two countings of the risk fields: they are counted from every record."""

FIELD_WIDTH = 39
"""Cells of a risk field; as many stand on a line as there is room for."""


class LoopsPage(Page):
    """Hazards, cylinders, wages, work orders, fraud cases: what is overdue first."""

    how = "loops.how"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    LoopsPage #loops-kinds { height: 1; }
    LoopsPage #loops-floor { height: 1fr; }
    LoopsPage #loops-list { width: 33fr; }
    LoopsPage #loops-incident { width: 27fr; padding-left: 1; }
    LoopsPage #loops-fields { height: 5; }
    MainScreen.-narrow LoopsPage #loops-floor { layout: vertical; }
    MainScreen.-narrow LoopsPage #loops-list { width: 1fr; height: 5fr; }
    MainScreen.-narrow LoopsPage #loops-incident { width: 1fr; height: 4fr; padding-left: 0; }
    MainScreen.-narrow LoopsPage #loops-fields { height: 6; }
    """

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(verb, words, jobs)
        self.kind = ""
        """Id of the loop that is shown; "" for all of them."""
        self.window: LoopWindow | None = None
        self.loops: tuple[LoopStanding, ...] = ()
        self.fields: tuple[FieldStanding, ...] = ()
        self._dossier: Dossier | None = None
        self._follow_timer: Timer | None = None
        self._stale = False
        self._ticks = 0
        self._still = False
        self._withheld = False
        """Whether rows were not read again while a line was being typed."""
        self._see_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Kinds above, list and incident in the middle, the risk fields below."""
        t = self.words.t
        yield LinesView(id="loops-kinds")
        with Horizontal(id="loops-floor"):
            yield QueueTable(
                (Column("wait", "", 1),), title=t("loops.title"), header=True, id="loops-list"
            )
            yield LinesView(title=t("pane.incident"), scrolls=True, id="loops-incident")
        yield LinesView(title=t("loops.fields"), id="loops-fields")

    @property
    def table(self) -> QueueTable:
        """What is open."""
        return self.query_one("#loops-list", QueueTable)

    @property
    def home(self) -> QueueTable:
        """The keyboard belongs to the list."""
        return self.table

    @property
    def selected(self) -> int | None:
        """Id of the selected incident."""
        return self.table.selected_key

    @property
    def meant(self) -> int | None:
        """The incident that a line is about: the one that the officer has before him."""
        return self.table.meant_key

    @property
    def hand(self) -> int:
        """How often the officer moved the cursor."""
        return self.table.hand

    @property
    def dossier(self) -> Dossier | None:
        """The incident in the pane."""
        return self._dossier

    # --- what it is told ---------------------------------------------------------

    def opened(self, words: str = "") -> None:
        """Show everything, or the loop that is named."""
        super().opened()
        wanted = words.strip().casefold()
        if not wanted or self.session is None:
            return
        for loop in self.session.desk.rules.followed.loops:
            if wanted in (loop.id, loop.label.zh, loop.label.en.casefold()):
                self._choose(loop.id)
                return
        self.post_message(self.Say(msg("loops.no_kind", words=words), "error"))

    def renew(self, touched: frozenset[int] | None = frozenset()) -> None:
        """Rows, counts and pane as they are now."""
        if self.session is None:
            return
        from console.desk.followed import field_standings, loop_standings

        desk = self.session.desk
        if self._still:
            self._withheld = True
        else:
            self._read(self._want(again=True))
        self.jobs.read("loop-counts", lambda: loop_standings(desk), self._show_kinds)
        if touched is None or not self.fields:
            self._stale, self._ticks = False, 0
            self.jobs.read("loop-fields", lambda: field_standings(desk), self._show_fields)
        elif touched:
            self._stale = True
        if touched is None or self.selected in touched:
            self.reread()

    def hold(self, still: bool) -> None:
        """Under a line that is being typed no row moves."""
        self._still = still
        if not still and self._withheld:
            self._withheld = False
            self._read(self._want(again=True))

    def choose(self, incident: int, *, over: bool = False) -> None:
        """Select a row that is held."""
        if self.table.holds(incident):
            self.table.select(incident, self.table.cursor)

    def tick(self, now: Instant) -> None:
        """The running clock of the selected incident; the fields now and then."""
        self._ticks += 1
        if self._stale and self._ticks >= FIELDS_EVERY:
            self.renew(None)
        if self._dossier is not None and self._dossier.choices:
            self._show_facts(now)

    def relabel(self) -> None:
        """Say everything again."""
        if self.drawing is None:
            return
        t = self.words.t
        self.table.set_columns(self.drawing.columns())
        self.table.set_empty(t("loops.none"))
        self.query_one("#loops-fields", LinesView).set_title(t("loops.fields"))
        self._show_kinds(self.loops)
        self._show_fields(self.fields)
        if self.window is not None:
            self._show_window(self.window)
        self._show_dossier(self._dossier)

    def escape(self) -> bool:
        """Back to all of them."""
        if not self.kind:
            return False
        self._choose("")
        return True

    def press(self, event: events.Key) -> bool:
        """Left and right go from loop to loop."""
        if event.key not in ("left", "right") or self.session is None:
            return False
        kinds = ["", *(loop.id for loop in self.session.desk.rules.followed.loops)]
        step = 1 if event.key == "right" else -1
        self._choose(kinds[(kinds.index(self.kind) + step) % len(kinds)])
        return True

    def on_resize(self) -> None:
        """Lines are broken anew."""
        self._show_fields(self.fields)
        if self.session is not None:
            self._show_facts(self.session.desk.clock.now())

    def _choose(self, kind: str) -> None:
        self.kind, self.window = kind, None
        self._show_kinds(self.loops)
        self._read(self._want())

    # --- the list ------------------------------------------------------------------

    def _want(
        self,
        first: int = 0,
        last: int = 0,
        direction: int = 0,
        anchor: int | None = None,
        *,
        again: bool = False,
    ) -> LoopWant:
        from console.screens.loops_reading import LoopWant

        held = self.window
        return LoopWant(
            self.kind,
            first,
            last,
            direction,
            self.selected if again else anchor,
            held.base if held else 0,
            held.rows if held else (),
            again,
        )

    def _read(self, want: LoopWant) -> None:
        if self.session is None:
            return
        from console.screens import loops_reading

        desk = self.session.desk
        self.jobs.read("loop-rows", lambda: loops_reading.window(desk, want), self._came)

    @on(QueueTable.NeedRows, "#loops-list")
    def _need_rows(self, message: QueueTable.NeedRows) -> None:
        message.stop()
        self._read(self._want(message.first, message.last, message.direction, message.anchor))

    def _came(self, window: LoopWindow) -> None:
        """Rows that were asked for have come; under a line that was begun meanwhile they wait."""
        if self._still and self.window is not None:
            self._withheld = True
        else:
            self._show_window(window)

    def _show_window(self, window: LoopWindow) -> None:
        if self.drawing is None or self.session is None or window.kind != self.kind:
            return
        self.window = window
        now = self.session.desk.clock.now()
        rows = [self.drawing.row(row, now) for row in window.rows]
        self.table.set_window(window.base, rows, window.total)
        if self.table.gone and self._see_timer is None:
            self._see_timer = self.set_timer(SEES, self._seen)
        what = self._called(self.kind) or self.words.t("queue.all")
        self.table.set_title(
            self.words.t("loops.of", what=what), self.words.t("queue.total", n=window.total)
        )

    def _seen(self) -> None:
        """The officer has seen that the selected row went by itself."""
        self._see_timer = None
        self.table.settle()
        self.post_message(self.Shown())

    def _called(self, kind: str) -> str:
        loop = next((one.loop for one in self.loops if one.loop.id == kind), None)
        return self.drawing.say(loop.label) if loop is not None and self.drawing else ""

    def _show_kinds(self, found: tuple[LoopStanding, ...]) -> None:
        self.loops = found
        if self.drawing is None:
            return
        t = self.words.t
        total, late = sum(one.open for one in found), sum(one.overdue for one in found)
        spans: list[Span] = []
        for id_, label, n, bad in (
            ("", t("queue.all"), total, late),
            *((s.loop.id, self.drawing.say(s.loop.label), s.open, s.overdue) for s in found),
        ):
            chosen = id_ == self.kind
            text = f"[{label} {n}" if chosen else f" {label} {n}"
            spans.append((text, "strong" if chosen else "text"))
            if bad:
                spans.append((f" !{bad}", "overdue"))
            spans.append(("]" if chosen else " ", "strong" if chosen else "text"))
        self.query_one("#loops-kinds", LinesView).set_lines([spans])

    # --- the incident ----------------------------------------------------------------

    @on(QueueTable.Selected, "#loops-list")
    def _selected(self, message: QueueTable.Selected) -> None:
        message.stop()
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

        self.jobs.read("loop-incident", read, self._show_dossier)

    def _show_dossier(self, found: Dossier | None) -> None:
        if self.drawing is None or self.session is None:
            return
        self._dossier = found
        pane = self.query_one("#loops-incident", LinesView)
        if found is None:
            pane.set_title(self.words.t("pane.incident"))
            pane.set_lines(())
        else:
            pane.set_title(self.drawing.title(found))
            self._show_facts(self.session.desk.clock.now())
        self.post_message(self.Shown())

    def _show_facts(self, now: Instant) -> None:
        found, drawing = self._dossier, self.drawing
        if found is None or drawing is None:
            return
        pane = self.query_one("#loops-incident", LinesView)
        width = max(20, pane.size.width)
        lines = drawing.facts(found, self.numbered, width, now, pane.size.height)
        lines.append([(self.words.t("pane.timeline"), "title")])
        pane.set_lines([*lines, *drawing.timeline(found, width)])

    # --- the risk fields ----------------------------------------------------------------

    def _show_fields(self, found: tuple[FieldStanding, ...]) -> None:
        self.fields = found
        pane = self.query_one("#loops-fields", LinesView)
        if self.drawing is None:
            return
        beside = max(1, (pane.size.width + 1) // (FIELD_WIDTH + 1))
        lines: list[Line] = []
        for n in range(0, len(found), beside):
            spans: list[Span] = []
            for one in found[n : n + beside]:
                spans += self._field(one)
            lines.append(spans)
        pane.set_lines(lines)

    def _field(self, one: FieldStanding) -> list[Span]:
        assert self.drawing is not None
        t = self.words.t
        label = fit(self.drawing.say(one.field.label), 8 if self.words.lang == "zh" else 12)
        words = t("loops.field", open=_short(one.open), closed=_short(one.closed))
        late = f" !{one.overdue}" if one.overdue else ""
        head = f"{label} {words} {one.closed_percent():>4}"
        return [(head, "text"), (fit(late, FIELD_WIDTH + 1 - cell_len(head)), "overdue")]


def _short(n: int) -> str:
    """A count in four cells."""
    return f"{n:>3}" if n < 10_000 else f"{n // 1_000}k"
