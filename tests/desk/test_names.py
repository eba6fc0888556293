"""A name is a name: every word that officers and the screen use does what it says or is refused."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.desk import ruleset
from console.desk.grammar import Command, Mistake, explain, parse, parse_all, split
from console.desk.grammar_head import NAMES
from console.desk.grammar_words import even, fold
from console.desk.verb import Kind, Verb
from console.desk.verbs import BY_ID, VERBS
from console.domain.numbers import number_at, numeral
from console.i18n import LANGUAGES, Translator
from tests.desk.grammar_world import TODAY, World, today

WORLD = World()

EVERYDAY = {
    "办结": "close",
    "结案": "close",
    "归档": "close",
    "签收": "accept",
    "接警": "accept",
    "受理": "accept",
    "派警": "dispatch",
    "派遣": "dispatch",
    "处警": "dispatch",
    "出警": "dispatch",
    "反馈": "note",
    "备注": "note",
    "记录": "note",
    "查询": "find",
    "查找": "find",
    "搜索": "find",
    "筛选": "filter",
    "并案": "merge",
    "合并": "merge",
    "拆分": "split",
    "撤回": "undo",
    "撤销": "cancel",
    "取消": "cancel",
    "作废": "cancel",
    "状态": "status",
    "升级": "level",
    "地图": "map",
    "报告": "report",
    "电话": "call",
    "回访": "callback",
    "处置完毕": "resolve",
    "重新受理": "reopen",
    "转办": "transfer",
    "转派": "transfer",
    "延期": "extend",
    "催办": "urge",
    "督办": "supervise",
    "退回": "return",
    "報告": "report",
    "結案": "close",
    "辦結": "close",
    "簽收": "accept",
    "派遣 ": "dispatch",
    "備註": "note",
    "記錄": "note",
    "查詢": "find",
    "搜尋": "find",
    "篩選": "filter",
    "併案": "merge",
    "歸檔": "close",
    "撤銷": "cancel",
    "轉辦": "transfer",
    "督辦": "supervise",
    "處置完畢": "resolve",
    "assign": "dispatch",
    "send": "dispatch",
    "search": "find",
    "revert": "undo",
    "log": "note",
    "comment": "note",
    "finish": "resolve",
    "take": "accept",
    "phone": "call",
    "exit": "quit",
}
"""What officers say -> the verb that it is."""

_NO_VERB = """
移交 接管 交班 交接班 换班 处置 处理 结束 完毕 撤消 删除 报警 登记 到场 出动 保存
打印 修改 接处警 接线 接电话 派出所 派人 查获 查封 查看守所 结果 结婚 结婚证 记者
记得 记录仪 转院 转移 并且 并列 拆迁 拆除 退货 退休 分局 分钟 招呼 告诉 告状 新闻
新人 新塘人 图书馆 电梯 电动车 电瓶车 办公室 办事处 办证 级别高 毕业 毕竟 态度 撤离
撤退 筛查 访客 访问 答应 找人 看守所 看病 火级别 取款 取证 复开工 催债 接十几个人
派三个人 记一下 查一查 结一下 一下
"""
NO_VERB = _NO_VERB.split()
"""Words that begin like a verb, or that no verb does: they are refused."""

_BEHIND = (
    *("", " ", " 50", "50", "#50", " 50号", "50号", "五十", "第50号", "：50", "，50", " 五十"),
    *("\u300050", "、50", " 50。", "；", "有人受伤了", "x"),
)
"""What may stand behind a name; each is tried with a third of the names."""

WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in map(chr, range(0x21, 0x7F))} | {ord(" "): "\u3000"}


def labels() -> list[tuple[str, str]]:
    """Every verb's label in every catalogue: what the palette, the key line and Enter show."""
    found = []
    for lang in LANGUAGES:
        translator = Translator(lang)
        found += [(verb.id, translator.t(verb.label)) for verb in VERBS]
    return found


def step_labels() -> list[tuple[str, str]]:
    """The labels of the playbooks' steps that another verb than ``done`` does."""
    found = {
        (step.verb, label)
        for book in ruleset.load().playbooks
        for step in book.steps
        if step.verb != "done"
        for label in (step.label.zh, step.label.en)
    }
    return sorted(found)


