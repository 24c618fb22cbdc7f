"""The workbook of units, people, posts, appointments and relationships, there and back."""

import struct
import time
import zipfile
from contextlib import suppress
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import operations, queries
from qingqu.kernel.org.models import Appointment, Person, Post, Relationship, Unit
from qingqu.kernel.org.operations import BadPlan
from qingqu.kernel.org.queries import exchange
from qingqu.kernel.org.sheets import reading, writing
from qingqu.kernel.org.sheets.columns import SHEETS
from qingqu.kernel.org.sheets.reading import BadWorkbook
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_person, make_unit, seat

UNIT = {"单位代码": "A", "单位名称": "清源区教育局", "单位类型": "区级机关"}


def book(sheets: dict[str, list[dict]], headers: dict[str, list[str]] | None = None) -> bytes:
    """A workbook as a person would type it: {sheet: [{header: cell}]}; text starting with = becomes a formula."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            page = made.add_worksheet(name)
            known = next((sheet for sheet in SHEETS if sheet.name == name), None)
            columns = (headers or {}).get(name) or [column.header for column in known.columns]
            page.write_row(0, 0, columns)
            for number, row in enumerate(rows, start=1):
                for place, header in enumerate(columns):
                    if header in row:
                        page.write(number, place, row[header])
    return buffer.getvalue()


def small_district() -> Person:
    """A district with a school, four people, posts with a past and a future, and relationships of both kinds."""
    root = make_unit(code="A")
    school = make_unit("一小", parent=root, kind="PRIMARY", code="007")
    head = seat(Role.PRINCIPAL, school, "王=校长")
    post = head.appointments.get().post
    operations.appoint(post=post, person=make_person(school, "李"), starts_on=date(2027, 1, 1), at=AT)
    kin = make_person(root, "+86")
    Relationship.objects.create(person=head, other_kind="PERSON", other_id=str(kin.pk), kind="SPOUSE", declared_on=AT)
    Relationship.objects.create(
        person=kin, other_kind="SUPPLIER", other_id="91X", other_name="@某公司", kind="SHARES", declared_on=AT
    )
    return head


@pytest.mark.django_db
class TestRoundTrip:
    def test_of_an_export_changes_nothing(self) -> None:
        small_district()
        plan = queries.plan_import(queries.export())
        assert plan.errors == ()
        assert plan.total == 0
        assert plan.unchanged == {"单位": 2, "人员": 3, "岗位": 1, "任职": 2, "关系": 2}

    def test_into_an_empty_database_gives_the_same_rows(self) -> None:
        small_district()
        before, content = exchange.present(), queries.export()
        for model in (Relationship, Appointment, Post, Person):
            model.objects.all().delete()
        Unit.objects.update(parent=None)
        Unit.objects.all().delete()
        operations.apply_import(queries.plan_import(content), at=AT)
        assert exchange.present() == before
        assert Unit.objects.get(code="007").path.startswith(Unit.objects.get(code="A").path)

    def test_applied_twice_writes_once(self) -> None:
        plan = queries.plan_import(book({"单位": [UNIT]}))
        assert operations.apply_import(plan, at=AT)["单位"] == 1
        assert not any(operations.apply_import(plan, at=AT).values())
        assert Event.objects.filter(kind="org.imported").count() == 1

    def test_leaves_relationships_out_for_those_who_may_not_read_them(self) -> None:
        small_district()
        plan = queries.plan_import(queries.export(with_relationships=False))
        assert "关系" in plan.wanted
        assert plan.wanted["关系"] == {}


NAMES = st.text(
    st.characters(
        min_codepoint=33, max_codepoint=0x9FFF, exclude_categories=("Cs", "Cc", "Co", "Cn", "Zs", "Zl", "Zp")
    ),
    min_size=1,
    max_size=20,
)
CODES = st.one_of(
    NAMES, st.sampled_from(["007", "1e5", "TRUE", "=1+1", "-3", "@x", "2026-01-01", "_x0041_", "1.0", "0"])
)
DAYS = st.none() | st.dates(date(1800, 1, 1), date(2999, 12, 31))


class TestSheets:
    @given(
        units=st.lists(st.tuples(CODES, NAMES, DAYS), max_size=6, unique_by=lambda row: row[0]),
        people=st.lists(st.tuples(CODES, NAMES, st.booleans(), DAYS), max_size=6, unique_by=lambda row: row[0]),
    )
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_give_back_every_text_date_and_flag_they_were_given(self, units, people) -> None:
        rows = {
            "单位": [{"code": c, "name": n, "kind": "PRIMARY", "parent": "", "closed_on": d} for c, n, d in units],
            "人员": [
                {"number": c, "name": n, "unit": "A", "email": "", "is_party_member": f, "left_on": d}
                for c, n, f, d in people
            ],
        }
        found = reading.read(writing.write(rows))
        assert found.errors == []
        assert [row for _number, row in found.rows["单位"]] == rows["单位"]
        assert [row for _number, row in found.rows["人员"]] == rows["人员"]


@pytest.mark.django_db
class TestWarnings:
    def test_name_the_cells_of_codes_that_fail_their_check_and_import_them_all_the_same(self) -> None:
        head = small_district()
        tie = {"工号": head.number, "对方类型": "供应商", "关系": "持股或任职", "申报日期": "2026-09-01"}
        rows = [{**tie, "对方工号或供应商代码": code} for code in ("91350211M0000XUF46", "91350100M000100Y43")]
        school = UNIT | {"单位代码": "9944000501", "上级单位代码": "A"}

        plan = queries.plan_import(book({"单位": [school], "关系": rows}))

        assert plan.errors == ()
        assert [(warning.sheet, warning.cell) for warning in plan.warnings] == [("单位", "A2"), ("关系", "C2")]
        assert "校验位不符" in plan.warnings[1].message
        written = operations.apply_import(plan, at=AT)
        assert (written["单位"], written["关系"]) == (1, 2)

    def test_say_nothing_about_a_districts_own_codes(self) -> None:
        small_district()
        assert queries.plan_import(queries.export()).warnings == ()


@pytest.mark.django_db
class TestCellErrors:
    @pytest.mark.parametrize(
        ("sheets", "cell", "words"),
        [
            ({"单位": [UNIT | {"单位名称": "=1+1"}]}, "B2", "不接受公式"),
            ({"单位": [UNIT | {"单位名称": ""}]}, "B2", "必填"),
            ({"单位": [UNIT | {"单位类型": "大学"}]}, "C2", "区级机关、科室"),
            ({"单位": [UNIT | {"上级单位代码": "Z"}]}, "D2", "没有这个单位代码"),
            ({"单位": [UNIT | {"撤销日期": "昨天"}]}, "E2", "2026-09-01"),
            ({"单位": [UNIT | {"撤销日期": 45000}]}, "E2", "2026-09-01"),
            ({"单位": [UNIT | {"撤销日期": "2026-02-30"}]}, "E2", "2026-09-01"),
            ({"单位": [UNIT | {"单位名称": "长" * 121}]}, "B2", "不能超过 120"),
            ({"单位": [UNIT, UNIT]}, "A3", "与第 2 行重复"),
            (
                {"单位": [UNIT | {"上级单位代码": "B"}, UNIT | {"单位代码": "B", "上级单位代码": "A"}]},
                "D2",
                "上级单位不能是",
            ),
            ({"单位": [UNIT | {"上级单位代码": "A"}]}, "D2", "上级单位不能是"),
            ({"人员": [{"工号": 7, "姓名": "王", "所在单位代码": "Z"}]}, "C2", "没有这个单位代码"),
            ({"人员": [{"工号": 7, "姓名": "王", "所在单位代码": "Z", "中共党员": "也许"}]}, "E2", "“是”或“否”"),
        ],
    )
    def test_name_the_cell_and_say_what_to_do(self, sheets, cell, words) -> None:
        plan = queries.plan_import(book(sheets))
        error = next(error for error in plan.errors if error.cell == cell)
        assert words in error.message
        with pytest.raises(BadPlan):
            operations.apply_import(plan, at=AT)
        assert not Unit.objects.exists()

    def test_find_overlaps_with_what_is_there_and_inside_the_file(self) -> None:
        head = small_district()
        post = head.appointments.get().post
        row = {"岗位代码": post.code, "工号": head.number, "任职日期": date(2026, 6, 1).isoformat(), "离任日期": ""}
        plan = queries.plan_import(book({"任职": [row]}))
        assert [(error.cell, error.sheet) for error in plan.errors] == [("C2", "任职")]

    def test_find_an_end_before_its_start_and_kin_to_oneself(self) -> None:
        head = small_district()
        ties = [
            {
                "工号": head.number,
                "对方类型": "本系统人员",
                "对方工号或供应商代码": head.number,
                "关系": "配偶",
                "申报日期": "2026-09-01",
                "起始日期": "2026-09-02",
                "终止日期": "2026-09-01",
            }
        ]
        assert {error.cell for error in queries.plan_import(book({"关系": ties})).errors} == {"C2", "H2"}

    def test_are_marked_in_a_copy_of_the_file(self) -> None:
        content = book({"单位": [UNIT | {"单位类型": "大学"}]})
        marked = load_workbook(BytesIO(queries.annotated(content, queries.plan_import(content))))
        assert "区级机关" in marked["单位"]["C2"].comment.text
        assert marked["单位"]["B2"].comment is None


@pytest.mark.django_db
class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "空的"),
            (b"%PDF-1.7 not a workbook", "不是 XLSX"),
            (book({"单位": [UNIT]})[:-200], "不完整"),
            (book({"单位": []}, {"单位": ["单位代码", "单位代码"]}), "重复"),
            (book({"单位": []}, {"单位": ["单位代码", "单位类型"]}), "缺少"),
            (book({"单位": []}, {"单位": ["单位代码", "单位名称", "单位类型", "备注"]}), "没有“备注”"),
            (book({"别的": []}, {"别的": ["甲"]}), "没有找到模板"),
        ],
    )
    def test_get_a_clear_message(self, content, words) -> None:
        with pytest.raises(BadWorkbook, match=words):
            queries.plan_import(content)

    def test_that_declare_entities_are_refused(self) -> None:
        packed = BytesIO()
        with zipfile.ZipFile(BytesIO(book({"单位": [UNIT]}))) as source, zipfile.ZipFile(packed, "w") as target:
            for part in source.infolist():
                body = source.read(part)
                if part.filename == "xl/workbook.xml":
                    body = body.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1)
                target.writestr(part, body)
        with pytest.raises(BadWorkbook, match="不允许的声明"):
            queries.plan_import(packed.getvalue())

    def test_that_declare_a_gigabyte_are_refused_before_unpacking(self) -> None:
        content = bytearray(book({"单位": [UNIT]}))
        place = content.index(b"PK\x01\x02")
        content[place + 24 : place + 28] = struct.pack("<I", 1_000_000_000)
        started = time.process_time()
        with pytest.raises(BadWorkbook, match="过大"):
            queries.plan_import(bytes(content))
        assert time.process_time() - started < 1

    @given(st.binary(max_size=300))
    @settings(max_examples=30, deadline=None)
    def test_of_any_bytes_are_refused_and_never_crash(self, content) -> None:
        with pytest.raises(BadWorkbook):
            reading.read(content)

    @given(st.data())
    @settings(max_examples=40, deadline=None)
    def test_cut_or_bent_anywhere_are_refused_or_read(self, data) -> None:
        content = bytearray(WHOLE)
        for _round in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        with suppress(BadWorkbook):
            assert set(reading.read(bytes(content)).rows) == {"单位"}


WHOLE = book({"单位": [UNIT]})


@pytest.mark.django_db
class TestHandover:
    def test_is_told_for_a_post_that_existed_and_not_for_new_ones(self) -> None:
        head = small_district()
        post = head.appointments.get().post
        Event.objects.filter(kind="post.appointed").count()
        before = Event.objects.filter(kind="post.appointed").count()
        rows = [
            {"岗位代码": post.code, "工号": head.number, "任职日期": "2030-01-01"},
            {"岗位代码": "NEW", "工号": head.number, "任职日期": "2030-01-01"},
        ]
        posts = [{"岗位代码": "NEW", "单位代码": "A", "岗位名称": "新岗", "角色": "教职工"}]
        running = Appointment.objects.get(post=post, ends_on__isnull=True)
        rows.append(
            {"岗位代码": post.code, "工号": running.person.number, "任职日期": "2027-01-01", "离任日期": "2029-12-31"}
        )
        plan = queries.plan_import(book({"岗位": posts, "任职": rows}))
        assert plan.errors == ()
        operations.apply_import(plan, at=AT)
        assert Event.objects.filter(kind="post.appointed").count() == before + 1

    def test_moves_a_unit_with_everything_below_it(self) -> None:
        small_district()
        rows = [
            UNIT | {"单位代码": "B", "单位名称": "学区", "上级单位代码": "A", "单位类型": "科室"},
            UNIT | {"单位代码": "007", "单位名称": "一小", "单位类型": "小学", "上级单位代码": "B"},
        ]
        operations.apply_import(queries.plan_import(book({"单位": rows})), at=AT)
        assert (
            Unit.objects.get(code="007").path == f"{Unit.objects.get(code='B').path}{Unit.objects.get(code='007').pk}/"
        )


@pytest.mark.django_db
def test_eight_thousand_people_take_seconds_and_few_statements(django_assert_max_num_queries) -> None:
    units = [UNIT] + [UNIT | {"单位代码": f"S{n}", "上级单位代码": "A", "单位类型": "小学"} for n in range(100)]
    people = [{"工号": f"P{n}", "姓名": f"某{n}", "所在单位代码": f"S{n % 100}", "中共党员": "是"} for n in range(8000)]
    posts = [
        {"岗位代码": f"J{n}", "单位代码": f"S{n % 100}", "岗位名称": "教师", "角色": "教职工"} for n in range(8000)
    ]
    held = [{"岗位代码": f"J{n}", "工号": f"P{n}", "任职日期": "2024-09-01"} for n in range(8000)]
    content = book({"单位": units, "人员": people, "岗位": posts, "任职": held})
    started = time.process_time()
    plan = queries.plan_import(content)
    assert plan.errors == ()
    with django_assert_max_num_queries(200):
        written = operations.apply_import(plan, at=AT)
    assert written == {"单位": 101, "人员": 8000, "岗位": 8000, "任职": 8000, "关系": 0}
    assert time.process_time() - started < 30
    assert queries.plan_import(queries.export()).total == 0
