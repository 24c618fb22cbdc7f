"""Reading what the staff home and the boards show; every figure comes with the address of its rows."""

from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.deployments import queries as deployments
from qingqu.deployments.types import Hole
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.org.rules import may
from qingqu.kernel.org.types import Actor, Right
from qingqu.kernel.publications import queries as publications
from qingqu.pillars.audit import queries as audit
from qingqu.pillars.leads import queries as leads
from qingqu.pillars.rectification import queries as rectification
from qingqu.workbench.types import Group, Tile


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
        Tile(_("逾期的责任事项"), found["overdue"], board_address("overdue"), "danger" if found["overdue"] else ""),
        Tile(_("3个工作日内到期"), found["soon"], board_address("soon"), "warning" if found["soon"] else ""),
        Tile(_("本周到期"), found["week"], board_address("week")),
    ]
    if may(actor, Right.VIEW_RECTIFICATIONS):
        late = rectification.listed(actor, overdue=True).order_by().count()
        shown.append(
            Tile(_("逾期的整改"), late, f"{reverse('rectification:list')}?overdue=1", "danger" if late else "")
        )
    if may(actor, Right.VIEW_FLAGS):
        waiting = audit.listed(actor, state="OPEN").order_by().count()
        shown.append(Tile(_("待核查提示"), waiting, f"{reverse('audit:flags')}?state=OPEN"))
    if may(actor, Right.VIEW_DISTRICT):
        shown += [
            Tile(_hole_word(each.hole), each.count, f"{reverse('deployments:holes')}?hole={each.hole}")
            for each in deployments.hole_counts(actor)
        ]
    return shown


def _hole_word(hole: Hole) -> str:
    """What is missing, as people say it."""
    return {
        Hole.NO_OWNER: _("没有牵头岗位的措施"),
        Hole.NO_DATE: _("没有起止日期的措施"),
        Hole.NO_EVIDENCE: _("没有佐证的措施"),
        Hole.NOT_CASCADED: _("没有落实到单位的措施"),
        Hole.NOT_TAKEN: _("尚未承接的单位责任"),
        Hole.EMPTY_SEAT: _("岗位空缺的责任"),
    }[hole]
