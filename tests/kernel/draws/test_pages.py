"""Screens of the draws."""

import hashlib
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from qingqu.engines import draw as engine
from qingqu.kernel.draws import queries
from qingqu.kernel.draws.models import Ceremony
from tests.factories import AT, sign_in
from tests.kernel.draws.stage import (
    COMMIT_BY,
    DICE,
    HOUR,
    PEOPLE,
    REVEAL_BY,
    SCHOOLS,
    SENTENCES,
    SOURCE_AT,
    Stage,
    committed,
    log_it,
    nonce,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    """A ceremony in preparation."""
    return Stage()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``clock(moment)`` sets what the doors read."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(AT)
    return set_to


def entered(client: Client, stage: Stage, name: str = "organiser") -> Client:
    """The browser of somebody."""
    sign_in(client, stage.person(name))
    return client


def page_of(client: Client, stage: Stage) -> str:
    """The ceremony's page for organisers."""
    return client.get(reverse("draws:detail", args=[stage.row.pk])).content.decode()


def act(client: Client, stage: Stage, verb: str, **sent: Any) -> Any:
    """Press the button of a step, having read what follows."""
    return client.post(reverse("draws:act", args=[stage.row.pk, verb]), sent | {"confirmed": "1"})


def written(captured: CaptureQueriesContext) -> int:
    """How many statements a POST took, its marks inside the transaction aside."""
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


TYPED = {
    "title": "春季抽查",
    "purpose": "食堂检查",
    "commit_by": "2026-09-24T11:00",
    "reveal_by": "2026-09-24T12:00",
    "source_at": "2026-09-24T13:00",
    "source_kind": "DICE",
    "throws": "20",
}


class TestRegister:
    @pytest.mark.parametrize("number", [20, 100])
    def test_costs_eight_queries_however_many_there_are(self, client: Client, stage: Stage, number: int) -> None:
        for _step in range(number):
            stage.prepared()
        entered(client, stage)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("draws:list"))

        assert response.content.decode().count("YS2026-") == 20
        assert len(captured) <= 8

    def test_is_read_in_a_bounded_number_of_rows(self, client: Client, stage: Stage) -> None:
        first = Ceremony.objects.get(pk=stage.row.pk)
        copies = []
        for place in range(10_000):
            first.pk, first.number = None, f"X{place}"
            copies.append(Ceremony(**{f.attname: getattr(first, f.attname) for f in Ceremony._meta.concrete_fields}))
        Ceremony.objects.bulk_create(copies)
        entered(client, stage)

        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("draws:list"))

        assert "1000+" in response.content.decode()
        assert len(captured) <= 8

    def test_and_every_page_behind_it_is_not_there_for_others(self, client: Client, stage: Stage) -> None:
        stage.frozen()
        entered(client, stage, "principal")
        nothing = client.get("/there-is-no-such-page").content

        for address in (
            reverse("draws:list"),
            reverse("draws:new"),
            reverse("draws:template"),
            reverse("draws:detail", args=[stage.row.pk]),
            reverse("draws:roster", args=[stage.row.pk]),
            reverse("draws:part", args=[stage.row.pk]),
        ):
            answer = client.get(address)
            assert (answer.status_code, answer.content) == (404, nothing), address


