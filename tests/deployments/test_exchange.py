"""Import and export of directives: errors by cell, all or nothing, the same back."""

from io import BytesIO

import openpyxl
import pytest

from qingqu.deployments import operations, queries
from qingqu.deployments.models import Directive, Measure
from qingqu.deployments.workbook import DIRECTIVES, MEASURES
from qingqu.kernel.core.errors import Refused
from tests.deployments.places import AT, District, make_directive, make_measure, post_of

pytestmark = pytest.mark.django_db


def workbook(directives=(), measures=()):
    """A filled-in template; rows are {header: value}."""
    book = openpyxl.load_workbook(BytesIO(queries.template()))
    for sheet, rows in ((DIRECTIVES, directives), (MEASURES, measures)):
        for number, row in enumerate(rows, start=2):
            for place, column in enumerate(sheet.columns, start=1):
                book[sheet.name].cell(number, place, row.get(column.header))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def directive_row(**changes):
    """A good directive."""
    row = {"编号": "D1", "标题": "部署", "发布机关": "区教育工委", "发布日期": "2026-09-01", "对外公开": "是"}
    return {**row, **changes}


def measure_row(**changes):
    """A good measure."""
    row = {
        "措施编号": "M1",
        "部署编号": "D1",
        "方面": "制度机制",
        "顺序": 1,
        "措施名称": "廉政风险防控",
        "频次": "每年",
    }
    return {**row, **changes}


def snapshot():
    """Everything the workbook holds, as the database has it."""
    directives = [
        tuple(getattr(row, column.field) for column in DIRECTIVES.columns) for row in Directive.objects.order_by("code")
    ]
    fields = [
        column.field for column in MEASURES.columns if column.field not in {"directive", "owner", "evidence_kinds"}
    ]
    measures = [
        (
            row.directive.code,
            row.owner_id,
            sorted(kind.kind for kind in row.kinds.all()),
            *(getattr(row, field) for field in fields),
        )
        for row in Measure.objects.order_by("key")
    ]
    return directives, measures


class TestRoundTrip:
    def test_gives_back_exactly_what_was_exported(self):
        district = District()
        directive = make_directive(
            district.root,
            number="教工委〔2026〕1号",
            summary="摘要\n第二行",
            text="=1+1",
            source_url="https://example.org",
        )
        make_directive(district.root, "R1", is_external_reference=True, source_url="https://example.org/b")
        make_measure(
            directive,
            "A",
            order=2,
            kinds=["lead.disposed", "rectification.closed"],
            owner_id=post_of(district.office).pk,
            starts_on=AT.date(),
            target_effect="规范权力运行",
        )
        make_measure(directive, "B", order=1, recurrence="TERM", ends_on=None)
        before = snapshot()
        content = queries.export(Directive.objects.order_by("code"))
        Measure.objects.all().delete()
        Directive.objects.all().delete()

        plan = queries.plan_import(content)
        operations.import_plan(plan=plan, unit=district.root, at=AT)

        assert (plan.errors, plan.new_directives, plan.new_measures) == ((), 2, 2)
        assert snapshot() == before

    def test_changes_nothing_when_imported_over_itself(self):
        district = District()
        make_measure(make_directive(district.root))
        before = snapshot()

        plan = queries.plan_import(queries.export(Directive.objects.all()))
        operations.import_plan(plan=plan, unit=district.root, at=AT)

        assert (plan.new_directives, plan.new_measures) == (0, 0)
        assert snapshot() == before

    def test_lets_measures_change_places(self):
        district = District()
        directive = make_directive(district.root)
        make_measure(directive, "A", order=1)
        make_measure(directive, "B", order=2)
        content = workbook(
            [directive_row()], [measure_row(措施编号="A", 顺序=2), measure_row(措施编号="B", 顺序=1, 措施名称="乙")]
        )

        operations.import_plan(plan=queries.plan_import(content), unit=district.root, at=AT)

        assert list(Measure.objects.order_by("order").values_list("key", flat=True)) == ["B", "A"]


class TestErrors:
    @pytest.mark.parametrize(
        ("directives", "measures", "cell"),
        [
            ([directive_row(标题=None)], [], "B2"),
            ([directive_row(发布日期="九月")], [], "E2"),
            ([directive_row(), directive_row()], [], "A3"),
            ([directive_row(外部参考="是")], [], "F2"),
            ([directive_row(来源链接="javascript:x")], [], "F2"),
            ([directive_row()], [measure_row(方面="其他")], "C2"),
            ([directive_row()], [measure_row(部署编号="没有")], "B2"),
            ([directive_row()], [measure_row(牵头岗位代码="没有")], "L2"),
            ([directive_row()], [measure_row(顺序="一")], "F2"),
            ([directive_row()], [measure_row(), measure_row(措施编号="M2")], "F3"),
            ([directive_row()], [measure_row(), measure_row(顺序=2)], "A3"),
            ([directive_row()], [measure_row(开始日期="2026-09-02", 完成日期="2026-09-01")], "N2"),
            ([directive_row()], [measure_row(佐证来源="no.such")], "Q2"),
            ([directive_row(外部参考="是", 来源链接="https://example.org")], [measure_row()], "B2"),
        ],
    )
    def test_names_the_cell_and_changes_nothing(self, directives, measures, cell):
        district = District()

        plan = queries.plan_import(workbook(directives, measures))

        assert [error.cell for error in plan.errors] == [cell]
        with pytest.raises(operations.BadDirective):
            operations.import_plan(plan=plan, unit=district.root, at=AT)
        assert not Directive.objects.exists()

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "编号，标题".encode("gbk"), queries.template()[:900]])
    def test_refuses_a_file_that_is_no_such_workbook(self, content):
        with pytest.raises(Refused):
            queries.plan_import(content)
