"""Textual's pilot without its naps: it waits for messages, not for a share of the processor.

Behind every key the pilot sleeps twice until the process looks idle: forty milliseconds at rest,
seconds on a busy machine, and then it does not know either. `install` lets it wait until every
queue is empty instead, and for one frame where a pause was asked for. What comes from threads is
waited for by conditions (`stage.settle`).
"""

from __future__ import annotations

import asyncio

import textual.app
import textual.pilot
from textual._context import active_app

CALM = 3
"""Rounds of the event loop in a row in which nobody had a message."""

LONGEST = 500

FRAME = 0.02
"""Seconds until Textual has drawn what has changed."""


def install() -> None:
    """From now on every pilot of this process waits so."""
    for module, wait in ((textual.app, calm), (textual.pilot, drawn)):
        assert hasattr(module, "wait_for_idle"), "Textual's pilot waits in another way now"
        setattr(module, "wait_for_idle", wait)  # noqa: B010 - it is not exported


async def drawn(_least: float = 0, _most: float = 0) -> None:
    """Let everything that was said be handled, and drawn with the next frame."""
    await calm()
    await asyncio.sleep(FRAME)
    await calm()


async def calm(_least: float = 0, _most: float = 0) -> None:
    """Let the event loop go round until all messages have been handled."""
    app = active_app.get()
    seen = 0
    for _ in range(LONGEST):
        await asyncio.sleep(0)
        nodes = [app, *(app.screen.walk_children(with_self=True) if app._screen_stack else ())]
        seen = seen + 1 if all(node._message_queue.empty() for node in nodes) else 0
        if seen == CALM:
            return
