"""What the demo district did before today: matters taken in, put right, re-checked and told to the public.

Every step is the product's own operation, done by the person whose seat it is, on a day of the past two months.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.org.models import Person, Post, Unit
from qingqu.kernel.org.queries import actor_of
from qingqu.kernel.org.types import Actor
from qingqu.kernel.publications import operations as publications
from qingqu.kernel.publications.models import Publication
from qingqu.pillars.leads import operations as leads
from qingqu.pillars.leads.models import Lead
from qingqu.pillars.leads.types import Kind, Track
from qingqu.pillars.rectification import operations as rectification
from qingqu.pillars.rectification.models import Rectification

HEAD, DEPUTY, LEADER, OFFICE = "QY.DISCIPLINE.1", "QY.DISCIPLINE.2", "QY.LEADER.1", "QY.OFFICE.DW"

MEALS = (
    "食堂伙食费结余长期挂账、未按学期公示",
    "家长委员会反映：学校食堂伙食费结余连续两个学期挂账，未向家长公示伙食账。",
)
UNIFORMS = ("反映校服征订前未征求家长意见", "来信反映校服选用前未征求家长意见。信中所附征求意见表与签到册显示已征求。")
BOOKS = ("反映教辅材料征订手续不全", "来访反映学校统一代购教辅材料，未见自愿订购的书面材料。")

NOTICE = (
    "关于一起食堂伙食费结余未公示问题整改情况的通报",
    "经核查，某小学食堂伙食费结余连续两个学期挂账，未按要求向家长公示。"
    "区教育局责令限期整改：结余已全部用于改善伙食，伙食账按月公示，并由家长委员会查阅。经他人复查，整改到位。",
)
CORRECTED = NOTICE[1].replace("连续两个学期", "在一个学期内")
CHECKS = (
    "关于本学期教育系统专项检查事项的公示",
    "本学期对学校党组织建设、财务管理、招生录取开展专项检查。检查前书面通知学校，学校先行自查；"
    "检查发现的问题限期整改，由另一人复核。检查结果和整改情况按规定公开。",
)
PENDING = (
    "关于规范校服选用采购程序的公示",
    "区教育局公示校服选用采购的办理程序：征求意见、集体决策、公开采购、双送检、结果公示。公示内容随制度修订更新。",
)


@dataclass(frozen=True)
class Past:
    """The two months before ``now``: who acts, and on which day."""

    now: datetime

    def day(self, ago: int) -> datetime:
        """The same hour some days ago."""
        return self.now - timedelta(days=ago)

    def actor(self, seat: str, ago: int) -> Actor:
        """Whoever holds a seat, on that day."""
        return actor_of(Person.objects.get(appointments__post__code=seat), at=self.day(ago))


def live(now: datetime) -> None:
    """Write the district's last two months: three leads, four rectifications, three publications."""
    past = Past(now)
    _meals(past)
    _uniforms(past)
    _books(past)
    _unfinished(past)
    _disclosures(past)


def _unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def _lead(past: Past, school: str, told: tuple[str, str], ago: int) -> Lead:
    """A lead entered by hand by the head of the discipline group."""
    return leads.open_lead(
        title=told[0], body=told[1], unit=_unit(school), source_kind="hand", source_id="",
        at=past.day(ago), actor_id=past.actor(HEAD, ago).person_id, track=Track.EDUCATION,
    )  # fmt: skip


def _disposed(past: Past, lead: Lead, kind: Kind, reason: str, ago: int) -> None:
    """Proposed by the handler, approved by the leader on the day after."""
    leads.propose(lead=lead, kind=kind, reason=reason, at=past.day(ago), actor=past.actor(HEAD, ago))
    leads.approve(lead=lead, opinion="同意。", at=past.day(ago - 1), actor=past.actor(LEADER, ago - 1))


def _ordered(
    past: Past, school: str, told: tuple[str, str], ago: int, *, days: int, lead: Lead | None = None
) -> Rectification:
    """A rectification the head of the discipline group orders from a school's principal."""
    return rectification.order(
        title=told[0], cause=told[1], unit=_unit(school), owner_post=Post.objects.get(code=f"{school}.PRINCIPAL"),
        at=past.day(ago), actor=past.actor(HEAD, ago), due_on=local_date(past.day(ago - days)),
        source_kind="lead" if lead else "", source_id=lead.pk if lead else "",
    )  # fmt: skip


