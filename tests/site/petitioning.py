"""Petitions about the first school: one at each step, one complaint, one that was referred."""

from typing import Any

from qingqu.kernel.core.clock import now, today
from qingqu.kernel.org.models import Person
from qingqu.kernel.org.types import Actor, Role
from qingqu.pillars.petitions import operations
from qingqu.pillars.petitions.models import Petition
from qingqu.pillars.petitions.operations.intake import Sender
from qingqu.pillars.petitions.types import Level, Reply
from tests.factories import actor, seat
from tests.site.world import WORD, Ground, Thing, later, stored

REPLY: dict[str, Any] = {
    "outcome": "SUPPORTED",
    "request": WORD,
    "facts": "属实",
    "opinion": "责令退还",
    "basis": "收费规定",
    "organ": "教育局",
}


class Desk:
    """Who handles the petitions: the office registers them, two colleagues without a letter give the opinions."""

    def __init__(self, ground: Ground) -> None:
        """Seat the colleagues."""
        self.ground = ground
        self.people: list[Person] = [seat(Role.OFFICE, ground.root) for _each in range(2)]

    def act(self, order: int | None = None) -> dict[str, Any]:
        """Who acts, and that it is now: the terms of what is asked for must run."""
        at = now()
        who: Actor = self.ground.actor("O") if order is None else actor(self.people[order], at=at)
        return {"at": at, "actor": who}

    def registered(self, **given: Any) -> Petition:
        """A claim that came today, about X of the discipline group."""
        facts: dict[str, Any] = {
            "title": f"{WORD}信访",
            "body": WORD,
            "kind": "CLAIM",
            "channel": "LETTER",
            "unit": self.ground.school,
            "about": [self.ground.people["X"].pk],
        }
        return operations.register(**(facts | given), **self.act())

    def accepted(self) -> Petition:
        """One that was taken."""
        return operations.accept(petition=self.registered(), told="", **self.act())

    def handled(self) -> Petition:
        """One that a section undertakes."""
        return operations.begin(petition=self.accepted(), undertaker="科室", **self.act())

    def answered(self) -> Petition:
        """One with its opinion."""
        row = self.handled()
        operations.conclude(petition=row, reply=Reply(**REPLY, served_on=today()), **self.act(0))
        return row

    def asked(self, row: Petition, level: Level) -> Petition:
        """One whose review or re-check was asked for."""
        operations.ask(petition=row, level=level, ground="不服", asked_on=today(), **self.act())
        return row

    def reviewed(self) -> Petition:
        """One with its opinion on review."""
        row = self.asked(self.answered(), Level.REVIEW)
        operations.decide(petition=row, level=Level.REVIEW, reply=Reply(**REPLY, served_on=today()), **self.act(1))
        return row

    def rechecking(self) -> Petition:
        """One whose re-check was asked for."""
        return self.asked(self.reviewed(), Level.RECHECK)

    def heard(self) -> Petition:
        """One whose clock stands for a hearing."""
        return operations.hear(petition=self.rechecking(), ground="听证", **self.act())

    def transferred(self) -> Petition:
        """One that was sent to another authority."""
        return operations.transfer(
            petition=self.registered(), ground="职责", told="", to_organ="区人社局", **self.act()
        )

    def referred(self) -> Petition:
        """One that was handed to the discipline group."""
        row = self.registered(kind="COMPLAINT")
        return operations.refer(petition=row, ground="涉嫌违纪", **self.act())


def petition_rows(ground: Ground) -> dict[str, Thing]:
    """A petition for each step, with what its form sends."""
    desk = Desk(ground)
    said, note = REPLY | {"served_on": later().isoformat()}, {"receipt": "12 号", "received_on": today().isoformat()}
    ask = {"ground": "不服", "asked_on": today().isoformat()}
    passed_on = desk.registered(channel="PASSED_ON", sent_by="区信访局", sender=Sender("王家长", "1"))
    steps: dict[str, tuple[Petition, dict[str, Any]]] = {
        "accept": (desk.registered(sender=Sender("李家长", "2")), {"told": "面告", "differs": ""}),
        "refuse": (desk.registered(), {"ground": "诉讼中", "told": ""}),
        "transfer": (desk.registered(), {"ground": "职责", "told": "", "to_organ": "区人社局"}),
        "refer": (desk.accepted(), {"ground": "涉嫌违纪", "confirmed": "1"}),
        "object": (passed_on, {"ground": "不属职责"}),
        "begin": (desk.accepted(), {"undertaker": "科室"}),
        "extend": (desk.handled(), {"ground": "复杂", "told": "书面"}),
        "conclude": (desk.handled(), said),
        "ask_review": (desk.answered(), ask),
        "review": (desk.asked(desk.answered(), Level.REVIEW), said),
        "ask_recheck": (desk.reviewed(), ask),
        "recheck": (desk.rechecking(), said),
        "hear": (desk.rechecking(), {"ground": "听证"}),
        "resume": (desk.heard(), {}),
        "receipt": (desk.transferred(), note),
        "receipt referred": (desk.referred(), note),
        "close": (desk.answered(), {"ground": "认可", "is_content": "on", "confirmed": "1"}),
    }
    found = {
        f"petitions:act {line}": Thing("petitions:act", {"row_id": row.pk, "verb": line.split(" ")[0]}, sent)
        for line, (row, sent) in steps.items()
    }
    letter, referred = {"row_id": steps["close"][0].pk, "ordinal": 1}, steps["receipt referred"][0].pk
    complaint = desk.registered(kind="COMPLAINT")
    file = stored("petition", complaint.pk, ground.school)
    attached = {"subject_kind": "petition", "subject_id": str(complaint.pk)}
    return found | {
        "petitions:detail": Thing("petitions:detail", {"row_id": complaint.pk}),
        "petitions:detail referred": Thing("petitions:detail", {"row_id": referred}),
        "petitions:letter_docx": Thing("petitions:letter_docx", letter),
        "petitions:letter_pdf": Thing("petitions:letter_pdf", letter),
        "files:download petition": Thing("files:download", {"file_id": file.pk}),
        "files:attach petition": Thing("files:attach", attached, {"file": b"%PDF-1.7 new"}),
    }
