"""What goes in and out of the audit desk: drafted mappings, rows and parameters as fields, flags as a workbook."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingqu.engines import redflags
from qingqu.engines.redflags import load as loader
from qingqu.engines.redflags import settings
from qingqu.engines.redflags.law import number
from qingqu.engines.redflags.parameters import Shared, described
from qingqu.kernel.core.errors import Refused
from qingqu.pillars.audit.models import Flag, ImportJob, Reject
from qingqu.pillars.audit.presentation import cited, is_english, severity_word, title_of
from qingqu.pillars.audit.queries import SHARED
from qingqu.pillars.audit.types import Setting

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


class NotJson(Refused):
    """What was typed as JSON is none."""

    code = "AUDIT_NOT_JSON"


WHOLE = "JSON"
"""The field that holds a row which is no plain row of a table."""


def flat(reject: Reject) -> dict[str, Any]:
    """A rejected row as fields to correct.

    The columns of a table's row; else one field: a release as JSON, or the line that could not be read as it stood.
    """
    row = reject.row
    if _is_columns(reject):
        return {name: row[name] for name in reject.columns or row}
    return {WHOLE: row if isinstance(row, str) else json.dumps(row, ensure_ascii=False, indent=1)}


def unflat(reject: Reject, given: Mapping[str, str]) -> Any:
    """The corrected fields in the rejected row's own shape. Raises NotJson when the JSON cannot be read."""
    if _is_columns(reject):
        return {name: given.get(name, value) for name, value in reject.row.items()}
    try:
        return loader.parse(given[WHOLE])
    except (ValueError, RecursionError) as error:
        message = _("这不是可以读取的 JSON，请检查括号、引号和逗号。")
        raise NotJson(message, fields={WHOLE: message}) from error


def _is_columns(reject: Reject) -> bool:
    """Whether the row came from a table and has a cell for every column; surplus cells make it a whole of its own."""
    return reject.job.format == ImportJob.Format.TABLE and "_extra" not in reject.row


EXCLUDED = (settings.EXCLUSIONS, settings.EXCLUDED_DETAILS)
"""Where the settings file keeps the procurement method details that are left out: an object in an object."""


def asked(indicator: str, own: Mapping[str, Any]) -> list[Setting]:
    """The parameters of an indicator, or those that several share, with the district's own values."""
    if indicator != SHARED:
        declared = redflags.REGISTER[indicator].params
        return [_setting(each.name, each, own.get(each.name)) for each in described(declared)]
    fields = {each.name: each for each in described(Shared)}
    found = [_setting(key, fields[name], own.get(key)) for key, name in settings.SHARED_KEYS.items()]
    outer, inner = EXCLUDED
    return [*found, _setting(outer, fields["excluded_method_details"], own.get(outer, {}).get(inner))]


def _setting(name: str, field: Any, value: object) -> Setting:
    words = field.metadata
    label = words["title_en"] if is_english() else words["title_zh"]
    return Setting(name, words["kind"], label, _hint(words["law"], field.default), value)


def _hint(law: str, default: object) -> str:
    """What holds while the district sets nothing."""
    if law:
        return _("不填则为%(number)g：%(rule)s") % {"number": number(law), "rule": cited(law)}
    if default in (None, (), {}):
        return _("不填则不设。")
    shown = "、".join(map(str, default)) if isinstance(default, tuple) else str(default)
    return _("不填则为%(default)s。") % {"default": shown}


def stored(indicator: str, filled: Mapping[str, Any]) -> dict[str, Any]:
    """The filled-in values as a settings file holds them."""
    values = dict(filled)
    outer, inner = EXCLUDED
    if indicator == SHARED and outer in values:
        values[outer] = {inner: values[outer]}
    return values


def flags_workbook(rows: QuerySet[Flag]) -> bytes:
    """The flags as an XLSX file, text kept as text so that no cell is ever a formula."""
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("待核查提示"))
    heads = (_("编号"), _("指标"), _("名称"), _("对象"), _("单位"), _("期间"), _("程度"), _("状态"), _("说明"))
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    line = 0
    for line, flag in enumerate(rows[:EXPORT_LIMIT].iterator(chunk_size=1000), start=1):
        sheet.write_row(line, 0, _cells(flag))
    if line == EXPORT_LIMIT and (left := rows.order_by().count() - line) > 0:
        words = _("另有%(left)d条未列出，请缩小筛选范围后再导出。") % {"left": left}
        sheet.write_string(line + 1, 0, words)
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
