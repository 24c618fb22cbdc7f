"""Uploading to a matter and downloading from it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qingqu.kernel.files.models import StoredFile
from tests.factories import sign_in
from tests.pillars.leads.district import make_district
from tests.pillars.rectification.test_operations import order_one

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.QINGQU_HOME = tmp_path


def upload(client: Client, key: int, content: bytes = b"%PDF-1.7 x", name: str = "凭证.pdf") -> Any:
    """Post a file to a rectification."""
    return client.post(
        reverse("files:attach", args=["rectification", key]), {"file": SimpleUploadedFile(name, content)}
    )


class TestAttachAndDownload:
    def test_give_the_owner_and_the_district_the_file_as_a_download(self, client: Client) -> None:
        district = make_district()
        row = order_one(district)
        sign_in(client, district.principal)
        response = upload(client, row.pk)
        assert response["Location"] == reverse("rectification:detail", args=[row.pk])
        file = StoredFile.objects.get()
        assert "凭证.pdf" in client.get(response["Location"]).content.decode()
        sign_in(client, district.auditor)

        answer = client.get(reverse("files:download", args=[file.pk]))

        assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"  # type: ignore[attr-defined]
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]

    def test_answer_a_neighbour_and_the_public_as_if_there_were_nothing(self, client: Client) -> None:
        district = make_district()
        row = order_one(district)
        sign_in(client, district.principal)
        upload(client, row.pk)
        file = StoredFile.objects.get()
        sign_in(client, district.other_principal)

        there = client.get(reverse("files:download", args=[file.pk]))
        posted = upload(client, row.pk, b"%PDF-1.7 y")
        nowhere = client.get(reverse("files:download", args=[999_999]))
        client.logout()
        public = client.get(reverse("files:download", args=[file.pk]))

        assert {there.status_code, posted.status_code, nowhere.status_code, public.status_code} == {404}
        assert there.content == posted.content == nowhere.content == public.content
        assert StoredFile.objects.count() == 1

    def test_say_why_a_file_is_not_taken(self, client: Client) -> None:
        district = make_district()
        row = order_one(district)
        sign_in(client, district.principal)

        upload(client, row.pk, b"MZ\x90\x00", "a.pdf")

        assert "不接收这种文件" in client.get(reverse("rectification:detail", args=[row.pk])).content.decode()
        assert not StoredFile.objects.exists()
