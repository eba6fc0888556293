"""Every system that the console talks to, and which module speaks with it.

A module is imported when its system is first connected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from adapters.port import Adapter

if TYPE_CHECKING:
    import httpx

    from adapters.http import Endpoint
    from adapters.mqtt import Wire

CONTRACTS = (
    "alarm110",
    "platform4",
    "fraudguard",
    "investigation",
    "hazards",
    "traffic",
    "highrise",
    "wages",
    "cylinders",
    "fullview",
    "xinwuyou",
)
"""Systems that speak our own contract: ``adapters.<system>.CONTRACT`` is all there is."""

STANDARDS: Mapping[str, str] = {
    "hotline12345": "adapters.hotline12345",
    "citymgmt": "adapters.citymgmt",
    "dingtalk": "adapters.dingtalk",
    "terminals": "adapters.terminals",
    "cap": "adapters.cap.link",
}
"""Systems that speak a public standard: system -> module with ``connect``."""


BEHIND_BROKERS = frozenset({"terminals"})
"""Systems that are reached over MQTT."""


def known() -> tuple[str, ...]:
    """Every system, in the order of the design's table."""
    return tuple(one for one in ORDER if one in CONTRACTS or one in STANDARDS)


UNPOLLED = frozenset({"dingtalk", "investigation"})
"""Systems that nobody looks at by himself: one calls us, one is only asked."""


UNKEYED = frozenset({"dingtalk", "terminals"})
"""Systems whose protocol has neither key nor look-up: the same order twice is done twice."""


ORDER = (
    "alarm110",
    "hotline12345",
    "citymgmt",
    "platform4",
    "dingtalk",
    "terminals",
    "fraudguard",
    "investigation",
    "hazards",
    "traffic",
    "highrise",
    "wages",
    "cylinders",
    "fullview",
    "xinwuyou",
    "cap",
)


def connect(
    system: str, endpoint: Endpoint, transport: httpx.AsyncBaseTransport | Wire | None = None
) -> Adapter:
    """The adapter of a system.

    Args:
        system: its id.
        endpoint: where it is and how it is spoken to.
        transport: how requests travel (for a system behind a broker: its wire); None for
            real sockets.

    Raises:
        KeyError: there is no such system.
    """
    if system in CONTRACTS:
        from adapters.contract import ContractAdapter
        from adapters.http import Client

        contract = import_module(f"adapters.{system}").CONTRACT
        return ContractAdapter(contract, Client(endpoint, cast(Any, transport)))
    make: Callable[[Endpoint, object], Adapter] = import_module(STANDARDS[system]).connect
    return make(endpoint, transport)
