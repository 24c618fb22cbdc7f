"""A random walk through the machine by the product's own operations."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger.queries import history
from qingqu.kernel.org.types import Actor
from qingqu.pillars.petitions import operations, rules
from qingqu.pillars.petitions.models import Petition
from qingqu.pillars.petitions.types import Level, State
from tests.factories import AT, actor
from tests.pillars.petitions.town import clock, fresh, make_town, registered, reply

pytestmark = pytest.mark.django_db

Act = Callable[[Petition, datetime, Actor], object]

ACTS: dict[str, Act] = {
    "accept": lambda row, at, who: operations.accept(petition=row, told="告知", at=at, actor=who),
    "refuse": lambda row, at, who: operations.refuse(petition=row, ground="理由", told="告知", at=at, actor=who),
    "transfer": lambda row, at, who: operations.transfer(
        petition=row, ground="理由", told="告知", to_organ="区人社局", at=at, actor=who
    ),
    "refer": lambda row, at, who: operations.refer(petition=row, ground="理由", at=at, actor=who),
    "object": lambda row, at, who: operations.object_(petition=row, ground="理由", at=at, actor=who),
    "begin": lambda row, at, who: operations.begin(petition=row, undertaker="科室", at=at, actor=who),
    "extend": lambda row, at, who: operations.extend(petition=row, ground="理由", told="告知", at=at, actor=who),
    "conclude": lambda row, at, who: operations.conclude(
        petition=row, reply=reply(served_on=at.date()), at=at, actor=who
    ),
    "ask_review": lambda row, at, who: operations.ask(
        petition=row, level=Level.REVIEW, ground="理由", asked_on=at.date(), at=at, actor=who
    ),
    "review": lambda row, at, who: operations.decide(
        petition=row, level=Level.REVIEW, reply=reply(served_on=at.date()), at=at, actor=who
    ),
    "ask_recheck": lambda row, at, who: operations.ask(
        petition=row, level=Level.RECHECK, ground="理由", asked_on=at.date(), at=at, actor=who
    ),
    "recheck": lambda row, at, who: operations.decide(
        petition=row, level=Level.RECHECK, reply=reply(served_on=at.date()), at=at, actor=who
    ),
    "hear": lambda row, at, who: operations.hear(petition=row, ground="听证", at=at, actor=who),
    "resume": lambda row, at, who: operations.resume(petition=row, at=at, actor=who),
    "receipt": lambda row, at, who: operations.receipt(
        petition=row, receipt="回执", received_on=at.date(), at=at, actor=who
    ),
    "close": lambda row, at, who: operations.close(petition=row, ground="期满", is_content=False, at=at, actor=who),
}
"""Every step, by the operation that takes it."""

WHO = ("office", "second", "third", "leader", "keeper", "principal")
STEPS = st.lists(
    st.tuples(st.sampled_from(rules.VERBS), st.sampled_from(WHO), st.integers(min_value=0, max_value=20)), max_size=25
)


def test_knows_every_step() -> None:
    assert set(ACTS) == set(rules.VERBS)


@given(steps=STEPS, is_passed_on=st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_leaves_the_table_nor_lets_one_person_judge_twice(
    steps: list[tuple[str, str, int]], is_passed_on: bool
) -> None:
    town = make_town()
    passed_on = {"channel": "PASSED_ON", "sent_by": "区信访局"} if is_passed_on else {}
    row, at = registered(town, **passed_on), AT
    walked = 0
    for verb, name, days in steps:
        at += timedelta(days=days)
        before, who = fresh(row), getattr(town, name)
        try:
            ACTS[verb](row, at, actor(who, at=at))
        except Refused:
            assert fresh(row).state == before.state
            continue
        walked += 1
        after = fresh(row)
        assert after.state == rules.next_state(before.state, verb)
        assert name != "principal"
        assert verb != "extend" or (name == "leader" and before.extended_on is None)
        assert (name == "keeper") <= (verb == "receipt" and before.state == State.REFERRED)
        assert_sound(after)
    assert history("petition", row.pk).count() == walked + 1
    Petition.objects.filter(pk=row.pk).update(contact="")


def assert_sound(row: Petition) -> None:
    """What must hold wherever a petition stands."""
    judges = [said.issued_by_id for said in row.opinions.all() if said.issued_by_id]
    assert len(judges) == len(set(judges))
    is_over = not rules.TRANSITIONS[State(row.state)] or row.state in {State.TRANSFERRED, State.REFERRED}
    if is_over:
        assert clock(row) is None
        assert clock(row, "petition_objection") is None
    if row.state in {State.HANDLING, State.REVIEWING, State.RECHECKING}:
        assert clock(row) is not None
    if row.state == State.CLOSED:
        assert row.opinions.exists()
