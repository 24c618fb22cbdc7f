"""Deciding what becomes of a flag."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.engines import redflags
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.types import Actor
from qingqu.pillars.audit import rules
from qingqu.pillars.audit.models import Flag, Triage
from qingqu.pillars.audit.types import FlagState
from qingqu.pillars.leads import operations as leads


class NotTriaged(Refused):
    """The flag may not be decided this way, or not by this person."""

    code = "AUDIT_NOT_TRIAGED"


@transaction.atomic
def triage(
    *,
    flag: Flag,
    outcome: FlagState,
    reason: str,
    actor: Actor,
    at: datetime,
    evidence: Mapping[str, Any] | None = None,
) -> Triage:
    """Decide a flag, with a reason; LEAD opens a lead that keeps ``evidence`` as it stood.

    Raises NotTriaged without a reason, when the flag is already decided, or when the person has an interest in it.
    """
    locked = Flag.objects.select_for_update(of=("self",)).select_related("unit").get(pk=flag.pk)
    rows = dict(evidence or {})
    suppliers = _suppliers(locked, rows)
    _check(locked, outcome, reason, actor, suppliers)
    lead_id = _open_lead(locked, reason, actor, at, rows, suppliers) if outcome is FlagState.LEAD else ""
    decided = Triage.objects.create(
        flag=locked, outcome=outcome, reason=reason.strip(), person_id=str(actor.person_id), at=at, lead_id=lead_id
    )
    locked.state = outcome
    locked.save(update_fields=["state"])
    ledger.record(
        "audit.flag_triaged",
        at=at,
        actor_id=actor.person_id,
        subject_kind="flag",
        subject_id=locked.pk,
        unit_id=locked.unit_id or "",
        payload={"outcome": outcome, "indicator": locked.indicator, "lead": lead_id},
    )
    return decided


def _check(flag: Flag, outcome: FlagState, reason: str, actor: Actor, suppliers: tuple[str, ...]) -> None:
    if not reason.strip():
        raise NotTriaged(_("请写明理由。"), fields={"reason": _("请写明理由")})
    if not rules.may_become(FlagState(flag.state), outcome):
        raise NotTriaged(_("这条提示已有核查结论，请先看它的处理记录。"))
    touch = org.may_touch(actor.person_id, unit=flag.unit or org.root(), suppliers=suppliers, on=actor.on)
    if not touch.allowed:
        raise NotTriaged(_("您与这条提示有利害关系，应当回避，请交由其他人员核查。"))


def _suppliers(flag: Flag, evidence: Mapping[str, Any]) -> tuple[str, ...]:
    """The suppliers the flag is about: its subject, and those of the rows it was computed from."""
    found = {str(row["supplier_id"]) for rows in evidence.values() for row in rows if row.get("supplier_id")}
    if flag.subject_kind == "SUPPLIER":
        found.add(flag.subject_id)
    return tuple(sorted(found))


def _open_lead(
    flag: Flag, reason: str, actor: Actor, at: datetime, evidence: Mapping[str, Any], suppliers: tuple[str, ...]
) -> str:
    """The new lead's id; its evidence is a copy, whatever the mart says later."""
    declared = redflags.REGISTER.get(flag.indicator)
    lead = leads.open_lead(
        title=f"{declared.title.zh if declared else flag.indicator}：{flag.subject_id}",
        body=reason.strip(),
        unit=flag.unit or org.root(),
        source_kind="flag",
        source_id=str(flag.pk),
        at=at,
        actor_id=actor.person_id,
        suppliers=suppliers,
        evidence={"explanation": flag.explanation_zh, "keys": flag.evidence, "rows": dict(evidence)},
    )
    return str(lead.pk)
