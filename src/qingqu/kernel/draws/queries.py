"""Reading draws: organisers by scope, parties by post or link, the public from the freeze on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.engines.draw import canonical, in_order, place_of
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.core.paging import as_id
from qingqu.kernel.draws import rules
from qingqu.kernel.draws.models import Ceremony, Draw, Entry, KindChoice, Party, Recusal, StateChoice
from qingqu.kernel.draws.types import Line, Outcome, SourceKind, Standing, State, Terms
from qingqu.kernel.files.subjects import Subject
from qingqu.kernel.ledger.models import Entry as Leaf
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import queries as org
from qingqu.kernel.org.models import Post, Unit
from qingqu.kernel.org.sheets.columns import KINDS, Column, Sheet
from qingqu.kernel.org.sheets.reading import BadWorkbook, read
from qingqu.kernel.org.sheets.writing import write
from qingqu.kernel.org.types import Actor, Right, Role

CEREMONY, DRAW, PARTY = "ceremony", "draw", "draw_party"
"""The subject kinds under which events, files and duties know a ceremony, one of its draws, and a party's part."""


FROZEN = ~Q(digest="")
"""A draw has its digest from the freeze on: from then it is public."""


class NotDrawn(Refused):
    """There is no order yet, or no such draw or stratum."""

    code = "CEREMONY_NOT_DRAWN"


@dataclass(frozen=True)
class Logged:
    """An event with its number in the public log; None while it waits."""

    event: Event
    index: int | None


def visible(actor: Actor) -> QuerySet[Ceremony]:
    """The ceremonies the actor organises: those of the units where the actor runs draws."""
    return org.scoped(Ceremony.objects.select_related("unit"), actor, Right.RUN_DRAWS)


def listed(actor: Actor, *, state: str = "") -> QuerySet[Ceremony]:
    """The visible ceremonies, the latest first, with ``draw_count``; cut to one state."""
    # A subquery is asked for the rows of the page alone; a join would group every ceremony there is.
    own: QuerySet[Any] = Draw.objects.filter(ceremony=OuterRef("pk")).order_by().values("ceremony")
    rows = visible(actor).annotate(draw_count=Coalesce(Subquery(own.annotate(many=Count("pk")).values("many")), 0))
    return (rows.filter(state=state) if state in set(State) else rows).order_by("-created_at", "-id")


def named(row_id: int) -> Ceremony:
    """The ceremony of that id, not read: operations read and lock it themselves."""
    return Ceremony(pk=row_id)


def states() -> list[tuple[str, str]]:
    """Every state with its label."""
    return [(str(code), str(label)) for code, label in StateChoice.choices]


def kinds() -> list[tuple[str, str]]:
    """Everything that can be drawn, with labels."""
    return [(str(code), str(label)) for code, label in KindChoice.choices]


def units_for(actor: Actor) -> QuerySet[Unit]:
    """The units for which the actor may hold a ceremony, in tree order."""
    return org.units_within(actor, Right.RUN_DRAWS)


def units_below(ceremony: Ceremony, kinds: Sequence[str]) -> list[Unit]:
    """The open units of these kinds in and below the ceremony's unit, in tree order."""
    rows = Unit.objects.filter(path__startswith=ceremony.unit.path or "", kind__in=kinds, closed_on__isnull=True)
    return list(rows.order_by("path"))


def posts_for(ceremony: Ceremony) -> QuerySet[Post]:
    """The posts that may be a party: those of the ceremony's unit and of the units above it, administrators aside."""
    line = [int(step) for step in (ceremony.unit.path or "").split("/") if step]
    rows = Post.objects.filter(unit_id__in=line, closed_on__isnull=True).exclude(role=Role.ADMINISTRATOR)
    return rows.select_related("unit").order_by("id")


def terms(ceremony: Ceremony) -> Terms:
    """The moments and the public source of a ceremony."""
    return Terms(
        ceremony.commit_by,
        ceremony.reveal_by,
        ceremony.source_at,
        SourceKind(ceremony.source_kind),
        ceremony.throws,
        ceremony.game,
        ceremony.issue,
    )


def draws(ceremony: Ceremony) -> list[Draw]:
    """The draws of a ceremony with ``entry_count``, their results read along, without rosters and bundles."""
    rows = ceremony.draws.annotate(entry_count=Count("entries")).select_related("result")
    return list(rows.defer("roster", "result__bundle").order_by("id"))


