"""A document as DOCX, with python-docx (the extra ``docx``), imported when first used.

Charts are tables whose bars are shaded paragraphs, indented as far as their value is short of
the largest: they need no picture, can be edited, and print the same in every word processor.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, assert_never

from console.domain.document import Block, Case, Chart, Paragraph, Section, Table
from console.domain.document import Document as Written
from console.domain.message import Arg
from console.domain.text import clean
from console.extras import needed
from console.i18n import Translator
from console.written import Voice, cells_of
from console.written_form import (
    AFTER_SHADING,
    AFTER_SNAPPING,
    CASE,
    CELL,
    NOTE,
    TEXT,
    font_table,
    form_of,
    prepare,
)

if TYPE_CHECKING:
    from docx.document import Document as Paper

SIZES = (10.5, 9.0, 7.5)
"""Sizes of a table's type, in points: the first in which no word of it is split."""
PADDING = 1.0
"""What a cell keeps free on either side of its text, in mm."""
POINT = 25.4 / 72
"""A point in mm."""
SHORT = 12
"""Letters up to which a cell is not broken at all: a short name."""
WORD = 18
"""Letters up to which a part of one is not: a number, a day."""
LINE = 40
"""Letters of a cell beyond which it is broken."""
BAR_COLOUR = "1F5FA8"
HEAD_COLOUR = "EEF2F7"

_NO_TIME = datetime(2000, 1, 1)
"""What a file says it was made at: the report says so itself, and the same report is the
same file."""

LONGEST_PROPERTY = 255
"""Signs that a property of a file may have."""

_BREAKS = re.compile(r"(?<=日)\s+|(?<![月\d])\s+(?![月日])")
"""Where a cell is broken: at a blank, but not between a number and what it counts, nor in a day."""

_WIDE = re.compile("[\u2e80-\uffef]")
"""Signs between which a long text may be broken."""


def docx(document: Written, words: Translator) -> bytes:
    """The document as the bytes of a DOCX file.

    Raises:
        Problem: python-docx is not installed.
    """
    with needed("docx"):
        from docx import Document
    return _Writer(Document(), Voice(words)).written(document)


