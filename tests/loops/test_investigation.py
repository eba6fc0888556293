"""侦防平台 over HTTP: who is behind a phone or an account, and what a case needs as evidence."""

from __future__ import annotations

import json

import pytest

from adapters.port import Report
from console.domain.incident import Incident
from tests.loops.live import Live
from tests.loops.test_story_400000_yuan import waiting

ACCOUNT = "6222020200112233445"


def warning(live: Live, phone: str = "13800001111") -> Incident:
    return live.comes(
        Report("fraudguard", "w1", "冒充电商物流客服, 通话中", phone=phone, priority=2)
    )


@pytest.mark.parametrize(
    ("phone", "words", "statuses"),
    [
        ("19999999999", "查无此人", ["not_found"]),
        # The woman of the story is asked about further: the scenario brings the answer.
        ("19900003210", "已受理, 研判中", []),
    ],
)
def test_somebody_whom_nobody_knows(
    live: Live, phone: str, words: str, statuses: list[str]
) -> None:
    one = warning(live, phone)
    for line in ("接", "电 占线"):
        live.do(line, one)
    live.round()
    (receipt,) = live.receipts("investigation", one)
    assert receipt.text == words
    assert "address" not in dict(live.now(one).facts)
    assert ("research" in waiting(live, one)) == (not statuses)
    assert [entry.status for entry in live.entries("event", one)] == statuses


def test_the_verb_asks_at_once_whatever_the_playbook_says(live: Live) -> None:
    one = warning(live)
    live.do(f"研判 {ACCOUNT}", one)
    assert live.refused(f"研判 {ACCOUNT}", one) == "fraud.asked_already"
    live.round()
    (asked,) = live.told("investigation")
    assert json.loads(asked.body)["subject"] == ACCOUNT
    facts = dict(live.now(one).facts)
    assert (facts["identity"], facts["id_number"]) == ("吴某(账户名)", "610************017")
    assert "关联账户4个" in facts["links"]


def test_nobody_to_ask_about(live: Live) -> None:
    assert live.refused("研判", warning(live, phone="")) == "fraud.no_subject"


def test_the_list_of_evidence(live: Live) -> None:
    one = warning(live)
    live.do("调证", one)
    live.round()
    assert [told.action for told in live.told("investigation")] == ["evidence_list"]
    assert "转账凭证" in dict(live.now(one).facts)["evidence"]


def test_it_is_taken_back_before_it_is_sent_and_not_after(live: Live) -> None:
    one = warning(live)
    live.do("研判", one)
    live.do("撤", one)
    live.round()
    assert live.told("investigation") == []
    live.do("研判", one)
    live.round()
    assert live.refused("撤", one) in ("undo.sent", "undo.too_late")


def test_an_answer_that_was_not_had_is_had_later(live: Live) -> None:
    one = warning(live)
    live.do("研判", one)
    live.round(2)
    assert len(live.told("investigation")) == 1
    assert len(live.receipts("investigation", one)) == 1
