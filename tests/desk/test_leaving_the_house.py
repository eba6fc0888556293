"""What leaves the house: alerts of what may be public, exports without the persons."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters import cap
from adapters.port import Report
from console.desk.desk import Desk
from console.desk.published import publish
from console.desk.ruleset import Ruleset, load
from console.domain.clock import FixedClock
from console.domain.message import Problem
from console.i18n import Translator
from console.store import journal, seats
from console.store.engine import open_store
from tests.in_process import zhiban

NOW = 1_795_478_400_000
PHONE, IDENTITY, NAME = "13905710001", "330181197001011234", "郑小明"
SAID = f"我叫{NAME}, 身份证{IDENTITY}, 电话{PHONE}, 住人民路88号3幢2单元501室"


@pytest.fixture(scope="module")
def rules() -> Ruleset:
    return load()


@pytest.fixture
def desk(tmp_path: Path, rules: Ruleset) -> Iterator[Desk]:
    store = open_store(str(tmp_path / "zhiban.sqlite"))
    with store.write() as tx:
        seats.add(tx, "一席")
        seats.add(tx, "带班", "supervisor")
        seats.add(tx, "看", "reader")
    yield Desk(store, FixedClock(NOW), rules, "一席")
    store.close()


def sitting(desk: Desk, seat: str, role: str) -> Desk:
    return Desk(desk.store, desk.clock, desk.rules, seat, role=role)


def incident(
    desk: Desk, category: str, facts: tuple[tuple[str, str], ...] = (), source: str = "alarm110"
) -> str:
    report = Report(
        source,
        f"n-{category}-{len(facts)}",
        SAID,
        desk.clock.now(),
        category=category,
        place="城厢街道人民路88号3幢2单元501室",
        caller=NAME,
        phone=PHONE,
        lat=30.163258,
        lon=120.268741,
        facts=dict(facts),
    )
    (taken,) = desk.receive([report])
    assert taken.incident is not None
    return str(taken.incident % 10**7)


def told(desk: Desk, number: str, **more: object) -> cap.Alert:
    data = publish(desk, number, "zhiban-xs", "萧山", Translator("zh").t, **more)  # type: ignore[arg-type]
    for secret in (PHONE, IDENTITY, NAME, "501", "88号", "3幢", "30.163258"):
        assert secret not in data.decode()
    return cap.parse(data)


class TestAnAlertForEverybody:
    def test_says_the_kind_the_street_and_what_to_do(self, desk: Desk) -> None:
        alert = told(desk, incident(desk, "fire.structure"))
        (info,) = alert.infos
        assert "人民路" in info.areas[0].description
        assert "建筑火灾" in info.headline
        assert "消防车" in info.instruction
        assert (info.areas[0].circles[0].centre.lat, alert.references) == (30.16, ())
        assert (alert.scope, alert.msg_type) == (cap.Scope.PUBLIC, cap.MsgType.ALERT)

    @pytest.mark.parametrize(
        ("category", "facts"),
        [
            ("fraud.case", ()),
            ("medical", ()),
            ("wages.site", ()),
            ("request.report", ()),
            ("traffic.code", ()),
            ("other.什么", ()),
            ("fire.structure", (("secret", "true"),)),
        ],
    )
    def test_of_a_personal_or_secret_matter_is_refused_and_a_supervisor_is_asked(
        self, desk: Desk, category: str, facts: tuple[tuple[str, str], ...]
    ) -> None:
        number = incident(desk, category, facts)
        boss = sitting(desk, "带班", "supervisor")
        for who, given, why in (
            (desk, {"sure": True, "reason": "要"}, "publicity.refused"),
            (boss, {}, "publicity.asks"),
            (boss, {"sure": True}, "publicity.asks"),
        ):
            with pytest.raises(Problem) as refused:
                told(who, number, **given)
            assert refused.value.message.id == why
        told(boss, number, sure=True, reason="区里决定公布")
        with desk.store.read() as tx:
            (entry,) = [one for one in journal.walk(tx) if one.verb == "published"]
        assert (entry.seat, entry.text) == ("带班", "区里决定公布")

    def test_is_not_for_readers(self, desk: Desk) -> None:
        number = incident(desk, "fire.structure")
        with pytest.raises(Problem) as refused:
            told(sitting(desk, "看", "reader"), number)
        assert refused.value.message.id == "publicity.no_right"

    def test_is_followed_by_updates_and_the_cancel(self, desk: Desk) -> None:
        number = incident(desk, "fire.outdoor")
        first = told(desk, number)
        assert isinstance(desk.clock, FixedClock)
        desk.clock.advance(60_000)
        second = told(desk, number)
        assert desk.run(f"cancel {number} 误报", None, "zh")[0].ok
        desk.clock.advance(60_000)
        last = told(desk, number)
        assert [one.msg_type.value for one in (first, second, last)] == [
            "Alert", "Update", "Cancel",
        ]  # fmt: skip
        assert len({one.identifier for one in (first, second, last)}) == 3
        assert second.references == (first.reference,)
        assert last.references == (first.reference, second.reference)


class TestTakingDataOut:
    @pytest.fixture
    def home(self, desk: Desk, tmp_path: Path) -> Path:
        incident(desk, "fraud.case")
        assert desk.run("note 1 回拨 139 0571 0001, 郑小明 在家", None, "zh")[0].ok
        return tmp_path

    @pytest.mark.parametrize("what", ["incidents", "journal"])
    @pytest.mark.parametrize("form", ["csv", "json"])
    def test_hides_the_persons(self, home: Path, what: str, form: str) -> None:
        done = zhiban(home, "export", what, "--format", form)
        assert done.returncode == 0, done.stderr
        for secret in (PHONE, IDENTITY, NAME, "139 0571 0001"):
            assert secret not in done.stdout
        assert "郑某" in done.stdout
        rows = (
            list(csv.DictReader(done.stdout.splitlines()))
            if form == "csv"
            else [json.loads(line) for line in done.stdout.splitlines()]
        )
        assert rows
        assert "masked" in done.stderr or "隐去" in done.stderr

    def test_in_clear_is_for_a_supervisor_with_a_reason(self, home: Path, desk: Desk) -> None:
        for arguments in (
            ("--clear",),
            ("--clear", "--reason", "检察院调取"),
            ("--clear", "--seat", "看", "--reason", "检察院调取"),
            ("--clear", "--seat", "带班"),
            ("--clear", "--seat", "带班", "--reason", " "),
        ):
            done = zhiban(home, "export", "incidents", *arguments)
            assert (done.returncode, done.stdout) == (1, ""), arguments
            assert done.stderr.strip()
        done = zhiban(
            home, "export", "incidents", "--clear", "--seat", "带班", "--reason", "检察院调取"
        )
        assert done.returncode == 0, done.stderr
        assert IDENTITY in done.stdout
        with desk.store.read() as tx:
            (entry,) = [one for one in journal.walk(tx) if one.verb == "exported"]
        assert (entry.seat, entry.status, entry.text) == ("带班", "incidents", "检察院调取")


@pytest.mark.parametrize(
    ("system", "action"), [("cap", "alert"), ("xinwuyou", "bulletin"), ("dingtalk", "notice")]
)
@pytest.mark.parametrize("said", ["今晚停工, 询{name} {phone}", ""])
def test_an_order_for_everybody_holds_nothing_of_a_caller(
    desk: Desk, system: str, action: str, said: str
) -> None:
    number = incident(desk, "alert.weather")
    with desk.writing() as work:
        from console.store import incidents, outbox

        id_ = incidents.find_number(work.tx, None, int(number))
        assert id_ is not None
        one = work.incident(id_)
        words = said.format(name=NAME, phone=PHONE)
        key = work.order(one, system, action, replace(work.entry("done", one.id), text=words))
        (order,) = [each for each in outbox.of_incident(work.tx, one.id) if each.key == key]
    kept = json.dumps(order.body, ensure_ascii=False)
    for secret in (PHONE, IDENTITY, NAME, "501", "88号"):
        assert secret not in kept
    assert ("今晚停工" in kept) == bool(said)
    assert "人民路" in str(order.body["text"])
