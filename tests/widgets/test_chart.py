"""The one chart: every kind in every size, its cursor, and that nothing is drawn twice."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.message import Message

from tests.scale import examples
from tests.widgets.stage import HOSTILE, Stage, check_screen, drawn_lines
from widgets.chart import Bars, Chart, ChartValue, HBar, HBars, Heat, Lines, draw
from widgets.charts import HEAT_SIGNS, short
from widgets.pane import Line
from widgets.plotting import top_of

HOURS = tuple(str(hour) for hour in range(24))
DAYS = tuple(f"周{day}" for day in "一二三四五六日")


def text(line: Line) -> str:
    """A line without its tones."""
    return line if isinstance(line, str) else "".join(part for part, _ in line)


def texts(lines: Sequence[Line]) -> list[str]:
    """Lines without their tones."""
    return [text(line) for line in lines]


numbers = st.one_of(
    st.none(),
    st.integers(-5, 30),
    st.sampled_from([0, -1, 10**9, 10**15, 1e300, -1e300, 0.25, math.inf, math.nan, 1e-300]),
)
words = st.one_of(st.text(max_size=12), st.sampled_from([*HOSTILE[:8], "新塘街道", "12月"]))
rows_of_numbers = st.lists(numbers, max_size=40).map(tuple)
labels = st.lists(words, max_size=40).map(tuple)
series = st.lists(st.tuples(words, rows_of_numbers), max_size=3).map(tuple)
values = st.one_of(
    st.builds(Bars, words, labels, series, said=st.lists(labels, max_size=3).map(tuple)),
    st.builds(Lines, words, labels, series, rows_of_numbers, rows_of_numbers),
    st.builds(
        HBars,
        words,
        st.lists(st.builds(HBar, st.integers(), words, numbers, words), max_size=30).map(tuple),
        st.booleans(),
    ),
    st.builds(
        Heat,
        words,
        labels,
        labels,
        st.lists(rows_of_numbers, max_size=9).map(tuple),
        said=st.lists(labels, max_size=9).map(tuple),
    ),
)


@settings(max_examples=examples(100))
@given(
    value=values,
    width=st.integers(0, 160),
    height=st.integers(0, 20),
    plain=st.booleans(),
    at=st.integers(0, 40),
    focused=st.booleans(),
)
def test_whatever_it_shows_it_stays_in_its_cells(
    value: ChartValue, width: int, height: int, plain: bool, at: int, focused: bool
) -> None:
    stage = Chart(value, selects=True)
    if stage.cursor is not None:
        stage._cursor = (at, at) if isinstance(stage.cursor, tuple) else at
        stage._clamp()
    found = draw(value, width, height, plain, stage.cursor, focused)
    assert len(found.lines) <= height
    for line in texts(found.lines):
        assert cell_len(line) <= width, (value, line)
        assert "\n" not in line
        assert not plain or isinstance(value, HBars | Heat) or not set(line) & set("█▁│─░⣿┤└")


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (5, 3), (20, 5), (33, 9), (80, 12), (150, 20)])
@pytest.mark.parametrize(
    "value",
    [
        Bars("时", HOURS, (("今日", tuple(range(24))), ("昨日", (3,) * 24))),
        Lines("线", HOURS, (("今日", tuple(range(24))),), (1,) * 24, (9,) * 24),
        HBars("镇街", tuple(HBar(n, f"{DAYS[n % 7]}镇", n, f"{n}%") for n in range(22))),
        Heat("热", DAYS, HOURS, tuple(tuple(range(24)) for _ in DAYS)),
        HBars("", tuple(HBar(n, words, n, words) for n, words in enumerate(HOSTILE))),
        Bars("", HOSTILE, ((HOSTILE[0], tuple(range(len(HOSTILE)))),)),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_every_strip_has_the_width_of_the_screen(
    value: ChartValue, size: tuple[int, int]
) -> None:
    for plain in (False, True):
        app = Stage(Chart(value, selects=True))
        async with app.run_test(size=(max(1, size[0]), max(1, size[1]))) as pilot:
            app.set_class(plain, "-ascii")
            await pilot.pause()
            check_screen(app)
            for theme in ("zhiban-light", "zhiban-contrast"):
                app.theme = theme
                await pilot.pause()
                check_screen(app)


class TestWhatIsDrawn:
    def test_an_upright_bar_is_as_high_as_its_value(self) -> None:
        found = texts(
            draw(Bars("", ("a", "b", "c"), (("", (8, 4, 0)),)), 20, 10, True, None, False).lines
        )
        high = ["".join(line).count("#") for line in found]
        assert [bool(n) for n in high] == [True] * 8 + [False, False]
        width = high[0]
        assert width > 1
        assert high[:8] == [width] * 4 + [2 * width] * 4

    def test_every_bar_is_equally_wide_and_the_top_is_drawn_to_an_eighth(self) -> None:
        counts = tuple(range(1, 25))
        found = texts(draw(Bars("", HOURS, (("", counts),)), 76, 12, False, None, False).lines)
        foot = found[9].split("┤")[1]
        assert foot.split() == ["▃▃", "▅▅", *["██"] * 22]

    def test_a_value_that_is_not_zero_is_never_drawn_as_nothing(self) -> None:
        for plain in (False, True):
            found = draw(Bars("", ("a", "b"), (("", (10**9, 1)),)), 20, 8, plain, None, False)
            assert ("_" if plain else "▁") in text(found.lines[5])

    def test_two_series_stand_beside_each_other_with_signs_of_their_own(self) -> None:
        value = Bars("", ("1", "2"), (("今年", (4, 4)), ("去年", (2, 4))))
        found = texts(draw(value, 30, 8, True, None, False).lines)
        assert "#" in found[0]
        assert ":" in found[0]
        assert (found[0].count("#"), found[0].count(":")) == (8, 4)
        assert (found[5].count("#"), found[5].count(":")) == (8, 8)

    def test_more_bars_than_columns_keep_the_peak(self) -> None:
        counts = tuple(100 if n == 77 else 1 for n in range(200))
        found = draw(Bars("", (), (("", counts),)), 40, 8, True, None, False)
        assert text(found.lines[0]).count("#") == 1

    def test_a_lying_bar_is_in_proportion_and_its_columns_are_aligned(self) -> None:
        value = HBars("", (HBar(1, "新塘街道", 100, "50%"), HBar(2, "Linpu", 50, "25%")))
        one, two = texts(draw(value, 60, 5, True, None, False).lines)
        assert two.count("#") == round(one.count("#") / 2)
        assert cell_len(one[: one.index("#")]) == cell_len(two[: two.index("#")])
        assert one.endswith("100 50%")
        assert two.endswith(" 50 25%")

    def test_tall_bars_take_the_height_that_there_is(self) -> None:
        value = HBars("", (HBar("a", "新塘", 8), HBar("b", "北干", 4)), tall=True)
        first, below, gap, *rest = texts(draw(value, 30, 20, False, None, False).lines)
        assert first.strip().endswith("8")
        assert below.strip()
        assert set(below.strip()) == set(first.split()[1])
        assert below.index(below.strip()) == first.index(first.split()[1]) + len("新塘")
        assert gap == ""
        assert len(rest) == 3
        assert len(draw(value, 30, 3, False, None, False).lines) == 2

    def test_words_for_what_is_selected_come_before_labels_and_numbers(self) -> None:
        bars = Bars("", ("1", "2"), (("2026", (8, 5)),), said=(("一月: 8 起", "二月: 5 起"),))
        assert "二月: 5 起" in texts(draw(bars, 40, 10, False, 1, True).lines)[-1]
        heat = Heat(
            "", ("一",), ("0", "1"), ((3, 4),), said=(("周一 0 时: 3 起", "周一 1 时: 4 起"),)
        )
        assert texts(draw(heat, 40, 10, False, (0, 1), True).lines)[-1].strip() == "周一 1 时: 4 起"

    def test_a_heat_map_says_by_signs_how_much_there_is(self) -> None:
        value = Heat("", ("a",), tuple("01234567"), ((1, 2, 3, 4, 5, 6, 7, 8),))
        found = texts(draw(value, 40, 3, False, None, False).lines)
        assert "".join(dict.fromkeys(found[1].split(" ", 2)[2].strip())) == HEAT_SIGNS

    def test_hours_are_joined_where_there_is_no_room_for_each(self) -> None:
        row = tuple(5 if hour in (6, 7) else 0 for hour in range(24))
        found = texts(draw(Heat("", ("一",), HOURS, (row,)), 18, 3, False, None, False).lines)
        assert found[1].count("@") == 1

    def test_what_is_outside_the_band_can_be_seen_against_it(self) -> None:
        value = Lines("", HOURS, (("", (5,) * 12 + (30,) + (5,) * 11),), (2,) * 24, (8,) * 24)
        found = texts(draw(value, 60, 12, True, None, False).lines)
        assert any("." in line for line in found[5:10])
        assert "*" in "".join(found[:2])
        assert "." not in "".join(found[:2])

    def test_a_gap_in_a_line_stays_a_gap(self) -> None:
        value = Lines("", HOURS, (("", (5,) * 8 + (None,) * 8 + (5,) * 8),))
        found = max(texts(draw(value, 60, 8, True, None, False).lines), key=lambda s: s.count("*"))
        assert " " * 15 in found.strip(" 0123456789|+")

    @pytest.mark.parametrize("most", [0, 1, 3, 7, 10, 24, 99, 101, 12345, 10**15, 1e300])
    def test_the_scale_holds_the_greatest_value(self, most: float) -> None:
        assert most <= top_of(most) <= max(1, 2 * most)
        assert len(short(top_of(most))) <= 6

    def test_nothing_known_is_drawn_as_nothing(self) -> None:
        for value in (Bars("", (), ()), Lines("", (), ()), HBars("", ()), Heat("", (), (), ())):
            drawn = draw(value, 40, 6, False, None, False)
            assert "".join(texts(drawn.lines)).strip() == ""


class TestCursor:
    async def test_arrows_move_it_and_enter_picks(self) -> None:
        value = HBars("镇街", tuple(HBar(f"t{n}", f"镇{n}", 9 - n) for n in range(9)))
        app = KeptStage(Chart(value, selects=True))
        async with app.run_test(size=(40, 6)) as pilot:
            await pilot.press("down", "down", "enter")
            assert app.heard == [(Chart.Moved, "t1"), (Chart.Moved, "t2"), (Chart.Picked, "t2")]
            assert app.lines()[3].startswith("> 镇2")
            await pilot.press("end")
            assert any(line.startswith("> 镇8") for line in app.lines())
            assert "5-9/9" in app.lines()[0]
            await pilot.press("end")
            assert app.heard[-1] == (Chart.Moved, "t8")
            assert len(app.heard) == 4

    async def test_a_cell_is_marked_by_a_sign_and_said(self) -> None:
        value = Heat("热", DAYS, HOURS, tuple(tuple(d * h for h in range(24)) for d in range(7)))
        app = KeptStage(Chart(value, selects=True))
        async with app.run_test(size=(60, 12)) as pilot:
            await pilot.press("down", "right", "right", "enter")
            assert app.heard[-1] == (Chart.Picked, (1, 2))
            shown = "\n".join(app.lines())
            assert ">" in app.lines()[3]
            assert "周二 2: 2" in shown

    async def test_an_upright_bar_is_marked_and_said(self) -> None:
        value = Bars(
            "月", ("1月", "2月"), (("今年", (3, 4)), ("去年", (5, None))), keys=(202601, 202602)
        )
        app = KeptStage(Chart(value, selects=True))
        async with app.run_test(size=(40, 9)) as pilot:
            await pilot.press("right", "enter")
            assert app.heard[-1] == (Chart.Picked, (202602, 0))
            assert "^ 2月: 4 / -" in app.lines()[8]

    async def test_up_and_down_go_to_the_bar_beside_it(self) -> None:
        said = (("今年1月: 3", "今年2月: 4"), ("去年1月: 5", "去年2月: -"))
        value = Bars("月", ("1月", "2月"), (("今年", (3, 4)), ("去年", (5, None))), said=said)
        chart = Chart(value, selects=True)
        app = KeptStage(chart)
        async with app.run_test(size=(40, 9)) as pilot:
            assert "今年1月: 3" in app.lines()[8]
            await pilot.press("down")
            assert app.heard[-1] == (Chart.Moved, (0, 1))
            assert "去年1月: 5" in app.lines()[8]
            await pilot.press("right", "enter")
            assert app.heard[-1] == (Chart.Picked, (1, 1))
            await pilot.press("up", "enter")
            assert app.heard[-1] == (Chart.Picked, (1, 0))
            chart.set(Bars("月", ("1月",), (("今年", (3,)),)))
            assert (chart.series, chart.key) == (0, 0)

    async def test_a_chart_that_does_not_select_takes_no_keys(self) -> None:
        app = KeptStage(Chart(HBars("", (HBar(1, "a", 1),))))
        async with app.run_test(size=(40, 6)) as pilot:
            await pilot.press("down", "enter")
            assert app.heard == []
            assert app.played[0].can_focus is False

    async def test_the_selection_stays_in_what_is_shown(self) -> None:
        chart = Chart(HBars("", tuple(HBar(n, str(n), n) for n in range(9))), selects=True)
        app = Stage(chart)
        async with app.run_test(size=(40, 6)) as pilot:
            chart.cursor = 8
            chart.set(HBars("", (HBar("x", "x", 1),)))
            await pilot.pause()
            assert chart.cursor == 0
            assert chart.key == "x"
            chart.set(HBars("", ()))
            await pilot.press("down", "enter")
            assert chart.cursor is None


class KeptStage(Stage):
    """A stage that keeps what a chart says."""

    def __init__(self, chart: Chart) -> None:
        super().__init__(chart)
        self.heard: list[tuple[type[Message], object]] = []

    def on_chart_moved(self, message: Chart.Moved) -> None:
        """Keep it."""
        self.heard.append((type(message), message.key))

    def on_chart_picked(self, message: Chart.Picked) -> None:
        """Keep it."""
        self.heard.append((type(message), message.key))


class TestNothingTwice:
    async def test_the_same_value_draws_nothing(self) -> None:
        chart = Chart(Bars("24", HOURS, (("", (1,) * 24),)))
        app = Stage(chart)
        async with app.run_test(size=(60, 10)) as pilot:
            await pilot.pause()
            with drawn_lines(chart) as drawn:
                chart.set(Bars("24", HOURS, (("", (1,) * 24),)))
                await pilot.pause()
                assert drawn == []
                chart.set(Bars("24", HOURS, (("", (2,) * 24),)))
                await pilot.pause()
                assert drawn

    async def test_a_size_that_was_drawn_is_drawn_from_what_was_kept(self) -> None:
        app = Stage(Chart(Bars("24", HOURS, (("", (7,) * 24),))))
        async with app.run_test(size=(61, 10)) as pilot:
            await pilot.pause()
            await pilot.resize_terminal(50, 9)
            await pilot.pause()
            before = draw.cache_info().misses
            await pilot.resize_terminal(61, 10)
            await pilot.pause()
            app.theme = "zhiban-light"
            await pilot.pause()
            assert draw.cache_info().misses == before


async def test_plotext_is_loaded_by_the_first_chart_with_axes_only() -> None:
    program = (
        "import sys; from widgets.chart import *; "
        "draw(HBars('', (HBar(1, 'a', 2),)), 30, 4, False, None, False); "
        "assert 'plotext' not in sys.modules; "
        "draw(Bars('', ('a',), (('', (1,)),)), 30, 8, False, None, False); "
        "assert 'plotext' in sys.modules"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await process.wait() == 0
