"""Hostile texts on the real program: every way in, every screen, every byte looked at.

A run with harmless words says which control functions the program itself uses; the same
keys with hostile words may cause no other. Two stores are shown: one that was filled
through the doors, where texts are cleaned, and one in which everything lies as it came,
so that the last wall stands alone.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path

import pytest

from bench.terminal import Terminal
from console.desk.ruleset import SHIPPED
from console.i18n import Translator
from tests.pty.hostile_drive import ROOT, ZHIBAN, console, journey, leave, settle, walk
from tests.pty.hostile_floor import Floor, all_harmless, build
from tests.pty.payloads import ALL, SEQUENCES, shapes, tricks
from widgets.cells import REPLACEMENT

pytestmark = pytest.mark.pty

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


def hostile_rules(folder: Path) -> Path:
    """The general playbook and the categories, every label of them hostile."""
    words = cycle([one for one in ALL.values() if "\x00" not in one])

    def with_words(_place: re.Match[str]) -> str:
        return "".join(f"\\U{ord(one):08x}" for one in next(words)[:60]) + " "

    for name in ("playbooks/general.toml", "categories.toml"):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            re.sub(r'(?<=(?:zh|en) = ")', with_words, line) if line.startswith("label") else line
            for line in (SHIPPED / name).read_text("utf-8").splitlines()
        ]
        target.write_text("\n".join(lines), "utf-8")
    return folder


CSV_MAPPING = """\
[source]
name = "city"
encoding = "utf-8"
timezone = "Asia/Shanghai"
datetime = "%Y-%m-%d %H:%M"
[incident]
id = "No"
category = "Kind"
received = "At"
place = "Place"
text = "Words"
caller = "Who"
phone = "Phone"
"""


def hostile_table(folder: Path) -> tuple[Path, Path]:
    """A table with hostile cells, some of them where a time should be, and its mapping."""
    table, mapping = folder / "cells.csv", folder / "cells.toml"
    mapping.write_text(CSV_MAPPING, "utf-8")
    with table.open("w", encoding="utf-8", errors="replace", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["No", "Kind", "At", "Place", "Words", "Who", "Phone"])
        for number, cell in enumerate(ALL.values(), 1):
            when = "2026-11-23 08:00" if number % 4 else cell[:80]
            rows.writerow([f"{number}{cell}", cell, when, f"Q{number:02}<{cell}", cell, cell, cell])
    return table, mapping


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
        pytest.param("raw", "narrow", "zh", VERBS, marks=pytest.mark.deep),
        pytest.param("cleaned", "wide", "en", VERBS, marks=pytest.mark.deep),
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


def test_labels_of_rules_and_cells_of_tables(
    floors: Mapping[str, Floor], own: set[str], tmp_path: Path
) -> None:
    floor = floors["harmless"]
    env = {"ZHIBAN_RULES": str(hostile_rules(tmp_path / "rules")), "ZHIBAN_LANG": "en"}
    table, mapping = hostile_table(tmp_path)
    argv = [*ZHIBAN, "import", str(table), "--mapping", str(mapping), "--now"]
    with Terminal([*argv, "--store", str(floor.path)], env, cwd=ROOT) as terminal:
        code = terminal.wait_exit(30)
        told = terminal.raw()
    assert b"Traceback" not in told
    assert code == 0, told
    assert set(shapes(told)) <= {repr(c) for c in "\r\n\t"}
    assert tricks(told, marks=4) == []
    with console(floor, "wide", "en", env) as terminal:
        walk(terminal, floor, 2)
        terminal.press("end")
        terminal.wait_for(lambda lines: any("Q31<" in line for line in lines))
        # The next step of the last one, whose label is hostile, and the words for it.
        terminal.press("enter")
        settle(terminal)
        for word in ("done ", "new ", "filter "):
            terminal.type(f":{word}")
            terminal.press("tab", "tab")
            settle(terminal)
            terminal.press("home", "ctrl+k")
        terminal.press("ctrl+n")
        labels = ""
        for number in range(2, 34):
            terminal.press("right")
            terminal.wait_for(f" {number}/")
            labels += next(line for line in terminal.screen() if "Category <" in line)
        # They are shown as they are, but for what would have steered the terminal.
        assert f"{REPLACEMENT}]0;PWNED" in labels
        assert "[@click=app.exit()]x[/]" in labels
        data = leave(terminal)
    assert_only_drawn(data, own | notices("en"))


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
