"""Whatever officers, callers, time and the gateway do: the store stays true.

A rule-based machine drives the real desk over a real SQLite store. What must hold is in
``tests.store.truths``, which reads the rows by itself.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from adapters.port import BareAdapter, LinkError, Order, Receipt, Report
from console.desk.act.undoing import REVERSIBLE
from console.desk.desk import Desk, Done
from console.desk.doubts import ALL
from console.desk.gateway import Gateway
from console.domain.clock import HOUR, MINUTE, SECOND, FixedClock
from console.domain.filters import QueueFilter
from console.domain.incident import full_number
from console.domain.playbook import choices
from console.domain.units import STATUS_WORDS
from console.store import checking, incidents, outbox, queue, seats
from console.store.engine import open_store
from console.store.queue import QueueKey, QueueRow, Selection
from tests import scale
from tests.store import truths
from tests.store.floor import KINDS, START, crew, rules, said

MEMORY = Path("/dev/shm")
"""Where there is such a place, a store needs no disk."""

SEATS = {"一席": "officer", "二席": "officer", "督导席": "supervisor", "观察席": "reader"}
SIGNS = [*KINDS, "P99"]

PLACES = ["北干街道金城路88号", "金城路88号", "新塘街道育才路12号3幢401", "靖江街道", ""]
PHONES = ["19900001234", "19900002222", ""]
TEXTS = {
    "fire": ["三楼着火了 有两个人被困", "三楼冒烟", "电动车起火"],
    "traffic": ["两车追尾 一人受伤", "电动车和轿车相撞"],
    "fraud.warning": ["冒充电商物流客服 可能损失40万", "刷单返利"],
    "": ["楼上太吵", "三楼着火了", "[/] \x1b[2J [@click=app.quit]"],
}
WORDS = ["误报", "三楼有人", "12", "查实", "1 2", "P12", "占线"]


@cache
def empty_store() -> Path:
    """A store with units and seats, made once and copied for every example."""
    folder = Path(tempfile.mkdtemp(prefix="zhiban-machine-"))
    store = open_store(str(folder / "empty.sqlite"))
    crew(store)
    with store.write() as tx:
        for name, role in SEATS.items():
            seats.add(tx, name, role)
    store.close()
    return folder / "empty.sqlite"


class Moody(BareAdapter):
    """A system that confirms, refuses, or loses its answers, and does each thing once."""

    def __init__(self, system: str) -> None:
        self.system = system
        self.mood = "confirmed"
        self.done: dict[str, Order] = {}

    async def send(self, order: Order) -> Receipt:
        if self.mood == "refused":
            return Receipt(order.key, "refused", "不受理")
        self.done.setdefault(order.key, order)
        if self.mood == "lost":
            raise LinkError("slow")
        return Receipt(order.key, "confirmed", "", f"R{len(self.done)}")


_SEAT = st.sampled_from([*SEATS, "一席", "一席", "督导席", "督导席"])
_SELDOM = st.sampled_from([False, False, True])


@dataclass(frozen=True)
class Line:
    """A line of a verb with arguments that may be lawful or not."""

    verb: str
    text: str


def reports() -> st.SearchStrategy[Report]:
    """Reports that share places, callers and ids often enough."""
    return st.builds(
        lambda source, n, category, word, place, phone, ago: Report(
            source,
            f"{source}-{n}",
            TEXTS[category][word % len(TEXTS[category])],
            None if ago is None else START - ago,
            category=category,
            place=place,
            phone=phone,
        ),
        st.sampled_from(["alarm110", "fraudguard"]),
        st.integers(1, 12),
        st.sampled_from(list(TEXTS)),
        st.integers(0, 2),
        st.sampled_from(PLACES),
        st.sampled_from(PHONES),
        st.none() | st.integers(-HOUR, 6 * HOUR),
    )


class Watch(RuleBasedStateMachine):
    """Officers at four seats, callers, a gateway, and time."""

    @initialize(first=st.lists(reports(), min_size=3, max_size=6))
    def open(self, first: list[Report]) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        path = self.folder / "store.sqlite"
        shutil.copyfile(empty_store(), path)
        self.clock = FixedClock(START)
        self.desk = Desk(open_store(str(path)), self.clock, rules(), "一席", "李某")
        systems = {d.system or d.id for d in rules().triage.departments.values()}
        self.systems = {system: Moody(system) for system in systems}
        self.gateway = Gateway(self.desk, self.systems)
        self.books = truths.Books(path)
        self.history = truths.History()
        self.looked = 0
        self.receive(first)

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        assert checking.check(self.desk.store) == []
        self.desk.store.close()
        self.books.close()
        shutil.rmtree(self.folder)

    # --- what happens ------------------------------------------------------------

    @rule(batch=st.lists(reports(), min_size=1, max_size=3))
    def receive(self, batch: list[Report]) -> None:
        before = self.books.incidents()
        taken = self.desk.receive(batch)
        after = self.books.incidents()
        new = [one.incident for one in taken if one.kind == "new"]
        assert set(after) - set(before) == set(new)
        assert len(new) == len(set(new))

    @rule(by=st.sampled_from([SECOND, MINUTE, 5 * MINUTE, HOUR, 13 * HOUR]))
    def time_goes(self, by: int) -> None:
        self.clock.advance(by)

    @rule()
    def gateway_looks(self) -> None:
        waiting = len([row for row in self.books.rows("step") if self._is_late(row)])
        assert self.gateway.escalate() == waiting
        assert self.gateway.escalate() == 0
        self.gateway.raise_missed_checks()
        assert self.gateway.raise_missed_checks() == 0

    def _is_late(self, row: truths.Row) -> bool:
        due = row["due"]
        return (
            row["done"] is None
            and not row["escalated"]
            and isinstance(due, int)
            and due < self.clock.now()
        )

    @rule(mood=st.sampled_from(["confirmed", "refused", "lost"]))
    def courier_runs(self, mood: str) -> None:
        for system in self.systems.values():
            system.mood = mood
        asyncio.run(self.gateway.courier())
        done = {key for system in self.systems.values() for key in system.done}
        for row in self.books.rows("outbox"):
            if row["state"] == outbox.WITHDRAWN:
                assert row["key"] not in done, "taken back and sent all the same"
            if row["state"] == outbox.CONFIRMED:
                assert row["key"] in done

    @rule(data=st.data(), times=st.integers(1, 5))
    def officers_say_something(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            line = data.draw(self._lines(), label="line")
            self._say(line, data.draw(_SEAT, label="seat"), data.draw(_SELDOM, label="and undo"))

    @precondition(lambda self: self._waiting())
    @rule(data=st.data(), times=st.integers(1, 8))
    def officers_follow_the_playbook(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            if not self._waiting():
                return
            line = data.draw(self._next_steps(), label="step")
            seat = data.draw(st.sampled_from(["一席", "督导席"]), label="seat")
            self._say(line, seat, data.draw(_SELDOM, label="and undo"))

    @precondition(lambda self: self._crews())
    @rule(data=st.data(), times=st.integers(1, 6))
    def crews_report(self, data: st.DataObject, times: int) -> None:
        statuses = st.sampled_from([names[0] for names in STATUS_WORDS.values()])
        for _ in range(times):
            sign = data.draw(st.sampled_from(self._crews() or SIGNS), label="unit")
            line = Line("态", f"{sign} {data.draw(statuses, label='status')}")
            self._say(line, "一席", data.draw(_SELDOM, label="and undo"))

    @rule(seat=st.sampled_from(["一席", "督导席"]), times=st.integers(1, 4))
    def an_officer_takes_back(self, seat: str, times: int) -> None:
        for _ in range(times):
            self._run("撤", seat)

    # --- how it is said ----------------------------------------------------------

    def _say(self, line: Line, seat: str, take_back: bool) -> None:
        before = self.books.snapshot()
        answer = self._run(line.text, seat)
        if not (take_back and answer.ok and self.books.head() > self.history.seq):
            return
        undone = self._run("撤", seat)
        verb = answer.verb
        if undone.ok and verb in REVERSIBLE:
            assert self.books.snapshot() == before, f"{line} was not wholly taken back"
        elif verb in REVERSIBLE or verb == "new":
            # What was taken by mistake is kept, as cancelled.
            assert undone.ok, said(undone)

    def _run(self, line: str, seat: str) -> Done:
        before, head = self.books.snapshot(), self.books.head()
        self.history.follow(self.books)
        (answer,) = self.desk.run(line, None, "zh", seat, sure=ALL)
        if not answer.ok:
            assert self.books.snapshot() == before, f"{line}: refused, and yet something changed"
            assert self.books.head() == head
        elif self.books.snapshot() != before:
            assert self.books.head() > head, f"{line}: done without an entry"
        if SEATS[seat] == "reader":
            assert self.books.head() == head
        return answer

    def _waiting(self) -> list[truths.Row]:
        return [row for row in self.books.rows("incident") if row["is_open"] and row["playbook"]]

    def _crews(self) -> list[str]:
        """Units that are out."""
        return [str(row["call_sign"]) for row in self.books.rows("unit") if row["incident"]]

    def _numbers(self) -> st.SearchStrategy[str]:
        """Incidents, one that is over more seldom than one that is not."""
        all_ = self.books.incidents()
        chosen = [id_ for id_, row in all_.items() if row["is_open"]] * 3 + list(all_)
        return st.sampled_from([f"#{full_number('XS', id_)}" for id_ in chosen] or ["#1"])

    def _lines(self) -> st.SearchStrategy[Line]:
        number, some = self._numbers(), st.lists(self._numbers(), min_size=1, max_size=4)
        sign, words = st.sampled_from(SIGNS), st.sampled_from(WORDS)
        status = st.sampled_from([names[0] for names in STATUS_WORDS.values()])
        signs = st.lists(sign, max_size=3).map(" ".join)
        departments = [one.label.zh for one in rules().triage.departments.values()]
        outcomes = st.sampled_from(["占线", "接通", "无人接听", "查实"])
        steps = [step.label.zh for book in rules().playbooks for step in book.steps]

        def line(verb: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[Line]:
            return st.tuples(*parts).map(lambda found: Line(verb, " ".join((verb, *found))))

        return st.one_of(
            line("接", number),
            line("派", number, signs),
            line("态", sign, status),
            line("记", number, words),
            line("电", number, outcomes, words),
            line("办", number, st.sampled_from(steps), words),
            line("级", number, st.sampled_from("12345")),
            line("火级", number, st.sampled_from("0136")),
            line("转", number, st.sampled_from(departments), words),
            line("并", some.map(" ".join)),
            line("拆", some.map(" ".join)),
            line("不并", some.map(" ".join)),
            line("毕", number, words),
            line("结", number, words),
            line("复开", number, words),
            line("取消", number, words),
            line("查岗", sign),
            line("新", st.sampled_from([text for texts in TEXTS.values() for text in texts])),
        )

    def _next_steps(self) -> st.SearchStrategy[Line]:
        """What the playbooks of open incidents offer right now."""
        found: list[Line] = []
        with self.desk.reading() as work:
            for row in self._waiting():
                id_ = row["id"]
                assert isinstance(id_, int)
                playbook = rules().playbook(str(row["playbook"]))
                assert playbook is not None
                offered = choices(playbook, incidents.steps_of(work.tx, id_))
                assert offered
                number = f"#{full_number('XS', id_)}"
                for one in offered:
                    outcome = one.outcome_label.zh if one.outcome_label is not None else ""
                    step = f"办 {number} {one.label.zh} {outcome} 3 说明"
                    found.append(
                        {
                            "accept": Line("接", f"接 {number}"),
                            "call": Line("电", f"电 {number} {outcome} 说明"),
                            "dispatch": Line("派", f"派 {number}"),
                            "resolve": Line("毕", f"毕 {number} {outcome} 3 说明"),
                            "close": Line("结", f"结 {number} 说明"),
                            "transfer": Line("转", f"转 {number} 四平台"),
                        }.get(one.verb, Line("办", step))
                    )
        return st.sampled_from(found)

    # --- what is always true --------------------------------------------------------

    @invariant()
    def the_books_hold(self) -> None:
        self.history.follow(self.books)
        truths.incidents_hold(self.books)
        truths.reports_hold(self.books)
        truths.units_hold(self.books)

    @invariant()
    def the_queue_is_the_open_incidents_in_order(self) -> None:
        self.looked += 1
        if self.looked % scale.often(4, 1):
            return  # half of a watch would be spent on it
        now = self.clock.now()
        chosen = Selection(QueueFilter(), now)
        wanted = [
            (row["due"] >= now, row["priority"], row["due"], row["received"], row["id"])  # type: ignore[operator]
            for row in self.books.rows("incident")
            if row["is_open"]
        ]
        wanted.sort()
        # A few pages each way, however long the queue: what a page does at its ends is the same.
        size = max(3, len(wanted) // 3)
        with self.desk.store.read() as tx:
            assert queue.total(tx, chosen) == len(wanted)
            down: list[QueueRow] = []
            key: QueueKey | None = None
            while page := queue.page(tx, chosen, size, after=key):
                down += page
                key = queue.key_of(page[-1])
            assert [row.id for row in down] == [row[-1] for row in wanted]
            up: list[QueueRow] = queue.page(tx, chosen, -size - 1)
            while up and (page := queue.page(tx, chosen, size + 1, before=queue.key_of(up[0]))):
                up = page + up
            assert up == down
            if down:
                at = len(down) // 2
                assert queue.rank(tx, chosen, queue.key_of(down[at])) == at


def run(examples: int, steps: int) -> None:
    """Play that many watches of that many steps."""
    run_state_machine_as_test(
        Watch,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_some_watches() -> None:
    run(25, 14)


@pytest.mark.deep
def test_long_watches() -> None:
    run(400, 40)
