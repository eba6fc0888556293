"""Makes ``docs/verbs.md`` from the registry: ``python -m tests.desk.verbs_page`` writes it."""

from __future__ import annotations

from pathlib import Path

from console.desk.grammar import verb_table
from console.i18n import Translator

PAGE = Path(__file__).parents[2] / "docs" / "verbs.md"

_HEAD = """\
# 命令一览 / Commands

命令行在屏幕最下面，写法是：命令、警情、其余内容。命令可以写中文、英文或拼音，写全名或
写到不会混淆为止；「也可以说」里的写全，繁体字、全角字母和数字一样算。命令后面空一格；编号、
呼号、标点可以紧跟（`接14`、`派42 P12`）。只是以命令的字开头的词不是命令：`结婚` 不会当成 `结`。

The command line is at the bottom of the screen: command, incident, the rest. The command is
Chinese, English or pinyin, in full or as far as it is unambiguous; what stands under "also" is
written whole. Traditional characters and full-width letters and digits count as the others. A
space follows the command; only numbers, call signs and signs may stand against it. A word that
merely begins like a command is none.

## 编号 / Numbers

警情写 `42`、`42号`、`四十二`、`第42号`、`#42` 或全编号，不写就是选中的那一起。别的日子的写上日子：
`22-42`（最近一个 22 日）、`昨42`、`11-22/42`，列表里也这样写。两起未结的警情同号，会问是哪一起。
后面能写文字的命令，编号是未结警情的就是编号；`3 人被困` 这样的数量是文字；分不清就问。
只写编号是选中那一起；`/` 开头，或只写地名，是查找。电话怎么写都按数字找：`19900007777`、
`+86 199-0000-7777`、`0571-82345678`、`82345678`。

The incident is `42`, `#42`, `No.42` or the full number; left out, it is the selected one. One of
another day is named with its day, as the queue shows it: `22-42` (the last 22nd), `11-22/42`.
When two open incidents have one number, the line asks which. Before free text the number of an
open incident is that incident; a count (`3 people trapped`) is text; what could be both is asked.
A number alone selects its incident; `/`, the name of a place alone, or a telephone number alone,
searches. Telephone numbers are found by their digits, however they are written, with or without
+86 and area code.

## 连着写 / Several commands

`;` 连着办几条，后面是命令或呼号才算；逗号、`然后` 后面是命令也算：`接 14，派`。文字里的不算：
`记 #42 门口，派出所旁` 是一句话。

`;` joins commands where a command or a call sign follows; so do a comma and `then` where a
command follows in full: `accept 14, dispatch`. Nothing in free text joins.

## 全部命令 / All commands

"""
_COLUMNS = (
    *("中文", "English", "拼音", "也可以说 / also", "键 / key", "内容", "arguments"),
    *("例 / example", "作用", "what it does"),
)


def page() -> str:
    """The whole page."""
    zh, en = Translator("zh"), Translator("en")
    lines = []
    for chinese, english in zip(verb_table("zh"), verb_table("en"), strict=True):
        cells = (
            *chinese.names,
            ", ".join(chinese.further),
            f"`{chinese.key}`" if chinese.key else "",
            " ".join(zh.t(param) for param in chinese.params),
            " ".join(en.t(param) for param in chinese.params),
            f"`{chinese.example}`<br>`{english.example}`",
            zh.t(chinese.about),
            en.t(chinese.about),
        )
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n")
    head = f"| {' | '.join(_COLUMNS)} |\n|{' --- |' * len(_COLUMNS)}\n"
    return _HEAD + head + "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
