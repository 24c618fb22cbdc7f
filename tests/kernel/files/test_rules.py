"""Telling files by content."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.files import rules
from qingqu.kernel.files.types import MediaType


def packed(**parts: str) -> bytes:
    """A packed file; ``__`` in a name stands for a slash, a leading ``T`` part is the list of content types."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        for name, text in parts.items():
            file.writestr("[Content_Types].xml" if name == "T" else name.replace("__", "/").replace("_dot_", "."), text)
    return kept.getvalue()


class TestMediaTypeOf:
    @pytest.mark.parametrize(
        ("content", "found"),
        [
            (b"%PDF-1.7 x", MediaType.PDF),
            (b"\x89PNG\r\n\x1a\nx", MediaType.PNG),
            (b"\xff\xd8\xff\xe0", MediaType.JPEG),
            ("整改情况\n".encode(), MediaType.TEXT),
            ("\ufeff整改".encode(), MediaType.TEXT),
            (packed(T="x", word__document_dot_xml="x"), MediaType.DOCX),
            (packed(T="x", xl__workbook_dot_xml="x"), MediaType.XLSX),
            (packed(word__document_dot_xml="x"), None),
            (packed(T="x", a="x"), None),
            (b"PK\x03\x04broken", None),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
            (b"MZ\x90\x00\x03", None),
            (b"\x7fELF\x02", None),
            (b"", None),
            ("整改".encode("gbk"), None),
            (b"GIF89a\x01\x00", None),
        ],
    )
    def test_goes_by_content(self, content: bytes, found: MediaType | None) -> None:
        assert rules.media_type_of(content) is found


class TestHidesAProgram:
    @pytest.mark.parametrize(
        ("content", "hides"),
        [
            (packed(T="x", word__document_dot_xml="x"), False),
            (packed(T="x", word__document_dot_xml="x", word__vbaProject_dot_bin="x"), True),
            (packed(T="application/vnd.ms-excel.sheet.macroEnabled.main+xml", xl__workbook_dot_xml="x"), True),
            (packed(T="x", word__document_dot_xml="x", word__activeX__activeX1_dot_xml="x"), True),
            (b"%PDF-", False),
        ],
    )
    def test_looks_inside(self, content: bytes, hides: bool) -> None:
        assert rules.hides_a_program(content) is hides


class TestShownName:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("凭证.PDF", "凭证.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\a\\b.exe", "b.pdf"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
            ("", "file.pdf"),
            ("...", "file.pdf"),
        ],
    )
    def test_keeps_the_last_part_with_the_true_ending(self, given: str, kept: str) -> None:
        assert rules.shown_name(given, MediaType.PDF) == kept

    @given(st.text(max_size=300))
    def test_is_never_a_path_and_never_long(self, name: str) -> None:
        kept = rules.shown_name(name, MediaType.PDF)

        assert kept.endswith(".pdf")
        assert len(kept) <= 104
        assert not set(kept) & set("/\\\r\n\0")
