"""Screens of the petitions."""

from io import BytesIO

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.org import operations as org
from qingqu.pillars.petitions.models import Petition
from tests.factories import AT, sign_in
from tests.pillars.petitions.town import Town, answered, fresh, handled, make_town, rechecked, registered

pytestmark = pytest.mark.django_db


def press(client: Client, row: Petition, verb: str, **fields: str) -> int:
    """Take a step by its form; gives the status."""
    return client.post(reverse("petitions:act", args=[row.pk, verb]), fields).status_code


class TestRegister:
    @pytest.mark.parametrize("number", [20, 100])
    def test_costs_eight_queries_however_many_there_are(self, client: Client, number: int) -> None:
        town = make_town()
        for _each in range(number):
            registered(town)
        sign_in(client, town.leader)

        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("petitions:list")).content.decode()

        assert page.count('/">XF2026-') == 20
        assert len(captured) <= 8

    def test_cuts_by_state_kind_and_word(self, client: Client) -> None:
        town = make_town()
        one, other = registered(town, title="校车超员"), handled(town, kind="SUGGESTION", title="食堂菜价")
        sign_in(client, town.leader)

        def shown(**asked: str) -> list[bool]:
            page = client.get(reverse("petitions:list"), asked).content.decode()
            return [str(row.number) in page for row in (one, other)]

        assert shown() == [True, True]
        assert shown(state="HANDLING") == [False, True]
        assert shown(kind="CLAIM") == [True, False]
        assert shown(q="校车") == [True, False]

    def test_enters_a_petition(self, client: Client) -> None:
        town = make_town()
        sign_in(client, town.office)
        typed = {
            "title": "退费",
            "kind": "CLAIM",
            "channel": "LETTER",
            "unit": str(town.school.pk),
            "received_on": "2026-09-24",
            "body": "请求退费",
            "petitioner": "李家长",
            "contact": "13900000001",
            "about": town.teacher.number,
        }

        answer = client.post(reverse("petitions:new"), typed)

        row = Petition.objects.get()
        assert answer.status_code == 302
        assert (row.petitioner, row.parties.get().person) == ("李家长", town.teacher)

    def test_names_a_staff_number_that_is_not_there(self, client: Client) -> None:
        town = make_town()
        sign_in(client, town.office)

        answer = client.post(reverse("petitions:new"), {"about": "没有"})

        assert answer.status_code == 422
        assert "没有这些工号：没有" in answer.content.decode()


class TestDetail:
    def test_costs_twelve_queries(self, client: Client) -> None:
        town = make_town()
        row = rechecked(town)
        sign_in(client, town.leader)

        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("petitions:detail", args=[row.pk]))

        assert page.status_code == 200
        assert len(captured) <= 12

    def test_shows_every_date_with_its_law(self, client: Client) -> None:
        town = make_town()
        row = answered(town)
        sign_in(client, town.leader)

        page = client.get(reverse("petitions:detail", args=[row.pk])).content.decode()

        assert "《信访工作条例》（2022年）第34条" in page
        assert "2026-10-26" in page
        assert "自2026-09-24起算，当日不计。" in page

    def test_names_the_other_petitions_of_the_same_person(self, client: Client) -> None:
        town = make_town()
        first, again = registered(town), registered(town)
        sign_in(client, town.leader)

        page = client.get(reverse("petitions:detail", args=[again.pk])).content.decode()

        assert str(first.number) in page
        assert "不重复受理" in page

    def test_answers_whom_it_is_against_like_one_that_does_not_exist(self, client: Client) -> None:
        town = make_town()
        row = registered(town, kind="COMPLAINT", about=[town.leader.pk])
        sign_in(client, town.leader)

        for address in ("petitions:detail", "petitions:letter_docx"):
            extra = [1] if address.endswith("docx") else []
            there = client.get(reverse(address, args=[row.pk, *extra]))
            nowhere = client.get(reverse(address, args=[999_999, *extra]))
            assert there.status_code == nowhere.status_code == 404
            assert there.content == nowhere.content


