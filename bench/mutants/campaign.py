"""Asks the tests about mutants: one forked child each, from a process that has everything loaded.

The tests are collected once. A child gives the changed function its new code, where it
stands in memory, and runs the tests that pass the changed line, the quick ones first,
until one fails. Nothing is ever written into the tree. What is changed in code that runs
while modules are imported, and was not noticed so, is asked about again by a new process
(`fresh`).
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import json
import os
import random
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bench.mutants.lines import OPTIONS, WORKERS, Lines, Repeatable
from bench.mutants.load import Functions, functions, put
from bench.mutants.mutant import ROOT, Mutant, modules
from bench.mutants.outcome import Outcome, Verdict

MEMORY = Path("/dev/shm")
TICK_S = 0.05
BUSY, IDLE = 10, 120
"""A test that has worked, or waited, for so many seconds and so many times its usual ones
never ends. Work is counted by the processor's time: a busy machine is no mutant's fault."""

MOST_BYTES = 6 << 30


@dataclass(frozen=True)
class Bounds:
    """How much is asked about one mutant: in tests, and in the seconds that they usually take."""

    seconds: float = 10.0
    tests: int = 400

    def cut(self, tests: Sequence[str], seconds: dict[str, float]) -> list[str]:
        """The first tests that stay within the bounds; always one."""
        taken: list[str] = []
        total = 0.0
        for test in tests[: self.tests]:
            total += seconds[test]
            if taken and total > self.seconds:
                break
            taken.append(test)
        return taken


@dataclass
class Child:
    """A process that asks tests, and what it has said so far."""

    mutant: Mutant | None
    tests: list[str]
    pid: int
    pipe: int
    home: Path
    told: bytes = b""
    waited: float = 0.0
    at: str = ""
    said: str = ""
    ended: bool = False
    stuck: bool = False

    def listen(self) -> None:
        """Read what it says: ``at TEST`` before each, and one word at the end."""
        while select.select([self.pipe], [], [], 0)[0]:
            heard = os.read(self.pipe, 65536)
            if not heard:
                self.ended = True
                return
            self.told += heard
            *lines, self.told = self.told.split(b"\n")
            for line in lines:
                word, _, rest = line.decode().partition(" ")
                if word == "at":
                    self.at, self.waited = rest, 0.0
                else:
                    self.said = word

    def end(self) -> None:
        """Whatever it has started ends with it."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        self.stuck |= os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF
        os.close(self.pipe)
        shutil.rmtree(self.home, ignore_errors=True)


