"""Leads, rectifications, publications and the audit desk's work about the first school."""

import json
from datetime import timedelta

from django.conf import settings

from qingqu.engines.tlog.tiles import right_edge
from qingqu.kernel.core.clock import local_date, now
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.ledger import tasks as log
from qingqu.kernel.publications import operations as publications
from qingqu.kernel.publications.models import Publication
from qingqu.pillars.audit import operations as audit
from qingqu.pillars.audit.models import Flag, ImportJob, Mapping, Run
from qingqu.pillars.leads import operations as leads
from qingqu.pillars.leads.models import Lead
from qingqu.pillars.leads.types import Track
from qingqu.pillars.rectification import operations as rectification
from qingqu.pillars.rectification.models import Rectification
from tests.engines.redflags.load.factories import HEADERS, MAPPING, csv_text, payment
from tests.factories import AT, actor
from tests.site.world import WORD, Ground, Thing, later, stored


def make_lead(ground: Ground, track: str, number: int, *, has_named_reporter: bool = False) -> Lead:
    """A lead about X in the first school."""
    return leads.open_lead(
        title=f"{WORD}线索",
        body="反映的问题",
        unit=ground.school,
        source_kind="letter",
        source_id=number,
        at=AT,
        actor_id=ground.people["D"].pk,
        about=[ground.people["X"].pk],
        track=track,
        has_named_reporter=has_named_reporter,
    )


def lead_rows(ground: Ground) -> dict[str, Thing]:
    """A new and a proposed lead on the education track, and the same on the discipline track, with their steps."""
    found: dict[str, Thing] = {}
    there = {one.pk: one.name for one in (ground.keeper, ground.people["D"])}
    numbers = f"{ground.keeper.number} {ground.people['D'].number}"
    day = str(local_date(now()))
    for number, (word, track) in enumerate((("education", Track.EDUCATION), ("discipline", Track.DISCIPLINE))):
        fresh, proposed = make_lead(ground, track, 2 * number), make_lead(ground, track, 2 * number + 1)
        leads.propose(lead=proposed, kind="VERIFY", reason="材料可查", at=AT, actor=actor(ground.keeper))
        leads.study(
            lead=proposed, studied_on=local_date(AT), attendees=there, note="同意", at=AT, actor=actor(ground.keeper)
        )
        file = stored("lead", fresh.pk, ground.school)
        one, other = {"lead_id": fresh.pk}, {"lead_id": proposed.pk}
        study = {"studied_on": day, "attendees": numbers, "note": "同意"}
        merge = {"number": proposed.number, "confirmed": "1"}
        asked = {"who": "某人", "asked_on": day, "how": "电话", "about": "打听"}
        found |= {
            f"leads:detail {word}": Thing("leads:detail", one),
            f"leads:related {word}": Thing("leads:related", one),
            f"leads:propose {word}": Thing("leads:propose", one, {"kind": "VERIFY", "reason": "材料可查"}),
            f"leads:decide {word}": Thing("leads:decide", other, {"decision": "approve", "opinion": ""}),
            f"leads:act study {word}": Thing("leads:act", other | {"verb": "study"}, study),
            f"leads:act merge {word}": Thing("leads:act", one | {"verb": "merge"}, merge),
            f"leads:act intervene {word}": Thing("leads:act", one | {"verb": "intervene"}, asked),
            f"files:download lead {word}": Thing("files:download", {"file_id": file.pk}),
            f"files:attach lead {word}": Thing(
                "files:attach", {"subject_kind": "lead", "subject_id": str(fresh.pk)}, {"file": b"%PDF-1.7 new"}
            ),
        }
    return found | disposed_leads(ground)


