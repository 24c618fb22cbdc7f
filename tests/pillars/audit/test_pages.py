"""Screens of the flags: list, one flag, triage, export, runs."""

import re
from io import BytesIO

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.org.models import Person
from qingqu.pillars.audit import exchange, operations
from qingqu.pillars.audit.models import Flag, Run, Triage
from qingqu.pillars.audit.types import FlagState
from qingqu.pillars.leads.models import Lead
from tests.factories import AT, actor, sign_in
from tests.pillars.audit.desk import (
    finished_run,
    make_district,
    many_flags,
    overpaid,
    raised,
    run_audit,
    school_auditor,
    write_mart,
)

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    """The page as text."""
    return client.get(address).content.decode()


class TestFlagList:
    @pytest.mark.parametrize("number", [20, 2000])
    def test_costs_eight_queries_however_many_flags_there_are(self, client: Client, number: int) -> None:
        district = make_district()
        many_flags(district.school, number)
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("audit:flags"))

        assert response.status_code == 200
        assert response.content.decode().count("付款超过合同金额</a>") == 20
        assert len(captured) <= 8
        assert not any(each["sql"].count(",") > 60 and " IN (" in each["sql"] for each in captured)

    @pytest.mark.parametrize("number", [20, 2000])
    def test_costs_as_much_for_a_part_of_the_district(self, client: Client, number: int) -> None:
        district = make_district()
        many_flags(district.school, number)
        sign_in(client, school_auditor(district))

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("audit:flags"), {"indicator": "R068", "state": "OPEN", "page": "2"})

        assert response.status_code == 200
        assert len(captured) <= 8

    def test_shows_one_s_own_part_of_the_district_only(self, client: Client) -> None:
        district = make_district()
        many_flags(district.school, 1, subject_id="OURS")
        many_flags(district.neighbour, 1, subject_id="THEIRS")
        many_flags(None, 1, subject_id="NOBODYS")
        sign_in(client, school_auditor(district))

        page = text_of(client, reverse("audit:flags"))
        hunted = text_of(client, f"{reverse('audit:flags')}?unit={district.neighbour.code}")
        exported = client.get(reverse("audit:export")).content

        assert "OURS" in page
        assert "THEIRS" not in page + hunted
        assert "NOBODYS" not in page
        assert [row[3] for row in _cells(exported)] == ["OURS"]

    @pytest.mark.parametrize("who", ["principal", "office"])
    def test_is_not_there_for_posts_that_do_not_read_flags(self, client: Client, who: str) -> None:
        district = make_district()
        sign_in(client, getattr(district, who))

        for name in ("flags", "export", "precision", "runs", "imports", "upload"):
            assert client.get(reverse(f"audit:{name}")).status_code == 404

    def test_is_cut_by_filters_and_ordered_as_asked(self, client: Client) -> None:
        district = make_district()
        run, later = finished_run(), finished_run()
        many_flags(district.school, 1, run, subject_id="FIRST", severity=1)
        many_flags(district.neighbour, 1, later, subject_id="SECOND", severity=3, indicator="L01", state="EXPLAINED")
        sign_in(client, district.auditor)

        def order(query: str) -> list[str]:
            page = text_of(client, f"{reverse('audit:flags')}?{query}")
            return sorted((name for name in ("FIRST", "SECOND") if name in page), key=page.index)

        assert order("") == ["SECOND", "FIRST"]
        assert order("sort=oldest") == ["FIRST", "SECOND"]
        assert order("sort=newest") == ["SECOND", "FIRST"]
        assert order("indicator=L01") == ["SECOND"]
        assert order("state=OPEN") == ["FIRST"]
        assert order(f"unit={district.school.code}") == ["FIRST"]
        assert order(f"first_in={run.pk}") == ["FIRST"]
        assert order(f"raised_in={later.pk}") == ["SECOND"]
        assert order("raised_in=x") == order("first_in=999") == []

    def test_keeps_the_filter_when_turning_the_page(self, client: Client) -> None:
        district = make_district()
        many_flags(district.school, 45)
        sign_in(client, district.auditor)

        page = text_of(client, f"{reverse('audit:flags')}?indicator=R068&state=OPEN")

        assert "indicator=R068&amp;state=OPEN&amp;page=2" in page

    @pytest.mark.parametrize("query", ["page=x", "page=99999999999999", "indicator=R999", "state=%00", "sort=evil"])
    def test_answers_any_query(self, client: Client, query: str) -> None:
        district = make_district()
        many_flags(district.school, 3)
        sign_in(client, district.auditor)

        assert client.get(f"{reverse('audit:flags')}?{query}").status_code == 200

    def test_says_so_when_nothing_fits(self, client: Client) -> None:
        sign_in(client, make_district().auditor)

        assert "没有符合条件的提示" in text_of(client, reverse("audit:flags"))


