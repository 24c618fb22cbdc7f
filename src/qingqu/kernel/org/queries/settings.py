"""Reading local values of the rules."""

from datetime import date

from qingqu.kernel.org import rules
from qingqu.kernel.org.models import Setting, Unit


def setting(key: str, *, unit: Unit, on: date) -> str | None:
    """A local value in force for a unit on a day: the nearest unit's, the latest of them; None when nobody set one."""
    line = [int(step) for step in (unit.path or "").split("/") if step]
    found = Setting.objects.filter(key=key, unit_id__in=line, valid_from__lte=on)
    return found.order_by("-unit__path", "-valid_from").values_list("value", flat=True).first()


def calendar_overrides() -> dict[date, bool]:
    """The district's own calendar as {day: whether it is a working day}, over the national one."""
    rows = Setting.objects.filter(key__in=(rules.DAY_OFF, rules.WORKDAY)).order_by("id")
    return {row.valid_from: row.key == rules.WORKDAY for row in rows}
