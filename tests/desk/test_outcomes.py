"""No outcome is recorded that was not named or shown as the only one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.port import Report
from console.desk.desk import Desk, Done
from console.desk.dossier import Dossier, dossier
from console.desk.doubts import ALL
from console.domain.incident import full_number
from console.domain.playbook import SKIPPED, Choice
from console.screens.step_line import line_of
from console.store import incidents, journal
from tests.store.floor import a_fire, desk_at, ok, refused, rules

CATEGORIES = {book.id: next(filter(None, book.categories), "other") for book in rules().playbooks}

WORDS = ("1", "3 说明", "2 起火原因不明", "6222000011112222 工行 400000")
"""What an officer could write behind a line that needs words."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk at a store of its own."""
    made = desk_at(str(tmp_path_factory.mktemp("outcomes") / "store.sqlite"))
    yield made
    made.store.close()


def incident_of(desk: Desk, book: str, count: list[int] = [0]) -> int:  # noqa: B006
    """A new incident that is played by a playbook."""
    count[0] += 1
    category, place = CATEGORIES[book], f"瓜沥镇第{count[0]}村{count[0]}号"
    report = Report("seat", f"{book}-{count[0]}", f"第 {count[0]} 件", None, category, place=place)
    (taken,) = desk.receive([report])
    assert taken.incident is not None
    with desk.reading() as work:
        assert work.incident(taken.incident).playbook == book
    return taken.incident


def seen(desk: Desk, id_: int) -> Dossier:
    """The incident as it is on the screen."""
    with desk.reading() as work:
        found = dossier(work, id_)
    assert found is not None
    return found


def do(desk: Desk, id_: int, choice: Choice, more: str = "") -> list[Done]:
    """What a key does with a choice, with words behind it where it needs some."""
    number = f"#{full_number(desk.store.district, id_)}"
    line, complete = line_of(seen(desk, id_), choice, number, "zh")
    if not complete and not more:
        return []
    return desk.run(line if complete else f"{line} {more}", id_, "zh", sure=ALL)


def named_or_only(desk: Desk, id_: int, chosen: set[tuple[str, str | None]]) -> None:
    """Every outcome on record was chosen under a digit, or is the only one of its step."""
    found = seen(desk, id_)
    assert found.playbook is not None
    for run in found.progress:
        step = found.playbook.step(run.step)
        if run.done is None or run.outcome == SKIPPED or step is None:
            continue
        only = len(step.outcomes) == 1 and run.outcome == step.outcomes[0].id
        assert only or (run.step, run.outcome) in chosen, (run, chosen)
    for entry in (one.entry for one in found.timeline):
        step = found.playbook.step(entry.step) if entry.step else None
        if entry.outcome and step is not None and len(step.outcomes) > 1:
            assert (entry.step, entry.outcome) in chosen, entry


@pytest.mark.parametrize("book", list(CATEGORIES))
def test_enter_alone_records_nothing_that_could_have_been_otherwise(desk: Desk, book: str) -> None:
    id_ = incident_of(desk, book)
    for _press in range(12):
        found = seen(desk, id_)
        if len(found.first) == 1:
            do(desk, id_, found.first[0])
    named_or_only(desk, id_, set())
    found = seen(desk, id_)
    stands = found.choices == () or len(found.first) > 1
    waits = not stands and not line_of(found, found.first[0], "#1", "zh")[1]
    nobody = not stands and found.first[0].verb in ("dispatch", "points")
    assert stands or waits or nobody, "Enter goes on until it asks, needs words, or all is done"


@settings(
    max_examples=int(os.environ.get("ZHIBAN_PLAYS", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.sampled_from(list(CATEGORIES)),
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from(WORDS)), max_size=14),
)
def test_enter_and_digits_where_it_asks(
    desk: Desk, book: str, presses: list[tuple[int, str]]
) -> None:
    id_ = incident_of(desk, book)
    chosen: set[tuple[str, str | None]] = set()
    for pick, words in presses:
        found = seen(desk, id_)
        if not found.first:
            break
        choice = found.first[pick % len(found.first)]
        if len(found.first) > 1:
            assert choice in found.numbered.values(), "what is asked has a digit"
            chosen.add((choice.step, choice.outcome))
        do(desk, id_, choice, words)
        named_or_only(desk, id_, chosen)


@pytest.fixture
def fires(tmp_path: Path) -> Iterator[Desk]:
    """Two fires and an accident."""
    made = desk_at(str(tmp_path / "fires.sqlite"))
    accident = Report("alarm110", "t-1", "两车相撞", category="traffic.injury", place="金城路9号")
    made.receive([a_fire(1), a_fire(2), accident])
    yield made
    made.store.close()


