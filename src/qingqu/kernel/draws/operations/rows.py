"""What every operation does first and last: read and lock the ceremony, keep organisers and parties apart, record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingqu.engines.draw import DrawError
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.draws import queries, rules
from qingqu.kernel.draws.models import Ceremony, Draw, Party
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.types import Actor


class NotYours(Refused):
    """The actor may not take this step, or the ceremony is out of reach."""

    code = "CEREMONY_NOT_YOURS"


class NotNow(Refused):
    """The ceremony's state does not allow this step."""

    code = "CEREMONY_NOT_NOW"


class NotTheTime(Refused):
    """The step comes before its moment or after its deadline."""

    code = "CEREMONY_NOT_THE_TIME"


class Incomplete(Refused):
    """Something that must be said is missing, or cannot be read."""

    code = "CEREMONY_INCOMPLETE"


class NeedsAnother(Refused):
    """Organisers are no parties, and the public source is confirmed by another person than who recorded it."""

    code = "CEREMONY_NEEDS_ANOTHER"


class BadRoster(Refused):
    """The rules of the draw do not allow what was given; the message names the place."""

    code = "CEREMONY_BAD_ROSTER"


def taken(ceremony: Ceremony, actor: Actor, *verbs: str) -> Ceremony:
    """The ceremony read again and locked, if the actor organises it, is no party, and its state allows one verb.

    Whoever takes a step becomes one of the organisers.
    """
    own = Party.objects.filter(ceremony=OuterRef("pk"), post_id__in=[grant.post_id for grant in actor.grants])
    rows = queries.visible(actor).annotate(is_party=Exists(own)).select_for_update(of=("self",))
    row = rows.filter(pk=ceremony.pk).first()
    if row is None:
        raise NotYours(_("找不到这场抽签，或者您不能办理。"))
    allowed(row, *verbs)
    if row.is_party:
        raise NeedsAnother(_("您的岗位是这场抽签的参与方，不能同时组织，请交由另一人办理。"))
    row.organisers = sorted({*row.organisers, actor.person_id})
    return row


def allowed(row: Ceremony, *verbs: str) -> None:
    """Raise NotNow unless the ceremony's state allows one of the steps."""
    if not any(rules.may_move(row.state, verb) for verb in verbs):
        raise NotNow(_("这场抽签目前为“%(state)s”，不能进行这一步。") % {"state": row.get_state_display()})


def said(text: str, field: str, message: str) -> str:
    """The stripped text; raises Incomplete when nothing is left."""
    if not text.strip():
        raise Incomplete(message, fields={field: message})
    return text.strip()


@contextmanager
def in_words(field: str = "") -> Iterator[None]:
    """Turn what the engine refuses into a refusal in the reader's language."""
    try:
        yield
    except DrawError as error:
        english = (get_language() or "").startswith("en")
        message = f"{error.place}: {error.en}" if english else f"{error.place}：{error.zh}"
        raise BadRoster(message, fields={field: message} if field else None) from error


def numbers(row: Ceremony) -> list[str]:
    """The numbers of the ceremony's draws."""
    return [number or "" for number in row.draws.order_by("id").values_list("number", flat=True)]


def facts(row: Ceremony) -> dict[str, Any]:
    """What every event of a ceremony says, so that whoever hears of it finds it."""
    return {"title": row.title, "url": reverse("draws:detail", args=[row.pk])}


def record(kind: str, row: Ceremony, at: datetime, actor_id: object, **payload: Any) -> None:
    """One event of a ceremony."""
    ledger.record(
        kind,
        at=at,
        actor_id=actor_id,
        subject_kind=queries.CEREMONY,
        subject_id=row.pk,
        unit_id=row.unit_id,
        payload=facts(row) | payload,
    )


def record_of_draws(
    kind: str, row: Ceremony, draws: list[Draw], at: datetime, actor_id: object, **payload: dict[int, Any]
) -> None:
    """One event for each draw; ``payload`` is {field: {draw id: value}}."""
    ledger.record_many(
        kind,
        at=at,
        actor_id=actor_id,
        subject_kind=queries.DRAW,
        facts=[
            ledger.Fact(
                draw.pk,
                row.unit_id,
                facts(row) | {"draw": draw.number} | {name: values[draw.pk] for name, values in payload.items()},
            )
            for draw in draws
        ],
    )


def record_of_parties(
    kind: str, row: Ceremony, people: list[Party], at: datetime, actor_id: object, **payload: Any
) -> None:
    """One event of the ceremony for each party."""
    ledger.record_many(
        kind,
        at=at,
        actor_id=actor_id,
        subject_kind=queries.CEREMONY,
        facts=[ledger.Fact(row.pk, row.unit_id, facts(row) | {"party": party.name} | payload) for party in people],
    )
