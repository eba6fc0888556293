"""Counting people in a caller's words: trapped, injured, dead, and what is denied.

Chinese and English. "没有人受伤" and "nobody hurt" count nobody, "是否有人被困" is a
question and counts nobody, "有人被困" counts at least one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Every repetition is bounded or takes back nothing (`*+`), so that no text is dear: a caller
# who holds a key down is read in the same time as one who does not.
_DENIAL = re.compile(
    r"(?:有没有|没有|没|是否|有无|并无|暂无|尚无|无|并未|暂未|尚未|未见|未|不存在|不是|非|排除|差点|险些|以免|防止)"
    r"(?:任何|什么|明显|其他|其它|再|造成|发现|出现|发生|接到|有|听说|人员|人|群众|乘客|司机|"
    r"工人|居民|住户|学生|大家|伤亡|受伤|伤|亡|被困|死亡|和|或|及|、|与)*+$"
)
_DENIAL_EN = re.compile(
    r"(?:\b(?:no|not|nobody|none|without|never|nor|almost|nearly|isn't|aren't|wasn't|weren't|don't|"
    r"didn't|false)\b)"
    r"(?:[ ,]++(?:one|any|anyone|people|persons|person|was|is|were|are|been|being|be|got|get|"
    r"reported|reports|report|signs|sign|of|visible|further|other|occupants|passengers|"
    r"injured|hurt|trapped|dead|killed|and|an|or|injuries|the|a)\b)*+ *+$"
)
_LOOK_BACK = 24

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
_ONES = "一二三四五六七八九"
_NUMBER = rf"(?:\d{{1,3}}|[{_ONES}两]?十[{_ONES}]?|[{_ONES}两俩仨]|几|数|多)"
_PEOPLE = (
    r"(?:多)?(?:个|名|位)?(?:人|老人|小孩|孩子|学生|乘客|工人|员工|群众|男子|女子|儿童|居民|伤者)?"
)
_STATES = {
    "trapped": r"被困|困住|受困|被卡|卡住|被压|压住|被埋|出不来|逃不出|困在",
    "injured": r"受伤|伤者|伤员|轻伤|重伤|烧伤|烫伤|摔伤|骨折|流血|出血|昏迷|晕倒|中毒",
    "dead": r"死亡|遇难|身亡|死了|没有呼吸|没呼吸|无生命体征|无呼吸",
}
_ZH = {
    kind: re.compile(
        rf"(?P<n>{_NUMBER})?(?:多|余)?{_PEOPLE}"
        r"(?:已经|已|都|被|还在|还|仍然|仍|不同程度|腿部|头部|手部){0,4}"
        rf"(?P<state>{words})(?:(?:了)?(?P<after>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})(?:个|名)?人)?"
    )
    for kind, words in _STATES.items()
}
_TOLL = re.compile(
    rf"(?:(?P<dead>{_NUMBER})(?:人|名)?死(?!者|路|角))?(?:亡)?[、,，]?(?:(?P<injured>{_NUMBER})(?:人|名)?伤)?"
)
"""A toll as the police writes it: 三死五伤, 1死2伤."""
_WORDS_EN = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "several": 3, "many": 3, "some": 1,
}  # fmt: skip
_STATES_EN = {
    "trapped": r"trapped|stuck|pinned|entrapped",
    "injured": r"injured|hurt|wounded|unconscious|bleeding|injuries|injury|burned|burnt",
    "dead": r"dead|killed|fatal|fatality|fatalities|deceased|not breathing|no pulse",
}
_EN = {
    kind: re.compile(
        rf"(?:\b(?P<n>\d{{1,3}}|{'|'.join(_WORDS_EN)})\b[ -]{{1,3}})?"
        r"(?:\b[a-z]{1,24} {1,3}){0,2}"
        rf"\b(?P<state>{words})\b"
    )
    for kind, words in _STATES_EN.items()
}


@dataclass(frozen=True, slots=True)
class Persons:
    """How many people the words speak of, at least. `words` are the ones that say so."""

    trapped: int = 0
    injured: int = 0
    dead: int = 0
    words: tuple[str, ...] = ()

    @property
    def in_danger(self) -> int:
        """Injured, trapped or dead: what the alarm level of a fire goes by."""
        return self.trapped + self.injured + self.dead


NOBODY = Persons()


def denied(text: str, at: int) -> bool:
    """Whether what stands at `at` of `text` is denied, or only asked, by the words before it."""
    before = text[max(0, at - _LOOK_BACK) : at]
    clause = re.split(r"[,，。；;！!？?\n]|(?<![a-z])(?:but|though)(?![a-z])|但是?|不过", before)[
        -1
    ]
    return bool(_DENIAL.search(clause) or _DENIAL_EN.search(clause))


def count_persons(text: str) -> Persons:
    """Read `text` (already lower case) for people trapped, injured or dead.

    A number that is not told ("several", "有人") counts as the least it can mean.
    """
    found: dict[str, int] = {}
    words: list[str] = []
    for patterns, chinese in ((_ZH, True), (_EN, False)):
        for kind, pattern in patterns.items():
            for match in pattern.finditer(text):
                # In "3人被困" the word stands behind its number: look before both.
                if denied(text, match.start("state")) or denied(text, match.start()):
                    continue
                count = _number(match["n"], match.groupdict().get("after"), chinese)
                if count > found.get(kind, 0):
                    found[kind] = count
                words.append(match[0].strip())
    for match in _TOLL.finditer(text):
        for kind in ("dead", "injured"):
            if match[kind] and not denied(text, match.start(kind)):
                found[kind] = max(found.get(kind, 0), _number(match[kind], None, True))
                words.append(match[0].strip())
    return Persons(
        found.get("trapped", 0),
        found.get("injured", 0),
        found.get("dead", 0),
        tuple(dict.fromkeys(words)),
    )


def _number(before: str | None, after: str | None, chinese: bool) -> int:
    word = before or after
    if not word:
        return 1
    if word.isdecimal():
        return max(1, int(word))
    return _chinese(word) if chinese else _WORDS_EN[word]


def _chinese(word: str) -> int:
    if word in ("几", "数", "多"):
        return 2
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return _DIGITS.get(word, 1)
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
