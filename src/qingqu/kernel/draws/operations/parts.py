"""What the parties do: committing, and revealing what was committed to; and the moment between the two."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.engines.draw import read_reveal, verify_reveal
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.draws import queries, rules
from qingqu.kernel.draws.models import Ceremony, Party
from qingqu.kernel.draws.operations.ceremonies import SECRET_BYTES, part_url
from qingqu.kernel.draws.operations.rows import (
    Incomplete,
    NeedsAnother,
    NotNow,
    NotTheTime,
    NotYours,
    allowed,
    in_words,
    numbers,
    record,
    taken,
)
from qingqu.kernel.draws.types import State
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.org.types import Actor

COMMITMENT = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def commit(*, party: Party, commitment: str, at: datetime, actor: Actor | None = None, secret: str = "") -> Party:
    """Take in a party's commitment: 64 hex digits, once, from the moment the frozen roster stands in the log.

    ``actor`` is the holder of the party's post; an outside body comes with the ``secret`` of its link. The last one
    closes the committing. Raises NotYours, NotNow, NotTheTime, NeedsAnother, Incomplete.
    """
    row, part, people = _part(party, actor, secret)
    allowed(row, "commit")
    if at > row.commit_by:
        raise NotTheTime(_("承诺已经截止。"))
    if part.commitment:
        raise NotNow(_("您已经提交承诺，承诺不能更改。"))
    if row.state == State.FROZEN and not queries.is_frozen_in_the_log(row):
        raise NotTheTime(_("冻结的名单尚未记入公开日志，通常几十秒后即可，请稍后再提交。"))
    part.commitment, part.committed_at = _own(commitment, people), at
    part.save(update_fields=["commitment", "committed_at"])
    by, draws = actor.person_id if actor else "", numbers(row)
    duties.discharge(subject_kind=queries.PARTY, subject_id=part.pk, at=at, actor_id=by)
    record("draw.committed", row, at, by, draws=draws, party=part.name, commitment=part.commitment)
    row.state = State.COMMITTING
    if all(each.commitment for each in people):
        shut(row, people, draws, at, by)
    row.save(update_fields=["state", "closed_at"])
    return part


def _own(commitment: str, people: Sequence[Party]) -> str:
    """The commitment in small letters, if it is one and nobody else's; raises Incomplete."""
    found = commitment.strip().lower()
    if not COMMITMENT.fullmatch(found):
        message = _("承诺应为 64 位十六进制数，请用本页生成，或用 qingqu draw commit 生成。")
        raise Incomplete(message, fields={"commitment": message})
    if found in {party.commitment for party in people}:
        message = _("这与另一方的承诺相同，各方应自行生成。")
        raise Incomplete(message, fields={"commitment": message})
    return found


@transaction.atomic
def close(*, ceremony: Ceremony, at: datetime, actor: Actor) -> Ceremony:
    """End the committing once everybody has committed or the deadline has passed.

    Raises NotYours, NotNow, NeedsAnother, NotTheTime.
    """
    row = taken(ceremony, actor, "close")
    people = queries.parties(row)
    missing = [party.name for party in people if not party.commitment]
    if missing and at <= row.commit_by:
        raise NotTheTime(_("还有参与方未承诺，且未到截止时间：%(names)s。") % {"names": "、".join(missing)})
    shut(row, people, numbers(row), at, actor.person_id)
    row.save(update_fields=["state", "closed_at", "organisers"])
    return row


def shut(row: Ceremony, people: Sequence[Party], draws: list[str], at: datetime, by: object) -> None:
    """No commitment any more; those who committed with a post get the duty to reveal while there is time for it.

    The caller saves ``state`` and ``closed_at``, with what else it changes.
    """
    row.state, row.closed_at = State.REVEALING, at
    let_go([party for party in people if not party.commitment], _("未在截止时间前承诺"), at, by)
    if at <= row.reveal_by:
        _ask_to_reveal(row, [party for party in people if party.commitment], at, by)
    record("draw.closed", row, at, by, draws=draws)


def is_due(row: Ceremony, at: datetime) -> bool:
    """Whether the committing is over and nobody closed it: no organiser can keep a party from revealing."""
    return at > row.commit_by and rules.may_move(row.state, "close")


