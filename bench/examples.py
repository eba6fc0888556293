"""The example reports: the scenario ``night`` played by hand from eight to eight, and written.

`python -m bench.examples` writes ``docs/examples/``: the report of the night shift in every
form and both languages. The clock only moves when it is moved, so that the same program
writes the same files. The past of the night takes some minutes; ``--store FILE`` keeps the
store, and with a store that is kept only the writing is done anew.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import threading
from datetime import date
from pathlib import Path

from console.cli_demo import open_demo
from console.desk.desk import Desk
from console.desk.drills import Engine
from console.desk.reporting import period_asked, report
from console.desk.ruleset import load
from console.desk.session import Session
from console.domain.clock import HOUR, MINUTE, SECOND, FixedClock, Instant
from console.domain.incident import Incident
from console.domain.lifecycle import OPEN
from console.domain.playbook import open_runs
from console.i18n import LANGUAGES, Translator
from console.launch import DEFAULT_SEAT, sit_down
from console.reports import FORMS, rendered
from console.store import incidents, journal
from console.store.engine import Tx, open_store
from fixtures import district, library

FOLDER = Path(__file__).parent.parent / "docs" / "examples"
SCENARIO = "night"
DAY = date(2022, 3, 21)
SPAN = 12 * HOUR
"""From 20:00, when the shift and the scenario start, to 08:00."""

LINES = {
    "fraud-1": (
        ("01:10:12", "接 {0}"),
        ("01:10:20", "电 {0} 占线"),
        ("01:10:40", "办 {0} 研判 查实"),
        ("01:10:48", "派 {0} P31"),
        ("01:12:10", "电 {0} 占线"),
        ("01:13:30", "办 {0} 家属 已通知"),
        ("01:17:00", "办 {0} 见面 见到"),
        ("01:23:00", "办 {0} 讲解 劝住"),
        ("01:26:00", "毕 {0} 成功劝阻 400000"),
        ("02:10:00", "办 {0} 回访 平安"),
        ("02:11:00", "结 {0}"),
    ),
    "fire-1": (
        ("02:25:10", "接 {0}"),
        ("02:25:22", "火级 {0} 2"),
        ("02:25:30", "派 {0}"),
        ("02:26:00", "办 {0} 疏散 已通知"),
        ("02:27:10", "办 {0} 设施 正常"),
        ("02:47:00", "办 {0} 控制 已控制"),
        ("03:02:00", "毕 {0} 熄灭"),
        ("04:10:00", "办 {0} 原因 12000 用火不慎"),
        ("04:12:00", "结 {0}"),
    ),
    "crash-1": (
        ("03:40:14", "接 {0}"),
        ("03:40:40", "办 {0} 伤情 有伤 1"),
        ("03:40:48", "派 {0}"),
        ("04:20:00", "毕 {0}"),
        ("04:45:00", "办 {0} 认定 已认定"),
        ("04:46:00", "结 {0}"),
    ),
    "crash-2": (
        ("11:38:15", "接 {0}"),
        ("11:38:40", "办 {0} 伤情 有伤 1"),
        ("11:38:48", "派 {0}"),
    ),
}
"""What the officer does about the scenario's own incidents: after its start, and the line."""

FIGURES = (
    ("fraud.warning", "outcome", "毕 {0} 成功劝阻 {1}"),
    ("traffic.injury", "injuries", "办 {0} 伤情 有伤 1"),
    ("traffic", "injuries", "办 {0} 伤情 无伤"),
    ("fire", "feedback", "记 {0} 明火已扑灭，无人员伤亡"),
    ("fire", "record", "办 {0} 原因 {2}"),
)
"""What a colleague leaves to a person because it asks for figures: category or the beginning of
one, the step, and the line that is typed for him; ``{1}`` is the amount at risk,
``{2}`` what a fire cost and why."""

FIRES = ("3000 电气故障", "800 遗留火种", "1500 用火不慎")

SEATS = "  seats:\n"
HANDS = f"{SEATS}    {DEFAULT_SEAT}: {{share: 0.3, delay: 00:00:36}}\n"
"""Nobody sits at the first seat: it works like a colleague's, but for the story."""


