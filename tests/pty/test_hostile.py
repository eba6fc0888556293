"""Hostile texts on the real program: every way in, every screen, every byte looked at.

A run with harmless words says which control functions the program itself uses; the same
keys with hostile words may cause no other. Two stores are shown: one that was filled
through the doors, where texts are cleaned, and one in which everything lies as it came,
so that the last wall stands alone.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from adapters.port import Report
from bench.terminal import Terminal, TerminalTimeoutError
from console.desk.desk import Desk
from console.desk.ruleset import load
from console.domain.clock import HOUR, WallClock
from console.i18n import LANGUAGES, Translator
from console.store.engine import open_store
from tests.pty.hostile_floor import Floor, all_harmless, build, storable
from tests.pty.payloads import ALL, SEQUENCES, shapes, tricks

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parent.parent.parent
ZHIBAN = [sys.executable, "-m", "console"]
SIZES = {"wide": (40, 120), "narrow": (24, 80)}
MARK = re.compile(r"T(\d\d)<")
PLAIN = "plain words"
HOSTILE = " ".join(ALL.values())[:2_000]
CODES = " ".join(SEQUENCES.values())
VERBS = ("note #3 ", "merge #4 5 ", "find ", "filter ", "help ", "flub ", "new fire ",
         "transfer #6 ", "close #7 ", "dispatch #8 ")  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Floor]:
    """The same incidents in harmless words, cleaned at the doors, and as they came."""
    folder = tmp_path_factory.mktemp("hostile")
    return {
        "harmless": build(folder / "harmless.sqlite", all_harmless()),
        "cleaned": build(folder / "cleaned.sqlite", ALL),
        "raw": build(folder / "raw.sqlite", ALL, raw=True),
    }


@pytest.fixture
def floors(built: Mapping[str, Floor], tmp_path: Path) -> Mapping[str, Floor]:
    """The stores, for this test alone, in files whose names are hostile too."""
    odd = tmp_path / "store [red]\x1b]0;PWNED\x07{x}%s?#"
    odd.mkdir()
    return {
        kind: Floor(Path(shutil.copy(floor.path, odd)), floor.names)
        for kind, floor in built.items()
    }


@pytest.fixture(scope="module")
def own(built: Mapping[str, Floor], tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[str]]:
    """The control functions that the program itself uses."""
    folder = tmp_path_factory.mktemp("own")
    floor = Floor(Path(shutil.copy(built["harmless"].path, folder)), built["harmless"].names)
    with console(floor, "wide", "en") as terminal:
        journey(terminal, floor, PLAIN, VERBS[:3], most=4)
        yield set(shapes(leave(terminal)))


def console(floor: Floor, size: str, lang: str) -> Terminal:
    """The console on a store."""
    rows, cols = SIZES[size]
    argv = [*ZHIBAN, "watch", "--store", str(floor.path), "--lang", lang]
    return Terminal(argv, rows=rows, cols=cols, cwd=ROOT)


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
    terminal.press("f1")
    settle(terminal)
    terminal.press("f2")
    return shown


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
                lambda lines: said("filter.cleared", lines[-2]) and lines[-1].strip() == ">", 2
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


def notices(lang: str) -> set[str]:
    """What the desktop is told of a new incident; its number does not matter."""
    told = Translator(lang).t("alert.new", numbers="0")
    return {f"ESC ]9;{told}\x07", f"ESC ]777;notify;zhiban;{told}\x07"}


def assert_only_drawn(data: bytes, own: set[str]) -> None:
    """Nothing of the payloads has reached the terminal but characters that are drawn."""
    found = shapes(data)
    assert set(found) <= own
    rung = sum(count for shape, count in found.items() if shape.startswith("ESC ]9;"))
    assert found[repr("\x07")] <= rung
    assert tricks(data) == []


def assert_whole_or_cut(shown: Mapping[str, list[str]]) -> None:
    """Of every text the beginning is seen, and its end or that it was cut."""
    for mark, lines in shown.items():
        text = "\n".join(lines)
        assert f"T{mark}<" in text
        # The pane says it with dots, the door with the number of characters.
        assert f">T{mark}" in text or ".." in text or "[+" in text, (mark, text)


@pytest.mark.parametrize(
    ("kind", "size", "lang", "verbs"),
    [
        ("raw", "wide", "en", VERBS[:6]),
        ("cleaned", "narrow", "zh", VERBS[6:]),
        pytest.param("raw", "narrow", "zh", VERBS, marks=pytest.mark.slow),
        pytest.param("cleaned", "wide", "en", VERBS, marks=pytest.mark.slow),
    ],
)
def test_every_text_on_every_screen(
    floors: Mapping[str, Floor],
    own: set[str],
    kind: str,
    size: str,
    lang: str,
    verbs: Sequence[str],
) -> None:
    floor = floors[kind]
    with console(floor, size, lang) as terminal:
        shown = journey(terminal, floor, HOSTILE, verbs)
        data = leave(terminal)
    # All but the one that is closed.
    assert len(shown) == len(floor.names) - 1
    assert_only_drawn(data, own | notices(lang))
    assert_whole_or_cut(shown)


def test_markup_is_text_and_a_click_on_it_is_a_click(floors: Mapping[str, Floor]) -> None:
    literal = "[@click=app.quit]x[/]"
    with console(floors["raw"], "wide", "en") as terminal:
        terminal.wait_for("P01<")
        number = floors["raw"].names.index("markup") + 1
        # The second is closed: one less above it.
        walk(terminal, floors["raw"], number - 2)
        terminal.wait_for(lambda lines: any(literal in line for line in lines))
        row, col = next(
            (y, line.index("x[/]", line.index(literal)))
            for y, line in enumerate(terminal.screen())
            if literal in line
        )
        for button in ("M", "m"):
            terminal.type(f"\x1b[<0;{col + 1};{row + 1}{button}")
        terminal.type("note #1 [red]{0.__class__} %s [/]")
        terminal.wait_for("> note #1 [red]{0.__class__} %s [/]")
        terminal.press("enter")
        terminal.wait_for("noted on 1")
        leave(terminal)


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("incidents",),
    ("incidents", "--json"),
    ("incidents", "--state", CODES),
    ("incident", "1"),
    ("incident", "13", "--json"),
    ("incident", CODES),
    ("export", "journal"),
    ("export", "incidents", "--format", "csv"),
    ("export", CODES),
    ("do", f"note #3 {CODES}"),
    ("do", f"flub{CODES}"),
    ("do", "find PWNED"),
    ("seat", "list"),
    ("seat", "add", CODES, "--officer", CODES),
    ("seat", "disable", CODES),
    ("unit", "list"),
    ("unit", "add", CODES, "--kind", CODES),
    ("import", CODES, "--mapping", CODES),
    ("figures", "--by", CODES),
    ("playbook", "check", CODES),
    ("store", "check"),
    ("store", "verify"),
    (CODES,),
    (f"--{CODES}",),
    ("do", "note", CODES),
    ("demo", "--scenario", CODES),
    ("demo", "--speed", CODES),
    ("watch", "--theme", CODES),
)
"""Commands that show what is stored, or repeat what they were given."""


SHELL = """
import json, os, sys
from console.start import main
for n, args in enumerate(json.load(open(sys.argv[1]))):
    print(f"#{n}", flush=True)
    child = os.fork()
    if not child:
        sys.argv = ["zhiban", *args]
        main()
        os._exit(0)
    os.waitpid(child, 0)
