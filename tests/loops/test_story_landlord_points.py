"""The article's own story: a landlord reports his tenants and gets 60 points, one yuan."""

from __future__ import annotations

from adapters.port import Report
from console.domain.clock import MINUTE
from console.domain.points import MALL
from console.store import points
from fixtures.backends.answering import decide
from fixtures.backends.contract import Backend
from tests.loops.live import Live

LANDLORD = "19900006666"

TENANTS = Report(
    "xinwuyou",
    "zk-7",
    "房东上报租客信息: 新入住2人, 已签租房合同",
    category="community.tenant",
    place="宁围街道建设一路5号",
    caller="房东沈某",
    phone=LANDLORD,
    facts={"kind": "tenant"},
)


def held(live: Live, account: str = LANDLORD) -> int:
    with live.store.read() as tx:
        return points.balance(tx, account)


def backend(live: Live, system: str) -> Backend:
    found = live.systems[system]
    assert isinstance(found, Backend)
    return found


def test_a_landlord_reports_gets_sixty_points_and_spends_them(live: Live) -> None:
    decide(backend(live, "platform4"), "verify", "true")
    decide(backend(live, "xinwuyou"), "award", "redeems")

    # The report comes in from the app and a grid worker looks at it at the door.
    case = live.comes(TENANTS)
    assert (case.playbook, case.category) == ("community", "community.tenant")
    live.do("接", case)
    live.do("办 派核", case)
    live.round()
    live.wait(4 * MINUTE)
    assert [run.step for run in live.open_steps(case)] == ["award"]

    # It is true: sixty points, in our ledger and in the app, once.
    live.do("分", case)
    live.round(2)
    (given,) = live.told("xinwuyou", "award")
    assert (given.action, held(live)) == ("award", 60)
    assert backend(live, "xinwuyou").ledger.notes()[f"points:{LANDLORD}"] == "60"
    assert live.refused("分", case) == "points.given"
    live.do("毕", case)
    live.do("结", case)

    # He goes to the mall with them: worth one yuan, and no more than he has.
    live.wait(4 * MINUTE)
    (wants,) = [e.incident for e in live.entries("receive") if e.category == "community.redeem"]
    assert wants is not None
    goods = live.numbered(wants)
    assert (goods.playbook, goods.phone) == ("points-redemption", LANDLORD)
    live.do("接", goods)
    live.do("分", goods)
    live.round()
    assert (held(live), held(live, MALL)) == (0, 60)
    (taken,) = live.told("xinwuyou", "redeem")
    assert backend(live, "xinwuyou").ledger.notes()[f"points:{LANDLORD}"] == "0"
    live.do("毕", goods)
    live.do("结", goods)
    assert live.now(goods).state == "closed"
    assert {one.status for one in live.receipts("xinwuyou")} == {"confirmed"}
    assert taken.action == "redeem"
    assert live.is_whole()