def _cells(content: bytes) -> list[tuple[object, ...]]:
    """The rows of a workbook below its heads."""
    book = openpyxl.load_workbook(BytesIO(content))
    return list(book.active.iter_rows(min_row=2, values_only=True))  # type: ignore[union-attr]


class TestExport:
    def test_gives_what_the_list_shows_as_text_that_is_never_computed(self, client: Client) -> None:
        district = make_district()
        many_flags(district.school, 2, subject_id="=1+1", explanation_zh="@SUM(A1)")
        many_flags(district.school, 1, indicator="L01")
        sign_in(client, district.auditor)

        answer = client.get(f"{reverse('audit:export')}?indicator=R068")

        rows = _cells(answer.content)
        assert "attachment" in answer["Content-Disposition"]
        assert len(rows) == 2
        assert (rows[0][3], rows[0][8]) == ("=1+1", "@SUM(A1)")
        assert openpyxl.load_workbook(BytesIO(answer.content)).active["D2"].data_type == "s"  # type: ignore[index]

    def test_says_how_many_it_leaves_out(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exchange, "EXPORT_LIMIT", 3)
        district = make_district()
        many_flags(district.school, 5)
        sign_in(client, district.auditor)

        rows = _cells(client.get(reverse("audit:export")).content)

        assert len([row for row in rows if row[1] == "R068"]) == 3
        assert rows[-1][0] == "另有2条未列出，请缩小筛选范围后再导出。"

    def test_costs_the_same_however_many_flags_there_are(self, client: Client) -> None:
        district = make_district()
        many_flags(district.school, 2000)
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("audit:export"))

        assert len(captured) <= 8


class TestFlagPage:
    def test_costs_twelve_queries(self, client: Client) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("audit:flag", args=[flag.pk]))

        assert response.status_code == 200
        assert len(captured) <= 12

    def test_tells_why_with_the_rows_the_chain_and_what_would_be_innocent(self, client: Client) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.auditor)

        page = text_of(client, reverse("audit:flag", args=[flag.pk]))

        assert "累计付款为合同价（含变更）的 1.5 倍" in page
        assert "《政府采购法》（2014年）第49条" in page
        assert "经批准的补充合同未录入" in page
        assert "累计付款不超过合同价" in page
        assert "尚无核查，准确率未知。" in page
        assert "supplement_percent = 10" in page
        assert "1,500.00" in page
        stages = [">预算<", ">采购计划<", ">招标<", ">合同<", ">验收<", ">付款<"]
        assert [stage for stage in stages if stage in page] == stages
        assert [page.index(stage) for stage in stages] == sorted(page.index(stage) for stage in stages)
        assert page.count("本提示的依据") == 2

    def test_speaks_english_to_those_who_read_it(self, client: Client) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.auditor)

        page = client.get(reverse("audit:flag", args=[flag.pk]), headers={"accept-language": "en"}).content.decode()

        assert "Paid above the contract" in page
        assert "An approved supplement was not entered" in page

    @pytest.mark.parametrize("who", ["school", "neighbour", "principal", "other_principal", "office", "nobody"])
    def test_answers_those_out_of_scope_like_one_that_does_not_exist(self, client: Client, who: str) -> None:
        district = make_district()
        (flag,) = many_flags(district.neighbour, 1)
        people = {"school": school_auditor(district), "nobody": None}
        person: Person | None = (
            people.get(who, getattr(district, who, None)) if who != "neighbour" else district.principal
        )
        if person is not None:
            sign_in(client, person)

        there = client.get(reverse("audit:flag", args=[flag.pk]))
        nowhere = client.get(reverse("audit:flag", args=[flag.pk + 1]))
        sent = client.post(reverse("audit:flag", args=[flag.pk]), {"outcome": "DISMISSED", "reason": "x"})

        assert there.status_code == nowhere.status_code == sent.status_code == (302 if person is None else 404)
        assert person is None or there.content == nowhere.content == sent.content
        assert not Triage.objects.exists()

    def test_is_read_only_for_those_who_only_look(self, client: Client) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.leader)

        page = text_of(client, reverse("audit:flag", args=[flag.pk]))
        client.post(reverse("audit:flag", args=[flag.pk]), {"outcome": "DISMISSED", "reason": "x"})

        assert 'name="outcome"' not in page
        assert not Triage.objects.exists()

    def test_keeps_its_words_when_the_records_are_gone(self, client: Client) -> None:
        district = make_district()
        (flag,) = many_flags(district.school, 1, evidence={"payment": [{"payment_id": "X"}]})
        sign_in(client, district.auditor)

        page = text_of(client, reverse("audit:flag", args=[flag.pk]))

        assert "原始记录不在库中" in page
        assert "累计付款过多。" in page

    def test_says_when_the_latest_run_did_not_raise_it_again(self, client: Client) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.auditor)
        before = text_of(client, reverse("audit:flag", args=[flag.pk]))
        write_mart(overpaid(district.school, 0, times=1))
        run = run_audit(district.auditor)

        after = text_of(client, reverse("audit:flag", args=[flag.pk]))

        assert "没有再提示这一条" not in before
        assert f"最近一次跟踪审计（#{run.pk}）没有再提示这一条" in after

    def test_counts_all_the_rows_and_lists_some(self, client: Client) -> None:
        district = make_district()
        part = overpaid(district.school, 0)
        part["payment"] = [{**part["payment"][0], "payment_id": f"X{number}"} for number in range(600)]
        write_mart(part)
        run_audit(district.auditor)
        flag = Flag.objects.get(indicator="R068")
        sign_in(client, district.auditor)

        page = text_of(client, reverse("audit:flag", args=[flag.pk]))

        assert "共600条，列出50条" in page


