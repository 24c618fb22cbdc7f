"""Derives the rulebook of the statutes engine from the reference rulebook beside this checkout.

Adds to every rule when its text took effect (read from the law's own last article where the text is at hand) and
what happens when its last day is a day off; writes the statements, which are summaries of ours and are shown, with
Chinese punctuation. Run: python -m tools.derive_rules
"""

import json
import re
from pathlib import Path

from tools.typography import widened

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
    **{
        rule_id: {
            "current": {},
            "earlier": {
                "doc": "保障中小企业款项支付条例(2020)",
                "article": "—",
                "status": "U",
                "src": "未核",
                "note": "2020年版文本未核",
                "effective_on": "2020-09-01",
            },
        }
        for rule_id in ("FI-01", "FI-02")
    },
}
"""Rules whose text changed: the earlier version is kept with its last day, and cited only when it was checked."""

SOURCES: dict[str, list[list[str]]] = {
    "DL-20": [["四种形态统计指标体系（试行）", ""]],
    "DL-29": [["监察法", "56"], ["公职人员政务处分法", "56"]],
    "DL-35": [["=中央纪委审理室答复", ""]],
    "DL-38": [["=中央纪委答复", ""]],
    "ET-23": [["公职人员政务处分法", "42"]],
    "ET-34": [["=地方规定", ""]],
    "ET-35": [["未成年人保护法", "27"], ["义务教育法", "29"]],
    "ET-39": [["=地方规定", ""]],
    "MR-06": [["关于建立侵害未成年人案件强制报告制度的意见（试行）", "3-4"]],
    "PR-36": [["政府采购法（2014年）", "27"], ["政府采购法实施条例（2015年）", "23"]],
    "PR-38": [["=财库〔2020〕10号", ""]],
    "PR-39": [["=财库〔2020〕10号", ""]],
    "PR-40": [["=财政部令第87号", ""]],
    "PR-41": [["=财政部令第87号", ""]],
    "CN-09": [["招标投标法（2017年）", "28"], ["招标投标法实施条例（2019年）", "44"]],
    "FI-03": [["保障中小企业款项支付条例（2025年）", "10"]],
    "FI-04": [["保障中小企业款项支付条例（2025年）", "12,14"]],
    "FI-05": [["保障中小企业款项支付条例（2025年）", "17"]],
    "FI-06": [["保障中小企业款项支付条例（2025年）", "18"]],
    "FI-10": [["义务教育法", "56"], ["教育法", "78"]],
    "FI-18": [["中小学校园食品安全和膳食经费管理工作指引", ""]],
    "FI-19": [["中小学校园食品安全和膳食经费管理工作指引", ""]],
    "FI-20": [["=地方实践", ""]],
    "FI-26": [["=教基一〔2015〕3号", ""]],
    "FI-27": [["=地方规定", ""]],
    "FI-28": [["=地方规定", ""]],
    "FI-30": [["=地方规定", ""]],
    "FI-32": [["预算法", "14"]],
    "AD-06": [["=教育部办公厅阳光招生专项行动（2025年）", ""]],
    "AD-09": [["=教育部门招生入学通知（2025年）", ""]],
    "AD-10": [["=地方规定", ""]],
    "AD-12": [["=地方规定", ""]],
    "AD-13": [["个人信息保护法", "6,25"]],
    "DT-01": [["=GB 32100-2015", ""]],
    "DT-02": [["=GB 11643-1999", ""]],
    "DT-03": [["教育部学校（机构）代码编制规则", ""]],
    "DT-05": [["=GB/T 24589", ""]],
    "PO-07": [["中国共产党支部工作条例（试行）", ""]],
    "PO-08": [["中国共产党支部工作条例（试行）", ""]],
    "PO-09": [["中国共产党支部工作条例（试行）", ""]],
    "RS-03": [["=有关党内法规", ""]],
    "RS-04": [["关于深化落实全面从严治党主体责任的意见", ""]],
    "RS-05": [["=地方实践", ""]],
    "RS-06": [["党委（党组）落实全面从严治党主体责任规定（2020年）", "2"]],
}
"""How rules are cited whose document and article in the reference are shorthand: [document, article], the document
with its quotation marks unless it begins with "=" because it has no title."""


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


def stated(text: str) -> str:
    """A statement with Chinese punctuation and quotation marks."""
    return widened(re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text))


def derive() -> dict[str, object]:
    """The rulebook as the engine reads it."""
    source = json.loads((SHARED / "rules.json").read_text(encoding="utf-8"))
    effective = texts()
    rules = []
    for entry in source["rules"]:
        rolls = entry["op"] in {"<=", "<"} and entry["calendar"] in {"natural", "month"}
        rule = {
            **entry,
            "statement": stated(entry["statement"]),
            "effective_on": edition(entry["doc"], effective),
            "repealed_on": None,
            "rollover": "next_workday" if rolls else "none",
            "sources": SOURCES.get(entry["id"], []),
        }
        if moved := EARLIER.get(entry["id"]):
            rule |= moved["current"]
            rules.append({**rule, **moved["earlier"], "repealed_on": rule["effective_on"]})
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
