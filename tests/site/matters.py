"""One real object of the first school for each route that names one, made by the product's own operations."""

from typing import Any

from allauth.mfa.models import Authenticator

from qingqu.deployments import operations as deployments
from qingqu.deployments.models import Assignment, Directive, Measure
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.duties import operations as duties
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.notices import operations as notices
from qingqu.kernel.org import operations as org
from qingqu.kernel.org.models import Account, Appointment
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_person, make_post, make_unit
from tests.site.casework import audit_rows, lead_rows, publication_rows, rectifications
from tests.site.conduct import case_rows
from tests.site.drawing import draw_rows
from tests.site.petitioning import petition_rows
from tests.site.world import WORD, Ground, Thing, later, passkey

DIRECTIVE = {
    "code": "D-1",
    "title": f"{WORD}专项部署",
    "issuer": "区教育工委",
    "issued_on": "2026-09-01",
    "summary": "",
    "text": WORD,
}
MEASURE = {"pillar": "SAFEGUARDS", "order": 1, "name": f"{WORD}措施", "recurrence": "ONCE"}


def matters(ground: Ground) -> dict[str, Thing]:
    """{line of the table: the object it asks for}."""
    return {**public_matters(ground), **own_matters(ground)}


def own_matters(ground: Ground) -> dict[str, Thing]:
    """What belongs to the first school, and what the district does about it."""
    return {
        **spine(ground),
        **duty_rows(ground),
        **organisation(ground),
        **lead_rows(ground),
        **rectifications(ground),
        **publication_rows(ground),
        **draw_rows(ground),
        **case_rows(ground),
        **petition_rows(ground),
        **audit_rows(ground),
        **own_rows(ground),
    }


def make_directive(ground: Ground, code: str, *, is_public: bool) -> tuple[Directive, Measure]:
    """A directive of the district with one measure."""
    fields = DIRECTIVE | {"code": code, "is_public": is_public, "issued_on": local_date(AT)}
    directive = deployments.create(unit=ground.root, fields=fields, at=AT)
    wanted = MEASURE | {"ends_on": later()}
    measure = deployments.put_measure(directive=directive, key=f"{code}-1", fields=wanted, evidence_kinds=(), at=AT)
    return directive, measure


def assigned(ground: Ground, measure: Measure) -> Assignment:
    """The measure put on the first school."""
    return deployments.cascade(measure=measure, units=[ground.school], at=AT).assignments[0]


def spine(ground: Ground) -> dict[str, Thing]:
    """An internal directive that reached the first school alone."""
    directive, measure = make_directive(ground, "D-1", is_public=False)
    whole, one = {"directive_id": directive.pk}, {"measure_id": measure.pk}
    natural = one | {"post_id": assigned(ground, measure).post_id}
    typed = MEASURE | {"key": "D-1-2", "order": 2}
    wanted: dict[str, tuple[dict[str, int], dict[str, Any] | None]] = {
        "directive": (whole, None),
        "edit": (whole, DIRECTIVE | {"title": "改后"}),
        "matrix": (whole, None),
        "new_measure": (whole, typed),
        "measure": (one, None),
        "edit_measure": (one, typed | {"order": 1}),
        "cascade": (one, {"units": [str(ground.neighbour.pk)], "due_on": later().isoformat()}),
        "assignment": (natural, None),
        "accept": (natural, {}),
        "decompose": (natural, {"posts": [str(ground.post("T").pk)]}),
        "withdraw": (natural, {"ground": "下达有误"}),
    }
    found = {f"deployments:{word}": Thing(f"deployments:{word}", *facts) for word, facts in wanted.items()}
    return {"portal:directive": Thing("portal:directive", whole), **found}


def public_matters(ground: Ground) -> dict[str, Thing]:
    """A public directive, whose measure the first school has taken on."""
    directive, measure = make_directive(ground, "D-2", is_public=True)
    taken = deployments.accept(assignment=assigned(ground, measure), at=AT, actor=ground.actor("H"))
    whole, one = {"directive_id": directive.pk}, {"measure_id": measure.pk}
    return {
        "portal:directive public": Thing("portal:directive", whole),
        "deployments:directive public": Thing("deployments:directive", whole),
        "deployments:matrix public": Thing("deployments:matrix", whole),
        "deployments:measure public": Thing("deployments:measure", one),
        "deployments:complete": Thing("deployments:complete", one | {"post_id": taken.post_id}, {}),
    }


def make_duty(ground: Ground, letter: str, number: int, *, is_private: bool = False) -> Duty:
    """A duty by hand of somebody's post."""
    return duties.assign(
        title=f"{WORD}事项",
        post=ground.post(letter),
        subject_kind="test",
        subject_id=number,
        start_on=local_date(AT),
        due_on=later(),
        at=AT,
        is_by_hand=True,
        is_private=is_private,
    )


