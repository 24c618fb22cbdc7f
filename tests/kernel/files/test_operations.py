"""Storing files."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image

from qingqu.kernel.files import operations, queries
from qingqu.kernel.files.models import StoredFile
from qingqu.kernel.ledger.queries import history
from tests.factories import AT, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.QINGQU_HOME = tmp_path


def picture(kind: str = "JPEG") -> bytes:
    """A red picture that says where, when and with what it was taken."""
    kept = BytesIO()
    made = Image.new("RGB", (40, 20), (200, 0, 0))
    exif = made.getexif()
    exif[0x010F], exif[0x0112], exif[0x8825] = "某品牌", 6, {1: "N"}
    made.save(kept, kind, exif=exif)
    return kept.getvalue()


def store_one(content: Any = b"%PDF-1.7 evidence", **given: Any) -> StoredFile:
    """A stored file of matter 7."""
    facts: dict[str, Any] = {
        "name": "凭证.pdf",
        "content": BytesIO(content) if isinstance(content, bytes) else content,
        "subject_kind": "rectification",
        "subject_id": 7,
        "at": AT,
        "actor_id": 3,
    }
    return operations.store(**(facts | {"unit": given.pop("unit", None) or make_unit()} | given))


class TestStore:
    def test_keeps_the_content_under_its_hash(self) -> None:
        row = store_one()

        content = queries.path_of(row.sha256).read_bytes()
        assert content == b"%PDF-1.7 evidence"
        assert hashlib.sha256(content).hexdigest() == row.sha256
        assert (row.size, row.is_cleaned) == (17, False)

    def test_keeps_the_same_content_once_a_matter(self) -> None:
        unit = make_unit()

        assert store_one(unit=unit) == store_one(unit=unit)
        assert store_one(unit=unit, subject_id=8).pk != store_one(unit=unit).pk
        assert len(history("rectification", 7)) == 1

    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_takes_place_device_and_time_out_of_a_picture(self, kind: str) -> None:
        row = store_one(picture(kind), name="现场.jpg")

        kept = queries.path_of(row.sha256).read_bytes()
        with Image.open(BytesIO(kept)) as shown:
            assert not dict(shown.getexif())
            assert shown.size == (20, 40)
        assert "某品牌".encode() not in kept
        assert row.is_cleaned

    @pytest.mark.parametrize(
        ("content", "said"),
        [(b"", "空"), (b"MZ\x90\x00", "不接收"), (b"\xff\xd8\xffbroken", "损坏"), (b"\x89PNG\r\n\x1a\n", "损坏")],
    )
    def test_refuses_and_keeps_nothing(self, content: bytes, said: str, tmp_path: Path) -> None:
        with pytest.raises(operations.NotTaken, match=said):
            store_one(content)

        assert not StoredFile.objects.exists()
        assert not (tmp_path / "files").exists()

    def test_refuses_what_is_larger_than_the_setting_without_reading_it_all(self, settings: Any) -> None:
        settings.QINGQU_FILE_MAX_BYTES = 1024 * 1024
        content = BytesIO(b"%PDF-" + b"x" * 3 * 1024 * 1024)

        with pytest.raises(operations.NotTaken, match="1 MB"):
            store_one(content=content)

        assert content.tell() == 1024 * 1024 + 1


class TestConstraints:
    def test_refuse_an_empty_file_and_an_unknown_type_in_plain_sql(self) -> None:
        store_one()

        for change in ("size=0", "media_type='text/html'"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE files_storedfile SET {change}")  # noqa: S608 - a table of our own
