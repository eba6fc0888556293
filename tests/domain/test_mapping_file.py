"""Mapping files: what they mean, and that every mistake is named with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.desk.ruleset import load
from console.domain.mapping import Ask, MappingProblem, SourceTable
from console.domain.mapping_file import parse_mapping

CATEGORIES = ("fire", "fire.structure", "fire.outdoor", "traffic.fatal", "other")
MAPPINGS = Path(__file__).parents[2] / "docs" / "mappings"

GOOD = """\
[source]
name = "city"
encoding = "gb18030"
timezone = "Asia/Shanghai"
datetime = "%Y-%m-%d %H:%M"
[incident]
id = "No"
category = { column = "Kind", map = { "House fire" = "fire.structure" } }
received = ["Day", "Time|"]
severity = "How bad"
location = { column = "At", pattern = '(?P<lat>\\S+) (?P<lon>\\S+)' }
[unit]
call_sign = "Car"
dispatched = "Sent"
"""


def parse(text: str) -> SourceTable:
    return parse_mapping(text, "m.toml", CATEGORIES)


def faults(text: str) -> list[tuple[int, str, dict[str, object]]]:
    """(line, message id, arguments) of every mistake."""
    with pytest.raises(MappingProblem) as caught:
        parse(text)
    assert all(fault.file == "m.toml" for fault in caught.value.faults)
    return [(fault.line, fault.reason.id, dict(fault.reason.args)) for fault in caught.value.faults]


def test_good_mapping() -> None:
    table = parse(GOOD)
    assert table.source == "city"
    assert table.encoding == "gb18030"
    assert table.zone is not None
    assert table.zone.key == "Asia/Shanghai"
    assert table.formats == ("%Y-%m-%d %H:%M",)
    assert table.id.columns == (Ask(("No",)),)
    assert table.received.columns == (Ask(("Day",)), Ask(("Time",), optional=True))
    assert table.fields["category"].map == {"house fire": "fire.structure"}
    assert set(table.fields) == {"category", "severity"}
    assert table.call_sign is not None
    assert set(table.times) == {"dispatched"}


def test_only_what_must_be_there() -> None:
    table = parse(
        '[source]\nname = "s"\ndatetime = ["%Y-%m-%d", "excel"]\n'
        '[incident]\nid = "*"\nreceived = "t"\n'
    )
    assert table.id.columns == ()
    assert table.call_sign is None
    assert (table.encoding, table.delimiter, table.zone) == (None, None, None)


def test_a_format_without_a_day_says_so() -> None:
    with pytest.raises(MappingProblem) as caught:
        parse(
            '[source]\nname = "s"\ndatetime = ["%Y-%m-%d", "%H:%M"]\n'
            '[incident]\nid = "*"\nreceived = "t"\n'
        )
    assert [(one.line, one.reason.id) for one in caught.value.faults] == [(3, "mapping.no_day")]


@pytest.mark.parametrize(
    ("old", "new", "line", "id_", "args"),
    [
        ("name =", "nmae =", 2, "mapping.unknown_key_near", {"word": "nmae", "near": "name"}),
        (
            "dispatched =",
            "dispached =",
            14,
            "mapping.unknown_key_near",
            {"word": "dispached", "near": "dispatched"},
        ),
        ("[unit]", "[units]", 12, "mapping.unknown_key_near", {"word": "units", "near": "unit"}),
        ("map =", "mpa =", 8, "mapping.unknown_key_near", {"word": "mpa", "near": "map"}),
        (
            '"fire.structure"',
            '"fire.strukture"',
            8,
            "mapping.unknown_category_near",
            {"word": "fire.strukture", "near": "fire.structure"},
        ),
        ('"gb18030"', '"gb18031"', 3, "mapping.bad_encoding", {"value": "gb18031"}),
        ('"gb18030"', '"base64"', 3, "mapping.bad_encoding", {"value": "base64"}),
        ('"gb18030"', "7", 3, "mapping.wrong_type", {"key": "encoding"}),
        ('"Asia/Shanghai"', '"Asia/Xiaoshan"', 4, "mapping.bad_zone", {"value": "Asia/Xiaoshan"}),
        ('"%Y-%m-%d %H:%M"', '"%Y-%Q"', 5, "mapping.bad_format", {"value": "%Y-%Q"}),
        ('"%Y-%m-%d %H:%M"', "[]", 5, "mapping.wrong_type", {"key": "datetime"}),
        ('id = "No"', "id = []", 7, "mapping.wrong_type", {"key": "id"}),
        ('"How bad"', "3", 10, "mapping.wrong_type", {"key": "severity"}),
        ("(?P<lat>", "(?P<lat", 11, "mapping.bad_pattern", {}),
        ("(?P<lat>", "(?P<latitude>", 11, "mapping.no_groups", {}),
        ('"How bad"\n', '"How bad"\nlat = "Y"\n', 11, "mapping.half_location", {"key": "lat"}),
        (
            'received = ["Day", "Time|"]\n',
            "",
            6,
            "mapping.missing_key",
            {"key": "incident.received"},
        ),
        ('call_sign = "Car"\n', "", 12, "mapping.missing_key", {"key": "unit.call_sign"}),
        ("[source]", "[source", 1, "rules.not_toml", {}),
    ],
)
def test_mistake_is_named_with_its_line(
    old: str, new: str, line: int, id_: str, args: dict[str, object]
) -> None:
    assert old in GOOD
    found = [one for one in faults(GOOD.replace(old, new)) if one[1] == id_]
    assert found, faults(GOOD.replace(old, new))
    assert found[0][0] == line
    assert args.items() <= found[0][2].items()


def test_all_mistakes_at_once_in_the_order_of_the_lines() -> None:
    text = GOOD.replace("name =", "nmae =").replace("gb18030", "gb1").replace("Car", "")
    found = faults(text)
    assert [line for line, _, _ in found] == sorted(line for line, _, _ in found)
    assert {id_ for _, id_, _ in found} >= {
        "mapping.unknown_key_near",
        "mapping.bad_encoding",
        "mapping.wrong_type",
    }


@pytest.mark.parametrize("name", ["sf-fire", "stats19"])
def test_the_mappings_that_ship_are_good(name: str) -> None:
    text = (MAPPINGS / f"{name}.toml").read_text("utf-8")
    table = parse_mapping(text, name, load().categories.nodes)
    assert table.source == name
