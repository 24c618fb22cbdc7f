"""The public log for people: the page that checks, the verifier to keep, the poster, and the answer's own line."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qingqu.kernel.ledger import installation, proofs, tasks
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.publications import operations as publishing
from tests.factories import AT
from tests.kernel.files.documents.reading import read
from tests.kernel.publications.test_operations import draft_one, people, published

pytestmark = pytest.mark.django_db


class TestLogLine:
    def test_says_up_to_where_the_records_are_in_the_log(self, client: Client) -> None:
        people()
        assert "公开日志，截至" not in client.get(reverse("portal:answer")).content.decode()
        tasks.keep()
        last = ledger.head().size - 1
        page = client.get(reverse("portal:answer")).content.decode()
        assert f"截至第 {last} 号" in page
        assert "尚未见证" in page
        assert "等待写入" not in page

    def test_counts_what_waits(self, client: Client) -> None:
        people()
        tasks.keep()
        people()
        page = client.get(reverse("portal:answer")).content.decode()
        assert f"另有 {ledger.waiting()} 条等待写入" in page


class TestVerify:
    def test_hands_the_proof_of_a_notice_to_the_readers_browser(self, client: Client) -> None:
        row = published(people())
        tasks.keep()
        page = client.get(reverse("portal:verify"), {"number": row.number}).content.decode()
        assert f'data-proof="/publications/{row.number}/1.proof.json"' in page
        assert f"log {installation.signer().vkeys[0]}" in page
        assert proofs.fingerprint(installation.signer().vkeys[0]) in page

    @pytest.mark.parametrize(("number", "version"), [("GK2026-999999", ""), ("x" * 300, ""), ("\0", ""), ("", "9")])
    def test_says_that_there_is_no_such_notice(self, client: Client, number: str, version: str) -> None:
        row = published(people())
        tasks.keep()
        asked = {"number": number or row.number, "version": version}
        page = client.get(reverse("portal:verify"), asked).content.decode()
        assert "data-proof" not in page
        assert ("没有这个编号" in page) is (number != "\0")

    def test_says_nothing_of_a_notice_under_embargo(self, client: Client) -> None:
        who = people()
        row = draft_one(who)
        publishing.submit(publication=row, at=AT, actor=who["drafter"])
        publishing.publish(publication=row, at=AT, actor=who["office"], public_from=AT + timedelta(days=36500))
        tasks.keep()
        pages = [
            client.get(reverse("portal:verify"), {"number": number}).content.decode().replace(f'value="{number}"', "")
            for number in (row.number, "GK2026-888888")
        ]
        found, nothing = (page.split("<main")[1] for page in pages)
        assert found == nothing

    def test_asks_to_wait_for_what_is_not_in_the_log_yet(self, client: Client) -> None:
        row = published(people())
        page = client.get(reverse("portal:verify"), {"number": row.number}).content.decode()
        assert "正在等待写入公开日志" in page


class TestPoster:
    def test_is_one_sheet_once_there_is_a_head(self, client: Client) -> None:
        people()
        assert client.get(reverse("portal:poster")).status_code == 404
        tasks.keep()
        poster = client.get(reverse("portal:poster"))
        assert poster.content.startswith(b"%PDF")
        assert poster["Content-Type"] == "application/pdf"
        (page,) = read(poster.content).pages
        text = page.text.replace(" ", "")
        assert proofs.fingerprint(installation.signer().vkeys[0]).replace(" ", "") in text
        assert bytes(ledger.head().root).hex() in text


class TestKeptVerifier:
    def test_is_one_file_in_both_languages_that_asks_nobody(self, client: Client) -> None:
        answer = client.get(reverse("portal:verifier"))
        page = answer.content.decode()
        assert "attachment" in answer["Content-Disposition"]
        assert "核验一个文件" in page
        assert "Check a file" in page
        assert "default-src 'none'" in page
        outside = re.findall(r"(?:src|href|action)=[\"']?([^\"' >]+)", page.split("<script")[0])
        assert outside == []

    def test_is_the_same_whoever_asks(self, client: Client) -> None:
        found = {
            client.get(reverse("portal:verifier"), headers={"Accept-Language": tag}).content for tag in ("en", "zh")
        }
        assert len(found) == 1