class _Writer:
    """Puts a document on paper, block by block."""

    def __init__(self, paper: Paper, voice: Voice) -> None:
        self._paper = paper
        self._voice = voice
        self._form = form_of(voice.lang)

    def written(self, document: Written) -> bytes:
        self._prepare(document)
        self._paper.add_heading(self._say(document.title), 0)
        facts = self._grid([(name, value) for name, value in document.facts], SIZES[0], side=True)
        self._widths(facts, (26, self._form.width - 26))
        self._gap()
        for section in document.sections:
            self._section(section, 1)
        for note in document.notes:
            # Who signs does not stand alone on a last page.
            said = self._paper.add_paragraph(self._say(note), style=NOTE)
            said.paragraph_format.keep_with_next = bool(document.signatures)
        self._signed(document)
        kept = io.BytesIO()
        self._paper.save(kept)
        return _timeless(kept.getvalue(), {"word/fontTable.xml": font_table(self._form)})

    def _say(self, value: Arg) -> str:
        return self._voice.say(value)

    def _prepare(self, document: Written) -> None:
        prepare(self._paper, self._form)
        about = self._paper.core_properties
        about.title = clean(self._say(document.title), LONGEST_PROPERTY).text
        about.author = "zhiban"
        about.comments, about.last_modified_by = "", "zhiban"
        about.created = about.modified = _NO_TIME
        about.language = {"zh": "zh-CN"}.get(self._voice.lang, self._voice.lang)

    def _signed(self, document: Written) -> None:
        """Who signs, beside each other on one line, with room for a name."""
        from docx.shared import Pt

        if not document.signatures:
            return
        line = self._paper.add_paragraph(style=CELL)
        line.paragraph_format.space_before = Pt(24)
        said = [f"{self._say(one)}{self._voice.colon}{'_' * 10}" for one in document.signatures]
        line.add_run("    ".join(said)).font.size = Pt(12)
        line.paragraph_format.line_spacing = Pt(24)

    def _section(self, section: Section, level: int) -> None:
        self._paper.add_heading(self._say(section.title), level)
        for block in section.blocks:
            self._block(block)
        for inner in section.sections:
            self._section(inner, level + 1)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self._paragraph(block)
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)
            case Case():
                self._case(block)
            case _:
                assert_never(block)

    def _paragraph(self, block: Paragraph) -> None:
        style = NOTE if block.tone == "note" else TEXT
        paragraph = self._paper.add_paragraph(style=style)
        # What is to be heeded is bold: official papers have no colours.
        paragraph.add_run(self._say(block.text)).bold = True if block.tone == "warn" else None

    def _caption(self, title: Arg) -> None:
        from docx.shared import Pt

        paragraph = self._paper.add_paragraph(style=CELL)
        paragraph.add_run(self._say(title)).bold = True
        paragraph.paragraph_format.space_before = Pt(6)
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.keep_with_next = True

    def _grid(
        self,
        rows: list[tuple[Arg, ...]],
        size: float,
        numbers: frozenset[int] = frozenset(),
        *,
        head: bool = False,
        side: bool = False,
    ) -> Any:
        """A table with lines; the first row or the first column may be its head."""
        table = self._paper.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
        _pad(table)
        # The cells of a table are found anew at every look at them.
        for n, (line, row) in enumerate(zip(table.rows, rows, strict=True)):
            for at, (cell, value) in enumerate(zip(line.cells, row, strict=True)):
                paragraph = cell.paragraphs[0]
                self._cell(paragraph, value, size)
                if at in numbers:
                    paragraph.alignment = 2
                if (head and n == 0) or (side and at == 0):
                    paragraph.runs[0].bold = True
                    _shade(cell._tc.get_or_add_tcPr(), HEAD_COLOUR)
                if head and n == 0:  # a head is not left alone at the foot of a page
                    paragraph.paragraph_format.keep_with_next = True
            _whole(line, repeats=head and n == 0)
        return table

    def _cell(self, paragraph: Any, value: Arg, size: float) -> None:
        """Words in a cell."""
        from docx.shared import Pt

        paragraph.style = CELL
        paragraph.add_run(self._say(value)).font.size = Pt(size)
        if size != SIZES[0]:
            paragraph.paragraph_format.line_spacing = Pt(size * 1.4)

    def _table(self, table: Table) -> None:
        if table.title is not None:
            self._caption(table.title)
        size, widths = self._fitting(table)
        made = self._grid([table.head, *table.rows], size, table.numbers, head=True)
        self._widths(made, widths)
        self._gap()

    def _fitting(self, table: Table) -> tuple[float, list[float]]:
        """The size of a table's type and the widths of its columns, in mm.

        The largest size in which no word is split; words are what stands whole: numbers,
        moments, names, and of a longer text its parts.
        """
        columns = [
            [self._say(row[n]) for row in (table.head, *table.rows)] for n in range(len(table.head))
        ]
        words = [max(_unbroken(said) for said in column) for column in columns]
        wholes = [
            max(word, min(LINE, max(map(cells_of, column))))
            for word, column in zip(words, columns, strict=True)
        ]
        room = self._form.width - 2 * PADDING * len(columns)
        for size in SIZES:
            letters = room / (size * POINT / 2) - len(columns)
            if sum(words) <= letters:
                break
        free = max(0.0, letters - sum(words))
        wanted = sum(wholes) - sum(words)
        more = min(1.0, free / wanted) if wanted else 0.0
        needs = [
            1 + word + more * (whole - word) for word, whole in zip(words, wholes, strict=True)
        ]
        return size, [2 * PADDING + room * need / sum(needs) for need in needs]

    def _gap(self) -> None:
        from docx.shared import Pt

        space = self._paper.add_paragraph(style=CELL)
        space.paragraph_format.line_spacing = Pt(6)

    def _chart(self, chart: Chart) -> None:
        """A row a label: label, values, and a bar for the first run."""
        from docx.shared import Mm

        self._caption(chart.title)
        several = len(chart.series) > 1
        head: list[tuple[Arg, ...]] = (
            [("", *(one.label for one in chart.series), "")] if several else []
        )
        rows: list[tuple[Arg, ...]] = [
            (label, *(one.values[n] for one in chart.series), "")
            for n, label in enumerate(chart.labels)
        ]
        last = len(chart.series) + 1
        table = self._grid(head + rows, SIZES[1], frozenset(range(1, last)), head=several)
        room = self._form.width - 30 - 18 * len(chart.series)
        self._widths(table, (30, *(18 for _ in chart.series), room))
        for line, value in zip(table.rows[len(head) :], chart.series[0].values, strict=True):
            if value:
                bar = line.cells[last].paragraphs[0]
                free = (room - 2 * PADDING) * (1 - value / chart.most)
                bar.paragraph_format.right_indent = Mm(free)
                _shade(bar._p.get_or_add_pPr(), BAR_COLOUR)
        self._gap()

    def _widths(self, table: Any, widths: Sequence[float]) -> None:
        """Set the widths of the columns, in mm; some programs read them here, some there."""
        from docx.shared import Mm

        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for line in table.rows:
            for cell, width in zip(line.cells, widths, strict=True):
                cell.width = Mm(width)

    def _case(self, case: Case) -> None:
        self._paper.add_paragraph(self._say(case.head), style=CASE)
        rows: list[tuple[Arg, ...]] = [(name, "") for name, _values in case.lines]
        table = self._grid(rows, SIZES[0], side=True)
        self._widths(table, (24, self._form.width - 24))
        for at, (line, (_name, values)) in enumerate(zip(table.rows, case.lines, strict=True)):
            place = line.cells[1]
            if at < len(case.lines) - 1:  # a case is not torn apart
                line.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
            for n, value in enumerate(values):
                paragraph = place.paragraphs[0] if n == 0 else place.add_paragraph()
                self._cell(paragraph, value, SIZES[0])
        self._gap()


