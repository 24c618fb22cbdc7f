"""The founding document's fourteen measures as a directive, and the two public meetings as sourced references."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qingqu.deployments.models import Directive, Measure
from qingqu.deployments.operations.directives import create, edit, put_measure

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Post, Unit

PACKAGED = "founding.json"


@dataclass(frozen=True)
class Founding:
    """What was loaded: the directive, its measures in order, the external references."""

    directive: Directive
    measures: tuple[Measure, ...]
    references: tuple[Directive, ...]


@transaction.atomic
def load_founding(
    path: Path | None = None,
    *,
    unit: "Unit",
    issuer: str,
    issued_on: date,
    at: datetime,
    number: str = "",
    owners: Mapping[str, "Post"] | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    actor_id: object = "",
) -> Founding:
    """The founding directive of a unit; loading it again changes what differs and doubles nothing.

    ``path`` is a JSON file of the packaged one's shape (None: the packaged one). The document itself is undated, so the
    caller says who issues it and when; ``owners`` is {pillar: post}; the dates are those of every measure.
    Law: RS-03.
    """
    content = _read(path)
    fields = {**content["directive"], "issuer": issuer, "issued_on": issued_on, "number": number, "is_public": True}
    directive = _put(unit, fields, at, actor_id)
    measures = tuple(
        put_measure(
            directive=directive,
            key=row["key"],
            fields={
                **row,
                "owner_id": owners[row["pillar"]].pk if owners and row["pillar"] in owners else None,
                "starts_on": starts_on,
                "ends_on": ends_on,
            },
            evidence_kinds=row["evidence_kinds"],
            at=at,
            actor_id=actor_id,
        )
        for row in content["measures"]
    )
    references = tuple(_put(unit, _reference(row), at, actor_id) for row in content["references"])
    return Founding(directive, measures, references)


def _read(path: Path | None) -> dict[str, Any]:
    """The file's content."""
    text = path.read_text("utf-8") if path else files("qingqu.deployments").joinpath(PACKAGED).read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def _reference(row: Mapping[str, Any]) -> dict[str, Any]:
    """An external reference's fields: facts and source, nothing of our own."""
    return {
        **row,
        "issued_on": date.fromisoformat(row["issued_on"]),
        "is_public": True,
        "is_external_reference": True,
    }


def _put(unit: "Unit", fields: Mapping[str, Any], at: datetime, actor_id: object) -> Directive:
    """The directive with this code, written or changed."""
    present = Directive.objects.filter(code=fields["code"]).select_related("unit").first()
    if present is None:
        return create(unit=unit, fields=fields, at=at, actor_id=actor_id)
    return edit(directive=present, fields=fields, at=at, actor_id=actor_id)
