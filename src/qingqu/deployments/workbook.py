"""The shape of the directives workbook: two sheets, the words that stand for codes, and how to fill it."""

from qingqu.deployments.rules import PILLAR_WORDS, RECURRENCE_WORDS
from qingqu.kernel.org.sheets.columns import Column, Sheet

DIRECTIVES = Sheet(
    "部署",
    (
        Column("编号", "code", is_required=True, longest=40),
        Column("标题", "title", is_required=True, longest=200),
        Column("文号", "number", longest=80),
        Column("发布机关", "issuer", is_required=True),
        Column("发布日期", "issued_on", holds="DATE", is_required=True),
        Column("来源链接", "source_url", longest=300),
        Column("摘要", "summary", longest=5000),
        Column("正文", "text", longest=32000),
        Column("对外公开", "is_public", holds="FLAG"),
        Column("外部参考", "is_external_reference", holds="FLAG"),
    ),
    ("code",),
)
MEASURES = Sheet(
    "措施",
    (
        Column("措施编号", "key", is_required=True, longest=40),
        Column("部署编号", "directive", is_required=True, longest=40),
        Column(
            "方面", "pillar", holds="CHOICE", is_required=True, choices={str(k): v for k, v in PILLAR_WORDS.items()}
        ),
        Column("方面标题", "pillar_title"),
        Column("关键词", "keyword", longest=60),
        Column("顺序", "order", is_required=True, longest=4),
        Column("措施名称", "name", is_required=True),
        Column("部署内容", "text", longest=32000),
        Column("表中措施", "table_label", longest=60),
        Column("目标效果", "target_effect", longest=200),
        Column("小结标题", "closing_label", longest=60),
        Column("牵头岗位代码", "owner", longest=60),
        Column("开始日期", "starts_on", holds="DATE"),
        Column("完成日期", "ends_on", holds="DATE"),
        Column("频次", "recurrence", holds="CHOICE", choices={str(k): v for k, v in RECURRENCE_WORDS.items()}),
        Column("衡量指标", "indicator"),
        Column("佐证来源", "evidence_kinds", longest=600),
    ),
    ("key",),
)
SHEETS = (DIRECTIVES, MEASURES)

GUIDE = (
    "清渠：部署与措施模板",
    "各表第一行是表头，请勿改动；带 * 的列必填，见下表。",
    "日期写作 2026-09-01；“对外公开”“外部参考”填“是”或“否”。",
    "佐证来源填事件代码，多个用顿号分开，如 rectification.closed、audit.run_finished。",
    "编号相同的行视为修改；表中没有出现的部署和措施保持不变。",
    "先试算再导入：试算不改变任何数据，逐格列出错误。",
)

SEPARATOR = "、"
