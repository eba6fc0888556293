"""A document as DOCX, with python-docx (the extra ``docx``), imported when first used.

Charts are tables whose bars are shaded paragraphs, indented as far as their value is short of
the largest: they need no picture, can be edited, and print the same in every word processor.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, assert_never
from unicodedata import east_asian_width

from console.domain.document import Block, Case, Chart, Paragraph, Section, Table
from console.domain.document import Document as Written
from console.domain.message import Arg, Problem, msg
from console.domain.text import clean
from console.i18n import Translator
from console.written import Voice

if TYPE_CHECKING:
    from docx.document import Document as Paper

FONT = "Calibri"
FONT_EAST = "宋体"
FONT_EAST_HEAD = "黑体"
TEXT_WIDTH = 170
"""What the margins leave of a page, in mm."""
PADDING = 4
"""What a cell keeps free beside its text, in mm."""
LETTERS = 96
"""Latin letters that a line of a table holds."""
LINE = 30
"""Letters of a cell beyond which it is broken."""
BAR_COLOUR = "1F5FA8"
HEAD_COLOUR = "EEF2F7"
WARN_COLOUR = "B0561C"

_NO_TIME = datetime(2000, 1, 1)
"""What a file says it was made at: the report says so itself, and the same report is the
same file."""

LONGEST_PROPERTY = 255
"""Signs that a property of a file may have."""

_PARTS = re.compile(r"(?<=-)|\s+|(?<=[\u2e80-\uffef])")
"""Between what a line may be broken."""


def docx(document: Written, words: Translator) -> bytes:
    """The document as the bytes of a DOCX file.

    Raises:
        Problem: python-docx is not installed.
    """
    try:
        from docx import Document
    except ImportError as error:
        raise Problem(msg("report.no_docx", package="'zhiban[docx]'")) from error
    return _Writer(Document(), Voice(words)).written(document)


class _Writer:
    """Puts a document on paper, block by block."""

    def __init__(self, paper: Paper, voice: Voice) -> None:
        self._paper = paper
        self._voice = voice

    def written(self, document: Written) -> bytes:
        self._prepare(document)
        title = self._paper.add_heading(self._say(document.title), 0)
        title.alignment = 1
        facts = self._grid([(name, value) for name, value in document.facts], side=True)
        self._widths(facts, (28, TEXT_WIDTH - 28))
        for section in document.sections:
            self._section(section, 1)
        for note in document.notes:
            self._small(self._paper.add_paragraph(self._say(note)))
        signed = "      ".join(f"{self._say(one)}: __________" for one in document.signatures)
        self._paper.add_paragraph()
        self._paper.add_paragraph(signed)
        kept = io.BytesIO()
        self._paper.save(kept)
        return _timeless(kept.getvalue())

    def _say(self, value: Arg) -> str:
        return self._voice.say(value)

    def _prepare(self, document: Written) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt, RGBColor

        page = self._paper.sections[0]
        page.orientation = WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(20)
        page.top_margin = page.bottom_margin = Mm(20)
        about = self._paper.core_properties
        about.title = clean(self._say(document.title), LONGEST_PROPERTY).text
        about.author = "zhiban"
        about.comments, about.last_modified_by = "", "zhiban"
        about.created = about.modified = _NO_TIME
        about.language = {"zh": "zh-CN"}.get(self._voice.lang, self._voice.lang)
        for name, size in (("Normal", 10.5), ("Title", 20), ("Heading 1", 14), ("Heading 2", 12)):
            style: Any = self._paper.styles[name]
            style.font.name, style.font.size = FONT, Pt(size)
            style.font.color.rgb = RGBColor(0x22, 0x22, 0x22)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in list(fonts.attrib):
                if key.endswith("Theme"):
                    del fonts.attrib[key]
            fonts.set(qn("w:ascii"), FONT)
            fonts.set(qn("w:hAnsi"), FONT)
            fonts.set(qn("w:eastAsia"), FONT_EAST if name == "Normal" else FONT_EAST_HEAD)
        body: Any = self._paper.styles["Normal"]
        body.paragraph_format.space_after = Pt(4)

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
        from docx.shared import RGBColor

        if block.tone == "warn":
            paragraph = self._paper.add_paragraph(style="List Bullet")
            run = paragraph.add_run(self._say(block.text))
            run.font.color.rgb = RGBColor.from_string(WARN_COLOUR)
            return
        paragraph = self._paper.add_paragraph(self._say(block.text))
        if block.tone == "note":
            self._small(paragraph)

    def _small(self, paragraph: Any) -> None:
        from docx.shared import Pt, RGBColor

        for run in paragraph.runs:
            run.font.size = Pt(9)
            run.font.color.rgb = RGBColor(0x55, 0x55, 0x55)

    def _caption(self, title: Arg) -> None:
        paragraph = self._paper.add_paragraph()
        paragraph.add_run(self._say(title)).bold = True
        paragraph.paragraph_format.keep_with_next = True

    def _grid(
        self,
        rows: list[tuple[Arg, ...]],
        numbers: frozenset[int] = frozenset(),
        *,
        head: bool = False,
        side: bool = False,
    ) -> Any:
        """A table with lines; the first row or the first column may be its head."""
        from docx.shared import Pt

        table = self._paper.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
        table.autofit = True
        # The cells of a table are found anew at every look at them.
        for n, (line, row) in enumerate(zip(table.rows, rows, strict=True)):
            for at, (cell, value) in enumerate(zip(line.cells, row, strict=True)):
                paragraph = cell.paragraphs[0]
                self._tight(paragraph)
                paragraph.add_run(self._say(value)).font.size = Pt(9)
                if at in numbers:
                    paragraph.alignment = 2
                if (head and n == 0) or (side and at == 0):
                    paragraph.runs[0].bold = True
                    _shade(cell._tc.get_or_add_tcPr(), HEAD_COLOUR)
            _whole(line, repeats=head and n == 0)
        return table

    def _table(self, table: Table) -> None:
        if table.title is not None:
            self._caption(table.title)
        made = self._grid([table.head, *table.rows], table.numbers, head=True)
        self._widths(made, self._fitting(table))
        self._gap()

    def _fitting(self, table: Table) -> list[float]:
        """Widths of columns by what stands in them, in mm: the longest word of each first."""
        words, wholes = [], []
        for n in range(len(table.head)):
            column = [self._say(row[n]) for row in (table.head, *table.rows)]
            words.append(4 + max(_cells_of(part) for said in column for part in _PARTS.split(said)))
            wholes.append(max(words[n], 2 + min(LINE, max(_cells_of(said) for said in column))))
        free = max(0.0, LETTERS - sum(words))
        wanted = sum(wholes) - sum(words)
        more = min(1.0, free / wanted) if wanted else 0.0
        needs = [word + more * (whole - word) for word, whole in zip(words, wholes, strict=True)]
        return [TEXT_WIDTH * need / sum(needs) for need in needs]

    def _gap(self) -> None:
        from docx.shared import Pt

        space = self._paper.add_paragraph()
        space.paragraph_format.space_after = Pt(2)
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
        table = self._grid(head + rows, frozenset(range(1, last)), head=several)
        room = TEXT_WIDTH - 30 - 18 * len(chart.series)
        self._widths(table, (30, *(18 for _ in chart.series), room))
        for line, value in zip(table.rows[len(head) :], chart.series[0].values, strict=True):
            if value:
                bar = line.cells[last].paragraphs[0]
                free = (room - PADDING) * (1 - value / chart.most)
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

    def _tight(self, paragraph: Any) -> None:
        from docx.shared import Pt

        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)

    def _case(self, case: Case) -> None:
        from docx.shared import Pt

        head = self._paper.add_paragraph()
        head.add_run(self._say(case.head)).bold = True
        head.paragraph_format.keep_with_next = True
        rows: list[tuple[Arg, ...]] = [(name, "") for name, _values in case.lines]
        table = self._grid(rows, side=True)
        self._widths(table, (24, TEXT_WIDTH - 24))
        for at, (line, (_name, values)) in enumerate(zip(table.rows, case.lines, strict=True)):
            place = line.cells[1]
            if at < len(case.lines) - 1:  # a case is not torn apart
                line.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
            for n, value in enumerate(values):
                paragraph = place.paragraphs[0] if n == 0 else place.add_paragraph()
                self._tight(paragraph)
                paragraph.add_run(self._say(value)).font.size = Pt(9)
        self._gap()


def _cells_of(text: str) -> int:
    """How wide a text is, in Latin letters."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _shade(properties: Any, colour: str) -> None:
    """Give a cell or a paragraph a ground."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    ground = OxmlElement("w:shd")
    ground.set(qn("w:val"), "clear")
    ground.set(qn("w:color"), "auto")
    ground.set(qn("w:fill"), colour)
    after = [properties.find(qn(name)) for name in ("w:spacing", "w:ind", "w:jc")]
    first = next((one for one in after if one is not None), None)
    if first is None:
        properties.append(ground)
    else:
        first.addprevious(ground)  # the schema has an order


def _whole(line: Any, *, repeats: bool) -> None:
    """A row stays on one page; a head stands on every page."""
    from docx.oxml import OxmlElement

    properties = line._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeats:
        properties.append(OxmlElement("w:tblHeader"))


def _timeless(data: bytes) -> bytes:
    """The same archive with no time of its making in it."""
    import zipfile

    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return kept.getvalue()