@dataclass(eq=False)
class Campaign:
    """A pytest plugin: in place of running the tests, it asks them about the mutants."""

    mutants: Sequence[Mutant]
    lines: Lines
    bounds: Bounds
    tell: Callable[[Verdict], None]
    items: dict[str, pytest.Item] = field(default_factory=dict)
    existing: Functions = field(default_factory=dict)
    trusted: set[str] = field(default_factory=set)
    """Tests that pass alone when nothing is changed: only such a one is a witness."""
    refused: set[str] = field(default_factory=set)
    failed: bool = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """In a child: whether the test that runs has failed."""
        self.failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All mutants, two at a time."""
        self.items = {item.nodeid: item for item in session.items}
        for path in modules():
            importlib.import_module(path.removesuffix(".py").replace("/", "."))
        self.existing = functions(frozenset(str(ROOT / path) for path in modules()))
        gc.collect()
        gc.freeze()
        waiting = deque(self.mutants)
        running: list[Child] = []
        try:
            while waiting or running:
                while waiting and len(running) < WORKERS:
                    self.begin(waiting.popleft(), running)
                if running:
                    select.select([child.pipe for child in running], [], [], TICK_S)
                for child in [*running]:
                    child.waited += TICK_S
                    child.listen()
                    if child.ended or self.gave_up(child):
                        running.remove(child)
                        child.end()
                        self.done(child, waiting)
        finally:
            for child in running:
                child.end()
        return True

    def asked(self, mutant: Mutant) -> tuple[list[str], int]:
        """The tests to ask about a mutant, and how many there were to choose from."""
        known = [
            test
            for test in self.lines.of(mutant)
            if test in self.items and test not in self.refused
        ]
        return self.bounds.cut(known, self.lines.seconds), len(known)

    def begin(self, mutant: Mutant, running: list[Child]) -> None:
        """Ask about one mutant; at once when there is no test to ask."""
        tests, _ = self.asked(mutant)
        if tests:
            running.append(self.fork(mutant, tests))
        else:
            self.tell(Verdict(mutant, Outcome.NOT_COVERED))

    def gave_up(self, child: Child) -> bool:
        """Whether the test that runs waits for ever. What is counted is our own turns."""
        child.stuck = child.waited > IDLE * (1 + self.lines.seconds.get(child.at, 0.0))
        return child.stuck

    def done(self, child: Child, waiting: deque[Mutant]) -> None:
        """What a child's end says of its mutant."""
        mutant = child.mutant
        assert mutant is not None
        _, covering = self.asked(mutant)
        if child.stuck:
            outcome = Outcome.TIMEOUT
        elif child.said in ("survived", "cannot"):
            outcome = Outcome.SURVIVED
        else:
            # Said "killed", or died: a crash is noticed.
            outcome = Outcome.KILLED
        if outcome is not Outcome.SURVIVED and child.at and not self.trust(child.at):
            waiting.append(mutant)
            return
        at = child.at if outcome is not Outcome.SURVIVED else ""
        asked = child.tests.index(child.at) + 1 if child.at else 0
        if outcome is Outcome.SURVIVED and (child.said == "cannot" or self.lines.at_import(mutant)):
            outcome, at = fresh(mutant, child.tests)
        self.tell(Verdict(mutant, outcome, at, asked, covering))

    def trust(self, test: str) -> bool:
        """Whether a test passes alone when nothing is changed: asked once."""
        if test not in self.trusted:
            child = self.fork(None, [test])
            while not child.ended and not self.gave_up(child):
                select.select([child.pipe], [], [], TICK_S)
                child.waited += TICK_S
                child.listen()
            child.end()
            if child.stuck or child.said != "survived":
                print(f"fails alone, and is asked no more: {test}", flush=True)
                self.refused.add(test)
                return False
            self.trusted.add(test)
        return True

    def fork(self, mutant: Mutant | None, tests: list[str]) -> Child:
        """A child that asks `tests` about `mutant`, or whether they pass at all."""
        home = Path(tempfile.mkdtemp(prefix="mutant-", dir=MEMORY if MEMORY.is_dir() else None))
        reads, writes = os.pipe()
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            os.close(writes)
            os.set_blocking(reads, False)
            return Child(mutant, tests, pid, reads, home)
        try:
            os.setpgid(0, 0)
            os.close(reads)
            self.ask(mutant, tests, writes, home)
        except BaseException:
            traceback.print_exc()
            os.write(writes, b"killed\n")
        finally:
            os._exit(0)

    def ask(self, mutant: Mutant | None, tests: list[str], pipe: int, home: Path) -> None:
        """In the child: the tests one after another, until one fails."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        for known in (0, 1, 2):
            os.dup2(nowhere, known)
        faulthandler.disable()
        os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ["TMPDIR"] = str(home)
        tempfile.tempdir = str(home)
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
        random.seed(0)
        if mutant is not None and not put(mutant.code(), self.existing):
            os.write(pipe, b"cannot\n")
            return
        items = [self.items[test] for test in tests]
        for item, after in zip(items, [*items[1:], None], strict=True):
            os.write(pipe, f"at {item.nodeid}\n".encode())
            usual = self.lines.seconds.get(item.nodeid, 0.0)
            signal.setitimer(signal.ITIMER_PROF, BUSY * (1 + usual))
            item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                os.write(pipe, b"killed\n")
                return
        os.write(pipe, b"survived\n")


def fresh(mutant: Mutant, tests: list[str]) -> tuple[Outcome, str]:
    """Ask a new process, in which the module is changed from its import on."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as home:
        asked = Path(home) / "asked.json"
        asked.write_text(json.dumps([mutant.path, mutant.number, tests]), "utf-8")
        try:
            subprocess.run(
                [sys.executable, "-m", "bench.mutants.fresh", str(asked)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=600,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Outcome.TIMEOUT, ""
        answer = asked.with_suffix(".answer")
        if not answer.exists():
            return Outcome.KILLED, "(importing)"
        by = answer.read_text("utf-8")
        return (Outcome.KILLED, by) if by else (Outcome.SURVIVED, "")


def run(
    mutants: Iterable[Mutant], lines: Lines, bounds: Bounds, tell: Callable[[Verdict], None]
) -> None:
    """Ask the tests about all of them, telling each verdict as it comes."""
    campaign = Campaign(list(mutants), lines, bounds, tell)
    if campaign.mutants:
        files = sorted({test.partition("::")[0] for test in lines.seconds})
        paths = (str(ROOT / file) for file in files)
        pytest.main([*OPTIONS, *paths], plugins=[Repeatable(), campaign])
