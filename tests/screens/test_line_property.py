"""Lines about a chosen incident, while another seat acts between any two keys.

`make deep` plays 10,000.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from adapters.port import Report
from console.domain.clock import Instant
from console.domain.incident import SERIALS
from console.store import journal
from tests.scale import often
from tests.screens.line_stage import PlayedScreen, colleague_acts, line_about
from tests.screens.stage import REPORTS, make_session

LINES = often(240, 10_000)
A_STORE = 120
"""Lines that are typed on one store, before most of its incidents are over."""

FEW = 8
"""When so few are open, others come in."""

WHY = {"turned.cancelled", "turned.closed", "turned.merged", "turned.other", "turned.reopened"}


def _leak(name: str, at: Instant) -> Report:
    return Report("hotline12345", f"p-{name}", f"第 {name} 户报漏水", at, place=f"衙前镇{name}号")


def play(folder: Path, seed: int, count: int) -> tuple[int, int, int]:
    """Type that many lines; how many were done, refused, and refused for what a colleague did."""
    dice = Random(seed)
    session = make_session(folder, REPORTS, ())
    desk = session.desk
    screen = PlayedScreen(desk)
    done = refused = turned = 0
    for turn in range(count):
        if len(screen.page.table._rows) < FEW:
            desk.receive([_leak(f"{turn}-{n}", desk.clock.now()) for n in range(10)])
            screen.look()
        rows = [row.key for row in screen.page.table._rows]
        screen.page.table.move_to(dice.randrange(len(rows)))
        chosen = screen.page.selected
        assert chosen is not None
        with desk.store.read() as tx:
            before = journal.head(tx)[0]
        text = line_about(dice)
        shown = ""
        for key in text:
            screen.press("space" if key == " " else key)
            if not shown:
                shown = screen.shown
                assert shown == str(chosen % SERIALS)
            assert screen.shown == shown, "the prompt changed under the line"
            act = dice.random()
            if act < 0.08:
                colleague_acts(desk, dice, rows)
            elif act < 0.3:
                screen.look()
            elif act < 0.32:
                screen.page.table.settle()
        said = len(screen.said)
        screen.press("enter")
        screen.answer_all()
        if screen.asked is not None:
            # The officer is asked whether it is meant; a colleague goes on.
            if dice.random() < 0.5:
                colleague_acts(desk, dice, rows)
            yes, screen.asked = screen.asked, None
            yes()
            screen.answer_all()
            screen.asked = None
        with desk.store.read() as tx:
            mine = [one for one in journal.since(tx, before) if one.seat == desk.seat]
        assert {one.incident for one in mine} <= {chosen}, (text, chosen, mine)
        answer = screen.answers[-1]
        if answer.ok:
            done += 1
            assert mine
        else:
            refused += 1
            assert not mine
            assert len(screen.said) > said
            assert screen.words.t(screen.said[-1])
            if answer.message.id in WHY:
                turned += 1
                assert answer.message.args["number"] == str(chosen % SERIALS)
                assert answer.message.args["seat"] == "二席"
        while screen.command_line.text:
            screen.press("backspace")
        screen.look()
        screen.page.table.settle()
    desk.store.close()
    return done, refused, turned


@pytest.mark.searched
@pytest.mark.parametrize("part", range(max(1, LINES // A_STORE)))
def test_no_line_is_done_to_another_incident(tmp_path: Path, part: int) -> None:
    done, refused, turned = play(tmp_path, part, min(LINES, A_STORE))
    assert done + refused == min(LINES, A_STORE)
    assert done
    assert turned or part > 1  # one store in fourteen has no line that a colleague turned


def test_a_line_behind_another_is_about_what_that_one_was_about(tmp_path: Path) -> None:
    """All typed ahead of the answers, as from a queue of keys."""
    dice = Random(7)
    session = make_session(tmp_path, REPORTS, ())
    desk = session.desk
    screen = PlayedScreen(desk)
    rows = [row.key for row in screen.page.table._rows]
    for turn in range(40):
        screen.page.table.move_to(dice.randrange(len(rows)))
        named = dice.choice(rows)
        with desk.store.read() as tx:
            before = journal.head(tx)[0]
        for key in (*f"note #{named % SERIALS} a{turn}", "enter", *f"note b{turn}", "enter"):
            screen.press("space" if key == " " else key)
            if dice.random() < 0.2:
                screen.look()
        screen.answer_all()
        screen.look()
        with desk.store.read() as tx:
            mine = [one for one in journal.since(tx, before) if one.seat == desk.seat]
        assert [(one.incident, one.text) for one in mine] == [
            (named, f"a{turn}"),
            (named, f"b{turn}"),
        ]
        assert screen.page.selected == named
