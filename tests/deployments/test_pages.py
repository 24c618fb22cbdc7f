"""Screens of the spine: budgets, scope, the acts by clicking."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.deployments import queries
from qingqu.deployments.models import Assignment, Directive, Measure, TriedWorkbook
from qingqu.deployments.types import Hole, State
from qingqu.kernel.core import clock
from qingqu.kernel.files.models import StoredFile
from qingqu.kernel.org.models import Post
from qingqu.kernel.org.types import Role
from tests.deployments.places import AT, District, make_directive, make_measure, make_post, post_of, put_on
from tests.factories import seat, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    """The doors read the tests' moment."""
    monkeypatch.setattr(clock.timezone, "now", lambda: AT)


def spent_on(client, url, **query):
    """The page and how many queries it cost."""
    with CaptureQueriesContext(connection) as spent:
        page = client.get(url, query)
    assert page.status_code == 200
    return page.content.decode(), len(spent)


def at(row):
    """Where an assignment is shown."""
    return [row.measure_id, row.post_id]


class TestLists:
    @pytest.mark.parametrize("rows", [20, 100])
    def test_cost_at_most_eight_queries(self, client, rows):
        district = District(schools=1)
        for number in range(rows):
            measure = make_measure(make_directive(district.root, f"D{number}"), f"M{number}")
            put_on(measure, district.schools)
        sign_in(client, district.principals[0])

        assert spent_on(client, reverse("deployments:list"))[1] <= 8
        assert spent_on(client, reverse("deployments:list"), q="部署")[1] <= 8
        assert spent_on(client, reverse("deployments:mine"))[1] <= 8

    def test_cost_the_same_with_ten_thousand_directives(self, client):
        district = District(schools=0)
        Directive.objects.bulk_create(
            Directive(
                code=f"X{number}",
                title=f"部署{number}",
                issuer="区",
                issued_on=AT.date(),
                unit=district.root,
                is_public=True,
            )
            for number in range(10_000)
        )
        sign_in(client, district.office)

        page, cost = spent_on(client, reverse("deployments:list"), page=40)

        assert cost <= 8
        assert "1000+" in page

    def test_finds_by_words(self, client):
        district = District()
        make_directive(district.root, title="师德师风专项部署")
        sign_in(client, district.principals[0])

        page, _cost = spent_on(client, reverse("deployments:list"), q="师风")

        assert "师德<mark>师风</mark>专项部署" in page
        assert "没有找到" in spent_on(client, reverse("deployments:list"), q="采购")[0]


class TestDetails:
    def test_cost_at_most_twelve_queries_for_a_hundred_schools(self, client):
        district = District(schools=100)
        directive = make_directive(district.root)
        for number in range(14):
            make_measure(directive, f"M{number}", order=number + 1)
        rows = put_on(Measure.objects.get(key="M0"), district.schools)
        sign_in(client, district.office)

        for name, arguments in (
            ("directive", [directive.pk]),
            ("measure", [rows[0].measure_id]),
            ("matrix", [directive.pk]),
            ("assignment", at(rows[0])),
        ):
            assert spent_on(client, reverse(f"deployments:{name}", args=arguments))[1] <= 12, name

    def test_shows_holes_with_counts_that_open_their_rows(self, client):
        district = District()
        put_on(make_measure(make_directive(district.root)), district.schools)
        sign_in(client, district.office)

        page, cost = spent_on(client, reverse("deployments:holes"), hole=Hole.NOT_TAKEN)

        assert cost <= 14
        assert page.count("第0小学 · 措施M1") == page.count("第1小学 · 措施M1") == 1

    def test_says_a_matrix_cell_in_words(self, client):
        district = District()
        directive = make_directive(district.root)
        put_on(make_measure(directive), district.schools[:1])
        sign_in(client, district.office)

        page, _cost = spent_on(client, reverse("deployments:matrix", args=[directive.pk]))

        assert "待承接</a>" in page
        assert "空缺</a>" in page


