"""Writing publications: drafting, submitting, confirming traces, publishing, correcting, withdrawing."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core import search
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.files import subjects
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Unit
from qingqu.kernel.org.types import Actor, Right
from qingqu.kernel.publications import queries, rules
from qingqu.kernel.publications.models import Confirmation, Publication, Version
from qingqu.kernel.publications.types import Kind, State, Trace


class NotYours(Refused):
    """The actor may not take this step, or the publication is out of reach."""

    code = "PUBLICATION_NOT_YOURS"


class NotNow(Refused):
    """The publication's state does not allow this step."""

    code = "PUBLICATION_NOT_NOW"


class Incomplete(Refused):
    """A text or a reason is missing."""

    code = "PUBLICATION_INCOMPLETE"


class NeedsAnother(Refused):
    """The author does not publish the own text."""

    code = "PUBLICATION_NEEDS_ANOTHER"


class Identifies(Refused):
    """The text holds what may identify a person and nobody answered for it."""

    code = "PUBLICATION_IDENTIFIES"


@transaction.atomic
def draft(
    *,
    kind: str,
    title: str,
    body: str,
    unit: Unit,
    author_id: int,
    at: datetime,
    source_kind: str = "",
    source_id: object = "",
    parties: Iterable[str] = (),
    students: Iterable[str] = (),
) -> Publication:
    """A new publication with its first draft; ``parties`` and ``students`` are names that must not be recognisable.

    Raises Incomplete without title or text, NotYours when the source is about the author or somebody near.
    """
    _keeps_out(source_kind, source_id, unit, author_id, local_date(at))
    names = {"parties": sorted({*parties} - {""}), "students": sorted({*students} - {""})}
    row = Publication.objects.create(
        kind=Kind(kind), unit=unit, source_kind=source_kind, source_id=str(source_id or ""), names=names, created_at=at
    )
    row.number = f"GK{local_date(at).year}-{row.pk:06d}"
    row.save(update_fields=["number"])
    version = Version.objects.create(
        publication=row,
        ordinal=1,
        title=_title(title),
        body=_body(body),
        author_id=author_id,
        writers=[author_id],
        drafted_at=at,
    )
    _record("publication.drafted", row, version, at, author_id)
    return row


@transaction.atomic
def edit(*, publication: Publication, title: str, body: str, at: datetime, actor: Actor) -> Version:
    """Rewrite the draft at work; whoever rewrites it becomes its author, and those before stay its writers.

    Raises NotYours, NotNow, Incomplete.
    """
    row, version = _at_work(publication, actor, Right.DRAFT_PUBLICATIONS, "edit")
    version.title, version.body, version.author_id, version.drafted_at = _title(title), _body(body), actor.person_id, at
    version.writers = sorted({*version.writers, actor.person_id})
    version.save(update_fields=["title", "body", "author", "writers", "drafted_at"])
    _record("publication.edited", row, version, at, actor.person_id)
    return version


@transaction.atomic
def submit(*, publication: Publication, at: datetime, actor: Actor) -> Version:
    """Send the draft to review by another person. Raises NotYours, NotNow."""
    row, version = _at_work(publication, actor, Right.DRAFT_PUBLICATIONS, "submit")
    version.state, version.returned_because = State.SUBMITTED, ""
    version.save(update_fields=["state", "returned_because"])
    _record("publication.submitted", row, version, at, actor.person_id)
    return version


@transaction.atomic
def return_(*, publication: Publication, reason: str, at: datetime, actor: Actor) -> Version:
    """Send the submitted version back to its author with a reason. Raises NotYours, NotNow, Incomplete."""
    row, version = _at_work(publication, actor, Right.PUBLISH, "return")
    version.state, version.returned_because = State.DRAFT, _reason(reason)
    version.save(update_fields=["state", "returned_because"])
    _record("publication.returned", row, version, at, actor.person_id)
    return version


@transaction.atomic
def confirm(
    *, publication: Publication, trace: str, text: str, reason: str, at: datetime, actor: Actor
) -> Confirmation:
    """Answer for one trace in the version at work: it may stand, and why.

    Raises Identifies for what no reason can keep (students, identity numbers, bank cards) and for a trace that is not
    in the text; Incomplete without a reason. Law: MR-05, DP-9.
    """
    row = _taken(publication, actor)
    _keeps_out(row.source_kind, row.source_id, row.unit, actor.person_id, actor.on)
    version = _working(row)
    open_hits = [(found.hit.trace, found.hit.text) for found in queries.traces(row, version)]
    if (trace, text) not in open_hits:
        raise Identifies(_("正文中没有这处内容，请刷新后再看。"))
    if Trace(trace) in rules.NEVER:
        raise Identifies(_("学生身份、身份证件号码和银行卡号一律不得公开，请从正文中删去。"))
    said, _created = Confirmation.objects.update_or_create(
        version=version,
        trace=trace,
        text=text,
        defaults={"reason": _reason(reason)[:200], "person_id": actor.person_id, "at": at},
    )
    _record("publication.trace_confirmed", row, version, at, actor.person_id, trace=trace)
    return said


