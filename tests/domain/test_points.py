"""Points: double entry, each key once, nobody below nothing, sixty are one yuan."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.message import Problem
from console.domain.points import ISSUER, MALL, Ledger, PointsEntry, award, redeem, reverse
from tests.domain.shipped import rules

RULES = rules().systems.points
T0 = 1_795_000_000_000


class TestLandlord:
    def test_sixty_points_are_one_yuan(self) -> None:
        ledger = Ledger().post(award("r1", "房东", "tenant", T0, RULES))
        assert ledger.balance("房东") == 60
        assert RULES.fen(ledger.balance("房东")) == 100
        assert RULES.fen(59) == 98
        spent = ledger.post(redeem("m1", "房东", 60, T0))
        assert (spent.balance("房东"), spent.balance(MALL), spent.balance(ISSUER)) == (0, 60, -60)

    def test_the_same_report_twice_is_paid_once(self) -> None:
        entry = award("r1", "房东", "tenant", T0, RULES)
        again = award("r1", "房东", "tenant", T0 + 999, RULES)
        assert Ledger().post(entry).post(again).balance("房东") == 60

    def test_another_matter_under_the_same_key_is_refused(self) -> None:
        ledger = Ledger().post(award("r1", "房东", "tenant", T0, RULES))
        with pytest.raises(Problem) as caught:
            ledger.post(award("r1", "邻居", "tenant", T0, RULES))
        assert caught.value.message.id == "points.other_under_key"

    def test_more_than_there_is_cannot_be_spent(self) -> None:
        ledger = Ledger().post(award("r1", "房东", "tenant", T0, RULES))
        with pytest.raises(Problem) as caught:
            ledger.post(redeem("m1", "房东", 61, T0))
        assert (caught.value.message.args["n"], caught.value.message.args["wanted"]) == (60, 61)

    def test_taken_back_unless_it_is_spent(self) -> None:
        entry = award("r1", "房东", "tenant", T0, RULES)
        ledger = Ledger().post(entry)
        assert ledger.post(reverse("x1", entry, T0)).balance("房东") == 0
        spent = ledger.post(redeem("m1", "房东", 1, T0))
        with pytest.raises(Problem):
            spent.post(reverse("x1", entry, T0))

    def test_nothing_for_nothing(self) -> None:
        with pytest.raises(Problem):
            award("r1", "房东", "sleeping", T0, RULES)
        for points in (0, -60):
            with pytest.raises(Problem):
                Ledger().post(PointsEntry("k", T0, ISSUER, "房东", points, "tenant"))
        with pytest.raises(Problem):
            Ledger().post(PointsEntry("k", T0, ISSUER, ISSUER, 5, "tenant"))


PEOPLE = ["甲", "乙", "丙"]
ACCOUNTS = [*PEOPLE, ISSUER, MALL]
ENTRIES = st.builds(
    PointsEntry,
    st.integers(0, 12).map(str),
    st.integers(T0, T0 + 10),
    st.sampled_from(ACCOUNTS),
    st.sampled_from(ACCOUNTS),
    st.integers(-5, 200),
    st.sampled_from(["tenant", "redeem"]),
)


@given(st.lists(ENTRIES, max_size=40))
def test_every_ledger_adds_up(entries: list[PointsEntry]) -> None:
    ledger, kept = Ledger(), dict.fromkeys(ACCOUNTS, 0)
    for entry in entries:
        before = ledger
        with suppress(Problem):
            ledger = ledger.post(entry)
        if len(ledger.entries) > len(before.entries):
            kept[entry.source] -= entry.points
            kept[entry.target] += entry.points
        assert all(ledger.balance(person) >= 0 for person in PEOPLE)
    assert {account: ledger.balance(account) for account in ACCOUNTS} == kept
    assert sum(kept.values()) == 0
    keys = [entry.key for entry in ledger.entries]
    assert len(keys) == len(set(keys))
    again = ledger
    for entry in ledger.entries:
        again = again.post(entry)
    assert again == ledger
