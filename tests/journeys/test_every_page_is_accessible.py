"""Every page that a role can click to, in both languages, on a desk and on the narrowest telephone."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.checks import assert_accessible, assert_keyboard_reaches, assert_no_sideways_scroll
from tests.journeys.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROLES = ("", "audit", "discipline", "leader", "office", "principal", "secretary", "teacher", "admin")
WIDE, NARROW, HIGH = 1280, 320, 900
MANY = 50
"""Fewer pages than this mean that the walk has lost its way."""

SAID_BY_US = (
    "nav.staff-nav, .site-nav, .site-foot a, label:not(:has([type=checkbox])), legend, button, .btn, dt, h1, h2, h3, "
    "thead th, .form-hint, .page-head:not(:has(h1[lang])) .page-lead, .empty-state, .tile-label, .tile-note, .chip, "
    ".next-step, summary, caption"
)
"""What the program says itself; the district's own records stay in the language they were written in."""

NAME = re.compile("清源区[\u3400-\u9fff]*")
"""A unit of the district keeps its name inside our own sentences."""

CHINESE = re.compile(r"[\u3400-\u9fff]")

CHINESE_WORDS = """
(selector) => [...document.querySelectorAll(selector)].map((element) => {
  const copy = element.cloneNode(true);
  for (const data of copy.querySelectorAll("[lang='zh-CN'], option, td, li > a")) data.remove();
  return element.closest("main [lang='zh-CN'], [lang='zh-CN']:not(html)") ? "" : copy.textContent.trim();
})
"""

PARTS = re.compile(
    r'<form[^>]* action="([^"]*)"|<(?:h2|section|form|table|details|fieldset)[^>]*? (?:id|class)="([^"]*)"'
)
"""What a page is made of and can be used for: its forms and its parts."""

LINKS = re.compile(r'<a[^>]* href="([^"#]+)')

FOCUS = """
() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const outlined = style.outlineStyle !== "none" && style.outlineColor !== "rgba(0, 0, 0, 0)";
  const drawn = style.boxShadow !== "none" || outlined;
  const box = element.getBoundingClientRect();
  return drawn && box.width > 0 && box.top >= 0 && box.bottom <= innerHeight + 1;
}
"""


def kind(address: str) -> str:
    """The address without the numbers of the one thing it shows, and without what is asked of a list."""
    path = urlsplit(address).path
    return "/".join("N" if re.search(r"\d", part) else part for part in path.split("/"))


def pages(page: Page, start: str) -> Iterator[tuple[str, str]]:
    """The page, then one page of each kind that these link to, the menu's first. Gives (address, what is sent)."""
    waiting, known = [start], {kind(start)}
    while waiting:
        address = waiting.pop(0)
        answer = page.request.get(address)
        assert answer.status == 200, f"{address} answered {answer.status}"
        if is_a_file(answer.headers):
            continue
        sent = answer.text()
        yield address, sent
        for link in (urljoin(answer.url, unescape(found)) for found in LINKS.findall(sent)):
            ours = urlsplit(link).netloc == urlsplit(start).netloc
            if ours and kind(link) not in known:
                known.add(kind(link))
                waiting.append(link)


def is_a_file(headers: dict[str, str]) -> bool:
    """Whether an answer is something to save and no page."""
    return "attachment" in headers.get("content-disposition", "") or not headers["content-type"].startswith("text/html")


def is_public(address: str) -> bool:
    """Whether anybody may read the page; the public's own walk looks at it."""
    return not re.match(r"/(work|deployments|duties|settings|accounts)/", urlsplit(address).path)


def assert_one_heading(page: Page) -> None:
    """One first heading with words in it, and a title that begins with something."""
    assert page.locator("h1").count() == 1, f"{page.url} has {page.locator('h1').count()} first headings"
    assert page.locator("h1").inner_text().strip(), f"{page.url} has an empty first heading"
    assert not page.title().startswith(" "), f"{page.url} has no title"


def assert_speaks(page: Page, language: str) -> None:
    """The page says which language it is in, and in English leaves none of our own words in Chinese."""
    assert page.locator("html").get_attribute("lang") == language, f"{page.url} is not marked as {language}"
    if language == "en":
        left = [words for words in page.evaluate(CHINESE_WORDS, SAID_BY_US) if CHINESE.search(NAME.sub("", words))]
        assert not left, f"{page.url} says {left[:5]}"


def wrong_on_a_desk(page: Page, language: str) -> Iterator[str]:
    """What is wrong with the opened page, check by check."""
    for check in (
        lambda: assert_speaks(page, language),
        lambda: assert_one_heading(page),
        lambda: assert_accessible(page),
    ):
        yield from refused(check)


def wrong_on_a_telephone(page: Page) -> Iterator[str]:
    """What is wrong with the opened page when it is as narrow as the narrowest telephone."""
    page.set_viewport_size({"width": NARROW, "height": HIGH})
    yield from refused(lambda: assert_no_sideways_scroll(page))
    page.set_viewport_size({"width": WIDE, "height": HIGH})


def refused(check: Callable[[], None]) -> Iterator[str]:
    """What the check says when it fails, so that one run tells of every page."""
    try:
        check()
    except AssertionError as failure:
        yield str(failure).split("\n\n")[0]


