"""Whatever says who made a file, where and with what, is gone; what the file says itself stays."""

import re
import zipfile
import zlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import weasyprint
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from PIL import Image

from qingqu.kernel.files import rules
from qingqu.kernel.files.cleaning import Uncleanable, clean
from qingqu.kernel.files.cleaning.errors import Why
from qingqu.kernel.files.types import MediaType
from tests.kernel.files.documents.reading import read

AUTHOR = "WhoWroteThis"
MAKER = "SomePhoneMaker"
SAID = "Record of an inspection"
HTML = f"""<html lang="en"><head><title>{AUTHOR} title</title><meta name="author" content="{AUTHOR}">
<meta name="keywords" content="{AUTHOR}"><meta name="generator" content="{AUTHOR}">
<meta name="dcterms.created" content="2026-01-02"></head><body><p>{SAID}</p></body></html>"""


def photograph() -> bytes:
    """A JPEG that says with what it was taken and where."""
    kept = BytesIO()
    made = Image.new("RGB", (16, 16), (0, 90, 0))
    exif = made.getexif()
    exif[0x010F], exif[0x8825] = MAKER, {1: "N", 2: (29.5, 0, 0)}
    made.save(kept, "JPEG", exif=exif, comment=AUTHOR)
    return kept.getvalue()


def pdf(**options: Any) -> bytes:
    """A document with an author, a generator and dates."""
    content = weasyprint.HTML(string=HTML).write_pdf(**options)
    assert content is not None
    return content


def everything(content: bytes) -> bytes:
    """A PDF's bytes with all its packed streams unpacked behind them, texts of two bytes a letter read as one."""
    found = [content]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(packed))
        except zlib.error:
            continue
    text = b"\n".join(found)
    hexes = b"\n".join(bytes.fromhex(word.decode()) for word in re.findall(rb"<((?:[0-9a-fA-F]{2})+)>", text))
    return (text + hexes).replace(b"\0", b"")


