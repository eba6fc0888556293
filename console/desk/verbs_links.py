"""Verbs about other systems: orders whose end nobody knows, items that nobody could read.

An order is named by its mark, four signs that the links page shows; an item of the tray by
its number.
"""

from __future__ import annotations

from console.desk.verb import EVERYBODY, Kind, Names, Param, Verb


class Links(Verb):
    """The page of the links."""

    id = "links"
    names = Names("链路", "links", "lianlu", "看链路, show the links")
    key = "f10"
    roles = EVERYBODY
    example = ("链路", "links")


class Settle(Verb):
    """Say what became of an order, as it was heard by telephone."""

    id = "settle"
    names = Names("核单", "settle", "hedan", "settle an order")
    params = (Param(Kind.WORDS, name="settle"),)
    example = ("核单 3F0A 已办 王某电话确认", "settle 3F0A done confirmed by phone")
    does = "console.desk.act.orders:settle"
    previews = "console.desk.act.orders:would_settle"
    confirms = True


class Resend(Verb):
    """Send an order once more."""

    id = "resend"
    names = Names("重发", "resend", "chongfa", "send an order again")
    params = (Param(Kind.WORDS, name="resend"),)
    example = ("重发 3F0A", "resend 3F0A")
    does = "console.desk.act.orders:resend"
    previews = "console.desk.act.orders:would_resend"
    confirms = True


class Adopt(Verb):
    """Make an incident of an item of the tray."""

    id = "adopt"
    names = Names("录入", "adopt", "luru", "录入来件, adopt an item")
    params = (Param(Kind.WORDS, name="adopt"),)
    example = ("录入 5 金城路88号 三楼冒烟", "adopt 5 smoke at 88 Jincheng Road")
    does = "console.desk.act.tray:adopt"
    previews = "console.desk.act.tray:would_adopt"


class Drop(Verb):
    """Put an item of the tray aside."""

    id = "drop"
    names = Names("弃件", "drop", "qijian", "put an item aside")
    params = (Param(Kind.WORDS, name="drop"),)
    example = ("弃件 5 测试数据", "drop 5 test data")
    does = "console.desk.act.tray:drop"
    previews = "console.desk.act.tray:would_drop"
    confirms = True


LINK_VERBS: tuple[type[Verb], ...] = (Links, Settle, Resend, Adopt, Drop)
"""In the order in which the help shows them."""
