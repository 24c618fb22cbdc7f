"""An official document as PDF. Nothing is fetched: only the chosen font files are read."""

from datetime import UTC, datetime, time
from html import escape

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from qingqu.kernel.files.documents import layout
from qingqu.kernel.files.documents.fonts import Face, faces_for
from qingqu.kernel.files.documents.types import Block, Document, Heading, Paragraph, Table, chinese_date


class Fonts(URLFetcher):
    """Gives the chosen font files and nothing else."""

    def __init__(self, faces: list[Face]) -> None:
        """Allow the files of ``faces``."""
        super().__init__(allowed_protocols=("file",))
        self.allowed = {face.path.as_uri() for face in faces}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The font file; raises ValueError for every other address."""
        if url not in self.allowed:
            message = f"not a chosen font: {url}"
            raise ValueError(message)
        return super().fetch(url, headers)


def pdf(document: Document) -> bytes:
    """The document as PDF in the layout of GB/T 9704-2012; the same document always gives the same pages.

    Fonts the standard names are used when installed, otherwise those of ``fonts.faces_for``. Raises NoFont.
    """
    faces = faces_for(document.text)
    fetcher, fonts = Fonts(faces), FontConfiguration()
    style = CSS(string=_style(faces), font_config=fonts, url_fetcher=fetcher)
    made = HTML(string=_page(document), url_fetcher=fetcher).render(stylesheets=[style], font_config=fonts)
    moment = datetime.combine(document.dated_on, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made.metadata.created = made.metadata.modified = moment
    return bytes(made.write_pdf() or b"")


def _style(faces: list[Face]) -> str:
    """The style sheet: page, type area, fonts and the elements of a document."""
    declared = "".join(
        f'@font-face{{font-family:"qingqu-{number}";src:url("{face.path.as_uri()}")}}'
        for number, face in enumerate(faces)
    )
    rest = [f"qingqu-{number}" for number in range(len(faces))]

    def stack(names: tuple[str, ...]) -> str:
        return ",".join(f'"{name}"' for name in (*names, *rest))

    tight = layout.CHARACTER_POINTS - layout.BODY_SIZE
    number = f"font:{layout.NUMBER_SIZE}pt {stack(layout.NUMBER_FONTS)};vertical-align:top"
    number += ";padding-top:7mm;white-space:nowrap"
    dash = 'content:"— " counter(page) " —"'
    return f"""{declared}
@page {{ size:A4; margin:{layout.TOP}mm {layout.RIGHT}mm {layout.BOTTOM}mm {layout.LEFT}mm }}
@page :right {{ @bottom-right {{ {dash};{number};padding-right:1em }} }}
@page :left {{ @bottom-left {{ {dash};{number};padding-left:1em }} }}
html {{ font:{layout.BODY_SIZE}pt/{layout.LINE_POINTS:.3f}pt {stack(layout.BODY_FONTS)}; letter-spacing:{tight:.3f}pt }}
body,h1,h2,h3,h4,p,table {{ margin:0; font-weight:normal }}
p {{ text-indent:2em; text-align:justify; orphans:2; widows:2 }}
.mark {{ font:{layout.MARK_SIZE}pt/1.4 {stack(layout.TITLE_FONTS)}; color:#c00; text-align:center; letter-spacing:0 }}
.number {{ text-indent:0; text-align:center; padding:{layout.LINE_POINTS:.3f}pt 0 4mm; border-bottom:1mm solid #c00 }}
h1 {{ font:{layout.TITLE_SIZE}pt/{layout.LINE_POINTS * 1.2:.3f}pt {stack(layout.TITLE_FONTS)}; text-align:center;
  padding:{layout.LINE_POINTS * 2:.3f}pt 0 {layout.LINE_POINTS:.3f}pt }}
.to {{ text-indent:0 }}
h2,h3,h4,h5 {{ font-size:{layout.BODY_SIZE}pt; text-indent:2em; margin:0; font-weight:normal; break-after:avoid }}
h2 {{ font-family:{stack(layout.BOLD_FONTS)} }} h3 {{ font-family:{stack(layout.KAI_FONTS)} }}
table {{ width:100%; border-collapse:collapse; font-size:12pt; line-height:18pt; letter-spacing:0; margin:6pt 0 }}
th,td {{ border:0.5pt solid #000; padding:3pt 4pt; text-align:left; vertical-align:top }} th {{ font-weight:normal;
  font-family:{stack(layout.BOLD_FONTS)} }} thead {{ display:table-header-group }} tr {{ break-inside:avoid }}
.attached {{ padding-top:{layout.LINE_POINTS:.3f}pt }}
.signed {{ text-align:right; text-indent:0; padding-right:2em }}
.dated {{ text-align:right; text-indent:0; padding-right:4em }}
.sign {{ padding-top:{layout.LINE_POINTS * 2:.3f}pt; break-inside:avoid }}"""


def _page(document: Document) -> str:
    """The document as HTML."""
    number = f'<p class="number">{escape(document.number)}</p>' if document.number else ""
    to = f'<p class="to">{escape(document.addressee)}：</p>' if document.addressee else ""
    attached = "".join(
        f"<p{' class=attached' if order == 1 else ''}>{'附件：' if order == 1 else '   '}{order}. {escape(name)}</p>"
        for order, name in enumerate(document.attachments, 1)
    )
    return (
        f'<html lang="zh-CN"><head><title>{escape(document.title)}</title>'
        f'<meta name="author" content="{escape(document.issuer)}"></head><body>'
        f'<div class="mark">{escape(document.issuer)}</div>{number}<h1>{escape(document.title)}</h1>{to}'
        f"{''.join(map(_block, document.blocks))}{attached}"
        f'<div class="sign"><p class="signed">{escape(document.issuer)}</p>'
        f'<p class="dated">{chinese_date(document.dated_on)}</p></div></body></html>'
    )


def _block(block: Block) -> str:
    """One block as HTML."""
    if isinstance(block, Heading):
        tag = f"h{min(max(block.level, 1), 4) + 1}"
        return f"<{tag}>{escape(block.text)}</{tag}>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    return _table(block)


def _table(table: Table) -> str:
    """A table as HTML, its head repeated on every page."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.headers)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
