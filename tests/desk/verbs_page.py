"""Makes ``docs/verbs.md`` from the registry: ``python -m tests.desk.verbs_page`` writes it."""

from __future__ import annotations

from pathlib import Path

from console.desk.grammar import verb_table
from console.i18n import Translator

PAGE = Path(__file__).parents[2] / "docs" / "verbs.md"

_HEAD = """\
# 命令一览 / Commands

命令行在屏幕最下面，写法是：命令、警情、其余内容。命令可以写中文、英文或拼音，写全名或
写到不会混淆为止。警情写 `#42` 或全编号，不写就是选中的那一起。方括号里的可以不写。

The command line is at the bottom of the screen: command, incident, the rest. The command is
Chinese, English or pinyin, in full or as far as it is unambiguous. The incident is `#42` or
the full number; left out, it is the selected one. What stands in brackets may be left out.

| 中文 | English | 拼音 | 键 / key | 内容 | arguments | 例 / example | 作用 | what it does |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    zh, en = Translator("zh"), Translator("en")
    lines = []
    for chinese, english in zip(verb_table("zh"), verb_table("en"), strict=True):
        cells = (
            *chinese.names,
            f"`{chinese.key}`" if chinese.key else "",
            " ".join(zh.t(param) for param in chinese.params),
            " ".join(en.t(param) for param in chinese.params),
            f"`{chinese.example}`<br>`{english.example}`",
            zh.t(chinese.about),
            en.t(chinese.about),
        )
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n")
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
