"""Official documents as PDF and DOCX in the 党政机关公文格式 (GB/T 9704-2012)."""

from qingqu.kernel.files.documents.as_docx import docx
from qingqu.kernel.files.documents.as_pdf import pdf
from qingqu.kernel.files.documents.fonts import NoFont
from qingqu.kernel.files.documents.types import Block, Document, Heading, Paragraph, Table

__all__ = ["Block", "Document", "Heading", "NoFont", "Paragraph", "Table", "docx", "pdf"]
