"""12345 政务热线: Open311 GeoReport v2 and the events of its work orders.

Row 2 of the systems: non-urgent requests (咨询, 求助, 投诉, 举报, 建议); 签收, 办理, 答复, 办结,
退回, 延期 go out; 催办, 督办, 回访, 评价 come back. A call to 110 that belongs to 12345 is
handed over as a new request (国办发〔2022〕12号).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.open311.meaning import Kind, Profile

if TYPE_CHECKING:
    import httpx

    from adapters.http import Endpoint
    from adapters.port import Adapter

PROFILE = Profile(
    "hotline12345",
    "12345 政务热线",
    (
        Kind("ZX", "request.consult", "咨询"),
        Kind("QZ", "request.help", "求助"),
        Kind("TS", "request.complaint", "投诉"),
        Kind("JB", "request.report", "举报"),
        Kind("JY", "request.proposal", "建议"),
        Kind("QT", "request", "其他诉求"),
    ),
    source=__doc__ or "",
)


def connect(endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None) -> Adapter:
    """The adapter; ``endpoint.format`` says whether JSON or XML is spoken."""
    from adapters.http import Client
    from adapters.open311.client import Open311Adapter

    return Open311Adapter(PROFILE, Client(endpoint, transport))