def reached(line: str, world: World = WORLD) -> list[Verb]:
    """The verbs as which the commands of a line are read, understood to their end or not."""
    found: list[Verb] = []
    for part in split(line, world):
        read = parse(part, world, lawful=False)
        if isinstance(read, Command):
            found.append(read.verb)
        elif read.understood is not None:
            label = read.understood.args["what"][0]  # type: ignore[index]
            found.append(next(verb for verb in VERBS if verb.label == label))
    return found


class TestNames:
    @pytest.mark.parametrize(("verb", "label"), labels())
    def test_a_label_of_the_screen_is_a_name(self, verb: str, label: str) -> None:
        assert NAMES[fold(label)].id == verb

    @pytest.mark.parametrize(("verb", "label"), step_labels())
    def test_a_label_of_a_step_is_its_verb_or_refused(self, verb: str, label: str) -> None:
        named = NAMES.get(fold(label))
        lawful = {verb, "help", *([named.id] if named else [])}
        for line in (label, f"{label} 50"):
            for read in parse_all(line, WORLD):
                assert isinstance(read, Mistake) or read.verb.id in lawful, line

    @pytest.mark.parametrize(("word", "verb"), EVERYDAY.items())
    def test_what_officers_say(self, word: str, verb: str) -> None:
        assert [one.id for one in reached(word)] == [verb]

    @pytest.mark.parametrize("word", NO_VERB)
    def test_a_word_that_is_no_name_is_refused(self, word: str) -> None:
        for line in (
            word,
            f"{word}50",
            f"{word} 50",
            f"{word} 50 有人",
            f"{word}，派",
            word + "人",
        ):
            for part in split(line, WORLD)[:1]:
                found = parse(part, WORLD, lawful=False)
                assert isinstance(found, Mistake), (line, found)
                assert found.understood is None, (line, found)
                assert Translator("zh").t(found.message)

    @pytest.mark.parametrize("name", [*NAMES, *EVERYDAY])
    def test_in_every_writing(self, name: str) -> None:
        """With and without spaces, numbers, wide, with Chinese punctuation: that verb or none."""
        verb = NAMES[fold(name)]
        first = sum(map(ord, name)) % 3
        for n, rest in enumerate(_BEHIND[first::3]):
            whole = name + rest if n % 2 else (name + rest).translate(WIDE)
            for line in (whole, f"：{name}{rest}")[: 1 + n % 2]:
                if " " in name.strip() and rest == "x":
                    continue  # another word: ``return moneyx``
                for one in parse_all(line, WORLD):
                    assert isinstance(one, Mistake) or one.verb is verb, (line, one)
                read = parse(split(line, WORLD)[0], WORLD, lawful=False)
                about = isinstance(read, Command) and read.incident
                if about and ("50" in rest or "五十" in rest):
                    pair = isinstance(read, Command) and read.others
                    assert today(50) in (about, *(pair or ())), line


_WRITTEN = """
50 #50 50号 50號 第50号 第50 No.50 no50 五十 第五十号 ５０ ＃５０ ５０号 今50
今天50号 23-50 #23-50 11-23/50 2026-11-23/50 23日50号 11月23日50号
XS-20261123-0050 20261123-50
"""


