"""What a server of GeoReport v2 gives besides requests: discovery, services, errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.open311 import moments, wire
from adapters.open311.wire import Value

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of request that can be made or asked for."""

    code: str
    name: str
    description: str = ""
    group: str = ""
    keywords: tuple[str, ...] = ()


def discovery(form: str, url: str, contact: str, key_service: str, changed: int) -> bytes:
    """Where the endpoint is and what it speaks.

    Args:
        form: ``json`` or ``xml``.
        url: of the endpoint.
        contact: whom to write to.
        key_service: how one gets a key.
        changed: when any of this last changed, ms UTC.
    """
    at = moments.write(changed)
    endpoint: dict[str, Value] = {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": at,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    said: dict[str, Value] = {
        "changeset": at,
        "contact": contact,
        "key_service": key_service,
        "endpoints": [endpoint],
    }
    return wire.write_one(form, "discovery", said)


def services(form: str, known: Iterable[Service]) -> bytes:
    """The list of services."""
    return wire.write(form, "services", "service", (_service(one) for one in known))


def definition(form: str, code: str) -> bytes:
    """A service's definition: none here asks for more than the standard's own fields."""
    return wire.write_one(form, "service_definition", {"service_code": code, "attributes": []})


def requests(form: str, found: Iterable[dict[str, Value]]) -> bytes:
    """A list of requests, each as `model.write_request` makes it."""
    return wire.write(form, "service_requests", "request", found)


def errors(form: str, code: int, description: str) -> bytes:
    """What was wrong."""
    said: dict[str, Value] = {"code": code, "description": description}
    return wire.write(form, "errors", "error", [said])


def _service(one: Service) -> dict[str, Value]:
    return {
        "service_code": one.code,
        "service_name": one.name,
        "description": one.description or None,
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join(one.keywords) or None,
        "group": one.group or None,
    }
