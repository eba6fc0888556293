"""``pip install .`` and nothing else: every command works, or says what to install."""

from __future__ import annotations

import tomllib
from pathlib import Path

from console.extras import EXTRAS
from tests.cli_page import commands
from tests.forked import run_all

ARGUMENTS = {
    "do": ["new fire smoke at 人民路12号"],
    "incident": ["1"],
    "export": ["incidents"],
    "import": ["calls.csv", "--mapping", "none.toml"],
    "report": ["shift"],
    "gateway": ["--once"],
    "simulate": ["--port", "0"],
    "store backup": ["copy.sqlite"],
    "store restore": ["copy.sqlite"],
    "seat add": ["二席"],
    "seat disable": ["二席"],
    "unit add": ["P12", "--kind", "patrol"],
}
"""What a command needs to be asked for at all."""

MORE = {
    "simulate": "gateway",
    "simulate --broker mqtt://127.0.0.1:1": "gateway",
    "gateway --listen 127.0.0.1:0": "gateway",
    "report shift --format docx": "docx",
    "incidents --store postgresql://nobody@127.0.0.1:1/none": "postgres",
    "store upgrade --store postgresql://nobody@127.0.0.1:1/none": "postgres",
}
"""A line that needs an extra -> the extra."""


def test_every_command_works_or_says_what_to_install(tmp_path: Path) -> None:
    names = [name for name, _ in commands()]
    plain = ["do", *(name for name in names if name not in ("do", "simulate"))]
    lines = [[*name.split(), *ARGUMENTS.get(name, ())] for name in plain]
    lines += [line.split() for line in MORE]
    missing = [module for modules in EXTRAS.values() for module in modules]
    answers = run_all(tmp_path, [("", line) for line in lines], missing)
    wrong = []
    for line, (code, said) in zip(lines, answers, strict=True):
        extra = MORE.get(" ".join(line))
        if extra is not None:
            good = code in (1, 3) and f"pip install 'zhiban[{extra}]'" in said
        elif line[0] in ("watch", "demo", "wall", "doctor"):
            good = code in (1, 3)  # there is no terminal here
        elif line[0] == "import":
            good = code == 1 and "none.toml" in said
        else:
            good = code == 0
        if not good or "Traceback" in said:
            wrong.append((line, code, said))
    assert wrong == []


def test_the_extras_are_those_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    declared = project["project"]["optional-dependencies"].keys() - {"dev"}
    assert EXTRAS.keys() == declared
