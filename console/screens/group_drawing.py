"""The group's page in lines and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.domain.incident import short_number
from console.domain.masking import masked
from console.domain.message import Message
from console.domain.points import ISSUER, MALL
from console.domain.text import clean
from console.screens.drawing import Drawing
from console.store import group
from widgets.cells import wrap
from widgets.columns import Column, Row
from widgets.pane import Line

if TYPE_CHECKING:
    from console.desk.grouped import GroupView
    from console.store.group import GroupMessage

_SIGNS = {group.OPEN: "!", group.ANSWERED: "+", group.INCIDENT: ">", group.DECLINED: "-"}
_TONES = {group.OPEN: "warn", group.ANSWERED: "good", group.INCIDENT: "strong"}

SHOWN = 2_000
"""Characters of a message that are shown."""


class GroupDrawing:
    """Draws what the group's page shows.

    Args:
        drawing: names and moments, in the language of the screen.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.t = drawing.words.t

    def columns(self) -> tuple[Column, ...]:
        """Of the messages."""
        t = self.t
        return (
            Column("sign", "", 1, priority=9),
            Column("id", t("group.column.id"), 4, align="right", priority=9),
            Column("at", t("group.column.at"), 5, priority=6),
            Column("sender", t("group.column.sender"), 10, priority=4),
            Column("text", t("group.column.text"), 14, priority=8, flexible=True),
        )

    def row(self, one: GroupMessage) -> Row:
        """One message."""
        cells = (
            _SIGNS[one.state],
            str(one.id),
            self.drawing.clock(one.at)[:5],
            clean(one.sender, 40).text,
            masked(clean(one.text, 200).text),
        )
        tone = _TONES.get(one.state, "dim")
        return Row(one.id, cells, "text" if one.state == group.OPEN else "dim", ((0, tone),))

    def counts(self, view: GroupView) -> str:
        """What waits and what is over."""
        n = sum(count for _state, count in view.counts)
        return self.t("group.counts", open=view.count(group.OPEN), n=n)

    def message(self, one: GroupMessage, width: int) -> list[Line]:
        """One message whole: who, what, what the group was told, and what can be done."""
        t = self.t
        at = self.drawing.clock(one.at, day=True)
        lines: list[Line] = [[(f"{clean(one.sender, 40).text}  ", "strong"), (at, "dim")]]
        lines += _wrapped(masked(clean(one.text, SHOWN).text), width, "text")
        if one.photos:
            lines += _wrapped(t("group.photos", n=len(one.photos)), width, "dim")
        lines.append([(t(Message(f"group.state.{one.state}")), _TONES.get(one.state, "dim"))])
        if one.incident is not None:
            lines.append([(t("group.is", number=short_number(one.incident)), "strong")])
        if one.answer:
            by = t("dingtalk.robot") if one.answered_by == group.ROBOT else one.answered_by
            when = "" if one.answered_at is None else self.drawing.clock(one.answered_at)
            lines.append([(t("group.told", by=by, at=when), "title")])
            lines += _wrapped(one.answer, width, "text")
        for n, id_ in offers(one).items():
            lines.append([(f" {n} ", "key"), (t(Message(id_)), "text")])
        return lines

    def said(self, view: GroupView, width: int) -> list[Line]:
        """What everybody was told, and how many want to help."""
        t = self.t
        lines: list[Line] = []
        for order in view.said:
            at = self.drawing.clock(order.created, day=True)[:11]
            state = t(Message(f"order.{order.state}"))
            system = self.drawing.system(order.system)
            words = clean(str(order.body.get("words") or ""), 200).text
            text = wrap(f"{at} {system} {state}  {words}", width)
            lines.append([(text[0] if text else "", "text")])
        if not lines:
            lines.append([(t("group.nothing_said"), "dim")])
        if view.volunteers:
            lines.insert(0, [(t("group.volunteers", n=view.volunteers), "good")])
        return lines

    def points(self, view: GroupView) -> list[Line]:
        """The ledger in one line, and its last postings."""
        t, standing = self.t, view.points
        lines: list[Line] = [
            [(t("group.ledger", given=standing.given, redeemed=standing.redeemed), "text")],
        ]
        for entry in view.postings:
            comes = entry.source in (ISSUER, MALL)
            account = masked(entry.target if comes else entry.source)
            sign = "+" if comes else "-"
            at = self.drawing.clock(entry.at, day=True)[:11]
            lines.append(
                [
                    (f"{at} {account} ", "dim"),
                    (f"{sign}{entry.points} ", "good" if comes else "warn"),
                    (self._reason(entry.reason), "text"),
                ]
            )
        return lines

    def _reason(self, reason: str) -> str:
        if reason == "redeem":
            return self.t("points.redeemed")
        if reason == "reverse":
            return self.t("points.taken_back")
        award = self.drawing.rules.systems.points.awards.get(reason)
        return reason if award is None else self.drawing.say(award.label)


_DIGITS = {
    "group.offer.answer": 1,
    "group.offer.intake": 2,
    "group.offer.decline": 3,
    "group.offer.correct": 4,
}
"""A digit means the same on every message."""

_OFFERED = {
    group.OPEN: ("group.offer.answer", "group.offer.intake", "group.offer.decline"),
    group.ANSWERED: ("group.offer.intake", "group.offer.correct"),
    group.INCIDENT: ("group.offer.answer", "group.offer.correct"),
}


def offers(one: GroupMessage) -> dict[int, str]:
    """What can be done with a message: digit -> id of the sentence."""
    ids = _OFFERED.get(one.state, ("group.offer.answer", "group.offer.intake"))
    return {_DIGITS[id_]: id_ for id_ in ids}


def lines_of(one: GroupMessage, zh: bool) -> dict[int, tuple[str, bool]]:
    """The same as lines for the command line: the line, and whether it is whole."""
    names = {
        "group.offer.answer": ("答", "answer", False),
        "group.offer.correct": ("更正", "correct", False),
        "group.offer.intake": ("转警情", "intake", True),
        "group.offer.decline": ("免复", "decline", True),
    }
    found: dict[int, tuple[str, bool]] = {}
    for digit, id_ in offers(one).items():
        in_zh, in_en, whole = names[id_]
        found[digit] = (f"{in_zh if zh else in_en} {one.id}{'' if whole else ' '}", whole)
    return found


def _wrapped(text: str, width: int, tone: str) -> list[Line]:
    return [[(part, tone)] for part in wrap(text, max(10, width))]
