"""Who may run which command: each has an answer, and the answer holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.main import get_command

from console.cli import app
from console.desk.desk import Desk
from console.rights import COMMANDS, Right
from console.store import journal, seats, tables
from console.store.engine import open_store
from tests.in_process import zhiban
from tests.store.floor import START, desk_at, ok, refused, rules
from tests.store.floor import a_fire as fire


def commands(one: object, before: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command, as it is typed."""
    inner = getattr(one, "commands", None)
    if inner is None:
        yield " ".join(before)
        return
    for name, command in inner.items():
        yield from commands(command, (*before, name))


def test_every_command_has_an_answer() -> None:
    assert sorted(commands(get_command(app))) == sorted(COMMANDS)


@pytest.fixture
def staffed(tmp_path: Path) -> Path:
    """A store with an officer, a supervisor and a reader."""
    for name, role in (("一席", "officer"), ("阅席", "reader"), ("长席", "supervisor")):
        done = zhiban(tmp_path, "seat", "add", name, "--role", role)
        assert done.returncode == 0, done.stderr
    return tmp_path


ADMINISTER = {
    "seat add": ("seat", "add", "新席"),
    "seat disable": ("seat", "disable", "阅席"),
    "store restore": ("store", "restore", "nothing.sqlite"),
}


def test_what_decides_about_others_is_tried_below() -> None:
    wanted = {name for name, right in COMMANDS.items() if right is Right.ADMINISTER}
    assert wanted == {*ADMINISTER, "store upgrade"}


@pytest.mark.parametrize("command", ADMINISTER)
@pytest.mark.parametrize("seat", ["一席", "阅席", "九席"])
def test_only_a_supervisor_decides_about_others(staffed: Path, command: str, seat: str) -> None:
    done = zhiban(staffed, *ADMINISTER[command], "--seat", seat, "--lang", "zh")
    assert done.returncode == 1
    assert "长席" in done.stderr
    assert command in done.stderr
    with open_store(str(staffed / "zhiban.sqlite")).read() as tx:
        assert {one.name for one in seats.all_seats(tx) if not one.disabled} == {
            "一席",
            "阅席",
            "长席",
        }


def test_a_reader_brings_nothing_in(staffed: Path) -> None:
    table = staffed / "t.csv"
    table.write_text("id\n1\n", "utf-8")
    for line in (("unit", "add", "P99"), ("import", str(table), "--mapping", "x.toml")):
        done = zhiban(staffed, *line, "--seat", "阅席", "--lang", "zh")
        assert done.returncode == 1, line
        assert "一席" in done.stderr
        assert "阅席" in done.stderr
    assert zhiban(staffed, "unit", "add", "P99", "--seat", "一席").returncode == 0


def test_a_reader_is_nobodys_first_supervisor(tmp_path: Path) -> None:
    assert zhiban(tmp_path, "seat", "add", "阅席", "--role", "reader").returncode == 0
    more = ("seat", "add", "长席", "--role", "supervisor")
    assert zhiban(tmp_path, *more, "--seat", "阅席").returncode == 1
    assert zhiban(tmp_path, *more).returncode == 0


def test_ones_own_seat_and_the_last_one_are_asked_about(staffed: Path) -> None:
    own = ("seat", "disable", "长席", "--seat", "长席", "--lang", "zh")
    done = zhiban(staffed, *own)
    assert (done.returncode, "--yes" in done.stderr) == (1, True)
    assert zhiban(staffed, "seat", "disable", "一席", "--seat", "长席").returncode == 0
    assert "最后一个" in zhiban(staffed, *own).stderr
    assert zhiban(staffed, *own, "--yes").returncode == 0


def test_what_keeps_house_needs_no_seat(staffed: Path) -> None:
    assert zhiban(staffed, "seat", "disable", "一席", "--seat", "长席").returncode == 0
    for line in (
        ("store", "backup", str(staffed / "b.sqlite")),
        ("store", "verify"),
        ("store", "check"),
        ("seat", "list"),
        ("gateway", "--once"),
        ("incidents",),
    ):
        assert zhiban(staffed, *line).returncode == 0, line


def test_seats_that_come_and_go_stand_in_the_journal(staffed: Path) -> None:
    for line in (("add", "长席", "--role", "supervisor"), ("disable", "一席")):
        assert zhiban(staffed, "seat", *line, "--seat", "长席").returncode == 0
    with open_store(str(staffed / "zhiban.sqlite")).read() as tx:
        entries = journal.since(tx, 0)
    assert [(one.verb, one.source_id, one.reason) for one in entries] == [
        ("seat_added", "一席", "officer"),
        ("seat_added", "阅席", "reader"),
        ("seat_added", "长席", "supervisor"),
        ("seat_changed", "长席", "supervisor"),
        ("seat_disabled", "一席", ""),
    ]
    assert entries[-1].seat == "长席"


def test_a_seat_that_is_no_more_what_it_was_is_stopped_at_its_next_line(tmp_path: Path) -> None:
    desk = desk_at(str(tmp_path / "store.sqlite"))
    with desk.store.write() as tx:
        seats.add(tx, "一席", "supervisor")
    desk = Desk(desk.store, desk.clock, rules(), "一席", "李某", "supervisor")
    desk.receive([fire(1), fire(2)])
    ok(desk, "接 1")
    with desk.store.write() as tx:
        seats.change(tx, "一席", role="reader")
    assert refused(desk, "接 2") == "desk.role"
    with desk.store.write() as tx:
        seats.change(tx, "一席", disabled=1)
    assert refused(desk, "接 2") == "seat.disabled"
    assert desk.clock.now() == START
    desk.store.close()


class TestAJournalThatIsNotAllOfIt:
    """An emptied or shortened journal whose chain holds is not sound all the same."""

    @pytest.fixture
    def desk(self, store_url: str) -> Iterator[Desk]:
        made = desk_at(store_url)
        made.receive([fire(1), fire(2), fire(3)])
        assert journal.verify(made.store).fault is None
        yield made
        made.store.close()

    def test_emptied(self, desk: Desk) -> None:
        with desk.store.write() as tx:
            tx.conn.execute(tables.journal.delete())
            tx.conn.execute(tables.journal_head.delete())
        found = journal.verify(desk.store)
        assert found.fault is not None
        assert found.fault.id == "verify.no_journal"

    def test_shortened(self, desk: Desk) -> None:
        with desk.store.write() as tx:
            (first, *_rest) = journal.since(tx, 0)
            kept = tx.conn.execute(
                sa.select(tables.journal.c.hash).where(tables.journal.c.seq == first.seq)
            ).scalar_one()
            tx.conn.execute(tables.journal.delete().where(tables.journal.c.seq > first.seq))
            tx.conn.execute(tables.journal_head.update().values(seq=first.seq, hash=kept))
        found = journal.verify(desk.store)
        assert found.fault is not None
        assert (found.fault.id, found.seq) == ("verify.untold", 1)

    def test_a_new_store_is_sound(self, store_url: str) -> None:
        store = open_store(store_url)
        assert journal.verify(store).fault is None
        store.close()
