"""The journal: append-only, one hash chain a district, the truth of what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from console.domain.clock import Instant, from_datetime, to_datetime
from console.domain.entry import START, Entry, canonical, chained, read_copied, read_entry
from console.domain.incident import full_number
from console.domain.message import Message, msg
from console.store.bulk import insert_many
from console.store.engine import SEAT_CACHE_KIB, Store, Tx, insert_new, not_to_be_had
from console.store.tables import incident, journal, journal_head

_CHUNK = 2_000
_CACHE_KIB = 128 * 1_024


def append(tx: Tx, entry: Entry) -> int:
    """Write one entry; returns its sequence number. In a page it waits for the others."""
    later = tx.later
    if not later.depth:
        return append_many(tx, [entry])
    if not later.entries:
        later.seq = _head(tx.raw, tx.district)[0]
    later.entries.append(entry)
    return later.seq + len(later.entries)


def append_many(tx: Tx, entries: Sequence[Entry]) -> int:
    """Write entries in order, each hashed onto the one before.

    `seq` and `district` are filled in here. Returns the last sequence number.
    """
    if not entries:
        return head(tx)[0]
    seq, last = head(tx)
    months: dict[int, int] = {}
    rows: list[tuple[object, ...]] = []
    for entry in entries:
        seq += 1
        body = canonical(entry, seq, tx.district)
        last = chained(last, body)
        if entry.at not in months:
            months[entry.at] = month_at(tx, entry.at)
        rows.append(
            (
                tx.district,
                months[entry.at],
                seq,
                entry.at,
                entry.seat,
                entry.verb,
                entry.incident,
                body,
                last,
            )
        )
    insert_many(
        tx,
        journal,
        ("district", "month", "seq", "at", "seat", "verb", "incident", "body", "hash"),
        rows,
    )
    changed = tx.conn.execute(
        sa.update(journal_head)
        .where(journal_head.c.district == tx.district)
        .values(seq=seq, hash=last)
    )
    if not changed.rowcount:
        insert_new(tx.conn, journal_head, [{"district": tx.district, "seq": seq, "hash": last}])
    return seq


def month_at(tx: Tx, at: int) -> int:
    """YYYYMM of a moment in the center's zone."""
    moment = to_datetime(at, tx.zone)
    return moment.year * 100 + moment.month


_HEAD = sa.select(journal_head.c.seq, journal_head.c.hash).where(
    journal_head.c.district == sa.bindparam("district")
)


def head(tx: Tx) -> tuple[int, str]:
    """The last sequence number and hash of the chain."""
    return _head(tx.conn, tx.district)


def _head(conn: sa.Connection, district: str) -> tuple[int, str]:
    row = conn.execute(_HEAD, {"district": district}).one_or_none()
    return (row.seq, row.hash) if row else (0, "")


def since(tx: Tx, seq: int, limit: int = 1_000) -> list[Entry]:
    """The entries after `seq`, oldest first."""
    rows = tx.conn.execute(
        sa.select(journal.c.body)
        .where(journal.c.district == tx.district, journal.c.seq > seq)
        .order_by(journal.c.seq)
        .limit(limit)
    ).scalars()
    return [read_entry(body) for body in rows]


def touched(tx: Tx, seq: int, limit: int = 1_000) -> list[tuple[int, int | None, str]]:
    """(seq, incident, verb) of the entries after `seq`: what may have to be redrawn."""
    rows = tx.conn.execute(
        sa.select(journal.c.seq, journal.c.incident, journal.c.verb)
        .where(journal.c.district == tx.district, journal.c.seq > seq)
        .order_by(journal.c.seq)
        .limit(limit)
    )
    return [(row.seq, row.incident, row.verb) for row in rows]


def timeline(tx: Tx, incidents: Sequence[int], limit: int = 500) -> list[Entry]:
    """What happened to these incidents, oldest first (at most the last `limit`)."""
    rows = tx.conn.execute(
        sa.select(journal.c.body)
        .where(journal.c.district == tx.district, journal.c.incident.in_(incidents))
        .order_by(journal.c.seq.desc())
        .limit(limit)
    ).scalars()
    return [read_entry(body) for body in reversed(list(rows))]


