"""Preparing a ceremony: its terms, its draws and rosters, its parties, and the freeze that ends the preparing."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.engines.draw import canonical
from qingqu.engines.draw import freeze as frozen_roster
from qingqu.engines.draw.sources import read_source
from qingqu.kernel.core import search
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.draws import queries, rules
from qingqu.kernel.draws.models import Ceremony, Draw, Entry, Party
from qingqu.kernel.draws.operations.rows import (
    Incomplete,
    NeedsAnother,
    NotYours,
    in_words,
    record,
    record_of_draws,
    said,
    taken,
)
from qingqu.kernel.draws.types import Line, SourceKind, State, Terms
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.org import queries as org
from qingqu.kernel.org import rules as org_rules
from qingqu.kernel.org.models import Post, Unit
from qingqu.kernel.org.types import Actor, Right

MOST_ENTRIES = 200_000
"""A district's children of one year are fewer; more is a mistake."""

SECRET_BYTES = 24


@transaction.atomic
def prepare(*, title: str, purpose: str, unit: Unit, terms: Terms, at: datetime, actor: Actor) -> Ceremony:
    """A new ceremony in preparation. Raises NotYours outside the actor's scope, Incomplete, BadRoster. Law: DS-11."""
    if not org_rules.may_in(actor, Right.RUN_DRAWS, unit.path or ""):
        raise NotYours(_("您的岗位不能为这个单位组织抽签。"))
    row = Ceremony(unit=unit, created_at=at, organisers=[actor.person_id])
    _describe(row, title, purpose, terms, at)
    row.save()
    row.number = f"YS{local_date(at).year}-{row.pk:06d}"
    row.save(update_fields=["number"])
    record("draw.prepared", row, at, actor.person_id, number=row.number)
    return row


@transaction.atomic
def change(*, ceremony: Ceremony, title: str, purpose: str, terms: Terms, at: datetime, actor: Actor) -> Ceremony:
    """Say anew what the ceremony is for and when its steps are, until it is frozen.

    Raises NotYours, NotNow, NeedsAnother, Incomplete, BadRoster.
    """
    row = taken(ceremony, actor, "change")
    _describe(row, title, purpose, terms, at)
    row.save()
    record("draw.changed", row, at, actor.person_id, what="terms")
    return row


def _describe(row: Ceremony, title: str, purpose: str, terms: Terms, at: datetime) -> None:
    """Write title, purpose and terms onto a ceremony, checked."""
    row.title = said(title, "title", _("请填写名称。"))[:120]
    row.purpose = said(purpose, "purpose", _("请写明用途。"))
    if not rules.are_in_order(at, terms):
        message = _("时间应依次为：承诺截止、揭示截止、随机源产生，且都晚于现在。")
        raise Incomplete(message, fields={"commit_by": message})
    with in_words("source_kind"):
        read_source(rules.source(terms), _("公开随机源"))
    row.commit_by, row.reveal_by, row.source_at = terms.commit_by, terms.reveal_by, terms.source_at
    row.source_kind = terms.source_kind
    row.throws = terms.throws if terms.source_kind == SourceKind.DICE else None
    is_lottery = terms.source_kind == SourceKind.LOTTERY
    row.game, row.issue = (terms.game, terms.issue) if is_lottery else ("", "")


@transaction.atomic
def put_draw(
    *,
    ceremony: Ceremony,
    title: str,
    kind: str,
    given: Sequence[Line],
    counts: str,
    at: datetime,
    actor: Actor,
    has_public_names: bool = False,
) -> Draw:
    """Add a draw with its roster; ``counts`` are quotas and reserves as typed, empty to draw everybody in order.

    People stand on the public roster by number; a free roster does so too unless ``has_public_names``. Raises
    NotYours, NotNow, NeedsAnother, Incomplete, BadRoster. Law: DS-11.
    """
    row = taken(ceremony, actor, "change")
    is_personal = rules.is_personal(kind, has_public_names=has_public_names)
    lines = rules.numbered(given, is_personal=is_personal)
    if not 0 < len(lines) <= MOST_ENTRIES:
        raise Incomplete(
            _("名单是空的，或者超过 %(most)s 行。") % {"most": MOST_ENTRIES}, fields={"roster": _("请核对名单。")}
        )
    quotas, reserves = _counts(counts, lines)
    drawn = Draw(
        ceremony=row,
        title=said(title, "title", _("请填写名称。"))[:120],
        kind=kind,
        is_personal=is_personal,
        quotas=quotas,
        reserves=reserves,
    )
    _try_out(row, drawn, lines)
    drawn.save()
    drawn.number = f"CQ{local_date(at).year}-{drawn.pk:06d}"
    drawn.save(update_fields=["number"])
    Entry.objects.bulk_create(
        (
            Entry(draw=drawn, stratum=each.stratum, number=each.number, label=each.label, unit_id=each.unit_id)
            for each in lines
        ),
        batch_size=2000,
    )
    row.save(update_fields=["organisers"])
    record("draw.changed", row, at, actor.person_id, what="draw", draw=drawn.number)
    return drawn


