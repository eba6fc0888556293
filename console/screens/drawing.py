"""From values to what widgets draw: rows, lines and cells, in the language of the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING

from console.desk.filter_said import said
from console.domain import stops
from console.domain.clock import DAY, HOUR, MINUTE, SECOND, Instant, day_at, to_datetime
from console.domain.day_words import day_said, days_said
from console.domain.fact_words import SAID_AS, fact_value
from console.domain.figures import FIELDS
from console.domain.filters import Span as Filtered
from console.domain.incident import day_of, full_number, short_number
from console.domain.lifecycle import State
from console.domain.message import Arg, Label, Message
from console.domain.numbers import day_number
from console.domain.payments import standing
from console.domain.priority import priority_of
from console.domain.telling import fact_name
from console.domain.units import UnitStatus
from console.i18n import Translator
from widgets.cells import cell_len, wrap
from widgets.charts import Lines
from widgets.pane import Line, Span
from widgets.queue_table import Column, Row
from widgets.spark import FieldPanel
from widgets.units_board import UnitCell

if TYPE_CHECKING:
    from console.desk.dossier import Dossier
    from console.desk.ruleset import Ruleset
    from console.domain.playbook import Choice
    from console.domain.usual import Usual
    from console.screens.reading import Counts
    from console.store.queue import QueueRow
    from console.store.units import UnitNow

NUMBER, SHORT = 1, 5
"""The column of the number, and its cells when all are of today."""

ROOMY = 14
"""Lines of the pane from which texts are shown at length."""

MINE, OTHERS = "@", "o"
"""Signs of the queue for an incident of this seat's, and of another seat's."""

GUARD = "fraudguard"
"""The system whose warnings name the owner of the number, who did not call."""

AT_RISK = "at_risk"
"""The fact that says again what the amount at risk is."""

QUIET = frozenset({"sender", "alert_id"})
"""Facts that only programs need."""

LABEL_TONES = {1: "prio1", 2: "prio2", 3: "prio3", 4: "prio4"}

_NAMED = {
    "field": frozenset(FIELDS),
    "weekday": frozenset("1234567"),
    "alarm": frozenset("12345"),
}
"""Values that have a name in the catalogues. A line of `filter` may have any other."""


class Drawing:
    """Draws for one language and one set of rules.

    Args:
        words: the translator; its language may change at any time.
        rules: names of categories, towns, steps.
        zone: the center's zone.
        district: the district's code.
    """

    def __init__(self, words: Translator, rules: Ruleset, zone: tzinfo, district: str) -> None:
        self.words = words
        self.rules = rules
        self.zone = zone
        self.district = district
        self.year = 0
        """The running year, which goes without saying; 0 while nobody knows yet."""
        self.own_seat = ""
        """Whose screen it is; "" while nobody knows yet, and where it is nobody's."""

    def say(self, label: Label) -> str:
        """A name that comes with the data, in the language of the screen."""
        return label.zh if self.words.lang == "zh" else label.en

    def clock(self, at: Instant, *, day: bool = False) -> str:
        """A moment in the center's zone: ``14:03:22``, with the day when asked."""
        moment = to_datetime(at, self.zone)
        return moment.strftime("%m-%d %H:%M:%S" if day else "%H:%M:%S")

    # --- the queue -----------------------------------------------------------

    def columns(self, number: int = SHORT) -> tuple[Column, ...]:
        """The queue's columns; `number` cells for the number, more where days stand in it."""
        t = self.words.t
        return (
            Column("sign", "", 1, priority=9),
            Column("number", t("column.number"), number, align="right", priority=9),
            Column("level", t("column.level"), 3, priority=8),
            Column("kind", t("column.kind"), 4 if self.words.lang == "zh" else 8, priority=8),
            Column("place", t("column.place"), 20, priority=6, flexible=True),
            Column("state", t("column.state"), 6, priority=5),
            Column("whose", "", 1, priority=6),
            Column("units", t("column.units"), 2, align="right", priority=3),
            Column("reports", t("column.reports"), 3, align="right", priority=4),
            Column("due", t("column.due"), 6, align="right", priority=7),
        )

    def row(self, one: QueueRow, now: Instant) -> Row:
        """One incident as a line of the queue."""
        priority = priority_of(one.priority)
        late = one.due is not None and one.due < now
        category = self.rules.categories.get(one.category)
        place = self.place(one.town, one.place or one.text)
        cells = (
            "!" if late else ("+" if one.state is State.NEW else ""),
            day_number(one.id, day_at(now, self.zone)),
            f"{int(one.priority)}{priority.sign}",
            self.say(category.short),
            place,
            self.words.t(f"state.short.{one.state.value}"),
            self._whose(one),
            str(one.units) if one.units else "",
            f"x{one.reports}" if one.reports > 1 else "",
            self.left(one.due, now),
        )
        marks: tuple[tuple[int, str], ...] = ((2, LABEL_TONES[int(priority)]),)
        if late:
            marks = ((0, "overdue"), *marks, (9, "overdue"))
        tone = "strong" if one.state is State.NEW else "text"
        if one.state in (State.RESOLVED, State.TRANSFERRED):
            tone = "dim"
        return Row(one.id, cells, tone, marks)

    def _whose(self, one: QueueRow) -> str:
        """A sign for who has an incident: this seat, another one, nobody."""
        if not one.seat or not self.own_seat:
            return ""
        return MINE if one.seat == self.own_seat else OTHERS

    def left(self, due: Instant | None, now: Instant) -> str:
        """What is left until a deadline, in the coarsest unit that says enough."""
        if due is None:
            return ""
        span = abs(due - now)
        sign = "-" if due < now else "+"
        for size, unit in ((DAY, "d"), (HOUR, "h")):
            if span >= 2 * size:
                return f"{sign}{span // size}{unit}"
        return f"{sign}{span // MINUTE}m" if span >= MINUTE else f"{sign}<1m"

    def exact(self, due: Instant, now: Instant) -> str:
        """How far a deadline is away, to the second, whichever way."""
        span = abs(due - now) // SECOND
        hours, rest = divmod(span, 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"

    def town(self, code: str) -> str:
        """A town's short name; its code when it is not in the gazetteer."""
        found = self.rules.gazetteer.towns.get(code)
        if found is None:
            return code
        return (
            found.short if self.words.lang == "zh" else found.pinyin.replace(" ", "").capitalize()
        )

    def place(self, code: str, place: str) -> str:
        """Town and place, the town once and in its short form: columns are narrow."""
        found = self.rules.gazetteer.towns.get(code)
        if found is None:
            return place
        rest = place.removeprefix(found.name)
        if rest == place and place.startswith(f"{found.short} "):
            rest = place.removeprefix(found.short)
        rest = rest.strip()
        return f"{self.town(code)} {rest}".strip()

    def called(self, dim: str, key: str) -> str:
        """A value that is counted by, as people call it; itself where they have no name for it."""
        t = self.words.t
        if dim == "field" and key in _NAMED[dim]:
            return t(f"figures.field.{key}")
        if not key:
            return t("figures.unknown_town" if dim == "town" else "figures.unknown")
        if dim == "town":
            return self.town(key)
        if dim == "weekday" and key in _NAMED[dim]:
            return t(f"figures.weekday.{key}")
        if dim == "alarm" and key in _NAMED[dim]:
            return t(f"alarm.level_{key}")
        name = self.rules.naming.name(dim, key)
        if isinstance(name, Label):
            return self.say(name)
        return name if isinstance(name, str) else t(name)

    def filtered(self, words: Sequence[str]) -> str:
        """The words of a filter as people say them."""
        return " ".join(self.words.t(part) for part in said(words, self._value, self.year))

    def _value(self, dim: str, key: str) -> str:
        if dim == "hour":
            return self.words.t("figures.hour", hour=int(key))
        if dim == "weekday" and key in _NAMED[dim]:
            return self.words.t("figures.weekday_said", day=self.called(dim, key))
        return self.called(dim, key)

    def spanned(self, span: Filtered) -> str:
        """The incidents of some days, as people say it: field, conditions, days."""
        parts = dict.fromkeys(self._value(name, value) for name, value in span.exact)
        first, last = (_date(day) for day in (span.first, span.last))
        return " ".join((self.days(first, last), *parts))

    # --- counts ------------------------------------------------------------

    def panels(self, counts: Counts) -> list[FieldPanel]:
        """The strip of the three fields."""
        t = self.words.t
        panels = []
        for one in counts.fields:
            band, now = one.usual.so_far, one.usual
            panels.append(
                FieldPanel(
                    t(f"field.{one.field}"),
                    t("strip.today", n=now.today),
                    t("strip.no_usual")
                    if band is None
                    else t("strip.usual", low=band.low, high=band.high),
                    t("strip.overdue", n=one.overdue) if one.overdue else "",
                    "overdue",
                    tuple(hour.count for hour in now.hours),
                    self.usual_sign(now),
                    "" if band is None else f"[{band.low}-{band.high}]",
                )
            )
        return panels

    def usual_sign(self, now: Usual) -> str:
        """The sign and word for what is outside the band; "" when nothing is."""
        if not now.sign:
            return ""
        sign = self.words.t("usual.high") if now.sign == "high" else self.words.t("usual.low")
        return f"{sign} {self.words.t(f'usual.{now.why}')}"

    def charts(self, counts: Counts) -> list[Lines]:
        """The last 24 hours of the three fields against their bands."""
        return [self.day_chart(one.usual) for one in counts.fields]

    def day_chart(self, now: Usual) -> Lines:
        """The last 24 hours of a field as a line, what is usual as a band behind it.

        The running hour is a point of its own: it is not over, and no fall of the line.
        """
        t = self.words.t
        counts = [hour.count for hour in now.hours]
        parts = [t(f"field.{now.field}"), t("strip.today", n=now.today), self.usual_sign(now)]
        if now.so_far is None:
            parts.append(t("usual.too_little", days=now.days))
        return Lines(
            "  ".join(part for part in parts if part),
            tuple(str(hour.hour) for hour in now.hours),
            (
                (t("usual.series"), (*counts[:-1], None)),
                (t("usual.hour"), (*[None] * (len(counts) - 1), counts[-1])),
            ),
            tuple(hour.band.low if hour.band is not None else None for hour in now.hours),
            tuple(hour.band.high if hour.band is not None else None for hour in now.hours),
        )

    def units(self, board: tuple[UnitNow, ...], now: Instant) -> list[UnitCell]:
        """The units board: who is out first, a missed safety check before all."""
        cells = [(self._unit_rank(one, now), one.call_sign, self._unit(one, now)) for one in board]
        cells.sort(key=lambda item: item[:2])
        return [cell for _rank, _sign, cell in cells]

    def _unit_rank(self, one: UnitNow, now: Instant) -> int:
        if one.check_due is not None and one.check_due < now:
            return 0
        order = ("on_scene", "enroute", "dispatched", "clearing", "available", "out_of_service")
        return 1 + order.index(one.status) if one.status in order else 9

    def _unit(self, one: UnitNow, now: Instant) -> UnitCell:
        status = self.words.t(UnitStatus(one.status).label)
        number = short_number(one.incident) if one.incident is not None else ""
        tone = {
            "available": "good",
            "dispatched": "warn",
            "enroute": "warn",
            "on_scene": "accent",
            "clearing": "dim",
            "out_of_service": "dim",
        }.get(one.status, "text")
        late = one.check_due is not None and one.check_due < now
        check = ""
        if one.check_due is not None:
            check = self.words.t("units.check_missed") if late else self.left(one.check_due, now)
        where = number or self.town(one.town)
        text = " ".join(part for part in (one.call_sign, status, where, check) if part)
        return UnitCell(one.call_sign, text, "overdue" if late else tone)

    # --- the incident pane ---------------------------------------------------

    def number(self, id_: int, today: date) -> str:
        """An incident's number, with its day when it is of another one."""
        day = day_of(id_)
        if day == today.year * 10_000 + today.month * 100 + today.day:
            return short_number(id_)
        return f"{day // 100 % 100:02}-{day % 100:02} {short_number(id_)}"

    def title(self, found: Dossier) -> str:
        """What stands in the rule above the pane."""
        one = found.incident
        return " ".join(
            (
                one.short,
                self.say(self.rules.categories.get(one.category).label),
                self.words.t(priority_of(one.priority).label),
                self.words.t(f"state.{one.state.value}"),
            )
        )

    def _stop(self, one: stops.AccountStop, now: Instant) -> str:
        """One account: where its money stands, until when, how often it was extended."""
        stands = standing(one.stop, now)
        until = self.clock(stands.until, day=True) if stands.until is not None else ""
        said: dict[str, Arg] = {
            "account": one.short,
            "bank": one.bank,
            "money": one.amount,
            "state": stands.state.label,
            "n": stands.extensions,
        }
        if not until:
            return self.words.t("pane.stop", **said)
        return self.words.t("pane.stop_until", until=until, **said)

    def _fact(self, name: str) -> str:
        called = fact_name(name)
        return self.words.t(called) if isinstance(called, Message) else str(called)

    def value(self, name: str, value: str) -> str:
        """The value of a fact: a moment on the center's clock, an id by its name."""
        said = fact_value(name, value, self.zone)
        return self.words.t(said) if isinstance(said, Message) else str(said)

    def day(self, day: date) -> str:
        """A day, with its year when it is not the running one."""
        return self.words.t(day_said(day, self.year))

    def days(self, first: date, last: date) -> str:
        """Days from the first to the last."""
        return self.words.t(days_said(first, last, self.year))

    def facts(
        self,
        found: Dossier,
        numbered: Mapping[int, Choice],
        width: int,
        now: Instant,
        height: int = 40,
    ) -> list[Line]:
        """What must be done now, then facts and what hangs together with it.

        Args:
            found: the incident.
            numbered: its next steps under their numbers.
            width: cells of a line.
            now: the moment, for the running clock.
            height: lines that there is room for; with few, the words are cut to two.
        """
        one, t = found.incident, self.words.t
        lines: list[Line] = [[(self.place(one.town, one.place), "strong")]]
        text = wrap(one.text, max(10, width))
        most = 4 if height >= ROOMY else 2
        lines += [[(part, "text")] for part in text[:most]]
        if len(text) > most:
            lines[-1] = [(f"{text[most - 1]} ..", "text")]
        lines += self._steps(found, numbered, width, now)
        if one.merged_into is not None:
            lines.append([(t("pane.merged_into", number=short_number(one.merged_into)), "warn")])
        lines += self._suggestions(found)
        lines += self._particulars(found, now, width)
        lines.append(
            [
                (full_number(self.district, one.id), "dim"),
                (f"  {self.clock(one.received, day=True)}  ", "text"),
                (self.source(one.source), "dim"),
            ]
        )
        lines += self._related(found)
        if height >= ROOMY:
            lines += self._checklist(found, width)
        return lines

    def _checklist(self, found: Dossier, width: int) -> list[Line]:
        """The working instructions of the current step."""
        if not found.choices or found.playbook is None:
            return []
        step = found.playbook.step(found.first[0].step)
        lines: list[Line] = []
        for label in step.checklist if step is not None else ():
            for n, part in enumerate(wrap(self.say(label), max(10, width - 2))):
                lines.append([("- " if n == 0 else "  ", "key"), (part, "dim")])
        return lines

    def source(self, source: str) -> str:
        """A source's name."""
        return self.words.t(f"source.{source}") if self.words.has(f"source.{source}") else source

    def system(self, system: str) -> str:
        """A system's name; that of the department which is told through it, if it has none."""
        if self.words.has(f"source.{system}"):
            return self.words.t(f"source.{system}")
        departments = self.rules.triage.departments.values()
        found = next((one for one in departments if system in (one.id, one.system)), None)
        return system if found is None else self.say(found.label)

    def _particulars(self, found: Dossier, now: Instant, width: int) -> list[Line]:
        one, t = found.incident, self.words.t
        parts: list[str] = []
        if one.phone or one.caller:
            who = "pane.victim" if one.source == GUARD else "pane.caller"
            parts.append(t(who, caller=" ".join(p for p in (one.caller, one.phone) if p)))
        if one.amount_at_risk:
            parts.append(t("pane.at_risk", money=f"{one.amount_at_risk:,}"))
        if one.amount_saved:
            parts.append(t("pane.saved", money=f"{one.amount_saved:,}"))
        if one.amount_lost:
            parts.append(t("pane.lost", money=f"{one.amount_lost:,}"))
        if one.alarm_level:
            parts.append(t("pane.alarm", level=one.alarm_level))
        if one.seat:
            parts.append(t("pane.seat", seat=one.seat))
        if one.reports > 1:
            parts.append(t("pane.reports", n=one.reports))
        lines = flowing(parts, width)
        if one.facts:
            quiet = QUIET | {AT_RISK} if one.amount_at_risk else QUIET
            told = [
                f"{self._fact(k)} {self.value(k, v)}"
                for k, v in one.facts
                if not stops.own(k) and SAID_AS.get(k, k) not in quiet
            ]
            lines += flowing(list(dict.fromkeys(told)), width, "dim")
            held = stops.stops_of(one.facts).values()
            lines += [[(self._stop(account, now), "text")] for account in held]
        if found.assignments:
            spans: list[Span] = []
            for a in found.assignments:
                status = next(
                    (
                        s
                        for s in ("available", "clearing", "on_scene", "enroute", "dispatched")
                        if getattr(a, s) is not None
                    ),
                    "dispatched",
                )
                word = t(UnitStatus(status).label)
                spans.append((f"{a.call_sign} {word}  ", "accent" if a.is_out else "dim"))
            lines.append(spans)
        return lines

    def _steps(
        self, found: Dossier, numbered: Mapping[int, Choice], width: int, now: Instant
    ) -> list[Line]:
        """The running clock, and the next steps, as many on a line as there is room for."""
        if not found.choices:
            if found.incident.state in (State.CLOSED, State.CANCELLED):
                over = self.words.t("pane.over", outcome=found.result or "-")
                return [[(over, "dim")]]
            return []
        lines: list[Line] = [self.deadline_line(found, now)]
        line: list[Span] = []
        used = 0
        for number, choice in numbered.items():
            text = f"{self.choice(choice)}  "
            need = 3 + cell_len(text)
            if line and used + need > width:
                lines.append(line)
                line, used = [], 0
            line += [(f" {number} ", "key"), (text, "text")]
            used += need
        return [*lines, line]

    def deadline_line(self, found: Dossier, now: Instant) -> Line:
        """The current step with its running clock."""
        t = self.words.t
        first = found.first[0]
        due = first.due
        step = self.say(first.label)
        if due is None:
            return [("> ", "key"), (step, "strong")]
        late = due < now
        clock = t("pane.late" if late else "pane.left", left=self.exact(due, now))
        return [
            ("> ", "key"),
            (step, "strong"),
            ("  ", "text"),
            (t("pane.due", at=self.clock(due)), "dim"),
            ("  ", "text"),
            (clock, "overdue" if late else "warn"),
        ]

    def choice(self, choice: Choice) -> str:
        """A next step as it is offered under its number."""
        text = self.say(choice.label)
        if choice.outcome_label is not None:
            text += f": {self.say(choice.outcome_label)}"
        if choice.attempt > 1:
            text += " " + self.words.t("pane.attempt", n=choice.attempt)
        return text

    def _suggestions(self, found: Dossier) -> list[Line]:
        t = self.words.t
        lines: list[Line] = []
        for other, score in found.suggested:
            lines.append(
                [
                    (
                        t(
                            "pane.maybe_same",
                            number=other.short,
                            what=self.say(self.rules.categories.get(other.category).label),
                            percent=round(score * 100),
                            mine=found.incident.short,
                        ),
                        "warn",
                    )
                ]
            )
        return lines

    def _related(self, found: Dossier) -> list[Line]:
        t = self.words.t
        lines: list[Line] = []
        if found.merged:
            numbers = " ".join(one.short for one in found.merged)
            lines.append([(t("pane.merged", numbers=numbers), "dim")])
        for key, others in (("pane.nearby", found.nearby), ("pane.same_caller", found.same_caller)):
            if others:
                what = "; ".join(
                    f"{one.short} {self.clock(one.received, day=True)[:11]} "
                    f"{self.say(self.rules.categories.get(one.category).label)}"
                    for one in others[:3]
                )
                lines.append([(t(key, n=len(others), what=what), "dim")])
        for order in found.orders:
            tone = "good" if order.state == "confirmed" else "warn"
            state = t(f"order.{order.state}")
            lines.append(
                [
                    (
                        t(
                            "pane.order",
                            system=self.system(order.system),
                            state=state,
                            ref=order.reference,
                        ),
                        tone,
                    )
                ]
            )
        return lines

    def timeline(self, found: Dossier, width: int) -> list[Line]:
        """What happened, oldest first, wrapped to the width."""
        lines: list[Line] = []
        for told in found.timeline:
            at = self.clock(told.entry.at)
            seat = told.entry.seat
            text = self.words.t(told.message)
            if told.undone:
                text = self.words.t("pane.undone", what=text)
            tone = "struck" if told.undone else "text"
            room = max(12, width - 9)
            for n, part in enumerate(wrap(f"{self.seat(seat)} {text}", room)):
                lines.append([(f"{at} " if n == 0 else " " * 9, "dim"), (part, tone)])
        return lines

    def seat(self, seat: str) -> str:
        """A seat's name; the program's own has one in each language."""
        return self.words.t("seat.system") if seat == "system" else seat


def _date(day: int) -> date:
    """A day of the store, YYYYMMDD."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def flowing(parts: Sequence[str], width: int, tone: str = "text") -> list[Line]:
    """Short texts beside each other, in as many lines as they need; a long one is wrapped."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + 2 + cell_len(part) <= width:
            lines[-1] += f"  {part}"
        else:
            lines += wrap(part, max(10, width))
    return [[(line, tone)] for line in lines]


def states(counts: Counts) -> tuple[int, int]:
    """(waiting to be accepted, in hand) for the status bar."""
    waiting = counts.states.get("new", 0)
    in_hand = sum(counts.states.get(s, 0) for s in ("accepted", "active", "resolved"))
    return waiting, in_hand