def parties(ceremony: Ceremony) -> list[Party]:
    """The parties in the order in which they enter the seed."""
    return list(ceremony.parties.select_related("post").order_by("id"))


def recusals(ceremony: Ceremony) -> list[Recusal]:
    """Who was recused in a ceremony, the first first; for organisers."""
    rows = Recusal.objects.filter(draw__ceremony=ceremony)
    return list(rows.select_related("entry", "draw", "by").order_by("id"))


def part_of(actor: Actor, row_id: int) -> Party | None:
    """The part of a ceremony that a post of the actor's has; None when it has none, or nothing is frozen yet."""
    rows = Party.objects.filter(
        ceremony_id=row_id, post_id__in=[grant.post_id for grant in actor.grants], ceremony__frozen_at__isnull=False
    )
    return rows.select_related("ceremony__unit", "post").order_by("id").first()


def part_behind(secret: str) -> Party | None:
    """The part of the outside body that was handed this link; None when there is none, or nothing is frozen yet."""
    rows = Party.objects.filter(secret_sha256=secret_digest(secret), ceremony__frozen_at__isnull=False)
    return rows.select_related("ceremony__unit").first()


def secret_digest(secret: str) -> str:
    """What is kept of the secret of a link."""
    return sha256(secret.encode()).hexdigest()


def public() -> QuerySet[Draw]:
    """The draws that the public may see: those frozen, abandoned ones too; the newest first, without their rosters."""
    return Draw.objects.filter(FROZEN).select_related("ceremony__unit").defer("roster").order_by("-id")


def public_draw(number: str) -> Draw | None:
    """A public draw with its roster; None when there is none."""
    rows = Draw.objects.filter(FROZEN, number=number)
    return rows.select_related("ceremony__unit", "result").first()


def public_ceremony(number: str) -> Ceremony | None:
    """A public ceremony; None when there is none."""
    return Ceremony.objects.filter(frozen_at__isnull=False, number=number).select_related("unit").first()


def with_the_same_list(draw: Draw) -> list[Draw]:
    """The other public draws from exactly the same entries, the latest first: nobody draws twice in silence."""
    return list(public().filter(strata_sha256=draw.strata_sha256).exclude(pk=draw.pk)[:20])


def in_the_log(ceremony: Ceremony) -> list[Logged]:
    """The events of a ceremony and its draws, oldest first, with their numbers in the log (three queries)."""
    keys = [str(key) for key in ceremony.draws.values_list("pk", flat=True)]
    mine = Q(subject_kind=CEREMONY, subject_id=str(ceremony.pk)) | Q(subject_kind=DRAW, subject_id__in=keys)
    events = list(Event.objects.filter(mine).order_by("id"))
    places = dict(Leaf.objects.filter(event_id__in=[event.pk for event in events]).values_list("event_id", "index"))
    return [Logged(event, places.get(event.pk)) for event in events]


def is_frozen_in_the_log(ceremony: Ceremony) -> bool:
    """Whether the log holds the frozen event of every draw: only then may anybody commit."""
    keys = [str(key) for key in ceremony.draws.values_list("pk", flat=True)]
    frozen = Event.objects.filter(subject_kind=DRAW, subject_id__in=keys, kind="draw.frozen").values("pk")
    return Leaf.objects.filter(event_id__in=frozen).count() == len(keys) > 0


def waited_for(ceremony: Ceremony, people: Iterable[Party]) -> list[Party]:
    """The parties that the present step waits for."""
    if ceremony.state in {State.FROZEN, State.COMMITTING}:
        return [party for party in people if not party.commitment]
    if ceremony.state == State.REVEALING and not ceremony.source_value:
        return [party for party in people if party.commitment and not party.revealed_at]
    return []


def standing(draw: Draw, entry_id: str) -> Standing | None:
    """What came of one entry, its ticket computed for it; None when the roster has no such entry."""
    found = next((name for name, ids in draw.roster["strata"].items() if entry_id in ids), None)
    if found is None:
        return None
    ids, result = draw.roster["strata"][found], getattr(draw, "result", None)
    if result is None:
        return Standing(entry_id, found, len(ids))
    own = place_of(
        bytes.fromhex(result.seed), draw.number or "", found, ids, entry_id, algorithm=draw.roster["algorithm"]
    )
    return Standing(entry_id, found, own.of, own.ticket, own.place, _outcome(result.content["strata"][found], entry_id))


