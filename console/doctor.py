"""What is wrong here, and what to do: terminal, locale, colours, widths, store, disk, clock."""

from __future__ import annotations

import locale
import os
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from console.domain.message import Message, Problem, msg
from console.early import data_folder

LEAST_DISK = 500 * 1024 * 1024
"""Bytes that should be free where the store is."""


FINE = msg("doctor.fine")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, whether it is well, and what to do if not.

    `what` is one of ``terminal locale colours widths size store journal disk rights clock``.
    """

    what: str
    ok: bool
    found: str | Message
    advice: Message = FINE


def examine(store: str | None, env: Mapping[str, str]) -> list[Finding]:
    """Look at everything the console depends on."""
    return [
        _terminal(env),
        _size(),
        _locale(),
        _colours(env),
        _widths(),
        *_store(store),
        _clock(),
    ]


def _terminal(env: Mapping[str, str]) -> Finding:
    name = env.get("TERM", "")
    tty = sys.stdout.isatty()
    found = f"TERM={name or '-'} {'tty' if tty else 'no tty'}"
    if env.get("SSH_CONNECTION"):
        found += " ssh"
    if env.get("TMUX"):
        found += " tmux"
    ok = bool(name) and name != "dumb"
    return Finding("terminal", ok, found, msg("doctor.terminal_advice"))


def _size() -> Finding:
    size = shutil.get_terminal_size()
    ok = size.columns >= 80 and size.lines >= 24
    return Finding("size", ok, f"{size.columns}x{size.lines}", msg("doctor.size_advice"))


def _locale() -> Finding:
    encoding = locale.getpreferredencoding(False)
    ok = encoding.lower().replace("-", "") == "utf8"
    return Finding("locale", ok, encoding, msg("doctor.locale_advice"))


def _colours(env: Mapping[str, str]) -> Finding:
    if env.get("NO_COLOR"):
        return Finding("colours", True, "NO_COLOR")
    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return Finding("colours", True, "16 777 216")
    return Finding("colours", True, "256" if "256" in env.get("TERM", "") else "16")


def _widths() -> Finding:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Finding("widths", True, "-")
    from console.terminal import box_lines_are_wide

    wide = box_lines_are_wide()
    return Finding("widths", True, "2 (ASCII)" if wide else "1")


def _store(store: str | None) -> list[Finding]:
    from console.settings import load
    from console.store import journal
    from console.store.engine import open_store, shown, sqlite_path

    try:
        chosen = load(store=store)
        opened = open_store(
            chosen.store,
            district=chosen.district,
            zone=chosen.zone,
            readonly=True,
            create=False,
        )
    except Problem as problem:
        return [Finding("store", False, problem.message, msg("doctor.store_advice"))]
    found = [Finding("store", True, shown(opened.url))]
    with opened.read() as tx:
        seq = journal.head(tx)[0]
    found.append(Finding("journal", True, str(seq)))
    path = sqlite_path(opened.url)
    if path is not None:
        found.append(_disk(path))
    found.append(_rights(path))
    opened.close()
    return found


def _rights(store: Path | None) -> Finding:
    """Which of our files others may read: the store with what lies beside it, and settings
    with a password in them.
    """
    from console.private import is_open
    from console.settings import exposed

    mine = (
        [store, *(store.with_name(store.name + one) for one in ("-wal", "-shm"))] if store else []
    )
    wide = [str(one) for one in mine if is_open(one)]
    if store is not None and is_open(store.parent) and store.parent == data_folder(os.environ):
        wide.append(str(store.parent))
    if (settings := exposed()) is not None:
        wide.append(str(settings))
    return Finding("rights", not wide, ", ".join(wide) or "0600", msg("doctor.rights_advice"))


def _disk(path: Path) -> Finding:
    free = shutil.disk_usage(path.parent).free
    writable = os.access(path, os.W_OK)
    return Finding(
        "disk",
        free >= LEAST_DISK and writable,
        f"{free // 2**20} MiB{'' if writable else ' read-only'}",
        msg("doctor.disk_advice"),
    )


def _clock() -> Finding:
    now = time.time()
    return Finding(
        "clock",
        now > 1_760_000_000,  # October 2025: a machine without a battery wakes in 1970
        time.strftime("%Y-%m-%d %H:%M:%S %z", time.localtime(now)),
        msg("doctor.clock_advice"),
    )
