"""Local times: every format as the standard library reads it, and what clocks do in a year."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock import from_datetime
from console.domain.moments import FIRST_YEAR, LAST_YEAR, Moments, YearOutOfRange, names_a_day

FORMATS = (
    "%m/%d/%Y %I:%M:%S %p",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%d.%m.%y %H:%M",
    "%d %b %Y %H:%M",
    "%Y%m%d%H%M%S",
    "%d %B %Y",
)
YEARS = st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31))


@given(st.sampled_from(FORMATS), YEARS)
def test_as_the_standard_library_reads_it(form: str, moment: datetime) -> None:
    text = moment.strftime(form)
    expected = datetime.strptime(text, form).replace(tzinfo=UTC)
    assert Moments([form], UTC).read(text) == from_datetime(expected)


@given(st.sampled_from(FORMATS), st.text(max_size=24))
def test_nothing_but_a_value_error(form: str, text: str) -> None:
    moments = Moments([form], UTC)
    try:
        moments.read(text)
    except ValueError:
        return
    datetime.strptime(text, form)


def test_formats_are_tried_in_turn() -> None:
    moments = Moments(["%d/%m/%Y %H:%M", "%d/%m/%Y"], UTC)
    assert moments.read("02/01/2017") == from_datetime(datetime(2017, 1, 2, tzinfo=UTC))
    assert moments.read("02/01/2017 10:30") == from_datetime(
        datetime(2017, 1, 2, 10, 30, tzinfo=UTC)
    )
    with pytest.raises(ValueError, match="10h"):
        moments.read("02/01/2017 10h")


def test_offset_in_the_text_wins() -> None:
    moments = Moments(["%Y-%m-%d %H:%M %z"], ZoneInfo("Asia/Shanghai"))
    expected = from_datetime(datetime(2017, 1, 2, 8, 30, tzinfo=UTC))
    assert moments.read("2017-01-02 10:30 +0200") == expected


@pytest.mark.parametrize("year", [1, FIRST_YEAR - 1, LAST_YEAR + 1, 9999])
def test_years_that_cannot_be_meant(year: int) -> None:
    for zone in (UTC, ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Shanghai")):
        with pytest.raises(YearOutOfRange):
            Moments(["%Y-%m-%d %H:%M"], zone).read(f"{year:04d}-01-01 00:00")


class TestClockChanges:
    LONDON = Moments(["%Y-%m-%d %H:%M"], ZoneInfo("Europe/London"))

    def test_hour_that_comes_twice_is_the_first(self) -> None:
        found = self.LONDON.read("2010-10-31 01:30")
        assert found == from_datetime(datetime(2010, 10, 31, 0, 30, tzinfo=UTC))

    def test_hour_that_does_not_come(self) -> None:
        found = self.LONDON.read("2010-03-28 01:30")
        assert found == from_datetime(datetime(2010, 3, 28, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize("form", ["%Y-%Q", "%", "%d %"])
def test_bad_format(form: str) -> None:
    with pytest.raises(ValueError, match=r"directive|stray"):
        Moments([form], UTC)


class TestAsPeopleAndSpreadsheetsWriteThem:
    AT = from_datetime(datetime(2021, 3, 1, 0, 5, tzinfo=UTC))

    @pytest.mark.parametrize(
        "text",
        [
            "2021-03-01 08:05",
            "2021-03-01T08:05:00+08:00",
            "2021-03-01T00:05:00Z",
            "２０２１-03-01 08：05",
            "2021-03-01 00:00:00 08:05",
            "2021-03-01 1899-12-30 08:05:00",
            "44256.3368055556",
            "1614557100",
            "1614557100000",
            "1614557100000000",
            "2021-03-01 上午8:05:00",
            "2021-03-01 08:05:00.0000000",
        ],
    )
    def test_is_understood(self, text: str) -> None:
        formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d %p%I:%M:%S", "%Y-%m-%d %H:%M:%S.%f"]
        assert Moments(formats, ZoneInfo("Asia/Shanghai")).read(text) == self.AT

    @pytest.mark.parametrize("text", ["2021-03-01 24:00:00", "2021-03-01 23:59:60"])
    def test_the_end_of_a_day_is_the_next(self, text: str) -> None:
        expected = from_datetime(datetime(2021, 3, 2, tzinfo=UTC))
        assert Moments(["%Y-%m-%d %H:%M:%S"], UTC).read(text) == expected

    def test_afternoon(self) -> None:
        expected = from_datetime(datetime(2021, 3, 1, 20, 5, tzinfo=UTC))
        assert Moments(["%Y-%m-%d %p%I:%M"], UTC).read("2021-03-01 下午8:05") == expected

    @pytest.mark.parametrize(
        "text",
        ["2021030108", "2103010805", "2021-02-29 08:05", "24:01", "2021-03-01 24:05", "80500", "7"],
    )
    def test_what_could_be_something_else_is_not(self, text: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
            Moments(["%d/%m/%Y"], UTC).read(text)

    @pytest.mark.parametrize(
        ("form", "text"),
        [
            ("excel", "44256"),
            ("excel 1904", "42794"),
            ("epoch", "1614556800"),
            ("epoch", "1614556800.0"),
            ("epoch", "1614556800000"),
        ],
    )
    def test_by_their_names(self, form: str, text: str) -> None:
        expected = from_datetime(datetime(2021, 3, 1, tzinfo=UTC))
        assert Moments([form], UTC).read(text) == expected

    @pytest.mark.parametrize(
        ("form", "whole"),
        [
            ("%Y-%m-%d", True),
            ("%d %b %y %H:%M", True),
            ("%Y-%j", True),
            ("%G-W%V-%u", True),
            ("epoch", True),
            ("%H:%M:%S", False),
            ("%Y-%m", False),
            ("%m-%d %H:%M", False),
        ],
    )
    def test_a_format_names_a_day(self, form: str, whole: bool) -> None:
        assert names_a_day(form) is whole
