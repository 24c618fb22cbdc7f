"""Official documents, read back from the files that were made."""

import socket
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx as word
import pytest
from docx.oxml.ns import qn

from qingqu.kernel.files.documents import Document, Heading, NoFont, Paragraph, Table, as_pdf, docx, fonts, pdf
from tests.kernel.files.documents.reading import read

A_LINE = "清源区各学校按期完成整改并接受复核公开结果接受群众监督不留死角"


def a_document(paragraphs: int = 3) -> Document:
    """A report with every kind of block."""
    blocks = (
        Heading(1, "一、监督执纪"),
        Heading(2, "（一）整改"),
        *(Paragraph(A_LINE * 2) for _step in range(paragraphs)),
        Table(("关键词", "目标效果"), (("整改", "尚未评估"), ("<公开>", "A&B"))),
    )
    return Document(
        "关于整改情况的报告", "清教〔2026〕12号", "清源区教育委员会", "各学校", blocks, date(2026, 9, 4), ("整改台账",)
    )


@pytest.fixture(autouse=True)
def _needs_a_font() -> None:
    """Skip, saying so, where neither the front end was built nor a font was put into the home folder."""
    try:
        fonts.faces_for("整")
    except NoFont as refused:
        pytest.skip(refused.message)


class TestPdf:
    def test_prints_on_a4(self) -> None:
        made = read(pdf(a_document()))

        assert {tuple(round(side) for side in page.box) for page in made.pages} == {(0, 0, 595, 842)}

    def test_says_everything_in_order(self) -> None:
        text = "".join(page.text for page in read(pdf(a_document())).pages)

        wanted = [
            "清源区教育委员会",
            "清教〔2026〕12号",
            "关于整改情况的报告",
            "各学校：",
            "一、监督执纪",
            "（一）整改",
            "关键词",
            "<公开>",
            "A&B",
            "附件：1. 整改台账",
            "2026年9月4日",
        ]
        places = [text.find(part) for part in wanted]
        assert -1 not in places
        assert places == sorted(places)

    def test_puts_28_characters_on_a_line_and_22_lines_on_a_page(self) -> None:
        document = Document("题", "", "委", "", (Paragraph("清" * 28 * 60),), date(2026, 9, 4))

        pages = read(pdf(document)).pages

        assert pages[1].text.count("清") == 28 * 22
        assert len(pages) == 4

    def test_numbers_every_page(self) -> None:
        pages = read(pdf(a_document(40))).pages

        assert len(pages) > 2
        marks = [page.text[-8:].replace(" ", "") for page in pages]
        assert all(mark.endswith(f"—{number}—") for number, mark in enumerate(marks, 1))

    def test_embeds_the_fonts_it_uses(self) -> None:
        assert read(pdf(a_document())).fonts

    def test_is_the_same_for_the_same_document(self) -> None:
        first, second = read(pdf(a_document())), read(pdf(a_document()))

        assert first.pages == second.pages

    def test_opens_no_connection(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_given: Any) -> None:
            message = "a connection was opened"
            raise AssertionError(message)

        monkeypatch.setattr(socket.socket, "connect", refuse)
        document = Document("题", "", "委", "", (Paragraph('<img src="http://example.org/x.png">'),), date(2026, 9, 4))

        assert 'src="http://example.org/x.png"' in read(pdf(document)).pages[0].text

    def test_reads_no_other_file(self, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.write_text("x")

        with pytest.raises(ValueError, match="not a chosen font"):
            as_pdf.Fonts([]).fetch(other.as_uri())


class TestNoFont:
    def test_is_said_instead_of_printing_empty_boxes(self, settings: Any, tmp_path: Path) -> None:
        settings.QINGQU_HOME = tmp_path
        settings.DJANGO_VITE = {"default": {"manifest_path": tmp_path / "manifest.json"}}

        with pytest.raises(NoFont):
            pdf(a_document())


class TestDocx:
    def test_has_the_margins_and_the_grid_of_the_standard(self) -> None:
        section = word.Document(BytesIO(docx(a_document()))).sections[0]

        sides = (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.left_margin,
            section.right_margin,
            section.bottom_margin,
        )
        grid = section._sectPr.find(qn("w:docGrid"))
        assert [round(side.mm) for side in sides if side] == [210, 297, 37, 28, 26, 35]
        assert grid.get(qn("w:linePitch")) == "580"
        assert grid.get(qn("w:charSpace")) == "-860"

    def test_uses_the_fonts_and_sizes_of_the_standard(self) -> None:
        made = word.Document(BytesIO(docx(a_document())))

        def look(text: str) -> tuple[str, float]:
            run = next(line for line in made.paragraphs if line.text.startswith(text)).runs[0]
            return run._element.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt

        assert look("关于整改") == ("方正小标宋简体", 22)
        assert look("一、") == ("黑体", 16)
        assert look("（一）") == ("楷体_GB2312", 16)
        assert look("清源区各学校") == ("仿宋_GB2312", 16)

    def test_says_everything_in_order(self) -> None:
        made = word.Document(BytesIO(docx(a_document(1))))

        assert [line.text for line in made.paragraphs] == [
            "清源区教育委员会",
            "清教〔2026〕12号",
            "关于整改情况的报告",
            "各学校：",
            "一、监督执纪",
            "（一）整改",
            A_LINE * 2,
            "附件：1. 整改台账",
            "清源区教育委员会",
            "2026年9月4日",
        ]
        assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [
            ["关键词", "目标效果"],
            ["整改", "尚未评估"],
            ["<公开>", "A&B"],
        ]

    def test_numbers_pages_outside(self) -> None:
        section = word.Document(BytesIO(docx(a_document()))).sections[0]

        assert [int(footer.paragraphs[0].alignment or 0) for footer in (section.footer, section.even_page_footer)] == [
            2,
            0,
        ]
        assert 'w:instr="PAGE"' in section.footer.paragraphs[0]._p.xml
