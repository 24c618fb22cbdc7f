"""The database guards duties, from the ORM and from raw SQL."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from qingqu.kernel.duties.models import Duty, Extension, Pause, Reminder
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db


def duty_row(**changes):
    """A duty written straight into its table."""
    post = changes.pop("post", None) or make_post(Role.PRINCIPAL, make_unit())
    wanted = {
        "title": "报送",
        "post": post,
        "unit": post.unit,
        "subject_kind": "risk",
        "subject_id": "1",
        "start_on": date(2026, 9, 1),
        "due_on": date(2026, 9, 24),
    }
    return Duty.objects.create(**{**wanted, **changes})


BAD_VALUES = [
    ("due_on", "'2026-08-31'"),
    ("completed_at", "'2026-09-24 01:00:00'"),
    ("completed_on", "'2026-09-24'"),
    ("completed_by", "'5'"),
    ("cancelled_at", "'2026-09-24 01:00:00'"),
    ("cancel_ground", "'撤回'"),
    ("paused_on", "'2026-09-24'"),
    ("pause_ground", "'听证'"),
]


class TestDuty:
    @pytest.mark.parametrize(("column", "value"), BAD_VALUES)
    def test_refuses_half_a_pair_from_raw_sql(self, column, value):
        duty = duty_row()
        change = "UPDATE duties_duty SET {} = {} WHERE id = %s"

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(column, value), [duty.pk])

    @pytest.mark.parametrize(
        "changes",
        [
            {"due_on": date(2026, 8, 31)},
            {"completed_at": AT},
            {"cancelled_at": AT, "cancel_ground": ""},
            {"paused_on": date(2026, 9, 24), "pause_ground": ""},
            {
                "completed_at": AT,
                "completed_on": date(2026, 9, 24),
                "completed_by": "",
                "cancelled_at": AT,
                "cancel_ground": "撤回",
            },
            {
                "completed_at": AT,
                "completed_on": date(2026, 9, 24),
                "completed_by": "",
                "paused_on": date(2026, 9, 24),
                "pause_ground": "听证",
            },
        ],
    )
    def test_refuses_what_does_not_fit_together_from_the_orm(self, changes):
        with pytest.raises(IntegrityError), transaction.atomic():
            duty_row(**changes)

    def test_has_one_open_row_a_subject_and_post(self):
        first = duty_row()

        with pytest.raises(IntegrityError), transaction.atomic():
            duty_row(post=first.post)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO duties_duty (title, post_id, unit_id, subject_kind, subject_id, url, rule_id, start_on,"
                " due_on, why, is_provisional, is_private, is_by_hand) SELECT title, post_id, unit_id, subject_kind,"
                " subject_id, url, rule_id, start_on, due_on, why, is_provisional, is_private, is_by_hand"
                " FROM duties_duty WHERE id = %s",
                [first.pk],
            )

    def test_allows_a_closed_one_beside_an_open_one(self):
        first = duty_row(completed_at=AT, completed_on=date(2026, 9, 24), completed_by="")

        assert duty_row(post=first.post).pk != first.pk


class TestExtension:
    @pytest.mark.parametrize(("new", "ground"), [(date(2026, 9, 24), "复杂"), (date(2026, 9, 30), "")])
    def test_is_later_and_has_a_ground(self, new, ground):
        duty = duty_row()

        with pytest.raises(IntegrityError), transaction.atomic():
            Extension.objects.create(
                duty=duty,
                old_due_on=duty.due_on,
                new_due_on=new,
                ground=ground,
                approver=make_person(duty.unit),
                at=AT,
            )


class TestPause:
    def test_ends_after_it_began(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pause.objects.create(
                duty=duty_row(), paused_on=date(2026, 9, 24), resumed_on=date(2026, 9, 23), ground="听证"
            )


class TestReminder:
    def test_is_sent_once_for_a_due_date(self):
        duty = duty_row()
        person = make_person(duty.unit)
        Reminder.objects.create(duty=duty, step="ON_DAY", due_on=duty.due_on, person=person, at=AT)

        with pytest.raises(IntegrityError), transaction.atomic():
            Reminder.objects.create(duty=duty, step="ON_DAY", due_on=duty.due_on, person=person, at=AT)