class TestTriageOnScreen:
    def send(self, client: Client, flag: Flag, **given: str) -> tuple[int, str, int]:
        """The status, the page and how many queries it took."""
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(reverse("audit:flag", args=[flag.pk]), given)
        return answer.status_code, answer.content.decode(), len(captured)

    def test_takes_fifteen_queries_and_leads_back_to_the_flag(self, client: Client) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.auditor)

        status, _page, queries = self.send(client, flag, outcome="EXPLAINED", reason="有补充合同")

        assert status == 302
        assert queries <= 15
        page = text_of(client, reverse("audit:flag", args=[flag.pk]))
        assert "有补充合同" in page
        assert "已核查1条，其中0条转为问题线索。" in page

    def test_turns_a_hint_into_a_lead_once_however_often_it_is_sent(self, client: Client) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.auditor)

        self.send(client, flag, outcome="LEAD", reason="属实")
        self.send(client, flag, outcome="LEAD", reason="属实")

        assert Lead.objects.count() == Triage.objects.count() == 1
        assert Lead.objects.get().evidence["rows"]["contract"][0]["contract_id"] == flag.subject_id

    def test_shows_the_way_to_the_lead_only_to_those_who_read_leads(self, client: Client) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.auditor)
        self.send(client, flag, outcome="LEAD", reason="属实")
        link = reverse("leads:detail", args=[Lead.objects.get().pk])
        auditors = text_of(client, reverse("audit:flag", args=[flag.pk]))
        sign_in(client, district.leader)

        assert link not in auditors
        assert link in text_of(client, reverse("audit:flag", args=[flag.pk]))

    @pytest.mark.parametrize("given", [{"outcome": "DISMISSED"}, {"reason": "x"}, {"outcome": "OPEN", "reason": "x"}])
    def test_comes_back_with_what_is_missing(self, client: Client, given: dict[str, str]) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.auditor)

        status, page, _queries = self.send(client, flag, **given)

        assert status == 422
        assert "field-error" in page
        assert not Triage.objects.exists()

    def test_opens_a_decided_flag_again_for_a_reason(self, client: Client) -> None:
        district = make_district()
        (flag,) = raised(district)
        sign_in(client, district.auditor)
        self.send(client, flag, outcome="DISMISSED", reason="录入错误")
        offered = text_of(client, reverse("audit:flag", args=[flag.pk]))

        status, _page, _queries = self.send(client, flag, reason="有新的材料")

        flag.refresh_from_db()
        assert "重新核查" in offered
        assert 'name="outcome"' not in offered
        assert (status, flag.state) == (302, "OPEN")


