"""A sheet of paper that is not an official document: a poster, a receipt."""

from datetime import UTC, datetime
from html import escape

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from qingqu.kernel.files.documents.as_pdf import Fonts
from qingqu.kernel.files.documents.fonts import Face, faces_for


def sheet(*, title: str, body: str, at: datetime) -> bytes:
    """``body`` on A4; the same sheet always gives the same page.

    Nothing is fetched but the chosen font files. Raises NoFont.
    """
    faces = faces_for(title + body)
    fetcher, fonts = Fonts(faces), FontConfiguration()
    page = f'<html lang="zh-CN"><head><title>{escape(title)}</title></head><body>{body}</body></html>'
    rules = CSS(string=_style(faces), font_config=fonts, url_fetcher=fetcher)
    made = HTML(string=page, url_fetcher=fetcher).render(stylesheets=[rules], font_config=fonts)
    made.metadata.created = made.metadata.modified = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return bytes(made.write_pdf() or b"")


def _style(faces: list[Face]) -> str:
    """The chosen fonts, and the parts a sheet is made of."""
    names = [f"sheet-{number}" for number in range(len(faces))]
    declared = "".join(
        f'@font-face{{font-family:"{name}";src:url("{face.path.as_uri()}")}}'
        for name, face in zip(names, faces, strict=True)
    )
    stack = ",".join(f'"{name}"' for name in names)
    return f"""{declared}
@page {{ size:A4; margin:20mm }}
html {{ font:11pt/1.6 {stack}; font-variant-ligatures:none }}
h1 {{ font-size:24pt; line-height:1.3; text-align:center; margin:0 0 6mm }}
h2 {{ font-size:13pt; margin:6mm 0 1mm }}
p {{ margin:0 0 2mm }}
dl {{ margin:0 }} dt {{ font-size:9.5pt; color:#444; margin-top:2mm }} dd {{ margin:0; overflow-wrap:anywhere }}
.large {{ font-size:17pt; line-height:1.5; text-align:center; letter-spacing:0.05em; width:130mm; margin:0 auto 2mm }}
.middle {{ text-align:center }}
.codes {{ display:flex; justify-content:space-around; margin-top:6mm; break-inside:avoid }}
figure {{ margin:0; text-align:center; font-size:9.5pt }}
.qr {{ width:60mm; height:60mm }}"""
