"""The shape of the workbook: its sheets, their columns, and the words that stand for codes."""

import dataclasses
from dataclasses import dataclass
from datetime import date

Value = str | date | bool | None
Row = dict[str, Value]
Key = tuple[Value, ...]
Rows = dict[Key, Row]
State = dict[str, Rows]
"""{sheet: {key: row}}: everything the workbook holds, or everything the database holds."""

KINDS = {
    "DISTRICT": "区级机关",
    "OFFICE": "科室",
    "KINDERGARTEN": "幼儿园",
    "PRIMARY": "小学",
    "JUNIOR": "初中",
    "SENIOR": "高中",
    "VOCATIONAL": "中等职业学校",
    "SPECIAL": "特殊教育学校",
    "DEPARTMENT": "校内部门",
    "CLASS": "班级",
}
ROLES = {
    "TEACHER": "教职工",
    "PRINCIPAL": "校长（园长）",
    "SECRETARY": "书记",
    "OFFICE": "工委办公室",
    "LEADER": "区级领导",
    "DISCIPLINE": "派驻纪检",
    "AUDITOR": "财务审计",
    "ADMINISTRATOR": "系统管理员",
}
OTHERS = {"PERSON": "本系统人员", "SUPPLIER": "供应商"}
TIES = {
    "SPOUSE": "配偶",
    "LINEAL": "直系血亲",
    "COLLATERAL": "三代以内旁系血亲",
    "AFFINITY": "近姻亲",
    "EMPLOYMENT": "劳动关系",
    "SHARES": "持股或任职",
    "OTHER": "其他利害关系",
}


@dataclass(frozen=True)
class Column:
    """One column: its header, the field it fills, and what its cells hold (TEXT, DATE, FLAG or CHOICE)."""

    header: str
    field: str
    holds: str = "TEXT"
    is_required: bool = False
    longest: int = 120
    choices: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its columns in order, and the fields that name a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def key_of(self, row: Row) -> Key:
        """What names the row."""
        return tuple(row[name] for name in self.key)


UNITS = Sheet(
    "单位",
    (
        Column("单位代码", "code", is_required=True, longest=40),
        Column("单位名称", "name", is_required=True),
        Column("单位类型", "kind", "CHOICE", is_required=True, choices=KINDS),
        Column("上级单位代码", "parent", longest=40),
        Column("撤销日期", "closed_on", "DATE"),
    ),
    ("code",),
)
PEOPLE = Sheet(
    "人员",
    (
        Column("工号", "number", is_required=True, longest=40),
        Column("姓名", "name", is_required=True, longest=60),
        Column("所在单位代码", "unit", is_required=True, longest=40),
        Column("电子邮箱", "email", longest=254),
        Column("中共党员", "is_party_member", "FLAG"),
        Column("离职日期", "left_on", "DATE"),
    ),
    ("number",),
)
POSTS = Sheet(
    "岗位",
    (
        Column("岗位代码", "code", is_required=True, longest=60),
        Column("单位代码", "unit", is_required=True, longest=40),
        Column("岗位名称", "title", is_required=True, longest=60),
        Column("角色", "role", "CHOICE", is_required=True, choices=ROLES),
        Column("撤销日期", "closed_on", "DATE"),
    ),
    ("code",),
)
APPOINTMENTS = Sheet(
    "任职",
    (
        Column("岗位代码", "post", is_required=True, longest=60),
        Column("工号", "person", is_required=True, longest=40),
        Column("任职日期", "starts_on", "DATE", is_required=True),
        Column("离任日期", "ends_on", "DATE"),
    ),
    ("post", "person", "starts_on"),
)
RELATIONSHIPS = Sheet(
    "关系",
    (
        Column("工号", "person", is_required=True, longest=40),
        Column("对方类型", "other_kind", "CHOICE", is_required=True, choices=OTHERS),
        Column("对方工号或供应商代码", "other", is_required=True, longest=60),
        Column("对方名称", "other_name"),
        Column("关系", "kind", "CHOICE", is_required=True, choices=TIES),
        Column("申报日期", "declared_on", "DATE", is_required=True),
        Column("起始日期", "starts_on", "DATE"),
        Column("终止日期", "ends_on", "DATE"),
    ),
    ("person", "other_kind", "other", "kind", "declared_on"),
)
SHEETS = (UNITS, PEOPLE, POSTS, APPOINTMENTS, RELATIONSHIPS)
NOTES = "说明"
