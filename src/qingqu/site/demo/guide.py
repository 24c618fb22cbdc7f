"""The demo accounts and what to look at first."""

from dataclasses import asdict, dataclass
from typing import Any

PASSWORD = "qingqu-demo-2026"  # noqa: S105 - printed for everybody; the demo guards nothing
"""The password of every demo account."""


@dataclass(frozen=True)
class DemoAccount:
    """A sign-in of the demo: user name, the seat its person holds, and what it is good for."""

    username: str
    seat: str
    zh: str
    en: str


ACCOUNTS = (
    DemoAccount("audit", "QY.AUDITOR.1", "审计：导入、跟踪审计、核查提示", "audit: imports, runs, flags, triage"),
    DemoAccount(
        "discipline",
        "QY.DISCIPLINE.1",
        "派驻纪检监察组：线索处置、整改、通报",
        "discipline: leads, rectification, notices",
    ),
    DemoAccount("discipline2", "QY.DISCIPLINE.2", "派驻纪检监察组：复核", "discipline: re-check"),
    DemoAccount("leader", "QY.LEADER.1", "教育工委书记：审批处置", "leader: approvals"),
    DemoAccount(
        "office", "QY.OFFICE.DW", "教育工委办公室：部署、覆盖、发布", "office: directives, coverage, publishing"
    ),
    DemoAccount("principal", "QY021.PRINCIPAL", "校长：我的责任、整改", "principal: duties, rectification"),
    DemoAccount("principal2", "QY022.PRINCIPAL", "邻校校长：看不到别校的内容", "a neighbour: sees nothing of others"),
    DemoAccount("secretary", "QY021.SECRETARY", "学校党支部书记", "school Party-branch secretary"),
    DemoAccount("teacher", "QY021.FINANCE", "学校会计（普通教职工）", "school accountant (staff)"),
    DemoAccount("admin", "QY.ADMINISTRATOR.1", "系统管理员：单位、岗位、账号", "administrator: units, posts, accounts"),
)

PILLAR_OWNERS = {
    "LEARNING": "QY.OFFICE.DW",
    "SAFEGUARDS": "QY.OFFICE.CW",
    "ETHICS": "QY.OFFICE.RS",
    "SUPERVISION": "QY.DISCIPLINE.1",
    "PARTY": "QY.OFFICE.DD",
}
"""Which seat leads each pillar's measures."""


def text(*, port: int) -> str:
    """What is printed when the demo is ready, in both languages."""
    lines = [
        "",
        f"  清渠演示区已就绪 / the demo district is ready:  http://127.0.0.1:{port}",
        "",
        f"  账号 / accounts （密码 / password: {PASSWORD}）",
        *(f"    {each.username:<12} {each.zh} / {each.en}" for each in ACCOUNTS),
        "",
        "  先看 / look first:",
        "    1. 首页的实时答案，点开任意一句 / the live answer on the first page: open any sentence",
        "    2. audit → 待核查提示：打开一条，转为问题线索 / open a flag, make it a lead",
        "    3. discipline → 问题线索：提出处置；leader 审批 / propose a disposition; leader approves",
        "    4. discipline 下达整改，principal 完成，discipline2 复核 / order, do, re-check a rectification",
        "    5. discipline 起草通报，office 发布，再看实时答案 / draft, publish, and see the answer change",
        "    6. 首页 → 随机抽签：打开已抽出的一场，下载复算包自行复算 / 随机抽签 on the portal: replay a draw yourself",
        "",
    ]
    return "\n".join(lines)


def as_json(*, port: int) -> dict[str, Any]:
    """The same as data: {address, password, accounts: [{username, seat, zh, en}]}."""
    accounts = [asdict(each) for each in ACCOUNTS]
    return {"address": f"http://127.0.0.1:{port}", "password": PASSWORD, "accounts": accounts}