class TestNothingIsSuccessByDefault:
    @pytest.mark.parametrize("line", ["毕 1", "resolve 1", "bi 1", "毕 1 火已经灭了", "毕 1 3000"])
    def test_resolving_asks_how_it_ended(self, fires: Desk, line: str) -> None:
        ok(fires, "接 1")
        (done,) = fires.run(line, None, "zh", sure=ALL)
        assert not done.ok
        assert [option.label.zh for option in done.options] == ["熄灭", "误报"]
        assert all(option.digit for option in done.options)
        found = seen(fires, number(fires, 1))
        assert (found.incident.state.value, found.incident.result) == ("accepted", "")

    def test_what_was_written_behind_it_stays_with_the_choice(self, fires: Desk) -> None:
        ok(fires, "接 1")
        (done,) = fires.run("毕 1 火已经灭了")
        out = done.options[0].line
        ok(fires, out)
        found = seen(fires, number(fires, 1))
        assert found.incident.result == "out"
        assert found.timeline[-1].entry.text == "火已经灭了"

    def test_the_digits_are_those_of_the_pane(self, fires: Desk) -> None:
        ok(fires, "接 3")
        (done,) = fires.run("办 3 伤情")
        shown = {
            choice.outcome_label: digit
            for digit, choice in seen(fires, number(fires, 3)).numbered.items()
            if choice.step == "injuries"
        }
        assert {one.label: one.digit for one in done.options} == shown

    def test_a_joined_line_goes_on_behind_the_choice(self, fires: Desk) -> None:
        ok(fires, "接 1")
        first, second = fires.run("级 1 2 ; 毕 1 ; 接 2")
        assert first.ok
        assert not second.ok
        assert second.rest == "毕 1 ; 接 2"
        assert second.options[1].line == "毕 1 误报 ; 接 2"


class TestAnEndThatIsDoubtful:
    def test_closing_asks_with_the_reasons(self, fires: Desk) -> None:
        ok(fires, "接 3")
        (done,) = fires.run("结 3")
        assert not done.ok
        assert done.doubts == {"nobody_sent", "open_steps"}
        assert seen(fires, number(fires, 3)).incident.state.value == "accepted"
        (done,) = fires.run(done.rest, sure=done.doubts)
        assert done.ok

    def test_a_yes_is_about_what_was_asked(self, fires: Desk) -> None:
        """A doubt that came up after the question is asked about."""
        ok(fires, "接 3")
        (done,) = fires.run("结 3")
        other = Desk(fires.store, fires.clock, fires.rules, "二席", "王某")
        (again,) = other.run("结 3", sure=done.doubts)
        assert again.doubts == {"seat:一席", "nobody_sent", "open_steps"}

    def test_somebody_else_has_it_in_hand(self, fires: Desk) -> None:
        ok(fires, "接 3")
        other = Desk(fires.store, fires.clock, fires.rules, "二席", "王某")
        for line in ("取消 #3 误报", "结 3"):
            (done,) = other.run(line)
            assert not done.ok
            assert "seat:一席" in done.doubts

    def test_cancelling_while_somebody_is_out_asks(self, fires: Desk) -> None:
        ok(fires, "派 3 T05")
        (done,) = fires.run("取消 #3 误报")
        assert done.doubts == {"units_out"}

    def test_what_was_done_to_its_end_is_closed_at_once(self, fires: Desk) -> None:
        for line in ("派 3 T05", "办 3 伤情 无人受伤", "T05 到场", "毕 3", "办 3 责任认定 已认定"):
            ok(fires, line)
        (done,) = fires.run("结 3")
        assert done.ok

    def test_the_preview_says_it_before_enter(self, fires: Desk) -> None:
        ok(fires, "接 3")
        said = fires.preview("结 3", None, "zh")
        assert said.ok
        assert said.message.id == "doubt.would"
        assert said.doubts == {"nobody_sent", "open_steps"}

    def test_a_refusal_is_no_question(self, fires: Desk) -> None:
        assert refused(fires, "结 1") == "lifecycle.not_from"
        with fires.store.read() as tx:
            assert journal.last_of_seat(tx, fires.seat) == []


def number(desk: Desk, serial: int) -> int:
    """The id behind a short number."""
    with desk.store.read() as tx:
        found = incidents.find_number(tx, None, serial)
    assert found is not None
    return found
