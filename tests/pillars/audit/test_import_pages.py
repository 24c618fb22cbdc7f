"""The intake on screen: a file comes in, its columns are named, its bad rows are corrected; bad files do nothing."""

import io
import json
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from qingqu.kernel.org.models import Person
from qingqu.pillars.audit.models import Flag, ImportJob, Mapping, Reject
from tests.engines.redflags.load.factories import HEADERS, contents, csv_text, payment, payments, stored
from tests.factories import AT, sign_in
from tests.pillars.audit.desk import (
    MAPPING_TEXT,
    District,
    ask,
    imported,
    make_district,
    perform,
    saved_mapping,
    school_auditor,
)

pytestmark = pytest.mark.django_db


def upload(client: Client, content: bytes, name: str, **given: object) -> ImportJob:
    """The import that the upload page began, followed to its mapping page if it has one."""
    fields = {"file": SimpleUploadedFile(name, content), "format": "table", "mapping": "", "unit_code": ""} | given
    answer = client.post(reverse("audit:upload"), fields)
    assert answer.status_code == 302, answer.content.decode()
    client.get(answer["Location"])
    return ImportJob.objects.latest("id")


def shown(client: Client, job: ImportJob) -> str:
    """The import's own page."""
    return client.get(reverse("audit:import", args=[job.pk])).content.decode()


