"""A picture made ready for the terminal. Pillow and textual-image come with it.

What came from outside is opened with four known formats only, its size is looked at
before a single point of it is unpacked, and only its first frame is used.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from console.domain.message import Problem, msg

if TYPE_CHECKING:
    from PIL.Image import Image
    from textual.widget import Widget

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

MOST_POINTS = 40_000_000
"""Width by height of a picture that is unpacked: what a good telephone takes."""

KEPT = (1_280, 960)
"""Points that are kept for the screen at most."""

INSTALL = "pip install 'zhiban[images]'"

OF_A_COLOUR = 36
"""Bytes with which a terminal is told two colours."""

COLOURS = 48
"""Colours of a picture that is drawn with characters: fewer bytes over a slow line."""


def opened(data: bytes) -> Image:
    """The picture, small enough for a screen.

    Raises:
        Problem: it is none, it is damaged, it is too large when unpacked, or what shows
            pictures is not installed.
    """
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise Problem(msg("photo.missing_extra", command=INSTALL)) from error
    # Pillow warns on stderr, which is the screen, before it refuses.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            width, height = found.size
            if width * height > MOST_POINTS:
                raise _too_large()
            found.draft("RGB", KEPT)
            made = found.convert("RGB")
            made.thumbnail(KEPT)
            return made
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        MemoryError,
    ) as error:
        raise Problem(msg("photo.damaged")) from error


def bytes_of(picture: Image, width: int, height: int) -> int:
    """About how many bytes it takes to draw it with half blocks in so many cells."""
    small = picture.resize((width, 2 * height)).quantize(COLOURS)
    points = small.tobytes()
    changes = 0
    for y in range(0, 2 * height, 2):
        upper, lower = points[y * width : (y + 1) * width], points[(y + 1) * width :][:width]
        before = None
        for pair in zip(upper, lower, strict=True):
            changes += pair != before
            before = pair
    return changes * OF_A_COLOUR + width * height * 3


def _too_large() -> Problem:
    return Problem(msg("photo.bomb", most=MOST_POINTS))


def widget_of(picture: Image, graphics: str) -> Widget:
    """A widget that shows it.

    Args:
        picture: what `opened` gave.
        graphics: ``kitty``, ``sixel``, or "" for half blocks.

    Raises:
        Problem: textual-image is not installed.
    """
    try:
        from textual_image import _terminal
    except ImportError as error:
        raise Problem(msg("photo.missing_extra", command=INSTALL)) from error
    # The library asks the terminal what it can when it is imported. The screen reads what
    # the terminal says by now, and the question was asked before it began.
    _terminal.capture_terminal_response = _unasked  # type: ignore[assignment]
    from textual_image.widget import HalfcellImage, SixelImage, TGPImage

    if graphics == "kitty":
        return TGPImage(picture)
    if graphics == "sixel":
        return SixelImage(picture)
    return HalfcellImage(picture.quantize(COLOURS).convert("RGB"))


def _unasked(*_args: object, **_kwargs: object) -> None:
    from textual_image._terminal import TerminalError

    raise TerminalError("the screen has begun")
