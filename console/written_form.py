"""The form of a written document on paper: faces, sizes, margins, lines and page numbers.

Chinese papers have the form of an official document, GB/T 9704-2012 (党政机关公文格式): a page of
22 lines of 28 signs between margins of 37, 35, 28 and 26 mm, the title in 小标宋 of size 2, the
text in 仿宋 of size 3, heads in 黑体 and 楷体 of size 3, every first line two signs further in,
page numbers in 宋体 of size 4 between two strokes, on the outer side. English ones are plain.

Which of the faces a machine has is not known here: the file names, for each, those that may
stand for it (`font_table`), and the word processor takes the first that there is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from docx.document import Document as Paper


@dataclass(frozen=True, slots=True)
class Face:
    """A face of type.

    Args:
        name: of its Chinese signs.
        latin: the face of digits and Latin letters beside them.
        instead: faces that may stand for it, the best first.
        family: its kind, for a machine that has none of them.
    """

    name: str
    latin: str
    instead: tuple[str, ...] = ()
    family: str = "roman"


@dataclass(frozen=True, slots=True)
class Head:
    """How a head is set: its face, its size in points, and whether it is bold."""

    face: Face
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """How a document stands on A4.

    Args:
        margins: top, bottom, left, right, in mm.
        title: its title.
        heads: its heads, from the first level on; the last one is for the cases.
        body: the text; `small` what stands in tables, `note` remarks.
        line: the distance of lines in points.
        indent: by how many signs every paragraph begins further in.
        grid: lines of a page and signs of a line, where they have a number.
        folio: page numbers; `outer` when they stand on the outer side between two strokes.
    """

    margins: tuple[float, float, float, float]
    title: Head
    heads: tuple[Head, Head, Head]
    body: Head
    small: Face
    note: Head
    line: float
    indent: int
    grid: tuple[int, int] | None
    folio: Head
    outer: bool

    @property
    def width(self) -> float:
        """What the margins leave of a line, in mm."""
        return PAGE[0] - self.margins[2] - self.margins[3]

    @property
    def faces(self) -> tuple[Face, ...]:
        """Every face that is used, once."""
        heads = (self.title, *self.heads, self.body, self.note, self.folio)
        return tuple(dict.fromkeys((*(head.face for head in heads), self.small)))


PAGE = (210.0, 297.0)
"""A4, in mm."""

_LATIN = "Times New Roman"
_SERIF = ("SimSun", "Noto Serif CJK SC", "Source Han Serif SC")
SONG = Face("宋体", "宋体", _SERIF)
TITLE = Face(
    "方正小标宋简体",
    _LATIN,
    ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong", "宋体", *_SERIF),
)
FANG = Face(
    "仿宋_GB2312",
    _LATIN,
    ("FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GBK", "华文仿宋", "STFangsong", *_SERIF),
)
HEI = Face("黑体", _LATIN, ("SimHei", "方正黑体_GBK", "Noto Sans CJK SC"), "swiss")
KAI = Face(
    "楷体_GB2312",
    _LATIN,
    ("KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK", "华文楷体", "STKaiti", *_SERIF),
)

OFFICIAL = Form(
    margins=(37, 35, 28, 26),
    title=Head(TITLE, 22),
    heads=(Head(HEI, 16), Head(KAI, 16), Head(FANG, 16, bold=True)),
    body=Head(FANG, 16),
    small=FANG,
    note=Head(KAI, 10.5),
    line=28.95,
    indent=2,
    grid=(22, 28),
    folio=Head(SONG, 14),
    outer=True,
)

_TEXT = Face("宋体", _LATIN, _SERIF)

PLAIN = Form(
    margins=(25, 25, 25, 25),
    title=Head(_TEXT, 18, bold=True),
    heads=(Head(_TEXT, 14, bold=True), Head(_TEXT, 12, bold=True), Head(_TEXT, 11, bold=True)),
    body=Head(_TEXT, 11),
    small=_TEXT,
    note=Head(_TEXT, 9),
    line=15,
    indent=0,
    grid=None,
    folio=Head(_TEXT, 10),
    outer=False,
)

CELL = "Cell"
NOTE = "Note"
TEXT = "Body Text"
CASE = "Case"
"""Names of the paper's styles beside those of the word processor."""

_TWIPS = 1_440 / 25.4
"""Of a millimetre."""


def form_of(lang: str) -> Form:
    """The form of a document in a language."""
    return OFFICIAL if lang == "zh" else PLAIN


def prepare(paper: Paper, form: Form) -> None:
    """Give a new paper its page, its styles and its page numbers."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    page = paper.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    page.top_margin, page.bottom_margin = Mm(form.margins[0]), Mm(form.margins[1])
    page.left_margin, page.right_margin = Mm(form.margins[2]), Mm(form.margins[3])
    _grid(page, form)
    _styles(paper, form)
    _folios(paper, form)


def _grid(page: Any, form: Form) -> None:
    """So many lines on a page, where the form has a number of them."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for old in page._sectPr.findall(qn("w:docGrid")):
        page._sectPr.remove(old)
    if form.grid is None:
        return
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(form.line * 20)))
    page._sectPr.append(grid)


def _closer(style: Any, form: Form) -> None:
    """Set the signs of a style so close that a line has as many as the form wants.

    Not by the grid of the page: some programs put every sign, digits too, into a box of it.
    """
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if form.grid is None:
        return
    room = form.width * _TWIPS / form.grid[1] - 20 * form.body.size
    apart = OxmlElement("w:spacing")
    apart.set(qn("w:val"), str(math.floor(room)))
    style.element.get_or_add_rPr().insert_element_before(apart, *AFTER_APART)


