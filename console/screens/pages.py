"""The pages there are. Each is shown by the verb of the same id, whose key is its key."""

from __future__ import annotations

from importlib import import_module

from console.i18n import Translator
from console.screens.jobs import Jobs
from console.screens.page import Page

FIRST = "watch"
"""The page that is there at the first frame, and to which Esc leads back."""

PAGES: dict[str, str] = {
    "figures": "console.screens.figures:FiguresPage",
    "group": "console.screens.group:GroupPage",
    "links": "console.screens.links:LinksPage",
    "loops": "console.screens.loops:LoopsPage",
    "map": "console.screens.map:MapPage",
    "photo": "console.screens.photo:PhotoPage",
    "help": "console.screens.help:HelpPage",
    "watch": "console.screens.watch:WatchPage",
    "units": "console.screens.units:UnitsPage",
}
"""Id of the verb -> ``module:Class``, imported when the page is first shown."""


def make(verb: str, words: Translator, jobs: Jobs) -> Page:
    """A new page, not yet on the screen."""
    module, _, name = PAGES[verb].partition(":")
    page = getattr(import_module(module), name)(verb, words, jobs)
    assert isinstance(page, Page)
    return page
