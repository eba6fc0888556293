"""Seats from the command line: whoever is named must have been added."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.domain.message import Problem
from console.launch import DEFAULT_SEAT
from console.settings import load
from console.store import seats
from console.store.engine import open_store
from tests.in_process import zhiban

NEW = "new fire smoke at 88 Jincheng Road"


def there(folder: Path) -> list[str]:
    """The seats of the store."""
    store = open_store(str(folder / "zhiban.sqlite"))
    with store.read() as tx:
        found = [one.name for one in seats.all_seats(tx)]
    store.close()
    return found


def test_the_first_line_of_an_empty_store_is_the_default_seats(tmp_path: Path) -> None:
    assert zhiban(tmp_path, "do", NEW).returncode == 0
    assert there(tmp_path) == [DEFAULT_SEAT]
    assert zhiban(tmp_path, "do", "accept 1", "--seat", DEFAULT_SEAT).returncode == 0


def test_a_seat_is_added_before_it_is_named(tmp_path: Path) -> None:
    assert zhiban(tmp_path, "do", NEW).returncode == 0
    assert zhiban(tmp_path, "seat", "add", "二席", "--officer", "李某").returncode == 0
    done = zhiban(tmp_path, "do", "accept 1", "--seat", "九席", "--lang", "zh")
    assert done.returncode == 1
    assert "没有席位「九席」" in done.stderr
    assert DEFAULT_SEAT in done.stderr
    assert "二席" in done.stderr
    assert there(tmp_path) == sorted([DEFAULT_SEAT, "二席"])
    assert zhiban(tmp_path, "do", "accept 1", "--seat", "二席").returncode == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_store_names_the_default_one(tmp_path: Path, lang: str) -> None:
    done = zhiban(tmp_path, "do", NEW, "--seat", "九席", "--lang", lang)
    assert done.returncode == 1
    assert DEFAULT_SEAT in done.stderr
    assert "seat add" in done.stderr
    assert there(tmp_path) == []


def test_a_disabled_seat_is_not_named_and_not_sat_at(tmp_path: Path) -> None:
    for command in (("add", "二席"), ("add", "三席"), ("disable", "三席")):
        assert zhiban(tmp_path, "seat", *command).returncode == 0
    done = zhiban(tmp_path, "do", NEW, "--seat", "三席", "--lang", "zh")
    assert (done.returncode, "已停用" in done.stderr) == (1, True)
    done = zhiban(tmp_path, "do", NEW, "--seat", "四席", "--lang", "zh")
    assert done.returncode == 1
    assert "三席" not in done.stderr


def test_seats_are_minded_whatever_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seat of this machine may be the one that is just being added, or enabled again."""
    settings = tmp_path / ".config" / "zhiban" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('seat = "二席"\n', "utf-8")
    assert zhiban(tmp_path, "do", NEW).returncode == 1
    for command in (("add", "二席"), ("disable", "二席", "--yes"), ("add", "二席"), ("list",)):
        assert zhiban(tmp_path, "seat", *command).returncode == 0
    assert zhiban(tmp_path, "do", NEW).returncode == 0
    assert zhiban(tmp_path, "incidents").returncode == 0


def test_the_screen_is_refused_as_well(tmp_path: Path) -> None:
    from console.launch import open_watch

    chosen = load(store=str(tmp_path / "zhiban.sqlite"), seat="九席")
    with pytest.raises(Problem, match=r"seat\.none_yet"):
        open_watch(store=chosen.store, seat=chosen.seat)


def test_who_is_disabled_in_the_middle_does_nothing_more(tmp_path: Path) -> None:
    from console.launch import desk_of

    desk = desk_of(load(store=str(tmp_path / "zhiban.sqlite")))
    assert desk.run(NEW)[0].ok
    with desk.store.write() as tx:
        seats.change(tx, DEFAULT_SEAT, disabled=1)
    done = desk.run("accept 1")[0]
    assert not done.ok
    assert done.message.id == "seat.disabled"
    desk.store.close()
