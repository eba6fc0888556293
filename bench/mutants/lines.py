"""Which tests run which lines, and how long each test takes: asked once for a state of the tree.

The modules are imported with a mark before every statement of a function; a test is
charged with the marks that were passed while it was set up, run and taken down. What was
passed while the tests were collected is charged to no test.
"""

from __future__ import annotations

import ast
import builtins
import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import TypedDict

import pytest
from hypothesis import Phase, settings

from bench.mutants.load import HIT, LINES, Finder, with_hits
from bench.mutants.mutant import ROOT, Mutant, module_name, modules

WORKERS = 2
KEPT = ROOT / ".mutation"
OPTIONS = (
    *("-q", "-s", "-p", "no:xdist", "-p", "no:cacheprovider", "--store", "sqlite"),
    *("--continue-on-collection-errors", "-m", "not pty and not deep"),
    *("-W", "ignore::pytest.PytestUnknownMarkWarning"),
)
"""How the tests are asked for, here and against the mutants."""


class Repeatable:
    """A plugin: hypothesis plays the same examples each time, and shrinks nothing."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Before the tests are imported: they take what stands then."""
        settings.register_profile(
            "mutation",
            parent=settings.default,
            derandomize=True,
            database=None,
            phases=(Phase.explicit, Phase.generate),
        )
        settings.load_profile("mutation")


class Part(TypedDict):
    """What one process found, as it is kept."""

    files: dict[str, str]
    imported: list[int]
    tests: dict[str, tuple[float, list[int]]]


class _Ran:
    """A plugin: what each test passed and how long it took."""

    def __init__(self, hits: set[int]) -> None:
        self.hits = hits
        self.imported: list[int] = []
        self.tests: dict[str, tuple[float, list[int]]] = {}
        self.passed = False

    def pytest_collection_finish(self) -> None:
        self.imported = sorted(self.hits)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.hits.clear()
        self.passed = True
        began = process_time()
        result = yield
        if self.passed:
            self.tests[item.nodeid] = (process_time() - began, sorted(self.hits))
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.passed = False


@dataclass(frozen=True)
class Lines:
    """The tests of a tree: their seconds, which of them run a line, and what importing runs.

    The seconds are the processor's: a test is not slow because the machine was busy.
    """

    seconds: dict[str, float]
    tests: dict[int, list[str]]
    """By module number and line; the quick ones first."""
    imported: frozenset[int]

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that run what a mutant changes, the quick ones first.

        For a line that runs only while modules are imported: those that run any line of
        its module.
        """
        number = modules().index(mutant.path)
        line = number * LINES + mutant.line
        if line in self.tests or line not in self.imported:
            return self.tests.get(line, [])
        near = {test for at, tests in self.tests.items() if at // LINES == number for test in tests}
        return sorted(near, key=lambda test: (self.seconds[test], test))

    def at_import(self, mutant: Mutant) -> bool:
        """Whether what a mutant changes runs when modules are imported."""
        return modules().index(mutant.path) * LINES + mutant.line in self.imported


def digest(paths: Iterable[Path]) -> str:
    """What files hold and how they are called, as one number."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.relative_to(ROOT).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def test_files() -> dict[str, str]:
    """The files with tests, relative to the tree, with their digests."""
    found = sorted((ROOT / "tests").rglob("test_*.py"))
    return {path.relative_to(ROOT).as_posix(): digest([path]) for path in found}


def tree_key() -> str:
    """What the outcome of every test rests on: all but the files with tests themselves."""
    tops = ("adapters", "console", "fixtures", "tests", "widgets")
    files = (path for top in tops for path in (ROOT / top).rglob("*") if path.is_file())
    return digest(
        path
        for path in files
        if path.suffix not in (".pyc", ".mo")
        and not (path.name.startswith("test_") and path.suffix == ".py")
    )


def repeatable_environment() -> dict[str, str]:
    """The environment of the processes that run tests."""
    return {**os.environ, "PYTHONHASHSEED": "0"}


def lines_of(key: str, begin: tuple[str, ...] = ("tests/",)) -> Lines:
    """Of this state of the tree: what is kept, and what is asked for now.

    All of it takes about as long as the tests do; after a change of some files with tests
    only those are asked again. `begin` leaves files out whose path begins otherwise.
    """
    wanted = {file: now for file, now in test_files().items() if file.startswith(begin)}
    parts = _kept(key)
    known = {(file, was) for part in parts for file, was in part["files"].items()}
    missing = [file for file in wanted.items() if file not in known]
    if missing:
        _ask(key, missing)
        parts = _kept(key)
    return _merged(parts, wanted)


def _kept(key: str) -> list[Part]:
    found = sorted(KEPT.glob(f"lines-{key}-*.json.gz"))
    return [json.loads(gzip.decompress(path.read_bytes())) for path in found]


def _ask(key: str, files: list[tuple[str, str]]) -> None:
    """Have processes run the tests of these files; each leaves a part."""
    running = []
    for part in range(WORKERS):
        ours = dict(files[part::WORKERS])
        out = KEPT / f"lines-{key}-{digest([ROOT / file for file in ours])}.json.gz"
        asked = out.with_suffix(".asked")
        asked.write_text(json.dumps(ours), "utf-8")
        if ours:
            with out.with_suffix(".log").open("w") as log:
                command = [sys.executable, "-m", "bench.mutants.lines", str(asked), str(out)]
                environment = repeatable_environment()
                running.append(
                    subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
                )
    for each in running:
        each.wait()


def _merged(parts: list[Part], files: dict[str, str]) -> Lines:
    """What the parts say of the files as they are now."""
    seconds: dict[str, float] = {}
    tests: defaultdict[int, list[str]] = defaultdict(list)
    imported: set[int] = set()
    for part in parts:
        imported.update(part["imported"])
        now = {file for file, was in part["files"].items() if files.get(file) == was}
        for test, (taken, lines) in part["tests"].items():
            if test.partition("::")[0] not in now or test in seconds:
                continue
            seconds[test] = taken
            for line in lines:
                tests[line].append(test)
    for each in tests.values():
        each.sort(key=lambda test: (seconds[test], test))
    return Lines(seconds, dict(tests), frozenset(imported))


def main(asked: Path, out: Path) -> int:
    """One process of the asking: which files, and where the part goes."""
    files: dict[str, str] = json.loads(asked.read_text("utf-8"))
    numbers = {str(ROOT / path): number for number, path in enumerate(modules())}
    hits: set[int] = set()
    setattr(builtins, HIT, hits.add)
    Finder(
        frozenset(module_name(path) for path in modules()),
        lambda path: compile(
            with_hits(ast.parse(Path(path).read_text("utf-8")), numbers[path]),
            path,
            "exec",
            dont_inherit=True,
        ),
    ).install()
    ran = _Ran(hits)
    pytest.main([*OPTIONS, *(str(ROOT / file) for file in files)], plugins=[Repeatable(), ran])
    part: Part = {"files": files, "imported": ran.imported, "tests": ran.tests}
    unfinished = out.with_suffix(".unfinished")
    unfinished.write_bytes(gzip.compress(json.dumps(part).encode(), 3))
    unfinished.rename(out)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