def disposed_leads(ground: Ground) -> dict[str, Thing]:
    """A lead that waits for its talk, and a closed one whose named reporter waits to be told."""
    talked, told = (
        make_lead(ground, Track.EDUCATION, 11),
        make_lead(ground, Track.EDUCATION, 12, has_named_reporter=True),
    )
    for row, kind in ((talked, "TALK"), (told, "SETTLE")):
        leads.propose(lead=row, kind=kind, reason="材料可查", at=AT, actor=actor(ground.keeper))
        leads.approve(lead=row, at=AT, actor=ground.actor("L"))
    day = {"talked_on": str(local_date(now()))}
    return {
        "leads:act talk": Thing("leads:act", {"lead_id": talked.pk, "verb": "talk"}, day),
        "leads:act feed_back": Thing("leads:act", {"lead_id": told.pk, "verb": "feed_back"}, {"feedback": "已告知"}),
    }


def ordered(ground: Ground, number: int) -> Rectification:
    """A rectification ordered from the first school's head."""
    return rectification.order(
        title=f"{WORD}整改{number}",
        cause="账目未公示",
        unit=ground.school,
        owner_post=ground.post("H"),
        due_on=later(),
        at=AT,
        actor=ground.actor("D"),
    )


def rectifications(ground: Ground) -> dict[str, Thing]:
    """One that waits for its plan, one for its report, one for its re-check, with a file."""
    fresh, planned, reported = (ordered(ground, number) for number in range(3))
    head = ground.actor("H")
    for row in (planned, reported):
        rectification.plan(rectification=row, text="按月公示", at=AT, actor=head)
    rectification.report(rectification=reported, text="已经公示", at=AT, actor=head)
    file = stored("rectification", fresh.pk, ground.school)
    attached = {"subject_kind": "rectification", "subject_id": str(fresh.pk)}
    return {
        "rectification:detail": Thing("rectification:detail", {"row_id": fresh.pk}),
        "rectification:plan": Thing("rectification:plan", {"row_id": fresh.pk}, {"text": "按月公示"}),
        "rectification:report": Thing("rectification:report", {"row_id": planned.pk}, {"text": "已经公示"}),
        "rectification:recheck": Thing(
            "rectification:recheck", {"row_id": reported.pk}, {"finding": "属实", "verdict": "pass"}
        ),
        "files:download rectification": Thing("files:download", {"file_id": file.pk}),
        "files:attach rectification": Thing("files:attach", attached, {"file": b"%PDF-1.7 new"}),
    }


def drafted(ground: Ground, body: str = WORD) -> Publication:
    """A draft of the first school's."""
    author = ground.people["D"].pk
    return publications.draft(
        kind="NOTICE", title=f"{WORD}通报", body=body, unit=ground.school, author_id=author, at=AT
    )


def published(ground: Ground, *, in_days: int = 0) -> Publication:
    """A published text; public only after some days when they are given."""
    row = drafted(ground)
    publications.submit(publication=row, at=AT, actor=ground.actor("D"))
    wanted = now() + timedelta(days=in_days) if in_days else None
    publications.publish(publication=row, at=AT, actor=ground.actor("O"), public_from=wanted)
    return row


def publication_rows(ground: Ground) -> dict[str, Thing]:
    """A draft, a submitted text, one with a telephone number, a published, an embargoed and a withdrawn one."""
    draft, submitted, traced = drafted(ground), drafted(ground), drafted(ground, "联系电话 13800138000")
    standing, embargoed, withdrawn = published(ground), published(ground, in_days=300), published(ground)
    publications.submit(publication=submitted, at=AT, actor=ground.actor("D"))
    publications.withdraw(publication=withdrawn, reason="数据有误", at=AT, actor=ground.actor("O"))
    log.keep()
    file = stored("publication", draft.pk, ground.school)
    text = {"title": "新题", "body": "新文"}
    kept = {"trace": "PHONE", "text": "13800138000", "reason": "公开的值班电话"}
    acts = {
        "edit": (draft, text),
        "submit": (draft, {}),
        "return": (submitted, {"reason": "再核"}),
        "confirm": (traced, kept),
        "publish": (submitted, {"confirmed": "1"}),
        "correct": (standing, text | {"reason": "数字有误"}),
        "withdraw": (standing, {"reason": "数据有误", "confirmed": "1"}),
    }
    return {
        **{
            f"publications:act {verb}": Thing("publications:act", {"row_id": row.pk, "verb": verb}, sent)
            for verb, (row, sent) in acts.items()
        },
        "publications:detail": Thing("publications:detail", {"row_id": draft.pk}),
        "publications:public": Thing("publications:public", {"number": standing.number}),
        "publications:public draft": Thing("publications:public", {"number": draft.number}),
        "publications:public embargoed": Thing("publications:public", {"number": embargoed.number}),
        "publications:public withdrawn": Thing("publications:public", {"number": withdrawn.number}),
        "publications:copy": Thing("publications:copy", {"number": standing.number, "ordinal": 1}),
        "publications:copy embargoed": Thing("publications:copy", {"number": embargoed.number, "ordinal": 1}),
        "publications:copy withdrawn": Thing("publications:copy", {"number": withdrawn.number, "ordinal": 1}),
        **proof_rows(standing, embargoed, withdrawn),
        "files:download publication": Thing("files:download", {"file_id": file.pk}),
        "files:attach publication": Thing(
            "files:attach", {"subject_kind": "publication", "subject_id": str(draft.pk)}, {"file": b"%PDF-1.7 new"}
        ),
    }


