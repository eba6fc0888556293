"""Orders of unknown end and items of the tray: by hand, journalled, taken back where lawful."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.http import Endpoint
from adapters.port import Report
from adapters.systems import CONTRACTS, UNKEYED, UNPOLLED, connect, known
from console.desk import intake
from console.desk.desk import Desk
from console.desk.linked import UNHEARD, detail, linked
from console.domain.clock import SECOND, FixedClock
from console.domain.entry import Entry
from console.domain.masking import masked
from console.store import journal, outbox
from console.store import links as store
from console.store.links import LinkNow
from tests.store.floor import START, desk_at

SMOKE = Report("alarm110", "a-1", "三楼冒烟", START, place="金城路366号", phone="19900001111")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with one incident, and an order to the group whose answer was lost."""
    made = desk_at(str(tmp_path / "links.sqlite"), clock=FixedClock(START))
    made.receive([SMOKE])
    with made.writing() as work:
        (incident,) = [e.incident for e in journal.walk(work.tx) if e.verb == "receive"]
        outbox.put(work.tx, "k-1", incident, "dingtalk", "reply", {"words": "来了"}, START)
        outbox.change(work.tx, "k-1", state=outbox.UNKNOWN, attempts=1)
        outbox.put(work.tx, "k-2", None, "wages", "pay", {}, START)
        intake.take_unread(work, "wages", '{"id": 7, "phone": "19900002222"}', "at: missing")
    return made


def order(desk: Desk, key: str = "k-1") -> outbox.KeptOrder:
    with desk.store.read() as tx:
        found = outbox.get(tx, key)
    assert found is not None
    return found


def last(desk: Desk) -> Entry:
    with desk.store.read() as tx:
        return list(journal.walk(tx))[-1]


def do(desk: Desk, line: str) -> str:
    """Do a line that must be done; the id of what was said."""
    (done,) = desk.run(line)
    assert done.ok, done.message
    return done.message.id


def refused(desk: Desk, line: str) -> str:
    (done,) = desk.run(line)
    assert not done.ok
    return done.message.id


MARK = outbox.mark_of("k-1")


class TestOrders:
    @pytest.mark.parametrize(
        ("word", "state"), [("已办", "confirmed"), ("done", "confirmed"), ("未办", "refused")]
    )
    def test_settled_as_it_was_heard_and_taken_back(
        self, desk: Desk, word: str, state: str
    ) -> None:
        do(desk, f"核单 {MARK} {word} 王某电话里说")
        assert (order(desk).state, order(desk).answer) == (state, "王某电话里说")
        entry = last(desk)
        assert (entry.verb, entry.key, entry.status) == ("settle", "k-1", state)
        assert (entry.text, entry.system) == ("王某电话里说", "dingtalk")
        do(desk, "撤")
        assert (order(desk).state, order(desk).answer) == ("unknown", "")

    def test_sent_again_and_taken_back_only_before_it_went(self, desk: Desk) -> None:
        do(desk, f"resend {MARK}")
        assert order(desk).state == "waiting"
        do(desk, "undo")
        assert order(desk).state == "unknown"
        do(desk, f"resend {MARK.lower()}")
        with desk.writing() as work:
            outbox.change(work.tx, "k-1", state="sending", attempts=2)
        assert refused(desk, "undo") == "orders.went_on"
        assert refused(desk, f"resend {MARK}") == "orders.on_its_way"
        assert refused(desk, f"settle {MARK} done") == "orders.on_its_way"

    def test_one_that_waits_goes_now(self, desk: Desk) -> None:
        with desk.writing() as work:
            outbox.change(work.tx, "k-2", next_at=START + 600 * SECOND)
        do(desk, f"resend {outbox.mark_of('k-2')}")
        assert order(desk, "k-2").next_at == desk.clock.now()
        do(desk, "撤")
        assert (order(desk, "k-2").state, order(desk, "k-2").next_at) == (
            "waiting",
            START + 600 * SECOND,
        )

    def test_the_risk_is_said_before(self, desk: Desk) -> None:
        assert desk.preview(f"resend {MARK}", None, "en").message.id == "orders.would_risk"
        with desk.writing() as work:
            outbox.change(work.tx, "k-2", state="unknown")
        line = f"resend {outbox.mark_of('k-2')}"
        assert desk.preview(line, None, "en").message.id == "orders.would_resend"
        assert order(desk).state == "unknown"

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("settle FFFFF done", "orders.none"),
            (f"settle {MARK}", "orders.say_which"),
            (f"settle {MARK} maybe", "orders.say_which"),
            ("settle k-2 done", "orders.not_unknown"),
        ],
    )
    def test_refused_with_a_sentence(self, desk: Desk, line: str, why: str) -> None:
        assert refused(desk, line) == why
        preview = desk.preview(line, None, "zh")
        assert (preview.ok, preview.message.id) == (False, why)

    def test_what_is_over_stays_so(self, desk: Desk) -> None:
        do(desk, f"settle {MARK} done")
        assert refused(desk, "resend k-1") == "orders.is_over"

    @pytest.mark.parametrize("system", [one for one in CONTRACTS if one in known()])
    def test_systems_without_a_key_are_named(self, system: str) -> None:
        from adapters.http import Endpoint
        from adapters.secret import Secret

        made = connect(system, Endpoint("http://127.0.0.1:9/", Secret("")))
        assert made.keyed == (system not in UNKEYED)