class TestSteps:
    def test_run_from_the_register_to_the_letter(self, client: Client) -> None:
        town = make_town()
        row = registered(town)
        sign_in(client, town.office)

        press(client, row, "accept", told="当面送达")
        press(client, row, "begin", undertaker="基础教育科")
        status = press(
            client,
            row,
            "conclude",
            outcome="EXPLAINED",
            request="退费",
            facts="未多收",
            opinion="已解释",
            basis="收费规定",
            organ="清源区教育局",
            served_on="2099-01-05",
        )

        assert status == 302
        assert fresh(row).state == "ANSWERED"

    def test_are_refused_with_words_and_what_was_typed(self, client: Client) -> None:
        town = make_town()
        row = registered(town)
        sign_in(client, town.office)

        answer = client.post(reverse("petitions:act", args=[row.pk, "accept"]), {"told": ""})

        assert answer.status_code == 422
        assert "请写明怎样书面告知了信访人" in answer.content.decode()

    @pytest.mark.parametrize("verb", ["refer", "close"])
    def test_that_cannot_be_taken_back_are_asked_first(self, client: Client, verb: str) -> None:
        town = make_town()
        row = answered(town) if verb == "close" else registered(town)
        sign_in(client, town.office)
        before = row.state

        asked = client.post(reverse("petitions:act", args=[row.pk, verb]), {"ground": "理由", "is_content": "on"})
        assert asked.status_code == 200
        assert fresh(row).state == before

        press(client, row, verb, ground="理由", is_content="on", confirmed="1")
        assert fresh(row).state != before

    def test_leave_of_a_referral_number_and_dates(self, client: Client) -> None:
        town = make_town()
        row = registered(town, title="副局长收礼", kind="COMPLAINT")
        sign_in(client, town.office)
        press(client, row, "refer", ground="涉嫌违纪", confirmed="1")

        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("petitions:list"), {"state": "REFERRED"}).content.decode()

        assert len(captured) <= 8
        assert str(row.number) in page
        assert "副局长收礼" not in page
        assert client.get(reverse("petitions:detail", args=[row.pk])).status_code == 404

    @pytest.mark.parametrize("verb", ["accept", "refuse", "transfer", "refer"])
    def test_write_in_fifteen_queries(self, client: Client, verb: str) -> None:
        town = make_town()
        row = registered(town)
        sign_in(client, town.office)
        fields = {"told": "告知", "ground": "理由", "to_organ": "区人社局", "confirmed": "1"}

        with CaptureQueriesContext(connection) as captured:
            assert press(client, row, verb, **fields) == 302

        assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 15


class TestLetter:
    def letter(self, client: Client, town: Town, row: Petition, ordinal: int) -> str:
        """The text of a letter."""
        sign_in(client, town.leader)
        content = client.get(reverse("petitions:letter_docx", args=[row.pk, ordinal])).content
        return "\n".join(line.text for line in docx.Document(BytesIO(content)).paragraphs)

    def test_has_every_element_and_the_remedy_with_its_day(self, client: Client) -> None:
        town = make_town()
        row = answered(town)

        text = self.letter(client, town, row, 1)

        for words in (
            "信访事项处理意见书",
            str(row.number),
            "王家长：",
            "2026年9月24日 收到",
            "退还多收的费用",
            "经查，多收 200 元",
            "予以支持。责令学校退还",
            "课后服务收费管理规定",
            "30 日内，向上一级机关、单位请求复查",
            "最后一日为 2026年10月26日",
            "《信访工作条例》（2022年）第35条",
            "清源区教育局",
        ):
            assert words in text, words

    def test_says_after_the_re_check_that_the_matter_is_at_its_end(self, client: Client) -> None:
        town = make_town()
        row = rechecked(town)

        assert "请求复核" in self.letter(client, town, row, 2)
        assert "不再受理" in self.letter(client, town, row, 3)

    def test_is_a_pdf_too(self, client: Client) -> None:
        town = make_town()
        row = answered(town)
        sign_in(client, town.leader)

        answer = client.get(reverse("petitions:letter_pdf", args=[row.pk, 1]))

        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")

    @pytest.mark.parametrize("ordinal", [0, 2, 4])
    def test_is_not_there_before_it_is_given(self, client: Client, ordinal: int) -> None:
        town = make_town()
        row = answered(town)
        sign_in(client, town.leader)

        assert client.get(reverse("petitions:letter_docx", args=[row.pk, ordinal])).status_code == 404


class TestThePublicPage:
    def test_says_what_the_district_set_and_what_it_did_not(self, client: Client) -> None:
        town = make_town()
        org.set_setting(key="petitions.telephone", unit=town.root, value="010-12345678", valid_from=AT.date(), at=AT)

        page = client.get(reverse("petitions:public")).content.decode()

        assert "010-12345678" in page
        assert page.count("本区尚未公布") == 4
        assert "60 日内办结" in page