class TestScope:
    def test_answers_a_foreign_row_like_none(self, client):
        district = District()
        directive = make_directive(district.root, is_public=False)
        measure = make_measure(directive)
        row = put_on(measure, district.schools[1:])[0]
        sign_in(client, district.principals[0])

        missing = client.get(reverse("deployments:directive", args=[99999]))
        for url in (
            reverse("deployments:directive", args=[directive.pk]),
            reverse("deployments:matrix", args=[directive.pk]),
            reverse("deployments:measure", args=[measure.pk]),
            reverse("deployments:assignment", args=at(row)),
        ):
            page = client.get(url)
            assert (page.status_code, page.content) == (404, missing.content), url

    @pytest.mark.parametrize("name", ["new", "import", "template", "export"])
    def test_keeps_entering_to_those_who_manage_directives(self, client, name):
        district = District()
        sign_in(client, district.principals[0])

        assert client.get(reverse(f"deployments:{name}")).status_code == 404

    def test_lets_nobody_act_for_another_post(self, client):
        district = District()
        row = put_on(make_measure(make_directive(district.root)), district.schools[:1])[0]
        sign_in(client, district.office)

        assert client.post(reverse("deployments:accept", args=at(row))).status_code == 404
        assert Assignment.objects.get(pk=row.pk).state == State.PENDING


class TestPath:
    def test_goes_from_entering_to_done_by_clicking(self, client):
        district = District()
        sign_in(client, district.office)
        client.post(
            reverse("deployments:new"),
            {"code": "D1", "title": "部署", "issuer": "区教育工委", "issued_on": "2026-09-01", "is_public": "on"},
        )
        directive = Directive.objects.get()
        client.post(
            reverse("deployments:new_measure", args=[directive.pk]),
            {
                "key": "M1",
                "pillar": "SAFEGUARDS",
                "order": "1",
                "name": "廉政风险防控",
                "recurrence": "YEARLY",
                "ends_on": "2026-12-31",
            },
        )
        measure = Measure.objects.get()
        with CaptureQueriesContext(connection) as spent:
            client.post(reverse("deployments:cascade", args=[measure.pk]), {"units": [district.schools[0].pk]})
        assert len(spent) <= 22
        row = Assignment.objects.get()

        sign_in(client, district.principals[0])
        with CaptureQueriesContext(connection) as spent:
            client.post(reverse("deployments:accept", args=at(row)))
        assert "不能改回" in client.post(reverse("deployments:complete", args=at(row))).content.decode()
        assert Assignment.objects.get().state == State.ACCEPTED
        client.post(reverse("deployments:complete", args=at(row)), {"confirmed": "1"})

        assert len(spent) <= 15
        assert Assignment.objects.get().state == State.DONE
        assert "已完成" in client.get(reverse("deployments:assignment", args=at(row))).content.decode()

    def test_decomposes_to_chosen_posts(self, client):
        district = District()
        teacher = make_post(Role.TEACHER, district.schools[0], "教务主任")
        row = put_on(make_measure(make_directive(district.root)), district.schools[:1])[0]
        sign_in(client, district.principals[0])

        client.post(reverse("deployments:decompose", args=at(row)), {"posts": [teacher.pk]})

        assert Assignment.objects.get(parent=row).post == teacher

    def test_shows_an_error_beside_what_was_typed(self, client):
        district = District()
        sign_in(client, district.office)

        page = client.post(reverse("deployments:new"), {"title": "只有标题"}).content.decode()

        assert 'value="只有标题"' in page
        assert "请改正以下内容" in page

    def test_tries_a_workbook_before_importing_it(self, client):
        district = District()
        make_measure(make_directive(district.root), owner_id=post_of(district.office).pk)
        content = queries.export(Directive.objects.all())
        Measure.objects.all().delete()
        Directive.objects.all().delete()
        sign_in(client, district.office)

        tried = try_workbook(client, content)
        assert "可以导入" in tried
        assert not Directive.objects.exists()
        client.post(reverse("deployments:import"), {"tried": kept_in(tried), "import": "1"})
        assert Measure.objects.get().owner == post_of(district.office)
        assert not TriedWorkbook.objects.exists()

    def test_imports_only_what_the_same_account_tried_last(self, client):
        district = District()
        make_directive(district.root)
        contents = [queries.export(Directive.objects.all()), queries.template()]
        Directive.objects.all().delete()
        sign_in(client, district.office)
        earlier, later = (kept_in(try_workbook(client, content)) for content in contents)
        sign_in(client, seat(Role.OFFICE, district.root, "副主任"))

        refused = [
            client.post(reverse("deployments:import"), {"tried": key, "import": "1"}) for key in (earlier, later)
        ]
        sign_in(client, district.office)
        refused.append(client.post(reverse("deployments:import"), {"tried": earlier, "import": "1"}))

        assert all("请重新选择文件并试算" in page.content.decode() for page in refused)
        assert not Directive.objects.exists()

    def test_looks_anew_at_what_was_tried_before_it_imports(self, client):
        district = District()
        make_measure(make_directive(district.root), owner_id=post_of(district.office).pk)
        content = queries.export(Directive.objects.all())
        sign_in(client, district.office)
        tried = kept_in(try_workbook(client, content))
        Post.objects.filter(pk=post_of(district.office).pk).update(code="OTHER")

        page = client.post(reverse("deployments:import"), {"tried": tried, "import": "1"}).content.decode()

        assert "没有这个代码的岗位" in page
        assert 'name="tried"' not in page

    def test_takes_an_assignment_back_with_its_reason(self, client):
        district = District()
        row = put_on(make_measure(make_directive(district.root)), district.schools)[0]
        url = reverse("deployments:withdraw", args=at(row))
        sign_in(client, district.principals[0])
        assert client.get(url).status_code == 404
        sign_in(client, district.office)
        assert url in client.get(reverse("deployments:measure", args=[row.measure_id])).content.decode()

        assert client.post(url, {"ground": ""}).status_code == 422
        assert client.post(url, {"ground": "下达有误"}).status_code == 302

        row.refresh_from_db()
        assert row.state == State.WITHDRAWN
        assert client.get(url).status_code == 404


