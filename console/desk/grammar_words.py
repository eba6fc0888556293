"""The command line's words: width and case set aside, the line cut into words, words into values.

Everything here keeps indexes: a character of the plain line stands where it stood in the
line as typed, so that free text is always taken as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from console.domain.writing import even as even
from console.domain.writing import fold as fold
from console.domain.writing import narrow

T = TypeVar("T")

_QUOTES = {'"': '"', "“": "”"}
_LISTS = {ord(c): " " for c in ",、"}
_LONGEST_WORD = 40
_SIGN, _BLANK = re.compile(r"\S"), re.compile(r"\s")


def plain(line: str) -> str:
    """The line with full-width letters, digits, signs and spaces made narrow, index by index."""
    return narrow(line)


def spaced(line: str) -> str:
    """The plain line with the separators of lists (comma, 、) made spaces, index by index."""
    return line.translate(_LISTS)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the line, from index `start` to before `end`; `text` is without quotes."""

    text: str
    start: int
    end: int
    quoted: bool = False


def next_token(line: str, pos: int) -> Token | None:
    """The word that begins at or after `pos` in a plain line; None when there is none.

    A word in double quotes goes on to the closing one, or to the end of the line.
    """
    size = len(line)
    begun = _SIGN.search(line, pos)
    if begun is None:
        return None
    pos = begun.start()
    if closing := _QUOTES.get(line[pos]):
        found = line.find(closing, pos + 1)
        end = size if found < 0 else found + 1
        return Token(line[pos + 1 : size if found < 0 else found], pos, end, quoted=True)
    ended = _BLANK.search(line, pos)
    end = size if ended is None else ended.start()
    return Token(line[pos:end], pos, end)


def tokens(line: str, pos: int = 0, most: int | None = None) -> list[Token]:
    """The words of a plain line from `pos` on, at most `most`."""
    found: list[Token] = []
    while (most is None or len(found) < most) and (token := next_token(line, pos)):
        found.append(token)
        pos = token.end
    return found


def unquoted(text: str) -> str:
    """Free text as it is kept: without the quotes that enclose all of it, and trimmed."""
    text = text.strip()
    for opening, closing in _QUOTES.items():
        inner = text[1:-1]
        if len(text) > 1 and text[0] == opening and text[-1] == closing and closing not in inner:
            return inner.strip()
    return text


def phrase(line: str, pos: int, find: Callable[[str], T | None], most: int = 4) -> tuple[T, int]:
    """The longest run of words from `pos` that `find` knows, and the index after it.

    Raises:
        LookupError: `find` knows none of them.
    """
    words = tokens(line, pos, most)
    for count in range(len(words), 0, -1):
        run = words[:count]
        if count > 1 and any(token.quoted for token in run):
            continue
        text = run[0].text if count == 1 else " ".join(token.text for token in run)
        found = find(text)
        if found is not None:
            return found, run[-1].end
    raise LookupError


class Ambiguous(Exception):  # noqa: N818 - a finding, not a fault
    """A beginning that several words have; `fits` are those words."""

    def __init__(self, fits: tuple[str, ...]) -> None:
        super().__init__(fits)
        self.fits = fits


def pick(word: str, names: Mapping[str, T]) -> T | None:
    """The value that `word` names among folded `names`: exactly, else by a unique beginning.

    Raises:
        Ambiguous: names of several values begin with it.
    """
    wanted = fold(word)
    if not wanted:
        return None
    if wanted in names:
        return names[wanted]
    fits = {name: value for name, value in names.items() if name.startswith(wanted)}
    values = list(fits.values())
    if any(value != values[0] for value in values[1:]):
        raise Ambiguous(tuple(fits))
    return values[0] if values else None


def near(word: str, names: Collection[str], most: int = 3) -> tuple[str, ...]:
    """Names that `word` may have been meant to be, the nearest first.

    Args:
        names: as they are to be shown.
        most: how many at most.
    """
    wanted = fold(word)
    if not wanted or len(wanted) > _LONGEST_WORD:
        return ()
    allowed = 1 if len(wanted) < 5 else 2
    found: list[tuple[int, str]] = []
    for name in names:
        folded = fold(name)
        if abs(len(folded) - len(wanted)) > allowed:
            continue
        # Characters that the name does not have must have been changed, each of them.
        if sum(char not in folded for char in wanted) > allowed:
            continue
        away = distance(wanted, folded, allowed)
        # One character out of one is no likeness.
        if away <= allowed and away < max(len(wanted), len(folded)):
            found.append((away, name))
    return tuple(name for _, name in sorted(found)[:most])


def distance(a: str, b: str, limit: int) -> int:
    """How many characters must be changed, added, left out or swapped with their neighbour.

    Stops at `limit`: a greater distance is told as ``limit + 1``.
    """
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return last[-1]


def _names(words: Mapping[T, str]) -> dict[str, T]:
    return {fold(word): value for value, text in words.items() for word in text.split()}