class TestPreparing:
    def test_goes_from_nothing_to_a_frozen_roster(self, client: Client, stage: Stage, clock: Any) -> None:
        entered(client, stage)
        client.post(reverse("draws:new"), TYPED | {"unit": stage.root.pk})
        stage.row = Ceremony.objects.latest("id")
        roster = reverse("draws:roster", args=[stage.row.pk])
        client.post(roster, {"title": "学校", "kind": "SCHOOLS", "roster": SCHOOLS, "counts": "高风险，1\n低风险，2"})
        act(client, stage, "party", name="教育局", post=stage.post("区教育局").pk)
        client.post(reverse("draws:act", args=[stage.row.pk, "freeze"]))
        stage.row.refresh_from_db()
        assert stage.row.state == "DRAFT"
        act(client, stage, "freeze")

        stage.row.refresh_from_db()
        assert stage.row.state == "FROZEN"
        assert stage.draw.roster["quotas"] == {"高风险": 1, "低风险": 2}

    def test_takes_a_roster_from_a_workbook(self, client: Client, stage: Stage) -> None:
        entered(client, stage)
        book = load_workbook(BytesIO(client.get(reverse("draws:template")).content))
        for row in (("甲校", "高", ""), ("乙校", "低", "")):
            book["名单"].append(row)
        filled = BytesIO()
        book.save(filled)
        sent = {
            "title": "学校",
            "kind": "SCHOOLS",
            "counts": "高，1\n低，1",
            "file": SimpleUploadedFile("a.xlsx", filled.getvalue()),
        }

        client.post(reverse("draws:roster", args=[stage.row.pk]), sent)

        entries = stage.row.draws.order_by("-id")[0].entries.order_by("id")
        assert list(entries.values_list("stratum", "number")) == [("高", "甲校"), ("低", "乙校")]

    def test_says_what_is_wrong_with_a_workbook(self, client: Client, stage: Stage) -> None:
        entered(client, stage)
        sent = {"title": "学校", "kind": "SCHOOLS", "counts": "1", "file": SimpleUploadedFile("a.xlsx", b"PK")}

        answer = client.post(reverse("draws:roster", args=[stage.row.pk]), sent)

        assert (answer.status_code, "不是 XLSX" in answer.content.decode()) == (422, True)

    def test_takes_the_units_below_by_kind(self, client: Client, stage: Stage) -> None:
        entered(client, stage)
        sent = {"title": "学校", "kind": "ROLLOUT", "counts": "", "units": ["PRIMARY"]}

        client.post(reverse("draws:roster", args=[stage.row.pk]), sent)

        entry = stage.row.draws.order_by("-id")[0].entries.get()
        assert (entry.stratum, entry.number, entry.unit) == ("小学", "第一小学", stage.school)

    @pytest.mark.parametrize("ways", [{}, {"roster": "甲", "units": ["PRIMARY"]}])
    def test_asks_for_exactly_one_way(self, client: Client, stage: Stage, ways: dict[str, Any]) -> None:
        entered(client, stage)

        answer = client.post(
            reverse("draws:roster", args=[stage.row.pk]), {"title": "学校", "kind": "SCHOOLS", "counts": "1"} | ways
        )

        assert (answer.status_code, "三者选一" in answer.content.decode()) == (422, True)

    @pytest.mark.parametrize(
        ("changed", "says"),
        [({"throws": ""}, "需要填写"), ({"throws": "20", "reveal_by": "2026-09-24T10:00"}, "时间应依次为")],
    )
    def test_says_what_is_missing_or_out_of_order(
        self, client: Client, stage: Stage, clock: Any, changed: dict[str, str], says: str
    ) -> None:
        entered(client, stage)

        answer = client.post(reverse("draws:new"), TYPED | {"unit": stage.root.pk} | changed)

        assert (answer.status_code, says in answer.content.decode()) == (422, True)

    def test_shows_the_link_of_an_outside_body_once(self, client: Client, stage: Stage) -> None:
        entered(client, stage)

        answer = act(client, stage, "party", name="公证处", post="", speaks_for="某公证处").content.decode()

        secret = answer.split("/draws/party/")[1].split("/")[0]
        assert queries.secret_digest(secret) == stage.party("公证处").secret_sha256
        assert secret not in page_of(client, stage)

    def test_puts_changed_terms_back_into_the_form(self, client: Client, stage: Stage, clock: Any) -> None:
        entered(client, stage)
        act(client, stage, "change", **TYPED)

        page = page_of(client, stage)

        assert "春季抽查" in page
        assert 'value="2026-09-24T11:00"' in page


