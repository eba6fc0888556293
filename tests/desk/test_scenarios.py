"""Scenario files: what is read, and what a mistake is answered with."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.desk.scenarios import load, read
from console.domain.clock import HOUR, SECOND
from console.domain.message import Message, Problem
from console.domain.scenario import AllOf, Did, Elapsed, Not, Played, Say, Send
from console.i18n import Translator

HEAD = """\
name: t
title: {zh: 试, en: try}
description: {zh: 试, en: try}
seed: 7
start: 2022-03-21T19:40:00+08:00
"""
REPORT = "- {name: a, at: 00:00:01, report: {source: s, text: t}}\n"


def refused(text: str) -> tuple[str, int, str]:
    """File, line and reason of the refusal."""
    with pytest.raises(Problem) as caught:
        read(text, "bad.yaml", ("fire.structure", "traffic.injury"))
    message = caught.value.message
    assert message.id == "scenario.fault"
    reason = message.args["reason"]
    assert isinstance(reason, Message)
    file, line = message.args["file"], message.args["line"]
    assert isinstance(file, str)
    assert isinstance(line, int)
    for lang in ("zh", "en"):
        sentence = Translator(lang).t(message)
        assert "bad.yaml" in sentence
        assert str(line) in sentence
        assert "{" not in sentence.replace("{zh", "").replace("{en", "")
        assert reason.id not in sentence, "the catalogue has no such entry"
    return file, line, reason.id.removeprefix("scenario.")


class TestReading:
    @pytest.mark.parametrize(
        ("written", "text"),
        [
            (
                ">-\n      包裹丢失\n      理赔 两次，\n      正在通话",
                "包裹丢失理赔 两次，正在通话",
            ),
            (">-\n      余额 40\n      万元 and a\n      word", "余额 40 万元 and a word"),
            ("包裹丢失\n      理赔", "包裹丢失理赔"),
            ('"包裹丢失\n      理赔"', "包裹丢失理赔"),
            ("|-\n      包裹丢失\n      理赔", "包裹丢失\n理赔"),
        ],
    )
    def test_folding_puts_no_space_into_chinese(self, written: str, text: str) -> None:
        inject = f"- name: a\n  at: 00:00:01\n  report:\n    source: s\n    text: {written}\n"
        [sent] = read(f"{HEAD}injects:\n{inject}", "f.yaml").injects
        assert isinstance(sent.action, Send)
        assert sent.action.report.text == text

    def test_a_whole_file(self) -> None:
        scenario = read(
            HEAD
            + """\
past: 3
actors:
  crews: {pace: 2, misses: 0.5}
  units: {P31: {turnout: 00:00:08}}
  seats: {二席: {share: 0.3, delay: 00:00:20}}
  systems: {fraudguard: {delay: 00:00:02.250}}
streams:
- {name: town, rate: 180, opening: {count: 20, within: 00:00:50}, mix: {fire: 2}, noise: 0}
injects:
- name: a
  at: 00:01:10
  report: {source: fraudguard, text: 预警, amount_at_risk: 400_000, facts: {等级: 高}, lat: 30.1}
- name: b
  when:
    all:
    - {verb: call, incident: a, outcome: busy, count: 2}
    - not: {played: c}
    - elapsed: 01:00:00
  after: 00:00:05
  message: {from: 96110, to: a, text: 占线}
