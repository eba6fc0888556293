"""Numbers of persons in raw text: shown so that they can be told apart, not read.

An item that nobody could read is looked at by whoever is at the screen; telephone and
identity numbers in it (runs of eleven digits and more) lose their middle.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{3})(\d{5,14})(\d{2}[\dXx])(?![0-9A-Za-z])")


def masked(text: str) -> str:
    """A text whose long numbers keep their first and last three signs."""
    return _NUMBER.sub(lambda m: f"{m[1]}{'*' * len(m[2])}{m[3]}", text)
