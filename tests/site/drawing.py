"""Draw ceremonies of the first school: one at each step, organised by the district's office."""

from datetime import timedelta
from typing import Any

from qingqu.kernel.core.clock import now
from qingqu.kernel.draws import operations, rules
from qingqu.kernel.draws.models import Ceremony, Party
from qingqu.kernel.draws.types import SourceKind, Terms
from qingqu.kernel.ledger import installation
from qingqu.kernel.ledger import operations as ledger
from tests.factories import AT
from tests.site.world import WORD, Ground, Thing

DICE = "12345"
ROSTER = {"title": "学校", "kind": "SCHOOLS", "roster": "甲校\n乙校", "counts": "1"}
COMMITMENT = {"step": "commit", "commitment": "a" * 64}


def terms(*, are_past: bool) -> Terms:
    """Moments that lie behind whoever looks at the pages, or before."""
    start = AT if are_past else now() + timedelta(days=30)
    return Terms(*(start + timedelta(hours=hours) for hours in (1, 2, 3)), SourceKind.DICE, len(DICE))


def prepared(ground: Ground, *, are_past: bool = False) -> tuple[Ceremony, Party, str]:
    """A ceremony in preparation, the party with a link, and the link's secret."""
    by: dict[str, Any] = {"at": AT, "actor": ground.actor("O")}
    row = operations.prepare(
        title=f"{WORD}抽签", purpose="检查", unit=ground.school, terms=terms(are_past=are_past), **by
    )
    operations.put_draw(
        ceremony=row, title="学校", kind="SCHOOLS", given=rules.lines("甲校\n乙校\n丙校"), counts="1", **by
    )
    operations.put_party(ceremony=row, name="区领导", post=ground.post("L"), **by)
    party, secret = operations.put_party(ceremony=row, name="家长代表", post=None, speaks_for="家长委员会", **by)
    return row, party, secret


def frozen(ground: Ground, *, are_past: bool = False) -> tuple[Ceremony, str]:
    """A ceremony whose roster stands in the log, and the secret of its link."""
    row, _party, secret = prepared(ground, are_past=are_past)
    operations.freeze(ceremony=row, at=AT, actor=ground.actor("O"))
    ledger.sequence(at=AT, vault=installation.vault())
    return row, secret


def recorded(ground: Ground) -> Ceremony:
    """A ceremony whose dice one person has read."""
    row, _secret = frozen(ground, are_past=True)
    operations.record_source(ceremony=row, value=DICE, at=now(), actor=ground.actor("O"))
    return row


def confirmed(ground: Ground) -> Ceremony:
    """A ceremony whose dice two people have read."""
    row = recorded(ground)
    operations.confirm_source(ceremony=row, value=DICE, at=now(), actor=ground.actor("D"))
    return row


def draw_rows(ground: Ground) -> dict[str, Thing]:
    """A ceremony in preparation, one that waits for commitments, and one for each step after their deadline."""
    draft, party, _secret = prepared(ground)
    running, secret = frozen(ground)
    overdue, read, sure, done = frozen(ground, are_past=True)[0], recorded(ground), confirmed(ground), confirmed(ground)
    operations.draw(ceremony=done, at=now(), actor=ground.actor("O"))
    own, drawn = draft.draws.get(), done.draws.get()
    moments = ("commit_by", "reveal_by", "source_at")
    typed = {name: getattr(draft, name).strftime("%Y-%m-%dT%H:%M") for name in moments}
    plan = {"title": "新题", "purpose": "新用途", "source_kind": "DICE", "throws": "20"} | typed
    acts: dict[str, tuple[Ceremony, dict[str, Any]]] = {
        "change": (draft, plan),
        "drop_draw": (draft, {"row": str(own.pk)}),
        "party": (draft, {"name": "公证处", "post": "", "speaks_for": "某公证处"}),
        "drop_party": (draft, {"row": str(party.pk)}),
        "link": (draft, {"row": str(party.pk)}),
        "freeze": (draft, {}),
        "close": (overdue, {}),
        "recuse": (running, {"draw": str(running.draws.get().pk), "number": "甲校", "reason": "亲属"}),
        "record": (overdue, {"value": DICE}),
        "confirm": (read, {"value": DICE}),
        "draw": (sure, {}),
        "abandon": (running, {"reason": "名单有误"}),
    }
    number = {"number": drawn.number}
    return {
        **{
            f"draws:act {verb}": Thing("draws:act", {"row_id": row.pk, "verb": verb}, sent)
            for verb, (row, sent) in acts.items()
        },
        "draws:detail": Thing("draws:detail", {"row_id": draft.pk}),
        "draws:roster": Thing("draws:roster", {"row_id": draft.pk}, ROSTER),
        "draws:part": Thing("draws:part", {"row_id": running.pk}, COMMITMENT),
        "draws:outside": Thing("draws:outside", {"secret": secret}, COMMITMENT),
        "draws:public": Thing("draws:public", number),
        "draws:public draft": Thing("draws:public", {"number": own.number}),
        "draws:public_roster": Thing("draws:public_roster", number),
        "draws:bundle": Thing("draws:bundle", number),
        "draws:bundle undrawn": Thing("draws:bundle", {"number": sure.draws.get().number}),
        "draws:hall": Thing("draws:hall", {"number": done.number}),
    }
