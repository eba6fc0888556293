"""A link is fine when what it sends is read, and the log says when one goes and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.port import BareAdapter, LinkError, Page, Report, Unread
from console.desk.desk import Desk
from console.desk.gateway import Gateway
from console.desk.linked import linked
from console.domain.clock import FixedClock
from console.store import links
from tests.store.floor import START, desk_at

GOOD = Report("citymgmt", "good", "沿街商铺冒烟", START, place="北干街道金城路88号")
ASIDE = tuple(Unread(f"item {n}", "no time") for n in range(215))


class Wire(BareAdapter):
    """A system that says what it is told to."""

    system, feeds = "citymgmt", True

    def __init__(self) -> None:
        self.next: Page | LinkError | None = None

    async def feed(self, cursor: str) -> Page:
        said, self.next = self.next, None
        if isinstance(said, LinkError):
            raise said
        return said or Page((), cursor)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    yield made
    made.store.close()


def test_everything_put_aside_is_not_fine_until_something_is_read(desk: Desk) -> None:
    wire = Wire()
    gateway = Gateway(desk, {"citymgmt": wire})  # type: ignore[dict-item]

    def after(said: Page | None) -> tuple[str, str, str]:
        wire.next = said
        asyncio.run(gateway.feeds.look("citymgmt"))
        now = linked(desk)[0].now
        return now.state, now.fault, now.detail

    assert after(Page((), "1", unread=ASIDE)) == (links.FAULT, "aside", "215 / 215")
    assert after(None) == (links.FAULT, "aside", "215 / 215")
    gateway.feeds.worked("citymgmt")
    assert linked(desk)[0].now.fault == "aside"
    assert after(Page((GOOD,), "2", unread=(Unread("one", "no time"),))) == (links.OK, "", "")


def test_the_log_says_that_a_link_goes_and_is_back(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    wire = Wire()
    gateway = Gateway(desk, {"citymgmt": wire})  # type: ignore[dict-item]
    for said in (LinkError("rights", "401"), LinkError("rights", "401"), None):
        wire.next = said
        asyncio.run(gateway.feeds.look("citymgmt"))
    told = [one.getMessage() for one in caplog.records]
    assert told == ["link citymgmt: rights: 401", "link citymgmt: is back"]
