"""Import hygiene: what each room may load, seen in ``sys.modules`` of a fresh interpreter.

import-linter keeps the static walls; this proves what really happens, libraries included.
Modules are found by looking at the folders, so a new one is covered the moment it exists.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

HEADLESS = ("console/domain", "console/store", "console/desk", "adapters")
TERMINAL = frozenset({"textual", "rich"})
HEAVY = frozenset({"sqlmodel", "sqlalchemy", "httpx", "plotext", "pydantic"})
"""What the first frame does not wait for."""

BATCH = 12
"""Modules an interpreter: none may load the forbidden, so the first that does is at fault
whatever came before it."""

SCRIPT = """
import importlib, json, sys
forbidden, found = set(json.loads(sys.argv[1])), {}
for name in json.loads(sys.argv[2]):
    importlib.import_module(name)
    loaded = forbidden & sys.modules.keys()
    if loaded:
        found[name] = sorted(loaded)
        break
print(json.dumps(found))
"""


def modules(folder: str) -> list[str]:
    """Every module below `folder` by its dotted name, but what only Alembic runs."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def loads(
    names: Iterable[str], forbidden: Iterable[str], root: Path = ROOT
) -> dict[str, list[str]]:
    """The first of `names` whose import loads something `forbidden`, and what."""
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(sorted(forbidden)), json.dumps(list(names))],
        capture_output=True,
        text=True,
        cwd=root,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    found: dict[str, list[str]] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("folder", HEADLESS)
def test_headless_rooms_never_load_the_terminal(folder: str) -> None:
    names = modules(folder)
    assert names
    # httpx brings Rich by itself, where it is installed, for a command line of its own.
    forbidden = TERMINAL - {"rich"} if folder == "adapters" else TERMINAL
    for start in range(0, len(names), BATCH):
        assert loads(names[start : start + BATCH], forbidden) == {}


def test_rules_load_no_database_and_no_network() -> None:
    assert loads(modules("console/domain"), HEAVY) == {}


@pytest.mark.parametrize("name", ["console.app", "console.early", "console.i18n"])
def test_first_frame_waits_for_nothing_heavy(name: str) -> None:
    if name in modules("console"):
        assert loads([name], HEAVY) == {}


@pytest.mark.parametrize("name", ["console.launch", "console.store.glance"])
def test_a_glance_at_the_queue_waits_for_no_tables(name: str) -> None:
    assert loads([name], {"sqlmodel", "sqlalchemy", "httpx"}) == {}


def test_a_store_in_a_file_waits_for_no_server_dialect() -> None:
    assert loads(modules("console/store"), {"sqlalchemy.dialects.postgresql"}) == {}


def test_widgets_load_nothing_of_ours() -> None:
    assert loads(modules("widgets"), {"console", "adapters", "fixtures"} | HEAVY) == {}


def test_it_would_be_seen(tmp_path: Path) -> None:
    """The check itself: an import inside an import is found and named."""
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "clean.py").write_text("import json\n")
    (tmp_path / "room" / "helper.py").write_text("import rich.text\n")
    (tmp_path / "room" / "guilty.py").write_text("from room import helper\n")
    found = loads(["room.clean", "room.guilty"], TERMINAL, tmp_path)
    assert found == {"room.guilty": ["rich"]}
