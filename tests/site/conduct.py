"""Teacher-conduct cases about the first school's teacher, one for each step."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from qingqu.kernel.core.clock import local_date, now
from qingqu.kernel.org.models import Person
from qingqu.kernel.org.types import Actor, Role
from qingqu.kernel.publications import operations as publications
from qingqu.pillars.cases import operations
from qingqu.pillars.cases.models import Case, Respondent
from qingqu.pillars.cases.types import Concerned
from tests.factories import actor, seat
from tests.site.world import WORD, Ground, Thing

NOTICE = {"facts": f"{WORD}事实", "evidence": "课表", "basis": "处理办法", "sanction": "WARNING"}


class Stage:
    """Brings procedures about the first school's teacher to a state, at a moment."""

    def __init__(self, ground: Ground) -> None:
        """D and another of the discipline group investigate; a leader without a letter decides."""
        self.ground = ground
        self.days = count(1)
        self.decider = seat(Role.LEADER, ground.root)
        self.reviewer = seat(Role.LEADER, ground.root)
        ground.people["T"].is_party_member = True
        ground.people["T"].save()

    def by(self, who: str | Person, at: datetime) -> Actor:
        """Somebody as an actor at a moment."""
        return actor(self.ground.people[who] if isinstance(who, str) else who, at=at)

    def opened(self, at: datetime) -> Case:
        """An accepted case."""
        return operations.open_case(
            title=f"{WORD}案件",
            allegation=f"{WORD}反映",
            conduct="TUTORING",
            acted_on=date(2025, 1, 1) + timedelta(days=next(self.days)),
            unit=self.ground.school,
            school_kind="PUBLIC",
            source_text="来信",
            concerned=[Concerned(self.ground.people["T"].pk)],
            at=at,
            actor=self.by("D", at),
        )

    def at_state(self, state: str, at: datetime | None = None) -> Respondent:
        """A procedure brought to a state by the product's own steps."""
        at = at or now()
        case = self.opened(at)
        for person in (self.ground.people["D"], self.ground.keeper):
            operations.appoint(case=case, person=person, at=at, actor=self.by("D", at))
        row = case.respondents.get()
        steps: list[tuple[str, Any]] = [
            ("NOTIFIED", lambda: operations.notify(respondent=row, **NOTICE, at=at, actor=self.by("D", at))),
            ("HEARD", lambda: self._hear(row, at)),
            (
                "PROPOSED",
                lambda: operations.propose(
                    respondent=row, sanction="WARNING", text="建议", at=at, actor=self.by("H", at)
                ),
            ),
            (
                "DECIDED",
                lambda: operations.decide(respondent=row, sanction="WARNING", at=at, actor=self.by(self.decider, at)),
            ),
            (
                "SERVED",
                lambda: operations.serve(
                    respondent=row, served_on=local_date(at), service="签收", at=at, actor=self.by("D", at)
                ),
            ),
            ("EFFECTIVE", lambda: operations.file(respondent=row, filing="入档", at=at, actor=self.by("D", at))),
        ]
        row.refresh_from_db()
        for _name, step in steps:
            if row.state == state:
                break
            step()
            row.refresh_from_db()
        return row

    def _hear(self, row: Respondent, at: datetime) -> None:
        operations.speak(respondent=row, text="陈述", at=at, actor=self.by("T", at))
        operations.hear(respondent=row, voice="PARENT", text="意见", at=at, actor=self.by("D", at))

    def dismissed(self) -> Respondent:
        """A procedure that ended without treatment."""
        row = self.at_state("INVESTIGATING")
        operations.dismiss(respondent=row, reason="不属实", at=now(), actor=self.by(self.decider, now()))
        return row

    def asked(self, *, is_answered: bool = False, outcome: str = "UPHELD", row: Respondent | None = None) -> Respondent:
        """A decision against which a review was asked, and answered when wanted."""
        row, at = row or self.at_state("EFFECTIVE"), now()
        operations.ask(respondent=row, kind="REVIEW", grounds="理由", at=at, actor=self.by("T", at))
        if is_answered:
            operations.answer(
                respondent=row, outcome=outcome, reason="由", organ="局", at=at, actor=self.by(self.reviewer, at)
            )
        return row

    def published_and_revoked(self) -> Respondent:
        """A revoked decision about which a notice is still public."""
        row, at = self.at_state("EFFECTIVE"), now()
        draft = publications.draft(
            kind="NOTICE",
            title=f"{WORD}通报",
            body=WORD,
            unit=self.ground.school,
            author_id=self.ground.keeper.pk,
            at=at,
            source_kind="case_person",
            source_id=row.pk,
        )
        publications.submit(publication=draft, at=at, actor=self.by(self.ground.keeper, at))
        publications.publish(publication=draft, at=at, actor=self.by(seat(Role.OFFICE, self.ground.root), at))
        return self.asked(is_answered=True, outcome="REVOKED", row=row)