class TestRunPages:
    @pytest.mark.parametrize("number", [20, 2000])
    def test_list_costs_eight_queries(self, client: Client, number: int) -> None:
        district = make_district()
        Run.objects.bulk_create(Run(state="DONE", asked_at=AT, finished_at=AT) for _step in range(number))
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("audit:runs"))

        assert response.status_code == 200
        assert len(captured) <= 8

    def test_ask_for_a_run_in_fifteen_queries(self, client: Client) -> None:
        district = make_district()
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            answer = client.post(reverse("audit:runs"))

        assert answer["Location"] == reverse("audit:run", args=[Run.objects.get().pk])
        assert len(captured) <= 15
        assert 'hx-trigger="every 1s"' in text_of(client, answer["Location"])

    def test_tell_what_was_raised_what_could_not_run_and_how_to_repeat_it(self, client: Client) -> None:
        district = make_district()
        raised(district, 2)
        run = Run.objects.get()
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            page = text_of(client, reverse("audit:run", args=[run.pk]))

        assert len(captured) <= 12
        assert f'href="{reverse("audit:flags")}?raised_in={run.pk}">2</a>' in page
        assert f'href="{reverse("audit:flags")}?first_in={run.pk}">2</a>' in page
        assert "缺少数据表：meal_count" in page
        assert run.manifest["input_hash"] in page

    def test_say_what_to_do_when_there_are_no_records(self, client: Client) -> None:
        district = make_district()
        run = run_audit(district.auditor)
        sign_in(client, district.auditor)

        assert "还没有导入过数据，请先导入。" in text_of(client, reverse("audit:run", args=[run.pk]))

    def test_are_not_there_for_who_keeps_the_audit_of_one_school(self, client: Client) -> None:
        district = make_district()
        run = finished_run()
        sign_in(client, school_auditor(district))

        answers = [
            client.get(reverse("audit:runs")), client.post(reverse("audit:runs")),
            client.get(reverse("audit:run", args=[run.pk])), client.get(reverse("audit:run", args=[run.pk + 1])),
        ]  # fmt: skip

        assert {answer.status_code for answer in answers} == {404}
        assert answers[2].content == answers[3].content
        assert Run.objects.count() == 1


class TestIndicatorPages:
    def test_list_tells_precision_and_readiness_of_every_indicator(self, client: Client) -> None:
        district = make_district()
        flags = raised(district, 4)
        for flag, outcome in zip(flags, (FlagState.LEAD, FlagState.EXPLAINED, FlagState.DISMISSED), strict=False):
            operations.triage(flag=flag, outcome=outcome, reason="x", actor=actor(district.auditor), at=AT)
        sign_in(client, district.leader)

        with CaptureQueriesContext(connection) as captured:
            page = text_of(client, reverse("audit:precision"))

        assert len(captured) <= 8
        assert ">33%<" in page
        assert f'{reverse("audit:flags")}?indicator=R068&amp;state=LEAD">1</a>' in page
        assert f'{reverse("audit:flags")}?indicator=R068">4</a>' in page
        assert "缺少数据表：meal_count" in page
        assert "缺少设置：open_tender_limit_fen" in page
        assert reverse("audit:parameters", args=["SHARED"]) not in page

    def test_list_counts_one_s_own_part_of_the_district_only(self, client: Client) -> None:
        district = make_district()
        many_flags(district.school, 2)
        many_flags(district.neighbour, 5)
        sign_in(client, school_auditor(district))

        assert f'{reverse("audit:flags")}?indicator=R068">2</a>' in text_of(client, reverse("audit:precision"))

    def test_one_tells_what_it_rests_on_and_what_it_reads(self, client: Client) -> None:
        district = make_district()
        raised(district)
        sign_in(client, district.auditor)

        with CaptureQueriesContext(connection) as captured:
            page = text_of(client, reverse("audit:indicator", args=["PR-18"]))

        assert len(captured) <= 12
        assert "《政府采购法实施条例》" in page
        assert "100.0%" in page
        assert "不能运行：缺少数据列（或全部为空）：contract.published_on" in page

    @pytest.mark.parametrize("name", ["FI-01", "M01", "M02", "M03", "S02", "L13", "PR-27"])
    def test_never_show_an_article_for_a_screening_model(self, client: Client, name: str) -> None:
        settings.QINGQU_MART.mkdir()
        sign_in(client, make_district().auditor)

        page = text_of(client, reverse("audit:indicator", args=[name]))

        laws = [part.split("</span>")[0] for part in page.split('<span class="law">')[1:]]
        assert laws
        for law in laws:
            assert bool(re.search("第.{1,9}条）", law)) != ("（提示模型，不是法条）" in law or "（按规定）" in law)

    def test_are_not_there_for_an_unknown_indicator(self, client: Client) -> None:
        sign_in(client, make_district().auditor)

        for name in ("indicator", "parameters"):
            assert client.get(reverse(f"audit:{name}", args=["R999"])).status_code == 404


