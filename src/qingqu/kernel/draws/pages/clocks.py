"""The moments of a ceremony as every page shows them: date, status word, days left, and why then."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qingqu.kernel.core.clock import local_date
from qingqu.kernel.draws.types import State

if TYPE_CHECKING:
    from qingqu.kernel.draws.models import Ceremony


@dataclass(frozen=True)
class Clock:
    """One moment: what it is, when, its status word with the tone of the chip, the days left, and the reason."""

    label: str
    at: datetime
    word: str
    tone: str
    days: str
    why: str


def clocks(row: "Ceremony", at: datetime) -> list[Clock]:
    """The three moments of a ceremony, as seen at ``at``."""
    done = {
        "commit": row.closed_at is not None,
        "reveal": bool(row.source_value) or row.state == State.DRAWN,
        "source": bool(row.source_value),
    }
    why = {
        "commit": _("名单冻结时确定，此后不再接受承诺。"),
        "reveal": _("名单冻结时确定，所有承诺截止之后才能揭示。"),
        "source": _("晚于揭示截止，谁也不能先看到结果再决定是否揭示。"),
    }
    moments = (
        ("commit", _("承诺截止"), row.commit_by),
        ("reveal", _("揭示截止"), row.reveal_by),
        ("source", _("公开随机源产生"), row.source_at),
    )
    return [_clock(label, moment, at, why[code], is_done=done[code]) for code, label, moment in moments]


def _clock(label: str, moment: datetime, at: datetime, why: str, *, is_done: bool) -> Clock:
    if is_done:
        return Clock(label, moment, _("已完成"), "done", "", why)
    if moment < at:
        return Clock(label, moment, _("时间已到"), "soon", "", why)
    days = (local_date(moment) - local_date(at)).days
    left = ngettext("还剩 %(days)s 天", "还剩 %(days)s 天", days) % {"days": days} if days else _("就在今天")
    return Clock(label, moment, _("未到"), "waiting", left, why)
