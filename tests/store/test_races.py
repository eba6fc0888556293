"""Two want the same: one gets it, the other is told who has."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

from console.store import checking, incidents, journal, seats
from console.store.engine import open_store
from tests.store.floor import a_fire, desk_at
from tests.store.racers import ROOT, race

SEATS = tuple(f"{n}席" for n in "一二三四五六七八")


def filled(url: str, count: int) -> None:
    """A store of that many incidents, each at a house and with a story of its own."""
    desk = desk_at(url)
    desk.receive(
        [a_fire(n, f"第 {n} 件 楼道起火", f"瓜沥镇第{n}村{n}号") for n in range(1, count + 1)]
    )
    with desk.store.read() as tx:
        assert journal.head(tx)[0] == count
        assert incidents.find_number(tx, None, count) is not None
    desk.store.close()


def one_winner_each(url: str, count: int) -> None:
    filled(url, count)
    told = race(url, SEATS, count)
    assert all(answer == told[0] for answer in told), "they were told different things"
    store = open_store(url)
    with store.read() as tx:
        for number, seat in told[0].items():
            id_ = incidents.find_number(tx, None, int(number))
            assert id_ is not None
            assert incidents.need(tx, id_).seat == seat
        accepted = Counter(entry.incident for entry in journal.walk(tx) if entry.verb == "accept")
    assert len(accepted) == count
    assert set(accepted.values()) == {1}
    assert journal.verify(store).entries == 2 * count
    assert checking.check(store) == []
    store.close()


def test_eight_seats_accept_the_same_incidents(store_url: str) -> None:
    one_winner_each(store_url, 40)


@pytest.mark.deep
def test_eight_seats_accept_the_same_thousand(store_url: str) -> None:
    one_winner_each(store_url, 1_000)


def test_two_commands_at_once(store_url: str) -> None:
    filled(store_url, 3)
    store = open_store(store_url)
    with store.write() as tx:
        for seat in SEATS[:2]:
            seats.add(tx, seat)
    store.close()
    command = [sys.executable, "-m", "console", "do", "接 1", "--store", store_url, "--lang", "zh"]
    started = [
        subprocess.Popen(
            [*command, "--seat", seat],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "LANG": "zh_CN.UTF-8"},
        )
        for seat in SEATS[:2]
    ]
    answers = [process.communicate() for process in started]
    codes = [process.returncode for process in started]
    assert sorted(codes) == [0, 1], answers
    winner, loser = codes.index(0), codes.index(1)
    said = "".join(answers[loser])
    assert SEATS[winner] in said
    assert "Traceback" not in said
    store = open_store(store_url)
    with store.read() as tx:
        id_ = incidents.find_number(tx, None, 1)
        assert id_ is not None
        assert incidents.need(tx, id_).seat == SEATS[winner]
    assert checking.check(store) == []
    store.close()
