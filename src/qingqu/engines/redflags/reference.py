"""The reference of the indicators as plain values: for the command line, the settings pages and the documents."""

from __future__ import annotations

from typing import Any

from qingqu.engines.redflags.parameters import described
from qingqu.engines.redflags.registry import REGISTER, Indicator, Words


def indicators_reference() -> list[dict[str, Any]]:
    """Every indicator as JSON values, in order of id.

    ``{id, family, title, legal_basis, severity, source_paper, needs, helps, settings, null, innocent, params}``;
    texts are ``{"zh": …, "en": …}``; a parameter is ``{name, kind, default, law, title}``.
    """
    return [_described(REGISTER[name]) for name in sorted(REGISTER)]


def _described(each: Indicator) -> dict[str, Any]:
    return {
        "id": each.id,
        "family": each.family,
        "title": _words(each.title),
        "legal_basis": list(each.legal_basis),
        "severity": each.severity,
        "source_paper": each.source_paper,
        "needs": {table: list(columns) for table, columns in each.needs.items()},
        "helps": {table: list(columns) for table, columns in each.helps.items()},
        "settings": list(each.settings),
        "null": _words(each.null),
        "innocent": [_words(one) for one in each.innocent],
        "params": [
            {
                "name": field.name,
                "kind": field.metadata["kind"],
                "default": field.default,
                "law": field.metadata["law"],
                "title": {"zh": field.metadata["title_zh"], "en": field.metadata["title_en"]},
            }
            for field in described(each.params)
        ],
    }


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
