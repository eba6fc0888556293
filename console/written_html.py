"""A document as HTML: one file, printable, without script or anything from outside."""

from __future__ import annotations

from html import escape
from typing import assert_never

from console import svg
from console.domain.document import Block, Case, Chart, Document, Paragraph, Section, Table
from console.domain.message import Arg
from console.i18n import Translator
from console.written import Voice, cells_of

STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm; @bottom-center { content: counter(page); } }
body { font: 15px/1.6 "Noto Sans SC", "Source Han Sans SC", "PingFang SC",
  "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #222; background: #fff;
  max-width: 52em; margin: 2em auto; padding: 0 1em; overflow-wrap: break-word;
  line-break: strict; }
h1 { font-size: 1.7em; text-align: center; margin: 0 0 .8em; letter-spacing: .05em; }
h2 { font-size: 1.25em; border-bottom: 2px solid #1f5fa8; padding-bottom: .2em;
  margin: 1.8em 0 .6em; }
h3 { font-size: 1.05em; margin: 1.4em 0 .4em; }
p { margin: .5em 0; }
table { border-collapse: collapse; width: 100%; margin: .5em 0 1em; font-size: .87em; }
caption { text-align: left; font-weight: bold; padding: .2em 0; }
th, td { border: 1px solid #b9c0c8; padding: .25em .5em; text-align: left;
  vertical-align: top; word-break: keep-all; overflow-wrap: normal; }
td.t { word-break: normal; overflow-wrap: anywhere; min-width: 9em; }
thead { display: table-header-group; }
th { background: #eef2f7; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.facts { margin-bottom: 1.2em; }
.facts th { width: 7em; white-space: nowrap; }
.warn { border-left: 4px solid #b0561c; padding-left: .6em; }
.note, .small { color: #555; font-size: .87em; }
figure { margin: .8em 0 1.2em; }
figcaption { font-weight: bold; font-size: .87em; }
.case { border: 1px solid #b9c0c8; border-radius: 3px; margin: .7em 0; padding: .5em .8em; }
.case h4 { margin: 0 0 .3em; font-size: 1em; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1em .8em;
  margin: 0; font-size: .93em; }
dt { color: #555; } dd { margin: 0; }
dd ul { margin: 0; padding-left: 1.1em; }
.signed { display: flex; justify-content: space-between; margin-top: 2.5em;
  break-inside: avoid; }
.signed span { border-bottom: 1px solid #222; display: inline-block; width: 8em; }
@media print {
  body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0 1px; orphans: 2; widows: 2; }
  th, td { padding: .2em .35em; }
  h2, h3, h4, caption, figcaption, .note { break-after: avoid; }
  tr, figure, .case { break-inside: avoid; }
  th { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""

SHORT = 24
"""Latin letters of a cell up to which it is not broken."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html(document: Document, words: Translator) -> str:
    """The document as a page of HTML that is also well-formed XML."""
    voice = Voice(words)
    title = _text(voice, document.title)
    facts = "".join(
        f'<tr><th scope="row">{_text(voice, name)}</th>'
        f'<td class="t">{_text(voice, value)}</td></tr>'
        for name, value in document.facts
    )
    body = "\n".join(_section(one, voice, 2) for one in document.sections)
    notes = "".join(f'<p class="small">{_text(voice, one)}</p>' for one in document.notes)
    signed = "".join(
        f"<div>{_text(voice, one)}{voice.colon}<span>&#160;</span></div>"
        for one in document.signatures
    )
    lang = {"zh": "zh-CN"}.get(voice.lang, voice.lang)
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8"/>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<h1>{title}</h1>\n<table class="facts"><tbody>{facts}</tbody></table>\n{body}\n'
        f'<hr/>\n{notes}\n<div class="signed">{signed}</div>\n</body>\n</html>\n'
    )


def _text(voice: Voice, value: Arg) -> str:
    return escape(voice.say(value))


def _section(section: Section, voice: Voice, level: int) -> str:
    parts = [f"<h{level}>{_text(voice, section.title)}</h{level}>"]
    parts += [_block(block, voice) for block in section.blocks]
    parts += [_section(inner, voice, level + 1) for inner in section.sections]
    return f"<section>{chr(10).join(parts)}</section>"


def _block(block: Block, voice: Voice) -> str:
    match block:
        case Paragraph():
            kind = f' class="{block.tone}"' if block.tone != "plain" else ""
            return f"<p{kind}>{_text(voice, block.text)}</p>"
        case Table():
            return _table(block, voice)
        case Chart():
            caption = _text(voice, block.title)
            drawn = svg.chart(block, voice)
            return f"<figure><figcaption>{caption}</figcaption>{drawn}</figure>"
        case Case():
            return _case(block, voice)
        case _:
            assert_never(block)


def _table(table: Table, voice: Voice) -> str:
    caption = f"<caption>{_text(voice, table.title)}</caption>" if table.title else ""

    # Short words stand whole in their columns; only a column of longer texts is broken.
    long = {
        n
        for n in range(len(table.head))
        if any(cells_of(voice.say(row[n])) > SHORT for row in table.rows)
    }

    def cells(row: tuple[Arg, ...], tag: str) -> str:
        said = []
        for n, cell in enumerate(row):
            kind = ' class="n"' if n in table.numbers else ""
            if tag == "td" and not kind and n in long:
                kind = ' class="t"'
            said.append(f"<{tag}{kind}>{_text(voice, cell)}</{tag}>")
        return "".join(said)

    rows = "".join(f"<tr>{cells(row, 'td')}</tr>\n" for row in table.rows)
    return (
        f"<table>{caption}<thead><tr>{cells(table.head, 'th')}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _case(case: Case, voice: Voice) -> str:
    lines = []
    for name, values in case.lines:
        said = [_text(voice, value) for value in values]
        told = said[0] if len(said) == 1 else f"<ul>{''.join(f'<li>{s}</li>' for s in said)}</ul>"
        lines.append(f"<dt>{_text(voice, name)}</dt><dd>{told}</dd>")
    return f'<div class="case"><h4>{_text(voice, case.head)}</h4><dl>{"".join(lines)}</dl></div>'
