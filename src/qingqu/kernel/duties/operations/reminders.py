"""The daily job: reminders to holders, escalation to the heads above, and the handover when a post changes hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.duties import rules
from qingqu.kernel.duties.models import OPEN, Duty, Reminder
from qingqu.kernel.duties.queries import chain_of
from qingqu.kernel.duties.types import Step
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.queries import holders

if TYPE_CHECKING:
    from qingqu.kernel.ledger.models import Event
    from qingqu.kernel.org.models import Person, Post

CHUNK = 100
"""How many duties the daily job takes in one transaction."""


@dataclass(frozen=True)
class Sent:
    """How many holders were reminded and how many heads were told."""

    reminded: int = 0
    escalated: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        """Both together."""
        return Sent(self.reminded + other.reminded, self.escalated + other.escalated)


def tick(*, at: datetime) -> Sent:
    """Send every rung of the ladder that has been reached and not yet sent; safe to run again at any time.

    Works through the open duties CHUNK by CHUNK, each in its own transaction: a job that is stopped has sent what it
    recorded and goes on from there. The events duty.reminded and duty.escalated carry {duty, step, person_id};
    sending the message is the subscriber's work.
    """
    sent, last_id = Sent(), 0
    while True:
        found, last_id = _tick_chunk(last_id, at)
        sent += found
        if last_id == 0:
            return sent


@transaction.atomic
def _tick_chunk(after_id: int, at: datetime) -> tuple[Sent, int]:
    """Send for the next duties after an id; gives the last id looked at, 0 at the end."""
    on = local_date(at)
    rows = Duty.objects.filter(
        OPEN, paused_on__isnull=True, due_on__lte=rules.last_due_with_reminder(on), pk__gt=after_id
    )
    duties = list(rows.select_related("unit", "post").select_for_update(of=("self",)).order_by("pk")[:CHUNK])
    if not duties:
        return Sent(), 0
    due = _due_steps(duties, on)
    people = _recipients([duty for duty, _step in due], on)
    addressed = [(duty, step, person) for duty, step in due if (person := _whom(people[duty.pk], step)) is not None]
    Reminder.objects.bulk_create(
        Reminder(duty=duty, step=step.code, due_on=duty.due_on, person=person, at=at)
        for duty, step, person in addressed
    )
    return _tell(addressed, at), duties[-1].pk


def _due_steps(duties: Sequence[Duty], on: date) -> list[tuple[Duty, Step]]:
    """The rungs to send for these duties; the ones already sent for the same due date are left out."""
    between = Reminder.objects.filter(duty_id__gte=duties[0].pk, duty_id__lte=duties[-1].pk)
    sent: dict[tuple[int, date], set[str]] = {}
    for duty_id, due_on, step in between.values_list("duty_id", "due_on", "step"):
        sent.setdefault((duty_id, due_on), set()).add(step)
    return [
        (duty, step)
        for duty in duties
        for step in rules.to_send(duty.due_on, on, sent.get((duty.pk, duty.due_on), set()))
    ]


def _recipients(duties: Sequence[Duty], on: date) -> dict[int, list["Person | None"]]:
    """Who sits in each duty's post and in the head posts above it, as {duty id: [holder, next above, …]}."""
    chains: dict[int, list[Post]] = chain_of(duties) if duties else {}
    post_ids = {duty.post_id for duty in duties} | {post.pk for chain in chains.values() for post in chain}
    seated = holders(post_ids, on=on) if post_ids else {}
    return {duty.pk: [seated.get(duty.post_id), *(seated.get(post.pk) for post in chains[duty.pk])] for duty in duties}


def _whom(people: Sequence["Person | None"], step: Step) -> "Person | None":
    """The person a rung goes to: an empty seat passes it up; nobody when an escalation has no head above."""
    if step.level and len(people) == 1:
        return None
    start = min(step.level, len(people) - 1)
    return next((person for person in people[start:] if person is not None), None)


def _tell(addressed: Sequence[tuple[Duty, Step, "Person"]], at: datetime) -> Sent:
    """Record what was sent, one event each; the messages themselves are written by the subscribers."""
    for kind, is_escalation in (("duty.reminded", False), ("duty.escalated", True)):
        facts = [
            ledger.Fact(duty.pk, duty.unit_id, {"duty": duty.pk, "step": step.code, "person_id": person.pk})
            for duty, step, person in addressed
            if bool(step.level) is is_escalation
        ]
        ledger.record_many(kind, at=at, subject_kind="duty", facts=facts)
    escalated = sum(1 for _duty, step, _person in addressed if step.level)
    return Sent(len(addressed) - escalated, escalated)


def hand_over(event: "Event") -> None:
    """Record that every open duty of a post passes to its new holder; subscribed to post.appointed.

    Two queries for the people and two for the events, whatever the number of duties.
    """
    post_id = int(event.subject_id)
    starts_on = date.fromisoformat(event.payload["starts_on"])
    duties = list(Duty.objects.filter(OPEN, post_id=post_id).order_by("pk"))
    if not duties:
        return
    successor = holders([post_id], on=starts_on).get(post_id)
    former = holders([post_id], on=starts_on - timedelta(days=1)).get(post_id)
    payload = {
        "post_id": post_id,
        "from_person_id": former.pk if former else None,
        "to_person_id": successor.pk if successor else None,
        "starts_on": starts_on.isoformat(),
    }
    facts = [ledger.Fact(duty.pk, duty.unit_id, payload) for duty in duties]
    ledger.record_many("duty.handed_over", at=event.at, subject_kind="duty", facts=facts, actor_id=event.actor_id)
