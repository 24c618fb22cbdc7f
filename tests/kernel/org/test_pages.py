"""The administrator's settings and one's own relationships, as a browser meets them."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qingqu.kernel.core.clock import today
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import operations, queries
from qingqu.kernel.org.models import Account, Appointment, ImportDraft, Person, Relationship, Setting, Unit
from qingqu.kernel.org.types import Role
from tests.factories import AT, actor, make_person, make_post, make_unit, seat, sign_in
from tests.kernel.org.test_exchange import UNIT, book

pytestmark = pytest.mark.django_db


class Town:
    """A district with two schools, an administrator for the whole, one for each school, and a teacher."""

    def __init__(self) -> None:
        self.root = make_unit(code="A")
        self.school, self.neighbour = (make_unit(name, parent=self.root, kind="PRIMARY") for name in ("一小", "二小"))
        self.chief = seat(Role.ADMINISTRATOR, self.root, "总管")
        self.local = seat(Role.ADMINISTRATOR, self.school, "校管")
        self.foreign = seat(Role.ADMINISTRATOR, self.neighbour, "邻管")
        self.teacher = seat(Role.TEACHER, self.school, "某教师")

    def browser(self, person: Person) -> Client:
        """A client signed in as the person."""
        client = Client()
        sign_in(client, person)
        return client


@pytest.fixture
def town(settings) -> Town:
    """A town whose passwords cost nothing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Town()


LISTS = ["org:units", "org:accounts", "org:parameters", "org:relationships"]


class TestLists:
    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("size", [20, 100])
    def test_take_at_most_eight_queries_whatever_their_length(
        self, town, name, size, django_assert_max_num_queries
    ) -> None:
        Person.objects.bulk_create(Person(number=f"N{n}", name="某", unit=town.school) for n in range(size))
        for person in Person.objects.filter(number__startswith="N")[:size]:
            Account.objects.create(username=f"a{person.pk}", person=person)
            Setting.objects.create(
                key="calendar.day_off", unit=town.root, value="校庆", valid_from=today() + timedelta(days=person.pk)
            )
        Relationship.objects.bulk_create(
            Relationship(person=town.chief, other_kind="SUPPLIER", other_id=str(n), kind="SHARES", declared_on=today())
            for n in range(size)
        )
        client = town.browser(town.chief)
        with django_assert_max_num_queries(8):
            assert client.get(reverse(name)).status_code == 200

    def test_of_a_unit_take_at_most_twelve(self, town, django_assert_max_num_queries) -> None:
        for _post in range(30):
            seat(Role.TEACHER, town.school)
            make_unit("班", parent=town.school, kind="CLASS")
        client = town.browser(town.chief)
        with django_assert_max_num_queries(12):
            page = client.get(reverse("org:unit", args=[town.school.pk]))
        assert page.status_code == 200

    def test_show_people_by_the_beginning_of_name_number_and_user_name(self, town) -> None:
        operations.open_account(person=town.teacher, username="zhou", password="x", at=AT)
        client = town.browser(town.chief)
        for words in ("某教", town.teacher.number, "zho"):
            assert "某教师" in client.get(reverse("org:accounts"), {"q": words}).content.decode()
        assert "某教师" not in client.get(reverse("org:accounts"), {"q": "没有此人"}).content.decode()