def _planned(past: Past, row: Rectification, school: str, text: str, ago: int) -> None:
    rectification.plan(rectification=row, text=text, at=past.day(ago), actor=past.actor(f"{school}.PRINCIPAL", ago))


def _reported(past: Past, row: Rectification, school: str, text: str, ago: int) -> None:
    rectification.report(rectification=row, text=text, at=past.day(ago), actor=past.actor(f"{school}.PRINCIPAL", ago))


def _published(past: Past, row: Publication, ago: int) -> None:
    """Sent to review by its author, published by the office on the day after."""
    publications.submit(publication=row, at=past.day(ago), actor=past.actor(HEAD, ago))
    publications.publish(publication=row, at=past.day(ago - 1), actor=past.actor(OFFICE, ago - 1))


def _meals(past: Past) -> None:
    """From a parents' letter to a notice, and a correction of the notice."""
    school = "QY030"
    lead = _lead(past, school, MEALS, 45)
    _disposed(past, lead, Kind.VERIFY, "有明确线索，予以初步核实，同步责令整改。", 42)
    cause = ("清理伙食费结余并按月公示", "伙食费结余挂账，未按学期公示。")
    row = _ordered(past, school, cause, 40, days=25, lead=lead)
    _planned(past, row, school, "结余用于改善伙食；伙食账按月公示，家长委员会每学期查阅一次。", 37)
    _reported(past, row, school, "结余已用于改善伙食，九月、十月伙食账已公示，家长委员会已查阅。", 24)
    rectification.verify(
        rectification=row,
        finding="查阅账簿与公示栏，家长委员会成员确认，同意销号。",
        at=past.day(22),
        actor=past.actor(DEPUTY, 22),
    )
    notice = publications.draft(
        kind="NOTICE", title=NOTICE[0], body=NOTICE[1], unit=_unit("QY"), author_id=past.actor(HEAD, 20).person_id,
        at=past.day(20), source_kind="rectification", source_id=row.pk,
    )  # fmt: skip
    _published(past, notice, 19)
    publications.correct(
        publication=notice,
        title=NOTICE[0],
        body=CORRECTED,
        reason="复核账簿后更正：挂账时间为一个学期。",
        at=past.day(12),
        actor=past.actor(HEAD, 12),
    )
    _published(past, notice, 12)


def _uniforms(past: Past) -> None:
    """A letter that proves unfounded is settled with its reason."""
    lead = _lead(past, "QY058", UNIFORMS, 28)
    reason = "征求意见表、家长代表签到册齐全，反映的问题不属实，予以了结，并向来信人反馈。"
    _disposed(past, lead, Kind.SETTLE, reason, 21)


def _books(past: Past) -> None:
    """A disposition that waits for the leader."""
    lead = _lead(past, "QY047", BOOKS, 9)
    reason = "材料可向学校核对，拟谈话函询并调取订购记录。"
    leads.propose(lead=lead, kind=Kind.TALK, reason=reason, at=past.day(3), actor=past.actor(HEAD, 3))


def _unfinished(past: Past) -> None:
    """One waits for its re-check, one is late, one has just been ordered from the guide's principal."""
    checked = _ordered(past, "QY063", ("补齐设备采购验收资料", "两批设备验收单缺少使用部门签字。"), 30, days=40)
    _planned(past, checked, "QY063", "由使用部门逐件核对后补签，验收小组复验。", 27)
    _reported(past, checked, "QY063", "两批设备已逐件核对，验收资料已补齐归档。", 2)

    late = _ordered(past, "QY012", ("清退超范围代收费", "代收费项目超出公示目录。"), 35, days=30)
    _planned(past, late, "QY012", "核对收费台账，逐户清退，并重新公示收费目录。", 32)

    _ordered(past, "QY021", ("完善大额支出集体决策记录", "三笔大额支出的会议纪要未附经办人与复核人。"), 3, days=25)


def _disclosures(past: Past) -> None:
    """One that stands in public, one that waits for the office."""
    _published(past, _disclosure(past, CHECKS, 33), 32)
    waiting = _disclosure(past, PENDING, 4)
    publications.submit(publication=waiting, at=past.day(2), actor=past.actor(HEAD, 2))


def _disclosure(past: Past, told: tuple[str, str], ago: int) -> Publication:
    """A disclosure of the district, drafted by the head of the discipline group."""
    return publications.draft(
        kind="DISCLOSURE", title=told[0], body=told[1], unit=_unit("QY"),
        author_id=past.actor(HEAD, ago).person_id, at=past.day(ago),
    )  # fmt: skip