def since_of(tx: Tx, incident: int, seq: int, limit: int = 200) -> list[Entry]:
    """The last entries about an incident after `seq`, oldest first."""
    rows = tx.conn.execute(
        sa.select(journal.c.body)
        .where(
            journal.c.district == tx.district,
            journal.c.incident == incident,
            journal.c.seq > seq,
        )
        .order_by(journal.c.seq.desc())
        .limit(limit)
    ).scalars()
    return [read_entry(body) for body in reversed(list(rows))]


def of_verb(tx: Tx, incident: int, verb: str) -> list[Entry]:
    """The entries of an incident with a verb, oldest first."""
    rows = tx.conn.execute(
        sa.select(journal.c.body)
        .where(
            journal.c.district == tx.district,
            journal.c.incident == incident,
            journal.c.verb == verb,
        )
        .order_by(journal.c.seq)
    ).scalars()
    return [read_entry(body) for body in rows]


def first_of(tx: Tx, incident: int) -> int | None:
    """The place of the first entry about an incident."""
    found = tx.conn.execute(
        sa.select(sa.func.min(journal.c.seq)).where(
            journal.c.district == tx.district, journal.c.incident == incident
        )
    ).scalar()
    return None if found is None else int(found)


def last_of_seat(tx: Tx, seat: str, limit: int = 50) -> list[Entry]:
    """What a seat did last, newest first."""
    rows = tx.conn.execute(
        sa.select(journal.c.body)
        .where(journal.c.district == tx.district, journal.c.seat == seat)
        .order_by(journal.c.seq.desc())
        .limit(limit)
    ).scalars()
    return [read_entry(body) for body in rows]


def undone(tx: Tx, incident: int, after: int) -> set[int]:
    """Sequence numbers of entries of an incident that were taken back after `after`."""
    rows = tx.conn.execute(
        sa.select(journal.c.body).where(
            journal.c.district == tx.district,
            journal.c.incident == incident,
            journal.c.seq > after,
            journal.c.verb == "undo",
        )
    ).scalars()
    return {read_entry(body).undoes for body in rows}


