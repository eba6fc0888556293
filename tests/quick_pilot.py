"""Textual's pilot without its naps: it waits for messages, not for a share of the processor.

Behind every key the pilot sleeps twice until the process looks idle: forty milliseconds at rest,
seconds on a busy machine, and then it does not know either. `install` lets it wait until every
queue is empty instead. What comes from threads is waited for by conditions (`stage.settle`).
"""

from __future__ import annotations

import asyncio

import textual.app
import textual.pilot
from textual._context import active_app

CALM = 3
"""Rounds of the event loop in a row in which nobody had a message."""

LONGEST = 500


def install() -> None:
    """From now on every pilot of this process waits so."""
    for module in (textual.app, textual.pilot):
        assert hasattr(module, "wait_for_idle"), "Textual's pilot waits in another way now"
        setattr(module, "wait_for_idle", calm)  # noqa: B010 - it is not exported


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
