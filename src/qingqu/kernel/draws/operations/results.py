"""From the public source to the result; recusals before it, and giving up before it."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.engines import draw as engine
from qingqu.engines.draw import beacons
from qingqu.engines.draw.sources import read_source
from qingqu.kernel.draws import queries, rules
from qingqu.kernel.draws.models import Ceremony, Draw, Recusal, Result
from qingqu.kernel.draws.operations.parts import is_due, let_go, shut
from qingqu.kernel.draws.operations.rows import (
    BadRoster,
    NeedsAnother,
    NotNow,
    NotTheTime,
    in_words,
    numbers,
    record,
    record_of_draws,
    record_of_parties,
    said,
    taken,
)
from qingqu.kernel.draws.types import State
from qingqu.kernel.org.types import Actor

SALT_BYTES = 32


@transaction.atomic
def recuse(*, ceremony: Ceremony, draw_id: int, number: str, reason: str, at: datetime, actor: Actor) -> Recusal:
    """Pass an entry over, for a reason that stays inside; only before the public source, so that it chooses nobody.

    The log holds a salted digest of the entry, the result's bundle opens it. Raises NotYours, NotNow, NotTheTime,
    NeedsAnother, Incomplete, BadRoster. Law: DS-11.
    """
    row = taken(ceremony, actor, "recuse")
    _before_the_source(row, at, _("公开随机源产生后不能再登记回避。"))
    entry = queries.entry_named(row, draw_id, number.strip())
    if entry is None:
        message = _("名单中没有这个编号，请核对。")
        raise BadRoster(message, fields={"number": message})
    if Recusal.objects.filter(entry=entry).exists():
        raise NotNow(_("这个编号已经回避。"))
    why = said(reason, "reason", _("请写明回避理由。"))
    _enough_left(entry.draw, entry.stratum)
    salt = secrets.token_hex(SALT_BYTES)
    made = Recusal.objects.create(entry=entry, draw=entry.draw, reason=why, salt=salt, by_id=actor.person_id, at=at)
    row.save(update_fields=["organisers"])
    digest = rules.recusal_digest(entry.draw.number or "", entry.stratum, entry.number, salt)
    record_of_draws("draw.recused", row, [entry.draw], at, actor.person_id, entry={entry.draw_id: digest})
    return made


def _enough_left(drawn: Draw, stratum: str) -> None:
    """Raise BadRoster when one recusal more would leave fewer entries than are to be drawn."""
    passed = drawn.recusals.filter(entry__stratum=stratum).count()
    wanted, size = drawn.roster["quotas"][stratum], len(drawn.roster["strata"][stratum])
    if size - passed - 1 < wanted:
        raise BadRoster(
            _("“%(stratum)s”要抽 %(wanted)s 个，再回避就不够了；请中止后补充名单。")
            % {"stratum": stratum, "wanted": wanted}
        )


def _before_the_source(row: Ceremony, at: datetime, message: str) -> None:
    """Raise NotTheTime from the moment on at which the public source may be known to somebody."""
    if row.source_value or (row.frozen_at is not None and at >= row.source_at):
        raise NotTheTime(message)


@transaction.atomic
def record_source(*, ceremony: Ceremony, value: str, at: datetime, actor: Actor) -> Ceremony:
    """Enter what the public source gave, at or after its promised moment; every entry made is in the log.

    Until another person confirms it, it can be entered again. Parties that have not revealed are named first. Raises
    NotYours, NotNow, NotTheTime, NeedsAnother, BadRoster.
    """
    row = taken(ceremony, actor, "record", "close")
    people, draws, was_open = queries.parties(row), numbers(row), is_due(row, at)
    if was_open:
        shut(row, people, draws, at, actor.person_id)
    if row.closed_at is None:
        raise NotTheTime(_("承诺尚未截止。"))
    if at < row.source_at:
        raise NotTheTime(_("还没到公开随机源产生的时间。"))
    if row.confirmed_at:
        raise NotNow(_("公开随机源已经核对确认，不能更改。"))
    given = value.strip()
    with in_words("value"):
        source = read_source(rules.source(queries.terms(row)), rules.PUBLIC_SOURCE)
        engine.check_value(source, given, rules.PUBLIC_SOURCE)
        if source.kind == "DRAND":
            beacons.verify(given, rules.PUBLIC_SOURCE)
    if not row.source_value:
        missing = [party for party in people if not party.revealed_at]
        if not was_open:
            let_go(missing, _("未在截止时间前揭示"), at, actor.person_id)
        record_of_parties("draw.not_revealed", row, missing, at, actor.person_id, draws=draws)
    row.source_value, row.recorded_by_id, row.recorded_at = given, actor.person_id, at
    row.save(update_fields=["state", "closed_at", "source_value", "recorded_by", "recorded_at", "organisers"])
    record("draw.source_recorded", row, at, actor.person_id, draws=draws, value=given)
    return row


@transaction.atomic
def confirm_source(*, ceremony: Ceremony, value: str, at: datetime, actor: Actor) -> Ceremony:
    """Another person enters the same value from own sight. Raises NotYours, NotNow, NeedsAnother, BadRoster."""
    row = taken(ceremony, actor, "confirm")
    if not row.source_value or row.confirmed_at:
        raise NotNow(_("没有待核对的公开随机源。"))
    if row.recorded_by_id == actor.person_id:
        raise NeedsAnother(_("登记人不能核对自己的登记，请交由另一人核对。"))
    if value.strip() != row.source_value:
        message = _("与登记的不一致。请再看一遍实物或公告；登记有误时请重新登记。")
        raise BadRoster(message, fields={"value": message})
    row.confirmed_by_id, row.confirmed_at = actor.person_id, at
    row.save(update_fields=["confirmed_by", "confirmed_at", "organisers"])
    record("draw.source_confirmed", row, at, actor.person_id, draws=numbers(row), value=row.source_value)
    return row


@transaction.atomic
def draw(*, ceremony: Ceremony, at: datetime, actor: Actor) -> Ceremony:
    """Draw, and publish result and bundle in the same moment: nobody sees a result that the public does not.

    Raises NotYours, NotNow, NeedsAnother, BadRoster.
    """
    row = taken(ceremony, actor, "draw")
    if row.confirmed_at is None:
        raise NotNow(_("公开随机源还没有经另一人核对。"))
    draws = list(row.draws.order_by("id"))
    made = [_drawn(row, each, at) for each in draws]
    Result.objects.bulk_create(made)
    Draw.objects.bulk_update(draws, ["result_sha256"])
    row.state, row.drawn_at = State.DRAWN, at
    row.save(update_fields=["state", "drawn_at", "organisers"])
    sums = {each.pk: each.result_sha256 for each in draws}
    record_of_draws("draw.drawn", row, draws, at, actor.person_id, result_sha256=sums)
    return row


def _drawn(row: Ceremony, drawn: Draw, at: datetime) -> Result:
    """The result of one draw, not yet written; its digest is put onto the draw."""
    with in_words():
        bundle = engine.draw(engine.read_roster(drawn.roster), _inputs(row, drawn))
    drawn.result_sha256 = hashlib.sha256(engine.encode_result(bundle.result)).hexdigest()
    content = dict(bundle.result)
    return Result(draw=drawn, seed=content["seed"], content=content, bundle=engine.write_bundle(bundle), at=at)


def _inputs(row: Ceremony, drawn: Draw) -> engine.Inputs:
    people = queries.parties(row)
    return engine.Inputs(
        commitments={party.name: bytes.fromhex(party.commitment) for party in people if party.commitment},
        reveals={
            party.name: engine.Reveal(party.contribution, bytes.fromhex(party.nonce))
            for party in people
            if party.revealed_at
        },
        public={rules.PUBLIC_SOURCE: row.source_value},
        recusals=[
            engine.Recusal(each.entry.stratum, each.entry.number, rules.recusal_words(each.salt))
            for each in drawn.recusals.select_related("entry").order_by("id")
        ],
    )


@transaction.atomic
def abandon(*, ceremony: Ceremony, reason: str, at: datetime, actor: Actor) -> Ceremony:
    """Give the ceremony up and say in public why; never once the public source may be known.

    Raises NotYours, NotNow, NotTheTime, NeedsAnother, Incomplete.
    """
    row = taken(ceremony, actor, "abandon")
    _before_the_source(row, at, _("公开随机源产生后不能中止，只能按规则抽出结果。"))
    row.abandon_reason = said(reason, "reason", _("请写明中止理由，理由将公开。"))
    row.state, row.abandoned_at, row.abandoned_by_id = State.ABANDONED, at, actor.person_id
    row.save(update_fields=["state", "abandoned_at", "abandoned_by", "abandon_reason", "organisers"])
    let_go(queries.parties(row), _("抽签中止"), at, actor.person_id)
    record("draw.abandoned", row, at, actor.person_id, draws=numbers(row), reason=row.abandon_reason)
    return row
