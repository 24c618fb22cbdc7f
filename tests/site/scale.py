"""A district of two hundred units whose every table can be grown, and what a request costs in it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model
from django.test import Client

from qingqu.deployments.models import Assignment, Directive, Evidence, Measure
from qingqu.kernel.core import tokens
from qingqu.kernel.core.models import SearchRow
from qingqu.kernel.draws.models import Ceremony, Draw
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.notices.models import Notice
from qingqu.kernel.org.models import Account, Appointment, Person, Post, Relationship, Setting, Unit
from qingqu.kernel.org.types import Role
from qingqu.kernel.publications.models import Publication, Version
from qingqu.pillars.audit.models import Flag, ImportJob, Reject, Run
from qingqu.pillars.leads.models import Lead, LeadTheme, Party
from qingqu.pillars.petitions.models import Opinion, Petition
from qingqu.pillars.petitions.models import Party as PetitionParty
from qingqu.pillars.rectification.models import Rectification
from tests.factories import sign_in
from tests.site.routes import LETTERS

BASE = 1000
"""How many rows each table is begun with; it is grown to multiples of this."""

APART = 1_000_000
"""How far the ids of two copies of a row lie apart."""

SCHOOLS = 199
AT_SCHOOL = "THS"
ON_SSD = "random_page_cost = 1.1"
"""What PostgreSQL is told where the data lie on an SSD; its default is for disks that turn."""

INDICATORS = ("PR-01", "PR-02", "FI-01", "FI-21", "FI-22")

GROWN: dict[type[Model], dict[str, str]] = {
    Person: {"number": "suffix"},
    Account: {"username": "suffix", "person_id": "shift"},
    Post: {"code": "suffix"},
    Appointment: {"post_id": "shift", "person_id": "shift"},
    Relationship: {"person_id": "shift"},
    Setting: {"key": "suffix"},
    Notice: {},
    Directive: {"code": "suffix"},
    Measure: {"key": "suffix", "directive_id": "shift"},
    Duty: {"subject_id": "count"},
    Assignment: {"measure_id": "shift", "duty_id": "shift"},
    Evidence: {"measure_id": "shift", "assignment_id": "shift"},
    SearchRow: {"subject_id": "count"},
    Run: {},
    Flag: {"fingerprint": "suffix"},
    ImportJob: {},
    Reject: {},
    Lead: {"number": "suffix", "source_id": "count"},
    Party: {"lead_id": "shift"},
    LeadTheme: {"lead_id": "shift"},
    Rectification: {"number": "suffix"},
    Petition: {"number": "suffix"},
    PetitionParty: {"petition_id": "shift"},
    Opinion: {"petition_id": "shift"},
    Publication: {"number": "suffix"},
    Version: {"publication_id": "shift"},
    Ceremony: {"number": "suffix"},
    Draw: {"number": "suffix", "ceremony_id": "shift"},
}
"""The tables that are grown, and what of a copied row must differ: foreign keys to copies, and what is unique."""

STAFF = (Person, Account, Post, Appointment, Relationship, Setting)
"""The tables that grow with the district's staff; the others grow with its work."""