def own_pages(page: Page, role: str, looked_at: set[str]) -> Iterator[str]:
    """Open the pages of the role's walk, except those made of nothing that a page already looked at is not made of.

    What anybody may read is looked at in the public's own walk.
    """
    for address, sent in pages(page, page.url):
        parts = sorted({re.sub(r"[^/]*\d[^/]*", "N", "".join(part)) for part in PARTS.findall(sent)})
        made_of = " ".join([kind(address), *parts])
        if (not role or not is_public(address)) and made_of not in looked_at:
            looked_at.add(made_of)
            page.goto(address)
            yield address


class TestEveryPage:
    def test_is_whole_and_accessible_on_a_desk_and_a_telephone(self, enter: Enter) -> None:
        found: list[str] = []
        looked_at: set[str] = set()
        for role in ROLES:
            page = enter(role)
            for _address in own_pages(page, role, looked_at):
                found += [*wrong_on_a_desk(page, "zh-CN"), *wrong_on_a_telephone(page)]
        assert len(looked_at) >= MANY
        assert not found, "\n".join(found)

    def test_is_whole_in_english(self, enter: Enter) -> None:
        found: list[str] = []
        looked_at: set[str] = set()
        for role in ROLES:
            page = enter(role, language="en")
            for _address in own_pages(page, role, looked_at):
                found += wrong_on_a_desk(page, "en")
        assert len(looked_at) >= MANY
        assert not found, "\n".join(found)


class TestKeyboard:
    @pytest.mark.parametrize(
        ("role", "entry", "action"),
        [
            ("", "公开", "通报"),
            ("audit", "跟踪审计", "现在运行"),
            ("discipline", "问题线索", "登记线索"),
            ("office", "部署与措施", "录入部署"),
            ("principal", "工作看板", "单位 × 措施覆盖情况"),
            ("teacher", "关系申报", "申报"),
            ("admin", "系统设置", "导入导出"),
        ],
    )
    def test_reaches_the_main_action_and_shows_where_it_is(
        self, enter: Enter, role: str, entry: str, action: str
    ) -> None:
        page = enter(role)
        page.locator("header + .staff-frame nav, header nav").get_by_role("link", name=entry, exact=True).click()
        assert_keyboard_reaches(page, action)
        page.wait_for_function(FOCUS, timeout=5_000)

    def test_is_led_to_the_errors_of_a_form(self, enter: Enter) -> None:
        page = enter("discipline")
        page.get_by_role("link", name="问题线索", exact=True).click()
        page.get_by_role("link", name="登记线索").click()
        page.get_by_role("textbox", name="标题").fill("收费问题")
        page.get_by_role("button", name="登记").click()
        expect(page).to_have_title(re.compile("^错误："))
        expect(page.locator(".error-summary")).to_be_focused()
        expect(page.get_by_role("textbox", name="标题")).to_have_value("收费问题")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_label("涉及单位")).to_be_focused()
        assert_accessible(page)


class TestWhatCannotBeUndone:
    def test_is_asked_once_and_can_be_left(self, enter: Enter) -> None:
        page = enter("admin")
        page.get_by_role("link", name="系统设置").click()
        page.get_by_role("link", name="人员与账号").click()
        page.get_by_label("姓名、工号或用户名的开头").fill("teacher")
        page.get_by_role("button", name="查找").click()
        page.locator("tbody a").first.click()
        page.get_by_role("button", name="停用账号").click()
        expect(page.locator("main")).to_contain_text("已登录的设备全部退出")
        assert_accessible(page)
        page.get_by_role("link", name="取消").click()
        expect(page.get_by_role("button", name="停用账号")).to_be_visible()

    def test_keeps_the_typed_reason_for_who_goes_back(self, enter: Enter) -> None:
        page = enter("office")
        page.get_by_role("link", name="公开件", exact=True).click()
        page.locator("tbody tr", has_text="已发布").first.get_by_role("link").first.click()
        page.locator("summary", has_text="撤回").click()
        page.locator("#withdraw").get_by_role("textbox").fill("数据有误")
        page.locator("#withdraw").get_by_role("button", name="撤回").click()
        expect(page.locator("main")).to_contain_text("正文不再公开")
        assert_accessible(page)
        page.get_by_role("button", name="返回，不做改变").click()
        expect(page.locator("#withdraw").get_by_role("textbox")).to_have_value("数据有误")
        expect(page.locator("#withdraw").get_by_role("textbox")).to_be_in_viewport()
        assert_accessible(page)


class TestAFormNobodyIsKnownToHaveSent:
    @pytest.mark.parametrize(("language", "said"), [("zh-CN", "什么也没有改变"), ("en", "nothing was changed")])
    def test_is_refused_on_a_page_like_every_other(self, enter: Enter, language: str, said: str) -> None:
        page = enter("", language=language)
        page.goto(urljoin(page.url, "/accounts/login/"))
        page.context.clear_cookies(name="csrftoken")
        page.locator("main input[name=login]").fill("teacher")
        page.locator("main input[name=password]").fill("wrong")
        page.locator("main form.form-narrow button[type=submit]").first.click()
        expect(page.locator("h1")).to_contain_text(said)
        assert not [*wrong_on_a_desk(page, language), *wrong_on_a_telephone(page)]
