"""A protocol: everything that lines do, written down so that a person can read and compare it.

For each line what is said before it and after it, in both languages; what it writes into the
journal; what is ordered from other systems; and how the incident stands then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import sqlalchemy as sa

from console.desk.desk import Desk
from console.desk.dossier import Dossier, dossier
from console.desk.doubts import ALL
from console.domain.clock import SECOND, FixedClock
from console.domain.entry import canonical
from console.domain.incident import Incident, short_number
from console.domain.message import Arg
from console.i18n import Translator
from console.store import journal
from console.store.tables import outbox

LANGUAGES = (Translator("zh"), Translator("en"))
BETWEEN = 20 * SECOND
"""Between one line and the next."""


class Protocol:
    """What lines do at a desk whose clock goes on by `BETWEEN` with each."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.lines: list[str] = []
        self._seq, self._orders = self._now()
        self.look()
        self.lines.clear()

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    def say(self, mark: str, what: Arg) -> None:
        """One thing that is said, in both languages."""
        self.lines += [f"  {mark} {words.t((what,))}" for words in LANGUAGES]

    def line(self, line: str, *, seat: str | None = None, selected: int | None = None) -> bool:
        """Do a line; whether it was done."""
        desk = self.desk
        self.lines.append(f"> {line}" + (f"   [{seat}]" if seat else ""))
        self.say("?", desk.preview(line, selected, "zh").message)
        answers = desk.run(line, selected, "zh", seat, sure=ALL)
        for one in answers:
            self.say("+" if one.ok else "-", one.message)
            if one.ok:
                changed = " ".join(short_number(id_) for id_ in one.changed)
                self.lines.append(f"  + {one.verb} {one.incident or '-'} changed {changed or '-'}")
            for option in one.options:
                self.say(f"{option.digit}:", option.label)
        self.look()
        assert isinstance(desk.clock, FixedClock)
        desk.clock.at += BETWEEN
        return all(one.ok for one in answers)

    def many(self, lines: Iterable[str]) -> None:
        """Do lines, each as it is, taken back, and done once more."""
        for line in lines:
            if self.line(line) and self.line("撤"):
                self.line(line)

    def look(self) -> None:
        """What has been written and ordered since the last look."""
        with self.desk.store.read() as tx:
            entries = journal.since(tx, self._seq)
            orders = tx.conn.execute(sa.select(outbox).order_by(outbox.c.created, outbox.c.key))
            rows = {row.key: row for row in orders}
        for entry in entries:
            body = json.loads(canonical(entry, entry.seq, "XS"))
            for known in ("seat", "officer", "at", "district", "seq"):
                body.pop(known, None)
            self.lines.append(f"  = {_short(body)}")
        for key, row in rows.items():
            if self._orders.get(key) != (row.state, row.body):
                told = "" if key in self._orders else f" {row.body}"
                self.lines.append(f"  ! {row.system} {row.action} {key} {row.state}{told}")
        self._seq, self._orders = self._now()

    def pane(self, id_: int) -> None:
        """How an incident stands."""
        found = self.seen(id_)
        one = found.incident
        self.lines.append(
            f"  | {one.state} p{one.priority} {one.category} {one.seat or '-'}"
            f" due {self._in(one.due)} result {one.result or '-'} units {one.units}"
            f" reports {one.reports} facts {dict(one.facts)}"
        )
        self.lines.append(
            f"  | number {found.number} near {_numbers(found.nearby)}"
            f" caller {_numbers(found.same_caller)} merged {_numbers(found.merged)}"
            f" like {_numbers(one for one, _score in found.suggested)}"
            f" sent {[one.call_sign for one in found.assignments]} told {len(found.orders)}"
        )
        if found.result:
            self.say("| result", found.result)
        for digit, choice in found.numbered.items():
            self.say(f"| {digit}", choice.label)
            if choice.outcome_label is not None:
                self.say(f"| {digit}  ", choice.outcome_label)

    def seen(self, id_: int) -> Dossier:
        """The incident as it is on the screen."""
        with self.desk.reading() as work:
            found = dossier(work, id_)
        assert found is not None
        return found

    def _in(self, due: int | None) -> str:
        return "-" if due is None else f"{(due - self.desk.clock.now()) // SECOND} s"

    def _now(self) -> tuple[int, dict[str, tuple[str, str]]]:
        with self.desk.store.read() as tx:
            rows = tx.conn.execute(sa.select(outbox.c.key, outbox.c.state, outbox.c.body))
            return journal.head(tx)[0], {key: (state, body) for key, state, body in rows}


def _numbers(incidents: Iterable[Incident]) -> list[str]:
    return [one.short for one in incidents]


def _short(body: dict[str, object]) -> str:
    return " ".join(f"{name}={json.dumps(body[name], ensure_ascii=False)}" for name in sorted(body))
