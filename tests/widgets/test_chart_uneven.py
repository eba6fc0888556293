"""Charts with labels, series and bands of different lengths, and numbers nobody counts."""

from __future__ import annotations

import math
from itertools import product

import pytest
from rich.cells import cell_len

from tests.scale import often
from widgets.chart import Bars, ChartValue, HBar, HBars, Heat, Lines, draw
from widgets.charts import known
from widgets.pane import Line

LENGTHS = (0, 1, 2, 7, 60, 200)
SIZES = ((1, 1), (10, 3), (20, 7), (38, 12), (120, 40))


def width_of(line: Line) -> int:
    """Cells of a line."""
    return cell_len(line if isinstance(line, str) else "".join(text for text, _ in line))


def check(value: ChartValue) -> None:
    """It is drawn, and stays in its cells, in every size."""
    for (width, height), cursor in product(SIZES, (None, 0, 3)):
        found = draw(value, width, height, False, cursor, True)
        assert len(found.lines) <= height
        assert all(width_of(line) <= width for line in found.lines)


@pytest.mark.parametrize("labels", LENGTHS)
def test_there_may_be_more_or_fewer_labels_than_values(labels: int) -> None:
    named = tuple(f"{n}月" for n in range(labels))
    for first, second in product(LENGTHS, often((0, 2, 60), LENGTHS)):
        series = (("一", tuple(range(first))), ("二", (3,) * second))
        check(Bars("", named, series))
        check(Bars("", named, series[:1]))
        check(Lines("", named, series, (1,) * second, (9,) * first))
        check(Heat("", named, named[:3], ((1, 2), ())))


def test_the_labels_there_are_stand_below_their_own_bars() -> None:
    few = draw(Bars("", ("a", "b"), (("", (1,) * 60),)), 38, 12, True, None, False)
    many = draw(Bars("", ("a", "b", *[""] * 58), (("", (1,) * 60),)), 38, 12, True, None, False)
    assert few == many


@pytest.mark.parametrize("n", [1e308, -1e308, 5e-324, 10**400, -(10**400), math.inf, math.nan])
def test_a_number_that_nobody_counts_is_drawn_as_none_or_nothing(n: float) -> None:
    assert not known(n)
    check(Bars("", ("a",), (("", (1, n, 3)),)))
    check(Lines("", ("a",), (("", (1, n, 3)),), (n, n), (n,)))
    check(HBars("", (HBar(1, "a", n), HBar(2, "b", 2))))
    check(Heat("", ("a", "b"), ("1", "2"), ((n, n), (n,))))
