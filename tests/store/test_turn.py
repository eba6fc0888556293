"""Officers go first: at the door of a process, between processes, and before the next piece."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from console.store import courtesy, turn
from console.store.courtesy import FRESH, PATIENCE, Courtesy
from console.store.engine import open_store
from console.store.turn import Door

LONG = 10.0


class Clock:
    """A clock that goes on by a hundredth of a second whenever it is looked at."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        self.at += 0.01
        return self.at


def begun(work: Callable[[], object]) -> threading.Thread:
    """A thread that does `work`."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_an_officer_goes_before_those_who_have_waited_longer() -> None:
    door, order = Door(), []
    entered, leave = threading.Event(), threading.Event()

    def first() -> None:
        with door.turn(patient=True):
            entered.set()
            assert leave.wait(LONG)

    def come(name: str, patient: bool) -> Callable[[], None]:
        def work() -> None:
            with door.turn(patient):
                order.append(name)

        return work

    threads = [begun(first)]
    assert entered.wait(LONG)
    threads += [begun(come(f"patient {n}", True)) for n in range(3)]
    threads.append(begun(come("officer", False)))
    until(lambda: door.officers == 1)
    leave.set()
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive()
    assert order[0] == "officer"
    assert len(order) == 4


def until(question: Callable[[], bool]) -> None:
    """Wait for a condition."""
    waited = threading.Event()
    for _ in range(int(LONG * 1_000)):
        if question():
            return
        waited.wait(0.001)
    raise AssertionError("it did not come")


def test_a_write_within_a_write_is_a_fault_and_does_not_wait_for_itself() -> None:
    door = Door()
    again = pytest.raises(RuntimeError, match="within another")
    with door.turn(patient=False), again, door.turn(patient=False):
        raise AssertionError("it was let in")
    with door.turn(patient=True):
        pass


def test_a_piece_waits_while_something_is_under_way_and_begins_when_it_is_over() -> None:
    here = Courtesy()
    asked, done = threading.Event(), threading.Event()

    def officer() -> None:
        with here.asked():
            asked.set()
            assert done.wait(LONG)

    thread = begun(officer)
    assert asked.wait(LONG)
    assert here.wanted
    done.set()
    here.give_way()
    thread.join(LONG)
    assert not here.wanted


def test_a_piece_waits_for_a_fresh_key_and_never_for_ever() -> None:
    clock = Clock()
    here = Courtesy(clock)
    assert here.give_way() < FRESH
    here.key()
    assert FRESH / 2 < here.give_way() < PATIENCE
    with here.asked():
        assert here.give_way() < 2 * PATIENCE


def test_between_two_patient_writes_another_process_is_let_in(tmp_path: Path) -> None:
    """Who keeps house stays away from the door for as long as an officer looks several times."""
    assert turn.REST >= 2 * turn._LOOK
    path = str(tmp_path / "store.sqlite")
    keeper, officer = open_store(path), open_store(path)
    stop, let_in = threading.Event(), 0

    def keep_house() -> None:
        while not stop.is_set():
            with keeper.write(patient=True) as tx:
                tx.conn.execute(sa.text("UPDATE journal_head SET seq = seq"))

    thread = begun(keep_house)
    for _ in range(20):
        with officer.write() as tx:
            tx.conn.execute(sa.text("UPDATE journal_head SET seq = seq"))
            let_in += 1
    stop.set()
    thread.join(LONG)
    assert let_in == 20
    keeper.close()
    officer.close()


def test_a_patient_write_asks_whether_an_officer_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    class Counting(Courtesy):
        def give_way(self) -> float:
            asked.append(True)
            return 0.0

    monkeypatch.setattr(courtesy, "HERE", Counting())
    store = open_store(str(tmp_path / "store.sqlite"))
    with store.write():
        pass
    assert not asked
    with store.write(patient=True):
        pass
    assert asked == [True]
    store.close()


def test_a_long_log_is_carried_over_by_who_keeps_house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.store import engine

    monkeypatch.setattr(engine, "_LOG_BYTES", 40_000)
    path = tmp_path / "store.sqlite"
    store = open_store(str(path))
    log = path.with_name("store.sqlite-wal")

    def write(n: int, *, patient: bool) -> None:
        with store.write(patient=patient) as tx:
            tx.conn.execute(
                sa.text("INSERT INTO setting (district, name, value) VALUES ('XS', :name, :text)"),
                {"name": f"n{n}", "text": "x" * 50_000},
            )

    before = path.stat().st_size
    write(1, patient=False)
    assert log.stat().st_size > 40_000
    assert path.stat().st_size == before, "an officer's commit carried the log over"
    write(2, patient=True)
    assert path.stat().st_size > before
    store.close()
