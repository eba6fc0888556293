"""Words for people: days and moments, facts, filters, orders, and the help of the shell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from console.cli import app
from console.cli_help import HELP_ZH, in_language
from console.desk.filter_said import Word, said
from console.domain.day_words import days_said, moment_said
from console.domain.fact_words import fact_value
from console.domain.message import Label, Message
from console.domain.order_words import action_said
from console.domain.telling import fact_name
from console.i18n import Translator
from tests.in_process import zhiban

EAST = timezone(timedelta(hours=8))


@pytest.fixture(params=["zh", "en"])
def words(request: pytest.FixtureRequest) -> Translator:
    return Translator(request.param)


def _commands(command: Any) -> Iterator[Any]:
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from _commands(one)


def _helps(root: Any) -> set[str]:
    found: set[str] = set()
    for command in _commands(root):
        found.add(" ".join((command.help or "").split()))
        found |= {getattr(param, "help", None) or "" for param in command.params}
    return found - {""}


def test_every_help_has_its_chinese() -> None:
    assert _helps(get_command(app)) - HELP_ZH.keys() == set()


def test_help_in_the_language_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBAN_LANG", "en")
    english = in_language(get_command(app), ["--help"])
    assert _helps(english) & set(HELP_ZH) != set()
    chinese = in_language(get_command(app), ["--help", "--lang", "zh"])
    assert _helps(chinese) <= set(HELP_ZH.values())
    monkeypatch.setenv("ZHIBAN_LANG", "zh")
    assert _helps(in_language(get_command(app), ["figures", "--help"])) <= set(HELP_ZH.values())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("watch --foo", "没有选项 --foo"),
        ("wach", "没有命令 'wach'。是不是 'watch'?"),
        ("store chec", "没有命令 'chec'。是不是 'check'?"),
        ("store check --foo", "没有选项 --foo"),
        ("do", "缺少参数 'line'。"),
        ("figures --by", "选项 '--by' 缺少值。"),
        ("incidents --json=1", "选项 '--json' 不带值。"),
        ("incidents --limit x", "'--limit' 的值不能用: 应为整数"),
        ("wall --every 1", "'--every' 的值不能用: 不能小于 2"),
        ("wall --every x", "'--every' 的值不能用: 应为数字"),
        ("demo --speed 700", "'--speed' 的值不能用: 不能大于 600"),
        ("report shift day", "多出的参数: day"),
    ],
)
def test_a_mistake_of_the_command_line(tmp_path: Path, typed: str, said: str) -> None:
    for line in (["--lang", "zh", *typed.split()], [*typed.split(), "--lang=zh"]):
        if typed.endswith("--by") and line[-1] == "--lang=zh":
            continue  # that would be its value
        done = zhiban(tmp_path, *line)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines()[-1] == f"错误: {said}"
        ours = re.sub(r"'.*?'|zhiban[ a-z]*|--[a-z]+|\{[a-z]+\}|shift|day", "", done.stderr)
        assert not re.search("[A-Za-z]{2}", ours)


def test_a_group_s_commands_take_the_language_behind_them(tmp_path: Path) -> None:
    for lang, told in (("zh", "没有找到数据库"), ("en", "there is no database")):
        for line in (["seat", "list", "--lang", lang], ["seat", "--lang", lang, "list"]):
            assert told in zhiban(tmp_path, *line).stderr


def test_days(words: Translator) -> None:
    day = date(2022, 3, 21)
    zh = words.lang == "zh"
    assert words.t(days_said(day, day, 2022)) == ("3 月 21 日" if zh else "21 Mar")
    assert words.t(days_said(day, day, 2023)) == ("2022 年 3 月 21 日" if zh else "21 Mar 2022")
    span = words.t(days_said(date(2021, 12, 31), day, 2022))
    assert span == ("2021 年 12 月 31 日 至 3 月 21 日" if zh else "31 Dec 2021 to 21 Mar")
    span = words.t(days_said(date(2020, 3, 1), date(2020, 3, 21), 2022))
    assert span == ("2020 年 3 月 1 日 至 3 月 21 日" if zh else "1 Mar 2020 to 21 Mar")


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("2022-03-28T19:40:47+08:00", "19:40"),
        ("2022-03-28T19:40:34.011+08:00", "19:40"),
        ("2022-03-28T11:40:47Z", "19:40"),
        ("2022-03-28 19:40+0800", "19:40"),
    ],
)
def test_moments_of_the_wire(written: str, clock: str) -> None:
    found = moment_said(written, EAST)
    assert found is not None
    assert Translator("zh").t(found) == f"3 月 28 日 {clock}"


@pytest.mark.parametrize(
    "written",
    ["", "2022-03-28", "2022-03-28T19:40:47", "2022-13-28T19:40:47Z", "0001-01-01T00:00Z"],
)
def test_what_is_no_moment(written: str) -> None:
    west = timezone(timedelta(hours=-8))
    assert moment_said(written, west) is None


def test_facts(words: Translator) -> None:
    zh = words.lang == "zh"
    assert fact_value("level", "高", EAST) == fact_value("风险等级", "高", EAST)
    assert fact_name("level") == fact_name("风险等级")
    layer = fact_value("layer", "rented", EAST)
    assert isinstance(layer, Message)
    assert words.t(layer) == ("出租房屋" if zh else "rented homes")
    assert fact_value("firm", "某物流公司", EAST) == "某物流公司"


def test_orders(words: Translator) -> None:
    assert action_said("evidence_list") == action_said("evidence-list")
    assert words.t(action_said("accept")) == ("签收" if words.lang == "zh" else "accepted")
    assert action_said("nothing_known") == "nothing_known"


def test_a_filter_in_words(words: Translator) -> None:
    def called(name: str, value: str) -> Word:
        return Label("事故", "Accident") if name == "field" else value

    parts = said(["2022-03-21", "field=traffic", "field=traffic", "火", "2022-02-31"], called, 2022)
    told = " ".join(words.t(part) for part in parts)
    zh = words.lang == "zh"
    assert told == f"{'3 月 21 日 事故' if zh else '21 Mar Accident'} 火 2022-02-31"
