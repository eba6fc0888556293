"""The stored ledger says what the ledger of the rules says, whatever was posted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.domain.message import Problem
from console.domain.points import ISSUER, MALL, Ledger, PointsEntry
from console.store import points
from console.store.engine import Store, open_store
from tests.scale import examples

AT = 1_795_000_000_000
RESIDENTS = ("19900000001", "19900000002")
ACCOUNTS = (ISSUER, MALL, *RESIDENTS)
_ROUND = count()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    made = open_store(store_url)
    yield made
    made.close()


POSTINGS = st.lists(
    st.builds(
        PointsEntry,
        st.sampled_from("abcdef"),
        st.integers(AT, AT + 9),
        st.sampled_from(ACCOUNTS),
        st.sampled_from(ACCOUNTS),
        st.integers(-1, 90),
        st.sampled_from(("tenant", "redeem", "reverse")),
        st.sampled_from(("", "a")),
    ),
    max_size=12,
)


@given(postings=POSTINGS)
@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_refuses_and_counts_as_the_rules_do(store: Store, postings: list[PointsEntry]) -> None:
    # One store for all examples: every example has keys and accounts of its own.
    mark = f"{next(_ROUND)}-"

    def own(entry: PointsEntry) -> PointsEntry:
        of = mark + entry.of if entry.of else ""
        names = {a: a if a in (ISSUER, MALL) else mark + a for a in ACCOUNTS}
        source, target = names[entry.source], names[entry.target]
        return replace(entry, key=mark + entry.key, source=source, target=target, of=of)

    ledger = Ledger()
    for entry in map(own, postings):
        said: str | None = None
        try:
            after = ledger.post(entry)
        except Problem as problem:
            said, after = problem.message.id, ledger
        if said is None:
            with store.write() as tx:
                assert points.post(tx, entry) == (len(after.entries) > len(ledger.entries))
        else:
            with pytest.raises(Problem) as refused, store.write() as tx:
                points.post(tx, entry)
            assert refused.value.message.id == said
        ledger = after
        with store.read() as tx:
            for account in RESIDENTS:
                assert points.balance(tx, mark + account) == ledger.balance(mark + account) >= 0
            everybody = sum(points.balance(tx, a) for a in (ISSUER, MALL))
            held = points.standing(tx).held
            assert everybody == -held
