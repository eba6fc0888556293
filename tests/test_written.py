"""A document in its three forms, each read back: the same words and tables, and nothing alive."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from defusedxml.ElementTree import fromstring
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from console.domain.document import Case, Chart, Document, Paragraph, Section, Series, Table
from console.domain.message import Message, Problem, msg
from console.domain.report import compose
from console.i18n import LANGUAGES, Translator
from console.reports import FORMS, rendered
from console.written import Voice, cells_of, markdown
from console.written_docx import _unbroken
from console.written_html import html
from tests.domain.reporting import busy, important, reported
from tests.scale import examples

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "]]> & &lt; &#x3c;",
    "[link](javascript:alert(1)) ![pic](https://example.org/x.png) <https://example.org>",
    "https://example.org/ www.example.org mailto:a@example.org",
    "a.b+c@example.org @somebody xmpp:a@example.org/x @@x `@`x \\@x x@",
    "| a | b |\n|---|---|\n| c |",
    "# head\n- list\n1. list\n---\n```\ncode",
    "`code` *em* __strong__ ~~gone~~ $x$",
    "\x1b[31mred\x1b[0m \x07 \x00 \u202eright to left",
    "=1+1",
    "\ud800 \ufffe",
    "_______ \\ \\\\ \\|",
)


def plain(value: object, voice: Voice) -> str:
    return voice.say(value)  # type: ignore[arg-type]


def table_count(document: Document) -> int:
    return sum(isinstance(block, Table) for block in document.every())


def chart_count(document: Document) -> int:
    return sum(isinstance(block, Chart) for block in document.every())


def case_count(document: Document) -> int:
    return sum(isinstance(block, Case) for block in document.every())


def with_words(text: str) -> Document:
    """A document in which a foreign text stands wherever one can."""
    label = msg("report.named", name=text, count=1)
    return Document(
        "x",
        msg("report.title_day", center=text),
        ((msg("report.fact_center"), text),),
        (
            Section(
                msg("report.part_overall"),
                (
                    Paragraph(label),
                    Paragraph(label, "warn"),
                    Table((text, label), ((text, label), (label, text)), title=label),
                    Chart("bars", label, (text, text), (Series(label, (1, 2)),)),
                    Chart("lines", label, (text,), (Series(label, (1,)), Series(label, (None,)))),
                    Case(label, ((label, (text,)), (label, (text, label)))),
                ),
            ),
        ),
        (label,),
        (label,),
    )


class TestMarkdown:
    PARSER = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_tables_and_heads_come_back(self, lang: str) -> None:
        document = compose(busy())
        tokens = self.PARSER.parse(markdown(document, Translator(lang)))
        kinds = [token.type for token in tokens]
        assert kinds.count("table_open") == table_count(document) + chart_count(document)
        heads = [token.tag for token in tokens if token.type == "heading_open"]
        assert heads.count("h1") == 1
        assert heads.count("h2") == 6
        inner = sum(len(section.sections) for section in document.sections)
        assert heads.count("h3") == inner + case_count(document)
        assert "code_block" not in kinds
        assert "html_block" not in kinds

    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_foreign_text_is_text(self, text: str) -> None:
        said = Voice(Translator("zh")).say(text)
        tokens = self.PARSER.parse(markdown(with_words(text), Translator("zh")))
        flat = [inner for token in tokens for inner in (token, *(token.children or ()))]
        kinds = {token.type for token in flat}
        assert not kinds & {
            "html_inline", "html_block", "link_open", "image", "s_open", "fence", "code_block",
        }  # fmt: skip
        assert not self._linked(tokens)
        assert [t.type for t in tokens].count("table_open") == 3
        assert [t.type for t in tokens].count("heading_open") == 3
        assert self._cells(tokens).count(said.strip()) >= 3, "it is read as it was written"

    @settings(max_examples=examples(50))
    @given(st.one_of(st.text(max_size=60), st.text("@`\\_a.-|*<b ", max_size=20)))
    def test_whatever_it_is_it_is_read_as_it_was_written(self, text: str) -> None:
        said = Voice(Translator("en")).say(text).strip()
        tokens = self.PARSER.parse(markdown(with_words(text), Translator("en")))
        assert [t.type for t in tokens].count("table_open") == 3
        assert [cell.strip() for cell in self._cells(tokens)].count(said) >= 3
        assert not self._linked(tokens)

    @staticmethod
    def _linked(tokens: Sequence[Token]) -> bool:
        """Whether GitHub would link an address or a name: it looks for them in the words,
        escaped or not, but not in code.
        """
        return any(
            re.search(
                r"@[\w.-]", "".join(one.content if one.type == "text" else "\n" for one in kids)
            )
            for kids in (token.children or () for token in tokens)
        )

    @staticmethod
    def _cells(tokens: Sequence[Token]) -> list[str]:
        """The words of every cell."""
        return [
            "".join(child.content for child in token.children or ())
            for before, token in pairwise(tokens)
            if before.type in ("th_open", "td_open")
        ]


class TestHtml:
    def tree(self, document: Document, lang: str = "zh") -> ElementTree.Element:
        text = html(document, Translator(lang))
        assert text.startswith("<!DOCTYPE html>\n")
        root = fromstring(text.removeprefix("<!DOCTYPE html>\n"))
        assert isinstance(root, ElementTree.Element)
        return root

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_it_is_well_formed_and_whole(self, lang: str) -> None:
        document = compose(busy())
        root = self.tree(document, lang)
        assert len(root.findall(".//table")) == table_count(document) + 1
        assert len(root.findall(".//{http://www.w3.org/2000/svg}svg")) == chart_count(document)
        assert len(root.findall(".//h2")) == 6
        assert len(root.findall(".//div[@class='case']")) == case_count(document)
        assert (root.get("lang") or "").startswith(lang)

    def test_every_value_of_a_chart_stands_in_its_picture(self) -> None:
        [chart] = [b for b in compose(busy()).sections[1].every() if isinstance(b, Chart)]
        root = self.tree(compose(busy()))
        svg = root.find(".//{http://www.w3.org/2000/svg}svg")
        assert svg is not None
        texts = [t.text for t in svg.iter("{http://www.w3.org/2000/svg}text")]
        assert len(list(svg.iter("{http://www.w3.org/2000/svg}rect"))) == len(chart.labels)
        for value in filter(None, chart.series[0].values):
            assert str(value) in texts

    @pytest.mark.parametrize("text", HOSTILE)
    def test_nothing_in_it_is_alive_or_comes_from_outside(self, text: str) -> None:
        root = self.tree(with_words(text))
        said = Voice(Translator("zh")).say(text)
        for element in root.iter():
            name = element.tag.rpartition("}")[2]
            assert name not in ("script", "img", "a", "link", "iframe", "object", "use", "image")
            for attribute in element.attrib:
                assert not attribute.lower().startswith("on")
                assert attribute not in ("href", "src", "style")
        cells = ["".join(element.itertext()) for element in root.iter("td")]
        assert cells.count(said) >= 3

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_it_fetches_nothing(self, lang: str) -> None:
        text = html(compose(busy()), Translator(lang)).replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text
        assert "@import" not in text
        assert not re.search(r"url\s*\(", text)
        assert "default-src 'none'" in text


class TestDocx:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_tables_and_heads_come_back(self, lang: str) -> None:
        document = compose(busy())
        words = Translator(lang)
        paper = docx.Document(io.BytesIO(rendered(document, "docx", words)))
        voice = Voice(words)
        expected = 1 + table_count(document) + chart_count(document) + case_count(document)
        assert len(paper.tables) == expected
        heads = [p.text for p in paper.paragraphs if p.style and p.style.name == "Heading 1"]
        assert heads == [plain(section.title, voice) for section in document.sections]
        fields = paper.tables[1]
        [table, *_] = [b for b in document.every() if isinstance(b, Table)]
        assert [[cell.text for cell in row.cells] for row in fields.rows] == [
            [plain(cell, voice) for cell in row] for row in (table.head, *table.rows)
        ]

    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_foreign_text_is_text(self, text: str) -> None:
        data = rendered(with_words(text), "docx", Translator("zh"))
        paper = docx.Document(io.BytesIO(data))
        said = Voice(Translator("zh")).say(text)
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        assert cells.count(said) >= 3
        for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
            assert "vba" not in name.lower()

    @pytest.mark.parametrize("length", [200, 255, 256, 3_000])
    def test_a_long_name_of_a_center_is_a_title(self, length: int) -> None:
        name = "萧" * length
        data = rendered(compose(replace(busy(), center=name)), "docx", Translator("zh"))
        paper = docx.Document(io.BytesIO(data))
        assert name in paper.paragraphs[0].text
        assert paper.core_properties.title.startswith("萧" * 200)

    def test_without_its_library_a_sentence_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "docx", None)
        with pytest.raises(Problem) as caught:
            rendered(compose(reported()), "docx", Translator("zh"))
        assert "zhiban[docx]" in Translator("zh").t(caught.value.message)


class TestOfficialForm:
    """GB/T 9704-2012, as far as a machine can read it in the file."""

    @pytest.fixture(scope="class")
    def data(self) -> bytes:
        return rendered(compose(busy()), "docx", Translator("zh"))

    @pytest.fixture(scope="class")
    def paper(self, data: bytes) -> Any:
        return docx.Document(io.BytesIO(data))

    def test_the_page(self, paper: Any) -> None:
        page = paper.sections[0]
        sizes = [page.page_width, page.page_height, page.top_margin, page.bottom_margin]
        sizes += [page.left_margin, page.right_margin]
        assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
        room = page.page_height.pt - page.top_margin.pt - page.bottom_margin.pt
        assert int(room / self.style(paper, "Body Text").paragraph_format.line_spacing.pt) == 22

    @staticmethod
    def style(paper: Any, name: str) -> Any:
        return paper.styles[name]

    @pytest.mark.parametrize(
        ("name", "face", "size"),
        [
            ("Title", "方正小标宋简体", 22),
            ("Heading 1", "黑体", 16),
            ("Heading 2", "楷体_GB2312", 16),
            ("Case", "仿宋_GB2312", 16),
            ("Body Text", "仿宋_GB2312", 16),
        ],
    )
    def test_faces_and_sizes(self, paper: Any, name: str, face: str, size: int) -> None:
        style = self.style(paper, name)
        fonts = style.element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == face
        assert not [key for key in fonts.attrib if "heme" in key and "cstheme" not in key]
        assert style.font.size.pt == size
        if name != "Title":
            assert style.paragraph_format.line_spacing.pt == pytest.approx(28.95)
            assert style.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
            indent = style.element.pPr.find(qn("w:ind"))
            assert indent.get(qn("w:firstLineChars")) == "200", "two signs further in"

    def test_28_signs_stand_on_a_line(self, paper: Any) -> None:
        page, style = paper.sections[0], self.style(paper, "Body Text")
        apart = int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
        room = page.page_width.pt - page.left_margin.pt - page.right_margin.pt
        assert int(room / (style.font.size.pt + apart)) == 28

    def test_page_numbers_stand_between_strokes_on_the_outer_side(self, paper: Any) -> None:
        page = paper.sections[0]
        assert paper.settings.odd_and_even_pages_header_footer
        for footer, side in ((page.footer, 2), (page.even_page_footer, 0)):
            [line] = footer.paragraphs
            assert line.alignment == side
            assert "".join(t.text for t in line._p.iter(qn("w:t"))) == "\u2014 1 \u2014"
            [field] = line._p.iter(qn("w:fldSimple"))
            assert field.get(qn("w:instr")) == "PAGE"
            assert {run.font.size.pt for run in line.runs} == {14}
            fonts = next(line._p.iter(qn("w:rFonts")))
            assert fonts.get(qn("w:eastAsia")) == fonts.get(qn("w:ascii")) == "宋体"

    def test_every_face_has_others_in_its_place(self, data: bytes) -> None:
        table = fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/fontTable.xml"))
        instead = {
            font.get(qn("w:name")): (font[0].get(qn("w:val")) or "").split(",")
            for font in table
            if font[0].tag == qn("w:altName")
        }
        assert {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"} <= set(instead)
        assert instead["仿宋_GB2312"][1] == "仿宋"
        assert all(len(names) >= 2 for names in instead.values())

    def test_rows_are_whole_and_heads_stand_on_every_page(self, paper: Any) -> None:
        for table in paper.tables:
            assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        heads = sum(t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in paper.tables)
        assert heads >= table_count(compose(busy()))

    def test_english_is_plain(self) -> None:
        data = rendered(compose(busy()), "docx", Translator("en"))
        paper = docx.Document(io.BytesIO(data))
        assert not paper.settings.odd_and_even_pages_header_footer
        body: Any = paper.styles["Body Text"]
        assert (body.font.name, body.font.size.pt) == ("Times New Roman", 11)
        assert body.paragraph_format.first_line_indent is None


class TestColumns:
    @pytest.mark.parametrize(
        ("said", "least"),
        [
            ("电信网络诈骗", 12),
            ("XS-20220322-0010", 16),
            ("3 月 22 日 07:38", 10),
            ("same shift the day before", 6),
            ("闻堰街道湘湖大道与时代大道路口", 12),
            ("", 0),
        ],
    )
    def test_what_stays_whole(self, said: str, least: int) -> None:
        assert _unbroken(said) == least

    def test_a_wide_table_gets_smaller_type_and_no_split_word(self) -> None:
        paper = docx.Document(io.BytesIO(rendered(compose(busy()), "docx", Translator("zh"))))
        open_ = paper.tables[1]
        for cell, column in zip(open_.rows[1].cells, open_.columns, strict=True):
            size = cell.paragraphs[0].runs[0].font.size
            assert size is not None
            assert column.width is not None
            room = (column.width.mm - 2) / (size.pt * 25.4 / 72 / 2)
            assert _unbroken(cell.text) <= room

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_html_breaks_only_columns_of_long_texts(self, lang: str) -> None:
        page = html(compose(busy()), Translator(lang))
        assert "@page { size: A4" in page
        assert "tr, figure, .case, .whole { break-inside: avoid; }" in page
        assert "word-break: keep-all; overflow-wrap: normal" in page
        root = fromstring(page.removeprefix("<!DOCTYPE html>\n"))
        broken = {cell.text or "" for cell in root.iter("td") if cell.get("class") == "t"}
        whole = {cell.text or "" for cell in root.iter("td") if cell.get("class") == "s"}
        assert "XS-20220321-0007" in whole
        assert not [said for said in whole if cells_of(said) > 16]
        assert "XS-20220321-0007" not in broken


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_document_is_the_same_bytes(form: str, lang: str) -> None:
    document = compose(busy())
    assert rendered(document, form, Translator(lang)) == rendered(document, form, Translator(lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_of_an_incident_arrives_in_every_form(lang: str) -> None:
    text = "三楼有人被困 <b>&amp;</b>"
    document = compose(replace(busy(), important=(important(text),)))
    words = Translator(lang)
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in rendered(document, "html", words).decode()
    paper = docx.Document(io.BytesIO(rendered(document, "docx", words)))
    assert any(text in c.text for t in paper.tables for row in t.rows for c in row.cells)
    assert "三楼有人被困 \\<b\\>\\&amp;\\</b\\>" in rendered(document, "md", words).decode()


def test_words_are_said_in_one_line_and_none_is_a_dash() -> None:
    voice = Voice(Translator("zh"))
    assert [voice.say(v) for v in (None, 1_234, "a\n\tb\x07", Message("report.same"))] == [
        "-",
        "1,234",
        "a b\N{REPLACEMENT CHARACTER}",
        "持平",
    ]


class TestExamples:
    """The reports of the demo's night that are kept under ``docs/examples``."""

    FOLDER = Path(__file__).parents[1] / "docs" / "examples"

    def test_there_are_six(self) -> None:
        names = {f"shift-{lang}.{form}" for lang in LANGUAGES for form in FORMS}
        assert {path.name for path in self.FOLDER.iterdir()} == names

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_each_is_a_whole_report_of_a_busy_night(self, lang: str) -> None:
        text = (self.FOLDER / f"shift-{lang}.md").read_text("utf-8")
        assert text.count("\n## ") == 6
        assert text.count("\n### ") > 10
        assert "400,000" in text, "the money of the story"
        assert not re.search(r"\d{4}\.\d+%", text), "out of all proportion to its base"
        assert "~" not in text
        assert not re.search(r"\bP(50|90|99)\b|Asia/|\d{4}-\d\d-\d\d", text), "a machine's words"
        page = (self.FOLDER / f"shift-{lang}.html").read_text("utf-8")
        root = fromstring(page.removeprefix("<!DOCTYPE html>\n"))
        assert len(root.findall(".//{http://www.w3.org/2000/svg}svg")) >= 2
        assert "://" not in page.replace("http://www.w3.org/2000/svg", "")
        paper = docx.Document(str(self.FOLDER / f"shift-{lang}.docx"))
        assert len(paper.tables) > 20
        for said in (text, page):
            assert not re.search(r"(?<!\d)1\d{10}(?!\d)", said), "a telephone number"
