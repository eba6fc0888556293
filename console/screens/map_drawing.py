"""The five-colour map in tiles and lines: legend, bar, and the card of a town."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from console.domain.alarm import AlarmLevel
from console.domain.message import Arg, Label, Message, msg
from console.domain.panels import Window
from console.domain.risk_map import (
    ALARM_STANDARD,
    COLOURS,
    COMBINED,
    SCORED,
    Colour,
    MapRules,
    Share,
    Tile,
    part_name,
    to_tenth,
)
from console.screens.drawing import Drawing
from console.screens.figures_drawing import FiguresDrawing
from widgets import tile_map
from widgets.cells import cell_len, fit, wrap
from widgets.pane import Line, Span

if TYPE_CHECKING:
    from console.desk.mapped import Mapped

TONES = tuple(f"risk{level}" for level in range(1, len(COLOURS) + 1))
"""The tone of each level."""


class MapDrawing:
    """Draws what the map page shows.

    Args:
        drawing: names and rules, in the language of the screen.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.t = drawing.words.t
        self._figures = FiguresDrawing(drawing)

    @property
    def rules(self) -> MapRules:
        """The center's rules of the map."""
        return self.drawing.rules.risk_map

    # --- names -----------------------------------------------------------------

    def say(self, label: Label) -> str:
        """A name of the rules."""
        return self.drawing.say(label)

    def name(self, code: str, *, whole: bool = False) -> str:
        """A town's name; in Chinese without the word for its kind unless it is to be whole."""
        town = self.drawing.rules.gazetteer.towns.get(code)
        if town is None:
            return code or self.t("map.no_town")
        if self.drawing.words.lang != "zh":
            return town.latin
        return town.name if whole else town.short

    # --- around the map -----------------------------------------------------------

    def bar(self, field: str, chosen: str | Window, found: Mapped | None) -> Line:
        """The fields and the windows under their digits, as on the figures page."""
        bar = [*self._figures.tabs(field, chosen)]
        if found is not None and (why := found.colourless) is not None:
            bar.append((f"  {self.t(why)}", "warn"))
        return bar

    def legend(self) -> Line:
        """The colours with their signs, and the keys."""
        spans = [self._chip(level) for level in range(len(COLOURS))]
        return [*spans, (f"  {self.t('map.keys')}", "dim")]

    def title(self, found: Mapped) -> str:
        """The words in the title rule of the map."""
        days = self._figures.days(found.window)
        return self.t("map.title", field=part_name(found.map.field), days=days)

    # --- the tiles -------------------------------------------------------------------

    def tiles(self, found: Mapped) -> tuple[list[tile_map.Tile], list[tile_map.Tile]]:
        """The tiles of the map, and those outside of it."""
        made = []
        for one in found.map.tiles:
            if found.colourless is not None:
                at = one.place
                name, n = self.name(at.town), str(one.count)
                made.append(tile_map.Tile(at.town, at.row, at.column, name, "", n))
                continue
            level = one.now.level
            colour = self.rules.colours[level]
            made.append(
                tile_map.Tile(
                    one.place.town,
                    one.place.row,
                    one.place.column,
                    self.name(one.place.town),
                    colour.sign,
                    str(one.count),
                    self.say(colour.label),
                    f"{one.steps:+d}" if one.steps else "",
                    TONES[level],
                )
            )
        outside = [
            tile_map.Tile(code, 0, 0, self.name(code), "", str(n), tone="text" if n else "dim")
            for code, n in found.map.outside
        ]
        return made, outside

    # --- the card ------------------------------------------------------------------------

    def card(self, found: Mapped, code: str, width: int) -> list[Line]:
        """Everything about one tile.

        Args:
            found: the map.
            code: code of the town or zone.
            width: cells of a line.
        """
        tile = next((one for one in found.map.tiles if one.place.town == code), None)
        if tile is None:
            n = dict(found.map.outside).get(code, 0)
            about = msg("map.outside" if code else "map.outside.no_town", n=n)
            return self._sentences([about], width)
        if (why := found.colourless) is not None:
            lines = self._sentences([why], width, "warn")
        else:
            lines = [self._head(tile), *self._sentences([self._change(tile)], width, "text")]
            lines += self._parts(found.map.field, tile, width)
            lines += self._sentences(self._sums(found, tile), width, "text")
            lines += self._thresholds(found.map.field, tile.now.level, width)
        counts = tuple(msg("map.n", what=part_name(f), n=tile.by_field[f]) for f in SCORED)
        lines += self._sentences(
            [
                msg("map.counts", counts=counts),
                msg("map.standing", open=tile.open, overdue=tile.overdue),
            ],
            width,
            "text",
        )
        lines += self._alarms(tile.alarms, found.map.alarms, width)
        lines += self._sentences(self._formula(found.map.field), width)
        return lines

    def _sentences(self, told: Sequence[Message], width: int, tone: str = "dim") -> list[Line]:
        return [[(line, tone)] for one in told for line in wrap(self.t(one), width)]

    def _colour(self, level: int) -> Colour:
        return self.rules.colours[level]

    def _chip(self, level: int) -> Span:
        colour = self._colour(level)
        return (f" {colour.sign} {self.say(colour.label)} ", TONES[level])

    def _head(self, tile: Tile) -> Line:
        colour = self._colour(tile.now.level)
        score = self.t("map.score", score=_one(tile.now.shown))
        return [
            self._chip(tile.now.level),
            (f" {self.say(colour.means)}  ", "text"),
            (score, "strong"),
            (f"  {self.t('map.incidents', n=tile.count)}", "text"),
        ]

    def _change(self, tile: Tile) -> Message:
        was = self._colour(tile.before.level)
        args: dict[str, Arg] = {
            "score": _one(tile.before.shown),
            "sign": was.sign,
            "colour": was.label,
            "change": f"{tile.change:+.1f}",
            "count": tile.count_before,
        }
        if tile.steps > 0:
            return msg("map.change.up", steps=tile.steps, **args)
        if tile.steps < 0:
            return msg("map.change.down", steps=-tile.steps, **args)
        return msg("map.change.same", **args)

    def _parts(self, field: str, tile: Tile, width: int) -> list[Line]:
        """A line a part: what was counted, its weight, and what it adds."""
        combined = field == COMBINED
        rows = [
            (
                self.t("map.column.field" if combined else "map.column.part"),
                self.t("map.column.score" if combined else "map.column.count"),
                self.t("map.column.weight"),
                self.t("map.column.adds"),
            ),
            *(
                (self.t(part_name(s.part)), _value(s, combined), _weight(s), _one(added))
                for s, added in zip(tile.now.shares, tile.now.added, strict=True)
            ),
            (self.t("map.column.sum"), "", "", _one(tile.now.shown)),
        ]
        first = max(cell_len(row[0]) for row in rows)
        rest = [max(cell_len(row[n]) for row in rows) for n in (1, 2, 3)]
        room = max(0, width - first - sum(rest))
        gap = " " * max(1, min(3, room // 3))
        lines: list[Line] = []
        for n, row in enumerate(rows):
            text = fit(row[0], first) + "".join(
                gap + fit(cell, size, "right") for cell, size in zip(row[1:], rest, strict=True)
            )
            tone = "title" if n == 0 else "strong" if n == len(rows) - 1 else "text"
            lines.append([(text, tone)])
        return lines

    def _sums(self, found: Mapped, tile: Tile) -> list[Message]:
        """How the points become the score."""
        if found.map.field == COMBINED:
            return []
        now, own = tile.now, self.rules.own
        evidence = _short(self.rules.field(found.map.field).evidence)
        reference = _one(now.reference)
        told = [
            msg("map.points", points=_one(now.points), reference=reference, score=_one(now.shown))
        ]
        if now.usual is None:
            told.append(
                msg(
                    "map.reference.new",
                    reference=reference,
                    mean=_one(now.mean),
                    evidence=evidence,
                    days=found.usual_days,
                    least=self.rules.least_days,
                )
            )
        else:
            told.append(
                msg(
                    "map.reference",
                    reference=reference,
                    own=_short(own),
                    usual=_one(now.usual),
                    other=_short(1 - own),
                    mean=_one(now.mean),
                    evidence=evidence,
                )
            )
        return told

    def _thresholds(self, field: str, level: int, width: int) -> list[Line]:
        """The scores of each colour and what it means; the town's own in brackets."""
        lines: list[list[Span]] = [[]]
        used = 0
        edges = (0.0, *self.rules.thresholds_of(field))
        for n, least in enumerate(edges):
            colour = self._colour(n)
            band = f"{_short(least)}-{_short(edges[n + 1])}" if n + 1 < len(edges) else ""
            band = band or self.t("map.band.above", least=_short(least))
            text = f"{colour.sign} {self.say(colour.label)} {band} {self.say(colour.means)}"
            text = f"[{text}]" if n == level else f" {text} "
            if used and used + cell_len(text) > width:
                lines.append([])
                used = 0
            lines[-1].append((text, "strong" if n == level else "text"))
            used += cell_len(text)
        return [*lines]

    def _alarms(self, own: Sequence[int], all_: Sequence[int], width: int) -> list[Line]:
        """Fires by alarm level: of the town, and of the district."""
        lines = self._sentences([msg("map.alarms", standard=ALARM_STANDARD)], width, "title")
        for level in AlarmLevel:
            n, total = own[level - 1], all_[level - 1]
            sign = self._colour(level - 1).sign
            spans: list[Span] = [
                (f" {sign} {self.t(level.label)} ", TONES[level - 1]),
                (f" {self.t('map.alarm.counts', here=n, district=total)}", "text"),
            ]
            lines.append(spans)
        return lines

    def _formula(self, field: str) -> list[Message]:
        rules = self.rules
        if field == COMBINED:
            return [msg("map.formula.combined")]
        return [
            msg(
                "map.formula",
                own=_short(rules.own),
                other=_short(1 - rules.own),
                evidence=_short(rules.field(field).evidence),
                days=rules.usual_days,
            )
        ]


def _one(value: float) -> str:
    return f"{value:.1f}"


def _short(value: float) -> str:
    """A number of the rules, without noughts behind the point."""
    return f"{value:.10g}"


def _value(share: Share, combined: bool) -> str:
    return _one(to_tenth(share.value)) if combined else f"{share.value:,.0f}"


def _weight(share: Share) -> str:
    per = f" / {share.per:,.10g}" if share.per != 1 else ""
    return f"x {_short(share.weight)}{per}"
