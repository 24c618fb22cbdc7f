"""Official documents as PDF and DOCX in the 党政机关公文格式 (GB/T 9704-2012)."""

from datetime import datetime

from qingqu.kernel.files.documents.codes import LONGEST, qr
from qingqu.kernel.files.documents.fonts import NoFont
from qingqu.kernel.files.documents.types import Block, Document, Heading, Paragraph, Table

__all__ = ["LONGEST", "Block", "Document", "Heading", "NoFont", "Paragraph", "Table", "docx", "pdf", "qr", "sheet"]


def pdf(document: Document) -> bytes:
    """The document as PDF. Raises NoFont when no font with Chinese characters can be found."""
    from qingqu.kernel.files.documents.as_pdf import pdf as made  # noqa: PLC0415 - heavy, and few requests need it

    return made(document)


def sheet(*, title: str, body: str, at: datetime) -> bytes:
    """HTML of our own templates as PDF on A4, for what is hung up or handed over. Raises NoFont."""
    from qingqu.kernel.files.documents.as_sheet import sheet as made  # noqa: PLC0415 - heavy, and few requests need it

    return made(title=title, body=body, at=at)


def docx(document: Document) -> bytes:
    """The document as DOCX."""
    from qingqu.kernel.files.documents.as_docx import docx as made  # noqa: PLC0415 - heavy, and few requests need it

    return made(document)