def _counts(text: str, lines: Sequence[Line]) -> tuple[dict[str, int], dict[str, int]]:
    strata = list(dict.fromkeys(line.stratum for line in lines))
    try:
        return rules.counts(text, strata)
    except ValueError as error:
        message = _("名额“%(line)s”看不懂，请写成：分层，名额，备选。分层有：%(strata)s。") % {
            "line": error,
            "strata": "、".join(strata[:10]),
        }
        raise Incomplete(message, fields={"counts": message}) from error


def _try_out(row: Ceremony, drawn: Draw, lines: Sequence[Line]) -> None:
    """Raise BadRoster for a roster that could not be frozen; labels are held to what numbers are held to."""
    with in_words("roster"):
        for place, line in enumerate(lines, start=1):
            canonical.text(line.label, _("第 %(place)s 行") % {"place": place})
        entries = [(line.stratum, line.number) for line in lines]
        frozen_roster(_roster(row, drawn, entries, [_("参与方")]), _("名单"))


def _roster(row: Ceremony, drawn: Draw, entries: Sequence[tuple[str, str]], parties: Sequence[str]) -> dict[str, Any]:
    return rules.roster(
        number=drawn.number or "CQ",
        kind=drawn.kind,
        entries=entries,
        quotas=drawn.quotas,
        reserves=drawn.reserves,
        parties=parties,
        terms=queries.terms(row),
    )


@transaction.atomic
def drop_draw(*, ceremony: Ceremony, draw_id: int, at: datetime, actor: Actor) -> None:
    """Take a draw out of the preparation. Raises NotYours, NotNow, NeedsAnother."""
    row = taken(ceremony, actor, "change")
    found = row.draws.filter(pk=draw_id).first()
    if found is None:
        raise NotYours(_("这场抽签没有这份名单。"))
    found.delete()
    row.save(update_fields=["organisers"])
    record("draw.changed", row, at, actor.person_id, what="draw", draw=found.number)


@transaction.atomic
def put_party(
    *, ceremony: Ceremony, name: str, post: Post | None, speaks_for: str = "", at: datetime, actor: Actor
) -> tuple[Party, str]:
    """Add a party: the holder of a post by account, or an outside body by a link.

    Gives the party and, for an outside body, the secret of its link, which is kept nowhere. Raises NotYours, NotNow,
    NeedsAnother for a post of somebody who organises, Incomplete, BadRoster.
    """
    row = taken(ceremony, actor, "change")
    called = said(name, "name", _("请填写公开称呼。"))[:60]
    with in_words("name"):
        canonical.text(called, _("公开称呼"))
    if called == rules.PUBLIC_SOURCE or row.parties.filter(name=called).exists():
        raise Incomplete(_("这个称呼已被使用，请另取一个。"), fields={"name": _("请另取一个称呼。")})
    if post is not None:
        _no_organiser(row, post, at)
    secret = "" if post else secrets.token_urlsafe(SECRET_BYTES)
    party = Party.objects.create(
        ceremony=row,
        name=called,
        speaks_for=post.title if post else said(speaks_for, "speaks_for", _("请写明代表哪个单位或群体。"))[:120],
        post=post,
        secret_sha256=queries.secret_digest(secret) if secret else "",
    )
    row.save(update_fields=["organisers"])
    record("draw.changed", row, at, actor.person_id, what="party", party=called)
    return party, secret


def _no_organiser(row: Ceremony, post: Post, at: datetime) -> None:
    """Raise NeedsAnother when the post's holder organises the ceremony, Incomplete when it takes part already."""
    if row.parties.filter(post=post).exists():
        raise Incomplete(_("这个岗位已经是参与方。"), fields={"post": _("请另选岗位。")})
    holder = org.holder_of(post, on=local_date(at))
    if holder is not None and holder.pk in row.organisers:
        message = _("组织者不能同时是参与方，请另选岗位。")
        raise NeedsAnother(message, fields={"post": message})


