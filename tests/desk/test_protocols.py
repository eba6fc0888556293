"""The protocols of whole watches: every verb with what it refuses, every playbook to its end.

Compared with what a person has read and found right (`--snapshot-update` after a change that is
meant, then read the difference).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from syrupy.assertion import SnapshotAssertion

from adapters.port import Report
from console.desk.desk import Desk
from console.domain.clock import MINUTE, SECOND, FixedClock
from console.domain.incident import full_number
from console.screens.step_line import line_of
from console.store import seats
from tests.desk.protocol import Protocol
from tests.desk.watches import LINES, ROLES
from tests.store.floor import START, a_fire, desk_at, rules

CATEGORIES = {book.id: next(filter(None, book.categories), "other") for book in rules().playbooks}

WARNING = Report(
    "fraudguard",
    "w1",
    "疑似冒充电商物流客服",
    START - SECOND,
    category="fraud.warning.shopping",
    place="新塘街道育才东路88号",
    phone="19900001234",
    caller="陈女士",
    fraud_class="冒充电商物流客服",
    amount_at_risk=400_000,
)
ORDER = Report(
    "hotline12345",
    "h1",
    "小区夜间施工噪音扰民, 请协调",
    START - MINUTE,
    category="request.complaint",
    place="蜀山街道湘湖社区",
    phone="19900005555",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Two fires, a warning of fraud, a request, two messages of the group; three seats."""
    made = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    with made.store.write() as tx:
        seats.add(tx, "一席", "officer", "李某")
        seats.add(tx, "二席", "officer", "王某")
        seats.add(tx, "长席", "supervisor", "周某")
        seats.add(tx, "阅席", "reader")
    made.receive([a_fire(1), a_fire(2), WARNING, ORDER])
    made.receive(
        [
            Report("dingtalk", f"m{n}", text, START - MINUTE, caller="俞某")
            for n, text in enumerate(("周末的露天电影放哪一部", "三楼着火了 新塘街道育才路3号"), 1)
        ]
    )
    yield made
    made.store.close()


@pytest.mark.parametrize("about", LINES)
def test_what_lines_do(desk: Desk, about: str, snapshot: SnapshotAssertion) -> None:
    protocol = Protocol(desk)
    protocol.many(LINES[about].splitlines()[1:])
    assert protocol.text == snapshot


@pytest.mark.parametrize("role", ["reader", "officer", "supervisor"])
def test_what_a_seat_may(desk: Desk, role: str, snapshot: SnapshotAssertion) -> None:
    """The same lines by another role, and by a seat that has the incident not."""
    desk.run("接 1", seat="一席")
    desk.seat = {"reader": "阅席", "officer": "二席", "supervisor": "长席"}[role]
    desk.role = role
    protocol = Protocol(desk)
    for line in ROLES.splitlines()[1:]:
        protocol.line(line)
    assert protocol.text == snapshot


@pytest.mark.parametrize("book", list(CATEGORIES))
def test_a_playbook_to_its_end(desk: Desk, book: str, snapshot: SnapshotAssertion) -> None:
    """What is offered and what it does, with choices that fall as they fall, each time the same."""
    dice = Random(book)
    report = Report(
        "seat", book, "第 1 件", None, CATEGORIES[book], place="瓜沥镇第1村1号", phone="19900001234"
    )
    (taken,) = desk.receive([report])
    assert taken.incident is not None
    protocol, id_ = Protocol(desk), taken.incident
    number = f"#{full_number(desk.store.district, id_)}"
    for _press in range(14):
        protocol.pane(id_)
        found = protocol.seen(id_)
        if not found.choices:
            break
        choice = dice.choice(found.first or found.choices)
        line, complete = line_of(found, choice, number, "zh")
        if not complete and choice.verb != "status":
            line += dice.choice((" 3 说明", " 起火原因不明", " 6222000011112222 工行 400000"))
        protocol.line(line, selected=id_)
    assert protocol.text == snapshot
