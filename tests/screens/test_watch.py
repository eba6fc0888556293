"""The watch screen by pilot: what it reads, and when it stops reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from console.domain.clock import FixedClock
from console.domain.filters import QueueFilter
from console.screens import reading
from console.store import queue
from console.store.queue import Selection
from tests.screens.stage import NOON, REPORTS, make_app, make_session, settle


def test_a_window_that_was_overtaken_is_read_anew_and_not_asked_for_again(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    held = reading.window(session.desk, reading.Want(QueueFilter()))
    # A report that comes above everything that is held: the held rows know nothing of it.
    urgent = replace(
        REPORTS[1],
        source_id="a-9",
        text="工厂爆炸起火, 五人被困",
        place="瓜沥镇航坞路1号",
        phone="19900007777",
        occurred=NOON,
    )
    session.desk.receive([urgent])
    further = reading.window(
        session.desk,
        reading.Want(QueueFilter(), held.total, held.total + 1, 1, held.rows[-1].id, 0, held.rows),
    )
    assert further.total == held.total + 1
    assert len(further.rows) == further.total
    assert further.base == 0


@pytest.mark.parametrize("seed", range(6))
def test_every_window_is_a_piece_of_the_queue_as_it_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(reading, "PAGE", 6)
    monkeypatch.setattr(reading, "MOST", 18)
    chance = Random(seed)
    session = make_session(tmp_path, lines=())
    desk = session.desk
    desk.receive(
        [
            replace(REPORTS[4], source_id=f"x-{n}", place=f"衙前镇第{n}号", occurred=NOON - n)
            for n in range(40)
        ]
    )
    held = reading.window(desk, reading.Want(QueueFilter()))
    for _ in range(40):
        moved = chance.choice(held.rows).id % 10_000
        desk.run(chance.choice((f"接 {moved}", f"级 {moved} {chance.randint(1, 4)}")))
        assert isinstance(desk.clock, FixedClock)
        desk.clock.at += chance.randint(0, 60_000)
        direction = chance.choice((-1, 1, 1))
        edge = held.rows[-1 if direction > 0 else 0].id
        want = reading.Want(QueueFilter(), 0, 0, direction, edge, held.base, held.rows)
        held = reading.window(desk, want)
        with desk.store.read() as tx:
            now = Selection(QueueFilter(), desk.clock.now())
            whole = queue.page(tx, now, 1000)
        assert held.total == len(whole)
        assert list(held.rows) == whole[held.base : held.base + len(held.rows)]


async def test_a_quiet_screen_reads_nothing(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        body = app.screen.watch_page  # type: ignore[attr-defined]
        reads: list[object] = []
        body.jobs.read = lambda name, *_: reads.append(name)
        await pilot.pause(1.2)
        assert set(reads) <= {"changes"}, reads
