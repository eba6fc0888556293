"""Commands as the program itself, with real streams: opened once, forked for each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SCRIPT = """
import importlib, json, os, pkgutil, sys

asked, blocked = json.loads(sys.argv[1]), set(json.loads(sys.argv[2]))

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import console.desk, console.store
from console import doctor, launch, reports, settings, start, written, written_docx, written_html
from console.cli import app
for room in (console.desk, console.store):
    for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
        if "migrations" in module.name:
            continue
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            if error.name not in blocked:
                raise

answers = []
for how, argv in asked:
    told, telling = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(telling, 2)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        if how == "full":
            os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
        elif how == "gone":
            gone, out = os.pipe()
            os.close(gone)
            os.dup2(out, 1)
        elif how == "closed":
            os.close(0)
            os.close(1)
        else:
            os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
        os.closerange(3, 64)
        sys.stdout = open(1, "w", closefd=False) if how != "closed" else None
        sys.stderr = open(2, "w", closefd=False)
        sys.stdin = open(0, closefd=False) if how != "closed" else None
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


def run_all(
    home: Path, asked: Sequence[tuple[str, Sequence[str]]], missing: Sequence[str] = ()
) -> list[tuple[int, str]]:
    """What commands end with and say on stderr.

    Args:
        home: home, place of the store, and where they run.
        asked: where stdout leads (``full``, ``gone``, ``closed`` as stdin is then, or "" for
            nowhere), and the words of the command.
        missing: modules that are as if they were not installed.
    """
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(asked), json.dumps(missing)],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "ZHIBAN_STORE": str(home / "zhiban.sqlite"),
            "ZHIBAN_LANG": "en",
        },
    )
    assert done.returncode == 0, done.stderr
    return [(code, said) for code, said in json.loads(done.stdout)]
