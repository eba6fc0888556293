"""The app of the wall (大屏): read-only, large, rotating, for the center's screen.

It is a program of its own beside the console: no seat, no verbs, and a store that is opened for
reading only. It is made to stand for weeks: the widgets are made once, what was drawn is kept up to
a bound, and a store that goes away is a sentence until it is back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from console.domain.message import Problem, msg
from console.early import Early
from console.i18n import Translator
from console.screens.drawing import Drawing
from console.screens.wall import WallScreen
from console.screens.wall_drawing import FIELD_LINES, PANELS
from widgets.cells import ambiguous_is_wide
from widgets.lean import LeanApp
from widgets.themes import THEMES

if TYPE_CHECKING:
    from console.desk.walled import WallReader

__all__ = ["PANELS", "WallApp"]


class WallApp(LeanApp[None]):
    """The wall.

    Args:
        early: language, theme and terminal.
        drawing: names and moments; its words are those of `early`'s language.
        reader: reads the store and its time; it is let go of at the end.
        panels: which panels come round.
        every: seconds that a panel stands.
        center: the district's name.
        ascii_only: draw in ASCII.
    """

    CSS = f"""
    WallScreen {{ layout: vertical; }}
    #wall-lines {{ height: 1fr; }}
    #wall-charts {{ height: 1fr; display: none; }}
    #wall-towns {{ height: 1fr; display: none; }}
    #wall-day {{ width: 5fr; }}
    #wall-week {{ width: 4fr; margin-left: 2; }}
    WallScreen.-field #wall-lines {{ height: {FIELD_LINES}; }}
    WallScreen.-field #wall-charts {{ display: block; }}
    WallScreen.-towns #wall-lines {{ display: none; }}
    WallScreen.-towns #wall-towns {{ display: block; }}
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    TITLE = "zhiban wall"

    def __init__(
        self,
        early: Early,
        drawing: Drawing,
        reader: WallReader,
        *,
        panels: Sequence[str] = PANELS,
        every: float = 15.0,
        center: str = "",
        ascii_only: bool = False,
    ) -> None:
        super().__init__()
        self.words: Translator = drawing.words
        self.failure: Problem | None = None
        """Why it ended by itself; said on stderr when the screen is gone."""
        self._reader = reader
        self._wall = WallScreen(self.words, drawing, reader, panels, every, center)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = f"zhiban-{early.theme}"
        self.set_class(ascii_only, "-ascii")
        ambiguous_is_wide(ascii_only)

    def get_default_screen(self) -> WallScreen:
        """The one screen."""
        return self._wall

    def _fatal_error(self) -> None:
        """A fault of the program itself: a sentence, its trace in a file."""
        from console.faults import keep

        path = keep(self._exception)
        kind = type(self._exception).__name__
        self.failure = Problem(msg("app.fault", kind=kind, path=path))
        self._close_messages_no_wait()

    def on_unmount(self) -> None:
        """Let a look that is under way finish, then close the store."""
        self._wall.jobs.close()
        self._reader.close()

    async def action_quit(self) -> None:
        """Leave."""
        self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+C leaves, too: there is nothing to lose."""
        self.exit()
