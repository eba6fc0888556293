"""Widgets, colours: three calm themes, and the tones that widgets draw with.

A widget never names a colour. It names a *tone*, a word for what the colour means, and the theme
that is on says how the tone looks. A theme of somebody else's gets the tones of the dark or the
light theme, whichever it is.

Colour is never alone: who draws in a tone also draws a sign or a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rich.style import Style
from textual.theme import Theme

_DARK: Final = {
    "text": "#d5dce4",
    "dim": "#93a0ae",
    "struck": "strike #93a0ae",
    "strong": "bold #f2f5f8",
    "title": "#a9c4dd",
    "rule": "#4a5866",
    "accent": "#74c7d4",
    "key": "bold #74c7d4",
    "good": "#86d3a0",
    "warn": "#e6c36a",
    "bad": "#ff8f85",
    "error": "bold #ff8f85",
    "overdue": "bold #ffffff on #9b2c23",
    "prio1": "bold #ff8f85",
    "prio2": "#f5a85c",
    "prio3": "#e6d06a",
    "prio4": "#86b9f5",
    "cursor": "#ffffff on #1f4f7a",
    "cursor-idle": "#e3e9ef on #2b3845",
    "caret": "#10151b on #d5dce4",
    "risk1": "#ffffff on #0a7a2a",
    "risk2": "#ffffff on #1248a0",
    "risk3": "#1a1600 on #f0dc5a",
    "risk4": "#120a00 on #d9831f",
    "risk5": "bold #ffffff on #b3201a",
}
_LIGHT: Final = {
    "text": "#1d2730",
    "dim": "#56616c",
    "struck": "strike #56616c",
    "strong": "bold #0b1117",
    "title": "#1b4f80",
    "rule": "#a3acb5",
    "accent": "#0b6472",
    "key": "bold #0b6472",
    "good": "#1c6b38",
    "warn": "#765300",
    "bad": "#ab2318",
    "error": "bold #ab2318",
    "overdue": "bold #ffffff on #ab2318",
    "prio1": "bold #ab2318",
    "prio2": "#8f4700",
    "prio3": "#6e5900",
    "prio4": "#1554a0",
    "cursor": "#ffffff on #1b4f80",
    "cursor-idle": "#1d2730 on #d3dde6",
    "caret": "#f6f6f3 on #1d2730",
    "risk1": "#ffffff on #0a7a2a",
    "risk2": "#ffffff on #1248a0",
    "risk3": "#1a1600 on #f0dc5a",
    "risk4": "#120a00 on #d9831f",
    "risk5": "bold #ffffff on #b3201a",
}
_CONTRAST: Final = {
    "text": "#ffffff",
    "dim": "#cfcfcf",
    "struck": "strike #cfcfcf",
    "strong": "bold #ffffff",
    "title": "bold #ffffff",
    "rule": "#ffffff",
    "accent": "#7df9ff",
    "key": "bold #7df9ff",
    "good": "#7dff9a",
    "warn": "#fff176",
    "bad": "#ffa096",
    "error": "bold #ffa096",
    "overdue": "bold #000000 on #ffff00",
    "prio1": "bold #ffa096",
    "prio2": "#ffbe5c",
    "prio3": "#fff176",
    "prio4": "#9cc7ff",
    "cursor": "bold #000000 on #ffffff",
    "cursor-idle": "#ffffff on #444444",
    "caret": "#000000 on #ffffff",
    "risk1": "#000000 on #3fcf6f",
    "risk2": "#ffffff on #0a3fae",
    "risk3": "#000000 on #ffee55",
    "risk4": "#000000 on #d98a14",
    "risk5": "bold #ffffff on #9b0f0a",
}

TONES: Final[tuple[str, ...]] = tuple(_DARK)
"""Every tone that a widget may name."""

THEMES: Final[tuple[Theme, ...]] = (
    Theme(
        name="zhiban-dark",
        primary="#74c7d4",
        secondary="#a9c4dd",
        accent="#74c7d4",
        warning="#e6c36a",
        error="#ff8f85",
        success="#86d3a0",
        foreground="#d5dce4",
        background="#10151b",
        surface="#10151b",
        panel="#1a222b",
        dark=True,
    ),
    Theme(
        name="zhiban-light",
        primary="#0b6472",
        secondary="#1b4f80",
        accent="#0b6472",
        warning="#765300",
        error="#ab2318",
        success="#1c6b38",
        foreground="#1d2730",
        background="#f6f6f3",
        surface="#f6f6f3",
        panel="#e9ebea",
        dark=False,
    ),
    Theme(
        name="zhiban-contrast",
        primary="#7df9ff",
        secondary="#ffffff",
        accent="#7df9ff",
        warning="#fff176",
        error="#ffa096",
        success="#7dff9a",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        dark=True,
    ),
)
"""The themes to register with the app; the first is the default."""

_PALETTES: Final = {"zhiban-dark": _DARK, "zhiban-light": _LIGHT, "zhiban-contrast": _CONTRAST}


def palette(theme: Theme) -> Mapping[str, str]:
    """How each tone looks under a theme, as a rich style definition ("bold #rrggbb on #rrggbb")."""
    fallback = _DARK if theme.dark else _LIGHT
    return MappingProxyType(_PALETTES.get(theme.name, fallback))


def tone_style(theme: Theme, tone: str, base: Style) -> Style:
    """The style of a tone on a widget.

    Args:
        theme: the theme that is on.
        tone: one of `TONES`.
        base: the widget's own style; what the tone leaves open comes from it.

    Raises:
        KeyError: there is no such tone; the name is a mistake in the program.
    """
    return base + Style.parse(palette(theme)[tone])
