"""From figures to tabs, lines and charts, in the language of the screen."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from console.desk.figured import Figured, spot_days
from console.domain.figures import INTERVALS, Sums, change_percent, percent_of
from console.domain.filters import Span, span_words
from console.domain.panels import FIELDS, WINDOWS, Panel, Standing, Window
from console.domain.results import ResultsPanel, shown
from console.domain.risk_fields import FieldStanding
from console.domain.rollup import number_of
from console.screens.drawing import Drawing
from widgets.cells import cell_len, fit, wrap
from widgets.chart import Bars, ChartValue, HBar, HBars, Heat
from widgets.pane import Line
from widgets.pane import Span as Piece

KINDS = {"all": "field", "traffic": "severity", "fraud": "class", "fire": "cause"}
"""What the incidents of a field are shown by first."""

MORE = {"all": "category", "traffic": "category", "fraud": "result", "fire": "category"}
"""And then."""

NARROW, WIDE = 110, 160
"""Cells below which only counts are compared, and from which changes have two decimals."""

LEAST_BASE = 30
"""A change against a base of fewer is said in counts, as in the written reports."""

PERSONS = frozenset({"casualties", "deaths", "injured"})
"""Sums that count persons."""

FILTER = {"zh": "筛", "en": "filter"}


class FiguresDrawing:
    """Draws the figures.

    Args:
        drawing: names of towns and categories, and the language.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing

    def t(self, id_: str, **args: str | int) -> str:
        """A sentence, in the language of the screen."""
        return self.drawing.words.t(id_, **args)

    # --- above -------------------------------------------------------------------

    def tabs(self, field: str, window: str | Window) -> Line:
        """Fields and windows under their digits; the chosen ones in brackets."""
        pieces: list[Piece] = []
        labels = [(one, self.t(f"figures.field.{one}"), one == field) for one in FIELDS]
        labels += [(one, self.t(f"figures.window.{one}"), one == window) for one in WINDOWS]
        for n, (_id, label, chosen) in enumerate(labels, 1):
            if n == len(FIELDS) + 1:
                pieces.append(("  ", "text"))
            opening, closing = ("[", "]") if chosen else (" ", " ")
            pieces += [
                (opening, "strong"),
                (str(n), "key"),
                (f" {label}", "strong" if chosen else "text"),
                (closing, "strong"),
            ]
        if isinstance(window, Window):
            pieces.append((f" [{self.days(window)}]", "strong"))
        return pieces

    def days(self, window: Window) -> str:
        """A window's days."""
        return self.drawing.days(window.first, window.last)

    def standings(self, found: Figured, room: int, sheet: int, sheets: int) -> list[Line]:
        """How every field stands in every window, and the chosen one in full.

        Args:
            found: the figures.
            room: cells of a line; in a narrow one there is only room for the counts.
            sheet: which of the `sheets` of tiles is on the screen.
            sheets: how many there are.
        """
        at = f"Tab {sheet + 1}/{sheets}" if sheets > 1 else ""
        head: list[Piece] = [(fit(at, 10), "dim")]
        narrow = room < NARROW
        width = 12 if narrow else (room - 10) // len(WINDOWS)
        digits = 2 if room >= WIDE else 1
        for name in WINDOWS:
            label = self.t(f"figures.window.{name}")
            if not narrow:
                label = f"{fit(label, 6)} {self.t('figures.changes.head')}"
            head.append((fit(label, width), "title"))
        lines: list[Line] = [head]
        for field in FIELDS:
            label = fit(self.t(f"figures.field.{field}"), 10)
            pieces: list[Piece] = [(label, "strong" if self._is(found, field) else "text")]
            for one in found.standings[field]:
                text = str(one.count) if narrow else f"{one.count:>5} {self._changes(one, digits)}"
                pieces.append((fit(text, width), "text"))
            lines.append(pieces)
        panel, one = found.panel, found.panel.standing
        chosen = self.t(
            "figures.chosen",
            field=self.t(f"figures.field.{panel.field}"),
            days=self.days(panel.window),
            n=one.count,
        )
        against = self.t(
            "figures.against",
            yoy=self._change(one.count, one.last_year),
            yoy_base=_base(one.last_year, whole=one.last_year_whole),
            pop=self._change(one.count, one.before),
            pop_base=_base(one.before, whole=one.before_whole),
        )
        if one.ahead:
            chosen, against = f"{chosen}  {self.t('map.ahead')}", ""
        elif _unrecorded(panel, found.today):
            chosen += f"  {self.t('figures.nothing')}"
        part = ""
        if panel.records is not None and not (one.last_year_whole and one.before_whole):
            part = f"  {self.t('figures.base_part', day=self.drawing.day(panel.records[0]))}"
        if narrow:
            return [*lines, [(chosen, "strong"), (part, "warn")], [(against, "text")]]
        return [*lines, [(chosen, "strong"), (f"  {against}", "text"), (part, "warn")]]

    def _is(self, found: Figured, field: str) -> bool:
        return found.panel.field == field

    def _changes(self, one: Standing, digits: int) -> str:
        return self.t(
            "figures.changes",
            yoy=changed(one.count, one.last_year, digits),
            yoy_base=_base(one.last_year, whole=one.last_year_whole),
            pop=changed(one.count, one.before, digits),
            pop_base=_base(one.before, whole=one.before_whole),
        )

    def _change(self, count: int, base: int) -> str:
        """The change from a base in words; of a small one in counts."""
        if base >= LEAST_BASE:
            return changed(count, base, 2)
        if not base:
            return self.t("figures.no_base")
        by = count - base
        if not by:
            return self.t("figures.same")
        return self.t("figures.more" if by > 0 else "figures.fewer", by=abs(by))

    # --- tiles -------------------------------------------------------------------

    def charts(self, found: Figured) -> dict[str, ChartValue]:
        """Every chart of the page under the name of its tile."""
        panel = found.panel
        return {
            "usual": self.drawing.day_chart(found.usual),
            "trend": self._trend(panel),
            "kinds": self._by(panel, KINDS[panel.field]),
            "towns": self._by(panel, "town"),
            "heat": self._heat(panel),
            "more": self._by(panel, MORE[panel.field]),
        }

    def _trend(self, panel: Panel) -> Bars:
        year = panel.year
        return Bars(
            self.t("figures.trend"),
            tuple(str(month) for month, _now, _before in panel.trend),
            (
                (str(year), tuple(now for _month, now, _before in panel.trend)),
                (str(year - 1), tuple(before for _month, _now, before in panel.trend)),
            ),
            said=tuple(
                tuple(
                    self.t("figures.month_said", month=month, year=a, n=n, other=b, other_n=other)
                    for month, a, n, b, other in bars
                )
                for bars in (
                    [(month, year, _known(now), year - 1, was) for month, now, was in panel.trend],
                    [(month, year - 1, was, year, _known(now)) for month, now, was in panel.trend],
                )
            ),
        )

    def _heat(self, panel: Panel) -> Heat:
        weekdays = tuple(self.t(f"figures.weekday.{day}") for day in range(1, 8))
        return Heat(
            self.t("figures.heat"),
            weekdays,
            tuple(str(hour) for hour in range(24)),
            tuple(tuple(panel.heat[24 * day : 24 * day + 24]) for day in range(7)),
            said=tuple(
                tuple(
                    self.t("figures.hour_said", day=name, hour=hour, n=panel.heat[24 * day + hour])
                    for hour in range(24)
                )
                for day, name in enumerate(weekdays)
            ),
        )

    def _by(self, panel: Panel, dim: str) -> HBars:
        """Values with their counts; different words for the same are one bar."""
        found = self.drawing.rules.naming.together(dim, panel.by[dim])
        total = sum(one.count for one in found)
        return HBars(
            self.t(f"figures.by.{dim}"),
            tuple(
                HBar(
                    (dim, *one.words),
                    self.drawing.called(dim, one.word),
                    one.count,
                    f"{percent_of(one.count, total, 1)}%",
                )
                for one in found
            ),
        )

    def spots(self, found: tuple[tuple[str, int], ...], window: Window) -> HBars:
        """Where incidents gather in a window; of a long one, in its last days."""
        rows = tuple(HBar(("place", spot), self.drawing.place("", spot), n) for spot, n in found)
        title, days = self.t("figures.by.place"), spot_days(window)
        return HBars(title if days == window else f"{title} {self.days(days)}", rows)

    # --- numbers -----------------------------------------------------------------

    def numbers(self, panel: Panel, room: int) -> list[Line]:
        """Persons, money, results, intervals, standards and buckets.

        Args:
            panel: the figures.
            room: cells of a line.
        """
        lines = self._sums(panel, room)
        lines += self._alarm(panel, room)
        lines += self._intervals(panel)
        lines += self._standards(panel)
        lines += self._buckets(panel, room)
        return lines

    def _sums(self, panel: Panel, room: int) -> list[Line]:
        lines: list[Line] = []
        for name in Sums.__dataclass_fields__:
            now, before = getattr(panel.sums, name), getattr(panel.sums_last_year, name)
            if not now and not before:
                continue
            label, count = f"{self.t(f'figures.sum.{name}')} ", f"{now:,}"
            against = f"{_sum_change(name, now, before)}/{before:,}"
            line: list[Piece] = [(label, "dim"), (count, "strong")]
            if cell_len(label + count + against) + 2 > room:
                lines += [line, [(f"   {against}", "dim")]]
            else:
                lines.append([*line, (f"  {against}", "dim")])
        if panel.dissuaded is not None:
            done = panel.dissuaded
            lines.append(
                [
                    (f"{self.t('figures.dissuaded')} ", "dim"),
                    (f"{done.percent:.2f}%", "strong"),
                    (f"  {done.saved}/{done.saved + done.lost}", "dim"),
                ]
            )
        return lines

    def _alarm(self, panel: Panel, room: int) -> list[Line]:
        levels = [(key, n) for key, n in sorted(panel.by["alarm"]) if key != "0"]
        if panel.field not in ("fire", "all") or not levels:
            return []
        head: Line = [(self.t("figures.alarm"), "dim")]
        return [head, *flowing([f"{self.t(f'alarm.level_{key}')} {n}" for key, n in levels], room)]

    def _intervals(self, panel: Panel) -> list[Line]:
        known = [one for one in INTERVALS if panel.intervals[one.name].n]
        if not known:
            return [[(self.t("figures.no_interval"), "dim")]]
        rows = []
        for one in known:
            found = panel.intervals[one.name]
            cells = [str(found.n), *map(clock, (found.p50_s, found.p90_s, found.p99_s))]
            rows.append((self.t(f"figures.{one.name}"), cells))
        heads = [self.t(f"figures.{name}") for name in ("times", "median", "p90", "p99")]
        return _table(rows, heads)

    def _standards(self, panel: Panel) -> list[Line]:
        lines: list[Line] = []
        for one in panel.standards:
            if one.percent is None:
                continue
            sign = "ok" if one.met else "! "
            rule = one.standard
            wanted = self.t("figures.wanted", share=rule.share, seconds=rule.seconds)
            lines.append(
                [
                    (f"{sign} ", "good" if one.met else "warn"),
                    (f"{self.drawing.say(one.standard.label)} ", "text"),
                    (f"{one.percent:.2f}%", "strong"),
                ]
            )
            lines.append([(f"   {wanted}  {self.t('figures.of_n', n=one.n)}", "dim")])
            lines.append([(f"   {self.drawing.say(rule.source)}", "dim")])
        return lines

    def _buckets(self, panel: Panel, room: int) -> list[Line]:
        lines: list[Line] = []
        for one in INTERVALS:
            found = panel.intervals[one.name]
            if not found.n:
                continue
            lines.append([(self.t(one.label.id), "title")])
            parts = []
            for bucket in found.buckets:
                edge = (
                    f">{span(bucket.above_s)}"
                    if bucket.to_s is None
                    else f"{span(bucket.above_s)}-{span(bucket.to_s)}"
                )
                parts.append(f"{edge}: {bucket.n}")
            lines += flowing(parts, room)
        return lines

    # --- of all fields -------------------------------------------------------------

    def results(self, found: ResultsPanel, room: int) -> list[Line]:
        """A year's results against the year before, in lines of `room` cells."""
        years = (str(found.window.first.year), str(found.base.first.year))
        rows = [
            (self.drawing.say(one.result.label), [str(one.count), str(one.base), shown(one.change)])
            for one in found.lines
        ]
        heads = [*years, self.t("results.change")]
        lines = _table(rows, heads)
        veto = found.clean
        lines.append([(f"{self.drawing.say(veto.veto.label)} {veto.events}", "text")])
        if veto.since is not None:
            said = self.t("results.clean", n=veto.years, since=veto.since)
            lines += [[(line, "dim")] for line in wrap(said, room)]
        if not found.base_whole and found.records is not None:
            said = self.t("results.base_part", day=self.drawing.day(found.records[0]))
            lines += [[(line, "warn")] for line in wrap(said, room)]
        return lines

    def risks(self, found: tuple[FieldStanding, ...]) -> list[Line]:
        """The ten risk fields: open, closed, closing rate, overdue."""
        rows = [
            (
                self.drawing.say(one.field.label),
                [
                    str(one.open),
                    str(one.closed),
                    one.closed_percent(1),
                    f"!{one.overdue}" if one.overdue else "0",
                ],
            )
            for one in found
        ]
        names = ("open", "closed", "rate", "late")
        return _table(rows, [self.t(f"figures.risk.{name}") for name in names])

    # --- to the incidents -----------------------------------------------------------

    def incidents_of(self, panel: Panel, tile: str, key: object, lang: str) -> str | None:
        """The line that shows the incidents of a bar in the queue; None when it cannot be said."""
        window = spot_days(panel.window) if tile == "spots" else panel.window
        first, last = window.first, window.last
        exact: list[tuple[str, str]] = []
        if panel.field != "all":
            exact.append(("field", panel.field))
        if tile == "trend" and isinstance(key, tuple):
            month, series = int(key[0]), int(key[1])
            # A month to come leads to that of the year before, whose bar alone is there.
            year = panel.year - (series or panel.trend[month][1] is None)
            first = date(year, month + 1, 1)
            last = date(year, month + 1, monthrange(year, month + 1)[1])
        elif tile == "heat" and isinstance(key, tuple):
            exact += [("weekday", str(int(key[0]) + 1)), ("hour", str(key[1]))]
        elif isinstance(key, tuple):
            exact += [(str(key[0]), str(word)) for word in key[1:]]
        else:
            return None
        words = span_words(Span(number_of(first), number_of(last), tuple(exact)))
        return None if words is None else f"{FILTER[lang]} {words}"


