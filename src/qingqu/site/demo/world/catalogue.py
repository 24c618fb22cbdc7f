"""The demo district's catalogue: procurement methods, what each trade sells, and the accounts it is paid from."""

OPEN_LIMIT_FEN = 400_000_000
"""The demo district's own limit above which a purchase is tendered openly (a district setting, PR-44)."""

METHODS = {
    "公开招标": "OPEN", "竞争性磋商": "CONSULTATION", "竞争性谈判": "NEGOTIATION", "询价": "INQUIRY",
    "单一来源": "SINGLE_SOURCE",
}  # fmt: skip
"""Procurement methods by name, and the codes they are filed under."""

CATEGORIES = {
    "GOODS": ("05010201", "05010301", "05040101", "06030100"),
    "DIGITAL": ("02010105", "02010301", "02020100"),
    "WORKS": ("52050000", "53070000"),
    "SERVICE": ("21040000", "81140100", "24030000"),
}
"""Catalogue codes of what each trade sells."""

ACCOUNTS = {"GOODS": "31002", "DIGITAL": "31007", "WORKS": "30213", "SERVICE": "30209"}
"""The budget account each trade is paid from."""
