"""What values that sources write are called, where we know it, and which of them are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

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


CAUSES = {
    "电气故障": msg("cause.electrical"),
    "电气火灾": msg("cause.electrical"),
    "用火不慎": msg("cause.open_fire"),
    "生活用火不慎": msg("cause.open_fire"),
    "遗留火种": msg("cause.embers"),
    "吸烟": msg("cause.smoking"),
    "玩火": msg("cause.playing"),
    "自燃": msg("cause.spontaneous"),
    "生产作业": msg("cause.work"),
    "放火": msg("cause.arson"),
    "雷击": msg("cause.lightning"),
    "静电": msg("cause.static"),
    "其他": msg("cause.other"),
    "原因不明": msg("cause.unknown"),
    "不明确": msg("cause.unknown"),
}
"""What the record of a fire says of its cause, in the words of the national statistics."""


Name: TypeAlias = "Label | Message | str"
"""What people call a value: a source's own word where we know no better."""


@dataclass(frozen=True, slots=True)
class Same:
    """What was counted under one name.

    Args:
        name: what people call it; "" for what nothing was said of.
        word: the one word that stands for all of them.
        words: every word that sources wrote for it, the most frequent first.
        count: how many there are together.
    """

    name: Name
    word: str
    words: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Naming:
    """What the values are called that figures are counted by.

    Args:
        categories: the tree.
        results: an incident's result -> its name.
    """

    categories: Categories
    results: Mapping[str, Label] = field(default_factory=dict)

    def name(self, dim: str, word: str) -> Name:
        """What people call a value of `dim`, one of the dimensions of the rollups."""
        if dim == "category":
            return self.categories.get(word).label
        if dim == "severity":
            return severity_name(word)
        if dim == "class":
            return class_name(self.categories, word)
        if dim == "cause":
            return CAUSES.get(word, word)
        return self.results.get(word, word) if dim == "result" else word

    def together(self, dim: str, cells: Iterable[tuple[str, int]]) -> tuple[Same, ...]:
        """Values with their counts; different words for the same are one.

        Returns:
            The most frequent first, then by their word.
        """
        groups: dict[Name, list[tuple[str, int]]] = {}
        for word, count in sorted(cells, key=lambda one: (-one[1], one[0])):
            groups.setdefault(self.name(dim, word) if word else "", []).append((word, count))
        made = [
            Same(
                name,
                _SAID.get(found[0][0], found[0][0]) if dim == "severity" else found[0][0],
                tuple(word for word, _count in found),
                sum(count for _word, count in found),
            )
            for name, found in groups.items()
        ]
        return tuple(sorted(made, key=lambda one: (-one.count, one.word)))


def severity_of(category: str) -> str:
    """How grave an accident of a category is; "" for what is none, or not known."""
    head, _, last = category.partition(".")
    return last if head == "traffic" and last in SEVERITIES else ""


def severity_name(word: str) -> Name:
    """A severity for people; a source's own word that we do not know stays as it is."""
    return SEVERITIES.get(_SAID.get(word, word), word)


def class_name(categories: Categories, word: str) -> Name:
    """A class of fraud for people: the label of the category of that name, else the word."""
    found = [one for one in categories.called(word) if one.field == "fraud"]
    return found[0].label if found else word
