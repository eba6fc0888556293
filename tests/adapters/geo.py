"""What the tests of Open311 share: systems without sockets, and the standard's schemas."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

from adapters.http import Client, Endpoint
from adapters.open311.client import Open311Adapter
from adapters.open311.meaning import Profile
from adapters.port import Order, Report
from adapters.secret import Secret
from fixtures.backends.ledger import Ledger
from fixtures.backends.open311 import Open311Backend
from fixtures.backends.systems import Surroundings

NOW = 1_795_500_000_000
SYSTEMS = ("hotline12345", "citymgmt")
_SCHEMAS = Path(__file__).parents[1] / "data" / "open311"


class Clock:
    """A clock that tests move."""

    def __init__(self, at: int = NOW) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


def profile(system: str) -> Profile:
    """What a system speaks."""
    found = import_module(f"adapters.{system}").PROFILE
    assert isinstance(found, Profile)
    return found


def backend(system: str, clock: Clock | None = None, *, extended: bool = True) -> Open311Backend:
    """A simulated system; `extended` is whether it speaks our extension."""
    made = import_module(f"fixtures.backends.{system}").make(
        Surroundings(Secret("s3cret"), Ledger(), clock or Clock())
    )
    assert isinstance(made, Open311Backend)
    return replace(made, extended=extended)


def adapter(
    to: Open311Backend, form: str = "json", clock: Clock | None = None, word: str = "s3cret"
) -> Open311Adapter:
    """The true adapter of a simulated system, without a socket."""
    endpoint = Endpoint("http://it/hotline/", Secret(word), format=form)
    client = Client(endpoint, httpx.ASGITransport(app=to, root_path="/hotline"))
    at = clock or Clock()
    return Open311Adapter(to.profile, client, lambda: at() / 1_000)


def a_request(system: str, number: str = "n1", **said: Any) -> Report:
    """A report that such a system sends."""
    category = "city.street" if system == "citymgmt" else "request.complaint"
    known: dict[str, Any] = {"category": category, "place": "北干街道金城路12号", **said}
    return Report(system, number, known.pop("text", "夜间施工扰民"), NOW - 60_000, **known)


def an_order(system: str, action: str, key: str = "XS-1:a:1", **body: Any) -> Order:
    """An order about the request ``n1``."""
    said = {"at": NOW, "seat": "一席", "words": "已联系", "their_id": "n1", **body}
    return Order(key, system, action, "XS-20261124-0001", said)


def validator(name: str) -> jsonschema_rs.Draft4Validator:
    """The standard's schema of an answer; what it refers to lies beside it."""
    schema = json.loads((_SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    items = schema.get("items")
    if isinstance(items, dict) and "$ref" in items:
        beside = items["$ref"].replace(".json", ".schema.json")
        schema["items"] = json.loads((_SCHEMAS / beside).read_text("utf-8"))
    return jsonschema_rs.Draft4Validator(schema, validate_formats=True)


async def everything(of: Open311Adapter, cursor: str = "") -> tuple[list[Report], str]:
    """All pages behind a place, and the place behind them."""
    found: list[Report] = []
    for _ in range(200):
        page = await of.feed(cursor)
        found += page.reports
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("the feed never ends")
