"""Every tone can be read on the ground that it stands on."""

from __future__ import annotations

import pytest
from rich.color import Color as RichColor
from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from widgets.themes import THEMES, TONES, palette, tone_style

AA = 4.5
AAA = 7.0
# The rule line is an ornament; WCAG asks nothing of it.
READ = [tone for tone in TONES if tone != "rule"]


def luminance(color: RichColor) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = []
    for part in color.get_truecolor():
        share = part / 255
        parts.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: RichColor, other: RichColor) -> float:
    """Contrast ratio (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def grounds(theme: Theme) -> set[str]:
    return {str(theme.background), str(theme.surface), str(theme.panel)}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("tone", READ)
def test_contrast(theme: Theme, tone: str) -> None:
    least = AAA if theme.name == "zhiban-contrast" else AA
    for ground in grounds(theme):
        style = tone_style(theme, tone, Style.parse(f"on {ground}"))
        assert style.color is not None
        assert style.bgcolor is not None
        assert contrast(style.color, style.bgcolor) >= least


def test_black_on_white_is_21() -> None:
    assert contrast(RichColor.parse("#000000"), RichColor.parse("#ffffff")) == pytest.approx(21)


def test_every_theme_has_every_tone() -> None:
    for theme in THEMES:
        assert set(palette(theme)) == set(TONES)


def test_the_names_of_the_themes() -> None:
    assert [theme.name for theme in THEMES] == ["zhiban-dark", "zhiban-light", "zhiban-contrast"]


def test_the_four_priorities_look_different() -> None:
    for theme in THEMES:
        tones = palette(theme)
        assert len({tones[f"prio{level}"] for level in range(1, 5)}) == 4


def test_themes_of_others_get_tones_that_suit_them() -> None:
    assert palette(BUILTIN_THEMES["textual-light"]) == palette(THEMES[1])
    assert palette(BUILTIN_THEMES["nord"]) == palette(THEMES[0])


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(KeyError):
        tone_style(THEMES[0], "purple", Style())
