"""How the wall's memory goes: `python -m bench.wall STORE [CHANGES]`.

Changes panels as fast as they are drawn, looks at the store at every change, and prints the
resident memory (VmRSS of /proc) as it goes.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from console.desk.ruleset import load
from console.desk.walled import WallReader
from console.domain.clock import WallClock
from console.early import Early
from console.i18n import Translator
from console.screens.drawing import Drawing
from console.screens.wall import WallScreen
from console.store.engine import Store, open_store
from console.wall_app import WallApp

WARM = 300
"""Changes before the first figure: caches fill up to their bounds."""


def resident() -> int:
    """The process's resident memory, KiB."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS in /proc/self/status")


async def turns(screen: WallScreen, count: int) -> int:
    """Change the panel so many times, with a look at the store each; returns `resident`."""
    for _ in range(count):
        screen.read()
        screen.turn(1)
        while screen.jobs.busy():
            await asyncio.sleep(0.001)
        await asyncio.sleep(0)
    return resident()


async def measure(file: str, count: int) -> None:
    """Print the memory after each sixth of the changes."""

    def opened() -> Store:
        return open_store(file, readonly=True, create=False)

    reader = WallReader(opened, WallClock())
    store = reader.open()
    drawing = Drawing(Translator("zh"), load(), store.zone, store.district)
    early = Early(lang="zh", theme="dark", light=False, ascii=False)
    app = WallApp(early, drawing, reader, every=3_600)
    async with app.run_test(size=(200, 60)):
        screen = app.screen
        assert isinstance(screen, WallScreen)
        begun = time.monotonic()
        first = await turns(screen, WARM)
        print(f"after {WARM:,} changes: {first:,} KiB", flush=True)
        for part in range(1, 7):
            now = await turns(screen, count // 6)
            seconds = time.monotonic() - begun
            done = WARM + part * (count // 6)
            print(f"after {done:,}: {now:,} KiB ({now - first:+,}), {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    asyncio.run(measure(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3_000))
