"""Lets the systems that speak Open311 be spoken to in one of its two formats."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from adapters import systems
from adapters.http import Endpoint
from adapters.port import Adapter

FORMS = ("json", "xml")


def speak(form: str, patch: pytest.MonkeyPatch) -> None:
    """From now on every adapter that knows both speaks `form`."""
    connect = systems.connect

    def in_form(
        system: str, endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None
    ) -> Adapter:
        return connect(system, replace(endpoint, format=form), transport)

    patch.setattr(systems, "connect", in_form)