def walk(tx: Tx, first: int = 1) -> Iterator[Entry]:
    """Every entry from `first` on, oldest first."""
    seq = first - 1
    while found := since(tx, seq, _CHUNK):
        yield from found
        seq = found[-1].seq


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: how many entries hold, and the first fault if any."""

    entries: int
    head: str
    fault: Message | None = None
    seq: int | None = None


def verify(store: Store) -> Verdict:
    """Go through the whole chain and name the first entry that does not hold.

    Raises:
        StoreProblem: it cannot be looked at: the store is locked, or cannot be reached.
    """
    seq, last = 0, START
    months = _Months(store.zone)
    with store.read() as tx:
        try:
            end, end_hash = head(tx)
        except (DBAPIError, UnicodeDecodeError, ValueError) as error:
            if not_to_be_had(error):
                raise
            return Verdict(0, "", msg("verify.head_unreadable", reason=str(error)), 0)
        while True:
            try:
                rows = _rows(tx, seq, _CHUNK)
                unreadable = None
            except (DBAPIError, UnicodeDecodeError) as error:
                if not_to_be_had(error):
                    raise
                rows, unreadable = _readable(tx, seq), error
            for row in rows:
                if row.seq != seq + 1:
                    return Verdict(seq, last, msg("verify.missing", seq=seq + 1), seq + 1)
                fault = _fault(months, row, last)
                if fault is not None:
                    return Verdict(seq, last, fault, row.seq)
                seq, last = row.seq, row.hash
            if unreadable is not None:
                # After such an error SQLite refuses a commit, even of having read.
                tx.conn.rollback()
                return Verdict(
                    seq,
                    last,
                    msg("verify.unreadable", seq=seq + 1, reason=str(unreadable)),
                    seq + 1,
                )
            if not rows:
                break
        if seq == 0:
            end_hash = end_hash or last
        if end != seq:
            return Verdict(
                seq, last, msg("verify.missing", seq=min(end, seq) + 1), min(end, seq) + 1
            )
        if end_hash != last:
            return Verdict(seq, last, msg("verify.head", seq=seq), seq)
        untold = _untold(tx, seq)
        if untold is not None:
            return Verdict(seq, last, untold, seq)
        return _indexes(tx, seq, last)


def _untold(tx: Tx, entries: int) -> Message | None:
    """What the store holds that its journal does not know: somebody has emptied or shortened it."""
    own = incident.c.district == tx.district
    if entries == 0:
        known = tx.conn.execute(sa.select(incident.c.id).where(own).limit(1)).first()
        return None if known is None else msg("verify.no_journal")
    told = sa.exists().where(journal.c.district == tx.district, journal.c.incident == incident.c.id)
    # What was brought in as history has one entry for many; what is open has its own.
    lost = tx.conn.execute(
        sa.select(incident.c.id).where(own, incident.c.is_open == 1, ~told).limit(1)
    ).scalar()
    if lost is None:
        return None
    return msg("verify.untold", number=full_number(tx.district, int(lost)))


def _rows(tx: Tx, seq: int, limit: int) -> list[sa.Row[tuple[object, ...]]]:
    # On SQLite by the row's place in the table, not by an index: a spoilt index must
    # not hide a row. (One file holds one district, so rowid and seq run together.) The
    # plus keeps SQLite from an index over the district, and from sorting all of it.
    number: sa.ColumnElement[int] = sa.literal_column("rowid") if tx.sqlite else journal.c.seq
    district = sa.literal_column("+district") if tx.sqlite else journal.c.district
    return list(
        tx.conn.execute(
            sa.select(*journal.c)
            .where(district == tx.district, number > seq)
            .order_by(number)
            .limit(limit)
        ).all()
    )


def _readable(tx: Tx, seq: int) -> list[sa.Row[tuple[object, ...]]]:
    """The rows before the one that cannot be read."""
    good: list[sa.Row[tuple[object, ...]]] = []
    while True:
        try:
            found = _rows(tx, seq + len(good), 1)
        except (DBAPIError, UnicodeDecodeError):
            return good
        if not found:
            return good
        good.extend(found)


class _Months:
    """The months of moments that mostly lie in one month: reckoned once, not a million times."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._month = self._first = self._last = 0

    def of(self, at: Instant) -> int:
        """YYYYMM of a moment."""
        if not self._first <= at < self._last:
            moment = to_datetime(at, self._zone)
            self._month = moment.year * 100 + moment.month
            # From noon of its first day to noon of its 28th: whatever the clocks of the
            # zone do at midnight, that is inside the month.
            noon = moment.replace(hour=12, minute=0, second=0, microsecond=0)
            self._first = from_datetime(noon.replace(day=1))
            self._last = from_datetime(noon.replace(day=28))
        return self._month


def _fault(months: _Months, row: Sequence[Any], last: str) -> Message | None:
    """Why one entry does not hold, or None."""
    district, month, seq, at, seat, verb, incident, body, hash_ = row
    if not isinstance(body, str) or hash_ != chained(last, body):
        return msg("verify.changed", seq=int(seq))
    try:
        copied = read_copied(body)
    except ValueError:
        return msg("verify.changed", seq=int(seq))
    if copied != (district, seq, at, seat, verb, incident):
        return msg("verify.copied_column", seq=int(seq))
    if not isinstance(at, int) or month != months.of(at):
        return msg("verify.copied_column", seq=int(seq))
    return None


def _indexes(tx: Tx, seq: int, last: str) -> Verdict:
    """SQLite's own check, for a byte changed in an index of the journal."""
    if tx.sqlite:
        # It looks every entry up in every index: in the cache of a seat, one read each.
        tx.conn.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KIB}")
        words = [str(row[0]) for row in tx.conn.exec_driver_sql("PRAGMA integrity_check(journal)")]
        tx.conn.exec_driver_sql(f"PRAGMA cache_size=-{SEAT_CACHE_KIB}")
        if words != ["ok"]:
            found = re.search(r"row (\d+)", " ".join(words))
            at = int(found[1]) if found else seq
            return Verdict(seq, last, msg("verify.index", seq=at, reason=words[0]), at)
    return Verdict(seq, last)
