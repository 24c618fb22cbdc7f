"""Which indicators can run on the records there are, in the reader's language. One that cannot run says why."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from qingqu.engines import redflags
from qingqu.pillars.audit import presentation


@dataclass(frozen=True)
class Readiness:
    """Whether an indicator can run; ``reason`` says why not.

    ``empty`` is {"table.column": share of rows without a value, 0..1} over what it reads.
    """

    can_run: bool
    reason: str
    empty: Mapping[str, float]


def all_readiness(mart: Path, own: Mapping[str, object]) -> dict[str, Readiness]:
    """Which indicators can run on the mart under the district's own settings: {indicator: readiness}."""
    if not mart.is_dir():
        return {each.id: Readiness(False, _("还没有导入过数据"), {}) for each in redflags.indicators()}  # noqa: FBT003 - the field
    with redflags.open_mart(mart) as opened:
        found = redflags.readiness(opened, settings=redflags.load_settings(own))
    return {
        each.indicator: Readiness(each.can_run, presentation.said(each.reason), each.empty_shares) for each in found
    }


def needed(indicator: redflags.Indicator, shares: Mapping[str, float]) -> list[tuple[str, str, str]]:
    """What an indicator reads, as (table, column, share of rows without a value): names in the reader's language."""
    lines = []
    for table, columns in indicator.needs.items():
        spec = redflags.TABLES[table]
        for column in columns:
            known = next(each for each in spec.columns if each.name == column)
            share = shares.get(f"{table}.{column}")
            lines.append(
                (
                    spec.title_en if presentation.is_english() else spec.title_zh,
                    known.title_en if presentation.is_english() else known.title_zh,
                    _("没有记录") if share is None else f"{share:.1%}",
                )
            )
    return lines