def duty_rows(ground: Ground) -> dict[str, Thing]:
    """A duty of the first school's head, one whose clock stands, and one of the discipline group."""
    running, paused = make_duty(ground, "H", 1), make_duty(ground, "H", 2)
    duties.pause(duty=paused, ground="等待鉴定", at=AT, actor_id=ground.people["L"].pk)
    private = make_duty(ground, "D", 3, is_private=True)
    args = {"duty_id": running.pk}
    return {
        "duties:detail": Thing("duties:detail", args),
        "duties:detail private": Thing("duties:detail", {"duty_id": private.pk}),
        "duties:complete": Thing("duties:complete", args, {}),
        "duties:complete private": Thing("duties:complete", {"duty_id": private.pk}, {}),
        "duties:extend": Thing("duties:extend", args, {"new_due_on": later(90).isoformat(), "ground": "材料多"}),
        "duties:pause": Thing("duties:pause", args, {"ground": "等待鉴定"}),
        "duties:resume": Thing("duties:resume", {"duty_id": paused.pk}, {}),
    }


def organisation(ground: Ground) -> dict[str, Thing]:
    """The first school with an empty class, an empty post, a seated post, and people with and without accounts."""
    empty = make_unit("空班", parent=ground.school, kind="CLASS")
    seat_free = make_post(Role.TEACHER, ground.school)
    colleague = make_person(ground.school, f"{WORD}老师")
    org.appoint(post=make_post(Role.TEACHER, ground.school), person=colleague, starts_on=local_date(AT), at=AT)
    Account.objects.create(username="colleague", person=colleague)
    held = Appointment.objects.get(person=colleague)
    unit, person = {"unit_id": ground.school.pk}, {"person_id": colleague.pk}
    day = later().isoformat()
    return {
        "org:unit": Thing("org:unit", unit),
        "org:unit_children": Thing("org:unit_children", unit),
        "org:unit_add": Thing("org:unit_add", unit, {"code": "NEW", "name": "新班", "kind": "CLASS"}),
        "org:unit_rename": Thing("org:unit_rename", unit, {"name": "新名", "kind": "PRIMARY"}),
        "org:unit_move": Thing("org:unit_move", unit, {"parent": ground.area.code}),
        "org:unit_close": Thing("org:unit_close", {"unit_id": empty.pk}, {"closed_on": day}),
        "org:post_add": Thing("org:post_add", unit, {"code": "NP", "title": "教师", "role": "TEACHER"}),
        "org:post": Thing("org:post", {"post_id": seat_free.pk}, {"person": colleague.number, "starts_on": day}),
        "org:appointment_end": Thing("org:appointment_end", {"appointment_id": held.pk}, {"ends_on": day}),
        "org:account": Thing("org:account", {"person_id": ground.teacher_without_account.pk}, {"username": "fresh"}),
        "org:account opened": Thing("org:account", person),
        "org:account_reset": Thing("org:account_reset", person, {"confirmed": "1"}),
        "org:account_disable": Thing("org:account_disable", person, {"confirmed": "1"}),
    }


def own_rows(ground: Ground) -> dict[str, Thing]:
    """What belongs to one person alone: a notice, a calendar, a declared relationship, a passkey."""
    notice = notices.send(person=ground.people["H"], title=WORD, body="", url="", at=AT)
    tie = org.declare_relationship(
        person=ground.people["T"], other=org.Other("SUPPLIER", "91", WORD), kind="SHARES", on=local_date(AT), at=AT
    )
    key = Authenticator.objects.create(
        user=ground.people["H"].account, type=Authenticator.Type.WEBAUTHN, data={"name": WORD, "credential": passkey()}
    )
    secret = notices.open_feed(actor=ground.actor("H"), at=AT)
    return {
        "notices:feed": Thing("notices:feed", {"secret": secret}),
        "notices:read": Thing("notices:read", {"notice_id": notice.pk}, {}),
        "org:relationship_end": Thing(
            "org:relationship_end", {"relationship_id": tie.pk}, {"ends_on": later().isoformat()}
        ),
        "mfa_edit_webauthn": Thing("mfa_edit_webauthn", {"pk": key.pk}, {"name": "新名"}),
        "mfa_remove_webauthn": Thing("mfa_remove_webauthn", {"pk": key.pk}, {}),
        "org:closed": Thing("org:closed", {}, {}),
        "account_confirm_email": Thing("account_confirm_email", {"key": "k"}, {}),
        "account_reset_password_from_key": Thing("account_reset_password_from_key", {"uidb36": "1", "key": "k"}, {}),
    }