def proof_rows(standing: Publication, embargoed: Publication, withdrawn: Publication) -> dict[str, Thing]:
    """The proofs of the three, and a tile of the log that holds them."""
    rows = {"": standing, " embargoed": embargoed, " withdrawn": withdrawn}
    (edge, *_rest) = right_edge(ledger.head().size)
    return {
        "ledger:tile": Thing("ledger:tile", {"place": edge.path.removeprefix("tile/")}),
        **{
            f"publications:{name}{word}": Thing(f"publications:{name}", {"number": row.number, "ordinal": 1})
            for name in ("proof", "receipt", "promise", "printed")
            for word, row in rows.items()
        },
    }


def imported(ground: Ground, name: str, rows: list[list[str]], mapping: Mapping | None) -> ImportJob:
    """A table the audit desk uploaded; loaded when it has its mapping."""
    job = audit.ask_import(
        name=name,
        content=[csv_text(rows).encode()],
        format="table",
        mapping=mapping,
        folder=settings.QINGQU_HOME / "imports",
        actor=ground.actor("A"),
        at=AT,
    )
    return audit.perform_import(job_id=job.pk, mart=settings.QINGQU_MART, clock=lambda: AT)


def audit_rows(ground: Ground) -> dict[str, Thing]:
    """A hint about the first school, the run that raised it, an import with a row sent back and one without mapping."""
    mapping = Mapping.objects.create(name="付款", text=json.dumps(MAPPING), created_at=AT)
    done = imported(ground, "付款.csv", [payment(1), payment(2, 付款日期="不是日期")], mapping)
    waiting = imported(ground, "另一份.csv", [payment(3)], None)
    run = audit.ask_run(actor=ground.actor("A"), at=AT)
    flag = raised(ground, run, "one")
    sound = dict(zip(HEADERS, payment(2), strict=True))
    job = {"job_id": waiting.pk}
    return {
        "audit:flag": Thing("audit:flag", {"flag_id": flag.pk}, {"outcome": "EXPLAINED", "reason": "合同已补"}),
        "audit:indicator": Thing("audit:indicator", {"name": "FI-01"}),
        "audit:parameters": Thing("audit:parameters", {"name": "FI-01"}, {}),
        "audit:run": Thing("audit:run", {"run_id": run.pk}),
        "audit:import": Thing("audit:import", {"job_id": done.pk}),
        "audit:mapping": Thing("audit:mapping", job, {"name": "另一份", "text": json.dumps(MAPPING)}),
        "audit:reject": Thing("audit:reject", {"reject_id": done.rejects.get().pk}, sound),
    }


def raised(ground: Ground, run: Run, fingerprint: str) -> Flag:
    """A hint about the first school."""
    return Flag.objects.create(
        fingerprint=fingerprint,
        indicator="FI-01",
        subject_kind="CONTRACT",
        subject_id=WORD,
        unit=ground.school,
        unit_code=ground.school.code,
        severity=2,
        score=1.0,
        explanation_zh=WORD,
        explanation_en=WORD,
        first_run=run,
        last_run=run,
    )
