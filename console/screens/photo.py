"""The photo page (Ctrl+O): the pictures of one incident, fetched when they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from console.domain.message import Message as Words
from console.domain.message import Problem, msg
from console.i18n import Translator
from console.screens.jobs import Jobs
from console.screens.page import Page
from widgets.lines import LinesView

if TYPE_CHECKING:
    from PIL.Image import Image

    from console.store.photos import NamedPhoto

SMALL = (44, 14)
"""Cells of a picture that costs much, or on a slow line, until the officer wants it larger."""


BYTES = 22_000
"""A picture that takes more is drawn small at first."""


class Frame(Vertical):
    """Where the picture stands; it has a size only when it has been laid out."""

    class Fits(Message):
        """It has another size."""

    def on_resize(self) -> None:
        """Whatever is in it must be drawn anew."""
        self.post_message(self.Fits())


class PhotoPage(Page):
    """One picture at a time."""

    how = "photo.keys"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    PhotoPage #photo-words { height: 3; }
    PhotoPage #photo-frame { height: 1fr; align: center top; }
    PhotoPage #photo-frame > * { width: auto; height: 100%; }
    """

    def __init__(self, verb: str, words: Translator, jobs: Jobs) -> None:
        super().__init__(verb, words, jobs)
        self.about: int | None = None
        """Id of the incident."""
        self.number = ""
        self.photos: tuple[NamedPhoto, ...] = ()
        self.at = 0
        self.large: bool | None = None
        """Whether it fills the page; None, when it depends on what that costs."""
        self.said: Words | None = None
        """What stands in the picture's place."""
        self._picture: Image | None = None

    def compose(self) -> ComposeResult:
        """Words above, the picture below."""
        yield LinesView(title=self.words.t("photo.title"), scrolls=True, id="photo-words")
        yield Frame(id="photo-frame")

    @property
    def home(self) -> LinesView:
        """The words; the keys are the page's."""
        return self.query_one("#photo-words", LinesView)

    @property
    def selected(self) -> int | None:
        """The incident that is looked at."""
        return self.about

    def concern(self, incident: int | None) -> None:
        """Which incident's pictures are meant."""
        if incident != self.about:
            self.about, self.photos, self.number = incident, (), ""
            self._drop()

    def opened(self, words: str = "") -> None:
        """Look which pictures there are."""
        super().opened()
        if self.session is None:
            self._say(msg("screen.opening"))
            return
        self.large = False if self.session.light else None
        self.at = 0
        self._drop()
        if self.about is None:
            self._say(msg("screen.no_selection"))
            return
        from console.desk.photos import named

        desk, about = self.session.desk, self.about
        self._say(msg("photo.looking"))
        self.jobs.read("photos", lambda: (about, *named(desk, about)), self._found)

    def _found(self, answer: tuple[int, str, tuple[NamedPhoto, ...]]) -> None:
        about, number, photos = answer
        if about != self.about:
            return
        self.number, self.photos = number, photos
        self._fetch()

    def _fetch(self) -> None:
        """Ask for the picture that is looked at."""
        self._drop()
        if self.session is None:
            return
        if not self.photos:
            self._say(msg("photo.none"))
            return
        from console.desk.photos import fetched
        from console.screens.picture import opened

        reach, wanted = self.session.reach, self.photos[self.at]
        self._say(msg("photo.fetching"))

        def get() -> tuple[NamedPhoto, Image | None, Words | None]:
            try:
                return wanted, opened(fetched(reach, wanted).data), None
            except Problem as problem:
                return wanted, None, problem.message

        self.jobs.read("photo", get, self._came)

    def _came(self, answer: tuple[NamedPhoto, Image | None, Words | None]) -> None:
        wanted, picture, problem = answer
        if not self.photos or wanted != self.photos[self.at]:
            return
        if picture is None:
            self._say(problem or msg("photo.none"))
            return
        self._picture = picture
        self._draw()

    def _draw(self) -> None:
        from console.screens.picture import bytes_of, widget_of
        from console.terminal import graphics

        picture = self._picture
        if picture is None or not self.is_attached:
            return
        frame = self.query_one("#photo-frame", Frame)
        if not frame.size:
            return  # it has no place yet; `Fits` comes when it has
        frame.remove_children()
        try:
            made = widget_of(picture, graphics())
        except Problem as problem:
            self._say(problem.message)
            return
        if self.large is None:
            cost = bytes_of(picture, *_cells(picture, frame.size.width, frame.size.height))
            self.large = cost <= BYTES
        width, height = frame.size
        if not self.large:
            width, height = min(SMALL[0], width), min(SMALL[1], height)
        made.styles.width, made.styles.height = _cells(picture, width, height)
        frame.mount(made)
        self._say(None)

    def _drop(self) -> None:
        """Forget the picture."""
        self._picture = None
        if self.is_attached:
            self.query_one("#photo-frame", Frame).remove_children()

    def _say(self, words: Words | None) -> None:
        self.said = words
        self.relabel()

    def relabel(self) -> None:
        """Title, which picture it is, and what can be done."""
        t, view = self.words.t, self.home
        n = len(self.photos)
        view.set_title(t("photo.of", number=self.number) if self.number else t("photo.title"))
        lines: list[str] = []
        if n and self.drawing is not None:
            one = self.photos[self.at]
            source = self.drawing.source(one.source)
            lines.append(t("photo.which", at=self.at + 1, of=n, source=source, name=one.name))
        lines.append(t(self.said) if self.said is not None else t("photo.keys"))
        view.set_lines(lines, keep_top=False)

    def press(self, event: events.Key) -> bool:
        """Left and right, larger and smaller."""
        if event.key in ("left", "right"):
            if len(self.photos) > 1:
                step = 1 if event.key == "right" else -1
                self.at = (self.at + step) % len(self.photos)
                self._fetch()
            else:
                self.post_message(self.Say(msg("photo.only"), "dim"))
            return True
        if event.character in ("+", "-", "="):
            self.large = event.character != "-"
            self._draw()
            return True
        return False

    def on_frame_fits(self) -> None:
        """The picture fits the new size."""
        self._draw()

    def hidden(self) -> None:
        """The picture is not kept when nobody looks at it."""
        self._drop()


def _cells(picture: Image, width: int, height: int) -> tuple[int, int]:
    """As large as there is room for: a cell is about twice as high as it is wide."""
    wide = min(width, max(1, height * 2 * picture.width // max(1, picture.height)))
    return wide, max(1, min(height, wide * picture.height // max(1, picture.width) // 2))
