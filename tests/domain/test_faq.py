"""The robot's FAQ: it finds what it knows, and says nothing where it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.faq import Faq, grams
from console.domain.faq_file import SAID, parse_faq
from tests.domain.shipped import rules

FAQ: Faq = rules().faq

WAYS = [(question.id, way) for question in FAQ.questions for way in question.ask]

UNKNOWN = [
    "周末的露天电影放哪一部",
    "今天晚上吃什么好",
    "帮我写一首诗",
    "一加一等于几",
    "萧山机场怎么走最快",
    "附近哪家火锅好吃",
    "小区门口的快递柜坏了没人修",
    "楼下早餐店换老板了吗",
    "下个月房价会涨吗",
    "这届区运动会什么时候开幕",
    "我家宽带网速很慢怎么办",
    "手机号怎么转网到移动",
    "有没有人一起拼车去滨江",
    "谁家的猫丢在三号楼了",
    "快递送错到隔壁小区了",
    "请问图书馆可以借几本书",
    "地铁二十号线什么时候通车",
    "亚运场馆开放打羽毛球吗",
    "世纪城烟花秀几点开始",
    "孩子数学不好找哪个老师",
    "推荐一个装修公司",
    "股票今天涨了没有",
    "空调不制冷要加氟吗",
    "洗衣机漏水自己能修吗",
    "谁知道隔壁新开的超市几点关门",
    "萝卜干怎么腌好吃",
    "二手家具有人收吗",
    "阳台上种番茄要注意什么",
    "湘湖的游船票多少钱",
    "明天早上会下雨吗",
    "同城搬家多少钱一趟",
    "高考分数线出来了吗",
    "医院的停车费太贵了能不能降一点",
    "楼上漏水到我家天花板了",
    "小区广场能不能装个篮球架",
    "我要办卡",
    "怎么办",
    "多少钱",
    "电话",
    "这个怎么弄",
]

ASKED = {
    "咨询一下，新街办居住证要带什么材料，周末上不上班": "residence.permit",
    "咨询：孩子在宁围上小学，户口不在本地怎么报名": "school.enroll",
    "想咨询蜀山老旧小区加装电梯的补贴标准": "lift.add",
    "咨询流动人口登记，租在城厢，是房东报还是自己报": "floating.register",
    "咨询电动车上牌在哪里办，我住衙前": "ebike.plate",
    "请问咨询心无忧积分怎么兑换，瓜沥的积分商城找不到入口": "points.redeem",
    "你好 我想问下身份证快到期了怎么换啊": "idcard.renew",
    "９６１１０打来的电话要不要接?": "fraud.96110",
    "灭火器到底怎么用": "fire.extinguisher",
    "家里的灭火器几年过期": "fire.extinguisher.old",
    "电瓶车能不能在家里充电": "ebike.charge",
    "网上兼职刷单靠谱吗": "fraud.brush",
    "您好": "chat.hello",
}

DANGER = [
    "着火了怎么报火警",
    "救命",
    "电动车上牌的地方有人持刀",
    "灭火器怎么用, 我家起火了",
    "有人落水了打什么电话",
    "我刚转账给客服了怎么办",
    "闻到煤气味怎么办",
    "电梯里有人被困",
]


def test_there_are_enough_questions_and_each_can_be_asked_in_several_ways() -> None:
    assert len(FAQ.questions) >= 120
    assert all(len(one.ask) >= 2 for one in FAQ.questions)
    assert len(UNKNOWN) >= 30


@pytest.mark.parametrize(("id_", "way"), WAYS)
def test_every_way_to_ask_finds_its_question(id_: str, way: str) -> None:
    found = FAQ.answers(f"请问{way}?")
    assert found is not None, FAQ.match(way)
    assert found.question.id == id_


@pytest.mark.parametrize(("text", "id_"), ASKED.items())
def test_as_residents_say_it(text: str, id_: str) -> None:
    found = FAQ.answers(rules().gazetteer.without_names(text))
    assert found is not None, FAQ.match(text)
    assert found.question.id == id_


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_it_does_not_know_it_does_not_answer(text: str) -> None:
    assert FAQ.answers(text) is None, FAQ.match(text)


@pytest.mark.parametrize("text", DANGER)
def test_danger_is_for_a_person(text: str) -> None:
    assert FAQ.is_emergency(text)
    assert FAQ.answers(text) is None


@given(st.sampled_from([way for _, way in WAYS]), st.sampled_from(FAQ.emergency))
def test_no_question_hides_a_word_of_danger(way: str, word: str) -> None:
    assert FAQ.answers(f"{way}, {word}") is None


@given(st.text(max_size=200))
def test_any_words_get_the_same_answer_twice_and_none_below_the_threshold(text: str) -> None:
    found = FAQ.answers(text)
    assert found == FAQ.answers(text)
    if found is not None:
        assert FAQ.threshold <= found.score <= 1
        assert grams(text)


@given(st.sampled_from(WAYS), st.text("啊呢吧, ?!。", max_size=6))
def test_politeness_changes_nothing(way: tuple[str, str], tail: str) -> None:
    found = FAQ.answers(f"你好, 请问一下 {way[1]}{tail}")
    assert found is not None
    assert found.question.id == way[0]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("谢谢", True),
        ("好的, 解决了", True),
        ("没用, 转人工", False),
        ("不满意", False),
        ("还是没人来", False),
        ("电动车在哪里上牌", None),
        ("谢谢, 另外我想再问一下居住证到期以后应该去哪里签注", None),
        ("", None),
    ],
)
def test_whether_somebody_is_content(text: str, content: bool | None) -> None:
    assert FAQ.contentment(text) is content


HEAD = """\
threshold = 0.5
sure = 0.8
[words]
emergency = ["着火"]
asking = ["怎么"]
content = ["谢谢"]
not_content = ["没用"]
[say]
""" + "".join(f'{name} = "x"\n' for name in SAID)
GOOD = '[[question]]\nid = "a"\nask = ["怎么上牌"]\nkeywords = ["上牌"]\nanswer = "去"\n'


class TestMistakes:
    def said(self, text: str) -> list[tuple[int, str]]:
        _, faults = parse_faq(text, "faq.toml")
        assert {one.file for one in faults} <= {"faq.toml"}
        return [(one.line, one.reason.id) for one in faults]

    def test_none(self) -> None:
        assert self.said(HEAD + GOOD) == []

    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ('ask = ["怎么上牌"]', 'ask = ["着火了怎么上牌"]', "faq.emergency"),
            ('ask = ["怎么上牌"]', "ask = []", "faq.no_ways"),
            ('ask = ["怎么上牌"]', 'ask = ["怎么挂"]', "faq.no_keyword"),
            ('ask = ["怎么上牌"]', 'ask = ["上牌", "?"]', "faq.empty_way"),
            ('keywords = ["上牌"]', "", "faq.no_words"),
            ('answer = "去"', f'answer = "{"去" * 501}"', "faq.too_long"),
            ('answer = "去"', 'anwser = "去"', "rules.missing_key"),
            ("sure = 0.8", "sure = 0.2", "faq.thresholds"),
            ('passed_on = "x"', 'passed_on = "{phone}"', "faq.fields"),
            ('passed_on = "x"', 'passed_on = "{"', "faq.fields"),
            ('emergency = ["着火"]', "emergency = []", "faq.no_words"),
            (GOOD, "", "faq.no_questions"),
            (GOOD, GOOD + GOOD, "faq.twice"),
            (GOOD, GOOD + GOOD.replace('"a"', '"b"'), "faq.way_twice"),
            ("[words]", "[words", "rules.not_toml"),
        ],
    )
    def test_one(self, old: str, new: str, why: str) -> None:
        text = HEAD + GOOD
        assert old in text
        found = self.said(text.replace(old, new))
        assert why in [reason for _, reason in found]
        assert all(line >= 1 for line, _ in found)

    def test_the_line_is_the_one(self) -> None:
        text = HEAD + GOOD.replace("怎么上牌", "怎么挂")
        line = text.splitlines().index('keywords = ["上牌"]') + 1
        assert self.said(text) == [(line, "faq.no_keyword")]
