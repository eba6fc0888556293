"""One mutant in a process of its own, in which its module is changed from its import on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bench.mutants.lines import OPTIONS, Repeatable
from bench.mutants.load import Finder
from bench.mutants.mutant import ROOT, changed, module_name


class _Witness:
    """A plugin: the tests that are asked, and the first of them that fails."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = {test: place for place, test in enumerate(asked)}
        self.by = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self.asked]
        items.sort(key=lambda item: self.asked[item.nodeid])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.by = self.by or f"(collecting) {report.nodeid}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.by = self.by or report.nodeid


def main(path: Path) -> int:
    """Ask about the mutant that a file names; the answer is written beside it."""
    module, number, tests = json.loads(path.read_text("utf-8"))
    text = (ROOT / module).read_text("utf-8")
    Finder(frozenset({module_name(module)}), lambda origin: changed(text, origin, number)).install()
    witness = _Witness(tests)
    files = dict.fromkeys(str(ROOT / test.partition("::")[0]) for test in tests)
    pytest.main(["-x", *OPTIONS, *files], plugins=[Repeatable(), witness])
    path.with_suffix(".answer").write_text(witness.by, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