def workbook(rows: list[list[object]]) -> bytes:
    """An Excel file of rows."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(target)
    book.close()
    return target.getvalue()


def declaring_a_gigabyte() -> bytes:
    """An Excel file with a part that says it is a gigabyte when unpacked."""
    target = io.BytesIO(workbook([HEADERS, *payments(3)]))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/media/big.bin", b"")
        archive.filelist[-1].file_size = 1 << 30
    return target.getvalue()


DEEP = b'{"ocid":"o","a":' * 3000 + b"1" + b"}" * 3000

BAD: dict[str, tuple[Callable[[], bytes], str, str, str]] = {
    "a truncated workbook": (lambda: workbook([HEADERS, *payments(300)])[:4000], "a.xlsx", "table", "已损坏或不完整"),
    "an archive that declares a gigabyte": (declaring_a_gigabyte, "a.xlsx", "table", "超过上限"),
    "formulas": (lambda: workbook([HEADERS, ["P1", "甲", "2025-03-04", "=1+1", "x"]]), "a.xlsx", "table", "D2"),
    "a double column": (lambda: csv_text(payments(1), [*HEADERS[:4], "金额"]).encode(), "a.csv", "table", "金额"),
    "an open quotation mark": (lambda: csv_text(payments(1)).encode() + b'P9,"x\n', "a.csv", "table", "引号"),
    "an unknown encoding": (lambda: "Bézier;é,è\nà,ü".encode("latin-1"), "a.csv", "table", "文字编码"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "a.csv", "table", "不是可读取的表格"),
    "JSON 3,000 deep": (lambda: DEEP, "a.json", "ocds", "嵌套层数过多"),
    "truncated JSON": (lambda: b'{"releases": [{"ocid": "a"}, {"ocid": ', "a.json", "ocds", "在中途断开"),
    "a table called OCDS": (lambda: csv_text(payments(1)).encode(), "a.csv", "ocds", "不是有效的 JSON"),
}  # fmt: skip


class TestBadFiles:
    @pytest.mark.parametrize("case", BAD)
    @pytest.mark.parametrize("is_mapped", [True, False], ids=["with a saved mapping", "without a mapping"])
    def test_are_told_what_to_do_and_change_nothing(self, client: Client, case: str, *, is_mapped: bool) -> None:
        make, name, kind, words = BAD[case]
        district = make_district()
        imported(district.auditor, payments(2))
        before, tables = contents(settings.QINGQU_MART), _tables()
        sign_in(client, district.auditor)
        mapping = str(Mapping.objects.get().pk) if is_mapped else ""

        job = upload(client, make(), name, format=kind, mapping=mapping)
        perform(job)

        page = shown(client, job)
        job.refresh_from_db()
        assert job.state == "REFUSED"
        assert words in page
        assert name in page
        assert contents(settings.QINGQU_MART) == before
        assert _tables() == tables
        english = client.get(reverse("audit:import", args=[job.pk]), headers={"accept-language": "en"})
        assert escape(job.message_en) in english.content.decode()
        assert job.message_en != job.message_zh

    def test_that_are_empty_do_not_even_come_in(self, client: Client) -> None:
        district = make_district()
        sign_in(client, district.auditor)

        answer = client.post(reverse("audit:upload"), {"file": SimpleUploadedFile("a.csv", b""), "format": "table"})

        assert answer.status_code == 422
        assert "空" in answer.content.decode()
        assert not ImportJob.objects.exists()
        assert not (settings.QINGQU_HOME / "imports").exists()

    def test_of_blank_lines_are_told_that_they_have_no_header(self, client: Client) -> None:
        sign_in(client, make_district().auditor)

        assert "没有表头行" in shown(client, upload(client, b"\n \n\n", "a.csv"))


def _tables() -> tuple[int, int, int, list[tuple[int, int]]]:
    """What an import could have changed in the database beside itself."""
    done = ImportJob.objects.filter(state="DONE").order_by("id").values_list("read", "accepted")
    return Reject.objects.count(), Flag.objects.count(), Mapping.objects.count(), list(done)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
    def test_come_out_as_the_same_rows(self, client: Client, encoding: str) -> None:
        district = make_district()
        sign_in(client, district.auditor)
        bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

        job = upload(client, bom + csv_text(payments(30)).encode(encoding), "a.csv", mapping=str(saved_mapping().pk))
        perform(job)

        job.refresh_from_db()
        assert (job.state, job.accepted, job.rejected) == ("DONE", 30, 0)
        assert set(stored(settings.QINGQU_MART, "payment", "supplier_id, account_code")) == {
            ("清源食品有限公司", "伙食费")
        }


class TestUpload:
    def test_leads_a_table_to_its_columns_and_from_there_into_the_mart(self, client: Client) -> None:
        sign_in(client, make_district().auditor)
        content = workbook([HEADERS, *payments(3), payment(4, 金额="四元")])

        job = upload(client, content, "付款.xlsx")
        offered = client.get(reverse("audit:mapping", args=[job.pk])).content.decode()
        sent = client.post(reverse("audit:mapping", args=[job.pk]), {"name": "付款表", "text": MAPPING_TEXT})
        perform(job)

        assert "清源食品有限公司" in offered
        assert "付款编号" in offered
        assert "table: payment" in offered
        assert sent["Location"] == reverse("audit:import", args=[job.pk])
        page = shown(client, job)
        assert "<dt>入库</dt><dd>3</dd>" in page
        assert "<dt>退回</dt><dd>1</dd>" in page
        assert "金额 的值“四元”不是数字" in page
        assert client.get(reverse("audit:mapping", args=[job.pk])).status_code == 404

    def test_offers_the_saved_mappings(self, client: Client) -> None:
        saved_mapping(name="财政一体化付款")
        sign_in(client, make_district().auditor)

        assert "财政一体化付款" in client.get(reverse("audit:upload")).content.decode()

    def test_comes_back_with_what_does_not_fit_in_a_mapping(self, client: Client) -> None:
        sign_in(client, make_district().auditor)
        job = upload(client, csv_text(payments(1)).encode(), "a.csv")

        answer = client.post(
            reverse("audit:mapping", args=[job.pk]), {"name": "x", "text": MAPPING_TEXT.replace("金额", "价税合计")}
        )

        assert answer.status_code == 422
        assert "缺少映射中用到的列：价税合计" in answer.content.decode()
        assert "a.csv" in answer.content.decode()

    def test_takes_fifteen_queries_a_step(self, client: Client) -> None:
        sign_in(client, make_district().auditor)
        file = SimpleUploadedFile("a.csv", csv_text(payments(1)).encode())
        with CaptureQueriesContext(connection) as sending:
            client.post(reverse("audit:upload"), {"file": file, "format": "table"})
        job = ImportJob.objects.get()

        with CaptureQueriesContext(connection) as naming:
            client.post(reverse("audit:mapping", args=[job.pk]), {"name": "付款表", "text": MAPPING_TEXT})

        assert len(sending) <= 15
        assert len(naming) <= 15

    def test_takes_two_submissions_as_two_imports_that_write_once(self, client: Client) -> None:
        sign_in(client, make_district().auditor)
        mapping = str(saved_mapping().pk)
        content = csv_text(payments(2)).encode()

        first, second = (upload(client, content, "a.csv", mapping=mapping) for _step in range(2))
        perform(first)
        perform(second)

        assert len(stored(settings.QINGQU_MART, "payment")) == 2
        assert f"同样的内容已在第{first.pk}次导入“a.csv”中入库" in shown(client, second)

    def test_shows_the_way_back_to_a_table_whose_columns_nobody_has_named(self, client: Client) -> None:
        sign_in(client, make_district().auditor)
        job = upload(client, csv_text(payments(1)).encode(), "a.csv")

        page = shown(client, job)

        assert reverse("audit:mapping", args=[job.pk]) in page
        assert "hx-trigger" not in page

    def test_refreshes_itself_while_it_waits_for_the_worker(self, client: Client) -> None:
        district = make_district()
        job = ask(district.auditor, csv_text(payments(1)).encode())
        ImportJob.objects.update(state="RUNNING", progress=12_000)
        sign_in(client, district.auditor)

        page = shown(client, job)

        assert 'hx-trigger="every 1s"' in page
        assert "进行中 · 12000" in page


class TestImportLists:
    @pytest.mark.parametrize("number", [20, 2000])
    def test_cost_eight_queries(self, client: Client, number: int) -> None:
        district = make_district()
        jobs = [
            ImportJob(name="a.csv", path="x", format="table", asked_at=AT, finished_at=AT, state="DONE", read=number,
                      accepted=0, rejected=number)
            for _step in range(number)
        ]  # fmt: skip
        job = ImportJob.objects.bulk_create(jobs)[0]
        Reject.objects.bulk_create(
            Reject(job=job, line=line, table="payment", reason_code="REQUIRED", reason_zh="缺", reason_en="x", row={})
            for line in range(number)
        )
        sign_in(client, district.auditor)

        for address in (reverse("audit:imports"), reverse("audit:import", args=[job.pk])):
            with CaptureQueriesContext(connection) as captured:
                response = client.get(address)
            assert response.status_code == 200
            assert len(captured) <= 8

    @pytest.mark.parametrize("who", ["school", "leader", "principal", "office", "keeper"])
    def test_are_not_there_for_who_is_not_at_the_district_s_desk(self, client: Client, who: str) -> None:
        district = make_district()
        imported(district.auditor, [payment(1, 金额="坏")])
        waiting = ask(district.auditor, csv_text(payments(1)).encode(), mapping=None)
        sign_in(client, _person(district, who))

        reject = Reject.objects.get()
        for name, there in (("import", reject.job_id), ("mapping", waiting.pk), ("reject", reject.pk)):
            found = client.get(reverse(f"audit:{name}", args=[there]))
            absent = client.get(reverse(f"audit:{name}", args=[999_999]))
            assert found.status_code == absent.status_code == 404
            assert found.content == absent.content
        for name in ("imports", "upload"):
            assert client.get(reverse(f"audit:{name}")).status_code == 404


def _person(district: District, who: str) -> Person:
    return school_auditor(district) if who == "school" else getattr(district, who)


class TestCorrection:
    def send(self, client: Client, reject: Reject, **given: str) -> tuple[int, str, int]:
        """The status, the page and how many queries it took."""
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(reverse("audit:reject", args=[reject.pk]), given)
        return answer.status_code, answer.content.decode(), len(captured)

    def test_offers_every_column_with_the_reason_and_takes_the_row(self, client: Client) -> None:
        district = make_district()
        job = imported(district.auditor, [payment(1), payment(2, 金额="两元")])
        reject = Reject.objects.get()
        sign_in(client, district.auditor)
        page = client.get(reverse("audit:reject", args=[reject.pk])).content.decode()

        status, _page, queries = self.send(client, reject, **{**reject.row, "金额": "2.00"})

        assert [name for name in re.findall('name="([^"]+)"', page) if name in HEADERS] == HEADERS
        assert "不是数字" in page
        assert status == 302
        assert queries <= 15
        assert "没有待更正的行" in shown(client, job)
        assert stored(settings.QINGQU_MART, "payment", "payment_id") == [("P1",), ("P2",)]
        assert self.send(client, reject, **reject.row)[0] == 404

    def test_comes_back_with_what_was_typed_and_the_new_reason(self, client: Client) -> None:
        district = make_district()
        imported(district.auditor, [payment(2, 金额="两元")])
        reject = Reject.objects.get()
        sign_in(client, district.auditor)

        status, page, _queries = self.send(client, reject, **{**reject.row, "金额": "三元"})

        assert status == 422
        assert "金额 的值“三元”不是数字" in page
        assert 'value="三元"' in page

    def test_shows_a_row_of_the_wrong_width_whole(self, client: Client) -> None:
        district = make_district()
        imported(district.auditor, [[*payment(1), "多出"]])
        reject = Reject.objects.get()
        sign_in(client, district.auditor)
        page = client.get(reverse("audit:reject", args=[reject.pk])).content.decode()
        row = {name: value for name, value in reject.row.items() if name != "_extra"}

        status, _page, _queries = self.send(client, reject, JSON=json.dumps(row, ensure_ascii=False))

        assert "多出" in page
        assert "<textarea" in page
        assert (status, stored(settings.QINGQU_MART, "payment", "payment_id")) == (302, [("P1",)])

    def test_takes_a_release_and_a_broken_line_as_json(self, client: Client) -> None:
        district = make_district()
        perform(ask(district.auditor, b'{"ocid": "o1"}\n{"id": 2}\n{"ocid": "o3", \n', "a.jsonl", format="ocds"))
        release, line = Reject.objects.order_by("line")
        sign_in(client, district.auditor)
        offered = client.get(reverse("audit:reject", args=[line.pk])).content.decode()

        statuses = [
            self.send(client, release, JSON='{"ocid": "o2"}')[0],
            self.send(client, line, JSON='{"ocid": "o3"}')[0],
        ]

        assert "{&quot;ocid&quot;: &quot;o3&quot;," in offered
        assert statuses == [302, 302]
        assert stored(settings.QINGQU_MART, "tender", "tender_id") == [("o1",), ("o2",), ("o3",)]

    @pytest.mark.parametrize(
        "typed", ["{", "", "[1]", '"x"', "NaN", '{"ocid": "\\ud800"}', "[" * 3000 + "]" * 3000, '{"ocid": "o1"}']
    )
    def test_says_so_of_json_that_is_none(self, client: Client, typed: str) -> None:
        district = make_district()
        perform(ask(district.auditor, b'{"ocid": "o1"}\n{"id": 2}\n', "a.jsonl", format="ocds"))
        reject = Reject.objects.get()
        sign_in(client, district.auditor)

        status, page, _queries = self.send(client, reject, JSON=typed)

        assert status == 422
        assert "JSON" in page or "已在数据集市中" in page
        assert Reject.objects.get().corrected_at is None