@dataclass
class World:
    """A district with rows in every table, BASE of each that grows until told otherwise."""

    root: Unit
    schools: list[Unit]
    staff: dict[str, Person]
    posts: dict[str, Post]
    copied: dict[type[Model], tuple[int, int]] = field(default_factory=dict)
    sizes: dict[type[Model], int] = field(default_factory=dict)

    def client(self, letter: str) -> Client:
        """A browser of the role of that letter (tests.site.routes.LETTERS); P is the public."""
        browser = Client()
        if letter != "P":
            sign_in(browser, self.staff[letter])
        return browser

    def grow_staff(self, size: int) -> None:
        """Let the tables of STAFF have ``size`` rows each."""
        self._grow(size, [model for model in self.copied if model in STAFF])

    def grow_work(self, size: int) -> None:
        """Let all the other tables of GROWN have ``size`` rows each."""
        self._grow(size, [model for model in self.copied if model not in STAFF])

    def _grow(self, size: int, models: list[type[Model]]) -> None:
        with connection.cursor() as cursor:
            for model in models:
                copies = range(self.sizes.get(model, BASE) // BASE, size // BASE)
                cursor.execute(_copying(model, copies), self.copied[model])
                self.sizes[model] = size
            if connection.vendor == "postgresql":
                cursor.execute("ANALYZE")
                cursor.execute(f"SET LOCAL {ON_SSD}")


def _copying(model: type[Model], copies: range) -> str:
    """The statement that writes one more row a copy for each row between two ids."""
    quote = connection.ops.quote_name
    changed = GROWN[model]
    columns, values = [], []
    for each in model._meta.concrete_fields:
        columns.append(quote(each.column))
        if each.primary_key or changed.get(each.column) == "shift":
            values.append(f"t.{quote(each.column)} + copy.k * {APART}")
        elif changed.get(each.column) == "suffix":
            values.append(f"t.{quote(each.column)} || '-' || copy.k")
        elif changed.get(each.column) == "count":
            values.append(f"CAST(CAST(t.{quote(each.column)} AS bigint) + copy.k * {APART} AS text)")
        else:
            values.append(f"t.{quote(each.column)}")
    first, end, table = copies.start, copies.stop, quote(model._meta.db_table)
    counted = f"WITH RECURSIVE copy(k) AS (SELECT {first} UNION ALL SELECT k + 1 FROM copy WHERE k + 1 < {end})"  # noqa: S608
    key = quote(model._meta.pk.column)
    copied = f"SELECT {', '.join(values)} FROM copy, {table} t WHERE t.{key} BETWEEN %s AND %s"  # noqa: S608
    return f"INSERT INTO {table} ({', '.join(columns)}) {counted} {copied}"


def make_world(at: datetime) -> World:
    """The district with BASE rows in every table of GROWN, as they stand at ``at``."""
    root = Unit.objects.create(code="Q", name="清源区教育局", kind="DISTRICT")
    schools = Unit.objects.bulk_create(
        Unit(code=f"Q{number:03}", name=f"第{number}小学", kind="PRIMARY", parent=root) for number in range(SCHOOLS)
    )
    for unit in (root, *schools):
        unit.path = f"/{root.pk}/" if unit is root else f"/{root.pk}/{unit.pk}/"
    Unit.objects.bulk_update((root, *schools), ["path"])
    world = World(root, schools, {}, {})
    _seat(world, at.date())
    for make in (_people, _deployments, _audit, _matters, _petitions, _publications, _draws, _texts):
        make(world, at)
    return world


def _seat(world: World, on: date) -> None:
    """One person a role, in the first school or at the district's office, and a head in every other school."""
    for letter, role in LETTERS.items():
        unit = world.schools[0] if letter in AT_SCHOOL else world.root
        world.posts[letter] = Post.objects.create(code=f"seat-{letter}", unit=unit, title=role.value, role=role)
        world.staff[letter] = Person.objects.create(number=f"seat-{letter}", name=f"某{letter}", unit=unit)
        Appointment.objects.create(
            post=world.posts[letter], person=world.staff[letter], starts_on=on - timedelta(days=400)
        )
    heads = Post.objects.bulk_create(
        Post(code=f"head-{unit.pk}", unit=unit, title="校长", role=Role.PRINCIPAL) for unit in world.schools[1:]
    )
    people = Person.objects.bulk_create(
        Person(number=f"head-{unit.pk}", name="某校长", unit=unit) for unit in world.schools[1:]
    )
    Appointment.objects.bulk_create(
        Appointment(post=post, person=person, starts_on=on - timedelta(days=400))
        for post, person in zip(heads, people, strict=True)
    )


def _put(world: World, rows: Iterator[Model]) -> list[Any]:
    """The rows, written; they are the ones that are copied when the world grows."""
    made: list[Any] = list(rows)
    made = type(made[0])._default_manager.bulk_create(made)
    world.copied[type(made[0])] = (made[0].pk, made[-1].pk)
    return made


def _unit(world: World, number: int) -> Unit:
    return world.schools[number % SCHOOLS]


def _head(world: World, number: int) -> int:
    """The id of the head's post in the unit of a row."""
    first = Post.objects.filter(code=f"head-{_unit(world, number).pk}").values_list("pk", flat=True).first()
    return first or world.posts["H"].pk


def _people(world: World, at: datetime) -> None:
    """Teachers with their accounts, posts, declared relationships and notices."""
    on = at.date()
    people = _put(
        world,
        (Person(number=f"N{n:04}", name=f"王{n}" if n % 7 else f"李{n}", unit=_unit(world, n)) for n in range(BASE)),
    )
    _put(world, (Account(username=f"name{n:04}", person=one, password="!") for n, one in enumerate(people)))
    posts = _put(
        world, (Post(code=f"T{n:04}", unit=_unit(world, n), title="教师", role=Role.TEACHER) for n in range(BASE))
    )
    _put(
        world,
        (
            Appointment(post=post, person=one, starts_on=on - timedelta(days=300))
            for post, one in zip(posts, people, strict=True)
        ),
    )
    _put(
        world,
        (
            Relationship(
                person=one,
                other_kind="SUPPLIER" if n % 2 else "PERSON",
                other_id=f"S{n}" if n % 2 else str(people[n - 1].pk),
                kind="SHARES" if n % 2 else "SPOUSE",
                declared_on=on - timedelta(days=n % 700),
            )
            for n, one in enumerate(people)
        ),
    )
    _put(
        world,
        (
            Setting(key=f"local.{n}", unit=world.root, value="1", valid_from=on - timedelta(days=n % 300))
            for n in range(BASE)
        ),
    )
    told = [world.staff[letter] for letter in LETTERS]
    _put(
        world,
        (
            Notice(
                person=told[n % len(told)],
                title="到期提醒",
                url="/duties/",
                at=at - timedelta(hours=n),
                read_at=at if n % 3 else None,
            )
            for n in range(BASE)
        ),
    )


def _deployments(world: World, at: datetime) -> None:
    """Directives of one measure each, put on one unit each, most of them done; every other one has evidence."""
    on = at.date()
    heads = dict(Post.objects.filter(role=Role.PRINCIPAL).values_list("unit_id", "pk"))
    directives = _put(
        world,
        (
            Directive(
                code=f"D{n:04}",
                title=f"关于第{n}项工作的通知",
                issuer="清源区教育局",
                issued_on=on - timedelta(days=n),
                unit=world.root,
                is_public=n % 3 != 0,
                is_external_reference=n % 10 == 9,
                source_url="https://example.org/" if n % 10 == 9 else "",
            )
            for n in range(BASE)
        ),
    )
    measures = _put(
        world,
        (
            Measure(
                key=f"M{n:04}",
                directive=one,
                pillar=("LEARNING", "SAFEGUARDS", "ETHICS", "SUPERVISION", "PARTY")[n % 5],
                order=1,
                name=f"措施{n}",
                owner=None if n % 50 == 0 else world.posts["O"],
                starts_on=None if n % 40 == 0 else on - timedelta(days=n),
                ends_on=None if n % 40 == 0 else on,
            )
            for n, one in enumerate(directives)
        ),
    )
    duties = _put(world, (_duty(world, heads, n, at) for n in range(BASE)))
    assignments = _put(world, (_assignment(world, measures[n], duties[n], n, at) for n in range(BASE) if n % 10))
    _put(
        world,
        (
            Evidence(
                measure_id=row.measure_id,
                assignment=row,
                unit_id=row.unit_id,
                subject_kind="session",
                subject_id=str(n),
                title="学习记录",
                at=at - timedelta(hours=n),
            )
            for n, row in enumerate(assignments)
            if n % 9
        ),
    )


def _duty(world: World, heads: dict[int, int], n: int, at: datetime) -> Duty:
    """A duty: three in four are done and lie in the past; of the open ones some are late."""
    unit, on = _unit(world, n), at.date()
    is_done = n % 4 != 0
    due = on - timedelta(days=n % 500 + 1) if is_done else on + timedelta(days=n % 160 - 40)
    return Duty(
        title=f"事项{n}",
        post_id=heads[unit.pk],
        unit=unit,
        subject_kind="assignment",
        subject_id=str(n),
        start_on=on - timedelta(days=600),
        due_on=due,
        completed_at=at if is_done else None,
        completed_on=due if is_done else None,
        completed_by="" if is_done else None,
    )


def _assignment(world: World, measure: Measure, duty: Duty, n: int, at: datetime) -> Assignment:
    """An assignment in the state its duty has."""
    is_done = duty.completed_at is not None
    is_taken = is_done or n % 8 == 0
    return Assignment(
        measure=measure,
        unit_id=duty.unit_id,
        post_id=duty.post_id,
        duty=duty,
        state="DONE" if is_done else "ACCEPTED" if is_taken else "PENDING",
        accepted_at=at if is_taken else None,
        accepted_by=world.staff["H"] if is_taken else None,
        done_at=at if is_done else None,
        done_by=world.staff["H"] if is_done else None,
    )


def _audit(world: World, at: datetime) -> None:
    """Runs, imports, rejected rows of one import, and flags: few are leads, few are of one indicator."""
    runs = _put(world, (Run(state="DONE", asked_at=at, finished_at=at, raised=10, new=1) for n in range(BASE)))
    jobs = _put(
        world,
        (
            ImportJob(
                state="DONE", asked_at=at, finished_at=at, name=f"{n}.csv", path="-", format="table", read=2, accepted=2
            )
            for n in range(BASE)
        ),
    )
    _put(
        world,
        (
            Reject(
                job=jobs[0],
                line=n,
                table="payment",
                reason_code="BAD_DATE",
                reason_zh="日期不对",
                reason_en="bad date",
                row={"paid_on": "?"},
                corrected_at=None if n % 10 == 0 else at,
            )
            for n in range(BASE)
        ),
    )
    _put(
        world,
        (
            Flag(
                fingerprint=f"{n:040}",
                indicator=INDICATORS[-1] if n % 100 == 0 else INDICATORS[n % 4],
                subject_kind="CONTRACT",
                subject_id=f"C{n}",
                unit=_unit(world, n),
                unit_code=_unit(world, n).code,
                severity=n % 3 + 1,
                score=1.0,
                evidence={"payment": [[str(n)]]},
                explanation_zh="付款早于验收",
                explanation_en="paid before acceptance",
                state="LEAD" if n % 100 == 50 else "EXPLAINED" if n % 10 == 5 else "DISMISSED" if n % 2 else "OPEN",
                first_run=runs[0],
                last_run=runs[0],
            )
            for n in range(BASE)
        ),
    )


def _matters(world: World, at: datetime) -> None:
    """Leads with a party each, and rectifications: nearly all are finished, as after years of work."""
    on = at.date()
    states = {0: "RECEIVED", 50: "PROPOSED", 25: "DISPOSED", 75: "DISPOSED"}
    teachers = list(Person.objects.filter(number__startswith="N").order_by("pk"))
    leads = _put(world, (_lead(world, states.get(n % 100, "CLOSED"), n, at) for n in range(BASE)))
    _put(world, (Party(lead=row, standing="ABOUT", person=teachers[n]) for n, row in enumerate(leads)))
    _put(world, (LeadTheme(lead=row, code="FINANCE" if n % 5 else "OTHER") for n, row in enumerate(leads)))
    heads = dict(Post.objects.filter(role=Role.PRINCIPAL).values_list("unit_id", "pk"))
    moves = {0: "ORDERED", 50: "DONE", 25: "PLANNED"}
    _put(
        world,
        (
            _rectification(world, heads[_unit(world, n).pk], moves.get(n % 100, "VERIFIED"), n, at, on)
            for n in range(BASE)
        ),
    )


def _lead(world: World, state: str, n: int, at: datetime) -> Lead:
    is_closed = state == "CLOSED"
    return Lead(
        number=f"XS{n:04}",
        title=f"反映第{n}件" if n % 100 else f"食堂采购拆分{n}",
        unit=_unit(world, n),
        track="T1" if n % 5 == 1 else "T2",
        source_kind="flag",
        source_id=str(n),
        evidence_sha256="0" * 64,
        received_at=at - timedelta(hours=n),
        state=state,
        handler=world.posts["D"],
        closed_at=at if is_closed else None,
        closed_by=world.staff["L"] if is_closed else None,
        close_reason="了结" if is_closed else "",
    )


def _petitions(world: World, at: datetime) -> None:
    """Petitions about somebody each, nearly all answered and closed, as after years of work."""
    states = {0: "REGISTERED", 50: "HANDLING", 25: "REFUSED", 75: "REFERRED"}
    teachers = list(Person.objects.filter(number__startswith="N").order_by("pk"))
    rows = _put(world, (_petition(world, states.get(n % 100, "CLOSED"), n, at) for n in range(BASE)))
    _put(world, (PetitionParty(petition=row, standing="ABOUT", person=teachers[n]) for n, row in enumerate(rows)))
    _put(
        world,
        (
            Opinion(
                petition=row,
                level="FIRST",
                outcome="EXPLAINED",
                request="请求",
                facts="事实",
                opinion="意见",
                basis="依据",
                organ="教育局",
                issued_at=at,
                issued_by=world.staff["O"],
                served_on=at.date(),
            )
            for row in rows
        ),
    )


def _petition(world: World, state: str, n: int, at: datetime) -> Petition:
    is_closed, is_out = state == "CLOSED", state in {"REFUSED", "REFERRED"}
    return Petition(
        number=f"XF{n:04}",
        title=f"信访第{n}件" if n % 100 else f"食堂采购拆分{n}",
        body="请求",
        kind="COMPLAINT" if n % 5 == 1 else "CLAIM",
        channel="LETTER",
        unit=_unit(world, n),
        petitioner="家长",
        contact=str(n),
        received_on=at.date() - timedelta(days=n),
        registered_at=at,
        registered_by=world.staff["O"],
        handler=world.posts["O"],
        state=state,
        exit_ground="理由" if is_out else "",
        exit_on=at.date() if is_out else None,
        closed_on=at.date() if is_closed else None,
        closed_by=world.staff["O"] if is_closed else None,
        close_ground="期满" if is_closed else "",
    )


def _rectification(world: World, owner: int, state: str, n: int, at: datetime, on: date) -> Rectification:
    is_closed, is_planned = state == "VERIFIED", state != "ORDERED"
    return Rectification(
        number=f"ZG{n:04}",
        title=f"整改{n}",
        cause="问题",
        plan="方案" if is_planned else "",
        planned_by=world.staff["H"] if is_planned else None,
        planned_at=at if is_planned else None,
        unit=_unit(world, n),
        owner_id=owner,
        ordered_by=world.staff["D"],
        ordered_at=at,
        due_on=on - timedelta(days=n % 700 + 100) if is_closed else on + timedelta(days=n % 40 - 20),
        state=state,
        verified_at=at if is_closed else None,
        verified_by=world.staff["D"] if is_closed else None,
    )


def _publications(world: World, at: datetime) -> None:
    """Publications of one version each: nearly all published, few of one kind, few waiting."""
    states = {0: "DRAFT", 50: "SUBMITTED"}
    kinds = {10: "NOTICE", 60: "NOTICE"}
    rows = _put(
        world,
        (
            Publication(
                number=f"GK{n:04}",
                kind=kinds.get(n % 100, "OPEN"),
                unit=_unit(world, n),
                created_at=at - timedelta(hours=n),
                public_from=None if n % 100 in states else at - timedelta(hours=n),
            )
            for n in range(BASE)
        ),
    )
    _put(world, (_version(world, row, states.get(n % 100, "PUBLISHED"), n, at) for n, row in enumerate(rows)))


def _version(world: World, row: Publication, state: str, n: int, at: datetime) -> Version:
    is_out = state == "PUBLISHED"
    return Version(
        publication=row,
        ordinal=1,
        title=f"公开{n}",
        body="正文",
        state=state,
        author=world.staff["D"],
        drafted_at=at,
        publisher=world.staff["O"] if is_out else None,
        published_at=at if is_out else None,
        public_from=row.public_from,
        copy=b"{}" if is_out else None,
        sha256="0" * 64 if is_out else "",
        is_announced=is_out,
    )


def _draws(world: World, at: datetime) -> None:
    """Ceremonies of one draw each: most given up, every tenth frozen, few in preparation."""
    states = {0: "DRAFT", **dict.fromkeys(range(5, 100, 10), "FROZEN")}
    rows = _put(world, (_ceremony(world, n, states.get(n % 100, "ABANDONED"), at) for n in range(BASE)))
    _put(
        world,
        (
            Draw(
                number=f"CQ{n:04}",
                ceremony=row,
                title="名单",
                kind="SCHOOLS",
                is_personal=False,
                roster={} if row.state == "DRAFT" else {"v": 1},
                digest="" if row.state == "DRAFT" else "0" * 64,
                strata_sha256="" if row.state == "DRAFT" else "0" * 64,
            )
            for n, row in enumerate(rows)
        ),
    )


def _ceremony(world: World, n: int, state: str, at: datetime) -> Ceremony:
    is_over = state == "ABANDONED"
    return Ceremony(
        number=f"YS{n:04}",
        title=f"抽签{n}",
        purpose="检查",
        unit=_unit(world, n),
        state=state,
        created_at=at - timedelta(hours=n),
        commit_by=at,
        reveal_by=at + timedelta(hours=1),
        source_at=at + timedelta(hours=2),
        source_kind="DRAND",
        frozen_at=None if state == "DRAFT" else at,
        abandoned_at=at if is_over else None,
        abandoned_by=world.staff["D"] if is_over else None,
        abandon_reason="名单有误" if is_over else "",
    )


def _texts(world: World, at: datetime) -> None:
    """What can be searched: one row in a hundred says 拆分, one in four is public."""
    on = at.date()
    texts = [(f"关于第{n}项工作的通知", "食堂采购不得拆分" if n % 100 == 0 else "按要求落实") for n in range(BASE)]
    _put(
        world,
        (
            SearchRow(
                kind="directive",
                subject_id=str(n),
                title=title,
                text=text,
                url="/directives/",
                is_public=n % 4 == 0,
                right="VIEW_DISTRICT",
                unit_path=world.root.path or "",
                dated_on=on - timedelta(days=n),
                tokens=tokens.spaced(title, text),
            )
            for n, (title, text) in enumerate(texts)
        ),
    )


LONGEST = re.compile(r"\bIN \(([^()]*)\)")


@dataclass
class Cost:
    """What one request cost: its statements, the work behind them, and the longest list in an IN.

    ``work`` is counted by the database, not by a clock: steps of SQLite's virtual machine, or rows that PostgreSQL
    read (those it threw away included).
    """

    statements: list[str] = field(default_factory=list)
    work: int = 0
    by_statement: list[int] = field(default_factory=list)
    longest: int = 0

    @property
    def queries(self) -> int:
        """How many statements were sent, those that only open or close a transaction left out."""
        return len(self.statements)


GRAIN = 50
"""Virtual machine steps are counted in units of this."""


UNCOUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
"""How statements begin that only open or close a transaction."""


class Queries:
    """The statements of what runs inside ``connection.execute_wrapper(…)``."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if not sql.startswith(UNCOUNTED):
            self.statements.append(sql)
        return execute(sql, params, many, context)


@contextmanager
def measured() -> Iterator[Cost]:
    """Count what the database does inside."""
    cost = Cost()
    connection.ensure_connection()
    raw = connection.connection
    ticks = [0]

    def tick() -> int:
        ticks[0] += GRAIN
        return 0

    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        before = ticks[0]
        answer = execute(sql, params, many, context)
        if not sql.startswith(UNCOUNTED):
            cost.statements.append(sql)
            cost.longest = max([cost.longest, *(len(found.split(",")) for found in LONGEST.findall(sql))])
            asked.append((sql, params))
            cost.by_statement.append(ticks[0] - before)
        return answer

    is_sqlite = isinstance(raw, sqlite3.Connection)
    if is_sqlite:
        raw.set_progress_handler(tick, GRAIN)
    try:
        with connection.execute_wrapper(note):
            yield cost
    finally:
        if is_sqlite:
            raw.set_progress_handler(None, 0)
    cost.work = ticks[0]
    if not is_sqlite:
        cost.by_statement = [_rows_read(sql, params) for sql, params in asked if sql.startswith("SELECT")]
        cost.work = sum(cost.by_statement)


def _rows_read(sql: str, params: Any) -> int:
    """How many rows PostgreSQL touches in the leaves of a statement's plan, when it runs it again."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0][0]["Plan"]
    waiting, read = [plan], 0
    while waiting:
        node = waiting.pop()
        below = node.get("Plans", [])
        waiting += below
        if "Relation Name" in node or not below:
            thrown = sum(node.get(name, 0) for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck"))
            read += round((node["Actual Rows"] + thrown) * node["Actual Loops"])
        elif node["Node Type"] == "Sort":
            read += round(node["Plans"][0]["Actual Rows"] * node["Actual Loops"])
    return read