@transaction.atomic
def publish(*, publication: Publication, at: datetime, actor: Actor, public_from: datetime | None = None) -> Version:
    """Publish the submitted version: freeze it, and show it from ``public_from`` on (at once when not given).

    Raises NotYours, NotNow, NeedsAnother for whoever wrote on it, Identifies while a trace is not dealt with.
    """
    row, version = _at_work(publication, actor, Right.PUBLISH, "publish")
    if actor.person_id in {version.author_id, *version.writers}:
        raise NeedsAnother(_("作者不能发布自己起草的内容，请交由另一人审核发布。"))
    _nothing_identifies(row, version)
    version.state, version.publisher_id, version.published_at = State.PUBLISHED, actor.person_id, at
    version.public_from = max(public_from or at, at)
    version.copy = rules.frozen(_facts(row, version))
    version.sha256 = rules.copy_hash(version.copy)
    version.is_announced = version.public_from <= at
    version.save()
    if row.public_from is None:
        row.public_from = version.public_from
        row.save(update_fields=["public_from"])
    if version.is_announced:
        _announce(row, version)
    event = "publication.published" if version.ordinal == 1 else "publication.corrected"
    _record(event, row, version, at, actor.person_id, sha256=version.sha256, ordinal=version.ordinal)
    return version


@transaction.atomic
def correct(*, publication: Publication, title: str, body: str, reason: str, at: datetime, actor: Actor) -> Version:
    """Draft the next version of what was published; it takes its place once another person publishes it.

    The versions before stay readable at the same address. Raises NotYours, NotNow, Incomplete. Law: ET-27.
    """
    row = _taken(publication, actor)
    _may(actor, Right.DRAFT_PUBLICATIONS, row)
    _keeps_out(row.source_kind, row.source_id, row.unit, actor.person_id, actor.on)
    if row.withdrawn_at is not None or row.public_from is None or queries.at_work(row) is not None:
        raise NotNow(_("只有已发布、未撤回且没有在办版本的内容可以更正。"))
    last = row.versions.order_by("-ordinal").values_list("ordinal", flat=True)[0]
    version = Version.objects.create(
        publication=row,
        ordinal=last + 1,
        title=_title(title),
        body=_body(body),
        reason=_reason(reason),
        author_id=actor.person_id,
        writers=[actor.person_id],
        drafted_at=at,
    )
    _record("publication.drafted", row, version, at, actor.person_id, ordinal=version.ordinal)
    return version


@transaction.atomic
def withdraw(*, publication: Publication, reason: str, at: datetime, actor: Actor) -> Publication:
    """Take the text from the public; its address keeps saying that and why it was withdrawn.

    The reason is public as well: raises Identifies when it names somebody, and NotYours, NotNow, Incomplete.
    """
    row = _taken(publication, actor)
    _may(actor, Right.PUBLISH, row)
    _keeps_out(row.source_kind, row.source_id, row.unit, actor.person_id, actor.on)
    if row.public_from is None or row.withdrawn_at is not None:
        raise NotNow(_("只有已发布且未撤回的内容可以撤回。"))
    row.withdraw_reason = _reason(reason)
    _reason_identifies_nobody(row)
    row.withdrawn_at, row.withdrawn_by_id = at, actor.person_id
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
    search.drop(kind=queries.KIND, subject_id=row.pk)
    _record(
        "publication.withdrawn",
        row,
        row.versions.order_by("-ordinal")[0],
        at,
        actor.person_id,
        reason=row.withdraw_reason,
    )
    return row


@transaction.atomic
def lift_embargoes(*, at: datetime) -> int:
    """Let the search know every version whose embargo has ended; says how many there were."""
    due = list(queries.to_announce(at).select_for_update(of=("self",)))
    for version in due:
        _announce(version.publication, version)
    Version.objects.filter(pk__in=[version.pk for version in due]).update(is_announced=True)
    return len(due)