class Night:
    """The demo, moved by hand.

    Args:
        folder: where its files are made.
        store: where its store is made.
    """

    def __init__(self, folder: Path, store: Path) -> None:
        self.clock = FixedClock(0)
        self.start: Instant = 0
        scenario = folder / "night.yaml"
        text = library.path(SCENARIO).read_text("utf-8")
        assert text.count(SEATS) == 1
        scenario.write_text(text.replace(SEATS, HANDS), "utf-8")
        given = {"store": str(store), "scenario": str(scenario)}
        self.session: Session = open_demo(given, self._begin)
        assert self.session.make_engine is not None
        self.engine: Engine = self.session.make_engine(self.session.desk)
        for thread in threading.enumerate():
            if thread.name == "history":
                thread.join()
        with self.session.desk.store.read() as tx:
            self.first = journal.head(tx)[0]

    def _begin(self, start: Instant) -> FixedClock:
        self.clock.at = self.start = start
        return self.clock

    def play(self, span: int) -> None:
        """Let a span of time go by (ms): the scenario, the story, deadlines and orders.

        What the systems say is fetched when they say it.
        """
        lines = sorted(
            (self.start + _span(after), name, line)
            for name, lines in LINES.items()
            for after, line in lines
        )
        minutes = [(self.start + at, "", "") for at in range(MINUTE, span + 1, MINUTE)]
        for moment, name, line in sorted([*lines, *minutes]):
            self._until(moment)
            if name:
                self._types(line.format(self.engine.name(self.engine.story.incidents[name])))
            else:
                self._figures()
                self._look()

    def _types(self, line: str) -> None:
        for done in self.session.desk.run(line):
            assert done.ok, (line, done.message)

    def _figures(self) -> None:
        """Give the figures that colleagues do not make up."""
        with self.session.desk.reading() as work:
            own = set(self.engine.story.incidents.values())
            tonight = [
                one for one in self._tonight(work.tx) if one.state in OPEN and one.id not in own
            ]
            wanted = [
                line.format(
                    self.engine.name(one.id), one.amount_at_risk or 0, FIRES[one.id % len(FIRES)]
                )
                for one in tonight
                for run in open_runs(incidents.steps_of(work.tx, one.id))
                if run.step != "feedback" or (run.due or work.at) < work.at
                if (line := _figure(one.category, run.step))
            ]
        for line in wanted:
            self._types(line)

    def _tonight(self, tx: Tx) -> list[Incident]:
        ids = {
            one.incident for one in journal.since(tx, self.first, 100_000) if one.verb == "receive"
        }
        return incidents.many(tx, sorted(id_ for id_ in ids if id_ is not None))

    def _look(self) -> None:
        gateway = self.session.gateway
        assert gateway is not None
        gateway.escalate()
        gateway.raise_missed_checks()
        gateway.pass_on_late()
        asyncio.run(gateway.courier())

    def listen(self) -> None:
        """Look at every system once more, so that none seems silent."""
        assert self.session.gateway is not None
        asyncio.run(self.session.gateway.round())

    def _until(self, end: Instant) -> None:
        while (due := self.engine.step()) is not None and due <= end:
            self.clock.at = max(due, self.clock.at)
        self.clock.at = max(end, self.clock.at)
        self.engine.step()


def _span(written: str) -> int:
    """``HH:MM:SS`` in ms."""
    hours, minutes, seconds = (int(one) for one in written.split(":"))
    return hours * HOUR + minutes * MINUTE + seconds * SECOND


def _figure(category: str, step: str) -> str:
    return next(
        (line for kind, at, line in FIGURES if category.startswith(kind) and step == at), ""
    )


def write(desk: Desk, folder: Path) -> None:
    """The shift report in every form and language."""
    folder.mkdir(parents=True, exist_ok=True)
    center = district.build(1).name
    document = report(desk, period_asked(desk, "shift", DAY, "night"), center)
    for lang in LANGUAGES:
        for form in FORMS:
            path = folder / f"shift-{lang}.{form}"
            path.write_bytes(rendered(document, form, Translator(lang)))
            print(path.name, file=sys.stderr)


def main() -> None:
    """Write every example."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, help="keep the night's store, or use the one kept")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhiban-night-") as place:
        kept: Path = given.store or Path(place) / "night.sqlite"
        note = kept.with_suffix(".now")
        if not note.exists():
            night = Night(Path(place), kept)
            night.play(SPAN)
            night.listen()
            note.write_text(str(night.clock.at), "utf-8")
            night.session.desk.store.close()
        store = open_store(str(kept))
        write(
            sit_down(store, load(), FixedClock(int(note.read_text("utf-8"))), DEFAULT_SEAT),
            given.folder,
        )
        store.close()


if __name__ == "__main__":
    main()
