"""The app shell: themes, language, the first frame, and the hand-over to the session.

The first frame needs neither the store nor the network nor charts; they are imported
by `launch`, in a thread, once the chrome is on the screen.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from console.domain.message import Problem, msg
from console.early import THEMES as THEME_NAMES
from console.early import Early
from console.i18n import Translator
from console.screens.main import MainScreen
from console.store import courtesy
from widgets.cells import ambiguous_is_wide
from widgets.lean import LeanApp
from widgets.themes import THEMES

if TYPE_CHECKING:
    from console.desk.session import Session
    from console.launch import Glimpse, Show


class ZhibanApp(LeanApp[None]):
    """The console.

    Args:
        early: language, theme and terminal, as far as the first frame needs them.
        launch: opens the store and returns the session; called in a thread after the
            first frame, with where to show what can be seen before. A `Problem` that it
            raises ends the app with its sentence.
        ascii_only: draw frames in ASCII (a terminal that draws box lines wide).
    """

    CSS = """
    MainScreen { layout: vertical; }
    #body { height: 1fr; }
    #floor { height: 1fr; }
    #left { width: 33fr; }
    #right { width: 27fr; padding-left: 1; }
    #charts { width: 22fr; padding-left: 1; display: none; }
    MainScreen.-wide #charts.-drawn { display: block; }
    #queue { height: 1fr; }
    #units { height: 8; }
    #incident { height: 3fr; }
    #timeline { height: 2fr; }
    #form { height: 14; }
    #alert { height: 1; }
    #line { height: 1; }
    MainScreen.-narrow #floor { layout: vertical; }
    MainScreen.-narrow #left { width: 1fr; height: 11fr; }
    MainScreen.-narrow #right { width: 1fr; height: 8fr; padding-left: 0; }
    MainScreen.-short #strip { height: 1; }
    MainScreen.-short #units { height: 3; }
    MainScreen.-short.-narrow #units { height: 2; }
    MainScreen.-short.-narrow #timeline { display: none; }
    MainScreen.-form.-short #form { height: 8; }
    MainScreen.-form.-short #units { display: none; }
    MainScreen.-form.-narrow #units { display: none; }
    MainScreen.-form.-narrow #timeline { display: none; }
    MainScreen.-form.-narrow #left { height: 1fr; }
    MainScreen.-form.-narrow #right { height: 4; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    TITLE = "zhiban"

    class Seen(Message):
        """The head of the queue can be seen; the session is still being opened."""

        def __init__(self, glimpse: Glimpse) -> None:
            super().__init__()
            self.glimpse = glimpse

    class Ready(Message):
        """The session is open."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    class Failed(Message):
        """The session could not be opened."""

        def __init__(self, problem: Problem) -> None:
            super().__init__()
            self.problem = problem

    def __init__(
        self, early: Early, launch: Callable[[Show], Session], *, ascii_only: bool = False
    ) -> None:
        super().__init__()
        # The store is imported in a thread while the screen is drawn: short turns.
        sys.setswitchinterval(0.001)
        self.words = Translator(early.lang)
        self.early = early
        self.failure: Problem | None = None
        """Why the console could not open; said on stderr when the screen is gone."""
        self._launch = launch
        self._session: Session | None = None
        self._leaving: asyncio.Task[None] | None = None
        """Waits for the first frame, when somebody wants to leave before it."""
        self._screen = MainScreen(self.words)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = f"zhiban-{early.theme}"
        self.set_class(ascii_only, "-ascii")
        ambiguous_is_wide(ascii_only)

    def _fatal_error(self) -> None:
        """A fault of the program itself: said in a sentence, its trace kept in a file.

        Textual's own way prints the trace with every local value, callers' among them.
        """
        from console.faults import keep

        path = keep(self._exception)
        kind = type(self._exception).__name__
        self.failure = Problem(msg("app.fault", kind=kind, path=path))
        self._screen.give_up()
        self._close_messages_no_wait()

    def get_default_screen(self) -> MainScreen:
        """The one screen."""
        return self._screen

    def on_mount(self) -> None:
        """After the first frame, open the session.

        In a thread for which nobody waits: a server that does not answer does not keep an
        officer who wants to leave.
        """
        opening = threading.Thread(target=self._open, name="opening", daemon=True)
        self.call_after_refresh(opening.start)

    def _open(self) -> None:
        try:
            session = self._launch(lambda glimpse: self.post_message(self.Seen(glimpse)))
        except Problem as problem:
            self.post_message(self.Failed(problem))
            return
        except Exception as error:
            # A fault of the program: it is told whole, and the console does not sit there.
            from console.faults import keep

            keep(error)
            reason = f"{type(error).__name__}: {error}"
            self.post_message(self.Failed(Problem(msg("screen.fault", reason=reason))))
            return
        if not self.post_message(self.Ready(session)):
            session.stop()  # the officer has left meanwhile

    async def on_event(self, event: events.Event) -> None:
        """Keys from the terminal ask the screen first where they belong.

        What comes behind a page's key is for that page, in the order in which it was typed: it
        waits until the page is there.
        """
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            await self._screen.turned()
        fresh = isinstance(event, events.Key) and not event.is_forwarded
        if fresh:
            courtesy.HERE.key()
        if fresh and self.screen is self._screen and self._screen.is_mounted:
            assert isinstance(event, events.Key)
            if self._screen.route(event):
                return
        await super().on_event(event)

    def on_zhiban_app_seen(self, message: Seen) -> None:
        """Show the rows; what can be done with them comes with the session."""
        if self._session is None:
            self._screen.watch_page.glimpse(message.glimpse)

    def on_zhiban_app_ready(self, message: Ready) -> None:
        """Fill the screen."""
        self._session = message.session
        self._screen.connect(message.session)
        # What is loaded by now stays: a full collection would stop the screen for long.
        # There has been none since the start (`console.start`).
        gc.collect()
        gc.freeze()
        gc.enable()
        threading.Thread(target=message.session.start, daemon=True).start()

    def on_zhiban_app_failed(self, message: Failed) -> None:
        """Leave with a sentence."""
        self.failure = message.problem
        self.exit()

    def leave_by(self, code: int) -> None:
        """Leave; what was being typed is kept for the next time.

        Who asks before the first frame waits for it: half a screen cannot be taken down.
        """
        if not self._screen.is_mounted:
            self._leaving = asyncio.create_task(self._leave_when_there(code))
            return
        self._screen.entry.keep_now()
        self._screen.intake.keep_now()
        super().leave_by(code)

    async def _leave_when_there(self, code: int) -> None:
        await self._screen.turned()
        super().leave_by(code)

    def on_unmount(self) -> None:
        """Let running writes finish, then close the store."""
        self._screen.jobs.close()
        if self._session is not None:
            self._session.stop()

    async def action_quit(self) -> None:
        """Ctrl+Q asks once more."""
        self._screen.ask_to_leave()

    def action_help_quit(self) -> None:
        """Ctrl+C, which leaves other programs, asks the same."""
        self._screen.ask_to_leave()

    def next_theme(self, name: str | None = None) -> str:
        """Change the theme; without a name to the next one. Returns its name."""
        now = self.theme.removeprefix("zhiban-")
        if name is None:
            name = THEME_NAMES[(THEME_NAMES.index(now) + 1) % len(THEME_NAMES)]
        self.theme = f"zhiban-{name}"
        return name

    def desktop_notice(self, text: str) -> None:
        """Tell the desktop through the terminal (OSC 9 and OSC 777).

        Args:
            text: a sentence of ours; control characters are taken out all the same.
        """
        plain = "".join(c for c in text if c.isprintable() and c not in ";\\")
        driver = self._driver
        if driver is not None:
            driver.write(f"\x1b]9;{plain}\x07\x1b]777;notify;zhiban;{plain}\x07")
