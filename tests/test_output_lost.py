"""Output that cannot be handed on: a full disk, a reader who has gone, a closed stream.

One process opens the program once and forks for each command: the streams are real ones.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.in_process import zhiban

SCRIPT = """
import importlib, json, os, pkgutil, sys
import console.desk, console.store
from console import doctor, launch, reports, settings, start, written, written_docx, written_html
from console.cli import app
for room in (console.desk, console.store):
    for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)

answers = []
for how, argv in json.loads(sys.argv[1]):
    told, telling = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(telling, 2)
        if how == "full":
            os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
        elif how == "gone":
            gone, out = os.pipe()
            os.close(gone)
            os.dup2(out, 1)
        else:
            os.close(1)
        os.closerange(3, 64)
        sys.stdout = open(1, "w", closefd=False) if how != "closed" else None
        sys.stderr = open(2, "w", closefd=False)
        sys.argv = ["zhiban", *argv]
        code = 0
        try:
            start.main()
        except SystemExit as leave:
            code = leave.code or 0
        except BaseException:
            import traceback
            traceback.print_exc()
            code = 99
        sys.stderr.flush()
        if sys.stdout is not None:
            sys.stdout.flush()
        os._exit(code)
    os.close(telling)
    said = b""
    while part := os.read(told, 65536):
        said += part
    os.close(told)
    answers.append([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()])
print(json.dumps(answers))
"""

COMMANDS = (
    ("--version",),
    ("--help",),
    ("incidents",),
    ("incidents", "--json"),
    ("incident", "1"),
    ("incident", "1", "--json"),
    ("export", "incidents"),
    ("export", "incidents", "--format", "csv"),
    ("export", "journal"),
    ("export", "figures", "--format", "csv", "--bom"),
    ("export", "1", "--format", "cap"),
    ("report", "shift"),
    ("report", "shift", "--format", "html"),
    ("report", "shift", "--format", "docx"),
    ("store", "verify", "--json"),
    ("seat", "list"),
    ("seat", "list", "--json"),
    ("unit", "list", "--json"),
    ("links", "--json"),
    ("loops",),
    ("usual", "--json"),
    ("map", "--json"),
    ("figures",),
    ("doctor",),
    ("do", "find fire", "--json"),
)


@pytest.mark.parametrize("how", ["full", "gone", "closed"])
def test_is_a_sentence_and_no_trace(tmp_path: Path, how: str) -> None:
    if how == "full" and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    assert zhiban(tmp_path, "do", "new fire smoke at 人民路12号").returncode == 0
    commands = COMMANDS if how == "full" else COMMANDS[:4]
    asked = [(how, [*one, "--lang", "en"] if one[0][0] != "-" else one) for one in commands]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(asked)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "ZHIBAN_STORE": str(tmp_path / "zhiban.sqlite"),
            "ZHIBAN_LANG": "en",
        },
    )
    assert done.returncode == 0, done.stderr
    wrong = []
    for command, (code, said) in zip(commands, json.loads(done.stdout), strict=True):
        if code != 1 or "could not be written" not in said or "Traceback" in said:
            wrong.append((command, code, said))
    assert wrong == []
