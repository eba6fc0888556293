"""Parts that are installed only where they are needed, and the sentence for one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from console.domain.message import Problem, msg

EXTRAS = {
    "docx": ("docx",),
    "excel": ("openpyxl",),
    "gateway": ("uvicorn", "h11"),
    "images": ("PIL", "textual_image"),
    "mqtt": ("aiomqtt", "paho"),
    "postgres": ("psycopg",),
}
"""Extra -> the modules that it brings."""


@contextmanager
def needed(extra: str) -> Iterator[None]:
    """Import what an extra brings.

    Args:
        extra: its name, one of `EXTRAS`.

    Raises:
        Problem: it is not installed; the sentence has the command that brings it.
    """
    try:
        yield
    except ImportError as error:
        module = (error.name or "").partition(".")[0]
        if module not in EXTRAS[extra]:
            raise
        raise Problem(msg("extra.missing", module=module, command=command(extra))) from error


def command(extra: str) -> str:
    """What brings an extra, as it is typed."""
    return f"pip install 'zhiban[{extra}]'"
