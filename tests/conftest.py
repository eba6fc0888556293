"""What all tests share: fresh catalogues, and a store of each kind.

A test that asks for ``store_url`` runs once a kind of store: on SQLite always, on
PostgreSQL when one is reached. ``--store URL`` (or ``ZHIBAN_TEST_POSTGRES``) names the
PostgreSQL; one that is named must be there, and under CI there must be one. Without,
the tests that need it are skipped and the closing lines of the run say so.
``--store sqlite`` leaves PostgreSQL alone.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import is_hypothesis_test

from hatch_build import catalogues, compile_catalogue, stale
from tests import clean, postgres, scale
from tests.costs import costs
from widgets.cells import ambiguous_is_wide

pytest_plugins = ["pytester"]

LEFT: list[str] = []
"""What the workers left behind."""

COST = pytest.StashKey[Callable[[], float]]()

SQLITE = "sqlite"

SQL = ("tests.store", "tests.test_ground_stores")
"""Where the tests of the store itself are."""

MEMORY = Path("/dev/shm")
"""A disk in memory, where a machine has one: a store waits for its disk at every commit."""

if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

scale.load()


@pytest.fixture(autouse=True)
def narrow_terminal() -> None:
    """Every test begins at a terminal that draws ambiguous characters narrow, as most do.

    An app says so for its whole process: one that was told otherwise would tell the next test.
    """
    ambiguous_is_wide(False)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--store URL`, any number of times."""
    parser.addoption(
        "--store",
        action="append",
        default=[],
        metavar="URL",
        help="a PostgreSQL that store tests must run on too (SQLite always runs); "
        "'sqlite' for SQLite alone",
    )


def named_stores(config: pytest.Config) -> list[str]:
    """The stores that option or environment name."""
    named: list[str] = config.getoption("--store")
    if not named and (url := os.environ.get("ZHIBAN_TEST_POSTGRES")):
        named = [url]
    return named


def must_be_reached(config: pytest.Config) -> bool:
    """Whether a PostgreSQL that is not there fails the run."""
    return bool(named_stores(config)) or bool(os.environ.get("CI"))


def servers(config: pytest.Config) -> list[str]:
    """The PostgreSQL servers to run on, reached or not; none with ``--store sqlite``."""
    named = named_stores(config)
    return [url for url in named if not url.startswith(SQLITE)] if named else [postgres.FOUND_AT]


@cache
def why_not(url: str) -> str:
    """`postgres.reached`, asked once a process."""
    return postgres.reached(url)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues that are older than their source."""
    for source in catalogues(Path(__file__).parent.parent):
        if stale(source):
            compile_catalogue(source)


def pytest_sessionstart(session: pytest.Session) -> None:
    """A home for this process alone; stop at once when a PostgreSQL that must be there is not."""
    clean.move_in()
    if hasattr(session.config, "workerinput") or not must_be_reached(session.config):
        return
    for url in servers(session.config):
        if reason := why_not(url):
            pytest.exit(f"PostgreSQL was not reached at {url}: {reason}", returncode=1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One run of a test that asks for ``store_url`` on each kind of store."""
    if "store_url" not in metafunc.fixturenames:
        return
    urls = servers(metafunc.config)
    names = ["postgresql", *(f"postgresql-{n}" for n in range(2, len(urls) + 1))]
    # Where SQL is written both databases are tried every day; what only uses it does so in CI.
    marks = () if metafunc.module.__name__.startswith(SQL) else (pytest.mark.slow,)
    metafunc.parametrize(
        "store_url",
        [
            SQLITE,
            *(pytest.param(u, marks=marks, id=n) for u, n in zip(urls, names, strict=False)),
        ],
        indirect=True,
    )


@pytest.fixture(scope="session")
def databases() -> Iterator[dict[str, postgres.Database]]:
    """The databases that this process has made, by server; removed at the end."""
    made: dict[str, postgres.Database] = {}
    yield made
    for database in made.values():
        database.drop()


@pytest.fixture
def store_url(
    request: pytest.FixtureRequest, tmp_path: Path, databases: dict[str, postgres.Database]
) -> str:
    """The URL of an empty store: no file yet, or a database without a table."""
    server: str = request.param
    if server == SQLITE:
        return f"sqlite:///{tmp_path / 'store.sqlite'}"
    if reason := why_not(server):
        pytest.skip(f"PostgreSQL not reached at {server}: {reason}")
    if server not in databases:
        database = postgres.Database(server)
        database.create()
        databases[server] = database
    databases[server].empty()
    return databases[server].own_url


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is dear is slow; the dearest files first, so that at the end no worker waits for
    another, and each file in one piece, so that what its tests share is made once. Properties
    are marked.
    """
    known = costs()
    of_file: defaultdict[Path, float] = defaultdict(float)
    for item in items:
        of_file[item.path] += known.get(item.nodeid, 0.0)
        if item.nodeid in known:
            item.add_marker("slow")
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("searched")

    def place(item: pytest.Item) -> tuple[bool, float, Path]:
        marked = any(map(item.get_closest_marker, ("slow", "deep", "pty")))
        return not marked, -of_file[item.path], item.path

    items.sort(key=place)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Nothing is left: no process, no file at home. What a worker left, the first process tells."""
    left = clean.move_out()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left"] = left
    elif left := [*left, *LEFT]:
        print(f"\nLEFT BEHIND by the tests: {left}", flush=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended."""
    LEFT.extend(getattr(node, "workeroutput", {}).get("left", []))


def pytest_collection_finish() -> None:
    """Who makes stores gets copies, who has a pilot a quick one."""
    if "console.store.schema" in sys.modules:
        from tests import ready_stores

        ready_stores.install()
    if "textual.pilot" in sys.modules:
        from tests import quick_pilot

        quick_pilot.install()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note what a test costs the processors, its children's work included."""
    before = sum(os.times()[:4])
    item.stash[COST] = lambda: sum(os.times()[:4]) - before
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The cost goes with the report, so that it reaches the process that tells."""
    report = yield
    if report.when == "teardown":
        report.user_properties.append(("cpu", item.stash[COST]()))
    return report


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Say at once what failed: a run that is broken off never comes to its summary."""
    if (told := os.environ.get("ZHIBAN_TEST_TIMES")) and "PYTEST_XDIST_WORKER" not in os.environ:
        cpu = dict(report.user_properties).get("cpu", 0.0)
        with Path(told).open("a", encoding="utf-8") as out:
            out.write(f"{report.nodeid}\t{report.when}\t{report.duration:.4f}\t{cpu:.4f}\n")
    if report.failed and os.environ.get("CI") and "PYTEST_XDIST_WORKER" not in os.environ:
        print(f"\nFAILED {report.nodeid} ({report.when})\n{report.longreprtext}\n", flush=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which stores the run was on."""
    config = terminalreporter.config
    ran = [
        report
        for kind in ("passed", "failed", "error")
        for report in terminalreporter.getreports(kind)
        if "[postgresql" in report.nodeid
    ]
    skipped = [
        report
        for report in terminalreporter.getreports("skipped")
        if "[postgresql" in report.nodeid
    ]
    if not ran and not skipped:
        return
    terminalreporter.section("stores")
    for url in servers(config):
        if reason := why_not(url):
            terminalreporter.write_line(f"PostgreSQL NOT REACHED at {url}: {reason}")
            terminalreporter.write_line(
                f"{len(skipped)} tests were SKIPPED; they ran on SQLite only. "
                "Name a server: --store postgresql+psycopg://USER@HOST/DATABASE"
            )
        else:
            terminalreporter.write_line(f"SQLite, and PostgreSQL at {url}")
