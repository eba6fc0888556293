"""An incident's number as officers write and say it.

``14``, ``#14``, ``14号``, ``第14号``, ``No.14``, ``十四``, ``一百零三``: a number of a day.
``XS-20261123-0042``, ``20261123-42``, ``2026-11-23/14``, ``11-23/14``, ``23-14`` (the last 23rd),
``23日14号``, ``昨14``, ``前天14号``, ``今14``: a number with its day. A row of another day is shown
by such a number (`day_number`), and that is read back as the same incident.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from console.domain.incident import SERIALS, day_of, make_id
from console.domain.writing import even

_DIGITS = {**{c: n for n, c in enumerate("〇一二三四五六七八九")}, "零": 0, "两": 2, "幺": 1}
_D = "[一二两三四五六七八九]"
_TEN = f"(?:{_D}?十{_D}?|[廿卅]{_D}?)"
_HUNDRED = f"(?:{_D}百(?:零{_D}|{_TEN})?)"
_THOUSAND = f"(?:{_D}千(?:零(?:{_TEN}|{_D})|{_HUNDRED})?)"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SAID = re.compile(f"{_THOUSAND}|{_HUNDRED}|{_TEN}|[〇零幺一二两三四五六七八九]{{1,7}}")
_BEHIND = r"(?=$|[\s,;:、。!?()\"“”]|\.(?:\s|$))"
"""What may stand behind a number that ends there."""

_SERIAL = rf"(?:[0-9]{{1,7}}|{_SAID.pattern})"
_NUMBER = re.compile(
    rf"(?P<hash>\#+\s?)(?P<hashed>[0-9]{{1,7}})(?:号(?!楼|线|门|车|桥))?(?![0-9a-z_/-])"
    rf"|\#*(?:(?P<district>[a-z]+)-)?(?P<whole>[12][0-9]{{7}})-(?P<of_whole>[0-9]{{1,7}})"
    rf"(?![0-9a-z_-])"
    rf"|(?P<word>大前天|前天|前日|昨天|昨日|昨晚|今天|今日|昨|今)第?(?P<of_word>{_SERIAL})号?{_BEHIND}"
    rf"|(?:(?P<month_>[0-9]{{1,2}})月)?(?P<day_>[0-9]{{1,2}})日第?(?P<of_day_>{_SERIAL})号?{_BEHIND}"
    rf"|(?P<sign>\#*)(?:(?:(?P<year>[12][0-9]{{3}})[-./])?(?P<month>[0-9]{{1,2}})[-.](?P<day>[0-9]{{1,2}})"
    rf"[/-](?P<of_date>[0-9]{{1,7}})|(?P<last>[0-9]{{1,2}})[-/](?P<of_last>[0-9]{{1,7}}))号?{_BEHIND}"
    rf"|(?P<marked>第|no(?:\.\s?)?|№\s?)(?P<of_mark>{_SERIAL})(?P<hao_>号)?{_BEHIND}"
    rf"|(?P<bare>{_SERIAL})(?P<hao>号)?{_BEHIND}"
)
_LED = re.compile(
    rf"(?:第)?(?P<serial>{_SERIAL})号(?!楼|线|门|车|桥|院|院子|店|铺|室|机|码|路|道|口)"
)
_AGO = {"今": 0, "昨": 1, "前": 2, "大": 3}
_NEAR = 27
"""Days within which the day of the month says which day is meant."""


@dataclass(frozen=True, slots=True)
class Written:
    """A number of an incident in a text, up to before `end`.

    `day` is YYYYMMDD, or None where none is said; `sure` says that it can be nothing else.
    """

    day: int | None
    serial: int
    end: int
    sure: bool = False
    district: str = ""


def numeral(word: str) -> int | None:
    """The number that a Chinese numeral says, up to 9999 (or digit by digit); None for others."""
    if _SAID.fullmatch(word) is None:
        return None
    if not set(word) & set("十百千廿卅"):
        return int("".join(str(_DIGITS[sign]) for sign in word))
    total = 0
    digit: int | None = None
    for sign in word.replace("廿", "二十").replace("卅", "三十"):
        if sign in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[sign]
            digit = None
        else:
            digit = _DIGITS[sign] or None
    return total + (digit or 0)


def number_at(text: str, pos: int, today: int) -> Written | None:
    """The incident's number that stands at `pos` of a text; None when none does.

    Args:
        text: as typed; indexes are those of it.
        pos: where it must begin.
        today: YYYYMMDD, to count days back from.
    """
    found = _NUMBER.match(even(text), pos)
    if found is None:
        return None
    got = found.groupdict()
    end = found.end()
    if got["hashed"]:
        return Written(None, int(got["hashed"]), end, sure=True)
    if got["whole"]:
        district = (got["district"] or "").upper()
        return Written(int(got["whole"]), int(got["of_whole"]), end, True, district)
    if got["word"]:
        ago = _AGO[got["word"][0]]
        return _written(_back(today, ago), got["of_word"], end, sure=True)
    if got["day_"]:
        day = _of_date(today, got["day_"], got["month_"])
        return None if day is None else _written(day, got["of_day_"], end, sure=True)
    if got["of_date"]:
        day = _of_date(today, got["day"], got["month"], got["year"])
        return None if day is None else _written(day, got["of_date"], end, sure=bool(got["sign"]))
    if got["of_last"]:
        day = _of_date(today, got["last"])
        return None if day is None else _written(day, got["of_last"], end, sure=bool(got["sign"]))
    if got["of_mark"]:
        return _written(None, got["of_mark"], end, sure=got["marked"] != "第" or bool(got["hao_"]))
    return _written(None, got["bare"], end, sure=bool(got["hao"]))


def led_by_number(text: str, pos: int) -> int | None:
    """The serial of ``14号`` where words stand against it (``14号有人受伤``); None for others."""
    found = _LED.match(even(text), pos)
    return None if found is None else _value(found["serial"])


def whole_number(text: str, today: int) -> Written | None:
    """The number that all of a text is."""
    begin = len(text) - len(text.lstrip())
    found = number_at(text, begin, today)
    return found if found is not None and not text[found.end :].strip(" \t,;:、。.!?") else None


def day_number(id_: int, today: int) -> str:
    """The shortest number by which an incident is named and that says its day when it is not
    of today: ``14``, ``22-14``, ``10-22/14``, ``2025-11-22/14``.
    """
    day, serial = day_of(id_), id_ % SERIALS
    if day == today:
        return str(serial)
    short = f"{day % 100:02}-{serial}"
    if _of_date(today, str(day % 100)) == day and _since(day, today) <= _NEAR:
        return short
    month = f"{day // 100 % 100:02}-{day % 100:02}/{serial}"
    if _of_date(today, str(day % 100), str(day // 100 % 100)) == day:
        return month
    return f"{day // 10_000:04}-{month}"


def dated_number(id_: int, today: int) -> str:
    """`day_number`, with the day of today's, too: it means that incident whatever else is open."""
    found = day_number(id_, today)
    return found if day_of(id_) != today else f"{today % 100:02}-{found}"


