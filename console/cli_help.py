"""``--help`` and mistakes of the command line in Chinese.

The texts of the commands in English are what theirs are found by; a test holds the table
against the commands: every text has its Chinese. What the library for command lines says of
a mistake is put into Chinese line by line.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, TextIO

import typer

from console.early import asked_lang, spoken

HELP_ZH: Final[Mapping[str, str]] = {
    "值班: a keyboard-driven command-center console for duty officers.": (
        "值班: 指挥中心值班员的键盘操作台。"
    ),
    "The version, and nothing else.": "只显示版本号。",
    "Database: a path, or postgresql://…": "数据库: 文件路径, 或 postgresql:// 开头的地址。",
    "The seat this is.": "本席的名称。",
    "zh or en.": "语言: zh 中文, en 英文。",
    "Change nothing.": "只读, 不改动任何数据。",
    "Light profile for thin lines.": "线路慢时少刷新 (--full 相反)。",
    "The console.": "值班台。",
    "dark, light or contrast.": "主题: dark 深色, light 浅色, contrast 高对比。",
    "The console, offline, with a living district.": "演示: 不联网, 警情不断进来的值班台。",
    "Another district and other incidents.": "换一组警情 (随机数种子)。",
    "How fast time goes.": "时间快几倍。",
    "A scenario's name, or a YAML file.": "剧本的名称, 或 YAML 文件。",
    "Keep the demo's store in this file.": "把演示的数据库保存到这个文件。",
    "Do a command line without a screen.": "不开屏幕, 执行一行命令。",
    "A command line; - reads lines from stdin.": "一行命令; 写 - 则从标准输入逐行读取。",
    "The center's time zone, for a new store.": "本中心的时区, 新建数据库时用。",
    "Code of the district.": "区的代码。",
    "For machines.": "输出 JSON, 供程序读取。",
    "Do it, too, where the console would ask first.": "值班台会先问的, 也直接执行。",
    "The queue, in the order in which it needs a person.": "队列, 最需要人处理的在前。",
    "new, accepted, active …": "状态: new 待签, accepted 已签收, active 处置中等。",
    "A category's code or word.": "类别的代码或名称。",
    "At most so many.": "最多几条。",
    "One incident with its timeline.": "一起警情和它的经过。",
    "42, or XS-20261123-0042.": "编号: 42, 或 XS-20261123-0042。",
    "Take data out: one JSON object a line, or CSV.": "导出数据: 每行一个 JSON, 或 CSV。",
    "incidents, journal, figures, or a number": (
        "incidents 警情, journal 日志, figures 数字, 或一个警情编号"
    ),
    "csv, json or cap": "格式: csv, json 或 cap",
    "First day, YYYY-MM-DD.": "起始日, 写作 2026-11-01。",
    "Last day, YYYY-MM-DD.": "结束日, 写作 2026-11-30。",
    "CSV begins with the mark by which Excel knows UTF-8.": "CSV 带 Excel 识别 UTF-8 的标记。",
    "Nothing is masked: for a supervisor, who says why.": "不隐去个人信息, 仅限带班, 须写明理由。",
    "Why, with --clear or --yes; it is written down.": "理由, 与 --clear 或 --yes 同用, 记入日志。",
    "Bring in real data.": "导入实际数据。",
    "A table, or alerts (CAP).": "一个表格, 或若干公共预警 (CAP) 文件。",
    "TOML file that says what the columns mean; or stats19, sf-fire.": (
        "说明各列含义的对照文件 (TOML), 或现成的 stats19、sf-fire。"
    ),
    "Which sheet of a workbook.": "工作簿里的哪一张表。",
    "Past incidents with all their times.": "作为历史警情导入, 保留各项时间。",
    "As if the rows came in now, a second apart.": "当作此刻的报警, 每秒一行。",
    "csv (also xlsx, gz) or cap": "格式: csv (也可是 xlsx、gz) 或 cap",
    "Counts, year on year, and intervals.": "警情数、同比和响应时间。",
    "year, month, town, category, severity, hour, weekday or class.": (
        "按什么统计: year 年, month 月, town 镇街, category 类别, severity 事故等级, hour 时, "
        "weekday 星期, class 诈骗类型。"
    ),
    "fire, traffic, fraud, other or all.": (
        "领域: fire 火警, traffic 事故, fraud 电诈, other 其他, all 综合。"
    ),
    "Everything that the figures page shows of a field, as JSON.": (
        "态势页上某一领域的全部数字, 输出 JSON。"
    ),
    "With --panel: today, week, month or year.": (
        "与 --panel 同用: today 今日, week 近七天, month 本月, year 今年。"
    ),
    "The results panel: a year against the one before.": "年度结果: 一年与上一年比较。",
    "The year of the results; the last whole one of the records if left out.": (
        "哪一年的结果; 不写则取记录完整的最近一年。"
    ),
    "The written report of a shift, a day, a week or a month.": "值班报告: 班、日、周或月。",
    "shift, day, week or month": "shift 交接班报告, day 日报, week 周报, month 月报",
    "A day in it, YYYY-MM-DD; else it is now.": "其中一天, 写作 2026-11-23; 不写就是现在。",
    "Which shift; else the one that runs.": "哪个班次; 不写就是当前班次。",
    "md, html or docx; else as FILE ends, or md.": (
        "格式: md, html 或 docx; 不写则看文件名, 再不然是 md。"
    ),
    "Write it to this file.": "写到这个文件。",
    "Terminal, locale, colours, store, disk, clock: what is wrong and what to do.": (
        "检查终端、字符集、颜色、数据库、磁盘、时钟: 有什么问题, 怎么办。"
    ),
    "Feeds, orders, deadlines and callbacks, with no screen.": (
        "网关: 不开屏幕, 收来件、发指令、计时限、接回调。"
    ),
    "Where the systems are: a URL.": "各系统的地址 (URL)。",
    "File of the systems' secrets (TOML, 0600).": "各系统的密钥文件 (TOML, 权限 0600)。",
    "Take callbacks and answer Open311 at HOST:PORT.": (
        "在 主机:端口 接收回调, 并提供 Open311 查询。"
    ),
    "One round, then end.": "只跑一轮。",
    "Every system, on loopback, from the fixtures.": "在本机模拟全部系统。",
    "Where; 0 takes any.": "端口; 0 为任意空闲端口。",
    "Keep the systems' fixtures here.": "模拟系统的数据存到这里。",
    "Other reports.": "换一组报警 (随机数种子)。",
    "Reports an hour and system.": "每个系统每小时几次报警。",
    "Where residents' messages of the group are posted.": "居民群消息发往的地址。",
    "MQTT broker of the terminals: mqtt://…": "智慧终端的 MQTT 地址, mqtt:// 开头。",
    "What goes wrong, and when: a plan (TOML).": "故障计划 (TOML): 什么时候出什么故障。",
    "State of every system and of the outbox.": "各系统链路和待发指令的状态。",
    "What is not closed yet, by playbook, and how the ten risk fields stand.": (
        "未结的闭环事项和十大领域的情况。"
    ),
    "What is normal for this hour, and whether now is outside it.": (
        "本小时的常态, 现在是否偏多或偏少。"
    ),
    "traffic, fraud, fire or all; every one by default.": (
        "领域: traffic 事故, fraud 电诈, fire 火警, all 综合; 不写则全部。"
    ),
    "Days to look back: how many signs there would have been.": "回看几天, 会有多少次提示。",
    "The big screen: read-only, large, rotating.": "大屏: 只读, 大字, 轮换。",
    "Seconds that a panel stands.": "每屏停几秒。",
    "Which come round, with commas: now,traffic,fraud,fire,towns,links.": (
        "轮换哪几屏, 逗号分隔: now 当前, traffic 事故, fraud 电诈, fire 火警, "
        "towns 镇街, links 链路。"
    ),
    "The five-colour map: every town's colour, score and what it is made of.": (
        "五色图: 各镇街的颜色、得分和得分的由来。"
    ),
    "all, traffic, fraud or fire.": "领域: all 综合, traffic 事故, fraud 电诈, fire 火警。",
    "today, week, month or year; the week when left out.": (
        "today 今日, week 近七天, month 本月, year 今年; 不写则近七天。"
    ),
    "Schema, integrity, backup.": "数据库: 升级、校验、备份。",
    "Bring a store of an older version to this one's schema, and count its figures.": (
        "把旧版数据库升级到本版, 并统计数字。"
    ),
    "Check the journal's chain; a changed entry is named.": "校验日志链, 指出被改动的条目。",
    "The head's hash as it was noted elsewhere.": "另处记下的链尾哈希值。",
    "Check the database itself, the counts, and the journal's chain.": (
        "检查数据库本身、计数和日志链。"
    ),
    "Count the figures anew from the incidents.": "按警情重新统计数字。",
    "Copy the store while it is in use.": "备份, 使用中也可以。",
    "The file to write.": "写到哪个文件。",
    "Put a backup in the store's place; what was there is kept beside it.": (
        "用备份恢复; 原来的数据库留在旁边。"
    ),
    "A backup.": "备份文件。",
    "Seats and their roles.": "席位和权限。",
    "Add a seat.": "添加席位。",
    "The seat's name.": "席位的名称。",
    "officer, supervisor or reader": "officer 值班员, supervisor 带班, reader 只看",
    "Who sits there.": "值班员姓名。",
    "Every seat.": "列出全部席位。",
    "Nobody may sit there any more; what it did stays in the journal.": (
        "停用席位; 它办过的事仍在日志里。"
    ),
    "Units of the district.": "力量。",
    "Put a unit on the board.": "登记力量。",
    "Its call sign.": "呼号。",
    "patrol, fire_engine, ambulance …; by the call sign if left out.": (
        "种类: patrol 巡逻警力, fire_engine 消防车, ambulance 救护车等; 不写则看呼号。"
    ),
    "Its station.": "驻地。",
    "Also one's own seat, or the last one of an officer.": (
        "本席, 或最后一个能办警情的席位, 也停用。"
    ),
    "Its home town: name or code.": "所在镇街: 名称或代码。",
    "Every unit and what it is doing.": "全部力量和当前状态。",
    "Playbooks and tables.": "预案和规则表。",
    "Check playbooks and tables; every mistake with file, line and reason.": (
        "检查预案和规则表; 每处错误写明文件、行和原因。"
    ),
    "A folder of the center's own rules.": "本中心自己的规则文件夹。",
    "Show this message and exit.": "显示本说明。",
}
"""A help text as the commands have it -> the same in Chinese."""

_HEADS = (
    (r"^Usage:", "用法:"),
    (r"^Options:", "选项:"),
    (r"^Commands:", "命令:"),
    (r"^Arguments:", "参数:"),
    (r"\[OPTIONS\]", "[选项]"),
    (r"COMMAND \[ARGS\]\.\.\.", "命令 [参数]..."),
    (r"\[default: ", "[默认 "),
    (r"\[required\]", "[必填]"),
)


_MISTAKES = (
    *_HEADS,
    (r"^Try '(.*)' for help\.$", r"用法说明: \1"),
    (r"^Error: ", "错误: "),
    (r"No such option: (\S+)", r"没有选项 \1"),
    (r"\(Possible options: (.*)\)", r"(可用的: \1)"),
    (r"No such command ('.*?')\.", r"没有命令 \1。"),
    (r"Did you mean (.*)\?", r"是不是 \1?"),
    (r"Missing command\.", "缺少命令。"),
    (r"Missing argument ('.*?')\.", r"缺少参数 \1。"),
    (r"Missing option ('.*?')\.", r"缺少选项 \1。"),
    (r"Got unexpected extra arguments? \((.*)\)", r"多出的参数: \1"),
    (r"Got unexpected extra argument\(s\) \((.*)\)", r"多出的参数: \1"),
    (r"Option ('.*?') does not take a value\.", r"选项 \1 不带值。"),
    (r"Option ('.*?') requires an argument\.", r"选项 \1 缺少值。"),
    (r"Option ('.*?') requires (\d+) arguments\.", r"选项 \1 要 \2 个值。"),
    (r"Argument ('.*?') takes (\d+) values\.", r"参数 \1 要 \2 个值。"),
    (r"Invalid value for (.*?): ", r"\1 的值不能用: "),
    (r"Invalid value: ", "值不能用: "),
    (r"Input should be greater than or equal to (\S+)", r"不能小于 \1"),
    (r"Input should be less than or equal to (\S+)", r"不能大于 \1"),
    (r"Input should be greater than (\S+)", r"须大于 \1"),
    (r"Input should be less than (\S+)", r"须小于 \1"),
    (r"Input should be a finite number", "应为有限的数"),
    (r"Input should be a valid integer.*", "应为整数"),
    (r"Input should be a valid number.*", "应为数字"),
    (r"('.*?') is not one of (.*)\.", r"\1 不在可用的值里: \2"),
    (r"(?:File|Path|Directory) ('.*?') does not exist\.", r"\1 不存在。"),
    (r"(?:File|Path|Directory) ('.*?') is a directory\.", r"\1 是文件夹。"),
    (r"(?:File|Path|Directory) ('.*?') is a file\.", r"\1 是文件。"),
    (r"(?:File|Path|Directory) ('.*?') is not (?:read|writ)able\.", r"\1 没有权限。"),
    (r"。 ", "。"),
)
"""What is said of a mistake -> the same in Chinese."""


def in_language(root: Any, argv: Sequence[str]) -> Any:
    """The commands with their help, and what is said of mistakes, in the language asked for.

    Args:
        root: all commands.
        argv: what was typed: ``--lang`` counts wherever it stands.
    """
    if _lang(argv) == "zh":
        for command in _all(root):
            _translate(command)
        # Where it is understood, and where the commands of a group are.
        root.make_context = _told(root.make_context)
        root.invoke = _told(root.invoke)
    return root


def in_front(root: Any, argv: Sequence[str]) -> list[str]:
    """What was typed, with ``--lang`` before a command that does not know it itself.

    Args:
        root: all commands.
        argv: what was typed.
    """
    words, taken, command = list(argv), [], root
    for word in words:
        command = getattr(command, "commands", {}).get(word, command)
    if command is root or any(param.name == "lang" for param in command.params):
        return words
    for place, word in enumerate(words):
        if word == "--":
            break
        if word == "--lang" or word.startswith("--lang="):
            end = place + (1 if "=" in word else 2)
            taken, words = words[place:end], words[:place] + words[end:]
            break
    return [*taken, *words]


def _told(do: Callable[..., Any]) -> Callable[..., Any]:
    """`do`, whose mistakes are told in Chinese."""

    def done(*args: Any, **options: Any) -> Any:
        try:
            return do(*args, **options)
        except Exception as mistake:
            if (show := getattr(mistake, "show", None)) is not None:
                mistake.show = partial(_show, show)  # type: ignore[attr-defined]
            raise

    return done


def _show(show: Callable[[TextIO], None], _file: object = None) -> None:
    told = io.StringIO()
    show(told)
    sys.stderr.write(_replaced(told.getvalue(), _MISTAKES))


def _replaced(text: str, by: Sequence[tuple[str, str]]) -> str:
    for pattern, said in by:
        text = re.sub(pattern, said, text, flags=re.MULTILINE)
    return text


def _lang(argv: Sequence[str]) -> str:
    return spoken(asked_lang(argv), os.environ)


def _all(command: Any) -> Iterator[Any]:
    yield command
    # Typer has a click of its own, of which only the shape is known.
    for one in getattr(command, "commands", {}).values():
        yield from _all(one)


def _translate(command: Any) -> None:
    command.help = _said(command.help)
    command.short_help = command.help
    for param in command.params:
        if (told := getattr(param, "help", None)) is not None:
            param.help = _said(told)
    plain = command.get_help

    def get_help(context: typer.Context) -> str:
        text = _replaced(plain(context), _HEADS)
        return text.replace("Show this message and exit.", _said("Show this message and exit."))

    command.get_help = get_help


def _said(text: str | None) -> str:
    told = " ".join((text or "").split())
    return HELP_ZH.get(told, text or "")
