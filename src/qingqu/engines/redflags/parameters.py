"""Typed parameters of indicators: each with its kind, its default or the rule it comes from, and its words."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from datetime import date
from typing import Any

KINDS = ("int", "number", "text", "texts", "map", "date")
"""``texts`` is a tuple of text, ``map`` is ``{text: number}``."""


def param(kind: str, default: Any, title_zh: str, title_en: str, *, law: str = "") -> Any:
    """A parameter of an indicator, as a dataclass field.

    With ``law``, the default is the value of that rule of the rulebook and is read when a run starts.
    """
    return field(default=default, metadata={"kind": kind, "title_zh": title_zh, "title_en": title_en, "law": law})


@dataclass(frozen=True)
class NoParams:
    """The parameters of an indicator that has none."""


@dataclass(frozen=True)
class Shared:
    """Settings that several indicators read.

    ``as_of`` is the day up to which the records are complete (not given: the last day found in the records).
    ``is_cardinal`` asks for Cardinal's own behaviour where it differs from what is right (dates compared as text).
    """

    currency: str | None = param("text", None, "报价比较所用币种", "Currency in which prices are compared")
    excluded_method_details: tuple[str, ...] = param(
        "texts", (), "不检查的采购方式细类", "Procurement method details that are left out"
    )
    no_price_comparison_methods: tuple[str, ...] = param(
        "texts", (), "不比价的采购方式细类", "Procurement method details without price comparison"
    )
    price_comparison_methods: tuple[str, ...] | None = param(
        "texts", None, "比价的采购方式细类（优先）", "Procurement method details with price comparison (wins)"
    )
    open_tender_limit_fen: int | None = param(
        "int", None, "本地公开招标数额标准（分）", "Local limit from which tenders must be open (smallest unit)"
    )
    utc_offset_hours: int = param("int", 8, "本地时间与世界时之差（小时）", "Local time minus UTC (hours)")
    as_of: date | None = param("date", None, "记录完整至", "Records are complete up to")
    is_cardinal: bool = False


def described(kind: type) -> tuple[Field[Any], ...]:
    """The fields of a parameter class that people may set."""
    return tuple(each for each in fields(kind) if "kind" in each.metadata)
