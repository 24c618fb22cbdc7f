"""Importing the directives workbook as planned: all of it or nothing."""

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qingqu.deployments.models import Directive, Measure, TriedWorkbook
from qingqu.deployments.operations.directives import BadDirective, create, edit, put_measure
from qingqu.deployments.queries.exchange import Plan, kinds_of
from qingqu.kernel.org.queries import posts_by_code
from qingqu.kernel.org.sheets.columns import Row

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Unit

ASIDE = 10_000
"""Measures that change places stand this far away while they do: no two may share a place even for a moment."""

KEPT = timedelta(days=1)
"""How long a tried workbook waits for its import: a working day and the night after it."""


@transaction.atomic
def import_plan(*, plan: Plan, unit: "Unit", at: datetime, actor_id: object = "") -> None:
    """Write what the plan says; new directives belong to ``unit``. Raises BadDirective for a plan with errors."""
    if plan.errors:
        raise BadDirective(_("文件中还有 %(count)d 处错误，没有导入任何内容。") % {"count": len(plan.errors)})
    present = {row.code: row for row in Directive.objects.select_related("unit").filter(code__in=_named(plan))}
    for row in plan.directives:
        code, fields = str(row["code"]), _filled(row)
        present[code] = (
            edit(directive=present[code], fields=fields, at=at, actor_id=actor_id)
            if code in present
            else create(unit=unit, fields=fields, at=at, actor_id=actor_id)
        )
    posts = posts_by_code([str(row["owner"]) for row in plan.measures if row["owner"]])
    Measure.objects.filter(key__in=[row["key"] for row in plan.measures]).update(order=F("order") + ASIDE)
    for row in plan.measures:
        put_measure(
            directive=present[str(row["directive"])],
            key=str(row["key"]),
            fields=_measure_fields(row, posts),
            evidence_kinds=kinds_of(row),
            at=at,
            actor_id=actor_id,
        )


def _named(plan: Plan) -> set[str]:
    """The codes of the directives the plan writes or adds measures to."""
    return {str(row["code"]) for row in plan.directives} | {str(row["directive"]) for row in plan.measures}


def _filled(row: Row) -> dict[str, Any]:
    """The row with empty texts and flags instead of blanks."""
    return {
        name: value if value is not None else ("" if not name.startswith("is_") else False)
        for name, value in row.items()
    }


def _measure_fields(row: Row, posts: dict[str, int]) -> dict[str, Any]:
    """A measure's row as fields."""
    fields = {name: value for name, value in row.items() if name not in {"key", "directive", "owner", "evidence_kinds"}}
    return fields | {
        "owner_id": posts.get(str(row["owner"])),
        "order": int(str(row["order"])),
        "recurrence": row["recurrence"] or "ONCE",
    }


@transaction.atomic
def keep_tried(*, account_id: int, content: bytes, at: datetime) -> str:
    """Keep a tried workbook until it is imported; the next trial replaces it, and old ones go. Gives its SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    TriedWorkbook.objects.filter(tried_at__lt=at - KEPT).delete()
    kept = {"sha256": sha256, "content": content, "tried_at": at}
    TriedWorkbook.objects.update_or_create(account_id=account_id, defaults=kept)
    return sha256


def drop_tried(*, account_id: int) -> None:
    """Throw a tried workbook away."""
    TriedWorkbook.objects.filter(account_id=account_id).delete()
