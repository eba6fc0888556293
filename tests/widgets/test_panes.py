"""Lines, status bar, units board, field strip: only what changed is drawn, and exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from tests.widgets.stage import HOSTILE, Stage, check_screen, drawn_lines
from widgets.lines import LinesView
from widgets.pane import Pane
from widgets.spark import FieldPanel, FieldStrip, spark
from widgets.status_bar import StatusBar
from widgets.units_board import UnitCell, UnitsBoard


class Regions:
    """The regions that a pane asks to be drawn again."""

    def __init__(self, pane: Pane) -> None:
        self.seen: list[Region] = []
        refresh = pane.refresh

        def spy(*regions: Region, **options: bool) -> Pane:
            self.seen.extend(regions or [pane.size.region])
            return refresh(*regions, **options)

        pane.refresh = spy  # type: ignore[method-assign]


class TestLinesView:
    async def test_only_lines_that_differ_are_drawn(self) -> None:
        view = LinesView(title="警情 42")
        app = Stage(view)
        async with app.run_test(size=(60, 10)) as pilot:
            view.set_lines(["一", [("二", "warn"), ("2", "dim")], "三"])
            await pilot.pause()
            with drawn_lines(view) as drawn:
                view.set_lines(["一", [("二", "warn"), ("二", "dim")], "三", "四"])
                await pilot.pause()
            assert drawn == [2, 4]
            assert app.lines()[2].startswith("二二")

    async def test_the_title_is_one_line(self) -> None:
        view = LinesView(title="警情 42")
        app = Stage(view)
        async with app.run_test(size=(60, 10)) as pilot:
            await pilot.pause()
            with drawn_lines(view) as drawn:
                view.set_title("警情 43", "1/9")
                await pilot.pause()
            assert drawn == [0]
            assert " 警情 43 " in app.lines()[0]
            assert app.lines()[0].rstrip("\u2500").endswith(" 1/9 ")

    async def test_a_title_may_come_and_go(self) -> None:
        view = LinesView()
        app = Stage(view)
        async with app.run_test(size=(60, 4)) as pilot:
            view.set_lines(["一", "二", "三", "四"])
            await pilot.pause()
            assert app.lines()[0].startswith("一")
            view.set_title("警情")
            await pilot.pause()
            assert app.lines()[1].startswith("一")
            view.set_title("")
            await pilot.pause()
            assert app.lines()[3].startswith("四")

    async def test_rules_fall_back_to_ascii(self) -> None:
        view = LinesView(title="警情")
        app = Stage(view)
        async with app.run_test(size=(60, 10)) as pilot:
            await pilot.pause()
            assert "\u2500" in app.lines()[0]
            app.add_class("-ascii")
            await pilot.pause()
            assert app.lines()[0].startswith("- 警情 ---")
            assert "\u2500" not in "".join(app.lines())

    async def test_it_scrolls_when_told_to(self) -> None:
        view = LinesView(scrolls=True)
        app = Stage(view)
        async with app.run_test(size=(60, 10)) as pilot:
            view.set_lines([f"第 {n} 行" for n in range(100)])
            await pilot.press("down", "pagedown")
            await pilot.pause()
            assert view.top == 10
            assert app.lines()[0].startswith("第 10 行")
            await pilot.press("end")
            await pilot.pause()
            assert app.lines()[9].startswith("第 99 行")
            view.set_lines(["短"])
            await pilot.pause()
            assert app.lines()[0].startswith("短")

    async def test_a_line_too_long_is_visibly_cut_and_blank_ends_have_one_ground(self) -> None:
        view = LinesView()
        app = Stage(view)
        async with app.run_test(size=(12, 4)) as pilot:
            view.set_lines(
                [
                    "警情中心警情中心",
                    [("警情中心", "text"), ("中心", "warn"), ("后", "dim")],
                    [("超时", "overdue")],
                    [("", "text"), ("a", "dim"), ("", "warn")],
                ]
            )
            await pilot.pause()
            lines = app.lines()
            assert lines[0] == "警情中心警.."
            assert lines[1] == "警情中心中.."
            assert lines[2] == "超时        "
            grounds = [segment.style.bgcolor for segment in app.strips()[2] if segment.style]
            assert grounds[0] != grounds[1]
            check_screen(app)

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_foreign_text_is_only_drawn(self, text: str) -> None:
        view = LinesView(title=text)
        app = Stage(view)
        async with app.run_test(size=(40, 10)) as pilot:
            view.set_lines([text, [(text, "warn"), (text, "text")], [(text[:9], "dim")] * 20])
            view.set_title(text, text[:5])
            await pilot.pause()
            check_screen(app)

    async def test_an_unknown_tone_is_a_mistake_in_the_program(self) -> None:
        view = LinesView()
        async with Stage(view).run_test(size=(40, 10)):
            with pytest.raises(KeyError):
                view.tone("purple")


class TestStatusBar:
    LEFT = (("平安萧山 值守", "strong"), ("超时 1", "overdue"), ("链路 15/16", "text"))

    async def test_a_ticking_clock_draws_its_own_cells(self) -> None:
        bar = StatusBar()
        app = Stage(bar)
        async with app.run_test(size=(80, 3)) as pilot:
            bar.set_left(self.LEFT)
            bar.set_right((("待发 2", "text"), ("14:03:22", "strong")))
            await pilot.pause()
            regions = Regions(bar)
            bar.set_right((("待发 2", "text"), ("14:03:23", "strong")))
            assert regions.seen == [Region(72, 0, 8, 1)]
            regions.seen.clear()
            bar.set_left(self.LEFT)
            assert regions.seen == []
            await pilot.pause()
            assert app.lines()[0].endswith("待发 2 | 14:03:23")
            check_screen(app)

    async def test_a_segment_that_grows_moves_the_ones_behind_it(self) -> None:
        bar = StatusBar()
        app = Stage(bar)
        async with app.run_test(size=(80, 3)) as pilot:
            bar.set_left(self.LEFT)
            await pilot.pause()
            bar.set_left((self.LEFT[0], ("超时 12", "overdue"), self.LEFT[2]))
            await pilot.pause()
            assert app.lines()[0].startswith("平安萧山 值守 | 超时 12 | 链路 15/16 ")

    @pytest.mark.parametrize("width", [80, 40, 20, 9, 4, 1])
    async def test_the_clock_stays_whole_and_the_rest_is_visibly_cut(self, width: int) -> None:
        bar = StatusBar()
        app = Stage(bar)
        async with app.run_test(size=(width, 3)) as pilot:
            bar.set_left(self.LEFT)
            bar.set_right((("14:03:22", "strong"),))
            await pilot.pause()
            check_screen(app)
            if width >= 8:
                assert app.lines()[0].endswith("14:03:22")
            if 10 < width < 48:
                assert "..14:03:22" in app.lines()[0].replace(" ", "")

    async def test_what_changed_is_all_that_differs(self) -> None:
        bar = StatusBar()
        app = Stage(bar)
        async with app.run_test(size=(60, 3)) as pilot:
            for left in ("a", "ab", "警情", "", "a" * 90, "b"):
                for right in ("", "14:03", "14:04", "待发 14:04"):
                    bar.set_left(((left, "text"), ("中", "dim")))
                    bar.set_right(((right, "strong"),))
                    await pilot.pause()
                    whole = bar.render_line(0).text
                    assert app.lines()[0] == whole

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_foreign_text_is_only_drawn(self, text: str) -> None:
        bar = StatusBar()
        app = Stage(bar)
        async with app.run_test(size=(40, 3)) as pilot:
            bar.set_left(((text, "text"), (text, "warn")))
            bar.set_right(((text[:8], "text"),))
            await pilot.pause()
            check_screen(app)


class TestUnitsBoard:
    @staticmethod
    def units(count: int, tone: str = "good") -> list[UnitCell]:
        return [UnitCell(f"P{n}", f"P{n} 待命 新塘", tone) for n in range(count)]

    async def test_only_the_cell_that_changed_is_drawn(self) -> None:
        board = UnitsBoard(title="力量", cell_width=18)
        app = Stage(board)
        async with app.run_test(size=(61, 8)) as pilot:
            board.set_items(self.units(10))
            await pilot.pause()
            assert board.grid_columns == 3
            regions = Regions(board)
            changed = self.units(10)
            changed[4] = UnitCell("P4", "P4 出动 41 3:20", "warn")
            board.set_items(changed)
            assert regions.seen == [Region(21, 2, 18, 1)]
            await pilot.pause()
            assert app.lines()[2].startswith(" P3 待命 新塘        P4 出动 41 3:20")
            check_screen(app)

    async def test_more_than_fit_are_counted_and_reached(self) -> None:
        board = UnitsBoard(title="力量", cell_width=18)
        app = Stage(board)
        async with app.run_test(size=(61, 4)) as pilot:
            board.set_items(self.units(40))
            await pilot.pause()
            assert " 1-9/40 " in app.lines()[0]
            await pilot.press("end")
            await pilot.pause()
            assert " P39 待命" in "".join(app.lines())
            assert "/40 " in app.lines()[0]
            board.set_items(self.units(3))
            await pilot.pause()
            assert "/" not in app.lines()[0]
            assert " P0 待命" in app.lines()[1]

    async def test_it_flows_with_the_width(self) -> None:
        board = UnitsBoard(cell_width=18)
        app = Stage(board)
        async with app.run_test(size=(61, 8)) as pilot:
            board.set_items(self.units(7))
            for width in (20, 40, 120, 10, 5):
                await pilot.resize_terminal(width, 8)
                await pilot.pause()
                check_screen(app)
                text = "".join(app.lines())
                if width >= 20:
                    assert all(f" P{n} 待命" in text for n in range(7))

    async def test_an_empty_board_says_so(self) -> None:
        board = UnitsBoard()
        app = Stage(board)
        async with app.run_test(size=(60, 4)) as pilot:
            board.set_empty("没有力量")
            await pilot.pause()
            assert "没有力量" in app.lines()[0]
            board.set_items(self.units(1))
            await pilot.pause()
            assert "没有力量" not in app.lines()[0]
            board.set_items([])
            await pilot.pause()
            assert "没有力量" in app.lines()[0]

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_foreign_text_is_only_drawn(self, text: str) -> None:
        board = UnitsBoard(title=text)
        app = Stage(board)
        async with app.run_test(size=(60, 6)) as pilot:
            board.set_items([UnitCell(str(n), text) for n in range(30)])
            await pilot.pause()
            check_screen(app)


class TestSpark:
    def test_bars_stand_for_counts(self) -> None:
        assert spark([0, 1, 7], 3) == "\u2581\u2582\u2588"
        assert spark([0, 0], 2) == "\u2581\u2581"
        assert spark([], 3) == "   "
        assert spark([None, 1000, 1], 4) == "  \u2588\u2582"

    def test_ascii(self) -> None:
        assert spark([0, 1, 1000], 3, plain=True) == ".:@"

    def test_no_peak_is_lost_when_values_share_a_cell(self) -> None:
        values = [0] * 100
        values[41] = 9
        assert spark(values, 10).count("\u2588") == 1

    @given(st.lists(st.one_of(st.none(), st.integers(0, 10**9)), max_size=60), st.integers(0, 40))
    def test_it_has_exactly_the_width(self, values: list[int | None], width: int) -> None:
        for plain in (False, True):
            line = spark(values, width, plain=plain)
            assert len(line) == width
            assert line.isascii() or not plain

    def test_a_count_is_not_negative(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            spark([1, -1], 2)


class TestFieldStrip:
    PANELS = tuple(
        FieldPanel(name, "今日 12", "常 9 +33%", "超时 1", values=tuple(range(24)))
        for name in ("事故", "电诈", "火灾")
    )

    @pytest.mark.parametrize("width", [200, 120, 80, 40, 12])
    async def test_three_panels_side_by_side(self, width: int) -> None:
        strip = FieldStrip()
        app = Stage(strip)
        async with app.run_test(size=(width, 4)) as pilot:
            strip.set_panels(self.PANELS)
            await pilot.pause()
            check_screen(app)
            if width >= 40:
                assert all(panel.label in app.lines()[0] for panel in self.PANELS)
                assert app.lines()[1].count("\u2588") >= 3

    async def test_one_line_high(self) -> None:
        strip = FieldStrip()
        app = Stage(strip, css="FieldStrip { height: 1; }")
        async with app.run_test(size=(160, 4)) as pilot:
            strip.set_panels(self.PANELS)
            await pilot.pause()
            assert "火灾 今日 12 超时 1 常 9 +33%" in app.lines()[0]
            assert "\u2588" in app.lines()[0]
            assert app.lines()[1].strip() == ""
            app.add_class("-ascii")
            await pilot.pause()
            assert app.lines()[0].isascii() is False
            assert "\u2588" not in app.lines()[0]
            check_screen(app)

    async def test_the_band_comes_before_the_line_also_where_its_word_has_no_room(self) -> None:
        strip = FieldStrip()
        app = Stage(strip, css="FieldStrip { height: 1; }")
        async with app.run_test(size=(80, 4)) as pilot:
            strip.set_panels(
                [FieldPanel("Accident", "today 12", "usual 3-29", values=(1,), short="[3-29]")] * 3
            )
            await pilot.pause()
            assert app.lines()[0].count("Accident today 12 [3-29]") == 3
            check_screen(app)

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_foreign_text_is_only_drawn(self, text: str) -> None:
        strip = FieldStrip()
        app = Stage(strip)
        async with app.run_test(size=(100, 4)) as pilot:
            strip.set_panels([FieldPanel(text, text, text, text)] * 3)
            await pilot.pause()
            check_screen(app)
