"""Reading the tree as a whole: its top unit, and units by their codes."""

from qingqu.kernel.org.models import Unit


def root() -> Unit:
    """The district's top unit. Raises Unit.DoesNotExist while the district has no unit at all."""
    return Unit.objects.filter(parent=None).earliest("id")


def unit_ids_by_code() -> dict[str, int]:
    """Every unit's id by its code (one query); for jobs that sort many rows by unit."""
    return dict(Unit.objects.values_list("code", "pk"))


def district_name() -> str:
    """The name of the district's top unit; empty while the district has no unit."""
    return Unit.objects.filter(parent=None).order_by("id").values_list("name", flat=True).first() or ""
