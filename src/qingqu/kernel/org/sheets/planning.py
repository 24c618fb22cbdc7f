"""What a workbook would change, checked as a whole against what is there; nothing is written here."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from qingqu.kernel.org.identifiers import supplier_doubts, unit_doubts
from qingqu.kernel.org.sheets.columns import (
    APPOINTMENTS,
    PEOPLE,
    POSTS,
    RELATIONSHIPS,
    SHEETS,
    UNITS,
    Key,
    Row,
    Rows,
    Sheet,
    State,
)
from qingqu.kernel.org.sheets.reading import CellError, Reading

Numbered = dict[str, dict[Key, int]]


@dataclass(frozen=True)
class Change:
    """One row to add (``before`` is None) or to change."""

    sheet: str
    key: Key
    after: Row
    before: Row | None = None

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields that differ."""
        return tuple(name for name, value in self.after.items() if self.before is None or self.before[name] != value)


@dataclass(frozen=True)
class Plan:
    """What an import would do: changes by sheet, rows that stay as they are, and errors by cell.

    ``wanted`` is the workbook's whole content, from which an import decides again what to write. ``warnings`` are cells
    that look wrong and are imported all the same.
    """

    changes: dict[str, tuple[Change, ...]]
    unchanged: dict[str, int]
    errors: tuple[CellError, ...]
    wanted: State
    warnings: tuple[CellError, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether the plan may be carried out."""
        return not self.errors

    @property
    def total(self) -> int:
        """How many rows would be added or changed."""
        return sum(len(changes) for changes in self.changes.values())


def plan(reading: Reading, present: State) -> Plan:
    """What the workbook would change in ``present``, with every error found."""
    wanted, numbers, errors = _keyed(reading)
    errors = list(dict.fromkeys([*reading.errors, *errors, *check(wanted, present, numbers)]))
    changes = difference(wanted, present)
    unchanged = {name: len(rows) - len(changes[name]) for name, rows in wanted.items()}
    order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
    errors.sort(key=lambda error: (order[error.sheet], int("".join(filter(str.isdigit, error.cell))), error.cell))
    return Plan(changes, unchanged, tuple(errors), wanted, tuple(_doubtful(changes, wanted, numbers)))


def _doubtful(changes: dict[str, tuple[Change, ...]], wanted: State, numbers: Numbered) -> Iterator[CellError]:
    """The codes among the new and changed rows that look wrong: of suppliers, and of schools."""
    for change in changes[UNITS.name]:
        for said in unit_doubts(str(change.after["code"])):
            yield _at_cell(UNITS, change.key, "code", said, wanted, numbers)
    for change in changes[RELATIONSHIPS.name]:
        if change.after["other_kind"] == "SUPPLIER":
            for said in supplier_doubts(str(change.after["other"])):
                yield _at_cell(RELATIONSHIPS, change.key, "other", said, wanted, numbers)


def difference(wanted: State, present: State) -> dict[str, tuple[Change, ...]]:
    """The rows of ``wanted`` that are new or differ, by sheet; rows it does not mention stay."""
    return {
        sheet.name: tuple(
            Change(sheet.name, key, row, present[sheet.name].get(key))
            for key, row in wanted.get(sheet.name, {}).items()
            if present[sheet.name].get(key) != row
        )
        for sheet in SHEETS
    }


def check(wanted: State, present: State, numbers: Numbered | None = None) -> list[CellError]:
    """Everything wrong with ``wanted`` on top of ``present``: references, cycles, overlaps, order of dates."""
    merged = {sheet.name: {**present[sheet.name], **wanted.get(sheet.name, {})} for sheet in SHEETS}
    checks: tuple[Callable[[State, State], Iterator[tuple[Sheet, Key, str, str]]], ...] = (
        _references,
        _cycles,
        _date_order,
        _overlaps,
    )
    found = (problem for one in checks for problem in one(wanted, merged))
    return [_at_cell(sheet, key, name, message, wanted, numbers or {}) for sheet, key, name, message in found]


def _keyed(reading: Reading) -> tuple[State, Numbered, list[CellError]]:
    """The rows by key with their row numbers; a key that comes twice is an error."""
    wanted: State = {}
    numbers: Numbered = {}
    errors: list[CellError] = []
    for sheet in SHEETS:
        rows: Rows = {}
        numbers[sheet.name] = {}
        for number, row in reading.rows.get(sheet.name, ()):
            key = sheet.key_of(row)
            if key in rows:
                first = numbers[sheet.name][key]
                message = _("与第 %(first)s 行重复。") % {"first": first}
                errors.append(CellError(sheet.name, f"A{number}", str(key[0]), message))
                continue
            rows[key], numbers[sheet.name][key] = row, number
        if sheet.name in reading.rows:
            wanted[sheet.name] = rows
    return wanted, numbers, errors


def _at_cell(sheet: Sheet, key: Key, name: str, message: str, wanted: State, numbers: Numbered) -> CellError:
    """A problem of a row's field as an error of its cell."""
    column = next(place for place, column in enumerate(sheet.columns, start=1) if column.field == name)
    number = numbers.get(sheet.name, {}).get(key, 0)
    value = wanted[sheet.name][key][name]
    return CellError(sheet.name, f"{get_column_letter(column)}{number}", "" if value is None else str(value), message)


REFERENCES = (
    (UNITS, "parent", UNITS, "没有这个单位代码。"),
    (PEOPLE, "unit", UNITS, "没有这个单位代码。"),
    (POSTS, "unit", UNITS, "没有这个单位代码。"),
    (APPOINTMENTS, "post", POSTS, "没有这个岗位代码。"),
    (APPOINTMENTS, "person", PEOPLE, "没有这个工号。"),
    (RELATIONSHIPS, "person", PEOPLE, "没有这个工号。"),
    (RELATIONSHIPS, "other", PEOPLE, "没有这个工号。"),
)


def _references(wanted: State, merged: State) -> Iterator[tuple[Sheet, Key, str, str]]:
    """Codes that name nothing."""
    words = {"没有这个单位代码。": _("没有这个单位代码。"), "没有这个岗位代码。": _("没有这个岗位代码。")}
    words["没有这个工号。"] = _("没有这个工号。")
    for sheet, name, target, message in REFERENCES:
        for key, row in wanted.get(sheet.name, {}).items():
            is_outside = name == "other" and row["other_kind"] != "PERSON"
            if row[name] and not is_outside and (row[name],) not in merged[target.name]:
                yield sheet, key, name, words[message]
    for key, row in wanted.get(RELATIONSHIPS.name, {}).items():
        if row["other_kind"] == "PERSON" and row["other"] == row["person"]:
            yield RELATIONSHIPS, key, "other", _("不能与本人建立关系。")


def _cycles(wanted: State, merged: State) -> Iterator[tuple[Sheet, Key, str, str]]:
    """Units that would lie below themselves."""
    units = merged[UNITS.name]
    safe: set[Key] = set()
    for start in wanted.get(UNITS.name, {}):
        line: dict[Key, None] = {}
        key: Key | None = start
        while key in units and key not in safe and key not in line:
            line[key] = None
            above = units[key]["parent"]
            key = (above,) if above else None
        if key == start and key in line:
            yield UNITS, start, "parent", _("上级单位不能是本单位或其下级单位。")
        elif key not in line:
            safe.update(line)


def _date_order(wanted: State, merged: State) -> Iterator[tuple[Sheet, Key, str, str]]:
    """Ends before their starts."""
    del merged
    for sheet in (APPOINTMENTS, RELATIONSHIPS):
        for key, row in wanted.get(sheet.name, {}).items():
            starts_on, ends_on = row["starts_on"], row["ends_on"]
            if isinstance(starts_on, date) and isinstance(ends_on, date) and ends_on < starts_on:
                yield sheet, key, "ends_on", _("结束日期早于开始日期。")


def _overlaps(wanted: State, merged: State) -> Iterator[tuple[Sheet, Key, str, str]]:
    """Appointments of one post that would overlap, and lasting relationships declared twice."""
    posts: dict[object, list[tuple[Key, Row]]] = defaultdict(list)
    for key, row in merged[APPOINTMENTS.name].items():
        posts[row["post"]].append((key, row))
    mine = wanted.get(APPOINTMENTS.name, {})
    for held in posts.values():
        for (before_key, before), (after_key, after) in pairwise(sorted(held, key=lambda pair: str(pair[0][2]))):
            if before["ends_on"] is None or str(before["ends_on"]) >= str(after["starts_on"]):
                key = after_key if after_key in mine else before_key
                if key in mine:
                    yield APPOINTMENTS, key, "starts_on", _("与该岗位的另一段任职重叠。")
    lasting: set[Key] = set()
    theirs = wanted.get(RELATIONSHIPS.name, {})
    for key, row in sorted(merged[RELATIONSHIPS.name].items(), key=lambda pair: (pair[0] in theirs, str(pair[0][4]))):
        if row["ends_on"] is None:
            if key[:4] in lasting and key in theirs:
                yield RELATIONSHIPS, key, "kind", _("同一关系已经申报过。")
            lasting.add(key[:4])