@transaction.atomic
def drop_party(*, ceremony: Ceremony, party_id: int, at: datetime, actor: Actor) -> None:
    """Take a party out of the preparation. Raises NotYours, NotNow, NeedsAnother."""
    row = taken(ceremony, actor, "change")
    found = row.parties.filter(pk=party_id).first()
    if found is None:
        raise NotYours(_("这场抽签没有这个参与方。"))
    found.delete()
    row.save(update_fields=["organisers"])
    record("draw.changed", row, at, actor.person_id, what="party", party=found.name)


@transaction.atomic
def freeze(*, ceremony: Ceremony, at: datetime, actor: Actor) -> Ceremony:
    """Fix every roster, the sources and the moments; from here on the ceremony is public and nothing of it changes.

    Parties with a post get the duty to commit. Raises NotYours, NotNow, NeedsAnother, Incomplete, BadRoster.
    """
    row = taken(ceremony, actor, "freeze")
    draws, people = list(row.draws.order_by("id")), queries.parties(row)
    if not draws:
        raise Incomplete(_("还没有名单，请先添加。"))
    if not rules.are_in_order(at, queries.terms(row)):
        raise Incomplete(_("承诺截止时间已过，请先改定时间再冻结。"))
    _nobody_organises(row, people, at)
    for drawn in draws:
        _fix(row, drawn, [party.name for party in people])
    Draw.objects.bulk_update(draws, ["roster", "digest", "strata_sha256"])
    row.state, row.frozen_at = State.FROZEN, at
    row.save(update_fields=["state", "frozen_at", "organisers"])
    _announce(row, draws, at)
    _ask_to_commit(row, people, at, actor)
    digests = {drawn.pk: drawn.digest for drawn in draws}
    record_of_draws("draw.frozen", row, draws, at, actor.person_id, digest=digests)
    return row


def _nobody_organises(row: Ceremony, people: Sequence[Party], at: datetime) -> None:
    """Raise NeedsAnother when the holder of a party's post has become an organiser since."""
    holders = org.holders([party.post_id for party in people if party.post_id], on=local_date(at))
    both = [party.name for party in people if party.post_id in holders and holders[party.post_id].pk in row.organisers]
    if both:
        raise NeedsAnother(_("%(names)s 的任职人参与了组织，不能同时是参与方。") % {"names": "、".join(both)})


def _fix(row: Ceremony, drawn: Draw, names: Sequence[str]) -> None:
    """Put the frozen roster onto a draw; raises BadRoster when the engine refuses it."""
    entries = list(drawn.entries.order_by("id").values_list("stratum", "number"))
    with in_words():
        fixed = frozen_roster(_roster(row, drawn, entries, names), drawn.title)
    drawn.roster, drawn.digest = fixed.as_json(), fixed.digest
    drawn.strata_sha256 = queries.strata_digest(drawn)


def _announce(row: Ceremony, draws: Sequence[Draw], at: datetime) -> None:
    """Put the draws into the public search."""
    search.put_many(
        search.Findable(
            kind=queries.DRAW,
            subject_id=drawn.pk,
            title=f"{row.title}：{drawn.title}",
            text=f"{drawn.number} {row.purpose}",
            url=reverse("draws:public", args=[drawn.number]),
            is_public=True,
            unit_path=row.unit.path or "",
            dated_on=local_date(at),
        )
        for drawn in draws
    )


def _ask_to_commit(row: Ceremony, people: Sequence[Party], at: datetime, actor: Actor) -> None:
    """Give the posts that take part the duty to commit in time."""
    orders = [
        duties.Order(_("抽签承诺：%(title)s") % {"title": row.title}, party.post, party.pk, part_url(row))
        for party in people
        if party.post is not None
    ]
    if orders:
        duties.assign_many(
            orders=orders,
            subject_kind=queries.PARTY,
            start_on=local_date(at),
            due_on=local_date(row.commit_by),
            at=at,
            actor_id=actor.person_id,
        )


def part_url(row: Ceremony) -> str:
    """Where the holder of a post commits and reveals."""
    return reverse("draws:part", args=[row.pk])
