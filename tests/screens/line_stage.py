"""A console without a terminal: the command line, the queue and the desk are real, the clock and
the threads are played, so that many lines can be typed while somebody else acts in between.

What stands still here is what a terminal would need: drawing, timers, focus.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, cast

from textual import events
from textual.message import Message as TextualMessage

from console.desk.desk import Desk, Done
from console.domain.filters import QueueFilter
from console.domain.incident import SERIALS
from console.domain.message import Message
from console.i18n import Translator
from console.screens.away import Away
from console.screens.entry import Entry
from console.screens.main import MainScreen
from console.store import journal, queue
from console.store.queue import Selection
from console.store.standing import Standing
from widgets.command_line import CommandLine
from widgets.queue_table import Column, QueueTable, Row


class _Line(CommandLine):
    """A command line that is nowhere drawn."""

    def refresh(self, *_args: Any, **_more: Any) -> Any:
        return self

    @property
    def has_focus(self) -> bool:  # type: ignore[override]
        return False


class _Table(QueueTable):
    """A queue that is nowhere drawn."""

    def refresh(self, *_args: Any, **_more: Any) -> Any:
        return self

    def repaint(self, *_args: Any) -> None:
        return None

    def post_message(self, _message: TextualMessage) -> bool:
        return True

    @property
    def page_height(self) -> int:
        return 20


class PlayedPage:
    """What a page tells the command line; its rows come when `refresh` is called."""

    unsettled = False
    home = None
    verb = "watch"

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.table = _Table((Column("wait", "", 1),))
        self.still = False
        self.dossier = None
        self.renew()

    @property
    def selected(self) -> int | None:
        return self.table.selected_key

    @property
    def meant(self) -> int | None:
        return self.table.meant_key

    @property
    def hand(self) -> int:
        return self.table.hand

    def hold(self, still: bool) -> None:
        self.still = still

    def renew(self, _touched: object = None) -> None:
        if self.still:
            return
        with self.desk.store.read() as tx:
            rows = queue.page(tx, Selection(QueueFilter(), self.desk.clock.now()), 100)
        self.table.set_window(0, [Row(row.id, (str(row.id),)) for row in rows], len(rows))

    def choose(self, incident: int, *, over: bool = False) -> None:
        if self.table.holds(incident):
            self.table.select(incident, 0)


class _Pulse:
    seen = 0

    def recount(self) -> None:
        return None

    def done(self, _changed: object, _rows: object) -> None:
        return None


class _Steps:
    def offer(self) -> None:
        return None


class _Jobs:
    """Writes that wait until they are let go, one by one, in order."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Callable[[Any], None], Callable[[], None]]] = []

    def read(self, *_args: object) -> None:
        return None

    def write(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self.waiting.append((work, then, failed))


class _Session:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.standing = Standing(desk.store, desk.clock)


class PlayedScreen:
    """As much of `MainScreen` as `Entry` uses.

    Args:
        desk: the seat that types.
    """

    asked: Callable[[], None] | None = None
    drawing = None
    focused = None

    def __init__(self, desk: Desk) -> None:
        self.words = Translator("en")
        self.session = _Session(desk)
        self.page = PlayedPage(desk)
        self.pulse = _Pulse()
        self.jobs = _Jobs()
        self.steps = _Steps()
        self.said: list[Message] = []
        self.answers: list[Done] = []
        self.command_line = _Line()
        self.away = Away(cast(MainScreen, self))
        self.entry = Entry(cast(MainScreen, self))
        self.entry.connect()
        self.look()

    def heard(self, message: TextualMessage) -> None:
        if isinstance(message, CommandLine.Submitted):
            self.entry.submitted(message.text, message.about)

    def query_one(self, *_args: object) -> CommandLine:
        return self.command_line

    def set_focus(self, widget: object) -> None:
        self.focused = widget

    def go_home(self) -> None:
        self.set_focus(None)

    def set_timer(self, *_args: object) -> PlayedScreen:
        return self

    def stop(self) -> None:
        """As a timer."""

    def say(self, message: Message, _tone: str = "") -> None:
        self.said.append(message)

    def show_line(self, *_args: object) -> None:
        return None

    def act(self, _command: object) -> None:
        return None

    def confirm(self, _question: Message, then: Callable[[], None]) -> None:
        self.asked = then

    def choose(self, question: Message, _options: object) -> None:
        self.say(question)

    # --- what happens -----------------------------------------------------------

    def look(self) -> None:
        """The screen looks into the store, as it does twice a second."""
        with self.page.desk.store.read() as tx:
            self.pulse.seen = journal.head(tx)[0]
        self.page.renew()

    def press(self, key: str) -> None:
        """A key for the command line."""
        character = key if len(key) == 1 else {"space": " "}.get(key)
        self.set_focus(self.command_line)
        self.command_line.press(events.Key(key, character))
        self.entry.settle()

    @property
    def shown(self) -> str:
        """The number in the prompt; "?" while nobody knows it."""
        return self.command_line._shown_prompt()[0].removesuffix("> ")

    def answer_one(self) -> None:
        """The writer does the next line that waits, and its answer comes."""
        if not self.jobs.waiting:
            return
        work, then, _failed = self.jobs.waiting.pop(0)
        answers = work()
        if answers is not None:
            self.answers += answers
        then(answers)

    def answer_all(self) -> None:
        """Everything that waits is done."""
        while self.jobs.waiting:
            self.answer_one()


NOTES = ("two hurt", "caller again", "lane blocked")


def line_about(dice: Random) -> str:
    """A line that names no incident."""
    return dice.choice(
        (
            f"note {dice.choice(NOTES)}",
            "accept",
            "cancel mistake",
            "close",
            f"level {dice.randint(1, 4)}",
            "dispatch P12",
            "reopen again",
            "transfer platform4",
            "call busy",
        )
    )


def colleague_acts(desk: Desk, dice: Random, numbers: list[int]) -> None:
    """Another seat does something lawful or not to one of the incidents."""
    from console.desk.doubts import ALL

    one, other = dice.choice(numbers), dice.choice(numbers)
    line = dice.choice(
        (
            f"accept #{one % SERIALS}",
            f"cancel #{one % SERIALS} duplicate",
            f"close #{one % SERIALS} done",
            f"reopen #{one % SERIALS} not over",
            f"merge {one % SERIALS} {other % SERIALS}",
            f"split {one % SERIALS}",
            f"level #{one % SERIALS} {dice.randint(1, 4)}",
            f"note #{one % SERIALS} seen",
        )
    )
    desk.run(line, seat="二席", sure=ALL)
