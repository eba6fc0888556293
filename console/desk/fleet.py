"""The fleet: which units a center has. Units come by hand, or with the file that names them."""

from __future__ import annotations

from collections.abc import Mapping

from console.desk.ruleset import Ruleset
from console.domain.addresses import Town
from console.store import units
from console.store.engine import Tx
from console.store.units import UnitNow


def register(
    tx: Tx, rules: Ruleset, found: Mapping[str, str], station: str = "", town: Town | None = None
) -> int:
    """Put units on the board that are not there yet; returns how many were new.

    Args:
        tx: a write transaction.
        rules: for the kinds of unit.
        found: call sign -> kind ("" to go by the call sign).
        station: their station.
        town: their home town.
    """
    there = {one.call_sign.casefold() for one in units.all_units(tx)}
    new = [
        UnitNow(
            call_sign=sign,
            kind=kind or rules.run_cards.kind_of(sign),
            name="",
            station=station,
            town=town.code if town is not None else "",
            lat=town.lat if town is not None else None,
            lon=town.lon if town is not None else None,
            status="available",
            since=0,
            incident=None,
            check_due=None,
            check_missed=0,
            load=0,
        )
        for sign, kind in found.items()
        if sign.casefold() not in there
    ]
    units.add(tx, new)
    return len(new)