- {name: c, at: 00:00:00, answer: {system: investigation, to: a, text: 查明}}
expect:
- {anything: [goes, here]}
""",
            "t.yaml",
        )
        assert scenario.offset == 8 * HOUR
        assert scenario.past == 3
        assert scenario.start == 1_647_862_800_000
        assert scenario.actors.unit("P31").turnout == 8 * SECOND
        assert scenario.actors.unit("P12").turnout is None
        assert scenario.actors.delays == {"fraudguard": 2_250}
        assert scenario.streams[0].opening == 20
        assert scenario.streams[0].end is None
        first, second, third = scenario.injects
        assert first.at == 70 * SECOND
        assert isinstance(first.action, Send)
        assert first.action.report.source_id == "a"
        assert first.action.report.amount_at_risk == 400_000
        assert first.action.report.facts == {"等级": "高"}
        assert second.when == AllOf(
            (Did("call", "a", "busy", count=2), Not(Played("c")), Elapsed(HOUR))
        )
        assert third.action == Say("investigation", "a", "查明")

    def test_words_stay_words(self) -> None:
        text = REPORT.replace("text: t", "text: no").replace("name: a", "name: 1e3")
        scenario = read(HEAD + "injects:\n" + text, "t.yaml")
        assert scenario.injects[0].name == "1e3"
        assert scenario.past == 1
        assert isinstance(scenario.injects[0].action, Send)
        assert scenario.injects[0].action.report.text == "no"


class TestMistakes:
    @pytest.mark.parametrize(
        ("body", "line", "reason"),
        [
            ("streems: []\n", 6, "unknown_key"),
            ("seed: 8\n", 6, "key_twice"),
            ("injects: 3\n", 6, "not_list"),
            ("injects:\n- {name: a, at: 00:00:01}\n", 7, "one_action"),
            ("injects:\n" + REPORT.replace("at: 00:00:01, ", ""), 7, "at_or_when"),
            ("injects:\n" + REPORT.replace("00:00:01", "70"), 7, "not_span"),
            ("injects:\n" + REPORT.replace("00:00:01", "00:00:61"), 7, "not_span"),
            ("injects:\n" + REPORT.replace("source: s, ", ""), 7, "missing_key"),
            ("injects:\n" + REPORT.replace("name: a", "name: a b"), 7, "not_name"),
            ("injects:\n" + REPORT + REPORT, 8, "name_twice"),
            (
                "injects:\n- {name: b, at: 00:00:01, message: {from: x, to: q, text: t}}\n",
                7,
                "no_such_report",
            ),
            (
                "injects:\n" + REPORT + "- name: b\n  when: {played: zz}\n"
                "  unit: {call_sign: P1, status: enroute}\n",
                8,
                "no_such_inject",
            ),
            (
                "injects:\n- {name: b, at: 00:00:01, unit: {call_sign: P1, status: asleep}}\n",
                7,
                "no_such_status",
            ),
            (
                "injects:\n" + REPORT.replace("at: 00:00:01", "when: {verb: call, played: a}"),
                7,
                "one_condition",
            ),
            ("injects:\n" + REPORT.replace("at: 00:00:01", "when: {all: []}"), 7, "not_list"),
            ("injects:\n" + REPORT.replace("at: 00", "after: 00:00:09, at: 00"), 7, "after_"),
            ("streams:\n- {name: s, rate: -3}\n", 7, "not_positive"),
            ("streams:\n- {name: s, rate: nan}\n", 7, "not_number"),
            ("streams:\n- {name: s, rate: 3, again: 1.5}\n", 7, "not_share"),
            ("streams:\n- name: s\n  rate: 3\n  mix:\n    fires: 1\n", 10, "no_such_kind"),
            ("streams:\n- {name: s, rate: 3, start: 00:01:00, end: 00:01:00}\n", 7, "ends_"),
            ("actors: {units: [1]}\n", 6, "not_mapping"),
            ("injects: &a []\n", 6, "no_alias"),
            ("injects: *a\n", 6, "no_alias"),
            ("injects: [\n", 7, "not_yaml"),
            ("injects: " + "[" * 30 + "]" * 30, 6, "too_deep"),
            ("---\nname: u\n", 6, "two_documents"),
            ("\x00", 1, "not_yaml"),
        ],
    )
    def test_names_file_line_and_reason(self, body: str, line: int, reason: str) -> None:
        file, at, why = refused(HEAD + body)
        assert file == "bad.yaml"
        assert at == line
        assert why.startswith(reason)

    @pytest.mark.parametrize(
        ("old", "new", "line", "reason"),
        [
            ("+08:00", "", 5, "not_moment"),
            ("start: 2022-03-21", "start: yesterday ", 5, "not_moment"),
            ("seed: 7", "seed: seven", 4, "not_whole"),
            ("seed: 7\n", "", 1, "missing_key"),
            ("title: {zh: 试, en: try}", "title: {zh: 试}", 2, "missing_key"),
            ("title: {zh: 试, en: try}", "title: 试", 2, "not_mapping"),
        ],
    )
    def test_in_the_head(self, old: str, new: str, line: int, reason: str) -> None:
        _, at, why = refused(HEAD.replace(old, new))
        assert (at, why) == (line, reason)

    @pytest.mark.parametrize("text", ["", "# nothing\n", "''\n"])
    def test_an_empty_file(self, text: str) -> None:
        assert refused(text)[2] == "empty"

    def test_a_file_that_is_not_there_or_not_utf8(self, tmp_path: Path) -> None:
        with pytest.raises(Problem) as caught:
            load(tmp_path / "none.yaml")
        assert caught.value.message.id == "scenario.unreadable"
        bad = tmp_path / "gbk.yaml"
        bad.write_bytes("name: 值班".encode("gbk"))
        with pytest.raises(Problem) as caught:
            load(bad)
        assert caught.value.message.id == "scenario.not_utf8"