class TestFiles:
    def test_of_a_public_directive_are_read_by_anyone(self, client):
        district = District()
        shown, hidden = make_directive(district.root), make_directive(district.root, "D2", is_public=False)
        sign_in(client, district.office)
        for row in (shown, hidden):
            attach = reverse("files:attach", args=["directive", row.pk])
            assert attach in client.get(reverse("deployments:directive", args=[row.pk])).content.decode()
            client.post(attach, {"file": SimpleUploadedFile("正文.txt", f"部署{row.pk}".encode())})
        public, internal = (row.pk for row in StoredFile.objects.order_by("pk"))
        client.logout()

        assert f"/files/{public}/" in client.get(reverse("portal:directive", args=[shown.pk])).content.decode()
        download = client.get(f"/files/{public}/")
        assert b"".join(download.streaming_content) == f"部署{shown.pk}".encode()
        assert client.get(f"/files/{internal}/").status_code == 404

    def test_are_added_only_by_those_who_manage_directives(self, client):
        district = District()
        row = make_directive(district.root)
        sign_in(client, district.principals[0])

        answer = client.post(
            reverse("files:attach", args=["directive", row.pk]), {"file": SimpleUploadedFile("a.txt", b"a")}
        )

        assert answer.status_code == 404
        assert not StoredFile.objects.exists()


def try_workbook(client, content):
    """The page after the trial of a workbook."""
    file = BytesIO(content)
    file.name = "directives.xlsx"
    return client.post(reverse("deployments:import"), {"file": file, "try": "1"}).content.decode()


def kept_in(page):
    """The hash by which a page knows the tried workbook."""
    return re.search(r'name="tried" value="([0-9a-f]{64})"', page)[1]
