"""What the words of ``report`` ask for: which period, and in which form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from console.desk.grammar_words import FORM_WORDS, REPORT_WORDS, named
from console.domain.message import Message, Problem, msg
from console.domain.periods import KINDS, Kind, Shift, called
from console.domain.report_words import edge

if TYPE_CHECKING:
    from console.desk.verb import Command
    from console.desk.work import Work

_REPORTS = named(REPORT_WORDS)
_FORMS = named(FORM_WORDS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that is asked for; without a day it is about now."""

    kind: Kind = "shift"
    form: str = "md"
    day: date | None = None
    shift: str | None = None


def read_asked(words: Sequence[str], shifts: Sequence[Shift]) -> Asked:
    """What some words ask for; a shift's name alone means its report.

    Raises:
        Problem: a word means nothing here.
    """
    kind: Kind | None = None
    form, day, shift = "md", None, None
    for word in words:
        low = word.strip().casefold()
        if (one := _kind(_REPORTS.get(low))) is not None:
            kind = one
        elif low in _FORMS:
            form = _FORMS[low]
        elif (found := called(shifts, low)) is not None:
            shift = found.id
        else:
            day = _day(word)
    return Asked(kind or "shift", form, day, shift)


def _kind(word: str | None) -> Kind | None:
    return next((kind for kind in KINDS if kind == word), None)


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        told = msg("report.no_word", word=word, forms=tuple(FORM_WORDS), day="2022-03-21")
        raise Problem(told) from error


def preview(work: Work, command: Command) -> Message:
    """What Enter would write."""
    from console.desk.reporting import period_at

    asked = read_asked(command.words, work.rules.shifts)
    period = period_at(work.rules.shifts, work.tx.zone, work.at, asked.kind, asked.day, asked.shift)
    return msg(
        "report.would",
        report=Message(f"report.name.{asked.kind}"),
        begin=edge(period.begin),
        end=edge(period.end, period.begin.day.year),
        form=asked.form,
    )
