"""Opening a lead, handing it to a free seat, and noting what came of it elsewhere."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.models import Post, Unit
from qingqu.kernel.org.types import Right
from qingqu.pillars.leads import queries, rules
from qingqu.pillars.leads.models import Lead, LeadTheme, Outcome, Party
from qingqu.pillars.leads.operations import clocks
from qingqu.pillars.leads.operations.rows import record
from qingqu.pillars.leads.types import Channel, Standing, Theme, Track


class AlreadyOpen(Refused):
    """The source already has an open lead."""

    code = "LEAD_ALREADY_OPEN"


class ReportAtOnce(Refused):
    """Harm to minors is never queued as a lead."""

    code = "LEAD_REPORT_AT_ONCE"


class AboveUs(Refused):
    """The matter is about somebody a higher level manages: nothing of it may be entered."""

    code = "LEAD_ABOVE_US"


@transaction.atomic
def open_lead(  # noqa: PLR0913 - the facts of the register, each by its name
    *,
    title: str,
    body: str,
    unit: Unit,
    source_kind: str,
    source_id: object,
    at: datetime,
    actor_id: object,
    about: Iterable[int] = (),
    suppliers: Iterable[object] = (),
    own_acts: Iterable[int] = (),
    evidence: Mapping[str, Any] | None = None,
    track: str = Track.EDUCATION,
    channel: str = Channel.INTERNAL,
    themes: Iterable[str] = (),
    amount_fen: int | None = None,
    has_named_reporter: bool = False,
) -> Lead:
    """A new lead, handed to the nearest free seat of the discipline desk, its clock started.

    ``about`` and ``own_acts`` are person ids (whom it concerns; whose earlier act it examines), ``suppliers`` the ids
    under which suppliers are declared; ``evidence`` is frozen with its hash; ``themes`` are codes of ``types.Theme``.
    ``has_named_reporter`` says that somebody is to be told of the result, never who. When everybody in line is
    obstructed the lead is kept without a handler. An assignment by a higher body gets a second clock, for its end.
    Raises AlreadyOpen when the source has an open lead, ReportAtOnce for track T4, and AboveUs, with
    nothing written, when it is about somebody a higher level manages.
    Law: DL-02, DL-03, WB-01, WB-05, WB-10, WB-28, DL-22, MR-01.
    """
    if track == Track.MINORS:
        message = _("涉及侵害未成年人的，请立即向公安机关报告（110），不在本系统排队办理。")
        raise ReportAtOnce(message, fields={"track": _("请立即报警")})
    about = list(about)
    if about and rules.may_be_above(track, source_kind) and queries.managed_above(about, on=local_date(at)):
        message = _("被反映人由上级管理，不得录入：请用“上级受理件”径送，只留编号、时间和经手人。")
        raise AboveUs(message, fields={"about": message})
    frozen = dict(evidence or {})
    lead = Lead(
        title=title.strip()[:200],
        body=body.strip(),
        unit=unit,
        track=track,
        source_kind=source_kind,
        source_id=str(source_id or ""),
        evidence=frozen,
        evidence_sha256=rules.evidence_hash(frozen),
        received_at=at,
        channel=Channel(channel),
        amount_fen=amount_fen,
        has_named_reporter=has_named_reporter,
    )
    parties = _parties(lead, about, suppliers, own_acts)
    lead.handler = _free_handler(lead, parties)
    _insert(lead)
    Party.objects.bulk_create(parties)
    LeadTheme.objects.bulk_create(LeadTheme(lead=lead, code=Theme(code)) for code in dict.fromkeys(themes))
    clocks.proposing(lead, at, actor_id)
    clocks.finishing(lead, at, actor_id)
    record(
        "lead.opened",
        lead,
        at,
        actor_id,
        source_kind=source_kind,
        source_id=lead.source_id,
        track=str(track),
        channel=lead.channel,
        evidence_sha256=lead.evidence_sha256,
    )
    return lead


def note_outcome(event: Event) -> None:
    """Keep what came of a lead elsewhere: called for events whose payload names a lead as their source.

    The first event of a matter carries {source_kind, source_id, title, url}; later ones only move it on.
    """
    facts = event.payload
    if facts.get("source_kind") == queries.KIND and str(facts.get("source_id", "")).isdigit():
        Outcome.objects.update_or_create(
            subject_kind=event.subject_kind,
            subject_id=event.subject_id,
            defaults={
                "lead_id": int(facts["source_id"]),
                "title": str(facts.get("title", ""))[:200],
                "url": facts.get("url", ""),
                "last_event": event.kind,
                "last_at": event.at,
            },
        )


def _parties(lead: Lead, about: Iterable[int], suppliers: Iterable[object], own_acts: Iterable[int]) -> list[Party]:
    """The parties' rows, each once."""
    people = [Party(lead=lead, standing=Standing.ABOUT, person_id=int(one)) for one in dict.fromkeys(about)]
    actors = [Party(lead=lead, standing=Standing.ACTED, person_id=int(one)) for one in dict.fromkeys(own_acts)]
    firms = dict.fromkeys(str(one) for one in suppliers if str(one))
    return people + actors + [Party(lead=lead, standing=Standing.SUPPLIER, supplier_id=one) for one in firms]


def _free_handler(lead: Lead, parties: list[Party]) -> Post | None:
    """The nearest seat of the discipline desk, or the next above when its holder is obstructed."""
    on = local_date(lead.received_at)
    seat = org.seat_with(Right.MANAGE_LEADS, lead.unit, on=on)
    if seat is None:
        return None
    touch = org.may_touch(
        seat.person_id,
        unit=lead.unit,
        about=[row.person_id for row in parties if row.standing == Standing.ABOUT and row.person_id],
        own_acts=[row.person_id for row in parties if row.standing == Standing.ACTED and row.person_id],
        suppliers=[row.supplier_id for row in parties if row.supplier_id],
        on=on,
    )
    return seat.post if touch.allowed else touch.next_above


def _insert(lead: Lead) -> None:
    """Insert the lead and give it its number, which carries the year it was received in."""
    try:
        with transaction.atomic():
            lead.save()
    except IntegrityError as error:
        open_already = Lead.objects.exclude(state__in=rules.FINISHED).filter(
            source_kind=lead.source_kind, source_id=lead.source_id
        )
        if not open_already.exists():
            raise
        raise AlreadyOpen(_("这一来源已有未了结的问题线索，不能重复建立。")) from error
    lead.number = f"XS{local_date(lead.received_at).year}-{lead.pk:06d}"
    lead.save(update_fields=["number"])