class TestNumbers:
    @pytest.mark.parametrize(
        "number",
        _WRITTEN.split(),
    )
    def test_mean_the_incident(self, number: str) -> None:
        for verb in ("接", "签收", "accept", "接　"):
            found = parse(f"{verb} {number}", WORLD)
            assert isinstance(found, Command), (number, found)
            assert found.incident == today(50)
        found = parse(number, WORLD)
        assert isinstance(found, Command), number
        assert (found.verb.id, found.incident) == ("select", today(50))
        noted = parse(f"记 {number} 有人受伤", WORLD)
        assert isinstance(noted, Command), (number, noted)
        assert (noted.incident, noted.text) == (today(50), "有人受伤")

    @pytest.mark.parametrize(
        ("word", "value"),
        [
            ("一", 1),
            ("十", 10),
            ("十四", 14),
            ("二十", 20),
            ("廿二", 22),
            ("一百零三", 103),
            ("一百一十四", 114),
            ("两千零二十", 2020),
            ("一千一百一十一", 1111),
            ("一〇三", 103),
            ("幺两", 12),
            ("一百三", None),
            ("百", None),
            ("三楼", None),
            ("", None),
        ],
    )
    def test_a_numeral(self, word: str, value: int | None) -> None:
        assert numeral(word) == value

    def test_one_that_two_bear_is_asked_about(self) -> None:
        for line in ("接 17", "记 17 有人", "结案 17", "17", "#17", "派 十七", "close 17"):
            found = parse(line, WORLD)
            assert isinstance(found, Mistake), line
            assert found.message.id == "grammar.which_day"
            said = Translator("zh").t(found.message)
            assert "23-17" in said
            assert "22-17" in said
        for line, day in (("派 22-17", 20261122), ("派 昨17", 20261122), ("派 今17", TODAY)):
            found = parse(line, WORLD)
            assert isinstance(found, Command), line
            assert found.incident == day * 10**7 + 17

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("结 77", "grammar.no_incident_or_words"),
            ("记 77 有人受伤", "grammar.number_or_words"),
            ("记 51 补充", "grammar.number_or_words"),
            ("记 50号有人受伤", "grammar.number_or_words"),
            ("结 3 人已疏散", "grammar.number_or_words"),
            ("级 3 2 误报", "grammar.number_or_words"),
            ("接 77", "grammar.no_incident"),
        ],
    )
    def test_what_could_be_both_is_asked(self, line: str, reason: str) -> None:
        found = parse(line, WORLD)
        assert isinstance(found, Mistake)
        assert found.message.id == reason

    @pytest.mark.parametrize(
        ("line", "text"),
        [
            ("记 3 人被困", "3 人被困"),
            ("记 14号楼有人", "14号楼有人"),
            ("记 三楼有人", "三楼有人"),
            ("note 3 people trapped", "3 people trapped"),
            ("记 12-3-401 室冒烟", "12-3-401 室冒烟"),
        ],
    )
    def test_what_can_only_be_words_is_words(self, line: str, text: str) -> None:
        found = parse(line, WORLD)
        assert isinstance(found, Command), found
        assert (found.incident, found.text) == (today(41), text)


class TestPlaces:
    @pytest.mark.parametrize(
        "line",
        [
            "新塘",
            "新塘街道",
            "新塘 育才东路",
            "新塘育才东路12号",
            "育才东路",
            "转塘村",
            "Xintang",
            "新塘　育才东路",
            "新塘，育才东路",
            "/新塘",
            "／新塘",
            "、新塘",
            "/ 新塘 育才东路",
            "/派 42",
            "/50",
        ],
    )
    def test_searches(self, line: str) -> None:
        found = parse(line, WORLD)
        assert isinstance(found, Command), found
        assert found.verb.id == "find"

    @pytest.mark.parametrize("line", ["新塘着火了", "新塘 着火了", "新塘育才东路着火", "转塘人"])
    def test_with_more_words_makes_no_incident(self, line: str) -> None:
        found = parse(line, WORLD)
        assert isinstance(found, Mistake), found
        assert found.understood is None


class TestJoins:
    @pytest.mark.parametrize(
        "line",
        [
            "接 50；派",
            "接 50，派",
            "接 50;派",
            "接 50 ; 派",
            "接50；派",
            "接 50、派",
            "接 50。派",
            "接 50 然后 派",
            "接50然后派",
            "accept 50 then dispatch",
            "accept 50, dispatch",
            "签收 50号，派警",
        ],
    )
    def test_mean_what_they_say(self, line: str) -> None:
        first, second = parse_all(line, WORLD)
        assert isinstance(first, Command)
        assert isinstance(second, Command)
        assert (first.verb.id, first.incident) == ("accept", today(50))
        assert (second.verb.id, second.incident) == ("dispatch", today(50))

    @pytest.mark.parametrize(
        "line",
        [
            "记 #42 门口，派 42 P12",
            "记 #42 门口；接 43",
            "记 然后 派",
            "结 42 误报，接警员已核实，派出所知道",
            "结 42 误报 然后 派",
            "派 42 P13,85",
            "并 42，43，47",
            "查 新塘，派",
        ],
    )
    def test_never_inside_what_belongs_together(self, line: str) -> None:
        assert split(line, WORLD) == (line,)