def id_written(written: Written) -> int:
    """The id behind a number that says its day."""
    assert written.day is not None
    return make_id(written.day, written.serial)


def _written(day: int | None, serial: str, end: int, *, sure: bool = False) -> Written:
    return Written(day, _value(serial), end, sure)


def _value(serial: str) -> int:
    if serial.isascii():
        return int(serial)
    value = numeral(serial)
    assert value is not None  # the pattern has said so
    return value


def _date(day: int) -> date:
    return date(day // 10_000, day // 100 % 100, day % 100)


def _back(today: int, days: int) -> int:
    then = _date(today) - timedelta(days=days)
    return then.year * 10_000 + then.month * 100 + then.day


def _since(day: int, today: int) -> int:
    return (_date(today) - _date(day)).days


def _of_date(today: int, day: str, month: str | None = None, year: str | None = None) -> int | None:
    """The last such day that is not to come, YYYYMMDD; None when there is none."""
    now = _date(today)
    tried: list[tuple[int, int]]
    if year:
        tried = [(int(year), int(month or 0))]
    elif month:
        tried = [(now.year, int(month)), (now.year - 1, int(month))]
    else:
        before = (now.replace(day=1) - timedelta(days=1)).replace(day=1)
        earlier = (before - timedelta(days=1)).replace(day=1)
        tried = [(one.year, one.month) for one in (now, before, earlier)]
    for one_year, one_month in tried:
        try:
            found = date(one_year, one_month, int(day))
        except ValueError:
            continue
        if found <= now or year:
            return found.year * 10_000 + found.month * 100 + found.day
    return None
