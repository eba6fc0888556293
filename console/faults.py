"""A fault of the program itself: its trace is kept where only its owner can read it."""

from __future__ import annotations

import os
import traceback

from console import private
from console.domain.message import Problem
from console.early import data_folder

NAME = "fault.txt"


def keep(error: BaseException | None) -> str:
    """Write the trace of the last fault, without any value; returns the path, or "-"."""
    path = data_folder(os.environ) / NAME
    try:
        private.folder(path.parent)
        with os.fdopen(private.rewrite(path), "w", encoding="utf-8") as file:
            # The message of an exception may hold what somebody typed; its kind does not.
            for frame in traceback.extract_tb(error.__traceback__ if error else None):
                file.write(f"{frame.filename}:{frame.lineno} {frame.name}\n")
            file.write(f"{type(error).__name__}\n")
    except (OSError, Problem):
        return "-"
    return str(path)
