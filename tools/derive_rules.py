"""Derives the rulebook of the statutes engine from the reference rulebook beside this checkout.

Adds to every rule when its text took effect (read from the law's own last article where the text is at hand) and
what happens when its last day is a day off. Run: python tools/derive_rules.py
"""

import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
SHARED = HERE.parent / "shared" / "rulebook"
TARGET = HERE / "src" / "qingqu" / "engines" / "statutes" / "rules.json"
IN_FORCE = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:施行|实施)")
TEXT_NAME = re.compile(r"(.+)\((\d{4}-\d{2}-\d{2})\)")
EARLIER = {
    "DT-07": {
        "current": {"effective_on": "2026-01-01"},
        "earlier": {"doc": "网络安全法(2016)", "article": "21(3)", "effective_on": "2017-06-01"},
    },
}
"""Rules whose article moved, as the reference's own note says: the earlier version is kept with its last day."""


def texts() -> dict[str, str]:
    """When each law at hand took effect in the edition at hand: {name: ISO date}."""
    found = {}
    for path in sorted((SHARED / "laws").glob("*.md")):
        named = TEXT_NAME.fullmatch(path.stem)
        if named is None:
            continue
        name, edition = named.groups()
        dates = [
            "-".join((y, m.zfill(2), d.zfill(2))) for y, m, d in IN_FORCE.findall(path.read_text(encoding="utf-8"))
        ]
        found[name] = max([edition, *dates[-1:]])
    return found


def edition(doc: str, effective: dict[str, str]) -> str | None:
    """The day a rule's document took effect, when its text is at hand and its edition is the cited one."""
    name = re.sub(r"[(\uff08].*", "", doc)
    day = effective.get(name)
    year = re.search(r"[(\uff08](\d{4})", doc)
    return day if day and (year is None or int(year[1]) <= int(day[:4]) <= int(year[1]) + 1) else None


def derive() -> dict[str, object]:
    """The rulebook as the engine reads it."""
    source = json.loads((SHARED / "rules.json").read_text(encoding="utf-8"))
    effective = texts()
    rules = []
    for entry in source["rules"]:
        rolls = entry["op"] in {"<=", "<"} and entry["calendar"] in {"natural", "month"}
        rule = {
            **entry,
            "effective_on": edition(entry["doc"], effective),
            "repealed_on": None,
            "rollover": "next_workday" if rolls else "none",
        }
        if moved := EARLIER.get(entry["id"]):
            rule |= moved["current"]
            rules.append({**rule, **moved["earlier"], "repealed_on": moved["current"]["effective_on"]})
        rules.append(rule)
    return {
        "source": "reference rulebook of the project, derived by tools/derive_rules.py",
        "generated": source["generated"],
        "status_legend": source["status_legend"],
        "calendar_legend": source["calendar_legend"],
        "rules": rules,
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(derive(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