class TestDetail:
    @pytest.mark.parametrize("step", ["frozen", "all_committed", "two_revealed", "with_source", "drawn"])
    def test_costs_twelve_queries_at_every_step(self, client: Client, stage: Stage, step: str) -> None:
        stage.with_roster("INSPECTORS", PEOPLE, "2")
        getattr(stage, step)()
        entered(client, stage)

        with CaptureQueriesContext(connection) as captured:
            page = page_of(client, stage)

        assert "已记入公开日志第" in page
        assert len(captured) <= 12

    def test_says_who_is_waited_for(self, client: Client, stage: Stage, clock: Any) -> None:
        stage.frozen()
        stage.commit("区教育局")
        entered(client, stage)

        assert '等待承诺：<span lang="zh-CN">派驻纪检组、家长代表</span>' in page_of(client, stage)

    def test_tells_organisers_whom_the_numbers_stand_for_and_the_public_not(self, client: Client, stage: Stage) -> None:
        people = stage.with_roster("INSPECTORS", PEOPLE, "4")
        stage.drawn()

        public = client.get(reverse("draws:public", args=[people.number])).content.decode()
        hall = client.get(reverse("draws:hall", args=[stage.row.number])).content.decode()
        entered(client, stage)

        assert "张三" in page_of(client, stage)
        assert "张三" not in public + hall
        assert "0001" in public

    def test_walks_through_the_steps(self, client: Client, stage: Stage, clock: Any) -> None:
        stage.two_revealed()
        clock(SOURCE_AT)
        entered(client, stage)
        act(client, stage, "record", value=DICE)
        assert act(client, stage, "confirm", value=DICE).status_code == 422
        entered(client, stage, "second")
        assert act(client, stage, "confirm", value=DICE[::-1]).status_code == 422
        act(client, stage, "confirm", value=DICE)
        client.post(reverse("draws:act", args=[stage.row.pk, "draw"]))
        assert not stage.draw.result_sha256
        with CaptureQueriesContext(connection) as captured:
            act(client, stage, "draw")

        assert stage.draw.result_sha256
        assert written(captured) <= 15

    def test_keeps_the_reason_of_who_goes_back_before_abandoning(self, client: Client, stage: Stage) -> None:
        stage.frozen()
        entered(client, stage)
        address = reverse("draws:act", args=[stage.row.pk, "abandon"])
        asking = client.post(address, {"reason": "设备故障"}).content.decode()
        assert 'name="confirmed" value="0" formaction="#abandon"' in asking

        shown = client.post(address, {"reason": "设备故障", "confirmed": "0"})

        stage.row.refresh_from_db()
        assert (shown.status_code, stage.row.state) == (200, "FROZEN")
        assert 'id="abandon" open' in shown.content.decode()
        assert "设备故障" in shown.content.decode()

    def test_closes_recuses_and_abandons(self, client: Client, stage: Stage, clock: Any) -> None:
        stage.frozen()
        entered(client, stage)
        act(client, stage, "recuse", draw=stage.draw.pk, number="第一小学", reason="亲属在该校")
        clock(COMMIT_BY + HOUR)
        act(client, stage, "close")
        act(client, stage, "abandon", reason="设备故障")

        page = page_of(client, stage)
        public = client.get(reverse("draws:public", args=[stage.draw.number])).content.decode()
        assert "已中止" in page
        assert "设备故障" in public
        assert "亲属在该校" not in public

    def test_renews_a_link_and_takes_out_what_was_added(self, client: Client, stage: Stage) -> None:
        entered(client, stage)

        assert "/draws/party/" in act(client, stage, "link", row=stage.party("家长代表").pk).content.decode()
        act(client, stage, "drop_party", row=stage.party("家长代表").pk)
        act(client, stage, "drop_draw", row=stage.draw.pk)
        assert (stage.row.parties.count(), stage.row.draws.count()) == (2, 0)