class TestParametersOnScreen:
    def test_are_kept_as_a_settings_file_would_hold_them(self, client: Client) -> None:
        district = make_district()
        sign_in(client, district.auditor)
        shared = {
            "currency": "CNY", "open_tender_limit_fen": "40000000", "as_of": "2026-08-31",
            "exclusions": "涉密\n\n应急 ", "price_comparison_procurement_methods": "",
        }  # fmt: skip

        with CaptureQueriesContext(connection) as captured:
            first = client.post(reverse("audit:parameters", args=["SHARED"]), shared)
        second = client.post(
            reverse("audit:parameters", args=["R003"]),
            {
                "threshold": "7",
                "procurement_methods": "OPEN\nINVITED",
                "procurement_method_details": "询价=3\n比选 = 5",
            },
        )

        assert (first.status_code, second.status_code) == (302, 302)
        assert len(captured) <= 15
        run = operations.ask_run(actor=actor(district.auditor), at=AT)
        assert run.parameters == {
            "currency": "CNY", "open_tender_limit_fen": 40_000_000, "as_of": "2026-08-31",
            "exclusions": {"procurement_method_details": ["涉密", "应急"]},
            "R003": {"threshold": 7, "procurement_methods": ["OPEN", "INVITED"],
                     "procurement_method_details": {"询价": 3, "比选": 5}},
        }  # fmt: skip
        page = text_of(client, reverse("audit:parameters", args=["R003"]))
        assert {"询价=3", "比选=5"} <= set(re.split(r"[\n<>]", page))
        assert "OPEN\nINVITED" in page
        assert "涉密\n应急" in text_of(client, reverse("audit:parameters", args=["SHARED"]))

    def test_let_an_indicator_run_that_lacked_them(self, client: Client) -> None:
        district = make_district()
        part = overpaid(district.school, 0)
        part["tender"][0].update(method="DIRECT", estimate_fen=50_000_000)
        write_mart(part)
        run_audit(district.auditor)
        before = Flag.objects.filter(indicator="PR-28").count()
        sign_in(client, district.auditor)
        client.post(reverse("audit:parameters", args=["SHARED"]), {"open_tender_limit_fen": "40000000"})

        run_audit(district.auditor)

        assert (before, Flag.objects.filter(indicator="PR-28").count()) == (0, 1)

    def test_come_back_with_what_cannot_be_used(self, client: Client) -> None:
        sign_in(client, make_district().auditor)

        odd = client.post(reverse("audit:parameters", args=["R003"]), {"procurement_method_details": "询价"})
        text = client.post(reverse("audit:parameters", args=["R003"]), {"threshold": "many"})

        assert (odd.status_code, text.status_code) == (422, 422)
        assert "每行写成“名称=数字”。" in odd.content.decode()

    def test_say_what_holds_while_they_are_empty(self, client: Client) -> None:
        sign_in(client, make_district().auditor)

        page = text_of(client, reverse("audit:parameters", args=["M01"]))

        assert "不填则为1.1" in page
        assert "提示模型，不是法条" in page

    def test_are_the_district_s_to_set(self, client: Client) -> None:
        district = make_district()

        for person in (school_auditor(district), district.leader):
            sign_in(client, person)
            assert client.post(reverse("audit:parameters", args=["R003"]), {"threshold": "1"}).status_code == 404
