"""Loading the demo district: people and posts, the first directive, the records and the first audit run."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from qingqu.deployments import operations as deployments
from qingqu.deployments.founding import Founding, load_founding
from qingqu.deployments.models import Assignment
from qingqu.kernel.core.clock import local_date, now
from qingqu.kernel.draws.models import Ceremony
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.ledger import queries as ledgered
from qingqu.kernel.ledger import tasks as log_tasks
from qingqu.kernel.ledger.operations import Fact
from qingqu.kernel.org.models import Account, Appointment, Person, Post, Unit
from qingqu.kernel.org.queries import actor_of
from qingqu.pillars.audit import operations as audit
from qingqu.pillars.audit import queries as audited
from qingqu.pillars.rectification.models import Rectification
from qingqu.site.demo import district, drawing, guide, past
from qingqu.site.demo.evaluate import SETTINGS

TERM_STARTS_ON = date(2023, 9, 1)
"""The day on which the demo's people took their seats."""

ISSUED_DAYS_AGO = 60
DUE_IN_DAYS = {
    "F-1.1": -12, "F-1.2": 2, "F-2.1": 5, "F-2.2": -3, "F-2.3": 30, "F-3.1": 3, "F-3.2": 45,
    "F-3.3": 60, "F-4.1": 20, "F-4.2": 7, "F-4.3": 30, "F-5.1": 90, "F-5.2": 12, "F-5.3": 75,
}  # fmt: skip
"""When each measure falls due, in days from the day of loading, so that every group of the to-do list has rows."""

TAKEN_SHARE = {
    "F-1.1": 0.7, "F-1.2": 0.45, "F-2.1": 0.4, "F-2.2": 0.5, "F-2.3": 0.1, "F-3.1": 0.3, "F-4.1": 0.15, "F-5.2": 0.2,
}  # fmt: skip
"""How many of the schools have taken a measure on already; which ones is drawn, the diligent ones more often."""

BROKEN_DOWN = {"F-1.1": "SECRETARY", "F-2.3": "FINANCE", "F-5.2": "SECRETARY"}
"""Measures that the most diligent heads break down, and the seat of the school that gets the work."""

DILIGENT = 0.7
GUIDED = "QY021"
"""The school of the guide's accounts: its head breaks these down, so that all of them have something to do."""

Report = Callable[[str], None]


def ensure(*, report: Report) -> None:
    """Load the district unless it is there; a load that was cut off is begun again.

    The records are generated in a process of their own while people and duties are written.
    """
    mart = Path(settings.QINGQU_MART)
    records = None if (mart / "truth.json").exists() else _generating(mart)
    if not Unit.objects.exists():
        _timed("单位、人员与岗位 / units, people, posts", report, lambda: organisation(now()))
    if not Assignment.objects.exists():
        _timed("部署、措施与责任 / directives, measures, duties", report, lambda: deploy(now()))
    if not Rectification.objects.exists():
        _timed("两个月来的办理 / two months of work", report, lambda: live(now()))
    if records is not None:
        _timed("等待三年业务记录 / waiting for three years of records", report, lambda: _generated(records))
    if not _has_run():
        _timed("首次跟踪审计 / the first audit run", report, lambda: _audit(mart))
    if ledgered.waiting():
        _timed("写入公开日志 / the public log", report, log_tasks.keep)
    if Ceremony.objects.count() < drawing.CEREMONIES:
        _timed("随机抽查的抽签 / draws of schools to visit", report, lambda: draws(now()))


def _generating(mart: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "qingqu.site.demo", str(mart)])  # noqa: S603 - our own module


def _generated(records: subprocess.Popen[bytes]) -> None:
    if records.wait() != 0:
        message = "generating the demo records failed; see the message above"
        raise RuntimeError(message)


def _timed(what: str, report: Report, step: Callable[[], object]) -> None:
    started = time.perf_counter()
    step()
    report(f"  {what}: {time.perf_counter() - started:.1f} s")


@transaction.atomic
def organisation(at: datetime) -> None:
    """Units, people, posts with their holders, and the guide's accounts."""
    units = _units(at)
    people = _people(units)
    _seats(units, people, at)
    _accounts(people, at)


def _units(at: datetime) -> dict[str, Unit]:
    """The units of the tree, written level by level because a path holds the ids above."""
    made: dict[str, Unit] = {}
    waiting = list(district.UNITS)
    while waiting:
        level = [unit for unit in waiting if not unit.parent or unit.parent in made]
        waiting = [unit for unit in waiting if unit not in set(level)]
        rows = Unit.objects.bulk_create(
            [Unit(code=unit.code, name=unit.name, kind=unit.kind, parent=made.get(unit.parent)) for unit in level]
        )
        for row in rows:
            row.path = f"{row.parent.path if row.parent else '/'}{row.pk}/"
            made[row.code] = row
        Unit.objects.bulk_update(rows, ["path"], batch_size=200)
    facts = [Fact(unit.pk, unit.pk) for unit in made.values()]
    ledger.record_many("unit.added", at=at, subject_kind="unit", facts=facts)
    return made


def _people(units: dict[str, Unit]) -> dict[str, Person]:
    rows = Person.objects.bulk_create(
        [
            Person(
                number=staff.staff_id,
                name=staff.name,
                unit=units[staff.department_code],
                is_party_member=staff.is_party_member,
            )
            for staff in district.people()
        ],
        batch_size=1000,
    )
    return {row.number: row for row in rows}


