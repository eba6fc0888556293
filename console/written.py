"""A document as Markdown, and what all forms share: its words in one language.

Every text is foreign until it is written: what could steer a terminal, a page or a table is
taken out or escaped here, whatever it came from.
"""

from __future__ import annotations

import re
from typing import assert_never
from unicodedata import east_asian_width

from console.domain.document import Block, Case, Chart, Document, Paragraph, Section, Table
from console.domain.message import Arg
from console.domain.text import clean
from console.i18n import Translator

LONGEST = 4_000
"""Characters of one sentence or cell; what is beyond them is seen to be cut."""

BAR = 24
"""Signs of the longest bar of a chart."""

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~!$&])")
_LEADING = re.compile(r"^(\d*)([-+=:.)])(?=[-=:\s]|$)")
_ADDRESS = re.compile(r"(?i)(https?|ftp|mailto|www)([:.])")
_MAIL = re.compile(r"@+(?=[^\s@])")
"""GitHub makes a link of an e-mail address, and of a name behind the sign, after it has read
the escapes; a code span alone keeps them words."""


class Voice:
    """Says what stands in a document, in one language and on one line.

    Args:
        words: the translator.
    """

    def __init__(self, words: Translator) -> None:
        self.lang = words.lang
        self._words = words
        self.colon = "\N{FULLWIDTH COLON}" if words.lang == "zh" else ": "
        """What stands between a name and what is said under it."""

    def say(self, value: Arg) -> str:
        """The words for a value; "-" for None."""
        if value is None:
            return "-"
        if isinstance(value, str):
            said = value
        elif isinstance(value, int | float):
            said = f"{value:,}"
        else:
            said = self._words.t(value)
        return clean(said, LONGEST).text


def cells_of(text: str) -> int:
    """How wide a text is, in Latin letters."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def markdown(document: Document, words: Translator) -> str:
    """The document as CommonMark with tables (GitHub's)."""
    voice = Voice(words)
    lines = [f"# {_text(voice, document.title)}", ""]
    for name, value in document.facts:
        lines.append(f"- **{_text(voice, name)}**{voice.colon}{_text(voice, value)}")
    lines.append("")
    for section in document.sections:
        lines += _section(section, voice, 2)
    lines += ["---", ""]
    lines += [line for note in document.notes for line in (f"*{_text(voice, note)}*", "")]
    if document.signatures:
        signed = "    ".join(
            f"{_text(voice, one)}{voice.colon}____________" for one in document.signatures
        )
        lines += [signed.replace("_", "\\_"), ""]
    return "\n".join(lines)


def _text(voice: Voice, value: Arg) -> str:
    """Words that Markdown reads as words."""
    escaped = _ADDRESS.sub(r"\1\\\2", _ACTIVE.sub(r"\\\1", voice.say(value)))
    return _MAIL.sub(r"`\g<0>`", escaped)


def _line(voice: Voice, value: Arg) -> str:
    """Words at the beginning of a line, which Markdown does not take for a list or a rule."""
    return _LEADING.sub(r"\1\\\2", _text(voice, value).strip())


def _section(section: Section, voice: Voice, level: int) -> list[str]:
    lines = [f"{'#' * level} {_text(voice, section.title)}", ""]
    for block in section.blocks:
        lines += [*_block(block, voice, level), ""]
    for inner in section.sections:
        lines += _section(inner, voice, level + 1)
    return lines


def _block(block: Block, voice: Voice, level: int) -> list[str]:
    match block:
        case Paragraph():
            said = _line(voice, block.text)
            return [{"plain": said, "warn": f"- **!** {said}", "note": f"*{said}*"}[block.tone]]
        case Table():
            return _table(block, voice)
        case Chart():
            return _chart(block, voice)
        case Case():
            lines = [f"{'#' * (level + 1)} {_text(voice, block.head)}", ""]
            for name, values in block.lines:
                if len(values) == 1:
                    lines.append(f"- {_text(voice, name)}{voice.colon}{_text(voice, values[0])}")
                else:
                    lines.append(f"- {_text(voice, name)}{voice.colon.strip()}")
                    lines += [f"  - {_line(voice, value)}" for value in values]
            return lines
        case _:
            assert_never(block)


def _table(table: Table, voice: Voice) -> list[str]:
    title = [f"**{_text(voice, table.title)}**", ""] if table.title is not None else []
    rule = ["---:" if n in table.numbers else "---" for n in range(len(table.head))]
    rows = [[_text(voice, cell) for cell in row] for row in (table.head, *table.rows)]
    written = [f"| {' | '.join(row)} |" for row in rows]
    return [*title, written[0], f"| {' | '.join(rule)} |", *written[1:]]


def _chart(chart: Chart, voice: Voice) -> list[str]:
    """A chart as a table: labels, values, and a bar of the first run."""
    lines = [f"**{_text(voice, chart.title)}**", ""]
    names = [_text(voice, one.label) for one in chart.series]
    lines += [f"| | {' | '.join(names)} | |", f"| --- |{' ---: |' * len(names)} --- |"]
    for n, label in enumerate(chart.labels):
        values = [one.values[n] for one in chart.series]
        cells = [voice.say(value) for value in values]
        bar = "=" * round(BAR * (values[0] or 0) / chart.most)
        code = f"`{bar}`" if bar else ""
        lines.append(f"| {_text(voice, label)} | {' | '.join(cells)} | {code} |")
    return lines
