"""A petition from the letter that came in to the end of its re-check: extended once, reviewed twice, by clicking."""

from io import BytesIO
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from qingqu.kernel.core.clock import today
from qingqu.kernel.org.models import Unit
from qingqu.kernel.org.types import Role
from qingqu.pillars.petitions.models import Petition
from tests.factories import make_unit, seat
from tests.journeys.checks import assert_accessible, assert_no_sideways_scroll
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


class People:
    """Who handles petitions in the district."""

    def __init__(self) -> None:
        """Seat the office, its two colleagues and the head."""
        self.root: Unit = make_unit()
        self.school = make_unit("第一小学", parent=self.root, kind="PRIMARY")
        self.office = seat(Role.OFFICE, self.root, "办公室甲")
        self.reviewer = seat(Role.OFFICE, self.root, "办公室乙")
        self.rechecker = seat(Role.OFFICE, self.root, "办公室丙")
        self.head = seat(Role.LEADER, self.root, "局领导")


def looks_right(page: Page) -> None:
    """Accessible as it is, and no wider than the narrowest telephone."""
    assert_accessible(page)
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 900})
    assert_no_sideways_scroll(page)
    page.set_viewport_size(size)  # type: ignore[arg-type]


def open_step(page: Page, title: str) -> None:
    """Unfold a step unless it is the only one and lies open."""
    step = page.locator("details").filter(has=page.locator("summary", has_text=title)).first
    if step.get_attribute("open") is None:
        step.locator("summary").click()


def register(page: Page) -> None:
    """The office enters a parent's letter."""
    page.get_by_role("link", name="信访", exact=True).first.click()
    looks_right(page)
    page.get_by_role("link", name="登记信访").click()
    page.get_by_label("标题").fill("课后服务收费")
    page.get_by_label("类别").select_option("CLAIM")
    page.get_by_label("涉及单位").select_option(label="第一小学")
    page.get_by_label("信访请求和事实").fill("请求退还多收的课后服务费")
    page.get_by_role("textbox", name="信访人", exact=True).fill("王家长")
    page.get_by_label("联系电话").fill("13900000000")
    looks_right(page)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记，编号 XF")).to_be_visible()


def give_opinion(page: Page, outcome: str, button: str) -> None:
    """Fill in every element of an opinion and issue it."""
    page.get_by_label(outcome).check()
    page.locator("[name=request]").fill("退还多收的费用")
    page.locator("[name=facts]").fill("经查，收费符合公示标准")
    page.locator("[name=opinion]").fill("已当面解释收费构成")
    page.locator("[name=basis]").fill("课后服务收费管理规定")
    page.locator("[name=organ]").fill("清源区教育局")
    page.get_by_role("button", name=button).click()


def ask_for(page: Page, step: str, button: str) -> None:
    """The petitioner asks for the next opinion."""
    open_step(page, step)
    page.locator("details").filter(has_text=step).locator("[name=ground]").first.fill("仍认为多收")
    page.get_by_role("button", name=button).click()


def letter(page: Page, ordinal: int, folder: Path) -> str:
    """The text of a letter that the page offers."""
    with page.expect_download() as saved:
        page.get_by_role("link", name="DOCX").nth(ordinal - 1).click()
    path = folder / f"{ordinal}.docx"
    saved.value.save_as(path)
    return "\n".join(line.text for line in docx.Document(BytesIO(path.read_bytes())).paragraphs)


def test_is_extended_once_and_reviewed_by_others(open_page: OpenPage, tmp_path: Path) -> None:
    people = People()
    office = open_page("/work/", person=people.office)
    register(office)
    row = Petition.objects.get()
    office.get_by_role("link", name=str(row.number)).click()
    looks_right(office)

    open_step(office, "受理")
    office.locator("#accept_told").fill("当面送达受理告知书")
    office.get_by_role("button", name="决定受理", exact=True).click()
    open_step(office, "交承办科室")
    office.get_by_label("承办科室").fill("基础教育科")
    office.get_by_role("button", name="交办", exact=True).click()
    expect(office.get_by_text("已交承办科室。")).to_be_visible()

    head = open_page(f"/work/petitions/{row.pk}/", person=people.head)
    open_step(head, "延长办理期限")
    head.locator("#extend_ground").fill("需委托审计")
    head.locator("#extend_told").fill("书面告知延期理由")
    looks_right(head)
    head.get_by_role("button", name="批准延期").click()
    expect(head.get_by_text("已批准延期。")).to_be_visible()
    expect(head.get_by_role("button", name="批准延期")).to_have_count(0)
    expect(head.get_by_text("在延长的期限内办结并出具处理意见")).to_be_visible()

    office.reload()
    open_step(office, "出具处理意见")
    give_opinion(office, "解释说明", "出具处理意见书")
    expect(office.get_by_text("处理意见已出具")).to_be_visible()
    looks_right(office)
    assert "请求复查" in letter(office, 1, tmp_path)

    ask_for(office, "信访人请求复查", "登记复查请求")
    give_opinion(office, "不予支持", "出具复查意见书")
    expect(office.get_by_text("须由另一人作出").first).to_be_visible()
    reviewer = open_page(f"/work/petitions/{row.pk}/", person=people.reviewer)
    give_opinion(reviewer, "不予支持", "出具复查意见书")
    expect(reviewer.get_by_text("复查意见已出具")).to_be_visible()

    ask_for(reviewer, "信访人请求复核", "登记复核请求")
    open_step(reviewer, "听证")
    reviewer.locator("#hear_ground").fill("双方要求听证")
    reviewer.get_by_role("button", name="开始听证").click()
    expect(reviewer.get_by_text("暂停计时").first).to_be_visible()
    open_step(reviewer, "听证结束")
    reviewer.get_by_role("button", name="恢复计时").click()
    expect(reviewer.get_by_text("已恢复计时。")).to_be_visible()

    rechecker = open_page(f"/work/petitions/{row.pk}/", person=people.rechecker)
    open_step(rechecker, "作出复核意见")
    give_opinion(rechecker, "不予支持", "出具复核意见书")
    expect(rechecker.get_by_text("信访终结").first).to_be_visible()
    looks_right(rechecker)
    assert "不再受理" in letter(rechecker, 3, tmp_path)
    row.refresh_from_db()
    assert (row.state, row.closed_on) == ("CLOSED", today())


def test_is_told_to_the_public_how(open_page: OpenPage) -> None:
    People()
    page = open_page("/")

    page.get_by_role("navigation", name="主导航").get_by_role("link", name="信访").click()

    expect(page.get_by_text("多人走访的，请推选代表，不超过 5 人。")).to_be_visible()
    looks_right(page)
