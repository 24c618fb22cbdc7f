"""Reading local values of the rules."""

from datetime import date

from qingqu.engines.statutes import Calendar
from qingqu.kernel.org import rules
from qingqu.kernel.org.models import Setting, Unit


def setting(key: str, *, unit: Unit, on: date) -> str | None:
    """A local value in force for a unit on a day: the nearest unit's, the latest of them; None when nobody set one."""
    line = [int(step) for step in (unit.path or "").split("/") if step]
    found = Setting.objects.filter(key=key, unit_id__in=line, valid_from__lte=on)
    return found.order_by("-unit__path", "-valid_from").values_list("value", flat=True).first()


def working_calendar() -> Calendar:
    """The national working calendar with the district's own days, and years it has entered whole, over it (one query).

    Only what is set for a top unit counts.
    """
    rows = Setting.objects.filter(key__in=rules.CALENDAR, unit__parent__isnull=True).order_by("id")
    found = list(rows.values_list("key", "valid_from"))
    return Calendar(
        overrides={day: key == rules.WORKDAY for key, day in found if key != rules.WHOLE_YEAR},
        years=frozenset(day.year for key, day in found if key == rules.WHOLE_YEAR),
    )
