"""The command line in this very process: as a subprocess's answer, without its start."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from typer.main import get_command

from console import cli_shared
from console.domain.message import Problem
from console.start import code_of, say


def zhiban(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with `folder` as home and place of the store."""
    from console.cli import app
    from console.cli_help import in_front, in_language

    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "ZHIBAN_STORE": str(folder / "zhiban.sqlite"),
    }
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    err = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    code = 0
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "argv", ["zhiban", *arguments]),
        mock.patch.object(cli_shared, "_lang", [None]),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            commands = get_command(app)
            understood = in_language(commands, sys.argv[1:])
            understood(in_front(commands, sys.argv[1:]), prog_name="zhiban")
        except SystemExit as leave:
            code = leave.code if isinstance(leave.code, int) else int(leave.code is not None)
        except Problem as problem:
            say(problem.message)
            code = code_of(problem)
    told = []
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
        told.append(stream.buffer.getvalue().decode("utf-8"))
    return subprocess.CompletedProcess(["zhiban", *arguments], code, *told)
