"""Bringing in a table of real data: past incidents in bulk, or reports as if they came now.

What the store has already is recognised by the source's ids and by the times of the
units, so that an import that was interrupted is completed by running it again, and
nothing is there twice.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from importlib.resources import files
from pathlib import Path

from adapters.port import Report
from console.desk.fleet import register
from console.desk.halves import by_halves, fault
from console.desk.import_counts import Counts, Outcome, Progress
from console.desk.import_history import HistoryImport
from console.desk.intake import Taken, file
from console.desk.records import Line
from console.desk.ruleset import Ruleset
from console.desk.table_file import SideFile, TableFile, shown_name
from console.desk.work import SYSTEM_SEAT, Work
from console.domain.clock import SECOND, Clock, day_at
from console.domain.mapping import SourceTable
from console.domain.mapping_file import parse_mapping
from console.domain.message import Message, Problem, msg
from console.domain.rows import OTHER, PastIncident, RowRefused, TableReader, lacking
from console.store import incidents, rollups
from console.store.engine import Store, sqlite_path
from console.store.page import together

_REPORTS_AT_ONCE = 50
_AS_FACTS = (
    "severity",
    "casualties",
    "deaths",
    "injured",
    "amount_lost",
    "amount_saved",
    "alarm_level",
    "result",
    "cause",
)
"""What a report has no field for is shown with it, under the name its file has for it."""


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Without the search for circles: rows make none, and it goes through all that is gathered.

    It costs an import a fifth of its time.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


class Mode(Enum):
    """How rows are brought in."""

    HISTORY = "history"
    """Past incidents with all their times, closed; no deadlines."""
    NOW = "now"
    """As if they came in now, in the order of the file, a second apart."""
    LIVE = "live"
    """As reports, with the source's own times."""


def import_table(
    store: Store,
    rules: Ruleset,
    clock: Clock,
    path: Path,
    mapping: Path,
    mode: Mode,
    *,
    say: Callable[[Message], str],
    seat: str = SYSTEM_SEAT,
    sheet: str = "",
    progress: Progress | None = None,
) -> Outcome:
    """Bring in a table: delimited text, also packed with gzip, or a sheet of a workbook.

    Args:
        store: where to.
        rules: categories, gazetteer, and for reports triage and the rest.
        clock: the present moment.
        path: the file.
        mapping: the file that says what its columns mean (``docs/import.md``), or the name of
            one that comes with the program.
        mode: history, now or live.
        say: makes a sentence of a reason, for the side file of refused rows.
        seat: who imports; stands in the journal.
        sheet: which sheet of a workbook, before what the mapping says.
        progress: told how far it is.

    Raises:
        Problem: file or mapping cannot be used; nothing was done.
        StoreProblem: the store cannot take it; what was committed is kept and the
            same import run again completes it.
    """
    table = _mapping(mapping, rules)
    file = TableFile(
        path,
        table.encoding,
        table.delimiter,
        headed=table.headed,
        sheet=sheet or table.sheet,
        lacks=lacking(table),
    )
    name = shown_name(path)
    reader = TableReader(table, file.header, name, store.zone, rules.categories.nodes)
    database = sqlite_path(store.url)
    folders = [database.parent, Path.cwd()] if database is not None else [Path.cwd()]
    with SideFile(path, folders, file, say) as side:
        counts = Counts(other_sheets=file.others)
        if table.encoding is None and file.encoding == "gb18030":
            counts.guessed = file.encoding
        run = _Run(store, rules, clock, reader, table, name, seat, counts, side, progress, file)
        if mode is Mode.HISTORY:
            run.history()
        else:
            run.reports(now=mode is Mode.NOW)
            run.register()
        return run.counts.outcome(side.path)


