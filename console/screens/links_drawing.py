"""The links page in lines and rows: every system, what waits, and what is known of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from adapters.systems import UNKEYED
from console.domain.clock import DAY, HOUR, MINUTE, SECOND, Instant
from console.domain.incident import short_number
from console.domain.masking import masked
from console.domain.message import Message
from console.domain.order_words import action_said
from console.domain.text import clean
from console.screens.drawing import Drawing
from console.store import links, outbox
from widgets.cells import cell_len, wrap
from widgets.columns import Column, Row
from widgets.pane import Line, Span

if TYPE_CHECKING:
    from console.desk.linked import LinkDetail, LinkView
    from console.store.links import UnreadItem
    from console.store.outbox import KeptOrder

Say = Callable[..., str]

RAW_SHOWN = 2_000
"""Characters of an item that are shown."""

_TONES = {links.FAULT: "bad", links.OK: "good", links.NEW: "dim"}
_SIGNS = {links.FAULT: "!", links.OK: "+", links.NEW: "-"}


class LinksDrawing:
    """Draws what the links page shows.

    Args:
        drawing: names and moments, in the language of the screen.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.t = drawing.words.t

    # --- the systems ---------------------------------------------------------

    def columns(self) -> tuple[Column, ...]:
        """Of the table of systems."""
        t = self.t
        return (
            Column("sign", "", 1, priority=9),
            Column("system", t("links.column.system"), 17, priority=9),
            Column("state", t("links.column.state"), 10, priority=8),
            Column("last", t("links.column.last"), 8, priority=4),
            Column("lag", t("links.column.lag"), 5, align="right", priority=5),
            Column("items", t("links.column.items"), 6, align="right", priority=2),
            Column("tray", t("links.column.tray"), 8, align="right", priority=6),
            Column("waiting", t("links.column.waiting"), 5, align="right", priority=7),
            Column("unknown", t("links.column.unknown"), 8, align="right", priority=7),
            Column("fault", t("links.column.fault"), 16, priority=6, flexible=True),
        )

    def row(self, n: int, view: LinkView) -> Row:
        """One system."""
        now = view.now
        sign = "?" if view.unknown and now.state != links.FAULT else _SIGNS[now.state]
        cells = (
            sign,
            self.drawing.system(view.system),
            self.t(Message(f"links.state.{now.state}")),
            "" if now.last_item is None else self.drawing.clock(now.last_item),
            "" if view.lag is None else lag_words(view.lag),
            str(now.items) if now.items else "",
            str(view.tray) if view.tray else "",
            str(view.waiting) if view.waiting else "",
            str(view.unknown) if view.unknown else "",
            self.t(view.said()) if now.state == links.FAULT else "",
        )
        tone = _TONES[now.state]
        marks = [(0, "warn" if sign == "?" else tone), (2, tone)]
        marks += [(6, "warn")] if view.tray else []
        marks += [(8, "bad")] if view.unknown else []
        if now.state == links.FAULT:
            marks.append((9, "bad"))
        return Row(n, cells, "dim" if now.state == links.NEW else "text", tuple(marks))

    def about(self, view: LinkView, found: LinkDetail | None, width: int) -> list[Line]:
        """What is known of one link: what is wrong, what was kept, what to do, and since when."""
        now, t = view.now, self.t
        lines: list[Line] = []
        if now.state == links.FAULT:
            lines += _wrapped(t("links.happened", what=view.said()), width, "bad")
            since = self.drawing.clock(now.since, day=True)
            lines.append([(t("links.since", at=since), "text")])
            lines += _wrapped(t("links.kept", n=view.waiting), width, "text")
            lines += _wrapped(t(Message(f"links.todo.{now.fault}")), width, "strong")
        elif now.state == links.NEW:
            lines += _wrapped(t("links.never"), width, "dim")
        else:
            since = self.drawing.clock(now.since, day=True)
            well = t("links.well", at=since, items=now.items, unread=now.unread)
            lines += _wrapped(well, width, "good")
        if view.unknown:
            lines += _wrapped(t("links.unknown_orders", n=view.unknown), width, "warn")
        if view.tray:
            lines += _wrapped(t("links.in_tray", n=view.tray), width, "warn")
        if found is not None and found.history:
            lines.append([(t("links.history"), "title")])
            for entry in found.history:
                what = Message(f"links.state.{entry.status}")
                if entry.status == links.FAULT:
                    what = Message(f"link.fault.{entry.text}", {"detail": ""})
                at = self.drawing.clock(entry.at, day=True)
                said = t(what).rstrip(": ")
                lines.append([(f"{at}  ", "dim"), (said, _TONES.get(entry.status, "text"))])
        return lines

    # --- what waits ------------------------------------------------------------

    def item_columns(self) -> tuple[Column, ...]:
        """Of the table of what waits for a person."""
        t = self.t
        return (
            Column("sign", "", 1, priority=9),
            Column("mark", t("links.column.mark"), 5, priority=9),
            Column("what", t("links.column.what"), 8, priority=8),
            Column("about", t("links.column.about"), 12, priority=7, flexible=True),
            Column("at", t("links.column.at"), 8, priority=5),
        )

    def order_row(self, n: int, order: KeptOrder) -> Row:
        """An order that is not settled."""
        unknown = order.state == outbox.UNKNOWN
        number = short_number(order.incident) if order.incident is not None else ""
        cells = (
            "?" if unknown else "",
            outbox.mark_of(order.key),
            self.t("links.unknown" if unknown else f"order.{order.state}"),
            f"{number} {self.t(action_said(order.action))}".strip(),
            self.drawing.clock(order.created),
        )
        return Row(n, cells, "text", ((0, "bad"), (2, "bad")) if unknown else ())

    def item_row(self, n: int, item: UnreadItem) -> Row:
        """An item that nobody could read."""
        cells = ("!", str(item.id), self.t("links.unread"), _reason(item, self.t), "")
        return Row(n, (*cells[:4], self.drawing.clock(item.at)), "text", ((0, "warn"), (2, "warn")))

    def order(self, order: KeptOrder, width: int) -> list[Line]:
        """One order, and what can be done with it."""
        t = self.t
        mark = outbox.mark_of(order.key)
        lines: list[Line] = [
            [(f"{mark}  ", "strong"), (t(Message(f"order.{order.state}")), "warn")],
        ]
        if order.state == outbox.UNKNOWN:
            why = "links.why_unknown" if order.system in UNKEYED else "links.why_lost"
            lines += _wrapped(t(why), width, "text")
            lines += _offers(t, width, UNKNOWN_OFFERS)
        elif order.state == outbox.WAITING:
            at = self.drawing.clock(order.next_at)
            lines.append([(t("links.next_try", at=at, n=order.attempts), "text")])
            lines += _offers(t, width, WAITING_OFFERS)
        number = short_number(order.incident) if order.incident is not None else "-"
        created = self.drawing.clock(order.created, day=True)
        action = action_said(order.action)
        lines.append([(t("links.order", number=number, action=action, at=created), "dim")])
        words = "  ".join(
            f"{name} {value}" for name, value in order.body.items() if value not in ("", None)
        )
        lines += _wrapped(masked(clean(words, RAW_SHOWN).text), width, "dim")
        return lines

    def item(self, item: UnreadItem, width: int) -> list[Line]:
        """One item of the tray: why, what can be done, and the text as it came."""
        t = self.t
        at = self.drawing.clock(item.at, day=True)
        source = self.drawing.source(item.source)
        lines: list[Line] = [[(t("links.item", item=item.id, source=source, at=at), "strong")]]
        lines += _wrapped(t("links.reason", reason=_reason(item, t)), width, "warn")
        lines += _offers(t, width, ITEM_OFFERS)
        lines += _wrapped(masked(clean(_readable(item.raw), RAW_SHOWN).text), width, "dim")
        return lines