def _announce(row: Publication, version: Version) -> None:
    """Put the version into the public search."""
    search.put(
        search.Findable(
            kind=queries.KIND,
            subject_id=row.pk,
            title=version.title,
            text=version.body,
            url=reverse("publications:public", args=[row.number]),
            is_public=True,
            unit_path=row.unit.path or "",
            dated_on=local_date(version.public_from or version.drafted_at),
        )
    )


def _facts(row: Publication, version: Version) -> dict[str, Any]:
    """What is frozen of a version."""
    return {
        "number": row.number,
        "ordinal": version.ordinal,
        "kind": str(row.kind),
        "unit": row.unit.name,
        "title": version.title,
        "body": version.body,
        "reason": version.reason,
        "published_at": version.published_at.isoformat() if version.published_at else None,
        "public_from": version.public_from.isoformat() if version.public_from else None,
    }


def _taken(publication: Publication, actor: Actor) -> Publication:
    """The publication read again and locked, if the actor works on it."""
    found = queries.visible(actor).select_for_update(of=("self",)).filter(pk=publication.pk).first()
    if found is None:
        raise NotYours(_("找不到这份公开件，或者您不能办理。"))
    return found


def _may(actor: Actor, right: Right, row: Publication) -> None:
    """Raise NotYours unless the actor holds the right over the publication's unit."""
    if not org_rules.may_in(actor, right, row.unit.path or ""):
        raise NotYours(_("您的岗位不能进行这一步。"))


def _keeps_out(source_kind: str, source_id: object, unit: Unit, person_id: int, on: date) -> None:
    """Raise NotYours when the matter a text comes of is about the person, the kin or the head of the own unit.

    Law: WB-28, DL-22.
    """
    about = subjects.about(source_kind, source_id)
    if about and not org.may_touch(person_id, unit=unit, about=about, on=on).allowed:
        raise NotYours(_("您不能办理这份公开件，请交由另一人办理。"))


def _working(row: Publication) -> Version:
    """The version at work; raises NotNow when there is none."""
    version = queries.at_work(row)
    if version is None:
        raise NotNow(_("没有在办的版本。"))
    return version


def _at_work(publication: Publication, actor: Actor, right: Right, verb: str) -> tuple[Publication, Version]:
    """The locked publication and its version at work, if the actor may take the step."""
    row = _taken(publication, actor)
    _may(actor, right, row)
    _keeps_out(row.source_kind, row.source_id, row.unit, actor.person_id, actor.on)
    version = _working(row)
    if not rules.may_move(version.state, verb):
        raise NotNow(_("这一版目前为“%(state)s”，不能进行这一步。") % {"state": version.get_state_display()})
    return row, version


def _nothing_identifies(row: Publication, version: Version) -> None:
    """Raise Identifies, naming what is left, unless every trace is taken out or answered for."""
    left = [found.hit.text for found in queries.traces(row, version) if found.is_fixed or found.confirmation is None]
    if left:
        shown = "、".join(left[:5])
        raise Identifies(
            _("还有 %(count)s 处可能识别个人的内容没有处理：%(shown)s") % {"count": len(left), "shown": shown}
        )


def _reason_identifies_nobody(row: Publication) -> None:
    """Raise Identifies when the reason of a withdrawal holds what may identify a person."""
    found = rules.scan(row.withdraw_reason, **queries.named_people(row))
    if found:
        message = _("撤回理由也会公开，请删去：%(shown)s") % {"shown": "、".join(hit.text for hit in found[:5])}
        raise Identifies(message, fields={"reason": message})


def _title(text: str) -> str:
    """The stripped title; raises Incomplete when empty."""
    if not text.strip():
        raise Incomplete(_("请填写标题。"), fields={"title": _("请填写标题。")})
    return text.strip()[:200]


def _body(text: str) -> str:
    """The stripped text; raises Incomplete when empty."""
    if not text.strip():
        raise Incomplete(_("请填写正文。"), fields={"body": _("请填写正文。")})
    return text.strip()


def _reason(text: str) -> str:
    """The stripped reason; raises Incomplete when empty."""
    if not text.strip():
        raise Incomplete(_("请写明理由。"), fields={"reason": _("请写明理由。")})
    return text.strip()


def _record(event: str, row: Publication, version: Version, at: datetime, actor_id: object, **facts: Any) -> None:
    """One event of a publication, saying where it came from so that the source can follow it."""
    source = {
        "number": row.number,
        "source_kind": row.source_kind,
        "source_id": row.source_id,
        "title": version.title,
        "url": reverse("publications:detail", args=[row.pk]),
    }
    ledger.record(
        event,
        at=at,
        actor_id=actor_id,
        subject_kind=queries.KIND,
        subject_id=row.pk,
        unit_id=row.unit_id,
        payload=source | facts,
    )
