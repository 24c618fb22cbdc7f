"""What the database itself refuses, from the ORM and from raw SQL alike."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from qingqu.pillars.audit.models import Flag, ImportJob, Mapping, Parameter, Run, Triage
from tests.factories import AT
from tests.pillars.audit.desk import finished_run, many_flags, saved_mapping

pytestmark = pytest.mark.django_db


def done_import() -> ImportJob:
    return ImportJob.objects.create(
        name="a.csv",
        path="x",
        format="table",
        state="DONE",
        asked_at=AT,
        finished_at=AT,
        read=3,
        accepted=2,
        rejected=1,
    )


def queued_import() -> ImportJob:
    return ImportJob.objects.create(name="a.csv", path="x", format="table", asked_at=AT)


def queued_run() -> Run:
    return Run.objects.create(asked_at=AT)


def flag() -> Flag:
    return many_flags(None, 1)[0]


def explained() -> Triage:
    return Triage.objects.create(flag=flag(), outcome="EXPLAINED", reason="有批复", at=AT)


def lead() -> Triage:
    return Triage.objects.create(flag=flag(), outcome="LEAD", reason="属实", at=AT, lead_id="7")


BREACHES: dict[str, tuple[Callable[[], models.Model], dict[str, Any]]] = {
    "an import whose figures do not add up": (done_import, {"rejected": 2}),
    "an import that is done but has no end": (done_import, {"finished_at": None}),
    "an import that waits but has an end": (queued_import, {"finished_at": AT}),
    "an import in no known state": (queued_import, {"state": "LOST"}),
    "a run that is done but has no end": (finished_run, {"finished_at": None}),
    "a run that waits but has an end": (queued_run, {"finished_at": AT}),
    "a flag in no known state": (flag, {"state": "GUILTY"}),
    "a flag below the least severity": (flag, {"severity": 0}),
    "a flag above the most severity": (flag, {"severity": 4}),
    "a decision without a reason": (explained, {"reason": ""}),
    "a lead without its number": (lead, {"lead_id": ""}),
    "a number of a lead where there is none": (explained, {"lead_id": "7"}),
}


class TestConstraints:
    @pytest.mark.parametrize("breach", BREACHES)
    def test_refuse_it_from_the_orm(self, breach: str) -> None:
        make, changes = BREACHES[breach]
        row = make()

        with pytest.raises(IntegrityError), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**changes)

    @pytest.mark.parametrize("breach", BREACHES)
    def test_refuse_it_from_raw_sql(self, breach: str) -> None:
        make, changes = BREACHES[breach]
        row = make()
        assignments = ", ".join(f'"{name}" = %s' for name in changes)

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{row._meta.db_table}" SET {assignments} WHERE id = %s',  # noqa: S608 - constant names
                [*changes.values(), row.pk],
            )


def mapping() -> Mapping:
    return saved_mapping()


def parameter() -> Parameter:
    return Parameter.objects.create(indicator="R003", values={}, changed_at=AT)


class TestUniqueness:
    @pytest.mark.parametrize(("make", "column"), [(flag, "fingerprint"), (mapping, "name"), (parameter, "indicator")])
    def test_refuses_a_second_row_from_the_orm(self, make: Callable[[], models.Model], column: str) -> None:
        first = make()
        second = type(first)._default_manager.get(pk=first.pk)
        second.pk = None

        with pytest.raises(IntegrityError, match=column), transaction.atomic():
            second.save(force_insert=True)

    @pytest.mark.parametrize(("make", "column"), [(flag, "fingerprint"), (mapping, "name"), (parameter, "indicator")])
    def test_refuses_a_second_row_from_raw_sql(self, make: Callable[[], models.Model], column: str) -> None:
        first = make()
        table = first._meta.db_table
        others = [field.column for field in first._meta.concrete_fields if not field.primary_key]
        names = ", ".join(f'"{name}"' for name in others)

        with pytest.raises(IntegrityError, match=column), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{table}"')  # noqa: S608 - constant names
