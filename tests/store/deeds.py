"""A watch as a row of deeds: what is done next follows from a seed and from the store alone.

So that a watch that is broken off anywhere can be gone on with, and must end like one
that never was: each deed is done at a moment of its own, and what it is depends on its
number and on what was done before, not on how often the program has been started.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final, NoReturn

import sqlalchemy as sa

from adapters.port import Order, Page, Receipt, Report
from console.desk import import_history, imports
from console.desk.desk import Desk
from console.desk.doubts import ALL
from console.desk.gateway import Gateway
from console.desk.imports import Mode, import_table
from console.domain.clock import HOUR, MINUTE, SECOND, FixedClock
from console.domain.incident import full_number
from console.domain.lifecycle import OPEN
from console.domain.playbook import choices
from console.store import incidents, journal
from console.store.engine import StoreProblem, Tx, open_store
from console.store.tables import incident as table
from tests.store.floor import KINDS, START, crew, rules

SEATS: Final = ("一席", "二席", "三席")
ROWS: Final = 9
"""Rows of an imported file; they are brought in a few at a time."""

_KINDS: Final = {
    "report": 20,
    "verb": 62,
    "undo": 5,
    "courier": 10,
    "escalate": 3,
    "checks": 2,
    "now": 2,
    "history": 2,
}
SEVERAL: Final = frozenset({"courier", "escalate", "now", "history"})
"""Deeds of more than one transaction: broken off, they are done once more."""

_TEXTS: Final = {
    "fire": ("三楼着火了 有两个人被困", "三楼冒烟", "电动车起火"),
    "traffic": ("两车追尾 一人受伤", "电动车和轿车相撞"),
    "fraud.warning": ("冒充电商物流客服 可能损失40万", "刷单返利"),
    "": ("楼上太吵", "井盖缺失"),
}
_MAPPING: Final = """
[source]
name = "ledger"
timezone = "Asia/Shanghai"
datetime = "%Y-%m-%d %H:%M:%S"
[incident]
id = "number"
received = "received"
place = "place"
text = "text"
[incident.category]
column = "kind"
[incident.category.map]
"F" = "fire"
"T" = "traffic"
[unit]
call_sign = "unit"
dispatched = "sent"
available = "back"
"""


class Fuse:
    """Counts the places at which a process could be killed, and kills it at one of them."""

    def __init__(self, left: int | None) -> None:
        self.left = left

    def lay(self) -> None:
        """Let every statement and commit of this process be such a place."""
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            sa.event.listen(sa.Engine, name, self.burn)

    def burn(self, *_args: object) -> None:
        """A place is passed: before a statement, at a commit, between two deeds."""
        if self.left is None:
            return
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), 9)


class Notebook:
    """Another system: it writes down every order that reaches it, with the life it came in."""

    def __init__(self, system: str, path: Path, life: int, fuse: Fuse) -> None:
        self.system, self.feeds, self.keyed = system, False, True
        self._path, self._life, self._fuse = path, life, fuse

    async def feed(self, cursor: str) -> Page:
        return Page((), cursor)

    async def close(self) -> None:
        """There is nothing to let go of: the file is opened for every line."""

    async def ask(self, order: Order) -> Receipt | None:
        known = self._path.read_text().split() if self._path.exists() else []
        return _answer(order) if order.key in known else None

    async def fetch(self, photo: str) -> NoReturn:
        raise LookupError(photo)

    async def send(self, order: Order) -> Receipt:
        said = _digest(order)
        self._fuse.burn()
        with self._path.open("ab", buffering=0) as file:
            file.write(f"{self._life}\t{order.key}\t{said}\n".encode())
        self._fuse.burn()
        return _answer(order)


def _digest(order: Order) -> str:
    body = json.dumps([order.system, order.action, order.incident, dict(order.body)])
    return hashlib.sha256(body.encode()).hexdigest()


def _answer(order: Order) -> Receipt:
    """Always the same one to the same order."""
    said = _digest(order)
    if int(said[:2], 16) < 32:
        return Receipt(order.key, "refused", "不受理")
    return Receipt(order.key, "confirmed", "", said[:8])


@dataclass(frozen=True, slots=True)
class Life:
    """One run of the program, from its start to its death or the end of the watch.

    Args:
        url: the store.
        seed: of the watch.
        folder: where the files to import and the other systems' notebook are.
        number: how many lives there were before.
        fuse: what may end it.
        tell: told of every deed that is done: its number, and the journal's end after it.
    """

    url: str
    seed: int
    folder: Path
    number: int
    fuse: Fuse
    tell: Callable[[int, int, str], None]

    def live(self, first: int, last: int) -> None:
        """Do the deeds from `first` to `last`."""
        import_history.CHUNK_INCIDENTS = 4
        imports._REPORTS_AT_ONCE = 4
        store = open_store(self.url)
        crew(store)
        desk = Desk(store, FixedClock(START), rules(), SEATS[0], "李某", "supervisor")
        for n in range(first, last + 1):
            self.fuse.burn()
            desk.clock = FixedClock(START + n * 20 * SECOND)
            self._do(desk, n)
            self.fuse.burn()
            with store.read() as tx:
                end = journal.head(tx)
            self.tell(n, *end)
        store.close()

    def _do(self, desk: Desk, n: int) -> None:
        dice = Random(f"{self.seed}:{n}")
        match kind(self.seed, n):
            case "report":
                desk.receive([_report(dice, n, i) for i in range(dice.randint(1, 3))])
            case "verb":
                self._run(desk, _line(desk, dice, n), dice.choice(SEATS))
            case "undo":
                self._run(desk, "撤", dice.choice(SEATS))
            case "courier":
                asyncio.run(self._gateway(desk).courier())
            case "escalate":
                self._gateway(desk).escalate()
            case "checks":
                self._gateway(desk).raise_missed_checks()
            case mode:
                self._import(desk, n, Mode(mode))

    def _run(self, desk: Desk, line: str, seat: str) -> None:
        for answer in desk.run(line, None, "zh", seat, sure=ALL):
            if answer.message.id.startswith("store."):
                raise StoreProblem(answer.message)

    def _gateway(self, desk: Desk) -> Gateway:
        path = self.folder / "notebook"
        systems = {d.system or d.id for d in desk.rules.triage.departments.values()}
        return Gateway(
            desk, {name: Notebook(name, path, self.number, self.fuse) for name in systems}
        )

    def _import(self, desk: Desk, n: int, mode: Mode) -> None:
        file, mapping = self.folder / f"import-{n}.csv", self.folder / "ledger.toml"
        mapping.write_text(_MAPPING, "utf-8")
        lines = ["number,received,place,text,kind,unit,sent,back"]
        for row in range(ROWS):
            day = f"2026-10-{1 + row:02}" if mode is Mode.HISTORY else "2026-11-24"
            lines.append(
                f"{n}-{row // 2},{day} 10:00:00,靖江街道第{n}村{row // 2}号,第 {row // 2} 件,"
                f"{'FT'[row % 2]},X{row},{day} 10:0{row}:30,{day} 10:2{row}:00"
            )
        file.write_text("\n".join(lines) + "\n", "utf-8")
        outcome = import_table(
            desk.store, desk.rules, desk.clock, file, mapping, mode, say=lambda message: message.id
        )
        assert outcome.refused == 0


def kind(seed: int, n: int) -> str:
    """What sort of deed the `n`-th of a watch is."""
    if n == 1:
        return "report"
    return Random(f"{seed}/{n}").choices(list(_KINDS), list(_KINDS.values()))[0]


def _report(dice: Random, n: int, i: int) -> Report:
    category = dice.choice(list(_TEXTS))
    # Now and then one that was there before, or one from the same house.
    number = n * 10 + i if dice.random() < 0.9 else dice.randint(1, n) * 10
    return Report(
        dice.choice(("alarm110", "fraudguard")),
        f"r{number}",
        dice.choice(_TEXTS[category]),
        START + n * 20 * SECOND - dice.choice((0, MINUTE, HOUR)),
        category=category,
        place=f"北干街道金城路{dice.randint(1, 40)}号",
        phone=dice.choice(("19900001234", "19900002222", "")),
    )


def _line(desk: Desk, dice: Random, n: int) -> str:
    """A line that somebody could say now; most are possible, some are refused."""
    with desk.reading() as work:
        found = sorted(incidents.many(work.tx, _ids(work.tx)), key=lambda one: one.id)
        open_ = [one for one in found if one.state in OPEN and one.playbook]
        if not open_:
            return f"新 第 {n} 个电话 三楼冒烟"
        one, two = dice.choice(open_), dice.choice(open_)
        playbook = desk.rules.playbook(one.playbook)
        assert playbook is not None
        offered = choices(playbook, incidents.steps_of(work.tx, one.id))
    number, other = (f"#{full_number('XS', i.id)}" for i in (one, two))
    sign = dice.choice(list(KINDS))
    step = dice.choice(offered)
    outcome = step.outcome_label.zh if step.outcome_label is not None else ""
    follow = {
        "accept": f"接 {number}",
        "call": f"电 {number} {outcome} 说明",
        "dispatch": f"派 {number}",
        "resolve": f"毕 {number} {outcome} 3 说明",
        "close": f"结 {number} 说明",
        "transfer": f"转 {number} 四平台",
    }.get(step.verb, f"办 {number} {step.label.zh} {outcome} 3 说明")
    return dice.choice(
        (
            *[follow] * 8,
            *[f"态 {sign} {dice.choice(('出发', '到场', '撤离', '归队'))}"] * 4,
            f"派 {number} {sign}",
            f"记 {number} 第 {n} 句",
            f"级 {number} {dice.randint(1, 4)}",
            f"并 {number} {other}",
            f"拆 {number}",
            f"转 {number} 四平台 请处置",
            f"取消 {number} 误报",
            f"新 第 {n} 个电话 三楼冒烟",
        )
    )


def _ids(tx: Tx) -> list[int]:
    """The newest open incidents: few enough that several deeds are about the same one."""
    asked = sa.select(table.c.id).where(table.c.is_open == 1).order_by(table.c.id.desc())
    return [int(id_) for id_ in tx.conn.execute(asked.limit(12)).scalars()]