class TestTray:
    def test_becomes_an_incident_in_the_officers_words(self, desk: Desk) -> None:
        (done,) = desk.run("录入 1 宁围街道某工地欠薪 20 人")
        assert done.ok
        assert done.incident is not None
        with desk.store.read() as tx:
            item = store.item(tx, 1)
            entries = list(journal.walk(tx))
        assert item is not None
        assert item.state == "adopted"
        assert [e.verb for e in entries[-2:]] == ["receive", "adopt"]
        assert entries[-2].text == "宁围街道某工地欠薪 20 人"
        assert (entries[-2].source, entries[-1].count) == ("wages", 1)
        assert refused(desk, "录入 1") == "tray.is_adopted"

    def test_without_words_it_is_taken_as_it_came(self, desk: Desk) -> None:
        do(desk, "adopt 1")
        with desk.store.read() as tx:
            receive = [e for e in journal.walk(tx) if e.verb == "receive"][-1]
        assert receive.text == '{"id": 7, "phone": "19900002222"}'

    def test_put_aside_with_a_reason_and_taken_back(self, desk: Desk) -> None:
        assert refused(desk, "drop 1") == "tray.why"
        do(desk, "drop 1 test data")
        assert (last(desk).verb, last(desk).text) == ("drop", "test data")
        assert detail(desk, "wages").items == ()
        assert refused(desk, "adopt 1") == "tray.is_over"
        do(desk, "undo")
        assert [one.id for one in detail(desk, "wages").items] == [1]

    @pytest.mark.parametrize("named", ["0", "9", "x", "99999999999999999999"])
    def test_there_is_no_such_item(self, desk: Desk, named: str) -> None:
        assert refused(desk, f"adopt {named}") == "tray.none"


def test_what_waits_is_counted_and_unknown_orders_come_first(desk: Desk) -> None:
    views = linked(desk)
    assert [(v.system, v.waiting, v.unknown, v.tray) for v in views] == [
        ("dingtalk", 0, 1, 0),
        ("wages", 1, 0, 1),
    ]


def test_long_numbers_in_raw_text_lose_their_middle() -> None:
    assert masked('"19900002222" 33010919900101123X 2022 id=ab12345678901') == (
        '"199*****222" 330************23X 2022 id=ab12345678901'
    )


@pytest.mark.parametrize("system", known())
def test_a_link_that_nobody_looks_at_is_not_said_to_be_well(desk: Desk, system: str) -> None:
    clock = desk.clock
    assert isinstance(clock, FixedClock)
    with desk.writing() as work:
        store.save(work.tx, LinkNow(system, state=store.OK, since=START, seen=START))

    def now() -> LinkNow:
        (view,) = [one for one in linked(desk) if one.system == system]
        return view.now

    clock.advance(store.LOST_TOUCH)
    assert now().state == store.OK
    clock.advance(SECOND)
    if system in UNPOLLED:
        assert now().state == store.OK
        return
    assert (now().state, now().fault, now().since) == (store.FAULT, UNHEARD, START)
    if system in CONTRACTS:
        assert connect(system, Endpoint("http://127.0.0.1:1/")).feeds


@pytest.mark.parametrize("system", sorted(UNPOLLED))
def test_who_is_not_looked_at_does_not_feed(system: str) -> None:
    assert not connect(system, Endpoint("http://127.0.0.1:1/")).feeds
