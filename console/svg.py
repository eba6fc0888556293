"""Charts as SVG: self-contained pictures without script, link or outside resource.

Readable in black and white: runs differ in dashes and marks, not in colour only, and every
value stands beside its bar or point.
"""

from __future__ import annotations

from html import escape

from console.domain.document import Chart
from console.written import Voice

WIDTH = 720
HEIGHT = 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 26, 26
ROW = 24
COLOURS = ("#1f5fa8", "#b0561c")
DASHES = ("", ' stroke-dasharray="6 4"')
GRID = "#d5d9de"
INK = "#222"


def chart(of: Chart, voice: Voice) -> str:
    """The chart as an ``<svg>`` element; its title and values are in it as text."""
    body, height = (_bars if of.kind == "bars" else _upright)(of, voice)
    title = escape(voice.say(of.title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'width="100%"><title>{title}</title>{body}</svg>'
    )


def _label(x: float, y: float, text: str, anchor: str = "middle", size: int = 11) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{INK}">{escape(text)}</text>'
    )


def _bars(of: Chart, voice: Voice) -> tuple[str, int]:
    """Bars that lie, a row each."""
    names = [voice.say(label) for label in of.labels]
    left = min(260, 20 + 13 * max((len(name) for name in names), default=1))
    room = WIDTH - left - 60
    parts = []
    values = of.series[0].values if of.series else ()
    for n, (name, value) in enumerate(zip(names, values, strict=True)):
        y = 6 + n * ROW
        length = room * (value or 0) / of.most
        parts.append(_label(left - 6, y + 13, _short(name, 24), "end", 12))
        parts.append(
            f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{ROW - 8}" '
            f'fill="{COLOURS[0]}"/>'
        )
        parts.append(_label(left + length + 5, y + 13, voice.say(value), "start", 12))
    return "".join(parts), 12 + ROW * max(1, len(names))


def _upright(of: Chart, voice: Voice) -> tuple[str, int]:
    """Columns or lines over an axis."""
    top = _ceiling(of.most)
    room, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    step = room / max(1, len(of.labels))

    def place(n: int, value: int) -> tuple[float, float]:
        return LEFT + step * (n + 0.5), TOP + tall * (1 - value / top)

    parts = []
    for part in range(5):
        value = top * part // 4
        _x, y = place(0, value)
        parts.append(
            f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" '
            f'stroke="{GRID}" stroke-width="1"/>'
        )
        parts.append(_label(LEFT - 6, y + 4, f"{value:,}", "end"))
    every = -(-len(of.labels) // 24)
    for n, label in enumerate(of.labels):
        if n % every == 0:
            parts.append(_label(place(n, 0)[0], HEIGHT - 8, _short(voice.say(label), 8)))
    for run, one in enumerate(of.series):
        colour, dash = COLOURS[run % len(COLOURS)], DASHES[run % len(DASHES)]
        points = [place(n, v) for n, v in enumerate(one.values) if v is not None]
        said = [v for v in one.values if v is not None]
        if of.kind == "columns":
            parts += [
                f'<rect x="{x - step * 0.35:.1f}" y="{y:.1f}" width="{step * 0.7:.1f}" '
                f'height="{TOP + tall - y:.1f}" fill="{colour}"/>'
                for x, y in points
            ]
        elif points:
            line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            parts.append(
                f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
            )
            parts += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points
            ]
        if run == 0:
            parts += [
                _label(x, y - 6, f"{v:,}", size=10)
                for (x, y), v in zip(points, said, strict=True)
                if v
            ]
    if len(of.series) > 1:
        parts += _legend(of, voice)
    return "".join(parts), HEIGHT


def _legend(of: Chart, voice: Voice) -> list[str]:
    parts = []
    for run, one in enumerate(of.series):
        x = LEFT + 150 * run
        colour, dash = COLOURS[run % len(COLOURS)], DASHES[run % len(DASHES)]
        parts.append(
            f'<line x1="{x}" y1="10" x2="{x + 26}" y2="10" stroke="{colour}" '
            f'stroke-width="2"{dash}/>'
        )
        parts.append(_label(x + 32, 14, _short(voice.say(one.label), 16), "start"))
    return parts


def _ceiling(most: int) -> int:
    """The end of the axis: a multiple of four, so that its marks are whole."""
    step = 1
    while most > 4 * step:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return 4 * step


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}~"