def _ask_to_reveal(row: Ceremony, people: Sequence[Party], at: datetime, by: object) -> None:
    orders = [
        duties.Order(_("抽签揭示：%(title)s") % {"title": row.title}, party.post, party.pk, part_url(row))
        for party in people
        if party.post is not None
    ]
    if orders:
        start, due = local_date(at), local_date(row.reveal_by)
        duties.assign_many(
            orders=orders, subject_kind=queries.PARTY, start_on=min(start, due), due_on=due, at=at, actor_id=by
        )


def let_go(people: Sequence[Party], ground: str, at: datetime, by: object) -> None:
    """Cancel whatever duty these parties still have."""
    if keys := [party.pk for party in people if party.post_id]:
        duties.cancel_many(subject_kind=queries.PARTY, subject_ids=keys, ground=ground, at=at, actor_id=by)


@transaction.atomic
def reveal(
    *, party: Party, contribution: str, nonce: str, at: datetime, actor: Actor | None = None, secret: str = ""
) -> Party:
    """Take in what a party committed to, between the end of the committing and ``reveal_by``.

    Raises NotYours, NotNow, NotTheTime, NeedsAnother, BadRoster when it is not what was committed to.
    """
    row, part, people = _part(party, actor, secret)
    by, draws = actor.person_id if actor else "", numbers(row)
    if is_due(row, at):
        shut(row, people, draws, at, by)
        row.save(update_fields=["state", "closed_at"])
    allowed(row, "reveal")
    if at > row.reveal_by:
        raise NotTheTime(_("揭示已经截止。未揭示的一方将被公布，抽签照常进行。"))
    if not part.commitment:
        raise NotNow(_("没有提交过承诺，不能揭示。"))
    if part.revealed_at:
        raise NotNow(_("您已经揭示。"))
    with in_words("contribution"):
        given = read_reveal({"contribution": contribution, "nonce": nonce.strip().lower()}, _("揭示"))
        verify_reveal(bytes.fromhex(part.commitment), given.contribution, given.nonce, place=_("揭示"))
    part.contribution, part.nonce, part.revealed_at = given.contribution, given.nonce.hex(), at
    part.save(update_fields=["contribution", "nonce", "revealed_at"])
    duties.discharge(subject_kind=queries.PARTY, subject_id=part.pk, at=at, actor_id=by)
    record(
        "draw.revealed",
        row,
        at,
        by,
        draws=draws,
        party=part.name,
        contribution=part.contribution,
        nonce=part.nonce,
    )
    return part


def _part(party: Party, actor: Actor | None, secret: str) -> tuple[Ceremony, Party, list[Party]]:
    """The locked ceremony, the party read again, and all of them, if it is the actor's own or of the secret's link."""
    row = Ceremony.objects.select_for_update(of=("self",)).select_related("unit").get(pk=party.ceremony_id)
    people = queries.parties(row)
    part = next(each for each in people if each.pk == party.pk)
    if part.post_id:
        is_own = actor is not None and part.post_id in {grant.post_id for grant in actor.grants}
    else:
        is_own = bool(secret) and part.secret_sha256 == queries.secret_digest(secret)
    if not is_own:
        raise NotYours(_("找不到这场抽签，或者您不能办理。"))
    if actor is not None and actor.person_id in row.organisers:
        raise NeedsAnother(_("您参与了这场抽签的组织，不能同时作为参与方。"))
    return row, part, people


@transaction.atomic
def renew_link(*, ceremony: Ceremony, party_id: int, at: datetime, actor: Actor) -> str:
    """A new secret for the link of an outside body that lost it; the old link no longer opens anything.

    The link alone reveals nothing: that takes the sentence and the random number that the body keeps. Raises
    NotYours, NotNow, NeedsAnother.
    """
    row = taken(ceremony, actor, "link")
    part = row.parties.filter(pk=party_id, post__isnull=True).first()
    if part is None:
        raise NotYours(_("这场抽签没有这个参与方，或者它不用链接。"))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    part.secret_sha256 = queries.secret_digest(secret)
    part.save(update_fields=["secret_sha256"])
    row.save(update_fields=["organisers"])
    record("draw.changed", row, at, actor.person_id, what="link", party=part.name)
    return secret
