"""The rulebook: every rule with its source and the span of time in which it stands."""

import json
from collections import defaultdict
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from qingqu.engines.statutes.errors import NotInForce, UnknownRule
from qingqu.engines.statutes.types import Rule


@cache
def _versions() -> dict[str, tuple[Rule, ...]]:
    """Every rule's versions, the latest first."""
    text = resources.files(__package__).joinpath("rules.json").read_text(encoding="utf-8")
    found: dict[str, list[Rule]] = defaultdict(list)
    for entry in json.loads(text)["rules"]:
        found[entry["id"]].append(_rule(entry))
    return {
        key: tuple(sorted(rules, key=lambda rule: rule.effective_on or date.min, reverse=True))
        for key, rules in found.items()
    }


def _rule(entry: dict[str, Any]) -> Rule:
    days = {name: date.fromisoformat(entry[name]) if entry[name] else None for name in ("effective_on", "repealed_on")}
    return Rule(**{**entry, **days, "sources": tuple((doc, article) for doc, article in entry["sources"])})


def rule(rule_id: str, *, on: date | None = None) -> Rule:
    """A rule as it stood on a day; its latest version when no day is given.

    Raises UnknownRule for an id that is not in the rulebook and NotInForce when no version is known for the day.
    """
    versions = _versions().get(rule_id)
    if versions is None:
        raise UnknownRule(
            f"规则库中没有规则“{rule_id}”，请核对编号。", f"the rulebook has no rule {rule_id!r}; check the id"
        )
    if on is None:
        return versions[0]
    for version in versions:
        if version.stands(on):
            return version
    raise NotInForce(
        f"规则“{rule_id}”在{on.isoformat()}没有可引用的版本（现有版本自{versions[-1].effective_on}起施行）。",
        f"rule {rule_id} has no version on record for {on.isoformat()} (known from {versions[-1].effective_on})",
    )


def rules() -> list[Rule]:
    """The latest version of every rule, by id."""
    return [versions[0] for _key, versions in sorted(_versions().items())]
