"""Verbs of the screen: they change what is seen, not what is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from console.desk.verb import Command
from console.domain.message import Message, Problem, msg
from console.i18n import Translator

if TYPE_CHECKING:
    from console.screens.main import MainScreen
    from console.screens.reading import Window
    from console.store.queue import QueueRow


def language(screen: MainScreen, command: Command) -> None:
    """Speak the other language, or the one that is named."""
    other = {"zh": "en", "en": "zh"}[screen.words.lang]
    screen.words.set_language(command.words[0] if command.words else other)
    screen.relabel()
    screen.say(msg("screen.language"), "good")


def theme(screen: MainScreen, command: Command) -> None:
    """Change the colours: the next theme, or the one that is named."""
    name = screen.app.next_theme(command.words[0] if command.words else None)  # type: ignore[attr-defined]
    screen.say(msg("screen.theme", theme=Message(f"theme.{name}")), "good")


def filter_queue(screen: MainScreen, command: Command) -> None:
    """Show only what fits the words; all without any."""
    assert screen.session is not None
    from console.desk.filtering import read_filter

    try:
        chosen = read_filter(command.words, screen.session.desk)
    except Problem as problem:
        screen.say(problem.message, "error")
        return
    words = " ".join(command.words)
    screen.watch_page.set_filter(chosen, words, command.words)
    screen.front()
    if words:
        drawing = screen.drawing
        told = drawing.filtered(command.words) if drawing is not None else words
        screen.say(msg("filter.set", words=told), "good")
    else:
        screen.say(msg("filter.cleared"), "dim")


def find(screen: MainScreen, command: Command) -> None:
    """Search all incidents, and show them in the queue's place."""
    assert screen.session is not None
    from console.desk.filtering import find_incidents, sought

    desk, words, wanted = screen.session.desk, " ".join(command.words), sought(command)
    screen.watch_page.searching += 1

    def failed() -> None:
        screen.watch_page.searching = 0

    def found(rows: tuple[QueueRow, ...]) -> None:
        screen.watch_page.searching = 0
        screen.front()
        screen.watch_page.show_found(words, rows, wanted)
        if rows:
            screen.say(msg("find.found", n=len(rows), words=words), "good")
        else:
            screen.say(msg("find.none", words=words), "warn")

    screen.jobs.read("find", lambda: find_incidents(desk, wanted), found, failed)


def select(screen: MainScreen, command: Command) -> None:
    """Go to an incident: in the queue where it stands there, else as a search that found it."""
    assert screen.session is not None
    assert command.incident is not None
    from console.screens import reading

    desk, id_, page = screen.session.desk, command.incident, screen.watch_page
    shown = page.filter

    def there(answer: tuple[Window | None, tuple[QueueRow, ...]]) -> None:
        window, rows = answer
        screen.front()
        if window is not None:
            page.jump(window, id_)
        else:
            page.show_found(command.line.strip(), rows)

    screen.jobs.read("find", lambda: reading.whereabouts(desk, shown, id_), there)


def report(screen: MainScreen, command: Command) -> None:
    """Write a report into the folder of reports, beside the drawing thread."""
    session, lang = screen.session, screen.words.lang
    assert session is not None
    folder = session.reports

    def work() -> Path:
        from console.desk.asking import read_asked
        from console.desk.reporting import period_asked
        from console.desk.reporting import report as made
        from console.reports import keep, rendered

        if folder is None:
            raise Problem(msg("report.no_folder"))
        desk = session.desk
        asked = read_asked(command.words, desk.rules.shifts)
        period = period_asked(desk, asked.kind, asked.day, asked.shift)
        document = made(desk, period, session.center)
        # The screen may change its language meanwhile: the report keeps its own.
        data = rendered(document, asked.form, Translator(lang))
        return keep(folder, document.name, asked.form, data)

    def done(path: Path) -> None:
        screen.say(msg("report.written", path=str(path)), "good")

    screen.say(msg("report.making"), "dim")
    # Verbs do not wait for a report; and none of two takes the other's place.
    screen.jobs.read(f"report {next(_REPORTS)}", work, done, leisure=True)


_REPORTS = count(1)

ACTS: dict[str, Callable[[MainScreen, Command], None]] = {
    "language": language,
    "theme": theme,
    "quit": lambda screen, _command: screen.ask_to_leave(),
    "filter": filter_queue,
    "find": find,
    "select": select,
    "palette": lambda screen, _command: screen.open_palette(),
    "seen": lambda screen, _command: screen.status.seen(),
    "report": report,
    "new": lambda screen, _command: screen.intake.open(),
}
"""Id of the verb -> what it does. Those that show a page stand in `console.screens.pages`."""

SESSIONLESS = frozenset({"language", "theme", "quit"})
"""What can be done while the store is still being opened."""
