"""The words of a source in ours: by a map, a beginning, a pattern, or as everything else."""

from __future__ import annotations

import pytest

from console.domain.mapping import LONGEST_WORD, MappingProblem
from console.domain.mapping_file import parse_mapping
from console.domain.rows import TableReader
from tests.domain.test_mapping_rows import CATEGORIES, ZONE

MAPPING = """\
[source]
name = "city"
datetime = "%Y-%m-%d"
[incident]
id = "*"
received = "At"
[incident.category]
column = "Kind"
map = { "FIRE/CAR" = "fire.structure" }
prefix = { "FIRE" = "fire", "FIRE/CAR/" = "medical" }
pattern = { PATTERN = "medical" }
else = "other"
"""


def categories(mapping: str, *words: str) -> list[str]:
    table = parse_mapping(mapping, "m.toml", CATEGORIES)
    one = TableReader(table, ["At", "Kind"], "f.csv", ZONE, CATEGORIES)
    return [one.incident(["2021-03-01", word])[0].category for word in words]


def test_map_then_prefix_then_pattern_then_everything_else() -> None:
    mapping = MAPPING.replace("PATTERN", '"(?i)ems|病"')
    words = (
        "fire/car",
        "Fire/Small",
        "FIRE/CAR/2",
        "call for EMS",
        "病人",
        "fire.alarm",
        "medical",
        "",
    )
    assert categories(mapping, *words) == [
        "fire.structure",
        "fire",
        "medical",
        "medical",
        "medical",
        "fire",
        "medical",
        "other",
    ]
    assert categories(mapping, "x" * LONGEST_WORD + "EMS") == ["other"]


@pytest.mark.parametrize(
    ("old", "new", "id_"),
    [
        ("PATTERN", '"(a+)+$"', "mapping.bad_pattern"),
        ("PATTERN", '"("', "mapping.bad_pattern"),
        ('"other"', '"nothing"', "mapping.unknown_category"),
        ('"FIRE" = "fire"', '"FIRE" = "fier"', "mapping.unknown_category_near"),
    ],
)
def test_mistakes_are_told(old: str, new: str, id_: str) -> None:
    mapping = MAPPING.replace(old, new).replace("PATTERN", '"x"')
    with pytest.raises(MappingProblem) as caught:
        parse_mapping(mapping, "m.toml", CATEGORIES)
    assert [fault.reason.id for fault in caught.value.faults] == [id_]
