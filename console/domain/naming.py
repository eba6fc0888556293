"""What values that sources write are called, where we know it."""

from __future__ import annotations

from console.domain.categories import Categories
from console.domain.message import Label, Message, msg

SEVERITIES = {
    "fatal": msg("severity.fatal"),
    "injury": msg("severity.injury"),
    "property": msg("severity.property"),
}
"""How grave an accident is; the last part of its category."""


_SAID = {
    "死亡": "fatal",
    "亡人": "fatal",
    "死亡事故": "fatal",
    "伤人": "injury",
    "受伤": "injury",
    "伤人事故": "injury",
    "财损": "property",
    "财产损失": "property",
    "财损事故": "property",
}
"""What districts' systems write for them."""


def severity_of(category: str) -> str:
    """How grave an accident of a category is; "" for what is none, or not known."""
    head, _, last = category.partition(".")
    return last if head == "traffic" and last in SEVERITIES else ""


def severity_name(word: str) -> Message | str:
    """A severity for people; a source's own word that we do not know stays as it is."""
    return SEVERITIES.get(_SAID.get(word, word), word)


def class_name(categories: Categories, word: str) -> Label | str:
    """A class of fraud for people: the label of the category of that name, else the word."""
    found = [one for one in categories.called(word) if one.field == "fraud"]
    return found[0].label if found else word