print("#end", flush=True)
"""
"""One command after the other without starting Python for each."""


def test_commands_on_a_terminal_write_text_alone(
    floors: Mapping[str, Floor], own: set[str], tmp_path: Path
) -> None:
    store = floors["raw"].path
    script, lines = tmp_path / "shell.py", tmp_path / "commands.json"
    script.write_text(SHELL, encoding="utf-8")
    lines.write_text(json.dumps(COMMANDS), encoding="utf-8")
    env = {"ZHIBAN_LANG": "en", "ZHIBAN_STORE": str(store), "PYTHONPATH": str(ROOT)}
    with Terminal([sys.executable, script, lines], env, cwd=tmp_path) as terminal:
        assert terminal.wait_exit(60) == 0
        data = terminal.raw()
    parts = re.split(rb"#(?:\d+|end)\r\n", data)[1:-1]
    assert len(parts) == len(COMMANDS)
    for args, part in zip(COMMANDS, parts, strict=True):
        assert part.strip(), args
        assert b"Traceback" not in part, (args, part)
        drawn = own if args[0] == "demo" else set()  # it looks into the scenario on its screen
        assert set(shapes(part)) <= drawn | {repr(c) for c in "\r\n\t"}, args
        assert tricks(part, marks=4) == [], args  # what the doors let in
