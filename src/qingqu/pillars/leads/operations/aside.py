"""What never becomes a lead: a matter that goes up with zero retention, and harm to a minor."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.types import Actor
from qingqu.pillars.leads import queries, rules
from qingqu.pillars.leads.models import Alarm, Passage
from qingqu.pillars.leads.operations.rows import NotYours


class PoliceFirst(Refused):
    """The receipt follows the report to the police, never goes before it."""

    code = "LEAD_POLICE_FIRST"


@transaction.atomic
def pass_up(*, at: datetime, actor: Actor) -> Passage:
    """Enter that a matter about somebody a higher level manages goes up: number, time, handler.

    There is nowhere to put anything else. The handler's seat gets the duty to hand it over in time, ticked off by hand.
    Raises NotYours without a seat that keeps leads. Law: WB-04, WB-05.
    """
    seat = queries.desk_of(actor)
    if seat is None:
        raise NotYours(_("您的岗位不能办理上级受理件。"))
    row = Passage.objects.create(at=at, handler_id=actor.person_id)
    row.number = f"SJ{local_date(at).year}-{row.pk:06d}"
    row.save(update_fields=["number"])
    title = _("上级受理件 %(number)s：径送本机关主要负责人并上报") % {"number": row.number}
    duties.assign_many(
        orders=[duties.Order(title, seat, row.pk, reverse("leads:upward"))],
        subject_kind=queries.PASSAGE,
        start_on=local_date(at),
        rule_id=rules.UPWARD_CLOCK,
        at=at,
        actor_id=actor.person_id,
        is_private=True,
        is_by_hand=True,
    )
    ledger.record("lead.passed_up", at=at, actor_id=actor.person_id, subject_kind=queries.PASSAGE, subject_id=row.pk)
    return row


@transaction.atomic
def raise_alarm(*, is_reported: bool, at: datetime, actor: Actor) -> Alarm:
    """The receipt for a report of harm to a minor: number, time, who reported; it waits for nobody.

    Raises PoliceFirst unless the police were told. Law: MR-01, MR-02, MR-07.
    """
    if not is_reported:
        message = _("请先拨打 110 报警，再生成回执。")
        raise PoliceFirst(message, fields={"is_reported": message})
    row = Alarm.objects.create(at=at, reporter_id=actor.person_id)
    row.number = f"BG{local_date(at).year}-{row.pk:06d}"
    row.save(update_fields=["number"])
    ledger.record("lead.alarm_raised", at=at, actor_id=actor.person_id, subject_kind=queries.ALARM, subject_id=row.pk)
    return row
