"""The group's page (F7): by keyboard alone, at both sizes, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from adapters.port import Report
from console.desk.session import Session
from console.domain.clock import MINUTE
from console.screens import digits
from console.screens.group import GroupPage
from console.screens.group_drawing import lines_of
from console.store import group
from tests.screens.stage import NOON, REPORTS, SOON, and_then, make_app, make_session, settle
from tests.screens.test_links_loops import keys, main, said, text_of
from widgets.lines import LinesView

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}

SAID = (
    "电动车上牌在哪里办, 要带什么材料？",
    "周末社区的露天电影放哪一部？",
    "北干街道金城路88号楼道里的消火栓没有水, 消防设施坏了",
    "社区的乒乓球桌什么时候修好？我的电话19900002222",
)


@pytest.fixture(autouse=True)
def _digits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to read anything before a digit, or waits long for a second one."""
    monkeypatch.setattr(digits, "READ", 0.0)
    monkeypatch.setattr(digits, "FOLLOWS", SOON / 4)


def staged(folder: Path) -> Session:
    """A console after a lively morning in the group."""
    spoken = tuple(
        Report(
            "dingtalk",
            f"m{n}",
            text,
            NOON - (9 - n) * MINUTE,
            caller=f"居民{name}某",
            facts={"sender": name},
        )
        for n, (text, name) in enumerate(zip(SAID, "俞傅施沈", strict=True))
    )
    made = make_session(folder, (*REPORTS, *spoken))
    for line in ("告 今晚台风, 请收好阳台物品", "分 租客登记 13800000000"):
        assert made.desk.run(line)[-1].ok
    return made


def page_of(pilot: Pilot[None]) -> GroupPage:
    page = main(pilot).page
    assert isinstance(page, GroupPage)
    return page


def shown(page: GroupPage, id_: str = "#group-message") -> str:
    return text_of(page.query_one(id_, LinesView))


def message(session: Session, id_: int) -> group.GroupMessage:
    with session.desk.store.read() as tx:
        found = group.get(tx, id_)
    assert found is not None
    return found


class TestGroup:
    async def test_what_waits_is_first_and_everything_is_there(self, tmp_path: Path) -> None:
        app = make_app(staged(tmp_path), "en")
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await keys(pilot, "f7")
            page = page_of(pilot)
            assert page.view is not None
            states = [one.state for one in page.view.messages]
            assert states == [group.OPEN, group.OPEN, group.INCIDENT, group.ANSWERED]
            assert "waits for an answer" in shown(page)
            assert "今晚台风" in shown(page, "#group-said")
            points = shown(page, "#group-points")
            assert "60 given" in points
            assert "138*****000" in points
            assert "13800000000" not in points
            await keys(pilot, "down")
            assert "19900002222" not in shown(page)

    @pytest.mark.parametrize(("lang", "line"), [("zh", "答 2 "), ("en", "answer 2 ")])
    async def test_enter_says_what_there_is_and_one_begins_the_answer(
        self, tmp_path: Path, lang: str, line: str
    ) -> None:
        session = staged(tmp_path)
        app = make_app(session, lang)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f7", "enter")
            assert all(digit in said(main(pilot)) for digit in "123")
            assert main(pilot).entry.line.text == ""
            await keys(pilot, "1")
            assert main(pilot).entry.line.text == line
            await keys(pilot, "7", "p", "m", "enter")
            found = message(session, 2)
            assert (found.state, found.answer) == (group.ANSWERED, "7pm")

    async def test_two_makes_an_incident_after_a_yes(self, tmp_path: Path) -> None:
        session = staged(tmp_path)
        app = make_app(session, "en")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f7", "2")
            assert "sure?" in said(main(pilot))
            await keys(pilot, "n")
            assert message(session, 2).state == group.OPEN
            await keys(pilot, "2", "y")
            assert message(session, 2).state == group.INCIDENT
            page = page_of(pilot)
            assert page.message is not None
            assert page.selected == message(session, page.message.id).incident

    async def test_three_puts_aside_and_a_digit_without_meaning_says_so(
        self, tmp_path: Path
    ) -> None:
        session = staged(tmp_path)
        app = make_app(session, "en")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f7", "9")
            assert "9" in said(main(pilot))
            await keys(pilot, "3", "y")
            assert message(session, 2).state == group.DECLINED
            await keys(pilot, "escape")
            assert main(pilot).page.verb == "watch"

    async def test_a_digit_means_the_same_on_every_message(self, tmp_path: Path) -> None:
        session = staged(tmp_path)
        meant: dict[int, set[str]] = {}
        for number in (1, 2, 3, 4):
            for digit, (line, _whole) in lines_of(message(session, number), zh=False).items():
                meant.setdefault(digit, set()).add(line.split()[0])
        assert meant
        assert all(len(names) == 1 for names in meant.values())

    async def test_a_quiet_group(self, tmp_path: Path) -> None:
        app = make_app(make_session(tmp_path, REPORTS), "en")
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await keys(pilot, "f7", "enter")
            assert "choose" in said(main(pilot))


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture(tmp_path: Path, snap_compare: Callable[..., bool], size: str, lang: str) -> None:
    app: App[None] = make_app(staged(tmp_path), lang)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=and_then("f7"))