class TestAParty:
    def test_commits_and_reveals_by_account(self, client: Client, stage: Stage, clock: Any) -> None:
        stage.frozen()
        address = reverse("draws:part", args=[stage.row.pk])
        entered(client, stage, "区教育局")
        stage.commit("派驻纪检组")
        with CaptureQueriesContext(connection) as captured:
            client.post(address, {"step": "commit", "commitment": committed("区教育局")})
        assert written(captured) <= 15
        log_it()
        assert "已记入公开日志第" in client.get(address).content.decode()
        stage.commit("家长代表")
        clock(COMMIT_BY + HOUR)
        sent = {"step": "reveal", "contribution": SENTENCES["区教育局"], "nonce": nonce("区教育局")}
        with CaptureQueriesContext(connection) as captured:
            client.post(address, sent)

        assert written(captured) <= 15
        assert stage.party("区教育局").revealed_at == COMMIT_BY + HOUR

    def test_commits_and_reveals_by_link_without_an_account(self, client: Client, stage: Stage, clock: Any) -> None:
        stage.frozen()
        address = reverse("draws:outside", args=[stage.secrets["家长代表"]])
        client.post(address, {"step": "commit", "commitment": committed("家长代表")})
        clock(COMMIT_BY + HOUR)
        wrong = client.post(address, {"step": "reveal", "contribution": "改口", "nonce": nonce("家长代表")})
        client.post(address, {"step": "reveal", "contribution": SENTENCES["家长代表"], "nonce": nonce("家长代表")})

        assert wrong.status_code == 422
        assert stage.party("家长代表").contribution == SENTENCES["家长代表"]

    def test_is_told_to_wait_until_the_roster_is_in_the_log(self, client: Client, stage: Stage, clock: Any) -> None:
        stage.act("freeze")
        address = reverse("draws:outside", args=[stage.secrets["家长代表"]])

        assert "正在记入公开日志" in client.get(address).content.decode()
        refused = client.post(address, {"step": "commit", "commitment": committed("家长代表")})
        assert refused.status_code == 422

    def test_that_came_too_late_is_told_what_happens(self, client: Client, stage: Stage, clock: Any) -> None:
        stage.all_committed()
        clock(REVEAL_BY + HOUR / 60)
        address = reverse("draws:outside", args=[stage.secrets["家长代表"]])

        page = client.get(address).content.decode()

        assert "揭示已经截止" in page
        assert 'name="nonce"' not in page

    def test_has_no_page_before_the_freeze_nor_with_another_link(self, client: Client, stage: Stage) -> None:
        nothing = client.get("/there-is-no-such-page").content
        for secret in (stage.secrets["家长代表"], "guessed"):
            answer = client.get(reverse("draws:outside", args=[secret]))
            assert (answer.status_code, answer.content) == (404, nothing)

    @pytest.mark.parametrize("step", ["frozen", "two_revealed", "drawn"])
    def test_page_costs_twelve_queries(self, client: Client, stage: Stage, clock: Any, step: str) -> None:
        getattr(stage, step)()
        entered(client, stage, "区教育局")

        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("draws:part", args=[stage.row.pk]))

        assert len(captured) <= 12