def _seats(units: dict[str, Unit], people: dict[str, Person], at: datetime) -> None:
    seats = district.seats()
    posts = Post.objects.bulk_create(
        [Post(code=seat.code, unit=units[seat.unit_code], title=seat.title, role=seat.role) for seat in seats]
    )
    Appointment.objects.bulk_create(
        [
            Appointment(post=post, person=people[seat.staff_id], starts_on=TERM_STARTS_ON)
            for post, seat in zip(posts, seats, strict=True)
        ]
    )
    facts = [Fact(post.pk, post.unit_id, {"starts_on": TERM_STARTS_ON.isoformat()}) for post in posts]
    ledger.record_many("post.added", at=at, subject_kind="post", facts=facts)


def _accounts(people: dict[str, Person], at: datetime) -> None:
    """The sign-ins of the guide; they share one password because they guard nothing."""
    holders = {seat.code: seat.staff_id for seat in district.seats()}
    hashed = make_password(guide.PASSWORD)
    rows = Account.objects.bulk_create(
        [Account(username=each.username, password=hashed, person=people[holders[each.seat]]) for each in guide.ACCOUNTS]
    )
    ledger.record_many("account.opened", at=at, subject_kind="account", facts=[Fact(row.pk) for row in rows])


@transaction.atomic
def deploy(at: datetime) -> None:
    """The founding directive on all schools, taken on and broken down by some of them. Needs ``organisation``."""
    issued_at = at - timedelta(days=ISSUED_DAYS_AGO)
    root = Unit.objects.get(code=district.OFFICE.code)
    on = local_date(at)
    founding = load_founding(
        unit=root,
        issuer="中共清源区委教育工作委员会",
        issued_on=local_date(issued_at),
        number="清教工委〔2026〕6号",
        at=issued_at,
        owners={pillar: _post(code) for pillar, code in guide.PILLAR_OWNERS.items()},
        starts_on=local_date(issued_at),
        ends_on=on + timedelta(days=max(DUE_IN_DAYS.values())),
    )
    schools = list(Unit.objects.filter(code__in=[school.code for school in district.SCHOOLS]).order_by("code"))
    for measure in founding.measures:
        deployments.cascade(
            measure=measure, units=schools, at=issued_at, due_on=on + timedelta(days=DUE_IN_DAYS[measure.key])
        )
    _take(founding, at)


def _post(code: str) -> Post:
    return Post.objects.get(code=code)


def _take(founding: Founding, at: datetime) -> None:
    """Some schools have taken some measures on, within the first weeks."""
    generator = random.Random(district.SEED)  # noqa: S311 - an invented world, not a secret
    diligence = {school.code: generator.betavariate(2, 2) for school in district.SCHOOLS}
    diligence[GUIDED] = 1.0
    for measure in founding.measures:
        share = TAKEN_SHARE.get(measure.key, 0)
        rows = Assignment.objects.filter(measure=measure).select_related("post", "unit").order_by("unit__code")
        taken = [
            row
            for row in rows
            if generator.random() < share * 2 * diligence[row.unit.code]
            or (row.unit.code == GUIDED and measure.key in BROKEN_DOWN)
        ]
        for row in taken:
            taken_at = at - timedelta(days=ISSUED_DAYS_AGO - generator.randint(1, 25))
            holder = actor_of(Person.objects.get(appointments__post=row.post), at=taken_at)
            deployments.accept(assignment=row, at=taken_at, actor=holder)
            if measure.key in BROKEN_DOWN and diligence[row.unit.code] > DILIGENT:
                _break_down(row, BROKEN_DOWN[measure.key], taken_at)


def _break_down(row: Assignment, seat: str, at: datetime) -> None:
    """The head gives the measure's work to a seat of the school."""
    holder = Person.objects.get(appointments__post=row.post)
    deployments.decompose(
        assignment=row, posts=[_post(f"{row.unit.code}.{seat}")], at=at, actor=actor_of(holder, at=at)
    )


@transaction.atomic
def live(at: datetime) -> None:
    """Two months of casework up to ``at``. Needs ``deploy``."""
    past.live(at)


def draws(at: datetime) -> None:
    """A draw made and a draw under way at ``at``. Needs ``organisation``; each step is committed, for the log."""
    drawing.draw(at)
    log_tasks.keep()


def _has_run() -> bool:
    return audited.runs().filter(state="DONE").exists()


def _audit(mart: Path) -> None:
    auditor = Person.objects.get(appointments__post__code="QY.AUDITOR.1")
    at = now()
    actor = actor_of(auditor, at=at)
    for indicator, values in _district_parameters().items():
        audit.set_parameters(indicator=indicator, values=values, actor=actor, at=at)
    run = audit.ask_run(actor=actor, at=at)
    audit.perform_run(run_id=run.pk, mart=mart, clock=now)


def _district_parameters() -> dict[str, dict[str, Any]]:
    """The district's audit settings: {indicator: {parameter: value}}, those that several indicators read together."""
    own = {name: value for name, value in SETTINGS.items() if isinstance(value, dict)}
    shared = {name: value for name, value in SETTINGS.items() if name not in own}
    return {audited.SHARED: shared, **own}
