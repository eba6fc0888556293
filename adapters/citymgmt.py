"""数字城管: Open311 GeoReport v2, and the stages of its cases as events.

Row 3 of the systems: cases of facilities (部件) and of the street (事件), in seven stages:
采集, 建卷, 派遣, 处置, 反馈, 核查结案, 评价. The center opens the file (``sign``), assigns it
(``handle``), answers (``answer``) and closes it (``finish``); collecting, disposal,
checking and rating are said by the system.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.open311.meaning import Kind, Profile

if TYPE_CHECKING:
    import httpx

    from adapters.http import Endpoint
    from adapters.port import Adapter

STAGES = ("采集", "建卷", "派遣", "处置", "反馈", "核查结案", "评价")
"""The stages of a case, in order."""

PROFILE = Profile(
    "citymgmt",
    "数字城管",
    (
        Kind("BJ", "city.facility", "部件", "城市管理"),
        Kind("SJ", "city.street", "事件", "城市管理"),
        Kind("QT", "city", "其他案件", "城市管理"),
    ),
    source=__doc__ or "",
)


def connect(endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None) -> Adapter:
    """The adapter; ``endpoint.format`` says whether JSON or XML is spoken."""
    from adapters.http import Client
    from adapters.open311.client import Open311Adapter

    return Open311Adapter(PROFILE, Client(endpoint, transport))