_PRIORITIES = _names(
    {
        1: "1 1级 一 一级 I I级 红 红色 red",
        2: "2 2级 二 二级 II II级 橙 橙色 orange",
        3: "3 3级 三 三级 III III级 黄 黄色 yellow",
        4: "4 4级 四 四级 IV IV级 蓝 蓝色 blue",
    }
)
_ALARMS = _names(
    {
        1: "1 1级 一 一级 I I级 绿 绿色 green",
        2: "2 2级 二 二级 II II级 蓝 蓝色 blue",
        3: "3 3级 三 三级 III III级 黄 黄色 yellow",
        4: "4 4级 四 四级 IV IV级 橙 橙色 orange",
        5: "5 5级 五 五级 V V级 红 红色 red",
    }
)
LANGUAGE_WORDS: Mapping[str, tuple[str, ...]] = {
    "zh": ("中文", "Chinese", "zh", "zhongwen", "zh_cn"),
    "en": ("英文", "English", "en", "yingwen"),
}
"""Language -> its words: Chinese, English, then whatever else is typed."""

THEME_WORDS: Mapping[str, tuple[str, ...]] = {
    "dark": ("暗", "dark", "an", "深色"),
    "light": ("亮", "light", "liang", "浅色"),
    "contrast": ("高对比", "contrast", "gaoduibi", "high-contrast"),
}
"""Theme -> its words."""

REPORT_WORDS: Mapping[str, tuple[str, ...]] = {
    "shift": ("交接班", "shift", "jiaojieban", "班", "交班", "handover"),
    "day": ("日报", "day", "ribao", "日", "daily"),
    "week": ("周报", "week", "zhoubao", "周", "weekly"),
    "month": ("月报", "month", "yuebao", "月", "monthly"),
}
"""What a report is about -> its words."""

FORM_WORDS: Mapping[str, tuple[str, ...]] = {
    "md": ("md", "md", "md", "markdown"),
    "html": ("网页", "html", "wangye", "htm"),
    "docx": ("docx", "docx", "docx", "word"),
}
"""Form of a report -> its words."""

CALL_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "answered": ("接通", "answered", "jietong", "已接"),
    "busy": ("占线", "busy", "zhanxian", "忙线"),
    "no_answer": ("无人接", "no_answer", "wurenjie", "no answer", "no-answer", "无人接听"),
}
"""Outcome of a telephone call -> its words. They hold without a playbook, too."""


def named(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Folded word -> id, for `pick`; the ids themselves are words too."""
    found = {fold(id_): id_ for id_ in words}
    for id_, texts in words.items():
        for text in texts:
            found.setdefault(fold(text), id_)
    return found


LANGUAGES = named(LANGUAGE_WORDS)
THEMES = named(THEME_WORDS)
CALLS = named(CALL_OUTCOMES)


def priority(word: str) -> int | None:
    """The priority that `word` names: 1-4, I-IV, 红橙黄蓝 or the English colours."""
    return _PRIORITIES.get(fold(word))


def days(word: str) -> int | None:
    """A number of working days, 1 to 99: ``5``, ``5天``, ``5d``."""
    found = _DAYS.fullmatch(fold(word))
    return int(found[1]) if found else None


def alarm(word: str) -> int | None:
    """The alarm level (1-5) that `word` names, by number or by the colour of
    GA/XF/T 1340-2016: green, blue, yellow, orange, red."""
    return _ALARMS.get(fold(word))


_DAYS = re.compile(r"([1-9]\d?)(?:天|日|工作日|个工作日|d|days?)?")
_MONEY = re.compile(
    r"(?P<sign>[¥￥]|rmb|cny)?\s*(?P<number>\d{1,3}(?:,\d{3})+|\d{1,12})(?P<part>\.\d{1,4})?"
    r"\s*(?P<unit>万|亿|w|k)?(?P<yuan>元|块|yuan)?",
    re.IGNORECASE,
)
_TIMES = {"万": 10_000, "w": 10_000, "亿": 100_000_000, "k": 1_000, "": 1}
_PLAINLY_MONEY = 6
"""A bare number with so many digits is an amount where one may stand; a telephone is longer."""
_PHONE = 10


def money(word: str, *, expected: bool) -> int | None:
    """The amount in whole yuan that `word` names: ``300000``, ``400,000``, ``40万``, ``40w``.

    Args:
        expected: an amount is asked for here, so that any number is one. Otherwise a
            number must look like money, for it may as well begin a sentence.
    """
    found = _MONEY.fullmatch(fold(word))
    if found is None:
        return None
    number, part, unit = found["number"], found["part"] or "", found["unit"] or ""
    marked = bool(found["sign"] or found["yuan"] or "," in number or unit in ("万", "亿", "w"))
    if not expected and not marked and not _PLAINLY_MONEY <= len(number) < _PHONE:
        return None
    whole = int(number.replace(",", "")) * _TIMES[unit]
    # In integers: 0.29 万 is 2900 yuan, not 2899.
    return whole + (int(part[1:]) * _TIMES[unit] // 10 ** len(part[1:]) if part else 0)
