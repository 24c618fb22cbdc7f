"""The words a question may use, in both languages, and the words the records use for the same thing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One thing that may be asked about.

    ``needle`` is the records' own word for it, ``said`` are the words a question may use (English ones as the beginning
    of a word), ``pillar`` is where it belongs when no measure holds the needle, ``finding`` names the figures of the
    pillars' own work that answer it.
    """

    pillar: str
    needle: str
    said: tuple[str, ...]
    finding: str = ""


PILLARS: dict[str, tuple[str, ...]] = {
    "LEARNING": ("思想引领", "理论学习", "信仰根基", "学习教育", "learning", "study", "ideolog"),
    "SAFEGUARDS": ("制度机制", "制度建设", "权力运行", "权力笼子", "institution", "safeguard"),
    "ETHICS": ("师德师风", "师德", "师风", "ethic", "teacher conduct", "professional conduct"),
    "SUPERVISION": ("监督执纪", "监督问责", "监督", "执纪", "问责", "supervis", "discipline", "accountab"),
    "PARTY": ("党建融合", "党建", "party building", "party work"),
}
"""Words that ask for a pillar as a whole; the keyword of its own directive does so too."""

TOPICS: tuple[Topic, ...] = (
    Topic("LEARNING", "党纪", ("党纪", "纪律处分条例", "廉洁自律准则", "party discipline")),
    Topic("LEARNING", "党史", ("党史", "party history")),
    Topic("SAFEGUARDS", "廉政风险", ("廉政风险", "风险防控", "风险点", "integrity risk", "risk")),
    Topic("SAFEGUARDS", "一岗双责", ("一岗双责", "责任链条", "dual responsibilit")),
    Topic("SAFEGUARDS", "招生", ("招生", "录取", "admission", "enrolment", "enrollment")),
    Topic("SAFEGUARDS", "采购", ("采购", "招标", "procurement", "purchas", "tender")),
    Topic("SAFEGUARDS", "工程", ("工程", "基建", "construction")),
    Topic("SAFEGUARDS", "经费", ("经费", "资金", "预算", "funds", "funding", "budget", "spending")),
    Topic("SAFEGUARDS", "财务", ("财务", "financ", "account book")),
    Topic("SAFEGUARDS", "审计", ("跟踪审计", "审计", "待核查提示", "提示", "audit", "flag", "hint"), "FLAGS"),
    Topic("SAFEGUARDS", "公示", ("公开公示", "公示", "disclos")),
    Topic("SAFEGUARDS", "挪用", ("挪用", "misappropriat", "embezzl")),
    Topic("SAFEGUARDS", "虚报冒领", ("虚报冒领", "虚报", "冒领", "false claim")),
    Topic("ETHICS", "承诺", ("承诺书", "承诺", "pledge")),
    Topic("ETHICS", "评议", ("评议", "evaluat")),
    Topic("ETHICS", "考核", ("考核", "appraisal")),
    Topic("ETHICS", "评优", ("评优", "评先", "award")),
    Topic("ETHICS", "职称", ("职称", "promotion")),
    Topic("ETHICS", "失范", ("失范", "misconduct")),
    Topic("ETHICS", "体罚", ("体罚", "corporal punishment")),
    Topic("ETHICS", "礼金", ("礼品礼金", "礼金", "礼品", "gift")),
    Topic("ETHICS", "有偿补课", ("有偿补课", "补课", "paid tutoring", "tutoring")),
    Topic("ETHICS", "典型", ("典型", "role model", "exemplar")),
    Topic("SUPERVISION", "检查", ("专项检查", "检查", "巡察", "inspect")),
    Topic(
        "SUPERVISION", "举报", ("举报", "投诉", "信访", "信箱", "热线", "hotline", "whistle", "complain", "reporting")
    ),
    Topic("SUPERVISION", "线索", ("线索", "leads", "clue"), "LEADS"),
    Topic("SUPERVISION", "整改", ("整改", "rectif"), "RECTIFICATIONS"),
    Topic("SUPERVISION", "通报", ("通报", "曝光", "notice", "circular"), "PUBLICATIONS"),
    Topic("SUPERVISION", "查处", ("查处", "违纪", "违法", "violation")),
    Topic("PARTY", "育人", ("育人", "课程", "校园文化", "curricul", "campus culture")),
    Topic("PARTY", "党支部", ("党支部", "支部", "party branch", "branch")),
    Topic("PARTY", "党组织", ("党组织", "party organi")),
    Topic("PARTY", "主题党日", ("主题党日", "党日", "party day")),
    Topic("PARTY", "党员", ("党员", "party member")),
    Topic("PARTY", "责任区", ("责任区",)),
    Topic("PARTY", "示范岗", ("示范岗", "model post")),
)
"""What may be asked about, in the founding document's own vocabulary and that of the pillars' own records."""

WHOLE = tuple(
    (
        "全面从严治党 从严治党 教育生态 廉洁建设 廉洁 清廉 部署 措施 责任 落实 佐证 逾期 成效 效果 deployment "
        "measure ecosystem clean governance directive overdue evidence effect"
    ).split()
)
"""Words that ask about the whole of the work."""

EMPTY = tuple(
    (
        "请问 我想知道 想知道 想了解 了解 介绍 告诉我 一下 有哪些 有什么 有多少 有没有 有关 哪些 哪个 哪里 什么 "
        "多少 几个 几项 几件 几条 如何 怎么样 怎么 怎样 为什么 是否 是不是 关于 方面 情况 进展 目前 现在 今年 "
        "最近 最新 近期 这些 以来 推动 促进 优化 加强 强化 深入 开展 做了 已经 可以 应该 治理 本区 全区 我区 区里 "
        "教师队伍 教育系统 教育局 学校 教师 老师 学生 家长 工作 活动 建设 问题 教育 的 吗 呢 了 吧 啊 与 和 及 或 "
        "是 将"
    ).split()
)
"""Words of a question that say nothing of what it is about; they end the words beside them."""

EMPTY_ENGLISH = frozenset(
    "a about all an and any are be been by can current did do does district education for from give has have how i in "
    "is it its latest many me much new now of on or our please recent s school schools show so some teacher teachers "
    "tell than that the their there these they this those to us was were what when where which who why will with work "
    "you your corps better drive they".split()
)
"""The same in English."""
