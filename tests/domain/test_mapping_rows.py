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
    assert one.assignment(row(), received)[0] == PastAssignment(
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
            ({"Hurt": "two"}, "row.number"),
            ({"Hurt": "-1"}, "row.range"),
            ({"Hurt": "٣"}, "row.number"),
            ({"Lost": "1e30"}, "row.range"),
            ({"There": "2017-01-01 10:01:30", "Gone": ""}, ""),
            ({"Hurt": "", "Lost": "NULL"}, ""),
        ],
    )
    def test_reason(self, cells: dict[str, str], reason: str) -> None:
        assert refused(row(**cells)) == reason

    @pytest.mark.parametrize(
        ("cells", "left", "reason"),
        [
            ({"There": "x"}, "on_scene", "row.time"),
            ({"There": "9999-01-01 00:00:00"}, "on_scene", "row.year"),
            ({"Sent": "2017-01-01 09:59:59"}, "dispatched", "row.early"),
            ({"Gone": "2017-01-01 10:00:30"}, "enroute", "row.early"),
            ({"Back": "2017-01-01 10:08:00"}, "available", "row.early"),
            ({"Sent": "", "There": "", "Back": "2017-01-01 10:01:00"}, "available", "row.early"),
        ],
    )
    def test_a_fault_in_a_time_of_the_unit_costs_that_time(
        self, cells: dict[str, str], left: str, reason: str
    ) -> None:
        one = reader()
        whole, none = one.assignment(row(), at("2017-01-01T10:00:00"))
        found, doubts = one.assignment(row(**cells), at("2017-01-01T10:00:00"))
        assert whole is not None
        assert none == ()
        names = {"Sent": "dispatched", "Gone": "enroute", "There": "on_scene", "Back": "available"}
        missing = {left, *(names[k] for k, v in cells.items() if not v)}
        said = {key: None if key in missing else value for key, value in whole._asdict().items()}
        assert found is not None
        assert found._asdict() == said
        assert [(one.id, one.args["key"]) for one in doubts] == [(reason, left)]

    def test_missing_times_are_none(self) -> None:
        one = reader()
        cells = row(Gone="", There=" ", Back="NULL")
        found, _ = one.assignment(cells, one.received(cells))
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


CLOCKS = """\
[source]
name = "city"
datetime = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"]
[incident]
id = "No"
received = ["Date", "Call"]
[unit]
call_sign = "Car"
dispatched = ["Date", "Sent"]
on_scene = ["Date", "There|"]
available = ["Date", "Back"]
"""


class TestClocksBesideADay:
    """One column has the day, and every step its clock."""

    HEADER = ("No", "Date", "Call", "Car", "Sent", "There", "Back")

    def times(self, *clocks: str) -> tuple[list[str | None], list[str]]:
        """The steps as clocks of the first or the next day, and what was left out."""
        one = reader(CLOCKS, list(self.HEADER))
        cells = ["1", "04/01/2021", clocks[0], "E1", *clocks[1:]]
        found, doubts = one.assignment(cells, one.received(cells))
        assert found is not None
        said = [
            None
            if moment is None
            else datetime.fromtimestamp(moment / 1000, ZONE).strftime("%d %H:%M:%S")
            for moment in (found.received, found.dispatched, found.on_scene, found.available)
        ]
        return said, [str(one.args["key"]) for one in doubts]

    def test_past_midnight(self) -> None:
        assert self.times("23:52:10", "23:53:01", "00:04:20", "00:41:00") == (
            ["04 23:52:10", "04 23:53:01", "05 00:04:20", "05 00:41:00"],
            [],
        )

    def test_an_empty_clock_is_no_midnight(self) -> None:
        assert self.times("10:01:00", "10:02:00", "", "NULL") == (
            ["04 10:01:00", "04 10:02:00", None, None],
            [],
        )

    def test_a_little_earlier_is_a_mistake_and_no_day_later(self) -> None:
        assert self.times("11:30:00", "11:31:10", "11:29:00", "12:10:00") == (
            ["04 11:30:00", "04 11:31:10", None, "04 12:10:00"],
            ["on_scene"],
        )

    def test_no_interval_begins_with_a_day_without_its_clock(self) -> None:
        said, doubts = self.times("", "10:02:00", "10:05:00", "10:30:00")
        assert said == [None, "04 10:02:00", "04 10:05:00", "04 10:30:00"]
        assert doubts == []

    def test_a_clock_that_the_file_does_not_have(self) -> None:
        header = [name for name in self.HEADER if name != "There"]
        one = reader(CLOCKS, header)
        cells = ["1", "04/01/2021", "10:00:00", "E1", "10:01:00", "10:30:00"]
        found, doubts = one.assignment(cells, one.received(cells))
        assert found is not None
        assert (found.on_scene, doubts) == (None, ())


TIMES_SAID = st.lists(st.none() | st.integers(0, 50), min_size=4, max_size=4)


@given(TIMES_SAID)
def test_what_is_left_is_in_order_and_nothing_is_left_out_without_need(
    minutes: list[int | None],
) -> None:
    one = reader()
    names = ("Sent", "Gone", "There", "Back")
    said = ["" if m is None else f"2017-01-01 10:{m:02}:00" for m in minutes]
    cells = row(**dict(zip(names, said, strict=True)))
    found, doubts = one.assignment(cells, one.received(cells))
    assert found is not None
    kept = [moment for moment in found.times if moment is not None]
    assert kept == sorted(kept)
    given_ = [m for m in minutes if m is not None]
    assert len(kept) - 1 + len(doubts) == len(given_)
    assert bool(doubts) == (given_ != sorted(given_))


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
