"""Reading what the staff home and the boards show; every figure comes with the address of its rows."""

from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.deployments import queries as deployments
from qingqu.deployments.types import HoleCount
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.org.rules import may
from qingqu.kernel.org.types import Actor, Right
from qingqu.kernel.publications import queries as publications
from qingqu.pillars.audit import queries as audit
from qingqu.pillars.leads import queries as leads
from qingqu.pillars.rectification import queries as rectification
from qingqu.workbench.types import Coverage, Group, Tile

UNITS_SHOWN = 5
"""Units whose coverage the board shows; the matrix shows the others."""


def todo(actor: Actor) -> list[Group]:
    """The actor's open duties in four groups, the most pressing first (two queries)."""
    counts = duties.counts_for(actor.person_id, on=actor.on)
    grouped = duties.grouped_for(actor.person_id, on=actor.on)
    titles = {
        "overdue": _("已逾期"),
        "soon": _("3个工作日内到期"),
        "week": _("本周到期"),
        "waiting": _("等待他人或以后到期"),
    }
    return [Group(code, title, counts[code], grouped[code]) for code, title in titles.items()]


def queues(actor: Actor) -> list[Tile]:
    """What waits for somebody with the actor's rights, each with the address of exactly the rows it counts.

    Matters without a clock of their own: a flag to look into, a disposition to approve, work to re-check, a text to
    publish. Empty queues are not shown. At most one query per right.
    """
    waiting = (
        (Right.MANAGE_AUDIT, _("待核查提示"), "audit:flags", "OPEN", lambda: audit.listed(actor, state="OPEN")),
        (Right.APPROVE_LEADS, _("待审批处置"), "leads:list", "PROPOSED", lambda: leads.listed(actor, state="PROPOSED")),
        (
            Right.RECHECK_RECTIFICATIONS,
            _("待复核整改"),
            "rectification:list",
            "DONE",
            lambda: rectification.listed(actor, state="DONE"),
        ),
        (
            Right.PUBLISH,
            _("待审核发布"),
            "publications:list",
            "SUBMITTED",
            lambda: publications.listed(actor, state="SUBMITTED"),
        ),
    )
    counted = [
        Tile(label, rows().order_by().count(), f"{reverse(page)}?state={state}")
        for right, label, page, state, rows in waiting
        if may(actor, right)
    ]
    return [tile for tile in counted if tile.count]


def board_address(group: str) -> str:
    """Where the duties of a group are listed."""
    return f"{reverse('duties:list')}?group={group}"


def tiles(actor: Actor) -> list[Tile]:
    """The board's figures over the actor's units, each with the address of exactly the rows it counts."""
    found = duties.counts_within(actor)
    shown = [
        Tile(
            _("逾期的责任事项"),
            found["overdue"],
            board_address("overdue"),
            "danger" if found["overdue"] else "",
            _("过了到期日仍未办结"),
        ),
        Tile(
            _("3个工作日内到期"),
            found["soon"],
            board_address("soon"),
            "warning" if found["soon"] else "",
            _("含今天，跳过休息日"),
        ),
        Tile(_("本周到期"), found["week"], board_address("week"), note=_("3个工作日之后、本周日之前")),
    ]
    if may(actor, Right.VIEW_RECTIFICATIONS):
        late = rectification.listed(actor, overdue=True).order_by().count()
        tone = "danger" if late else ""
        address = f"{reverse('rectification:list')}?overdue=1"
        shown.append(Tile(_("逾期的整改"), late, address, tone, _("过了整改期限仍未报告完成")))
    if may(actor, Right.VIEW_FLAGS):
        waiting = audit.listed(actor, state="OPEN").order_by().count()
        address = f"{reverse('audit:flags')}?state=OPEN"
        shown.append(Tile(_("待核查提示"), waiting, address, note=_("提示不是结论，等待人工核查")))
    return shown


def holes(actor: Actor) -> list[HoleCount]:
    """What is missing between directives and evidence, for those who look at the district; nothing for others."""
    return deployments.hole_counts(actor) if may(actor, Right.VIEW_DISTRICT) else []


def coverage(actor: Actor) -> Coverage | None:
    """How far the latest directive has come among the actor's units; None when there is no directive."""
    directive = deployments.public_directives().first()
    if directive is None:
        return None
    measures = list(deployments.measures_of(directive))
    if may(actor, Right.VIEW_DISTRICT):
        return Coverage(directive, deployments.measure_summaries(measures, on=actor.on), [])
    units = list(deployments.units_of(directive, actor)[:UNITS_SHOWN])
    return Coverage(directive, [], deployments.matrix(measures, units, on=actor.on))