def shipped_mappings() -> dict[str, Path]:
    """The mappings that come with the program, by name."""
    folder = Path(str(files("console") / "data" / "mappings"))
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def _mapping(path: Path, rules: Ruleset) -> SourceTable:
    shipped = shipped_mappings()
    if not path.exists():
        path = shipped.get(str(path), path)
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        known = tuple(shipped)
        raise Problem(msg("mapping.missing", file=str(path), known=known)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise Problem(msg("table.unreadable", file=str(path), reason=reason)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Problem(
            msg(
                "table.encoding",
                file=shown_name(path),
                encoding="utf-8",
                line=line,
                byte=f"{error.object[error.start]:02X}",
            )
        ) from error
    return parse_mapping(text, shown_name(path), rules.categories.nodes)


@dataclass(slots=True)
class _Call:
    """One report of the file, and how many rows speak of it."""

    line: Line
    report: Report
    rows: int = 1


@dataclass(frozen=True, slots=True)
class _Run:
    """One import: everything it needs, and what it has counted."""

    store: Store
    rules: Ruleset
    clock: Clock
    reader: TableReader
    table: SourceTable
    name: str
    seat: str
    counts: Counts
    side: SideFile
    progress: Progress | None
    file: TableFile
    fleet: dict[str, str] = field(default_factory=dict)
    """Units that the file names: call sign -> kind, "" where it does not say."""

    def register(self) -> None:
        """The center has these units: put those on the board that are not there yet."""
        if self.fleet:
            with self.store.write() as tx:
                register(tx, self.rules, self.fleet)

    def history(self) -> None:
        """Past incidents, a chunk at a time."""
        gathered = HistoryImport(
            self.store,
            self.rules,
            self.clock,
            self.reader,
            self.table.source,
            self.name,
            self.seat,
            self.counts,
            self._refuse,
            self._cut,
            self._left_out,
        )
        with collector_at_rest():
            for line in self.file.lines(self.reader.is_row):
                self._take(line, gathered.take)
                if gathered.full:
                    gathered.flush()
                    gc.collect(0)
                    self._tell()
            gathered.flush()
            # Today is not over: counted now, it would spoil its month and year with the next
            # report.
            rollups.refresh(self.store, day_at(self.clock.now(), self.store.zone))
        self._tell()

    def reports(self, *, now: bool) -> None:
        """Reports through the same door as every other, some at a time."""
        calls: dict[str, _Call] = {}
        for line in self.file.lines(self.reader.is_row):
            self._take(line, lambda one: self._gather(calls, one, now))
        waiting = list(calls.values())
        if now:
            last = self.clock.now()
            for back, call in enumerate(reversed(waiting)):
                call.report = replace(call.report, occurred=last - back * SECOND)
        for start in range(0, len(waiting), _REPORTS_AT_ONCE):
            by_halves(
                waiting[start : start + _REPORTS_AT_ONCE],
                lambda some: self._file(some, now),
                lambda call, why: self._refuse(call.line, why),
            )
            self._tell()

    def _file(self, calls: Sequence[_Call], now: bool) -> None:
        """Take some reports in, in one transaction."""
        with self.store.write(patient=True) as tx:
            work = Work(tx, self.clock.now(), self.seat, self.rules)
            with together(tx):
                taken = [self._take_in(work, call.report, now) for call in calls]
        for call, one in zip(calls, taken, strict=True):
            self._count(call, one)

    def _take(self, line: Line, take: Callable[[Line], None]) -> None:
        self.counts.read += 1
        if line.fault is not None:
            self._refuse(line, line.fault)
            return
        try:
            take(line)
        except RowRefused as refused:
            self._refuse(line, refused.reason)
            return
        except Exception as error:  # no row ends an import; it is told with the row
            self._refuse(line, fault(error))
            return
        unit = self.reader.unit(line.cells)
        if unit is not None and not self.fleet.get(unit[0]):
            self.fleet[unit[0]] = unit[1]

    def _gather(self, calls: dict[str, _Call], line: Line, now: bool) -> None:
        source_id = self.reader.source_id(line.cells)
        if (known := calls.get(source_id)) is not None:
            known.rows += 1
            return
        received = None if now else self.reader.received(line.cells)
        past, remarks = self.reader.incident(line.cells)
        if not (past.text or past.place or past.word):
            raise RowRefused(msg("row.nothing"))
        self.counts.remark(remarks)
        if remarks.cut:
            self._cut(line, remarks.cut)
        if not self.counts.spoilt_id and self.reader.spoilt_id(source_id):
            self.counts.spoilt_id = source_id
        calls[source_id] = _Call(line, self._report(source_id, past, received))

    def _report(self, source_id: str, past: PastIncident, received: int | None) -> Report:
        return Report(
            source=self.table.source,
            source_id=source_id,
            text=past.text,
            occurred=received,
            category="" if past.category == OTHER else past.category,
            place=past.place,
            town=past.town,
            lat=past.lat,
            lon=past.lon,
            caller=past.caller,
            phone=past.phone,
            priority=past.priority,
            fraud_class=past.fraud_class,
            facts={
                self.reader.labels[key]: str(value)
                for key in _AS_FACTS
                if (value := getattr(past, key))
            },
        )

    def _take_in(self, work: Work, report: Report, now: bool) -> Taken:
        if now:
            # Its time is ours and another one each run: the id alone says whether it is new.
            known = incidents.known_source(work.tx, report.source, report.source_id)
            if known is not None:
                return Taken("repeated", known[0])
        # Not heard by the robot: nobody in the group waits for an answer to an old record.
        return file(work, report)

    def _count(self, call: _Call, taken: Taken) -> None:
        counts = self.counts
        if taken.incident is not None:
            counts.incidents.add(taken.incident)
        match taken.kind:
            case "new":
                counts.new += 1
            case "attached":
                counts.attached += 1
            case "changed":
                counts.updated += 1
            case "repeated":
                counts.duplicate += call.rows
            case "unreadable":
                self._refuse(call.line, msg("row.nothing"))

    def _refuse(self, line: Line, reason: Message) -> None:
        if self.file.is_sum(line):
            self.counts.sums += 1
            self.counts.read -= 1
            return
        self.counts.refused += 1
        self.side.keep(line, reason)

    def _cut(self, line: Line, fields: Sequence[str]) -> None:
        self.side.keep(line, msg("row.cut", keys=tuple(fields)))

    def _left_out(self, line: Line, reasons: Sequence[Message]) -> None:
        self.counts.left_out += 1
        self.side.keep(line, msg("row.left_out", reasons=tuple(reasons)))

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.counts.read)
