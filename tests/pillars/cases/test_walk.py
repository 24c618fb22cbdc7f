"""Anybody trying any step in any order: no forbidden state, no missing approval, no handler with a conflict."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.org.models import Person, Relationship
from qingqu.pillars.cases import operations, queries, rules
from qingqu.pillars.cases.models import Decision, Hand, Respondent
from qingqu.pillars.cases.types import Sanction, State
from tests.factories import AT
from tests.pillars.cases.district import District, as_of, make_district, open_one, row_of

pytestmark = pytest.mark.django_db

ENDS = ("dismiss", "supplement", "return")
"""Tried seldom, so that most walks get beyond them."""

SANCTIONS = ("WARNING", "DEMERIT", "CRITICISM")


def _steps(chance: random.Random, row: Respondent, who: Person, minutes: int) -> dict[str, Callable[[], object]]:
    """Every step as this person would try it at this moment."""
    at = AT + timedelta(minutes=minutes)
    both = {"respondent": row, "at": at, "actor": as_of(who, at)}
    treatment = {"sanction": chance.choice(SANCTIONS), "restriction_months": chance.choice([0, 24])}
    told = {"facts": "甲", "evidence": "乙", "basis": "丙"}
    outcome = chance.choice(["UPHELD", "VARIED", "REVOKED"])
    return {
        "notify": lambda: operations.notify(**both, **told, **treatment),
        "hear": lambda: operations.hear(**both, voice=chance.choice(["OWN", "PARENT"]), text="丁"),
        "speak": lambda: operations.speak(**both, text="戊"),
        "supplement": lambda: operations.supplement(**both, reason="己"),
        "propose": lambda: operations.propose(**both, **treatment, text="庚"),
        "decide": lambda: operations.decide(**both, **treatment),
        "return": lambda: operations.return_(**both, reason="辛"),
        "dismiss": lambda: operations.dismiss(**both, reason="壬"),
        "serve": lambda: operations.serve(**both, served_on=AT.date(), service="签收"),
        "file": lambda: operations.file(**both, filing="入档"),
        "release": lambda: operations.release(**both),
        "ask": lambda: operations.ask(**both, kind=chance.choice(["REVIEW", "APPEAL"]), grounds="癸"),
        "answer": lambda: operations.answer(**both, **treatment, outcome=outcome, reason="由", organ="局"),
    }


def _holds(row: Respondent, kin: Person) -> None:
    """What must be true of a procedure whatever was tried."""
    voices = set(row.statements.values_list("voice", flat=True))
    parts = dict(Hand.objects.filter(case_id=row.case_id).values_list("person_id", "part"))
    assert kin.pk not in parts
    assert row.person_id not in parts
    decisions = list(Decision.objects.filter(respondent=row).order_by("ordinal"))
    for decision in decisions:
        assert rules.is_heard(voices)
        assert row.proposed_by_id is not None
        assert parts[decision.decided_by_id] in {"DECIDER", "REVIEWER", "APPEAL"}
        assert rules.missing_elements(vars(decision)) == ()
        assert rules.RANK[decision.sanction] <= rules.RANK[Sanction(row.ceiling_sanction)]
    assert [one.rank for one in decisions] == sorted((one.rank for one in decisions), reverse=True)
    if row.state in {State.SERVED, State.EFFECTIVE}:
        assert queries.standing(row) is not None
    if row.state == State.REVOKED:
        assert queries.locks(row.person_id, on=AT.date()) == ()


class TestAnybodyTryingAnything:
    @pytest.mark.parametrize("seed", range(3))
    def test_never_gets_where_nobody_may(self, seed: int) -> None:
        chance, district = random.Random(seed), make_district()
        case = open_one(district)
        kin = district.third
        Relationship.objects.create(
            person=kin, other_kind="PERSON", other_id=str(district.teacher.pk), kind="SPOUSE", declared_on=AT.date()
        )
        for person in (district.first, district.second):
            operations.appoint(case=case, person=person, at=AT, actor=as_of(district.keeper))
        row, seen = row_of(case), set[str]()

        for minutes in range(200):
            row = Respondent.objects.select_related("person", "case__unit").get(pk=row.pk)
            before, who = row.state, chance.choice(_people(district))
            verbs = _steps(chance, row, who, minutes)
            likely = [verb for verb in verbs if rules.may_move(row.state, verb) and verb not in ENDS]
            verb = chance.choice(likely if likely and chance.random() < 0.8 else sorted(verbs))
            if verb == "dismiss" and before == State.INVESTIGATING:
                continue
            try:
                verbs[verb]()
            except Refused:
                row.refresh_from_db()
                assert row.state == before, verb
            row.refresh_from_db()
            assert row.state == before or row.state in {move.to for move in rules.TRANSITIONS[State(before)]}, verb
            seen.add(row.state)
            _holds(row, kin)

        assert len(seen) > 3


def _people(district: District) -> list[Person]:
    """Everybody who might try a step."""
    return [person for name, person in vars(district).items() if name not in {"root", "school"}]