def _unrecorded(panel: Panel, today: date) -> bool:
    """Whether there are no records of a window; of today there may just be nothing yet."""
    if panel.window.first <= today <= panel.window.last:
        return panel.records is None
    if panel.records is None:
        return True
    return panel.window.last < panel.records[0] or panel.records[1] < panel.window.first


def _sum_change(name: str, now: int, before: int) -> str:
    """The change of a sum; persons are counted as incidents are, money is not."""
    if name in PERSONS:
        return changed(now, before, 2)
    return percent(change_percent(now, before))


def _known(count: int | None) -> int | str:
    return "-" if count is None else count


def _base(count: int, *, whole: bool) -> str:
    """A base; "~" stands before one that begins before the records do."""
    return str(count) if whole else f"~{count}"


def _table(rows: list[tuple[str, list[str]]], heads: list[str]) -> list[Line]:
    """Labels on the left, columns of numbers under their heads."""
    sizes = [
        max(map(cell_len, column)) + 1 for column in zip(heads, *(r[1] for r in rows), strict=True)
    ]
    width = max((cell_len(label) for label, _cells in rows), default=0)

    def aligned(cells: list[str]) -> str:
        return "".join(fit(cell, size, "right") for cell, size in zip(cells, sizes, strict=True))

    lines: list[Line] = [[(fit("", width) + aligned(heads), "title")]]
    lines += [[(fit(label, width) + aligned(cells), "text")] for label, cells in rows]
    return lines


def flowing(parts: list[str], room: int) -> list[Line]:
    """Short texts beside each other, in as many lines of `room` cells as they need."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + 2 + cell_len(part) <= room:
            lines[-1] += f"  {part}"
        else:
            lines.append(part)
    return [[(line, "text")] for line in lines]


def percent(change: float | None) -> str:
    """A change with its sign, to two decimals; "-" when the base is zero."""
    return "-" if change is None else f"{change:+.2f}%"


def changed(count: int, base: int, digits: int) -> str:
    """The change from a base with its sign: in percent, rounded once; of a small base in
    counts; "-" when the base is zero."""
    if 0 < base < LEAST_BASE:
        return f"{count - base:+}"
    found = percent_of(count - base, base, digits)
    return "-" if found is None else f"{found:+.{digits}f}%"


def clock(seconds: int | None) -> str:
    """Minutes and seconds, hours before them when there are any."""
    if seconds is None:
        return "-"
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def span(seconds: int) -> str:
    """The edge of a bucket in the largest whole unit."""
    for size, unit in ((3600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