def case_rows(ground: Ground) -> dict[str, Thing]:
    """A case or a procedure for each page and each step."""
    stage, today = Stage(ground), local_date(now()).isoformat()
    effective, dismissed = stage.at_state("EFFECTIVE"), stage.dismissed()
    fresh = stage.opened(now())
    reason = {"reason": "理由"}
    acts: dict[str, tuple[Respondent, dict[str, Any]]] = {
        "notify": (stage.at_state("INVESTIGATING"), NOTICE),
        "hear": (stage.at_state("NOTIFIED"), {"voice": "PARENT", "text": "意见"}),
        "supplement": (stage.at_state("HEARD"), reason),
        "propose": (stage.at_state("HEARD"), {"sanction": "WARNING", "text": "建议"}),
        "decide": (stage.at_state("PROPOSED"), {"sanction": "WARNING"}),
        "return": (stage.at_state("PROPOSED"), reason),
        "dismiss": (stage.at_state("PROPOSED"), reason),
        "serve": (stage.at_state("DECIDED"), {"served_on": today, "service": "签收"}),
        "file": (stage.at_state("SERVED"), {"filing": "入档"}),
        "release": (stage.at_state("EFFECTIVE", now() - timedelta(days=300)), {}),
        "clearing": (dismissed, {"mode": "LETTER"}),
        "clarify": (_drafted(stage), {}),
        "answer": (stage.asked(), {"outcome": "UPHELD", "organ": "局"} | reason),
        "correct": (stage.published_and_revoked(), {"title": "更正", "body": WORD} | reason),
        "transfer": (effective, {"number": "移1", "transferred_on": today, "handler": "组"}),
        "handed": (_transferred(stage), {"outcome": "PARTY", "answered_on": today}),
    }
    own: dict[str, tuple[Respondent, dict[str, Any]]] = {
        "speak": (stage.at_state("NOTIFIED"), {"text": "陈述"}),
        "review": (effective, {"grounds": "理由"}),
        "appeal": (stage.asked(is_answered=True), {"grounds": "理由"}),
    }
    one = {"row_id": effective.pk}
    return {
        "cases:detail": Thing("cases:detail", {"case_id": fresh.pk}),
        "cases:appoint": Thing("cases:appoint", {"case_id": fresh.pk}, {"person": ground.keeper.number}),
        "cases:refer": Thing("cases:refer", {"case_id": dismissed.case_id}, {"organ": "市纪委", "ground": "伪造"}),
        "cases:person": Thing("cases:person", one),
        "cases:document": Thing("cases:document", one | {"form": "docx"}),
        "cases:own": Thing("cases:own", one),
        "cases:own_document": Thing("cases:own_document", one | {"form": "docx"}),
        **{
            f"cases:act {verb}": Thing("cases:act", {"row_id": row.pk, "verb": verb}, fields)
            for verb, (row, fields) in acts.items()
        },
        **{
            f"cases:own_act {verb}": Thing("cases:own_act", {"row_id": row.pk, "verb": verb}, fields)
            for verb, (row, fields) in own.items()
        },
    }


def _drafted(stage: Stage) -> Respondent:
    """A procedure whose clarification waits for approval."""
    row, at = stage.dismissed(), now()
    operations.draft_clarification(respondent=row, mode="LETTER", at=at, actor=stage.by(stage.ground.keeper, at))
    return row


def _transferred(stage: Stage) -> Respondent:
    """A procedure part of which went to the discipline track."""
    row, at = stage.at_state("NOTIFIED"), now()
    operations.transfer(
        respondent=row,
        number="移2",
        transferred_on=local_date(at),
        handler="组",
        at=at,
        actor=stage.by(stage.ground.keeper, at),
    )
    return row
