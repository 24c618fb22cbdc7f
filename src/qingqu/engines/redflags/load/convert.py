"""How the text of a cell becomes a value of a mart type: DuckDB expressions and the errors they can find.

Everything is decided column by column inside the database engine, never cell by cell in Python. A
trimmed cell is called ``s``, its value ``v``; both are SQL names given by the caller.
"""

from dataclasses import dataclass

from qingqu.engines.redflags.load.mapping import ColumnRule

DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
EXCEL_DAYS = "excel"
FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_INT = 9_000_000_000_000_000_000
SQL_TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "ts": "TIMESTAMPTZ",
}
TRUE_WORDS = ("true", "t", "yes", "y", "1", "是", "有", "√")
FALSE_WORDS = ("false", "f", "no", "n", "0", "否", "无", "×")
_BLANKS = " \t\r\n\u3000\u00a0\ufeff"
_NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$"
_GROUPED = r"^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$"
_MONEY_SIGNS = r"^([-+]?)\s*[¥￥€£$]\s*|\s*元$"
_FORMULA = r"^=|^[-+@][A-Za-z]+[(|!]"
_OFFSET = r"([zZ]|[-+]\d{2}:?\d{2})$"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The value of a cell as SQL over ``s``, and {error code: SQL condition} over ``s`` and ``v``."""

    value: str
    errors: dict[str, str]


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A text as an SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def trimmed(cell: str) -> str:
    """A cell without outer blanks, null when nothing is left."""
    return f"NULLIF(trim({cell}, {literal(_BLANKS)}), '')"


def reading(kind: str, rule: ColumnRule, *, required: bool, s: str, v: str) -> Reading:
    """How a cell ``s`` is read as a mart type: text, int, float, bool, date or ts."""
    errors = {"REQUIRED": f"{s} IS NULL"} if required else {}
    errors["FORMULA"] = _matches(s, _FORMULA)
    text = _translated(rule, s)
    if rule.values:
        errors["UNKNOWN_VALUE"] = f"{s} IS NOT NULL AND {text} IS NULL"
    value, found = _READERS[kind](rule, text, v)
    guarded = {code: f"{s} IS NOT NULL AND NOT {_matches(s, _FORMULA)} AND ({test})" for code, test in found.items()}
    return Reading(value=value, errors={**errors, **guarded})


def _translated(rule: ColumnRule, s: str) -> str:
    """The stored code of a listed text, or the text itself when the mapping lists none."""
    if not rule.values:
        return s
    cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in rule.values.items())
    return f"(CASE {s} {cases} END)"


def _matches(text: str, pattern: str) -> str:
    """Whether a text matches; false for null."""
    return f"coalesce(regexp_matches({text}, {literal(pattern)}), false)"


def _number(rule: ColumnRule, s: str) -> str:
    """The digits of a number without money signs and thousands marks; null when it is none."""
    point = s if rule.decimal == "." else f"replace(replace({s}, '.', ''), ',', '.')"
    bare = f"regexp_replace({point}, {literal(_MONEY_SIGNS)}, '\\1', 'g')"
    plain = f"CASE WHEN {_matches(bare, _GROUPED)} THEN replace({bare}, ',', '') ELSE {bare} END"
    return f"(CASE WHEN {_matches(plain, _NUMBER)} THEN {plain} END)"


def _int(rule: ColumnRule, s: str, v: str) -> tuple[str, dict[str, str]]:
    """A whole number after scaling; exact decimal arithmetic, no floats in between."""
    digits = _number(rule, s)
    scaled = f"TRY(TRY_CAST({digits} AS DECIMAL(38, 10)) * {rule.scale}::DECIMAL(18, 0))"
    whole = f"round({scaled}, 0)"
    fits = f"abs({scaled}) < {MAX_INT}"
    keep = fits if rule.round else f"{fits} AND {scaled} = {whole}"
    errors = {
        "NOT_A_NUMBER": f"{digits} IS NULL",
        "OUT_OF_RANGE": f"{digits} IS NOT NULL AND coalesce(NOT ({fits}), true)",
        "NOT_WHOLE": f"{v} IS NULL AND {fits}",
    }
    return f"CASE WHEN {keep} THEN TRY_CAST({whole} AS BIGINT) END", errors


def _float(rule: ColumnRule, s: str, v: str) -> tuple[str, dict[str, str]]:
    """A finite number; a share may be written 12%."""
    percent = f"{s} LIKE '%\\%' ESCAPE '\\'"
    digits = _number(rule, f"rtrim({s}, '% ')")
    factor = f"CASE WHEN {percent} THEN 100.0 ELSE 1.0 END"
    value = f"TRY_CAST({digits} AS DOUBLE) * {rule.scale} / ({factor})"
    return f"CASE WHEN isfinite({value}) THEN {value} END", {"NOT_A_NUMBER": f"{v} IS NULL"}


def _bool(_rule: ColumnRule, s: str, v: str) -> tuple[str, dict[str, str]]:
    """Yes or no, in Chinese, English or digits."""
    true, false = (", ".join(literal(word) for word in words) for words in (TRUE_WORDS, FALSE_WORDS))
    value = f"CASE WHEN lower({s}) IN ({true}) THEN true WHEN lower({s}) IN ({false}) THEN false END"
    return value, {"NOT_A_BOOLEAN": f"{v} IS NULL"}


def _text(_rule: ColumnRule, s: str, _v: str) -> tuple[str, dict[str, str]]:
    """Text as it stands."""
    return s, {}


def _parsed(rule: ColumnRule, s: str, defaults: tuple[str, ...]) -> str:
    """A timestamp without zone by the first format that fits; null when none does."""
    formats = ", ".join(literal(item) for item in rule.format or defaults)
    return f"try_strptime({s}, [{formats}])"


def _date(rule: ColumnRule, s: str, v: str) -> tuple[str, dict[str, str]]:
    """A day; the time part of an ISO moment is left off, and the year must be plausible."""
    if rule.format == (EXCEL_DAYS,):
        value = f"DATE '1899-12-30' + TRY_CAST(floor(TRY_CAST({s} AS DOUBLE)) AS INTEGER)"
    else:
        iso = _matches(s, r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
        day = s if rule.format else f"(CASE WHEN {iso} THEN left({s}, 10) ELSE {s} END)"
        value = f"CAST({_parsed(rule, day, DATE_FORMATS)} AS DATE)"
    plausible = f"CASE WHEN year({value}) BETWEEN {FIRST_YEAR} AND {LAST_YEAR} THEN {value} END"
    return plausible, {"UNKNOWN_DATE": f"{v} IS NULL"}


def _ts(rule: ColumnRule, s: str, v: str) -> tuple[str, dict[str, str]]:
    """A moment; without an offset it is taken in the mapping's zone, a day alone as its midnight."""
    if rule.format:
        local = f"CAST({_parsed(rule, s, ())} AS VARCHAR)"
        value = f"TRY_CAST({local} || {literal(rule.zone)} AS TIMESTAMPTZ)"
    else:
        dashed = f"replace({s}, '/', '-')"
        full = f"CASE WHEN length({dashed}) <= 10 THEN {dashed} || ' 00:00:00' ELSE {dashed} END"
        placed = f"CASE WHEN {_matches(f'substr({s}, 11)', _OFFSET)} THEN {s} ELSE {full} || {literal(rule.zone)} END"
        value = f"TRY_CAST({placed} AS TIMESTAMPTZ)"
    plausible = f"CASE WHEN year({value}) BETWEEN {FIRST_YEAR} AND {LAST_YEAR} THEN {value} END"
    return plausible, {"UNKNOWN_MOMENT": f"{v} IS NULL"}


_READERS = {"text": _text, "int": _int, "float": _float, "bool": _bool, "date": _date, "ts": _ts}
