"""Triage: what it is and how urgent, in both languages, and what is denied."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.persons import count_persons
from console.domain.triage import Verdict, triage
from console.domain.triage_file import parse_triage
from tests.domain.shipped import rules
from tests.scale import examples


def decide(text: str, **more: object) -> Verdict:
    given_rules = rules()
    return triage(given_rules.triage, given_rules.categories, text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("北干街道金城路高层12楼厨房冒烟", "fire.highrise"),
        ("我家厨房着火了", "fire.structure"),
        ("化纤厂仓库起火,火势很大", "fire.factory"),
        ("路边一辆电瓶车自燃", "fire.vehicle"),
        ("垃圾桶在冒烟", "fire.outdoor"),
        ("Kitchen fire, smoke everywhere", "fire.structure"),
        ("a bin is on fire outside", "fire.outdoor"),
        ("两车追尾,堵在路上", "traffic.property"),
        ("追尾,两人受伤", "traffic.injury"),
        ("车祸有人死亡", "traffic.fatal"),
        ("two cars crashed, driver trapped", "traffic.injury"),
        ("电梯困人", "rescue.lift"),
        ("电梯里有老人被困", "rescue.lift"),
        ("小孩掉河里了", "rescue.water"),
        ("有人站在楼顶要跳楼", "rescue.height"),
        ("我被骗了40万", "fraud.case"),
        ("客户接到冒充客服电话要退款理赔", "fraud.warning.shopping"),
        ("刷单返利,已垫付三笔", "fraud.warning.rebate"),
        ("自称民警要求转到安全账户", "fraud.warning.police"),
        ("闻到很浓的煤气味", "gas.leak"),
        ("消防通道被堵,灭火器过期", "hazard.fire"),
        ("小区门口打架,有人持刀", "crime.violence"),
        ("电瓶车被偷", "crime.theft"),
        ("广场舞太吵了", "order.noise"),
        ("老人胸痛呼吸困难", "medical"),
        ("请问居住证怎么办理", "request.consult"),
        ("工地拖欠工资三个月", "wages.site"),
        ("公司不发工资", "wages"),
        ("几十名工人讨薪堵门", "wages.crowd"),
        ("房东上报租客信息", "community.tenant"),
        ("申请参加今晚的平安巡逻", "community.volunteer"),
        ("车库里囤积气瓶", "gas.cylinder"),
        ("囤气的车库起火", "fire"),
        ("大厦消防通道被堵", "hazard.highrise"),
        ("该路口事故多发", "traffic.hotspot"),
        ("事故多发路口两车追尾", "traffic.property"),
        ("沿街占道经营", "city.street"),
        ("发布暴雨红色预警", "alert.weather"),
        ("山洪预警 III 级", "alert.flood"),
        ("", "other"),
        ("今天天气不错", "other"),
    ],
)
def test_category(text: str, category: str) -> None:
    assert decide(text).category == category


@pytest.mark.parametrize(
    ("text", "trapped", "injured", "dead"),
    [
        ("3人被困", 3, 0, 0),
        ("有人被困", 1, 0, 0),
        ("里面困住了两个人", 2, 0, 0),
        ("十二人受伤", 0, 12, 0),
        ("两名工人被埋", 2, 0, 0),
        ("三死五伤的车祸", 0, 5, 3),
        ("一人死亡,2人受伤", 0, 2, 1),
        ("没有人受伤", 0, 0, 0),
        ("无人受伤", 0, 0, 0),
        ("没有人员伤亡", 0, 0, 0),
        ("未造成人员受伤", 0, 0, 0),
        ("暂无人员被困", 0, 0, 0),
        ("有没有人受伤不清楚", 0, 0, 0),
        ("是否有人被困未知", 0, 0, 0),
        ("差点有人受伤", 0, 0, 0),
        ("没有人受伤,但有人被困", 1, 0, 0),
        ("没有电梯,有2人被困", 2, 0, 0),
        ("无法逃生,有人被困", 1, 0, 0),
        ("nobody hurt", 0, 0, 0),
        ("no injuries", 0, 0, 0),
        ("no one is trapped", 0, 0, 0),
        ("not injured", 0, 0, 0),
        ("two people trapped", 2, 0, 0),
        ("3 injured", 0, 3, 0),
        ("no one trapped but two people injured", 0, 2, 0),
        ("driver unconscious", 0, 1, 0),
    ],
)
def test_persons(text: str, trapped: int, injured: int, dead: int) -> None:
    found = count_persons(text)
    assert (found.trapped, found.injured, found.dead) == (trapped, injured, dead)


class TestPriority:
    def test_trapped_raises_and_a_denial_does_not(self) -> None:
        assert decide("两车追尾,无人被困,无人受伤").priority == 3
        assert decide("两车追尾,司机被困").priority == 1

    def test_a_source_is_only_ever_raised(self) -> None:
        assert decide("垃圾桶着火", priority=1).priority == 1
        assert decide("垃圾桶着火,有人被困", priority=4).priority == 1
        assert decide("垃圾桶着火", priority=4).priority == 4
        assert decide("垃圾桶着火", priority=17).priority in (1, 2, 3, 4)

    def test_money_at_risk(self) -> None:
        assert decide("接到冒充客服电话", amount=400_000).priority == 1
        assert decide("接到冒充客服电话", amount=300).priority == 2

    def test_reasons_name_rule_and_words(self) -> None:
        reasons = {r.rule: r.words for r in decide("厨房着火,2人被困").reasons}
        assert reasons["fire.structure"] == ("着火", "厨房")
        assert reasons["trapped"] == ("2人被困",)


class TestSource:
    def test_its_category_is_respected(self) -> None:
        verdict = decide("路灯下有人着火一样地吵", category="order.noise")
        assert verdict.first_category == "order.noise"
        assert decide("投诉噪音", category="crime.theft").category == "crime.theft"

    def test_made_finer(self) -> None:
        verdict = decide("厨房着火", category="fire")
        assert (verdict.category, verdict.first_category) == ("fire.structure", "fire")

    def test_overridden_where_a_rule_says_so(self) -> None:
        verdict = decide("投诉:隔壁房子着火了", category="request.complaint")
        assert verdict.category == "fire.structure"
        assert verdict.first_category == "request.complaint"

    def test_who_waits_for_an_answer_keeps_his_work_order(self) -> None:
        """What is not urgent stays with the system that promised the answer."""
        for text in ("消防设施坏了", "工地拖欠工资", "车库里囤积气瓶", "井盖坏了"):
            assert decide(text, category="request.group").category == "request.group"
            assert decide(text, category="request.complaint").category == "request.complaint"
        assert decide("讨薪打起来了", category="wages").category == "wages"
        assert decide("燃气泄漏", category="request.group").category == "gas.leak"

    def test_its_own_word(self) -> None:
        assert decide("", category="投诉").category == "request.complaint"
        assert decide("", category="Martian landing").category == "other.Martian landing"
        assert decide("", category="Martian landing").first_category == "Martian landing"
        assert decide("", category="fire.structure.flat").category == "fire.structure.flat"

    @pytest.mark.parametrize(
        ("word", "category"),
        [
            ("刷单返利", "fraud.warning.rebate"),
            ("冒充电商物流客服", "fraud.warning.shopping"),
            ("虚假投资理财", "fraud.warning.investment"),
        ],
    )
    def test_class_of_fraud(self, word: str, category: str) -> None:
        assert decide("预警", category="fraud.warning", fraud_class=word).category == category
        assert decide("", fraud_class=word).category == category

    def test_unknown_class_of_fraud(self) -> None:
        assert (
            decide("预警", category="fraud.warning", fraud_class="新骗术").category
            == "fraud.warning"
        )


class TestDepartments:
    def test_routes(self) -> None:
        triage_rules = rules().triage
        assert triage_rules.department("fire.structure") == "fire_brigade"
        assert triage_rules.department("hazard.public") == "city"
        assert triage_rules.department("hazard.fire") == "platform4"
        assert triage_rules.department("anything") == "command"

    def test_called(self) -> None:
        triage_rules = rules().triage
        for word in ("四平台", "platform4", "sipingtai", "Four platforms"):
            found = triage_rules.department_called(word)
            assert found is not None
            assert found.system == "platform4"
        assert triage_rules.department_called("没有这个") is None
        assert triage_rules.department_called("") is None


@settings(max_examples=examples(37))
@given(
    st.text(max_size=60),
    st.sampled_from(["", "fire", "request.help", "other.X", "nonsense", "Traffic"]),
    st.one_of(st.none(), st.integers(-3, 9)),
)
def test_total(text: str, category: str, priority: int | None) -> None:
    verdict = decide(text, category=category, priority=priority)
    assert verdict.priority in (1, 2, 3, 4)
    assert rules().categories.get(verdict.category).label.zh
    assert not category or verdict.first_category == category


def test_a_rule_that_is_there_twice_is_named_where_it_stands() -> None:
    one = '[[rule]]\nid = "x"\ncategory = "fire"\nwords = ["a"]\n'
    _, faults = parse_triage([(one, "a.toml"), ("\n" + one, "b.toml")], rules().categories)
    assert [(f.file, f.line, f.reason.id) for f in faults] == [("b.toml", 3, "rules.rule_twice")]
