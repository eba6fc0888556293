"""What is asked of ``GET requests``, read and bounded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.open311 import moments
from adapters.open311.model import CLOSED, OPEN

MOST_IDS = 100
"""Ids or codes of one question."""

LAST_PAGE = 10**9

_SPACED_ZONE = re.compile(r" (\d\d:?\d\d)\Z")
"""A plus that was not escaped in the address."""


class QueryError(ValueError):
    """A parameter that is not what the standard says; `name` is which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Query:
    """A question for requests. Times in ms UTC; empty and None ask for everything."""

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None
    updated_after: int | None = None
    updated_before: int | None = None
    statuses: frozenset[str] = frozenset({OPEN, CLOSED})
    page: int = 1
    page_size: int = 50


def read(params: Mapping[str, str], usual: int, most: int) -> Query:
    """A question as it came.

    Args:
        params: of the address.
        usual: how many requests a page has when nobody says.
        most: how many it may have.

    Raises:
        QueryError: a parameter cannot be read.
    """
    said = params.get("status", "")
    statuses = frozenset(said.split(",")) if said else frozenset({OPEN, CLOSED})
    if not statuses <= {OPEN, CLOSED}:
        raise QueryError("status")
    return Query(
        _list(params, "service_request_id"),
        _list(params, "service_code"),
        _moment(params, "start_date"),
        _moment(params, "end_date"),
        _moment(params, "updated_after"),
        _moment(params, "updated_before"),
        statuses,
        _number(params, "page", 1, LAST_PAGE),
        _number(params, "page_size", usual, most),
    )


def _list(params: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(one.strip() for one in params.get(name, "").split(",") if one.strip())
    if len(found) > MOST_IDS:
        raise QueryError(name)
    return found


def _moment(params: Mapping[str, str], name: str) -> int | None:
    said = params.get(name)
    if said is None:
        return None
    try:
        return moments.read(_SPACED_ZONE.sub(r"+\1", said))
    except moments.MomentError:
        raise QueryError(name) from None


def _number(params: Mapping[str, str], name: str, usual: int, most: int) -> int:
    """A number from 1 on; one that is larger than `most` is `most`."""
    said = params.get(name)
    if said is None:
        return usual
    if not (said.isascii() and said.isdigit() and len(said) <= 40 and int(said)):
        raise QueryError(name)
    return min(int(said), most)
