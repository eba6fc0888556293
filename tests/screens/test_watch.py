"""The watch screen by pilot: what it reads, and when it stops reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from console.domain.filters import QueueFilter
from console.screens import reading
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