def _readable(raw: str) -> str:
    """The raw text, without the escapes of JSON that nobody reads."""
    try:
        return json.dumps(json.loads(raw), ensure_ascii=False)
    except (ValueError, RecursionError):
        return raw


def _reason(item: UnreadItem, t: Say) -> str:
    said = t(item.reason) if item.reason.startswith("intake.") else item.reason
    return clean(said, 200).text


UNKNOWN_OFFERS = {1: "links.offer.done", 2: "links.offer.not", 3: "links.offer.resend"}
WAITING_OFFERS = {3: "links.offer.now"}
ITEM_OFFERS = {1: "links.offer.adopt", 2: "links.offer.words", 3: "links.offer.drop"}
"""What can be done, under its digit: sending again has the same one on every order."""


def _offers(t: Say, width: int, ids: Mapping[int, str]) -> list[Line]:
    """What can be done, under its digit; as many on a line as there is room for."""
    lines: list[list[Span]] = [[]]
    used = 0
    for n, id_ in ids.items():
        text = f"{t(id_)}  "
        if lines[-1] and used + 3 + cell_len(text) > width:
            lines.append([])
            used = 0
        lines[-1] += [(f" {n} ", "key"), (text, "text")]
        used += 3 + cell_len(text)
    return list(lines)


def _wrapped(text: str, width: int, tone: str) -> list[Line]:
    return [[(part, tone)] for part in wrap(text, max(10, width))]


def lag_words(span: Instant) -> str:
    """A time since something, in the coarsest unit that says enough."""
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if span >= 2 * size:
            return f"{span // size}{unit}"
    return f"{span // SECOND}s"
