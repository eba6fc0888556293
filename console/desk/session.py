"""A console's session: the desk of its seat and what runs beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.message import Message, msg
from console.store.standing import Standing

if TYPE_CHECKING:
    from console.desk.desk import Desk
    from console.desk.drills import Engine
    from console.desk.gateway import Gateway
    from console.desk.photos import Reach


@dataclass
class Session:
    """What the screen works with once the store is open.

    `engine` plays a scenario (demo and drill); it is made when the session starts.
    """

    desk: Desk
    gateway: Gateway | None = None
    make_engine: Callable[[Desk], Engine] | None = None
    center: str = ""
    bell: bool = True
    notify: bool = True
    light: bool = False
    keys: dict[str, str] = field(default_factory=dict)
    reach: Reach | None = None
    """How a picture's system is reached; None when this console has no links."""
    at_end: Callable[[], None] | None = None
    reports: Path | None = None
    """Folder of the reports that are written from the screen; None writes none."""

    def __post_init__(self) -> None:
        self.standing = Standing(self.desk.store, self.desk.clock)
        self._stop = threading.Event()
        self._player: threading.Thread | None = None
        self.trouble: Message | None = None
        """Why the scenario stopped by itself."""

    def start(self) -> None:
        """Start the gateway, the scenario, and looking after the store."""
        self.standing.start()
        if self.gateway is not None:
            self.gateway.start()
        if self.make_engine is not None:
            engine = self.make_engine(self.desk)
            self._player = threading.Thread(
                target=self._play, args=(engine,), name="scenario", daemon=True
            )
            self._player.start()

    def _play(self, engine: Engine) -> None:
        """Play the scenario; a fault ends it and is shown, not swallowed."""
        try:
            engine.run(self._stop)
        except Exception as error:
            if self._stop.is_set():
                return  # the store was closed under it
            self.trouble = msg("screen.scenario_fault", reason=f"{type(error).__name__}: {error}")
            raise

    def stop(self) -> None:
        """End everything, in order; the store is closed last."""
        self._stop.set()
        self.standing.stop()
        if self._player is not None:
            self._player.join(timeout=5)
        if self.gateway is not None:
            self.gateway.stop()
        self.desk.store.close()
        if self.at_end is not None:
            self.at_end()