def parts(content: bytes) -> dict[str, bytes]:
    """An Office file's parts."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


class TestPDF:
    @pytest.mark.parametrize(
        "options", [{}, {"uncompressed_pdf": True}, {"pdf_variant": "pdf/ua-1"}, {"custom_metadata": True}]
    )
    def test_loses_author_program_and_dates_and_keeps_its_pages(self, options: dict[str, Any]) -> None:
        given_ = pdf(**options)
        assert AUTHOR.encode() in everything(given_)

        kept = clean(given_, MediaType.PDF)

        assert AUTHOR.encode() not in everything(kept)
        assert b"2026-01-02" not in everything(kept)
        assert b"20260102" not in everything(kept)
        assert len(kept) == len(given_)
        assert [page.text for page in read(kept).pages] == [page.text for page in read(given_).pages]
        assert SAID in read(kept).pages[0].text
        assert clean(kept, MediaType.PDF) == kept

    def test_loses_what_its_photographs_say(self) -> None:
        photo = photograph()
        head = b"%%PDF-1.4\n3 0 obj\n<</Subtype /Image /Filter /DCTDecode /Length %d>>\nstream\n" % len(photo)
        given_ = head + photo + b"\nendstream\nendobj\n"
        assert MAKER.encode() in given_

        kept = clean(given_, MediaType.PDF)

        assert MAKER.encode() not in kept
        assert AUTHOR.encode() not in kept
        start = kept.index(b"\xff\xd8\xff")
        with Image.open(BytesIO(kept[start:])) as shown:
            assert shown.getpixel((3, 3)) == Image.open(BytesIO(photograph())).getpixel((3, 3))
            assert MAKER not in str(dict(shown.getexif()))

    def test_that_is_signed_stays_byte_for_byte(self) -> None:
        signed = pdf() + b"<</Type /Sig /ByteRange [0 1 2 3]>>"
        assert clean(signed, MediaType.PDF) == signed

    def test_that_is_encrypted_is_refused(self) -> None:
        with pytest.raises(Uncleanable) as refusal:
            clean(pdf() + b"trailer <</Encrypt 9 0 R>>", MediaType.PDF)
        assert refusal.value.why is Why.ENCRYPTED

    def test_blanks_every_earlier_version_and_every_kind_of_string(self) -> None:
        old = b"4 0 obj\n<</Author (One \\) (two\\\\) three) /Producer <576F77> /Title 7 0 R>>\nendobj\n"
        title = b"7 0 obj\n(Secret title)\nendobj\n"
        other = b"14 0 obj\n(kept)\nendobj\n"
        given_ = b"%PDF-1.4\n" + old + title + other + old + b"trailer\n<</Info 4 0 R /Root 1 0 R>>\n"

        kept = clean(given_, MediaType.PDF)

        assert len(kept) == len(given_)
        assert not any(word in kept for word in (b"One", b"three", b"576F77", b"Secret"))
        assert b"(kept)" in kept
        assert kept.count(b"<20202020") == 0
        assert kept.count(b"<202020>") == 2

    def test_whose_metadata_are_packed_in_an_unknown_way_is_refused(self) -> None:
        strange = (
            b"%PDF-1.4\n3 0 obj\n<</Type /Metadata /Filter /LZWDecode /Length 4>>\nstream\nabcd\nendstream\nendobj\n"
        )
        with pytest.raises(Uncleanable) as refusal:
            clean(strange, MediaType.PDF)
        assert refusal.value.why is Why.STUBBORN

    @given(st.binary(max_size=400))
    def test_never_changes_its_length_whatever_stands_in_it(self, rest: bytes) -> None:
        given_ = b"%PDF-1.4\n4 0 obj\n<</Author (A)>>\nendobj\ntrailer <</Info 4 0 R>>\n" + rest
        try:
            kept = clean(given_, MediaType.PDF)
        except Uncleanable:
            return
        assert len(kept) == len(given_)
        assert b"(A)" not in kept[:60]


class TestWord:
    @staticmethod
    def document() -> bytes:
        """A document with properties, a comment, a picture and an author everywhere."""
        made = Document()
        made.core_properties.author = made.core_properties.last_modified_by = AUTHOR
        made.core_properties.created = datetime(2026, 1, 2, tzinfo=UTC)
        line = made.add_paragraph(SAID)
        made.add_comment(line.runs, text="请核对", author=AUTHOR, initials="WWT")
        made.add_picture(BytesIO(photograph()))
        kept = BytesIO()
        made.save(kept)
        return kept.getvalue()

    def test_loses_its_authors_and_keeps_its_text_comments_and_pictures(self) -> None:
        given_ = self.document()
        assert any(AUTHOR.encode() in part for part in parts(given_).values())

        kept = clean(given_, MediaType.DOCX)

        for name, part in parts(kept).items():
            assert not any(word in part for word in (AUTHOR.encode(), b"WWT", MAKER.encode(), b"2026-01-02")), name
        again = Document(BytesIO(kept))
        assert SAID in [paragraph.text for paragraph in again.paragraphs]
        assert [comment.text for comment in again.comments] == ["请核对"]
        assert len(again.inline_shapes) == 1
        assert rules.media_type_of(kept) is MediaType.DOCX
        assert list(parts(kept)) == list(parts(given_))
        assert clean(kept, MediaType.DOCX) == kept

    def test_loses_the_names_beside_tracked_changes(self) -> None:
        body = b'<w:ins w:id="1" w:author="Some One"><w:r/></w:ins><w15:person w15:author=\'Some One\'/>'
        given_ = packed({"word/document.xml": body})
        kept = parts(clean(given_, MediaType.DOCX))["word/document.xml"]
        assert b"Some One" not in kept
        assert b'w:id="1"' in kept

    def test_that_is_signed_stays_byte_for_byte(self) -> None:
        signed = packed({"word/document.xml": b'<w:ins w:author="A"/>', "_xmlsignatures/sig1.xml": b"<s/>"})
        assert clean(signed, MediaType.DOCX) == signed

    def test_with_a_broken_part_is_refused(self) -> None:
        given_ = bytearray(self.document())
        place = given_.index(b"word/document.xml") + 60
        given_[place : place + 30] = bytes(30)
        with pytest.raises(Uncleanable):
            clean(bytes(given_), MediaType.DOCX)


class TestExcel:
    def test_loses_its_authors_and_keeps_its_cells_and_comments(self) -> None:
        book = openpyxl.Workbook()
        book.properties.creator = book.properties.lastModifiedBy = AUTHOR
        page: Any = book.active
        page["A1"] = SAID
        page["A1"].comment = Comment("请核对", AUTHOR)
        kept_in = BytesIO()
        book.save(kept_in)

        kept = clean(kept_in.getvalue(), MediaType.XLSX)

        assert not any(AUTHOR.encode() in part for part in parts(kept).values())
        again: Any = openpyxl.load_workbook(BytesIO(kept)).active
        assert (again["A1"].value, again["A1"].comment.text) == (SAID, "请核对")

    def test_loses_the_folder_it_was_saved_in(self) -> None:
        body = b'<workbook><x15ac:absPath url="C:\\Users\\someone\\"/><fileSharing userName="someone"/></workbook>'
        kept = parts(clean(packed({"xl/workbook.xml": body}), MediaType.XLSX))["xl/workbook.xml"]
        assert b"someone" not in kept


def packed(given_: dict[str, bytes]) -> bytes:
    """A package of these parts."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as written:
        for name, content in {"[Content_Types].xml": b"<Types/>", **given_}.items():
            written.writestr(name, content)
    return kept.getvalue()


class TestText:
    @given(st.binary(max_size=50))
    def test_stays_as_it_is(self, content: bytes) -> None:
        assert clean(content, MediaType.TEXT) == content
