"""Rows under a mapping: columns found, texts cleaned, times read, bad rows refused."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock import from_datetime
from console.domain.mapping import MappingProblem
from console.domain.mapping_file import parse_mapping
from console.domain.rows import PastAssignment, RowRefused, TableReader

CATEGORIES = ("fire", "fire.structure", "medical", "other")
ZONE = ZoneInfo("Asia/Shanghai")
MAPPING = """\
[source]
name = "city"
datetime = "%Y-%m-%d %H:%M:%S"
[incident]
id = "No"
category = { column = "Kind", map = { "House Fire" = "fire.structure" } }
received = "Received"
place = "Place"
casualties = "Hurt"
amount_lost = "Lost"
lat = "Lat|"
lon = "Lon|"
[unit]
call_sign = "Car"
dispatched = "Sent"
enroute = "Gone"
on_scene = "There"
available = "Back"
"""
ROW = {
    "No": "7",
    "Kind": "House Fire",
    "Received": "2017-01-01 10:00:00",
    "Place": "Market St 1",
    "Hurt": "2",
    "Lost": "1,000",
    "Lat": "30.1",
    "Lon": "120.2",
    "Car": "E1",
    "Sent": "2017-01-01 10:01:00",
    "Gone": "2017-01-01 10:02:00",
    "There": "2017-01-01 10:09:00",
    "Back": "2017-01-01 11:00:00",
}
HEADER = list(ROW)


def reader(mapping: str = MAPPING, header: list[str] = HEADER) -> TableReader:
    table = parse_mapping(mapping, "m.toml", CATEGORIES)
    return TableReader(table, header, "f.csv", ZONE, CATEGORIES)


def row(**cells: str) -> list[str]:
    return [{**ROW, **cells}[name] for name in HEADER]


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def refused(cells: list[str]) -> str:
    one = reader()
    try:
        one.source_id(cells)
        one.assignment(cells, one.received(cells))
        one.incident(cells)
    except RowRefused as error:
        return error.reason.id
    return ""


def test_a_row() -> None:
    one = reader()
    past, remarks = one.incident(row())
    assert (past.category, past.word) == ("fire.structure", "House Fire")
    assert (past.place, past.casualties, past.amount_lost) == ("Market St 1", 2, 1000)
    assert (past.lat, past.lon) == (30.1, 120.2)
    assert past.text == "House Fire"
    assert remarks == type(remarks)()
    assert one.source_id(row()) == "7"
    received = one.received(row())
    assert received == at("2017-01-01T10:00:00")
    assert one.assignment(row(), received) == PastAssignment(
        "E1",
        received,
        at("2017-01-01T10:01:00"),
        at("2017-01-01T10:02:00"),
        at("2017-01-01T10:09:00"),
        None,
        at("2017-01-01T11:00:00"),
    )


class TestColumns:
    def test_case_spaces_and_underscores_do_not_matter(self) -> None:
        header = [name.lower() for name in HEADER]
        header[2] = "RE_CEI ved"
        header[0] = "\ufeffno"
        assert reader(header=header).source_id(row()) == "7"

    def test_an_exact_name_wins(self) -> None:
        assert reader(header=[*HEADER, "no"]).source_id([*row(), "8"]) == "7"

    def test_missing_column_names_what_is_like_it(self) -> None:
        with pytest.raises(MappingProblem) as caught:
            reader(header=["Recieved" if name == "Received" else name for name in HEADER])
        (fault,) = caught.value.faults
        assert (fault.file, fault.line) == ("m.toml", 7)
        reason = fault.reason.args["reason"]
        assert fault.reason.args["key"] == "received"
        assert getattr(reason, "args")["near"] == "Recieved"  # noqa: B009

    def test_column_that_is_there_twice(self) -> None:
        with pytest.raises(MappingProblem):
            reader(header=[*HEADER, "Place"])
        # Nobody asks for it: no harm.
        assert reader(header=[*HEADER, "Extra", "Extra"]).source_id([*row(), "", ""]) == "7"

    def test_optional_columns_may_be_missing(self) -> None:
        keep = [i for i, name in enumerate(HEADER) if name not in ("Lat", "Lon")]
        one = reader(header=[HEADER[i] for i in keep])
        past, remarks = one.incident([row()[i] for i in keep])
        assert (past.lat, past.lon, remarks.unplaced) == (None, None, False)

    def test_alternatives(self) -> None:
        mapping = MAPPING.replace('"Received"', '"Rcvd|received"')
        assert reader(mapping).received(row()) == at("2017-01-01T10:00:00")


class TestIds:
    def test_composite(self) -> None:
        one = reader(MAPPING.replace('id = "No"', 'id = ["No", "Car"]'))
        assert one.source_id(row()) == "7|E1"
        assert one.source_id(row(No="7|", Car="E1")) != one.source_id(row(No="7", Car="|E1"))

    def test_whole_row_does_not_depend_on_the_order_of_the_columns(self) -> None:
        mapping = MAPPING.replace('id = "No"', 'id = "*"')
        turned = reader(mapping, HEADER[::-1])
        assert reader(mapping).source_id(row()) == turned.source_id(row()[::-1])
        assert reader(mapping).source_id(row()) != reader(mapping).source_id(row(No="8"))

    def test_no_id(self) -> None:
        assert refused(row(No="  ")) == "row.no_id"

    def test_long_ids_stay_apart(self) -> None:
        one = reader()
        long = "x" * 900
        assert one.source_id(row(No=long + "a")) != one.source_id(row(No=long + "b"))
        assert len(one.source_id(row(No=long))) < 300

    def test_id_that_a_spreadsheet_ruined(self) -> None:
        assert reader().spoilt_id("2.00512E+12")
        assert not reader().spoilt_id("200512345678")


class TestCategories:
    def test_map_ignores_case_and_spacing(self) -> None:
        assert reader().incident(row(Kind=" house  FIRE "))[0].category == "fire.structure"

    def test_unmapped_keeps_the_word(self) -> None:
        past, remarks = reader().incident(row(Kind="Cat in Tree"))
        assert past.category == "other.Cat in Tree"
        assert remarks.unmapped == "Cat in Tree"

    def test_our_own_code(self) -> None:
        assert reader().incident(row(Kind="medical"))[0].category == "medical"

    def test_none(self) -> None:
        assert reader().incident(row(Kind=""))[0].category == "other"


class TestRefused:
    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            ({"Received": "yesterday"}, "row.time"),
            ({"Received": "2017-02-30 10:00:00"}, "row.time"),
            ({"Received": "0001-01-01 00:00:00"}, "row.year"),
            ({"Received": "9999-12-31 23:59:59"}, "row.year"),
            ({"There": "x"}, "row.time"),
            ({"Hurt": "two"}, "row.number"),
            ({"Hurt": "-1"}, "row.range"),
            ({"Hurt": "٣"}, "row.number"),
            ({"Lost": "1e30"}, "row.range"),
            ({"Sent": "2017-01-01 09:59:59"}, "row.negative"),
            ({"Back": "2017-01-01 10:08:00"}, "row.negative"),
            ({"There": "2017-01-01 10:01:30", "Gone": ""}, ""),
            ({"Hurt": "", "Lost": "NULL"}, ""),
        ],
    )
    def test_reason(self, cells: dict[str, str], reason: str) -> None:
        assert refused(row(**cells)) == reason

    def test_negative_interval_is_named(self) -> None:
        one = reader()
        cells = row(Gone="2017-01-01 10:00:30")
        with pytest.raises(RowRefused) as caught:
            one.assignment(cells, one.received(cells))
        assert caught.value.reason.args["seconds"] == -30
        assert getattr(caught.value.reason.args["interval"], "id") == (  # noqa: B009
            "interval.dispatch_to_enroute"
        )

    def test_missing_times_are_none(self) -> None:
        one = reader()
        cells = row(Gone="", There=" ", Back="NULL")
        found = one.assignment(cells, one.received(cells))
        assert found is not None
        assert (found.enroute, found.on_scene, found.available) == (None, None, None)

    def test_strange_coordinates_are_left_out(self) -> None:
        for lat in ("north", "91", "inf"):
            past, remarks = reader().incident(row(Lat=lat))
            assert (past.lat, past.lon, remarks.unplaced) == (None, None, True)
        past, remarks = reader().incident(row(Lat="NULL", Lon="nan"))
        assert (past.lat, remarks.unplaced) == (None, False)


class TestHostile:
    def test_escape_sequences(self) -> None:
        past, _ = reader().incident(row(Place="\x1b[2Jnull\x00[/]\u202e", Kind="a\x07b"))
        assert all(c.isprintable() for c in past.place + past.category)
        assert "[/]" in past.place

    def test_ten_megabytes_are_cut_visibly(self) -> None:
        past, remarks = reader().incident(row(Place="x" * 10_000_000))
        assert remarks.cut == ("place",)
        assert len(past.place) <= 200
        assert past.place.endswith("]")

    @given(st.lists(st.text(), min_size=len(HEADER), max_size=len(HEADER)))
    def test_any_row_is_taken_or_refused(self, cells: list[str]) -> None:
        one = reader()
        try:
            source_id = one.source_id(cells)
            one.assignment(cells, one.received(cells))
            past, _ = one.incident(cells)
        except RowRefused:
            return
        for text in (source_id, past.place, past.category, past.text):
            assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text)


class TestAssignments:
    def test_filled_with_what_is_known_later(self) -> None:
        early = PastAssignment("E1", 1, 2, None, None, None, None)
        late = PastAssignment("E1", 1, 2, 3, None, None, 9)
        assert early.filled(late) == late
        assert late.filled(early) == late

    def test_another_time_is_another_assignment(self) -> None:
        first = PastAssignment("E1", 1, 2, 3, None, None, None)
        assert first.filled(first._replace(enroute=4)) is None
        assert first.filled(first._replace(call_sign="E2")) is None
