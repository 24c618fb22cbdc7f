"""Indicators as declarations over one function each, and the register that holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from qingqu.engines.redflags.parameters import NoParams
from qingqu.engines.redflags.schema import TABLES

if TYPE_CHECKING:
    from qingqu.engines.redflags.frames import Frames

Compute = Callable[["Frames", Any], ir.Table]

LOW, MEDIUM, HIGH = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A due date that an indicator compares with: the rule, and the column that starts its clock."""

    rule: str
    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One declared indicator.

    ``needs`` is ``{table: columns}`` that must exist and hold values; ``helps`` is the same for what it can do
    without. ``null`` says what an honest world looks like, ``innocent`` lists the known innocent explanations.
    ``explanation`` is a template over ``value``, ``n``, ``p``, ``subject``, ``unit``, ``period`` and the facts that
    the rows carry; ``beside`` is that of the suppliers named beside the process. ``settings`` names the shared
    settings without which it cannot run.
    """

    id: str
    title: Words
    family: str
    legal_basis: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    helps: Mapping[str, tuple[str, ...]]
    params: type
    null: Words
    innocent: tuple[Words, ...]
    explanation: Words
    beside: Words | None
    severity: int
    source_paper: str
    settings: tuple[str, ...]
    clocks: tuple[Clock, ...]
    compute: Compute


REGISTER: dict[str, Indicator] = {}


def indicator(  # noqa: PLR0913 - a declaration says all there is to say of an indicator
    id: str,  # noqa: A002 - the word of the declaration
    title_zh: str,
    title_en: str,
    *,
    family: str,
    needs: Mapping[str, str],
    null: tuple[str, str],
    innocent: tuple[tuple[str, str], ...],
    explanation: tuple[str, str],
    severity: int,
    helps: Mapping[str, str] | None = None,
    legal_basis: tuple[str, ...] = (),
    params: type = NoParams,
    source_paper: str = "",
    beside: tuple[str, str] | None = None,
    settings: tuple[str, ...] = (),
    clocks: tuple[Clock, ...] = (),
) -> Callable[[Compute], Compute]:
    """Declare the function below as an indicator; ``needs`` and ``helps`` name columns separated by blanks.

    Raises ValueError when the id is taken or a table or column is not of the mart.
    """

    def declare(compute: Compute) -> Compute:
        if id in REGISTER:
            raise ValueError(f"indicator {id} is declared twice")
        REGISTER[id] = Indicator(
            id=id,
            title=Words(title_zh, title_en),
            family=family,
            legal_basis=legal_basis,
            needs=_columns(id, needs),
            helps=_columns(id, helps or {}),
            params=params,
            null=Words(*null),
            innocent=tuple(Words(*each) for each in innocent),
            explanation=Words(*explanation),
            beside=Words(*beside) if beside else None,
            severity=severity,
            source_paper=source_paper,
            settings=settings,
            clocks=clocks,
            compute=compute,
        )
        return compute

    return declare


def _columns(id_: str, asked: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found = {table: tuple(names.split()) for table, names in asked.items()}
    for table, names in found.items():
        if table not in TABLES or not set(names) <= set(TABLES[table].column_names):
            raise ValueError(f"indicator {id_} needs columns that the mart lacks: {table} {names}")
    return found