class TestScope:
    def test_gives_a_neighbour_the_same_bytes_as_for_nothing(self, town) -> None:
        post = make_post(Role.TEACHER, town.school)
        held = town.teacher.appointments.get()
        client = town.browser(town.foreign)
        addresses = [
            ("org:unit", town.school.pk),
            ("org:unit_children", town.school.pk),
            ("org:unit_rename", town.school.pk),
            ("org:unit_close", town.school.pk),
            ("org:post_add", town.school.pk),
            ("org:post", post.pk),
            ("org:appointment_end", held.pk),
            ("org:account", town.teacher.pk),
        ]
        for name, pk in addresses:
            answers = [client.get(reverse(name, args=[number])) for number in (pk, 987654)]
            assert [answer.status_code for answer in answers] == [404, 404], name
            assert answers[0].content == answers[1].content
        for name in ("org:account_reset", "org:account_disable"):
            assert client.post(reverse(name, args=[town.teacher.pk])).status_code == 404

    def test_shows_a_neighbour_no_person_unit_or_value(self, town) -> None:
        operations.set_setting(
            key="ethics.veto_years", unit=town.school, value="7", valid_from=today(), source="一小文件", at=AT
        )
        client = town.browser(town.foreign)
        for name in ("org:units", "org:accounts", "org:parameters"):
            text = client.get(reverse(name)).content.decode()
            assert "某教师" not in text
            assert "一小" not in text

    @pytest.mark.parametrize("name", ["org:units", "org:accounts", "org:parameters", "org:exchange", "org:declared"])
    def test_hides_the_settings_from_teachers_and_sends_the_public_to_sign_in(self, town, client, name) -> None:
        assert town.browser(town.teacher).get(reverse(name)).status_code == 404
        assert client.get(reverse(name)).headers["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize("name", ["exchange", "template", "export", "trial", "marked"])
    def test_keeps_the_whole_workbook_from_an_administrator_of_one_school(self, town, name) -> None:
        assert town.browser(town.local).get(reverse(f"org:{name}")).status_code == 404

    def test_lets_no_one_move_a_unit_out_of_reach(self, town) -> None:
        client = town.browser(town.local)
        answer = client.post(reverse("org:unit_move", args=[town.school.pk]), {"parent": town.neighbour.code})
        assert answer.status_code == 422
        town.school.refresh_from_db()
        assert town.school.parent_id == town.root.pk


class TestUnits:
    def test_are_added_renamed_moved_and_closed(self, town) -> None:
        client = town.browser(town.chief)
        client.post(reverse("org:unit_add", args=[town.school.pk]), {"code": "K", "name": "一班", "kind": "CLASS"})
        made = Unit.objects.get(code="K")
        assert made.path == f"{town.school.path}{made.pk}/"
        client.post(reverse("org:unit_rename", args=[made.pk]), {"name": "二班", "kind": "CLASS"})
        client.post(reverse("org:unit_move", args=[made.pk]), {"parent": town.neighbour.code})
        made.refresh_from_db()
        assert (made.name, made.path) == ("二班", f"{town.neighbour.path}{made.pk}/")
        client.post(reverse("org:unit_close", args=[made.pk]), {"closed_on": "2026-09-01"})
        made.refresh_from_db()
        assert made.closed_on == date(2026, 9, 1)
        kinds = set(Event.objects.filter(subject_kind="unit", subject_id=made.pk).values_list("kind", flat=True))
        assert kinds == {"unit.added", "unit.renamed", "unit.moved", "unit.closed"}

    def test_are_added_within_fifteen_queries(self, town, django_assert_max_num_queries) -> None:
        client = town.browser(town.chief)
        with django_assert_max_num_queries(15):
            client.post(reverse("org:unit_add", args=[town.school.pk]), {"code": "K", "name": "一班", "kind": "CLASS"})
        assert Unit.objects.filter(code="K").exists()

    def test_keep_what_was_typed_when_a_code_is_taken(self, town) -> None:
        answer = town.browser(town.chief).post(
            reverse("org:unit_add", args=[town.root.pk]), {"code": town.school.code, "name": "三小", "kind": "PRIMARY"}
        )
        assert answer.status_code == 422
        assert 'value="三小"' in answer.content.decode()

    def test_open_their_children_as_a_fragment_for_the_tree_and_as_a_page_without_it(self, town) -> None:
        client, address = town.browser(town.chief), reverse("org:unit_children", args=[town.root.pk])
        assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<html" in client.get(address).content.decode()


class TestPosts:
    def test_change_hands_from_a_coming_day(self, town) -> None:
        post = town.teacher.appointments.get().post
        tomorrow = today() + timedelta(days=1)
        successor = make_person(town.school, "继任者")
        client = town.browser(town.chief)
        answer = client.post(
            reverse("org:post", args=[post.pk]), {"person": successor.number, "starts_on": tomorrow.isoformat()}
        )
        assert answer.status_code == 302
        assert queries.holder_of(post, on=today()) == town.teacher
        assert queries.holder_of(post, on=tomorrow) == successor
        coming = Appointment.objects.get(person=successor)
        client.post(reverse("org:appointment_end", args=[coming.pk]), {"withdraw": "1"})
        assert not Appointment.objects.filter(person=successor).exists()

    def test_are_never_given_to_oneself(self, town) -> None:
        post = make_post(Role.DISCIPLINE, town.root)
        answer = town.browser(town.chief).post(
            reverse("org:post", args=[post.pk]), {"person": town.chief.number, "starts_on": today().isoformat()}
        )
        assert answer.status_code == 422
        assert queries.holder_of(post, on=today()) is None


class TestAccounts:
    def test_are_opened_with_a_password_shown_once(self, town) -> None:
        client = town.browser(town.local)
        address = reverse("org:account", args=[town.teacher.pk])
        text = client.post(address, {"username": "zhou"}).content.decode()
        password = re.search(r'id="first-password">([^<]+)<', text).group(1)
        assert password not in client.get(address).content.decode()
        newcomer = Client()
        assert newcomer.post("/accounts/login/", {"login": "zhou", "password": password}).status_code == 302
        assert newcomer.get(reverse("org:relationships")).headers["Location"] == reverse("account_change_password")

    def test_of_somebody_with_a_post_elsewhere_are_left_to_an_administrator_above(self, town) -> None:
        operations.appoint(
            post=make_post(Role.DISCIPLINE, town.root), person=town.teacher, starts_on=date(2026, 1, 1), at=AT
        )
        address = reverse("org:account", args=[town.teacher.pk])
        assert town.browser(town.local).get(address).status_code == 404
        assert town.browser(town.chief).get(address).status_code == 200

    def test_are_disabled_at_once(self, town) -> None:
        theirs = town.browser(town.teacher)
        town.browser(town.local).post(reverse("org:account_disable", args=[town.teacher.pk]), {"confirmed": "1"})
        assert theirs.get(reverse("org:relationships")).status_code == 302

    @pytest.mark.parametrize("name", ["org:account_reset", "org:account_disable"])
    def test_are_changed_only_after_the_consequences_were_shown(self, town, name) -> None:
        theirs = town.browser(town.teacher)
        page = town.browser(town.local).post(reverse(name, args=[town.teacher.pk])).content.decode()
        assert "已登录的设备全部退出" in page
        assert theirs.get(reverse("org:relationships")).status_code == 200

    def test_pages_with_a_password_are_kept_by_no_cache(self, town) -> None:
        answer = town.browser(town.local).post(reverse("org:account", args=[town.teacher.pk]), {"username": "zhou"})
        assert "no-store" in answer.headers["Cache-Control"]


class TestParameters:
    def test_are_set_from_a_day_on_and_read_by_the_nearest_unit(self, town) -> None:
        client = town.browser(town.chief)
        for unit, value, day in (
            (town.root, "5", "2026-01-01"),
            (town.root, "6", "2027-01-01"),
            (town.school, "7", "2026-01-01"),
        ):
            sent = {"key": "ethics.veto_years", "unit": unit.code, "value": value, "valid_from": day, "source": ""}
            assert client.post(reverse("org:parameters"), sent).status_code == 302
        key, on = "ethics.veto_years", date(2026, 9, 1)
        assert queries.setting(key, unit=town.neighbour, on=on) == "5"
        assert queries.setting(key, unit=town.neighbour, on=date(2027, 1, 1)) == "6"
        assert queries.setting(key, unit=town.school, on=on) == "7"
        assert queries.setting(key, unit=town.school, on=date(2025, 12, 31)) is None

    @pytest.mark.parametrize("value", ["five", "-1", "1.5", "  ", "٣"])
    def test_refuse_what_is_no_number(self, town, value) -> None:
        sent = {"key": "ethics.veto_years", "unit": "A", "value": value, "valid_from": "2026-01-01"}
        assert town.browser(town.chief).post(reverse("org:parameters"), sent).status_code == 422
        assert not Setting.objects.exists()

    def test_of_the_calendar_override_days(self, town) -> None:
        for key, day in (("calendar.day_off", date(2026, 11, 5)), ("calendar.workday", date(2026, 11, 7))):
            operations.set_setting(key=key, unit=town.root, value="区运动会", valid_from=day, at=AT)
        calendar = queries.working_calendar()
        assert calendar.overrides == {date(2026, 11, 5): False, date(2026, 11, 7): True}
        assert calendar.years == frozenset()

    def test_of_the_calendar_can_be_taken_back_by_saying_the_opposite(self, town) -> None:
        day = date(2026, 11, 5)
        for key in ("calendar.day_off", "calendar.workday", "calendar.day_off", "calendar.workday"):
            operations.set_setting(key=key, unit=town.root, value="区运动会", valid_from=day, at=AT)
        assert queries.working_calendar().overrides == {day: True}

    def test_of_the_calendar_say_that_a_year_is_whole(self, town) -> None:
        operations.set_setting(
            key="calendar.year", unit=town.root, value="国办发明电", valid_from=date(2027, 1, 1), at=AT
        )
        assert queries.working_calendar().years == {2027}

    def test_of_the_calendar_are_the_districts_alone(self, town) -> None:
        sent = {"key": "calendar.day_off", "unit": town.school.code, "value": "校庆", "valid_from": "2026-11-05"}
        answer = town.browser(town.chief).post(reverse("org:parameters"), sent)
        assert answer.status_code == 422
        assert "请填写区级单位的代码" in answer.content.decode()
        assert queries.working_calendar().overrides == {}


class TestExchange:
    def upload(self, client: Client, content: bytes):
        """Send a workbook to the trial."""
        return client.post(reverse("org:exchange"), {"file": SimpleUploadedFile("book.xlsx", content)})

    def test_tries_first_then_writes_everything(self, town) -> None:
        client = town.browser(town.chief)
        answer = self.upload(
            client, book({"单位": [UNIT | {"单位代码": "NEW", "单位名称": "新单位", "上级单位代码": "A"}]})
        )
        assert answer.headers["Location"] == reverse("org:trial")
        assert "确认导入 1 行" in client.get(reverse("org:trial")).content.decode()
        assert not Unit.objects.filter(code="NEW").exists()
        client.post(reverse("org:apply"))
        assert Unit.objects.get(code="NEW").parent_id == town.root.pk
        assert not ImportDraft.objects.exists()

    def test_lists_every_error_by_its_cell_and_writes_nothing(self, town) -> None:
        client = town.browser(town.chief)
        self.upload(client, book({"单位": [UNIT | {"单位代码": "NEW", "单位类型": "大学"}]}))
        text = client.get(reverse("org:trial")).content.decode()
        assert "C2" in text
        assert "确认导入" not in text
        assert client.get(reverse("org:marked")).content[:2] == b"PK"
        client.post(reverse("org:apply"))
        assert not Unit.objects.filter(code="NEW").exists()

    def test_says_what_is_wrong_with_a_file_that_is_no_workbook(self, town) -> None:
        answer = self.upload(town.browser(town.chief), b"%PDF")
        assert answer.status_code == 422
        assert "不是 XLSX 工作簿" in answer.content.decode()
        assert not ImportDraft.objects.exists()

    def test_gives_an_administrator_no_declared_relationship(self, town) -> None:
        Relationship.objects.create(
            person=town.teacher, other_kind="SUPPLIER", other_id="91SECRET", kind="SHARES", declared_on=today()
        )
        content = town.browser(town.chief).get(reverse("org:export")).content
        assert queries.plan_import(content).wanted["关系"] == {}

    def test_seats_nobody_who_imports_it(self, town) -> None:
        client = town.browser(town.chief)
        post = make_post(Role.DISCIPLINE, town.root)
        rows = [{"岗位代码": post.code, "工号": town.chief.number, "任职日期": "2026-09-01"}]
        self.upload(client, book({"任职": rows}))
        client.post(reverse("org:apply"))
        assert queries.holder_of(post, on=today()) is None


class TestRelationships:
    def test_with_a_supplier_whose_code_fails_its_check_are_kept_and_warned_about(self, town) -> None:
        client = town.browser(town.teacher)
        sent = {"other_kind": "SUPPLIER", "other": "91350211M0000XUF46", "other_name": "某公司", "kind": "SHARES"}
        answer = client.post(reverse("org:relationships"), sent, follow=True)
        assert "校验位不符" in answer.content.decode()
        assert Relationship.objects.get().other_id == "91350211M0000XUF46"
        right = client.post(reverse("org:relationships"), sent | {"other": "91350100M000100Y43"}, follow=True)
        assert "校验位不符" not in right.content.decode()

    def test_are_declared_and_ended_by_oneself(self, town) -> None:
        client = town.browser(town.teacher)
        sent = {"other_kind": "PERSON", "other": town.local.number, "kind": "SPOUSE", "starts_on": ""}
        assert client.post(reverse("org:relationships"), sent).status_code == 302
        assert not queries.may_touch(town.local.pk, unit=town.school, about=[town.teacher.pk], on=today()).allowed
        declared = Relationship.objects.get()
        client.post(reverse("org:relationship_end", args=[declared.pk]), {"ends_on": "2026-01-01"})
        assert queries.may_touch(town.local.pk, unit=town.school, about=[town.teacher.pk], on=today()).allowed
        events = Event.objects.filter(subject_kind="relationship").order_by("id")
        assert [event.kind for event in events] == ["relationship.declared", "relationship.ended"]
        assert all(event.payload == {} for event in events)

    @pytest.mark.parametrize("other", ["self", "nobody"])
    def test_refuse_oneself_and_unknown_numbers(self, town, other) -> None:
        number = town.teacher.number if other == "self" else "nobody"
        sent = {"other_kind": "PERSON", "other": number, "kind": "SPOUSE"}
        assert town.browser(town.teacher).post(reverse("org:relationships"), sent).status_code == 422
        assert not Relationship.objects.exists()

    def test_are_declared_once_while_they_last(self, town) -> None:
        client = town.browser(town.teacher)
        sent = {"other_kind": "SUPPLIER", "other": "91X", "other_name": "某公司", "kind": "SHARES"}
        assert [client.post(reverse("org:relationships"), sent).status_code for _twice in range(2)] == [302, 422]

    def test_of_others_are_read_by_the_discipline_desk_within_its_scope_only(self, town) -> None:
        operations.declare_relationship(
            person=town.teacher, other=operations.Other("SUPPLIER", "91X", "某公司"), kind="SHARES", on=today(), at=AT
        )
        desk, elsewhere = seat(Role.DISCIPLINE, town.root), seat(Role.DISCIPLINE, town.neighbour)
        address = reverse("org:declared")
        assert "某公司" in town.browser(desk).get(address).content.decode()
        assert "某公司" not in town.browser(elsewhere).get(address).content.decode()
        assert town.browser(town.chief).get(address).status_code == 404

    def test_of_others_cannot_be_ended(self, town) -> None:
        row = Relationship.objects.create(
            person=town.teacher, other_kind="SUPPLIER", other_id="91X", kind="SHARES", declared_on=today()
        )
        assert town.browser(town.chief).get(reverse("org:relationship_end", args=[row.pk])).status_code == 404
        assert actor(town.chief).grants
