"""How rows are read for the log: the columns that only an event may change."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from qingqu.kernel.ledger.registry import Watched


def columns(model: type[Model], *names: str, **children: Sequence[str]) -> Watched:
    """Read ``names`` of a model's rows and, for each relation named in ``children``, columns of the rows behind it.

    ``columns(Lead, "state", dispositions=("kind", "decision"))``: one query, and one for each relation, whatever the
    number of rows. Binary columns are read as hex.
    """

    def rows(subject_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        objects: QuerySet[Any] = QuerySet(model).filter(pk__in=subject_ids)
        found = {str(row.pop("pk")): _readable(row) for row in objects.values("pk", *names)}
        for relation, wanted in children.items():
            for key, behind in _behind(model, relation, wanted, list(found)).items():
                found[key][relation] = behind
        return found

    return rows


def _behind(model: type[Model], relation: str, names: Sequence[str], keys: list[str]) -> dict[str, list[Any]]:
    """{id: the columns of every row that points to it}, an empty list where there is none."""
    link = getattr(model, relation).field
    owner = link.attname
    found: dict[str, list[Any]] = {key: [] for key in keys}
    objects: QuerySet[Any] = QuerySet(link.model).filter(**{f"{owner}__in": keys}).order_by("pk")
    for row in objects.values("pk", owner, *names):
        found[str(row.pop(owner))].append(_readable(row))
    return found


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    return {name: bytes(value).hex() if isinstance(value, bytes | memoryview) else value for name, value in row.items()}