_CHINESE = [name for name in NAMES if not name.isascii()]
_LETTERS = sorted({letter for name in _CHINESE for letter in name})
_MORE = list("人员有无在的了一三十号第火水车楼路门口伤死上下去来到场查派接记结14 ，。；：#　１Ｐ")


def _lines(count: int, seed: int) -> list[str]:
    """Random lines of verb-like Chinese."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        parts = [
            chance.choice((chance.choice(_CHINESE), chance.choice(_LETTERS), chance.choice(_MORE)))
            for _ in range(chance.randint(1, 7))
        ]
        found.append("".join(parts))
    return found


def _whole(line: str) -> bool:
    """Whether a line begins with a whole name, a number, a call sign or a place."""
    plain = even(line).strip().removeprefix(":").strip()
    if plain[:1] in ("/", "、") or number_at(plain, 0, TODAY):
        return True
    first = re.split(r"[\s,，]", plain, maxsplit=1)[0]
    if WORLD.place_ends(first) == len(first):
        return True
    for name in NAMES:
        if not plain.startswith(name):
            continue
        rest = plain[len(name) :]
        if not rest or not (rest[0].isalpha() or rest[0] == "_"):
            return True
        if number_at(plain, len(name), TODAY) or rest[0] in "红橙黄蓝绿一二三四五":
            return True
        if any(rest.startswith(unit.call_sign.casefold()) for unit in WORLD.units()):
            return True
    return any(plain.startswith(unit.call_sign.casefold()) for unit in WORLD.units())


class TestAnyLine:
    def test_a_thousand_lines_of_verb_like_chinese(self) -> None:
        translator = Translator("zh")
        for line in _lines(1_000, 11):
            for part, read in zip(split(line, WORLD), parse_all(line, WORLD), strict=True):
                assert translator.t(explain(read, WORLD)), line
                if isinstance(read, Command) and not _shortened(part):
                    assert _whole(part), (line, part, read.verb.id)

    def test_half_of_a_line_may_be_wide(self) -> None:
        chance = random.Random(12)
        known = ("派 42 P13,85", "接 50;派", "close #50 x", "XS-20261123-0050")
        for line in (*known, *_lines(200, 13)):
            wide = "".join(
                chr(ord(c)).translate(WIDE) if chance.random() < 0.5 else c for c in line
            )
            one = [_shape(read) for read in parse_all(line, WORLD)]
            other = [_shape(read) for read in parse_all(wide, WORLD)]
            assert one == other, (line, wide)

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(st.lists(st.sampled_from([*_CHINESE, *_MORE]), min_size=1, max_size=8).map("".join))
    def test_nothing_falls_over(self, line: str) -> None:
        for read in parse_all(line, WORLD):
            assert Translator("en").t(explain(read, WORLD))


def _shortened(part: str) -> bool:
    """Whether the first word is the beginning of one of a verb's three shown names."""
    word = fold(re.split(r"\s", part.lstrip(": \u3000："), maxsplit=1)[0])
    return any(fold(name).startswith(word) for verb in VERBS for name in verb.names.main)


def _shape(read: Command | Mistake) -> object:
    if isinstance(read, Mistake):
        return read.message.id
    return (read.verb.id, read.incident, read.others, read.units, read.step, even(read.text))


def test_a_short_name_before_text_takes_a_space() -> None:
    texts = [verb for verb in VERBS if any(param.kind is Kind.TEXT for param in verb.params)]
    assert BY_ID["note"] in texts
    for verb in texts:
        found = parse(f"{verb.names.zh}有人受伤了", WORLD)
        assert isinstance(found, Mistake)
        assert found.message.id in ("grammar.not_that_word", "grammar.unknown_verb_near")
