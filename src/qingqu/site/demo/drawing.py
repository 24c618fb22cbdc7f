"""What the demo district drew: which schools the autumn inspection visits, before witnesses, and a draw that waits.

Every step is the product's own operation, done by the person whose seat it is, within the last two hours.
"""

import secrets
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from qingqu.engines.draw import commitment
from qingqu.kernel.draws import operations, queries
from qingqu.kernel.draws.models import Ceremony, Party
from qingqu.kernel.draws.types import Line, SourceKind, Terms
from qingqu.kernel.ledger import tasks as log
from qingqu.kernel.org.models import Person, Post, Unit
from qingqu.kernel.org.queries import actor_of
from qingqu.kernel.org.types import Actor
from qingqu.site.demo import district

ORGANISER, CONFIRMER, LEADER = "QY.OFFICE.DW", "QY.DISCIPLINE.1", "QY.LEADER.1"
CEREMONIES = 2
THROWS = 20
DICE = "36251442653116253446"
"""What the dice of the demo showed: twenty throws."""
SHARE = 10
"""One school in so many is visited; at least one of each kind."""
OUTSIDE = (("家长代表", "各校家长委员会推选的代表"), ("公证处", "清源公证处"))
PURPOSE = "双随机检查：学校由抽签产生，任何人可以复算。"


def draw(now: datetime) -> None:
    """A draw that was made an hour ago, and one whose parties still have to commit. Needs people and a log."""
    _drawn(now - timedelta(hours=2))
    _waiting(now)


def _drawn(start: datetime) -> None:
    moments = [start + timedelta(minutes=minutes) for minutes in (0, 20, 40, 60, 70, 80)]
    frozen, committed, revealed, thrown, confirmed, drawn = moments
    terms = Terms(committed, revealed, thrown, SourceKind.DICE, THROWS)
    row, links = _frozen("秋季食堂专项检查：随机抽取学校", PURPOSE, terms, frozen)
    nonces = {party.pk: secrets.token_bytes(32) for party in queries.parties(row)}
    for party in queries.parties(row):
        made = commitment(_sentence(party), nonces[party.pk]).hex()
        operations.commit(party=party, commitment=made, at=committed, **_own(party, links, committed))
    for party in queries.parties(row):
        nonce = nonces[party.pk].hex()
        operations.reveal(
            party=party, contribution=_sentence(party), nonce=nonce, at=revealed, **_own(party, links, revealed)
        )
    operations.record_source(ceremony=row, value=DICE, at=thrown, actor=_actor(ORGANISER, thrown))
    operations.confirm_source(ceremony=row, value=DICE, at=confirmed, actor=_actor(CONFIRMER, confirmed))
    operations.draw(ceremony=row, at=drawn, actor=_actor(ORGANISER, drawn))


def _waiting(now: datetime) -> None:
    """Commitments until the day after tomorrow: the leader of the guide has one to make."""
    days = [now + timedelta(days=days) for days in (2, 3, 4)]
    terms = Terms(days[0], days[1], days[2], SourceKind.DICE, THROWS)
    _frozen("冬季招生收费专项检查：随机抽取学校", PURPOSE, terms, now)


def _frozen(title: str, purpose: str, terms: Terms, at: datetime) -> tuple[Ceremony, dict[int, str]]:
    """A ceremony whose roster of all schools stands in the log, and the secret of each outside party's link."""
    by: dict[str, Any] = {"at": at, "actor": _actor(ORGANISER, at)}
    row = operations.prepare(
        title=title, purpose=purpose, unit=Unit.objects.get(code=district.OFFICE.code), terms=terms, **by
    )
    schools = queries.units_below(row, sorted({school.kind for school in district.SCHOOLS}))
    lines = [Line(unit.name, queries.kind_word(unit), unit_id=unit.pk) for unit in schools]
    sizes = Counter(line.stratum for line in lines)
    counts = "\n".join(f"{stratum}，{max(1, size // SHARE)}，1" for stratum, size in sizes.items())
    operations.put_draw(ceremony=row, title="受检学校", kind="SCHOOLS", given=lines, counts=counts, **by)
    operations.put_party(ceremony=row, name="区委教育工委", post=Post.objects.get(code=LEADER), **by)
    links = {}
    for name, speaks_for in OUTSIDE:
        party, secret = operations.put_party(ceremony=row, name=name, post=None, speaks_for=speaks_for, **by)
        links[party.pk] = secret
    operations.freeze(ceremony=row, **by)
    log.keep()
    return row, links


def _sentence(party: Party) -> str:
    """What a party puts into the draw: any words will do, and each has its own."""
    return f"{party.name}：愿孩子吃得安心"


def _own(party: Party, links: dict[int, str], at: datetime) -> dict[str, Any]:
    """Who acts for a party: the holder of its post, or whoever has its link."""
    return {"secret": links[party.pk]} if party.pk in links else {"actor": _actor(LEADER, at)}


def _actor(seat: str, at: datetime) -> Actor:
    return actor_of(Person.objects.get(appointments__post__code=seat), at=at)