def _outcome(drawn: dict[str, list[str]], entry_id: str) -> Outcome:
    lists = {"chosen": Outcome.CHOSEN, "reserves": Outcome.RESERVE, "skipped": Outcome.RECUSED}
    return next((outcome for name, outcome in lists.items() if entry_id in drawn[name]), Outcome.NOT_CHOSEN)


def order(draw_id: int, stratum: str = rules.WHOLE) -> list[Entry]:
    """Every entry of a drawn stratum in the order of the tickets, those recused left out, with their units.

    For what follows a draw: the order of a rollout, the next expert to be asked. Raises NotDrawn.
    """
    draw = Draw.objects.filter(pk=draw_id, result__isnull=False).select_related("result").first()
    if draw is None or stratum not in draw.roster["strata"]:
        raise NotDrawn(_("还没有抽出结果，或者没有这个分层。"))
    ids = in_order(
        bytes.fromhex(draw.result.seed),
        draw.number or "",
        stratum,
        draw.roster["strata"][stratum],
        algorithm=draw.roster["algorithm"],
    )
    passed = set(draw.result.content["strata"][stratum]["skipped"])
    rows = {row.number: row for row in draw.entries.filter(stratum=stratum).select_related("unit")}
    return [rows[each] for each in ids if each not in passed]


def names_drawn(rows: Iterable[Draw]) -> dict[tuple[int, str], str]:
    """{(draw id, public number): whom it stands for} of everybody drawn or in reserve by number; for organisers."""
    found: dict[int, list[str]] = {}
    for row in rows:
        if row.is_personal and row.result_sha256:
            strata = row.result.content["strata"].values()
            found[row.pk] = [each for drawn in strata for each in (*drawn["chosen"], *drawn["reserves"])]
    condition = Q(pk__in=())
    for key, numbers in found.items():
        condition |= Q(draw_id=key, number__in=numbers)
    rows_found = Entry.objects.filter(condition).values_list("draw_id", "number", "label")
    return {(key, number): label for key, number, label in rows_found}


def strata_digest(draw: Draw) -> str:
    """The SHA-256 of a draw's entries alone."""
    return canonical.digest(draw.roster["strata"])


def subject(actor: Actor | None, subject_id: str) -> Subject | None:
    """A ceremony as other packages may see it: its organisers, who may add files; nobody else."""
    if actor is None or (key := as_id(subject_id)) is None:
        return None
    row = visible(actor).filter(pk=key).first()
    if row is None:
        return None
    url = reverse("draws:detail", args=[row.pk])
    return Subject(CEREMONY, subject_id, row.title, row.unit_id, row.unit.path or "", url, may_attach=True)


def entry_named(ceremony: Ceremony, draw_id: int, number: str) -> Entry | None:
    """An entry of one of the ceremony's draws by its public number."""
    return Entry.objects.filter(draw__ceremony=ceremony, draw_id=draw_id, number=number).select_related("draw").first()


def kind_word(unit: Unit) -> str:
    """A unit's kind as it stands on a roster: in the language the roster is published in, whoever freezes it."""
    return KINDS.get(unit.kind, unit.kind)


SHEET = Sheet(
    "名单",
    (
        Column("名称", "label", is_required=True, longest=200),
        Column("分层", "stratum", longest=60),
        Column("编号", "number", longest=200),
    ),
    ("label", "number"),
)
"""The workbook of a roster."""


def template() -> bytes:
    """The empty workbook of a roster."""
    guide = (
        "清渠：抽签名单模板",
        "第一行是表头，请勿改动；带 * 的列必填。",
        "分层可写风险等级，不填则全部在一个分层；编号不填则自动编。",
        "抽取人员时公开的只有编号，名称不公开。",
    )
    return write({}, sheets=(SHEET,), guide=guide)


def lines_of(content: bytes) -> list[Line]:
    """The entries of a filled-in workbook. Raises BadWorkbook, naming the first cell that cannot be used."""
    found = read(content, sheets=(SHEET,))
    if found.errors:
        first = found.errors[0]
        raise BadWorkbook(
            _("单元格 %(cell)s：%(message)s") % {"cell": first.cell, "message": first.message},
            fields={"file": first.message},
        )
    rows = (row for _place, row in found.rows[SHEET.name])
    return [Line(str(row["label"]), str(row["stratum"] or ""), str(row["number"] or "")) for row in rows]