def _styles(paper: Paper, form: Form) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn

    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    add = paper.styles.add_style
    cell: Any = add(CELL, WD_STYLE_TYPE.PARAGRAPH)
    note: Any = add(NOTE, WD_STYLE_TYPE.PARAGRAPH)
    case: Any = add(CASE, WD_STYLE_TYPE.PARAGRAPH)
    _set(paper.styles["Normal"], form.body, form)
    _set(paper.styles[TEXT], form.body, form, indent=form.indent)
    _closer(paper.styles[TEXT], form)
    _set(note, form.note, form, line=form.note.size * 1.5, indent=form.indent)
    _set(cell, Head(form.small, form.note.size), form, line=form.note.size * 1.4)
    _loose(cell)
    _loose(note)
    for level in (1, 2):
        _set(
            paper.styles[f"Heading {level}"], form.heads[level - 1], form, indent=form.indent,
            head=True,
        )  # fmt: skip
    _set(case, form.heads[2], form, indent=form.indent, head=True)
    title: Any = paper.styles["Title"]
    _set(title, form.title, form, line=form.title.size * 1.6, head=True)
    title.paragraph_format.alignment = 1
    for line in title.element.get_or_add_pPr().findall(qn("w:pBdr")):
        title.element.pPr.remove(line)


def _set(
    style: Any,
    how: Head,
    form: Form,
    *,
    line: float | None = None,
    indent: int = 0,
    head: bool = False,
) -> None:
    """One style: face, size, distance of lines, indentation."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    font, paragraph = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = how.face.latin, Pt(how.size), how.bold, False
    font.color.rgb = RGBColor(0, 0, 0)
    # Word keeps letters apart in its own title; sizes of complex scripts are not ours.
    properties = style.element.get_or_add_rPr()
    for name in ("w:spacing", "w:kern"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    faces(properties, how.face)
    paragraph.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.line_spacing = Pt(line or form.line)
    apart = Pt(6) if head and form.grid is None else Pt(0)
    paragraph.space_before, paragraph.space_after = apart, Pt(0 if form.grid else 3)
    paragraph.keep_with_next = head
    if indent:
        paragraph.first_line_indent = Pt(indent * how.size)
        ind = style.element.pPr.find(qn("w:ind"))
        ind.set(qn("w:firstLineChars"), str(100 * indent))


def faces(properties: Any, face: Face) -> None:
    """Set the faces of a run or style, whatever its theme would have."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        if key.endswith("Theme"):
            del fonts.attrib[key]
    for slot, name in (("ascii", face.latin), ("hAnsi", face.latin), ("eastAsia", face.name)):
        fonts.set(qn(f"w:{slot}"), name)


AFTER_SHADING = (
    *("w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct"),
    *("w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd"),
)
AFTER_APART = (
    *("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:effect"),
    *("w:bdr", "w:shd", "w:fitText", "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang"),
)
AFTER_SNAPPING = (
    *("w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap"),
    *("w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl"),
    *("w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)
"""What the schema wants behind a paragraph's ground, the distance of letters, and a paragraph's
place on the grid."""


def _loose(style: Any) -> None:
    """Take a style off the grid of the page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    off = OxmlElement("w:snapToGrid")
    off.set(qn("w:val"), "0")
    style.element.get_or_add_pPr().insert_element_before(off, *AFTER_SNAPPING)


def _folios(paper: Paper, form: Form) -> None:
    """Page numbers under the text: outer side between two strokes, or in the middle."""
    from docx.shared import Mm, Pt

    page: Any = paper.sections[0]
    if not form.outer:
        page.footer_distance = Mm(12)
        _folio(page.footer, form, 1, "")
        return
    # The number begins 7 mm under the text.
    page.footer_distance = Mm(form.margins[1] - 7 - form.folio.size * 0.36)
    paper.settings.odd_and_even_pages_header_footer = True
    stroke = "\N{EM DASH}"
    _folio(page.footer, form, 2, stroke).paragraph_format.right_indent = Pt(form.folio.size)
    _folio(page.even_page_footer, form, 0, stroke).paragraph_format.left_indent = Pt(
        form.folio.size
    )


def _folio(footer: Any, form: Form, alignment: int, stroke: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.alignment = alignment
    if stroke:
        _lettered(line.add_run(f"{stroke} "), form)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = line.add_run("1")
    _lettered(run, form)
    line._p.append(field)
    field.append(run._r)
    if stroke:
        _lettered(line.add_run(f" {stroke}"), form)
    return line


def _lettered(run: Any, form: Form) -> None:
    from docx.shared import Pt

    run.font.size, run.font.bold = Pt(form.folio.size), False
    faces(run._r.get_or_add_rPr(), form.folio.face)


def font_table(form: Form) -> bytes:
    """The part of the file that says which face may stand for one that is not there."""
    named = []
    for face in form.faces:
        instead = ",".join(face.instead)
        named.append(
            f"<w:font w:name={quoteattr(face.name)}><w:altName w:val={quoteattr(instead)}/>"
            f'<w:charset w:val="86"/><w:family w:val="{face.family}"/>'
            '<w:pitch w:val="variable"/></w:font>'
        )
    for latin in sorted({face.latin for face in form.faces} - {face.name for face in form.faces}):
        named.append(
            f'<w:font w:name={quoteattr(latin)}><w:altName w:val="Liberation Serif,Tinos"/>'
            '<w:charset w:val="00"/>'
            '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
        )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"{''.join(named)}</w:fonts>"
    ).encode()
