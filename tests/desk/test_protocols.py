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
from console.desk.filtering import read_filter
from console.domain.clock import MINUTE, SECOND, FixedClock
from console.domain.incident import full_number
from console.domain.message import Problem
from console.i18n import Translator
from console.screens.step_line import line_of
from console.store import incidents, seats
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


def test_every_department_can_be_told(desk: Desk, snapshot: SnapshotAssertion) -> None:
    protocol = Protocol(desk)
    for department in desk.rules.triage.departments.values():
        protocol.line(f"转 #2 {department.label.zh} 请处置")
        protocol.line("撤")
    assert protocol.text == snapshot


def test_what_another_seat_has_gone_on_with_stays(desk: Desk, snapshot: SnapshotAssertion) -> None:
    """Undo of what somebody else has gone on from, or sent on."""
    protocol = Protocol(desk)
    for line, seat in (
        ("免复 1", "一席"),
        ("答 1 明天上午", "二席"),
        ("撤", "一席"),
        ("级 #2 3", "一席"),
        ("级 #2 4", "二席"),
        ("撤", "一席"),
        ("撤", "二席"),
        ("移交 1 二席", "一席"),
        ("记 #1 已在路上", "二席"),
        ("撤", "一席"),
        ("派 2 P12", "一席"),
        ("P12 出动", "二席"),
        ("撤", "一席"),
        ("记 #2 三楼", "一席"),
        ("结 #2 误报", "二席"),
        ("撤", "一席"),
        ("撤", "二席"),
        ("新 测试电话", "一席"),
        ("接 6", "二席"),
        ("撤", "一席"),
    ):
        protocol.line(line, seat=seat)
    for serial in (1, 2):
        with desk.reading() as work:
            id_ = incidents.find_number(work.tx, None, serial)
        assert id_ is not None
        protocol.pane(id_)
    assert protocol.text == snapshot


BEGUN = (
    *(
        "",
        "接",
        "接 ",
        "接 1",
        "接 3",
        "派 1 ",
        "派 1 P",
        "派 1 E301 ",
        "P12 ",
        "P12 到",
        "态 ",
        "电 1 ",
        "电 1 接",
    ),
    *(
        "办 1 ",
        "办 3 ",
        "办 3 核",
        "级 1 ",
        "级 ",
        "火级 1 ",
        "转 1 ",
        "转 1 基",
        "移交 1 ",
        "移交 1 二",
        "毕 1 ",
    ),
    *(
        "毕 3 成",
        "筛 ",
        "筛 火",
        "查 ",
        "帮助 ",
        "帮助 派",
        "主题 ",
        "语言 ",
        "图 ",
        "图 火 ",
        "态势 ",
        "态势 电诈 ",
    ),
    *(
        "闭环 ",
        "报告 ",
        "报告 日报 ",
        "分 ",
        "分 租",
        "回访 4 ",
        "延期 4 ",
        "转警情 1 ",
        "录入 ",
        "核单 ",
        "重发 ",
        "访 3 ",
    ),
    *(
        "止付 3 ",
        "并 1 ",
        "拆 ",
        "新 ",
        "新 火",
        "接 1 ; ",
        "接 1 ; 派 ",
        "ac",
        "dis",
        "status ",
        "P12 on",
        "zz",
        "1",
        "4",
    ),
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_tab_offers(desk: Desk, lang: str, snapshot: SnapshotAssertion) -> None:
    desk.receive([a_fire(n) for n in range(20, 32)])
    desk.run("派 1 P12")
    words, found = Translator(lang), []
    for line in BEGUN:
        offered = desk.complete(line, len(line), None, lang)
        found.append(f"> {line}| {offered.start}-{offered.end}")
        for one in offered.candidates[:12]:
            found.append(f"  {one.text} {words.t(one.label) if one.label else ''}")
    assert "\n".join(found) == snapshot


MEANT = (
    *(
        "火 北干",
        "超时",
        "本席",
        "一级",
        "2级",
        "已签收",
        "P12",
        "新塘",
        "fire.structure",
        "建筑火灾",
        "199 0000 1234",
    ),
    *(
        "alarm=3",
        "alarm=",
        "foo=5",
        "alarm",
        "hour=23",
        "hour=24",
        "weekday=0",
        "2026-11-01..2026-11-24",
    ),
    *(
        "2026-11-24",
        "2026-11-24 alarm=1 fire",
        "2026-11-24..2026-11-01",
        "2026-13-01",
        "北干 新塘",
        "一级 二级",
    ),
    *("火 电诈", "place=甲", "mine overdue", "事故 瓜沥 2026-03-21", "2026-11-01 2026-11-02"),
)


def test_what_a_filter_means(desk: Desk, snapshot: SnapshotAssertion) -> None:
    found = []
    for words in MEANT:
        try:
            found.append(f"{words}: {read_filter(words.split(), desk)}")
        except Problem as problem:
            found += [f"{words}: {Translator(lang).t(problem.message)}" for lang in ("zh", "en")]
    assert "\n".join(found) == snapshot
