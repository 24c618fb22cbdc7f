"""Carrying out an import: one transaction, a handful of statements whatever the size, the same result twice."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Appointment, ImportDraft, Person, Post, Relationship, Unit
from qingqu.kernel.org.queries.exchange import present
from qingqu.kernel.org.sheets.columns import APPOINTMENTS, PEOPLE, POSTS, RELATIONSHIPS, SHEETS, UNITS, Row
from qingqu.kernel.org.sheets.planning import Change, Plan, check, difference

BATCH = 500
DRAFT_LIFE = timedelta(days=1)
"""How long an uploaded workbook waits: it holds names, so no longer than a working day."""


class BadPlan(Refused):
    """The plan has errors, or the data changed since it was made."""

    code = "ORG_BAD_PLAN"


@transaction.atomic
def apply_import(plan: Plan, *, at: datetime, actor_id: object = "") -> dict[str, int]:
    """Write what the plan's workbook wants and the database does not have yet; {sheet: rows written}.

    Decides anew against the present data, so that a second run writes nothing. A post that existed and gets a new
    holder tells so with post.appointed, and its duties pass over. Raises BadPlan for a plan with errors, and
    for one that seats the person who acts.
    """
    if plan.errors:
        raise BadPlan(_("文件中还有错误，请改正后重新上传。"))
    state = present()
    if check(plan.wanted, state):
        raise BadPlan(_("试算之后数据有变动，请重新上传试算。"))
    changes = difference(plan.wanted, state)
    written = {sheet.name: len(changes[sheet.name]) for sheet in SHEETS}
    if not any(written.values()):
        return written
    _write_units(changes[UNITS.name])
    _write_named(Person, "number", changes[PEOPLE.name])
    known = set(Post.objects.values_list("pk", flat=True)) if changes[APPOINTMENTS.name] else set()
    _write_named(Post, "code", changes[POSTS.name])
    seated = _write_appointments(changes[APPOINTMENTS.name])
    if any(str(row.person_id) == str(actor_id) for row in seated):
        raise BadPlan(_("文件中有给您本人的任职，请由另一位管理员导入。"))
    _write_relationships(changes[RELATIONSHIPS.name])
    ledger.record(
        "org.imported", at=at, actor_id=actor_id, subject_kind="import", subject_id=at.isoformat(), payload=written
    )
    _tell_handovers([row for row in seated if row.post_id in known], at=at, actor_id=actor_id)
    return written


def _write_units(changes: tuple[Change, ...]) -> None:
    """New units, changed units, then every path that no longer fits."""
    if not changes:
        return
    Unit.objects.bulk_create(
        [
            Unit(code=row["code"], name=row["name"], kind=row["kind"], closed_on=row["closed_on"])
            for row in _added(changes)
        ],
        batch_size=BATCH,
    )
    units = {unit.code: unit for unit in Unit.objects.all()}
    for change in changes:
        row: Any = change.after
        unit = units[row["code"]]
        above = units[row["parent"]] if row["parent"] else None
        unit.name, unit.kind, unit.closed_on = row["name"], row["kind"], row["closed_on"]
        unit.parent_id = above.pk if above else None
    touched = [units[str(change.key[0])] for change in changes]
    Unit.objects.bulk_update(touched, ("name", "kind", "closed_on", "parent"), batch_size=BATCH)
    _write_paths({unit.pk: unit for unit in units.values()})


def _write_paths(units: dict[int, Unit]) -> None:
    """Every path that no longer fits its parents."""
    paths: dict[int, str] = {}

    def path_of(pk: int) -> str:
        line = []
        step: int | None = pk
        while step is not None and step not in paths:
            line.append(step)
            step = units[step].parent_id
        above = paths[step] if step is not None else "/"
        for step in reversed(line):
            above = paths[step] = f"{above}{step}/"
        return paths[pk]

    stale = [unit for unit in units.values() if unit.path != path_of(unit.pk)]
    for unit in stale:
        unit.path = paths[unit.pk]
    Unit.objects.bulk_update(stale, ("path",), batch_size=BATCH)


def _write_named(model: Any, name: str, changes: tuple[Change, ...]) -> None:
    """Rows of a model that one field names and a unit holds: changed where they exist, created where not."""
    if not changes:
        return
    units = _ids(Unit, "code")

    def facts(row: Row) -> dict[str, Any]:
        return {**{key: value for key, value in row.items() if key != "unit"}, "unit_id": units[row["unit"]]}

    changed = {change.key[0]: change.after for change in changes if change.before is not None}
    rows = [row for row in model.objects.all() if getattr(row, name) in changed] if changed else []
    for row in rows:
        for key, value in facts(changed[getattr(row, name)]).items():
            setattr(row, key, value)
    fields = [key for change in changes[:1] for key in change.after if key != name]
    model.objects.bulk_update(rows, fields, batch_size=BATCH)
    model.objects.bulk_create([model(**facts(row)) for row in _added(changes)], batch_size=BATCH)


def _write_appointments(changes: tuple[Change, ...]) -> list[Appointment]:
    """Changed ends first, then new appointments, so that none overlap on the way; gives the new ones."""
    if not changes:
        return []
    posts, people = _ids(Post, "code"), _ids(Person, "number")
    changed = {
        (posts[change.key[0]], people[change.key[1]], change.key[2]): change.after["ends_on"]
        for change in changes
        if change.before is not None
    }
    rows = [row for row in Appointment.objects.all() if (row.post_id, row.person_id, row.starts_on) in changed]
    for row in rows:
        row.ends_on = changed[row.post_id, row.person_id, row.starts_on]  # type: ignore[assignment]
    Appointment.objects.bulk_update(rows, ("ends_on",), batch_size=BATCH)
    new = [
        Appointment(
            post_id=posts[row["post"]],
            person_id=people[row["person"]],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
        )
        for row in _added(changes)
    ]
    return Appointment.objects.bulk_create(new, batch_size=BATCH)


def _write_relationships(changes: tuple[Change, ...]) -> None:
    """New relationships, and changed names and ends."""
    if not changes:
        return
    people = _ids(Person, "number")

    def facts(row: Row) -> dict[str, Any]:
        other = str(people[row["other"]]) if row["other_kind"] == "PERSON" else row["other"]
        return {**{name: value for name, value in row.items() if name not in {"person", "other"}}, "other_id": other}

    for change in changes:
        if change.before is not None:
            found = facts(change.after)
            named = {name: found[name] for name in ("other_kind", "other_id", "kind", "declared_on")}
            rest = {name: value for name, value in found.items() if name not in named}
            Relationship.objects.filter(person_id=people[change.after["person"]], **named).update(**rest)
    Relationship.objects.bulk_create(
        [Relationship(person_id=people[row["person"]], **facts(row)) for row in _added(changes)], batch_size=BATCH
    )


def _tell_handovers(seated: list[Appointment], *, at: datetime, actor_id: object) -> None:
    """Tell that posts which existed before have a new holder."""
    if not seated:
        return
    units = dict(Post.objects.filter(pk__in={row.post_id for row in seated}).values_list("pk", "unit_id"))
    ledger.record_many(
        "post.appointed",
        at=at,
        actor_id=actor_id,
        subject_kind="post",
        facts=[
            ledger.Fact(
                row.post_id,
                units[row.post_id],
                {"starts_on": row.starts_on.isoformat(), "appointment": row.pk, "person": row.person_id, "former": ""},
            )
            for row in seated
        ],
    )


def _added(changes: tuple[Change, ...]) -> list[Any]:
    """The rows that are new."""
    return [change.after for change in changes if change.before is None]


def _ids(model: Any, name: str) -> dict[Any, int]:
    """{code: id} of a whole table."""
    return dict(model.objects.values_list(name, "pk"))


@transaction.atomic
def keep_draft(*, account_id: int, content: bytes, at: datetime) -> None:
    """Keep an uploaded workbook until it is imported; a later upload replaces it, and old ones go."""
    ImportDraft.objects.filter(uploaded_at__lt=at - DRAFT_LIFE).delete()
    ImportDraft.objects.update_or_create(account_id=account_id, defaults={"content": content, "uploaded_at": at})


def drop_draft(*, account_id: int) -> None:
    """Throw an uploaded workbook away."""
    ImportDraft.objects.filter(account_id=account_id).delete()
