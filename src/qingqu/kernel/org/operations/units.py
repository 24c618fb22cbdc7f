"""Writing the tree: units are added, renamed, moved and closed, never deleted."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Appointment, Post, Unit
from qingqu.kernel.org.queries import holding


class BadTree(Refused):
    """A unit may not be placed or closed there."""

    code = "ORG_BAD_TREE"


class CodeTaken(Refused):
    """The code already names something else."""

    code = "ORG_CODE_TAKEN"


@transaction.atomic
def add_unit(*, code: str, name: str, kind: str, parent: Unit | None, at: datetime, actor_id: object = "") -> Unit:
    """A new unit under ``parent`` (a root when None).

    Raises BadTree when the parent is closed, CodeTaken when the code is in use.
    """
    if parent is not None and parent.closed_on is not None:
        raise BadTree(_("上级单位已撤销，请另选上级单位。"), fields={"parent": _("已撤销")})
    try:
        with transaction.atomic():
            unit = Unit.objects.create(code=code, name=name, kind=kind, parent=parent)
    except IntegrityError as error:
        raise CodeTaken(_("这个单位代码已被使用，请换一个。"), fields={"code": _("已被使用")}) from error
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    ledger.record("unit.added", at=at, actor_id=actor_id, subject_kind="unit", subject_id=unit.pk, unit_id=unit.pk)
    return unit


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, kind: str, at: datetime, actor_id: object = "") -> Unit:
    """The unit under its new name and kind; the former ones stay in the event."""
    before = {"name": unit.name, "kind": unit.kind}
    unit.name, unit.kind = name, kind
    unit.save(update_fields=["name", "kind"])
    ledger.record(
        "unit.renamed",
        at=at,
        actor_id=actor_id,
        subject_kind="unit",
        subject_id=unit.pk,
        unit_id=unit.pk,
        payload={"before": before, "after": {"name": name, "kind": kind}},
    )
    return unit


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, at: datetime, actor_id: object = "") -> Unit:
    """The unit with everything below it under a new parent, in one statement for all paths.

    Raises BadTree when the parent is closed, or lies inside the unit.
    """
    before = unit.path or ""
    if parent.closed_on is not None:
        raise BadTree(_("上级单位已撤销，请另选上级单位。"), fields={"parent": _("已撤销")})
    if (parent.path or "").startswith(before):
        raise BadTree(_("不能把单位移到它自己或其下级单位之下。"), fields={"parent": _("请另选上级单位")})
    after = f"{parent.path}{unit.pk}/"
    Unit.objects.filter(path__startswith=before).update(path=Concat(Value(after), Substr(F("path"), len(before) + 1)))
    unit.parent, unit.path = parent, after
    unit.save(update_fields=["parent"])
    ledger.record(
        "unit.moved",
        at=at,
        actor_id=actor_id,
        subject_kind="unit",
        subject_id=unit.pk,
        unit_id=unit.pk,
        payload={"before": before, "after": after},
    )
    return unit


@transaction.atomic
def close_unit(*, unit: Unit, closed_on: date, at: datetime, actor_id: object = "") -> Unit:
    """The unit closed with its posts.

    Raises BadTree while it has open units below it or somebody holds one of its posts.
    """
    if Unit.objects.filter(parent=unit, closed_on__isnull=True).exists():
        raise BadTree(_("还有下级单位，请先撤销或移走下级单位。"))
    if Appointment.objects.filter(holding(closed_on), post__unit=unit).exists():
        raise BadTree(_("还有人在岗，请先办理免职或调离。"))
    unit.closed_on = closed_on
    unit.save(update_fields=["closed_on"])
    Post.objects.filter(unit=unit, closed_on__isnull=True).update(closed_on=closed_on)
    ledger.record(
        "unit.closed",
        at=at,
        actor_id=actor_id,
        subject_kind="unit",
        subject_id=unit.pk,
        unit_id=unit.pk,
        payload={"closed_on": closed_on.isoformat()},
    )
    return unit
