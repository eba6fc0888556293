"""The keys with which a console is led past every screen, with some words in every field."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.port import Report
from bench.terminal import Terminal, TerminalTimeoutError
from console.desk.desk import Desk
from console.desk.ruleset import load
from console.desk.verbs import BY_ID
from console.domain.clock import HOUR, WallClock
from console.i18n import LANGUAGES, Translator
from console.screens.pages import PAGES
from console.store.engine import open_store
from tests.pty.hostile_floor import Floor, storable

ROOT = Path(__file__).parent.parent.parent
ZHIBAN = [sys.executable, "-m", "console"]
SIZES = {"wide": (40, 120), "narrow": (24, 80)}
MARK = re.compile(r"T(\d\d)<")


def console(floor: Floor, size: str, lang: str, env: Mapping[str, str] | None = None) -> Terminal:
    """The console on a store."""
    rows, cols = SIZES[size]
    argv = [*ZHIBAN, "watch", "--store", str(floor.path), "--lang", lang]
    return Terminal(argv, env, rows=rows, cols=cols, cwd=ROOT)


def leave(terminal: Terminal) -> bytes:
    """Leave as an officer does; everything that was written."""
    terminal.press("ctrl+q")
    terminal.wait_for(lambda lines: "y " in lines[-2])
    terminal.press("y")
    assert terminal.wait_exit() == 0
    return terminal.raw()


def settle(terminal: Terminal) -> None:
    """Until the screen has been still for a moment."""
    terminal.wait_quiet(50)


def journey(
    terminal: Terminal, floor: Floor, words: str, verbs: Sequence[str], most: int = 99
) -> dict[str, list[str]]:
    """Every screen, with `words` pasted wherever something can be typed.

    Returns:
        the screens on which the incidents were shown, by their mark.
    """
    terminal.wait_for("F1")
    shown = walk(terminal, floor, most)
    for verb in verbs:
        terminal.type(f":{verb}")
        terminal.paste(words)
        settle(terminal)
        terminal.press("tab", "enter")
        settle(terminal)
        clear(terminal)
    for verb in ("dispatch #3 ", "accept #3 "):
        terminal.type(verb)
        for _ in range(3):
            terminal.press("tab")
            settle(terminal)
        clear(terminal)
    form(terminal, words)
    arrive(floor, words)
    terminal.press("home")
    terminal.wait_for("P99")
    settle(terminal)
    pages(terminal, words)
    return shown


def pages(terminal: Terminal, words: str) -> None:
    """Every page from its first row to its last, and the palette with the words in it."""
    for page in PAGES:
        terminal.press(BY_ID[page].key.split(",")[0])
        settle(terminal)
        for key in ("down", "pgdn", "end", "home"):
            terminal.press(key)
            settle(terminal)
    for _ in range(2):
        terminal.press(BY_ID["palette"].key.split(",")[0])
        terminal.paste(words)
        settle(terminal)
    terminal.press("f2")
    clear(terminal)


def said(message_id: str, line: str) -> bool:
    """Whether a line says this in either language."""
    return any(Translator(lang).t(message_id) in line for lang in LANGUAGES)


def clear(terminal: Terminal) -> None:
    """Away with what is typed or found, and back to the queue.

    Without Esc, for a key that comes right behind it is another key; and more than once,
    for a line that could not be done is put back when its answer comes.
    """
    for _ in range(5):
        terminal.type(":")
        terminal.press("home", "ctrl+k")
        terminal.send("filter<enter>")
        try:
            terminal.wait_for(
                lambda lines: said("filter.cleared", lines[-2]) and "filter" not in lines[-1], 2
            )
        except TerminalTimeoutError:
            continue
        return
    raise AssertionError("\n".join(terminal.screen()))


def walk(terminal: Terminal, floor: Floor, most: int) -> dict[str, list[str]]:
    """Down the queue, at most `most` incidents; the screen of each by its mark."""
    shown: dict[str, list[str]] = {}

    def another(lines: list[str]) -> bool:
        return any(m.group(1) not in shown for line in lines for m in MARK.finditer(line))

    for _ in floor.names[:most]:
        try:
            terminal.wait_for(another, 3)
        except TerminalTimeoutError:
            break  # the end of the queue
        settle(terminal)
        lines = terminal.screen()
        shown |= {m.group(1): lines for line in lines for m in MARK.finditer(line)}
        terminal.press("down")
    return shown


def form(terminal: Terminal, words: str) -> None:
    """The form, every field with the words."""
    terminal.press("ctrl+n")
    settle(terminal)
    terminal.press("tab")
    for _ in range(4):
        terminal.paste(words)
        terminal.press("tab")
    settle(terminal)
    terminal.press("ctrl+s")
    # It closes when there is an incident of it.
    terminal.wait_for(lambda lines: not any(said("form.title", line) for line in lines[:-2]))


def arrive(floor: Floor, words: str) -> None:
    """A report of the first priority, from another process as it were.

    It is so late that it stands above everything else.
    """
    store = open_store(str(floor.path))
    desk = Desk(store, WallClock(), load(), "system")
    text = storable(words)
    late = desk.clock.now() - 3 * HOUR
    desk.receive([Report("s", f"now{text}", f"P99 {text}", late, place=f"P99{text}", priority=1)])
    store.close()
