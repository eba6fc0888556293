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
from xml.etree import ElementTree

import docx
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from console.domain.document import Case, Chart, Document, Paragraph, Section, Series, Table
from console.domain.message import Message, Problem, msg
from console.domain.report import compose
from console.i18n import LANGUAGES, Translator
from console.reports import FORMS, rendered
from console.written import Voice, markdown
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
        [chart] = [b for b in compose(busy()).sections[0].every() if isinstance(b, Chart)]
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
        page = (self.FOLDER / f"shift-{lang}.html").read_text("utf-8")
        root = fromstring(page.removeprefix("<!DOCTYPE html>\n"))
        assert len(root.findall(".//{http://www.w3.org/2000/svg}svg")) == 3
        assert "://" not in page.replace("http://www.w3.org/2000/svg", "")
        paper = docx.Document(str(self.FOLDER / f"shift-{lang}.docx"))
        assert len(paper.tables) > 20
        for said in (text, page):
            assert not re.search(r"(?<!\d)1\d{10}(?!\d)", said), "a telephone number"
