"""An official document as DOCX: the fonts the standard names are asked for by name, the reader's machine has them."""

from io import BytesIO
from typing import Any

import docx as word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from qingqu.kernel.files.documents import layout
from qingqu.kernel.files.documents.types import Document, Heading, Paragraph, Table, chinese_date

CENTER, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
TWIPS_A_POINT = 20
CHARACTER_UNITS = 4096
"""A document grid counts its character pitch in 1/4096 point (ECMA-376, 17.6.5)."""


def docx(document: Document) -> bytes:
    """The document as DOCX in the layout of GB/T 9704-2012, on a grid of 22 lines of 28 characters."""
    made = word.Document()
    _set_page(made.sections[0])
    _set_numbers(made)
    made.core_properties.title, made.core_properties.author = document.title, document.issuer
    _add(made, document.issuer, layout.TITLE_FONTS, layout.MARK_SIZE, align=CENTER, exact=False, is_red=True)
    if document.number:
        _underline(_add(made, document.number, align=CENTER))
    _add(made, document.title, layout.TITLE_FONTS, layout.TITLE_SIZE, align=CENTER, exact=False, before=2, after=1)
    if document.addressee:
        _add(made, f"{document.addressee}：")
    for block in document.blocks:
        _add_block(made, block)
    for order, name in enumerate(document.attachments, 1):
        _add(made, f"{'附件：' if order == 1 else '   '}{order}. {name}", indent=2, before=1 if order == 1 else 0)
    _add(made, document.issuer, align=RIGHT, before=2, right=2)
    _add(made, chinese_date(document.dated_on), align=RIGHT, right=4)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def _set_page(section: Any) -> None:
    """Page, margins and grid."""
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH), Mm(layout.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(layout.TOP), Mm(layout.BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.LEFT), Mm(layout.RIGHT)
    section.footer_distance = Mm(layout.BOTTOM - 7 - 5)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - python-docx has no call for the grid
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(layout.LINE_POINTS * TWIPS_A_POINT)))
    grid.set(qn("w:charSpace"), str(round((layout.CHARACTER_POINTS - layout.BODY_SIZE) * CHARACTER_UNITS)))


def _set_numbers(made: Any) -> None:
    """Page numbers — 1 —, outside: right on odd pages, left on even ones."""
    made.settings.odd_and_even_pages_header_footer = True
    section = made.sections[0]
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        line = footer.paragraphs[0]
        line.alignment = align
        _run(line, "— ", layout.NUMBER_FONTS, layout.NUMBER_SIZE)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        line._p.append(field)  # noqa: SLF001 - python-docx has no call for fields
        _run(line, " —", layout.NUMBER_FONTS, layout.NUMBER_SIZE)


def _add_block(made: Any, block: Heading | Paragraph | Table) -> None:
    """One block; headings keep their outline level."""
    if isinstance(block, Table):
        _add_table(made, block)
    elif isinstance(block, Heading):
        line = _add(made, block.text, layout.heading_fonts(block.level), indent=2)
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(block.level - 1))
        line._p.get_or_add_pPr().append(outline)  # noqa: SLF001
        line.paragraph_format.keep_with_next = True
    else:
        _add(made, block.text, indent=2)


def _add_table(made: Any, table: Table) -> None:
    """A table with its head repeated on every page."""
    grid = made.add_table(rows=0, cols=len(table.headers), style="Table Grid")
    for order, row in enumerate((table.headers, *table.rows)):
        cells = grid.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            _run(cell.paragraphs[0], text, layout.BODY_FONTS if order else layout.BOLD_FONTS, 12)
    repeated = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001


def _add(
    made: Any,
    text: str,
    fonts: tuple[str, ...] = layout.BODY_FONTS,
    size: int = layout.BODY_SIZE,
    *,
    align: Any = None,
    indent: int = 0,
    right: int = 0,
    before: int = 0,
    after: int = 0,
    exact: bool = True,
    is_red: bool = False,
) -> Any:
    """One paragraph; indents in characters, spaces before and after in lines."""
    line = made.add_paragraph()
    shape = line.paragraph_format
    shape.space_before, shape.space_after = Pt(before * layout.LINE_POINTS), Pt(after * layout.LINE_POINTS)
    shape.first_line_indent, shape.right_indent = Pt(indent * layout.BODY_SIZE), Pt(right * layout.BODY_SIZE)
    if exact:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(layout.LINE_POINTS)
    line.alignment = align
    run = _run(line, text, fonts, size)
    if is_red:
        run.font.color.rgb = RGBColor(0xCC, 0, 0)
    return line


def _run(line: Any, text: str, fonts: tuple[str, ...], size: int) -> Any:
    """A run in the first of the named fonts."""
    run = line.add_run(text)
    run.font.name, run.font.size = fonts[0], Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), fonts[0])  # noqa: SLF001
    return run


def _underline(line: Any) -> None:
    """The red line below the document's number."""
    borders, rule = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "11"), ("color", "CC0000")):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)
    line._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")  # noqa: SLF001