def _unbroken(text: str) -> int:
    """The longest part of a text that stays whole, in Latin letters."""
    whole = cells_of(text)
    if whole <= SHORT:
        return whole
    return max(map(_stiff, _BREAKS.split(text)))


def _stiff(part: str) -> int:
    """How much room a part of a cell needs at least, in Latin letters."""
    length = cells_of(part)
    if length <= WORD:
        return length
    return SHORT if _WIDE.search(part) else min(length, LINE)


def _pad(table: Any) -> None:
    """Let the cells of a table keep only `PADDING` free beside their text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    kept = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(PADDING * 1_440 / 25.4)))
        margin.set(qn("w:type"), "dxa")
        kept.append(margin)
    properties = table._tbl.tblPr
    properties.insert_element_before(kept, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _shade(properties: Any, colour: str) -> None:
    """Give a cell or a paragraph a ground."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    ground = OxmlElement("w:shd")
    ground.set(qn("w:val"), "clear")
    ground.set(qn("w:color"), "auto")
    ground.set(qn("w:fill"), colour)
    behind = (*AFTER_SHADING, "w:snapToGrid", *AFTER_SNAPPING)
    properties.insert_element_before(ground, *behind)


def _whole(line: Any, *, repeats: bool) -> None:
    """A row stays on one page; a head stands on every page."""
    from docx.oxml import OxmlElement

    properties = line._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeats:
        properties.append(OxmlElement("w:tblHeader"))


def _timeless(data: bytes, instead: Mapping[str, bytes]) -> bytes:
    """The same archive with no time of its making in it, and some of its parts replaced."""
    import zipfile

    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, instead.get(name) or old.read(name))
    return kept.getvalue()