class TestPublicPages:
    @pytest.mark.parametrize("number", [20, 60])
    def test_list_in_eight_queries(self, client: Client, stage: Stage, number: int) -> None:
        for _step in range(number):
            stage.with_roster()
        stage.frozen()

        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("draws:public_list")).content.decode()

        assert page.count("秋季收费检查：") == 20
        assert len(captured) <= 8

    def test_know_nothing_of_a_preparation(self, client: Client, stage: Stage) -> None:
        nothing = client.get("/there-is-no-such-page").content
        for address in (
            reverse("draws:public", args=[stage.draw.number]),
            reverse("draws:public_roster", args=[stage.draw.number]),
            reverse("draws:bundle", args=[stage.draw.number]),
            reverse("draws:hall", args=[stage.row.number]),
        ):
            answer = client.get(address)
            assert (answer.status_code, answer.content) == (404, nothing)
        assert stage.row.title not in client.get(reverse("draws:public_list")).content.decode()

    @pytest.mark.parametrize("step", ["frozen", "all_committed", "two_revealed", "drawn"])
    def test_show_a_draw_in_twelve_queries(self, client: Client, stage: Stage, step: str) -> None:
        getattr(stage, step)()
        log_it()

        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("draws:public", args=[stage.draw.number]), {"entry": "第一小学"}).content.decode()

        assert stage.draw.digest in page
        assert "正在记入公开日志" not in page
        assert len(captured) <= 12

    def test_name_who_did_not_reveal(self, client: Client, stage: Stage) -> None:
        stage.drawn()

        page = client.get(reverse("draws:public", args=[stage.draw.number])).content.decode()

        assert '未揭示：<strong lang="zh-CN">家长代表</strong>' in page
        assert SENTENCES["区教育局"] in page
        assert SENTENCES["家长代表"] not in page

    def test_find_a_number_with_the_ticket_that_the_engine_gives_it(self, client: Client, stage: Stage) -> None:
        stage.drawn()
        drawn = stage.draw
        address = reverse("draws:public", args=[drawn.number])
        lucky = drawn.result.content["strata"]["低风险"]["chosen"][0]

        page = client.get(address, {"entry": lucky}).content.decode()

        ticket = engine.ticket(bytes.fromhex(drawn.result.seed), drawn.number, "低风险", lucky).hex()
        assert ticket in page
        assert "第 1 名，共 3 个" in page
        assert "名单里没有这个编号" in client.get(address, {"entry": "无此学校"}).content.decode()

    def test_say_before_the_result_that_a_number_is_on_the_roster(self, client: Client, stage: Stage) -> None:
        stage.frozen()

        page = client.get(reverse("draws:public", args=[stage.draw.number]), {"entry": "第一小学"}).content.decode()

        assert "在名单里，尚未抽出结果" in page

    def test_give_the_roster_whose_digest_was_published(self, client: Client, stage: Stage) -> None:
        stage.frozen()

        content = client.get(reverse("draws:public_roster", args=[stage.draw.number])).content

        assert hashlib.sha256(content).hexdigest() == stage.draw.digest

    def test_give_a_bundle_that_replays_and_the_scripts(self, client: Client, stage: Stage) -> None:
        stage.drawn()

        bundle = client.get(reverse("draws:bundle", args=[stage.draw.number])).content

        assert engine.replay(bundle, roster_sha256=stage.draw.digest).is_same
        for name in ("replay_py", "replay_mjs"):
            assert client.get(reverse(f"draws:{name}")).content == engine.script(name.replace("_", "."))

    def test_list_what_was_drawn_from_the_same_list_before(self, client: Client, stage: Stage) -> None:
        stage.drawn()
        first = stage.draw.number
        stage.row = stage.prepared()
        stage.with_roster()
        stage.act("put_party", name="公证处", post=None, speaks_for="公证处")
        stage.act("freeze")

        page = client.get(reverse("draws:public", args=[stage.draw.number])).content.decode()

        assert f'<a href="/draws/{first}/">{first}</a>（已抽出）' in page

    def test_stay_small_for_a_large_roster(self, client: Client, stage: Stage) -> None:
        many = "\n".join(f"孩子{number}" for number in range(3000))
        children = stage.with_roster("CHILDREN", many, "500")
        stage.drawn()

        page = client.get(reverse("draws:public", args=[children.number])).content

        assert len(page) < 60_000
        assert "孩子" not in page.decode()


class TestTheHall:
    def test_asks_for_itself_again_until_it_is_over(self, client: Client, stage: Stage) -> None:
        stage.all_committed()
        address = reverse("draws:hall", args=[stage.row.number])
        before = client.get(address, headers={"HX-Request": "true"}).content.decode()
        stage.reveal("区教育局")
        stage.reveal("派驻纪检组")
        for by, step in (("organiser", "record_source"), ("second", "confirm_source")):
            stage.act(step, at=SOURCE_AT, value=DICE, by=by)
        stage.act("draw", at=SOURCE_AT)
        after = client.get(address, headers={"HX-Request": "true"}).content.decode()

        assert ("every 3s" in before, "<html" in before) == (True, False)
        assert "every 3s" not in after
        assert stage.draw.result.content["strata"]["高风险"]["chosen"][0] in after

    @pytest.mark.parametrize("step", ["frozen", "drawn"])
    def test_costs_eight_queries(self, client: Client, stage: Stage, step: str) -> None:
        getattr(stage, step)()

        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("draws:hall", args=[stage.row.number]))

        assert len(captured) <= 8


def test_the_refusals_are_said_in_english_too(stage: Stage, client: Client) -> None:
    entered(client, stage)
    client.cookies["django_language"] = "en"

    answer = client.post(
        reverse("draws:roster", args=[stage.row.pk]),
        {"title": "schools", "kind": "SCHOOLS", "roster": "甲\n甲", "counts": "1"},
    ).content.decode()

    assert "stands at" in answer
    assert "重复" not in answer


def test_days_left_are_counted_in_the_districts_days(stage: Stage, client: Client, clock: Any) -> None:
    stage.frozen()
    clock(AT - timedelta(days=3))

    page = client.get(reverse("draws:public", args=[stage.draw.number])).content.decode()

    assert page.count("还剩 3 天") == 3
