"""Reading what the public pages show that no other package lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingqu.engines import statutes
from qingqu.kernel.ledger import queries as ledger
from qingqu.kernel.publications import queries as publications

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qingqu.kernel.publications.models import Publication

APART = "NOTICE"
"""The kind of publication that discloses nothing: notices of cases stand apart."""


def disclosures(at: datetime, *, text: str = "") -> "QuerySet[Publication]":
    """The disclosures in public, the latest first, with ``shown_title``; of units whose name holds ``text``."""
    rows = publications.public(at).exclude(kind=APART)
    return rows.filter(unit__name__icontains=text) if text else rows


@dataclass(frozen=True)
class LogLine:
    """How far the public log holds what an answer was computed from.

    ``last`` is the number of its last entry; ``waiting`` counts the events that are not in it yet.
    """

    last: int
    at: datetime
    witnesses: tuple[str, ...]
    is_witnessed: bool
    waiting: int


def log_line() -> LogLine | None:
    """The public log as it was published last, in two queries; None before the first head."""
    head = ledger.checkpoint()
    if head is None:
        return None
    return LogLine(head.size - 1, head.published_at, tuple(head.witnesses), head.is_witnessed, ledger.waiting())


def disclosure_rules() -> list[tuple[str, str]]:
    """What must be disclosed and by when, each with its source as it may be claimed.

    Law: DS-01, DS-09, DS-10.
    """
    said = {
        "DS-09": _("预算和决算、收费依据和标准、集中采购目录及其实施、重大建设项目、教育政策措施。"),
        "DS-10": _("义务教育：政策、概况、民办学校、财务、招生、学生、教师、重要政策执行，共八类。"),
        "DS-01": _("自形成或者变更之日起20个工作日内公开。"),
    }
    is_chinese = (get_language() or "").startswith("zh")
    cited = {rule_id: statutes.rule(rule_id).citation for rule_id in said}
    return [(words, cited[rule_id].zh if is_chinese else cited[rule_id].en) for rule_id, words in said.items()]
