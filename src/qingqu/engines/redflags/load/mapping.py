"""A column mapping: which column of a file becomes which column of a mart table, saved as YAML.

    table: payment
    constants: {unit_id: EXETER, currency: GBP}
    columns:
      payment_id: row_id                        # mart column: source column
      paid_on: {column: 支付日期, format: "%Y年%m月%d日"}
      amount_fen: {column: 金额, scale: 100}

A column may also carry ``decimal`` (the decimal mark, "." or ","), ``zone`` (of moments written without
one), ``round`` (true: to the nearest smallest unit instead of refusing fractions) and ``values``
({text in the file: stored code}; other texts are rejected). Beside ``columns`` a mapping may say
``header`` (the row with the column names), ``sheet``, ``encoding``, ``delimiter`` and ``references``
(``report``: keys of rows not in the mart yet are counted; ``reject``: they are refused).
"""

import re
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from qingqu.engines.redflags.load.errors import refusal
from qingqu.engines.redflags.load.sheets import Shape

DEFAULT_ZONE = "+08:00"
REFERENCES = ("report", "reject")
_KEYS = {"table", "constants", "columns", "header", "sheet", "encoding", "delimiter", "references"}


@dataclass(frozen=True, kw_only=True)
class ColumnRule:
    """Where one mart column comes from and how its text is read."""

    column: str
    scale: int = 1
    format: tuple[str, ...] = ()
    decimal: str = "."
    zone: str = DEFAULT_ZONE
    round: bool = False
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """A checked mapping; ``columns`` is {mart column: rule}, ``constants`` {mart column: text}."""

    table: str
    constants: dict[str, str] = field(default_factory=dict)
    columns: dict[str, ColumnRule] = field(default_factory=dict)
    shape: Shape = field(default_factory=Shape)
    references: str = "report"

    def as_dict(self) -> dict[str, Any]:
        """The mapping as plain values: what is hashed, stored with a batch and written to YAML."""
        shape = {key: value for key, value in asdict(self.shape).items() if value != getattr(Shape(), key)}
        return {
            "table": self.table,
            "constants": dict(self.constants),
            "columns": {name: _plain(rule) for name, rule in self.columns.items()},
            **shape,
            **({} if self.references == "report" else {"references": self.references}),
        }


def read_mapping(source: Path | str | dict[str, Any]) -> Mapping:
    """The mapping in a YAML file, in YAML text or in plain values, its shape checked.

    Whether its table and columns exist is checked against the mart's schema when it is used.
    Raises BadSource MAPPING_UNREADABLE, saying what is wrong.
    """
    plain = source if isinstance(source, dict) else _parsed(source)
    if not isinstance(plain, dict) or not isinstance(plain.get("table"), str):
        raise _unreadable("table / columns")
    unknown = sorted(str(key) for key in set(plain) - _KEYS)
    if unknown:
        raise _unreadable(f"未知的键 / unknown keys: {', '.join(unknown)}")
    references = plain.get("references", "report")
    if references not in REFERENCES:
        raise _unreadable(f"references: {' | '.join(REFERENCES)}")
    return Mapping(
        table=plain["table"],
        constants={name: _constant(value) for name, value in _object(plain, "constants").items()},
        columns={name: _rule(name, value) for name, value in _object(plain, "columns").items()},
        shape=_shape(plain),
        references=references,
    )


def write_mapping(mapping: Mapping) -> str:
    """The mapping as YAML text; ``read_mapping(write_mapping(m)) == m``."""
    text: str = yaml.safe_dump(mapping.as_dict(), allow_unicode=True, sort_keys=False)
    return text


def _parsed(source: Path | str) -> object:
    """The plain values of YAML text or of a YAML file."""
    try:
        text = source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source
        return yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise _unreadable(str(error).replace("\n", " ")) from error


def _unreadable(detail: str) -> Exception:
    """The refusal of a mapping that is not one."""
    return refusal("MAPPING_UNREADABLE", detail=detail)


def _object(plain: dict[str, Any], key: str) -> dict[str, Any]:
    """An optional object of the mapping with text keys."""
    value = plain.get(key) or {}
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise _unreadable(f"{key}: {{…}}")
    return value


def _constant(value: object) -> str:
    """A constant as text, the way a cell would hold it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dict | list) or value is None:
        raise _unreadable(f"constants: {value!r}")
    return str(value)


def _rule(name: str, value: object) -> ColumnRule:
    """One column's rule, from a source column's name or from an object."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return ColumnRule(column=str(value).strip())
    allowed = {item.name for item in fields(ColumnRule)}
    if not isinstance(value, dict) or "column" not in value or set(value) - allowed:
        raise _unreadable(f"columns.{name}: {{{', '.join(sorted(allowed))}}}")
    given = dict(value)
    given["column"] = str(given["column"]).strip()
    formats = given.get("format", ())
    given["format"] = (formats,) if isinstance(formats, str) else tuple(str(item) for item in formats)
    given["values"] = {str(old): str(new) for old, new in _object(given, "values").items()}
    return _sound(name, ColumnRule(**given))


def _sound(name: str, rule: ColumnRule) -> ColumnRule:
    """The rule, once its options make sense."""
    whole = isinstance(rule.scale, int) and not isinstance(rule.scale, bool) and rule.scale > 0
    if not whole or rule.decimal not in {".", ","} or not isinstance(rule.round, bool) or not _is_zone(rule.zone):
        raise _unreadable(f"columns.{name}: scale 1, 100 …; decimal . ,; round true; zone +08:00")
    return rule


def _is_zone(zone: object) -> bool:
    """Whether a zone is an offset such as +08:00."""
    return re.fullmatch(r"[+-]\d\d:\d\d", str(zone)) is not None


def _shape(plain: dict[str, Any]) -> Shape:
    """The layout options beside the columns."""
    header = plain.get("header", 1)
    if not isinstance(header, int) or isinstance(header, bool) or header < 1:
        raise _unreadable("header: 1, 2 …")
    texts = {key: None if plain.get(key) is None else str(plain[key]) for key in ("sheet", "encoding", "delimiter")}
    return Shape(header=header, **texts)


def _plain(rule: ColumnRule) -> str | dict[str, Any]:
    """A rule as it would be written by hand: a bare name when nothing else is said."""
    blank = ColumnRule(column=rule.column)
    given = {
        item.name: getattr(rule, item.name)
        for item in fields(rule)
        if getattr(rule, item.name) != getattr(blank, item.name)
    }
    if "format" in given:
        given["format"] = list(given["format"])
    return {"column": rule.column, **given} if given else rule.column
