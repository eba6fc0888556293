"""The command line's grammar: lines that officers type, and lines that nobody should."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.desk import grammar
from console.desk.grammar import Command, Mistake, explain, ghost, parse, parse_all, split
from console.desk.verb import Kind, Verb
from console.desk.verbs import BY_ID, VERBS
from console.domain.incident import make_id
from console.domain.lifecycle import State
from console.i18n import Translator
from tests.desk.grammar_world import YESTERDAY, Unit, World, incident, today
from tests.scale import examples

WORLD = World()


def read(line: str, world: World = WORLD, *, lawful: bool = True) -> Command:
    found = parse(line, world, lawful=lawful)
    assert isinstance(found, Command), found
    return found


def mistake(line: str, world: World = WORLD) -> Mistake:
    found = parse(line, world)
    assert isinstance(found, Mistake), found
    return found


class TestVerbs:
    def test_no_two_share_a_name(self) -> None:
        names = [name.casefold() for verb in VERBS for name in verb.names.all]
        assert len(names) == len(set(names))

    @pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.id)
    def test_an_exact_name_is_reached_however_many_begin_with_it(self, verb: Verb) -> None:
        for name in verb.names.all:
            for typed in (name, name.upper(), f"  {name} ", _wide(name)):
                found = parse(typed, WORLD, lawful=False)
                reached = found.verb if isinstance(found, Command) else None
                if isinstance(found, Mistake):
                    # Arguments are missing; the verb itself was understood.
                    assert found.understood is not None, (typed, found)
                    assert found.understood.args["what"][0] == verb.label  # type: ignore[index]
                else:
                    assert reached is verb

    @pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.id)
    @pytest.mark.parametrize("lang", [0, 1], ids=["zh", "en"])
    def test_its_example_is_true(self, verb: Verb, lang: int) -> None:
        found = read(verb.example[lang], lawful=False)
        assert found.verb is verb

    @pytest.mark.parametrize(
        ("line", "verb"),
        [
            ("disp 42 P12", "dispatch"),
            ("DISPATCH 42 P12", "dispatch"),
            ("ｐａｉ ４２ Ｐ１２", "dispatch"),
            ("派42 P12", "dispatch"),
            ("派#42 P12", "dispatch"),
            ("火级3", "alarm"),
            ("级3", "level"),
            ("查岗P12", "check"),
            ("不并42 43", "apart"),
            ("并42 43", "merge"),
            ("取 #42 测试", "cancel"),
            (":派 42 P12", "dispatch"),
            ("/ 派 42 P12", "find"),
            ("、新塘", "find"),
            ("13800001234", "find"),
            ("＋８６ 138-0000-1234", "find"),
            ("0571-8366 1234", "find"),
            ("(0571) 83661234", "find"),
            ("jie50", "accept"),
            ("记：有人受伤", "note"),
            ("note三楼有人", "note"),
            ("pai#42 P12", "dispatch"),
        ],
    )
    def test_short_wide_or_glued(self, line: str, verb: str) -> None:
        assert read(line, lawful=False).verb.id == verb

    def test_an_ambiguous_beginning_names_the_candidates(self) -> None:
        found = mistake("stat")
        assert found.missing is not None  # status, understood
        found = mistake("ca 42")
        assert found.message.id == "grammar.ambiguous_verb"
        assert found.message.args["names"] == ("call", "cancel", "callback")
        assert found.at == 0

    def test_an_unknown_verb_suggests_near_ones(self) -> None:
        assert mistake("dispach 42").message.args["near"] == ("dispatch",)
        assert mistake("zzzzzz 42").message.id == "grammar.unknown_verb"

    def test_a_wrong_call_sign_suggests_near_ones(self) -> None:
        assert "P12" in mistake("P112 到场").message.args["near"]  # type: ignore[operator]

    def test_a_number_alone_is_told_that_the_command_comes_first(self) -> None:
        assert mistake("42 派").message.id == "grammar.verb_first"

    @pytest.mark.parametrize("line", ["", "   ", "\t\n", ":"])
    def test_nothing(self, line: str) -> None:
        assert mistake(line).message.id == "grammar.empty"


class TestIncidents:
    @pytest.mark.parametrize(
        ("line", "serial"),
        [
            ("派 42 P12", 42),
            ("派 #42 P12", 42),
            ("派 ＃４２ P12", 42),
            ("派 XS-20261123-0042 P12", 42),
            ("派 xs-20261123-0042 P12", 42),
            ("派 P12", 41),
            ("派", 41),
            ("派 42", 42),
            ("毕 42", 42),
            ("毕", 41),
            ("记 #42 三楼有人", 42),
            ("记 #42三楼有人", 42),
            ("记 3 人被困", 41),
            ("记 3人被困", 41),
            ("call 42 占线", 42),
            ("电 占线", 41),
            ("转 42 四平台", 42),
            ("转 四平台", 41),
            ("转 12345", 41),
            ("转 42 12345", 42),
            ("级 2", 41),
            ("级 42 2", 42),
            ("级 3 2", 3),
            ("级 2 3 人受伤", 41),
            ("火级 42 3", 42),
            ("办 42 核查 属实", 42),
        ],
    )
    def test_which(self, line: str, serial: int) -> None:
        assert read(line, lawful=False).incident == today(serial)

    def test_a_bare_number_is_the_newest_that_has_it(self) -> None:
        assert read("派 42").incident == today(42)
        assert read("派 9").incident == make_id(YESTERDAY, 9)
        found = parse("派 XS-20261122-0042", WORLD, lawful=False)
        assert isinstance(found, Command)
        assert found.incident == make_id(YESTERDAY, 42)

    def test_text_that_begins_with_a_number_stays_text(self) -> None:
        assert read("记 3 人被困").text == "3 人被困"
        assert read("级 2 3 人受伤").text == "3 人受伤"
        missing = mistake("记 42")
        assert missing.missing is not None
        assert missing.missing.kind is Kind.TEXT

    def test_the_wrong_incident_is_not_ended_by_a_number_that_may_be_words(self) -> None:
        found = read("结 42 误报")
        assert (found.incident, found.text) == (today(42), "误报")
        assert mistake("结 42 人已疏散").message.id == "grammar.number_or_words"
        assert read('结 "42 误报"').text == "42 误报"
        # No such incident: they can only be words.
        assert read("结 77 人已疏散").text == "77 人已疏散"

    @pytest.mark.parametrize(
        "line", ["接 #12345678", "结 #12345678 误报", "结 #42a 误报", "结 XS-20261123-x 误报"]
    )
    def test_what_is_meant_as_a_number_never_becomes_text(self, line: str) -> None:
        assert mistake(line).message.id == "grammar.bad_number"

    def test_a_hash_that_is_no_number_is_text(self) -> None:
        assert read("记 #三楼").text == "#三楼"

    def test_another_district(self) -> None:
        assert mistake("接 YH-20261123-0042").message.id == "grammar.other_district"

    def test_unknown_number(self) -> None:
        found = mistake("派 999 P12")
        assert (found.message.id, found.at) == ("grammar.no_incident", 2)

    def test_none_selected(self) -> None:
        found = mistake("毕", World(selected_serial=None))
        assert found.message.id == "grammar.which_incident"
        assert found.missing is not None
        assert found.missing.kind is Kind.INCIDENT

    def test_selected_one_is_gone(self) -> None:
        assert mistake("毕", World(selected_serial=900)).message.id == "grammar.gone"

    def test_what_its_state_does_not_allow(self) -> None:
        assert mistake("接 42").message.id == "accept.taken"
        assert mistake("接 42", World(own_seat="一席")).message.id == "accept.own"
        assert mistake("接 51").message.id == "lifecycle.not_from"
        assert mistake("火级 60 3").message.id == "alarm.not_fire"
        assert mistake("接 42").at == 2
        assert read("接 42", lawful=False).incident == today(42)
        assert read("接 50").incident == today(50)


class TestSeveralIncidents:
    def test_the_first_stays(self) -> None:
        found = read("并 42 43 47")
        assert (found.incident, found.others) == (today(42), (today(43), today(47)))

    def test_with_one_the_selected_stays(self) -> None:
        for line in ("并 43", "并 41 43", "并 #41、43", "并 41，43", "并 41 43 43"):
            found = read(line)
            assert (found.incident, found.others) == (today(41), (today(43),)), line

    def test_itself(self) -> None:
        assert mistake("并 41").message.id == "grammar.same_incident"
        assert mistake("并 42 42", World(selected_serial=42)).message.id == "grammar.same_incident"

    def test_each_must_be_lawful(self) -> None:
        found = mistake("并 42 51")
        assert (found.message.id, found.at) == ("lifecycle.not_from", 5)
        assert mistake("拆 52 42").message.id == "split.not_merged"

    def test_split(self) -> None:
        found = read("拆 52 53")
        assert (found.incident, found.others) == (today(52), (today(53),))
        assert read("拆", World(selected_serial=52)).incident == today(52)

    def test_missing_and_wrong(self) -> None:
        assert mistake("并").missing is not None
        assert mistake("并 x").message.id == "grammar.bad_number"
        assert mistake("并 43", World(selected_serial=None)).message.id == "grammar.which_incident"


class TestUnits:
    def test_several_in_any_manner(self) -> None:
        for line in (
            "派 42 P12 E301",
            "派 42 p12 e301",
            "派 42 P12、E301",
            "派 42 P12,E301 P12",
            "派 42 Ｐ１２，Ｅ３０１",
        ):
            assert read(line, lawful=False).units == ("P12", "E301"), line

    def test_names_with_spaces(self) -> None:
        found = read("派 43 新塘所 1组 新塘所 Medic 5", lawful=False)
        assert found.units == ("新塘所 1组", "新塘所", "Medic 5")

    def test_a_call_sign_of_digits(self) -> None:
        assert read("派 42 85").units == ("85",)
        assert read("派 85").units == ("85",)
        with_number = World(incidents=(*WORLD.incidents, incident(85)))
        assert read("派 85", with_number).incident == today(85)
        assert read("85 停勤").status == "out_of_service"

    def test_unknown(self) -> None:
        found = mistake("派 42 P13 P14")
        assert (found.message.id, found.at) == ("grammar.unknown_unit_near", 9)
        assert found.message.args["near"] == ("P12", "P13")

    @pytest.mark.parametrize(
        ("line", "reason", "at"),
        [
            ("派 42 P13 P12", "dispatch.busy", 9),
            ("派 42 E301", "dispatch.already_here", 5),
            ("派 42 E302", "dispatch.out_of_service", 5),
        ],
    )
    def test_one_that_cannot_be_sent_is_a_mistake(self, line: str, reason: str, at: int) -> None:
        found = mistake(line)
        assert (found.message.id, found.at) == (reason, at)

    def test_one_that_is_clearing_can_be_sent(self) -> None:
        world = World(board=(Unit("P12", "clearing", today(43)),))
        assert read("派 42 P12", world).units == ("P12",)
        assert read("派 43 P12", world).units == ("P12",)

    def test_the_first_command_of_a_joined_line_may_free_it(self) -> None:
        free, send = parse_all("P12 待命 ; 派 42 P12", WORLD)
        assert isinstance(free, Command)
        assert isinstance(send, Command)

    @pytest.mark.parametrize(
        ("line", "unit", "status"),
        [
            ("P12 到场", "P12", "on_scene"),
            ("p12 os", "P12", "on_scene"),
            ("P12 on scene", "P12", "on_scene"),
            ("P12到场", "P12", "on_scene"),
            ("Ｐ１２　到场", "P12", "on_scene"),
            ("P12 daochang", "P12", "on_scene"),
            ("status P12 os", "P12", "on_scene"),
            ("态 P12 到场", "P12", "on_scene"),
            ("态P12到场", "P12", "on_scene"),
            ("Medic 5 en route", "Medic 5", "enroute"),
            ("Medic 5 er", "Medic 5", "enroute"),
            ("status medic 5 cl", "Medic 5", "clearing"),
            ("新塘所 1组 停勤", "新塘所 1组", "out_of_service"),
            ("新塘所停勤", "新塘所", "out_of_service"),
            ("P12 out of service", "P12", "out_of_service"),
            ("P12 av", "P12", "available"),
        ],
    )
    def test_status(self, line: str, unit: str, status: str) -> None:
        found = read(line)
        assert (found.verb.id, found.units, found.status) == ("status", (unit,), status)

    def test_a_status_word_in_a_name(self) -> None:
        world = World(board=(Unit("Car"), Unit("Car OS", "dispatched")))
        assert read("Car OS on scene", world).units == ("Car OS",)
        assert read("Car OS os", world).units == ("Car OS",)

    def test_mistakes(self) -> None:
        missing = mistake("P12").missing
        assert missing is not None
        assert missing.kind is Kind.STATUS
        assert mistake("P12 跳舞").message.id == "grammar.unknown_status"
        assert mistake("status P99 os").message.id == "grammar.unknown_unit"
        assert mistake("P13 到场").message.id == "unit.not_dispatched"
        assert mistake("查岗").missing is not None
        assert mistake("查岗 P12 E301").message.id == "grammar.too_much"


class TestSteps:
    @pytest.mark.parametrize(
        ("line", "step", "outcome"),
        [
            ("办 #42 核查 属实", "verify", "true"),
            ("办 核查 属实", "verify", "true"),
            ("办 #42 verify TRUE", "verify", "true"),
            ("办 #42 核实 真的", "verify", "true"),
            ("办 #42 核 属", "verify", "true"),
            ("办 #42 核查属实", "verify", "true"),
            ("done #42 Tell the family", "family", ""),
            ("done #42 tell", "family", ""),
            ("办 #42 通知家属 完成", "family", "done"),
        ],
    )
    def test_understood(self, line: str, step: str, outcome: str) -> None:
        found = read(line)
        assert (found.step, found.outcome) == (step, outcome)

    def test_amount_and_words(self) -> None:
        found = read("办 42 核查 属实 300000 已告知")
        assert (found.money, found.text) == (300_000, "已告知")
        found = read("办 42 核查 属实 3 人在场")
        assert (found.money, found.text) == (None, "3 人在场")
        found = read("办 42 核查 属实 13800000000 是家属电话")
        assert (found.money, found.text) == (None, "13800000000 是家属电话")
        assert read("办 42 核查 保住 40 万").money == 400_000
        assert read("办 42 核查 保住 5000 谢谢").money == 5_000

    def test_every_number_that_is_asked_for(self) -> None:
        found = read("办 42 核查 保住一半 30万 5000 谢谢")
        assert found.numbers == (("amount_saved", 300_000), ("amount_lost", 5_000))
        assert (found.money, found.text) == (300_000, "谢谢")
        assert _say("办 42 核查 保住一半 30万 5000", "zh").endswith(
            "挽回金额(元) 300,000、损失金额(元) 5,000"
        )
        found = read("办 42 核查 伤人 3 追尾")
        assert (found.numbers, found.text) == ((("injured", 3),), "追尾")
        assert "3 人" in _say("办 42 核查 伤人 3 追尾", "zh")
        second = mistake("办 42 核查 保住一半 30万")
        assert second.missing is not None
        assert "损失金额" in _say("办 42 核查 保住一半 30万", "zh")

    def test_what_an_outcome_asks_for_is_missing(self) -> None:
        found = mistake("办 42 核查 保住")
        assert found.missing is not None
        assert found.missing.kind is Kind.MONEY
        found = mistake("办 42 核查 拒绝")
        assert found.missing is not None
        assert found.missing.kind is Kind.TEXT
        assert read("办 42 核查 拒绝 不信").text == "不信"

    def test_mistakes(self) -> None:
        assert mistake("办 42").message.id == "grammar.which_step"
        assert mistake("办 42 核查").message.id == "grammar.which_outcome"
        assert mistake("办 42 核查 也许").message.id == "grammar.unknown_outcome"
        assert mistake("办 42 睡觉").message.id == "grammar.unknown_step"
        assert mistake("办 42 回访").message.id == "grammar.step_not_open"
        assert mistake("办 42 办结").message.id == "grammar.own_verb"
        assert mistake("办 42 核查", World(with_playbook=False)).message.id == "grammar.no_steps"

    @pytest.mark.parametrize("word", ["占线", "busy", "BUSY", "zhanxian", "忙线"])
    @pytest.mark.parametrize("with_playbook", [True, False])
    def test_a_call_needs_no_playbook(self, word: str, with_playbook: bool) -> None:
        found = read(f"电 #42 {word} 两次", World(with_playbook=with_playbook))
        assert (found.outcome, found.text) == ("busy", "两次")

    def test_other_outcomes_of_a_call(self) -> None:
        assert read("call answered").outcome == "answered"
        assert read("call no answer").outcome == "no_answer"
        assert read("电 无人接").outcome == "no_answer"
        assert mistake("电 42").message.id == "grammar.which_outcome"
        assert mistake("电 42 不知道").message.id == "grammar.unknown_outcome"


class TestWords:
    @pytest.mark.parametrize(
        ("word", "level"),
        [
            ("2", 2),
            ("II", 2),
            ("Ⅱ", 2),
            ("二", 2),
            ("二级", 2),
            ("橙", 2),
            ("orange", 2),
            ("４", 4),
        ],
    )
    def test_priority(self, word: str, level: int) -> None:
        assert read(f"级 #42 {word}").priority == level

    @pytest.mark.parametrize(
        ("word", "level"), [("3", 3), ("五级", 5), ("红", 5), ("绿", 1), ("V", 5)]
    )
    def test_alarm(self, word: str, level: int) -> None:
        assert read(f"火级 #42 {word}").alarm == level

    @pytest.mark.parametrize("word", ["0", "5", "-1", "很高", "99999999999"])
    def test_no_priority(self, word: str) -> None:
        assert mistake(f"级 #42 {word}").message.id == "grammar.bad_priority"

    def test_no_alarm(self) -> None:
        assert mistake("火级 #42 6").message.id == "grammar.bad_alarm"

    @pytest.mark.parametrize(
        "word", ["四平台", "platform4", "Platform 4", "PLATFORM 4", "sipingtai", "四", "plat"]
    )
    def test_system(self, word: str) -> None:
        assert read(f"转 #42 {word}").system == "platform4"

    def test_system_and_words(self) -> None:
        found = read("转 #42 四平台请上门核实")
        assert (found.system, found.text) == ("platform4", "请上门核实")
        assert mistake("转 #42 火星").message.id == "grammar.unknown_system"
        assert mistake("转 #42").message.id == "grammar.which_system"

    @pytest.mark.parametrize(
        ("line", "category", "text"),
        [
            ("新 火警 金城路88号", "fire", "金城路88号"),
            ("新 火警金城路88号", "fire", "金城路88号"),
            ("new high-rise fire smoke", "fire.highrise", "smoke"),
            ("new fires everywhere", "", "fires everywhere"),
            ("新 三楼冒烟", "", "三楼冒烟"),
            ("新", "", ""),
            ("新 3 人打架", "", "3 人打架"),
        ],
    )
    def test_category(self, line: str, category: str, text: str) -> None:
        found = read(line)
        assert (found.category, found.text) == (category, text)

    def test_search_words(self) -> None:
        assert read("查 新塘 育才路 １２").words == ("新塘", "育才路", "12")
        assert read('查 "Yucai Road" 12').words == ("Yucai Road", "12")
        assert mistake("查").missing is not None
        assert read("筛").words == ()

    def test_settings(self) -> None:
        assert read("语言 英文").words == ("en",)
        assert read("language Chinese").words == ("zh",)
        assert read("主题 亮").words == ("light",)
        assert read("theme").words == ()
        assert mistake("语言 法文").message.id == "grammar.unknown_language"
        assert mistake("主题 彩虹").message.id == "grammar.unknown_theme"

    def test_text_is_kept_as_typed(self) -> None:
        assert read("记 #42  Ａ　楼【三层】 ;有人").text == "Ａ　楼【三层】 ;有人"
        assert read('记 #42 "三楼 有人"').text == "三楼 有人"
        assert read('记 "三楼" 和 "四楼"').text == '"三楼" 和 "四楼"'
        assert read("记 [/] [@click=app.quit]x").text == "[/] [@click=app.quit]x"

    def test_too_much(self) -> None:
        found = mistake("撤 2")
        assert (found.message.id, found.at) == ("grammar.too_much", 2)
        assert mistake("接 50 51").message.id == "grammar.too_much"

    def test_text_is_missing(self) -> None:
        for line in ("记", "记 #42", "取消 #42"):
            missing = mistake(line).missing
            assert missing is not None
            assert missing.kind is Kind.TEXT


class TestJoined:
    @pytest.mark.parametrize(
        ("line", "parts"),
        [
            ("接 42 ; 派 42 P12", ("接 42", "派 42 P12")),
            ("接 42 ；派 42 P12", ("接 42", "派 42 P12")),
            ("接 42 ； 派 42 P12", ("接 42", "派 42 P12")),
            ("派 42 P12 ; P12 到场 ; 毕 42", ("派 42 P12", "P12 到场", "毕 42")),
            ("接 42 ;", ("接 42",)),
            ("接 42;派 43", ("接 42", "派 43")),
            ("记 #42 门口 ; 派 42 P12", ("记 #42 门口 ; 派 42 P12",)),
            ("记 ; 派 42 P12", ("记 ; 派 42 P12",)),
            ("接 42 ; 记 #42 门口 ; 派 42", ("接 42", "记 #42 门口 ; 派 42")),
            ("结 #42 误报 ; 接 43", ("结 #42 误报 ; 接 43",)),
            ("结 #42 ; 接 43", ("结 #42", "接 43")),
            ("电 42 占线 ; 派 42 P12", ("电 42 占线", "派 42 P12")),
            ('查 "a ; 派 42" ; 接 42', ('查 "a ; 派 42"', "接 42")),
            ("查 “a ; 派 42” b", ("查 “a ; 派 42” b",)),
            ("查 a ; b", ("查 a ; b",)),
            ("查 a ; 42", ("查 a ; 42",)),
            ("", ("",)),
            (" ; ", ("",)),
        ],
    )
    def test_split(self, line: str, parts: tuple[str, ...]) -> None:
        assert split(line, WORLD) == parts

    def test_later_commands_are_not_held_against_a_state_that_will_have_changed(self) -> None:
        first, second = parse_all("接 50 ; 毕 50", WORLD)
        assert isinstance(first, Command)
        assert isinstance(second, Command)
        assert isinstance(parse("毕 50", WORLD), Mistake)


# Everything a keyboard, a paste or an attacker can send.
_NASTY = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.characters(categories=("Cc", "Cf", "Cs", "Zs")),
        st.sampled_from(list("接派记级火查岗办核属#;；\"“”'、，42IVＰ１２ \t\x00\x1b\ud800")),
    ),
    max_size=40,
)
_WORDS = st.lists(
    st.sampled_from(
        [name for verb in VERBS for name in verb.names.all]
        + [
            "42",
            "#42",
            "XS-20261123-0042",
            "P12",
            "Medic 5",
            "新塘所",
            "到场",
            "os",
            "核查",
            "属实",
        ]
        + ["2", "40万", ";", '"', "四平台", "火警", "占线", "三楼有人", "#", "99999999"]
    ),
    max_size=7,
).map(" ".join)


class TestAnything:
    @settings(max_examples=examples(75))
    @given(st.one_of(_NASTY, _WORDS), st.sampled_from([41, None, 900]), st.integers(0, 50))
    @example('记 "', 41, 3)
    @example("\ud800 ; 派", 41, 1)
    @example("#" * 39, None, 0)
    def test_every_line_is_answered(self, line: str, selected: int | None, cursor: int) -> None:
        world = World(selected_serial=selected)
        zh = Translator("zh")
        for part in split(line, world):
            found = parse(part, world)
            assert zh.t(explain(found, world))
            if isinstance(found, Mistake):
                assert 0 <= found.at <= len(part)
            else:
                assert found.line == part
                assert parse(part, world) == found
        completion = grammar.complete(line, cursor, world)
        assert 0 <= completion.start <= completion.end <= len(line)
        ghost(line, world)

    @settings(max_examples=examples(50))
    @given(st.text(max_size=30))
    def test_no_word_of_a_note_is_lost(self, text: str) -> None:
        line = f"记 #42 {text}"
        found = parse(line, WORLD)
        inner = text.strip()
        if not inner.strip('"“”').strip():
            return
        if inner[0] in '"“' and inner[-1] in '"”':
            return
        assert isinstance(found, Command), found
        assert found.text == inner
        assert split(line, WORLD) == (line.strip(),)

    def test_a_very_long_line_is_answered_soon(self) -> None:
        for line in ("记 " + "火" * 1_000_000, "x" * 1_000_000, "派 " + "P12 " * 20_000):
            assert Translator("zh").t(explain(parse(line, WORLD), WORLD))


class TestSaid:
    """What the officer reads before Enter, in both languages."""

    @pytest.mark.parametrize("lang", ["zh", "en"])
    @pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.id)
    def test_every_verb_has_a_whole_sentence(self, verb: Verb, lang: str) -> None:
        translator = Translator(lang)
        world = World(lang=lang)
        lines = [*verb.example, verb.names.zh]
        for line in lines:
            found = parse(line, world, lawful=False)
            said = translator.t(explain(found, world))
            assert "explain." not in said
            assert "grammar." not in said
            assert "{" not in said
            assert said.strip()

    def test_dispatch_tells_where_units_are(self) -> None:
        found = parse("派 42 P12 E301 E302", WORLD, lawful=False)
        assert Translator("zh").t(explain(found, WORLD)) == (
            "派 P12、E301、E302 -> 42 火警 北干街道; P12 现在在 43、E301 已经在派、E302 停勤"
        )

    def test_dispatch_tells_that_it_would_be_refused(self) -> None:
        assert _say("派 42 P12", "zh").startswith("P12 ")
        assert "43" in _say("派 42 P12", "zh")
        assert _say("dispatch 42 P12", "en").startswith("P12 is out on 43 (on scene)")

    def test_dispatch_without_units_tells_the_recommended(self) -> None:
        assert _say("派", "zh") == "派推荐力量 P13 1.2 公里、E301 -> 41 火警 北干街道"
        assert (
            _say("dispatch", "en") == "Dispatch the recommended P13 1.2 km, E301 -> 41 Fire Beigan"
        )

    def test_an_older_incident_is_told_by_its_full_number(self) -> None:
        assert "XS-20261122-0042" in _say("毕 XS-20261122-0042", "zh")

    def test_a_mistake_tells_what_was_understood_and_what_is_missing(self) -> None:
        assert _say("P12", "zh") == "还缺状态。已明白: 报状态、P12"
        assert _say("call #42", "en").startswith("With what outcome? Answered, Busy")

    def test_joined(self) -> None:
        said = Translator("zh").t(grammar.explain_all(parse_all("接 50 ; 派 50 P13", WORLD), WORLD))
        assert said == "签收 50 火警 北干街道; 然后 派 P13 -> 50 火警 北干街道"

    def test_a_mistake_in_a_joined_line_comes_first(self) -> None:
        said = grammar.explain_all(parse_all("接 50 ; 派 50 P99", WORLD), WORLD)
        assert said.id == "explain.mistake"


def _say(line: str, lang: str) -> str:
    world = World(lang=lang)
    return Translator(lang).t(explain(parse(line, world), world))


def _wide(word: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def test_states_of_the_world_are_as_the_tests_need_them() -> None:
    assert {one.state for one in WORLD.incidents} >= {State.NEW, State.CLOSED, State.MERGED}
    assert BY_ID["accept"].names.zh == "接"
