"""The identifier of Chinese public warnings, and when and where it says they were made.

``ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N``: division (GB/T 2260), trade of the issuing body (after
GB/T 4657), its own unit, an extension; the time of entry in Beijing time; a serial number
from 0. Source: GB/T 35965.1-2018, Annex A.1. Senders leave the serial number out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapters.cap import values

_SHAPE = re.compile(r"(\d{6})(\d{3})(\d{3})(\d{2})_(\d{14})(?:_(\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ChineseIdentifier:
    """What an identifier of the profile says; `entered` in ms UTC."""

    division: str
    trade: str
    unit: str
    extension: str
    entered: int
    serial: int | None = None


def chinese_identifier(identifier: str) -> ChineseIdentifier | None:
    """Read an identifier of the Chinese profile; None for any other."""
    parts = _SHAPE.fullmatch(identifier)
    if parts is None:
        return None
    division, trade, unit, extension, digits, serial = parts.groups()
    written = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}"
    try:
        entered = values.moment(f"{written}:{digits[12:]}+08:00")
    except values.FlawError:
        return None
    return ChineseIdentifier(
        division, trade, unit, extension, entered, None if serial is None else int(serial)
    )
