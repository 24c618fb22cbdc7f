"""Files in and out of the audit desk: drafted mappings, rejected rows as fields, flags as a workbook."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingqu.engines.redflags import load as loader
from qingqu.pillars.audit.models import Flag
from qingqu.pillars.audit.presentation import is_english, severity_word, title_of

EXPORT_LIMIT = 50_000
"""Flags in one workbook, the most pressing first; a longer list is exported by filtering it."""


def drafted(path: Path) -> tuple[loader.Head | None, str, loader.BadSource | None]:
    """The head of a table and a mapping drafted from it as YAML; or the reason why the file cannot be read."""
    try:
        head = loader.read_head(path)
    except loader.BadSource as refused:
        return None, "", refused
    draft = loader.suggest_mapping(head.headers, head.rows)
    missing = draft.pop("missing", [])
    text = yaml.safe_dump(draft, allow_unicode=True, sort_keys=False)
    notes = "".join(f"# {_('缺少必需的列')}: {name}\n" for name in missing)
    return head, notes + text, None


def flat(row: Any) -> dict[str, Any]:
    """A rejected row as fields to correct: a table row's columns, or one field with the whole release as JSON."""
    if isinstance(row, dict) and all(not isinstance(value, dict | list) for value in row.values()):
        return dict(row)
    return {"json": json.dumps(row, ensure_ascii=False, indent=1)}


def unflat(row: Any, given: Mapping[str, str]) -> Any:
    """The corrected fields in the rejected row's own shape. Raises ValueError when the JSON cannot be read."""
    if isinstance(row, dict) and all(not isinstance(value, dict | list) for value in row.values()):
        return {name: given.get(name, value) for name, value in row.items()}
    return json.loads(given["json"])


def flags_workbook(rows: QuerySet[Flag]) -> bytes:
    """The flags as an XLSX file, text kept as text so that no cell is ever a formula."""
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("待核查提示"))
    heads = (_("编号"), _("指标"), _("名称"), _("对象"), _("单位"), _("期间"), _("程度"), _("状态"), _("说明"))
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for line, flag in enumerate(rows[:EXPORT_LIMIT].iterator(chunk_size=1000), start=1):
        sheet.write_row(line, 0, _cells(flag))
    book.close()
    return target.getvalue()


def _cells(flag: Flag) -> tuple[object, ...]:
    return (
        flag.pk,
        flag.indicator,
        title_of(flag.indicator),
        flag.subject_id,
        flag.unit.name if flag.unit else flag.unit_code,
        flag.period,
        severity_word(flag.severity),
        str(flag.get_state_display()),
        flag.explanation_en if is_english() else flag.explanation_zh,
    )
