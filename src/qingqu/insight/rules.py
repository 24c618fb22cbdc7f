"""What a question asks about."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "LEARNING": ("思想引领", "党纪学习", "党史", "信仰", "学习教育", "learning"),
    "SAFEGUARDS": ("制度机制", "廉政风险", "一岗双责", "审计", "财务", "采购", "招生", "工程", "institution", "audit"),
    "ETHICS": ("师德", "师风", "承诺", "评议", "体罚", "礼金", "有偿补课", "ethics"),
    "SUPERVISION": ("监督执纪", "检查", "举报", "线索", "通报", "整改", "问责", "supervision", "discipline"),
    "PARTY": ("党建", "支部", "党组织", "育人", "党员", "branch"),
}
"""Words of a question that name a pillar, in the founding document's own vocabulary."""


def pillars_asked(question: str) -> frozenset[str]:
    """The pillars a question names; all five when it names none, because then it asks about the whole."""
    lowered = question.lower()
    named = frozenset(pillar for pillar, words in WORDS.items() if any(word in lowered for word in words))
    return named or frozenset(WORDS)
