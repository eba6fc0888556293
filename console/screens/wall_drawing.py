"""The wall in lines and charts: big figures, the first of the queue, fields, towns, links."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from console.domain.clock import DAY, HOUR, MINUTE, to_datetime
from console.domain.incident import short_number
from console.domain.priority import Priority, priority_of
from console.domain.units import UnitStatus
from console.screens.drawing import LABEL_TONES, Drawing
from console.store import links
from widgets.cells import fit
from widgets.charts import Bars, HBar, HBars, Lines
from widgets.digits import HEIGHT, big, big_width
from widgets.pane import Line, Span

if TYPE_CHECKING:
    from console.desk.walled import Urgent, Walled

PANELS: Final = ("now", "traffic", "fraud", "fire", "towns", "links")
"""The panels, in the order in which they come round."""

FIELD_LINES: Final = HEIGHT + 4
"""Lines above the charts of a field."""

ROWS_WIDE: Final = 100
"""Cells from which a row says what is next and who is out."""

WHAT, NEXT, SEAT = 30, 24, 8
"""Cells of kind and town, of the next step at most, and of the seat."""

SPACED: Final = 5
"""So many of the most urgent, or all, have an empty line before each where there is room."""

Figure = tuple[str, str, str]
"""A label, what is written big, and its tone."""


class WallDrawing:
    """Draws the wall.

    Args:
        drawing: names and moments, in the language of the wall.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.t = drawing.words.t

    def title(self, panel: str) -> str:
        """The name of a panel."""
        t = self.t
        if panel in ("traffic", "fraud", "fire"):
            return t(f"field.{panel}")
        if panel == "now":
            return t("wall.now")
        return t("wall.towns") if panel == "towns" else t("wall.links")

    def lines(
        self, found: Walled, panel: str, width: int, height: int, *, plain: bool
    ) -> list[Line]:
        """What stands in words and big figures on a panel."""
        if panel == "now":
            return self._now(found, width, height, plain=plain)
        if panel == "links":
            return self._links(found, width, height)
        if panel == "towns":
            return []
        return self._field(found, panel, width, plain=plain)

    # --- now ---------------------------------------------------------------------

    def _now(self, found: Walled, width: int, height: int, *, plain: bool) -> list[Line]:
        t = self.t
        age, label = "-", t("wall.oldest")
        if found.oldest is not None:
            span = max(0, found.now - found.oldest)
            age = f"{span // HOUR}:{span % HOUR // MINUTE:02}"
            if span >= 2 * DAY:
                age, label = str(span // DAY), t("wall.oldest_days")
        lines = figures(
            (
                (t("wall.waiting"), str(found.waiting), "warn" if found.waiting else "good"),
                (t("wall.in_hand"), str(found.in_hand), "accent"),
                (t("wall.overdue"), str(found.overdue), "bad" if found.overdue else "good"),
                (label, age, "text"),
            ),
            width,
            plain=plain,
        )
        lines.append("")
        left = height - len(lines) - 1
        lines.append([(t("wall.urgent") if found.urgent else t("wall.none"), "title")])
        gap = 2 if left >= 2 * min(SPACED, len(found.urgent)) else 1
        for one in found.urgent[: max(0, left // gap)]:
            if gap == 2:
                lines.append("")
            lines.append(self._urgent(one, found.now, width))
        return lines

    def _urgent(self, one: Urgent, now: int, width: int) -> Line:
        drawing = self.drawing
        priority = priority_of(Priority(one.priority))
        late = one.due is not None and one.due < now
        due = drawing.left(one.due, now)
        kind = drawing.say(drawing.rules.categories.get(one.category).label)
        town = drawing.town(one.town) if one.town else "-"
        state = self.t(f"state.{one.state.value}")
        received = drawing.clock(one.received)[:5]
        next_, out = self._next(one), self._out(one)
        room = max(8, width - 37)
        shares: list[Span] = []
        if width >= ROWS_WIDE:
            # What is left beside kind and town goes to the next step and to who is out.
            rest = room - WHAT
            room = WHAT
            step = min(NEXT, rest // 3)
            shares = [
                (" " + fit(next_, step - 1), "accent"),
                (" " + fit(one.seat, SEAT - 1), "dim"),
                (" " + fit(out, max(1, rest - step - SEAT - 1)), "text"),
            ]
        return [
            ("! " if late else "  ", "overdue" if late else "text"),
            (fit(short_number(one.id), 5, "right") + "  ", "strong"),
            (fit(f"{one.priority}{priority.sign}", 4), LABEL_TONES[one.priority]),
            (fit(f"{kind}  {town}", room), "strong"),
            *shares,
            (" " + fit(received, 6), "dim"),
            (fit(state, 9), "text"),
            (fit(due, 8, "right"), "overdue" if late else "text"),
        ]

    def _next(self, one: Urgent) -> str:
        """The step that has to be done next."""
        book = self.drawing.rules.playbook(one.playbook)
        step = book.step(one.step) if book is not None and one.step else None
        return "" if step is None else self.drawing.say(step.label)

    def _out(self, one: Urgent) -> str:
        """Who is out for it, each with its status."""
        return "  ".join(f"{sign} {self.t(UnitStatus(status).label)}" for sign, status in one.units)

    # --- a field -------------------------------------------------------------------

    def _field(self, found: Walled, field: str, width: int, *, plain: bool) -> list[Line]:
        t = self.t
        now = found.usual[field]
        _today, week, month, year = found.standings[field]
        yoy = "-" if month.yoy is None else f"{month.yoy:+.0f}%"
        lines = figures(
            (
                (t("wall.today"), str(now.today), "warn" if now.sign else "strong"),
                (t("wall.week"), str(week.count), "accent"),
                (t("wall.month"), str(month.count), "accent"),
                (t("wall.month_yoy", base=f"{month.last_year:,}"), yoy, "text"),
            ),
            width,
            plain=plain,
        )
        band = (
            t("usual.too_little", days=now.days)
            if now.so_far is None
            else t("wall.usual", low=now.so_far.low, high=now.so_far.high)
        )
        said: list[Span] = [(f" {band}  ", "text")]
        if sign := self.drawing.usual_sign(now):
            said.append((f" {sign} ", "warn"))
        said.append((f"  {t('wall.year', n=year.count)}", "dim"))
        lines += ["", said]
        return lines

    def day_chart(self, found: Walled, field: str) -> Lines:
        """The last 24 hours of a field against its band."""
        made = self.drawing.day_chart(found.usual[field])
        return Lines(self.t("usual.series"), made.labels, made.series, made.low, made.high)

    def week_chart(self, found: Walled, field: str) -> Bars:
        """The last seven days of a field."""
        days = found.week[field]
        return Bars(
            self.t("wall.week"),
            tuple(_short_day(day) for day, _ in days),
            ((self.t("wall.week"), tuple(n for _, n in days)),),
        )

    # --- towns, links ----------------------------------------------------------------

    def towns_chart(self, found: Walled) -> HBars:
        """The towns by how many incidents they had in seven days."""
        total = sum(n for _, n in found.towns)
        return HBars(
            self.t("wall.towns_title", n=total),
            tuple(
                HBar(
                    code,
                    self.drawing.town(code) if code else self.t("wall.no_town"),
                    n,
                    f"{100 * n / total:.0f}%",
                )
                for code, n in found.towns
            ),
            tall=True,
        )

    def _links(self, found: Walled, width: int, height: int) -> list[Line]:
        t = self.t
        faults = [one for one in found.links if one.state == links.FAULT]
        well = sum(one.state == links.OK for one in found.links)
        lines: list[Line] = [
            [(t("wall.links_well", n=well, total=len(found.links)), "bad" if faults else "good")],
            "",
        ]
        order = {links.FAULT: 0, links.NEW: 1, links.OK: 2}
        cells: list[Span] = []
        for one in sorted(found.links, key=lambda link: (order.get(link.state, 1), link.system)):
            if one.state == links.FAULT:
                sign, tone, state = "!", "bad", t(f"link.fault.{one.fault}", detail="")
            else:
                sign, state = ("+" if one.state == links.OK else "-"), t(f"link.{one.state}")
                tone = "good" if one.state == links.OK else "dim"
            last = self.drawing.clock(one.last_item, day=True)[:11] if one.last_item else "-"
            name = fit(self.drawing.system(one.system), 22)
            cells.append((f"{sign} {name} {fit(last, 11)}  {state}", tone))
        columns = max(1, min(3, width // 70)) if len(cells) > height - 3 or width >= 140 else 1
        share = max(1, width // columns)
        rows = -(-len(cells) // columns)
        for row in range(rows):
            spans: list[Span] = []
            for column in range(columns):
                at = column * rows + row
                text, shade = cells[at] if at < len(cells) else ("", "text")
                spans.append((fit(text, share - 2) + "  ", shade))
            lines.append(spans)
        return lines


def figures(parts: tuple[Figure, ...], width: int, *, plain: bool) -> list[Line]:
    """Figures side by side: their labels, and below them what they say, big."""
    share = max(1, width // len(parts))
    across = 2 if all(big_width(text, 2) + 2 <= share for _, text, _ in parts) else 1
    rows: list[list[Span]] = [[] for _ in range(HEIGHT + 2)]
    for label, text, tone in parts:
        rows[0].append((fit(f" {label}", share), "title"))
        rows[1].append((" " * share, "text"))
        drawn = big(text, across, plain=plain)
        if big_width(text, across) + 1 > share:
            # Too wide for its place: said small, but said.
            drawn = [" " * share] * 2 + [text] + [" " * share] * 2
        for row, line in enumerate(drawn, start=2):
            rows[row].append((" " + fit(line, share - 1), tone))
    return [tuple(row) for row in rows]


def _short_day(day: date) -> str:
    return f"{day.month}-{day.day}"


def clock_of(drawing: Drawing, now: int) -> tuple[str, str]:
    """The day and the time of the center."""
    moment = to_datetime(now, drawing.zone)
    return moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M:%S")
