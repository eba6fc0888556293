"""The rules that ship, read once for all tests."""

from __future__ import annotations

from functools import cache

from console.desk.ruleset import Ruleset, load


@cache
def rules() -> Ruleset:
    """The rules that ship."""
    return load()
