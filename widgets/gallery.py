"""Widgets, to be looked at: `python -m widgets.gallery` shows all of them with made-up rows.

Keys: Tab goes on, F2 changes the theme, F3 draws box lines in ASCII, F4 opens and closes the form,
F5 puts a new row at the head of the queue, Ctrl+Q ends.
"""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from widgets.command_line import CommandLine
from widgets.form import Choice, Field, Form
from widgets.lean import LeanApp
from widgets.lines import LinesView
from widgets.queue_table import Column, QueueTable, Row
from widgets.spark import FieldPanel, FieldStrip
from widgets.status_bar import StatusBar
from widgets.themes import THEMES
from widgets.units_board import UnitCell, UnitsBoard

_TOTAL = 1_000_000
_PLACES = (
    "新塘 育才东路88号",
    "北干 金城路",
    "宁围 建设一路",
    "[@click=app.quit]",
    "临浦 老街",
)
_WHAT = ("客服诈骗 40万", "高层 厨房冒烟", "两车 有人伤", "电梯困人", "Truck on Market St.")
_COLUMNS = (
    Column("sign", "", 1, priority=9),
    Column("number", "号", 7, align="right", priority=9),
    Column("level", "级", 2, priority=8),
    Column("place", "地点", 18, priority=5),
    Column("what", "警情", 10, priority=6, flexible=True),
    Column("due", "时限", 7, align="right", priority=7),
)


def _row(number: int) -> Row:
    level = 1 + number % 4
    late = number % 7 == 0
    cells = (
        "!" if late else "",
        str(number),
        ("I", "II", "II", "-")[level - 1],
        _PLACES[number % len(_PLACES)],
        _WHAT[number % len(_WHAT)],
        f"{'-' if late else '+'}{number % 60:02}:{number * 7 % 60:02}",
    )
    marks = ((2, f"prio{level}"), *(((0, "overdue"), (5, "overdue")) if late else ()))
    return Row(number, cells, marks=marks)


class Gallery(LeanApp[None]):
    """Every widget on one screen."""

    CSS = """
    #left { width: 11fr; }
    #detail { width: 9fr; }
    #units { height: 6; }
    Form { dock: bottom; height: 12; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", "next_theme", ""),
        ("f3", "toggle_ascii", ""),
        ("f4", "toggle_form", ""),
        ("f5", "arrive", ""),
    ]

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self._arrived = 0
        self._clock = 0

    def compose(self) -> ComposeResult:
        yield StatusBar(id="status")
        yield FieldStrip(id="strip")
        with Horizontal():
            with Vertical(id="left"):
                yield QueueTable(_COLUMNS, title="队列 1000000", header=True, id="queue")
                yield UnitsBoard(title="力量", id="units")
            yield LinesView(title="警情", scrolls=True, id="detail")
        yield CommandLine(id="command")
        yield Form(
            "新警情",
            (
                Field("kind", "类别", "choice", (Choice("fire", "火警"), Choice("rta", "事故"))),
                Field("place", "地点"),
                Field("text", "内容", "long"),
            ),
            id="form",
        )

    def on_mount(self) -> None:
        """Fill the widgets."""
        self._load(0)
        bar = self.query_one(StatusBar)
        bar.set_left((("平安萧山 值守", "strong"), ("超时 1", "overdue"), ("链路 15/16", "text")))
        self.set_interval(1, self._tick)
        self.query_one(UnitsBoard).set_items(
            [UnitCell(f"P{n}", f"P{n} 待命 新塘", "good" if n % 3 else "dim") for n in range(40)]
        )
        self.query_one(FieldStrip).set_panels(
            [
                FieldPanel(name, "今日 12", "常 9 +33%", "超时 1", "overdue", tuple(range(24)))
                for name in ("事故", "电诈", "火灾")
            ]
        )
        self.query_one(QueueTable).focus()

    def _tick(self) -> None:
        self._clock += 1
        minutes, seconds = divmod(self._clock, 60)
        self.query_one(StatusBar).set_right(
            (("待发 2", "text"), (f"14:{minutes:02}:{seconds:02}", "strong"))
        )

    def _load(self, base: int) -> None:
        base = max(0, min(base, _TOTAL - 300))
        rows = [_row(number - self._arrived) for number in range(base, base + 300)]
        self.query_one(QueueTable).set_window(base, rows, _TOTAL)

    @on(QueueTable.NeedRows)
    def _need_rows(self, message: QueueTable.NeedRows) -> None:
        self._load(message.first - 100)

    @on(QueueTable.Selected)
    def _selected(self, message: QueueTable.Selected) -> None:
        row = message.table.selected_row
        cells = row.cells if row else ()
        self.query_one("#detail", LinesView).set_lines(
            [[(f"{cell}", "strong" if n == 3 else "text")] for n, cell in enumerate(cells)]
        )

    @on(CommandLine.Edited)
    def _edited(self, message: CommandLine.Edited) -> None:
        message.line.set_ghost("" if " " in message.text else " 警情号 内容")

    @on(CommandLine.Submitted)
    def _submitted(self, message: CommandLine.Submitted) -> None:
        message.line.set_text("")

    def action_next_theme(self) -> None:
        """The next of the three themes."""
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    def action_toggle_ascii(self) -> None:
        """Box lines, or ASCII."""
        self.toggle_class("-ascii")

    def action_toggle_form(self) -> None:
        """The form, open or closed."""
        form = self.query_one(Form)
        form.display = not form.display
        (form if form.display else self.query_one(QueueTable)).focus()

    def action_arrive(self) -> None:
        """A new row at the head of the queue."""
        self._arrived += 1
        self._load(self.query_one(QueueTable).window[0])


if __name__ == "__main__":
    Gallery().run()
