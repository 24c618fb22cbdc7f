"""The directives workbook: the export, the empty template, and what an import would do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from qingqu.deployments.models import Directive, Measure, TriedWorkbook
from qingqu.deployments.queries.directives import may_manage
from qingqu.deployments.rules import EVIDENCE_KINDS
from qingqu.deployments.workbook import DIRECTIVES, GUIDE, MEASURES, SEPARATOR, SHEETS
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.org.queries import posts_by_code
from qingqu.kernel.org.sheets.columns import Row, Sheet
from qingqu.kernel.org.sheets.reading import CellError, Reading, read
from qingqu.kernel.org.sheets.writing import write
from qingqu.kernel.org.types import Actor

Numbered = tuple[int, Row]


class NotTried(Refused):
    """The workbook that was tried is not kept any more, or another one was tried since."""

    code = "DEPLOYMENT_NOT_TRIED"


@dataclass(frozen=True)
class Plan:
    """What an import would do: rows to write by sheet, how many are new, and every cell in error.

    An import with one error changes nothing.
    """

    directives: tuple[Row, ...]
    measures: tuple[Row, ...]
    new_directives: int
    new_measures: int
    errors: tuple[CellError, ...]


def template() -> bytes:
    """The empty workbook."""
    return write({}, sheets=SHEETS, guide=GUIDE)


def export(directives: Iterable[Directive]) -> bytes:
    """These directives with their measures as a workbook that imports to the same."""
    chosen = list(directives)
    measures = (
        Measure.objects.filter(directive__in=chosen).select_related("directive", "owner").prefetch_related("kinds")
    )
    rows = {
        DIRECTIVES.name: [_directive_row(directive) for directive in chosen],
        MEASURES.name: [_measure_row(measure) for measure in measures.order_by("directive_id", "order")],
    }
    return write(rows, sheets=SHEETS, guide=GUIDE)


def _directive_row(directive: Directive) -> Row:
    """A directive as a row."""
    return {column.field: getattr(directive, column.field) for column in DIRECTIVES.columns}


def _measure_row(measure: Measure) -> Row:
    """A measure as a row."""
    row: Row = {
        column.field: getattr(measure, column.field)
        for column in MEASURES.columns
        if column.field not in {"directive", "owner", "order", "evidence_kinds"}
    }
    return row | {
        "directive": measure.directive.code,
        "owner": measure.owner.code if measure.owner else "",
        "order": str(measure.order),
        "evidence_kinds": SEPARATOR.join(sorted(kind.kind for kind in measure.kinds.all())),
    }


def plan_import(content: bytes, *, actor: Actor | None = None) -> Plan:
    """What importing the workbook would do, with an error for every cell that is wrong.

    With ``actor`` existing directives outside the units where the actor manages directives are errors.
    Raises BadWorkbook when the file is not such a workbook at all.
    """
    reading = read(content, sheets=SHEETS)
    directives, measures = reading.rows.get(DIRECTIVES.name, []), reading.rows.get(MEASURES.name, [])
    known = {row.code: row for row in Directive.objects.select_related("unit").filter(code__in=_codes(reading))}
    keys = [row["key"] for _number, row in measures]
    known_measures = {row.key: row for row in Measure.objects.select_related("directive").filter(key__in=keys)}
    codes = posts_by_code([str(row["owner"]) for _number, row in measures if row["owner"]])
    errors = [
        *reading.errors,
        *_doubled(DIRECTIVES, directives),
        *_doubled(MEASURES, measures),
        *_foreign(directives, known, actor),
        *_bad_references(directives),
        *_bad_measures(measures, directives, known, known_measures, codes),
        *_same_orders(measures),
    ]
    return Plan(
        tuple(row for _number, row in directives),
        tuple(row for _number, row in measures),
        sum(1 for _number, row in directives if row["code"] not in known),
        sum(1 for key in keys if key not in known_measures),
        tuple(sorted(errors, key=lambda error: (error.sheet, int("".join(filter(str.isdigit, error.cell)) or 0)))),
    )


def tried(*, account_id: int, sha256: str) -> bytes:
    """The workbook the account tried last, if it is the one with this hash. Raises NotTried."""
    found = TriedWorkbook.objects.filter(account_id=account_id, sha256=sha256).values_list("content", flat=True).first()
    if found is None:
        raise NotTried(_("试算的文件已不在，没有导入任何内容。请重新选择文件并试算。"))
    return bytes(found)


def _codes(reading: Reading) -> set[str]:
    """The codes of directives that either sheet names."""
    own = {str(row["code"]) for _number, row in reading.rows.get(DIRECTIVES.name, [])}
    return own | {str(row["directive"]) for _number, row in reading.rows.get(MEASURES.name, [])}


def _at(sheet: Sheet, number: int, row: Row, field: str, message: str) -> CellError:
    """An error of one cell."""
    place = next(index for index, column in enumerate(sheet.columns, start=1) if column.field == field)
    return CellError(sheet.name, f"{get_column_letter(place)}{number}", str(row[field] or ""), message)


def _doubled(sheet: Sheet, rows: list[Numbered]) -> Iterator[CellError]:
    """Keys that come twice."""
    seen: set[object] = set()
    field = sheet.key[0]
    for number, row in rows:
        if row[field] in seen:
            yield _at(sheet, number, row, field, _("编号在表中重复出现。"))
        seen.add(row[field])


def _foreign(rows: list[Numbered], known: dict[str, Directive], actor: Actor | None) -> Iterator[CellError]:
    """Codes of directives the actor may not change."""
    for number, row in rows:
        found = known.get(str(row["code"]))
        if actor is not None and found is not None and not may_manage(actor, found):
            yield _at(DIRECTIVES, number, row, "code", _("该编号已被其他单位使用。"))


def _bad_references(rows: list[Numbered]) -> Iterator[CellError]:
    """References without a source, and sources that are no web address."""
    for number, row in rows:
        source = str(row["source_url"] or "")
        if row["is_external_reference"] and not source:
            yield _at(DIRECTIVES, number, row, "source_url", _("外部参考须写明来源链接。"))
        elif source and not source.startswith(("https://", "http://")):
            yield _at(DIRECTIVES, number, row, "source_url", _("来源链接须以 https:// 或 http:// 开头。"))


def _bad_measures(
    rows: list[Numbered],
    directives: list[Numbered],
    known: dict[str, Directive],
    known_measures: dict[str, Measure],
    posts: dict[str, int],
) -> Iterator[CellError]:
    """Everything wrong with a measure by itself or in what it names."""
    references = {code: row.is_external_reference for code, row in known.items()}
    references |= {str(row["code"]): bool(row["is_external_reference"]) for _number, row in directives}
    for number, row in rows:
        code = str(row["directive"])
        if code not in references:
            yield _at(MEASURES, number, row, "directive", _("没有这个编号的部署。"))
        elif references[code]:
            yield _at(MEASURES, number, row, "directive", _("外部参考只列事实，不设措施。"))
        if (found := known_measures.get(str(row["key"]))) and found.directive.code != code:
            yield _at(MEASURES, number, row, "key", _("该措施编号属于另一件部署。"))
        if row["owner"] and row["owner"] not in posts:
            yield _at(MEASURES, number, row, "owner", _("没有这个代码的岗位。"))
        if not str(row["order"]).isdecimal():
            yield _at(MEASURES, number, row, "order", _("顺序须为整数。"))
        if (
            isinstance(row["starts_on"], date)
            and isinstance(row["ends_on"], date)
            and row["ends_on"] < row["starts_on"]
        ):
            yield _at(MEASURES, number, row, "ends_on", _("完成日期不得早于开始日期。"))
        if unknown := [kind for kind in kinds_of(row) if kind not in EVIDENCE_KINDS]:
            text = _("不认识的佐证来源：%(kinds)s") % {"kinds": SEPARATOR.join(unknown)}
            yield _at(MEASURES, number, row, "evidence_kinds", text)


def _same_orders(rows: list[Numbered]) -> Iterator[CellError]:
    """Places in a directive taken twice, in the sheet or by a measure the sheet does not move."""
    moved = {str(row["key"]) for _number, row in rows}
    codes = {str(row["directive"]) for _number, row in rows}
    staying = Measure.objects.filter(directive__code__in=codes).exclude(key__in=moved)
    seen = {(code, str(order)) for code, order in staying.values_list("directive__code", "order")}
    for number, row in rows:
        place = (str(row["directive"]), str(row["order"]))
        if place in seen:
            yield _at(MEASURES, number, row, "order", _("同一部署内的顺序号不能重复。"))
        seen.add(place)


def kinds_of(row: Row) -> list[str]:
    """The kinds of evidence a measure's row names."""
    return [part.strip() for part in str(row["evidence_kinds"] or "").split(SEPARATOR) if part.strip()]
