"""A citizen keeps the proof of a notice and checks it without the network; a changed character is found and named."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qingqu.kernel.ledger import installation, proofs, tasks
from qingqu.kernel.publications.models import Publication
from tests.journeys.checks import assert_accessible, assert_no_sideways_scroll
from tests.journeys.conftest import OpenPage
from tests.kernel.publications.test_operations import people, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def notice(transactional_db: None) -> Publication:
    """A notice whose publishing is in the public log."""
    row = published(people())
    tasks.keep()
    return row


def saved(page: Page, row: Publication, folder: Path, *, button: str = "下载证明文件") -> Path:
    """The proof file as the citizen saves it from the notice's page."""
    page.goto(f"/publications/{row.number}/")
    with page.expect_download() as download:
        page.get_by_role("link", name=button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def changed(path: Path, **parts: object) -> Path:
    """A copy of a proof file with some parts replaced."""
    made = path.with_name(f"changed-{path.name}")
    made.write_text(json.dumps(json.loads(path.read_text()) | parts, ensure_ascii=False))
    return made


def one_character(path: Path) -> Path:
    """The proof file with one character of the text replaced."""
    copy = base64.b64decode(json.loads(path.read_text())["copy"]).decode()
    return changed(path, copy=base64.b64encode(copy.replace("受到处理", "未到处理").encode()).decode())


class TestCitizen:
    @pytest.mark.parametrize(("width", "language"), [(1280, "zh-hans"), (320, "zh-hans"), (320, "en")])
    def test_checks_a_saved_file_without_the_network(
        self, open_page: OpenPage, notice: Publication, tmp_path: Path, width: int, language: str
    ) -> None:
        is_english = language == "en"
        page = open_page("/", width=width, language=language)
        button = "Download the proof file" if is_english else "下载证明文件"
        path = saved(page, notice, tmp_path, button=button)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        page.get_by_role("link", name="Verify" if is_english else "核验").last.click()
        page.wait_for_url("**/verify")
        page.wait_for_load_state("networkidle")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.context.set_offline(True)

        page.locator("[data-file]").set_input_files(path)
        expect(page.locator("[data-verdict]")).to_contain_text("Verified" if is_english else "核验通过")
        expect(page.locator("[data-step=leaf]")).to_contain_text("entry no." if is_english else "日志的第")
        expect(page.locator(".facts").first).to_contain_text("关于某校采购问题的通报")
        assert_accessible(page)
        assert_no_sideways_scroll(page)

        page.locator("[data-file]").set_input_files(one_character(path))
        expect(page.locator("[data-verdict]")).to_contain_text("Not verified" if is_english else "核验未通过")
        step = page.locator("[data-step=text]")
        expect(step).to_contain_text("not the one committed to" if is_english else "文本与发布时承诺的不同")
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        assert asked == []

    def test_opens_a_notice_and_presses_one_button(self, open_page: OpenPage, notice: Publication) -> None:
        page = open_page(f"/publications/{notice.number}/")
        page.locator("#log").get_by_role("link", name="核验").click()
        expect(page.locator("[data-verdict]")).to_contain_text("核验通过")
        expect(page.locator("[data-step=head]")).to_contain_text("与日志现在的检查点相同")
        assert_accessible(page)

    def test_is_told_that_a_number_does_not_exist(self, open_page: OpenPage, notice: Publication) -> None:
        page = open_page("/verify")
        page.get_by_label("公开件编号").fill("GK1999-000001")
        page.get_by_role("button", name="按编号核验").click()
        expect(page.locator("main .notice-warning")).to_contain_text("没有这个编号的公开件")

    def test_finds_that_the_log_was_rolled_back(self, open_page: OpenPage, notice: Publication) -> None:
        folder = installation.folder()
        old = folder.read("checkpoint")
        assert old
        published(people(), title="另一份通报")
        tasks.keep()
        folder.write("checkpoint", old)
        page = open_page(f"/verify?number={notice.number}")
        expect(page.locator("[data-verdict]")).to_contain_text("核验未通过")
        expect(page.locator("[data-step=head]")).to_contain_text("日志被退回过")

    def test_uses_the_kept_verifier_years_later(self, open_page: OpenPage, notice: Publication, tmp_path: Path) -> None:
        page = open_page("/")
        path = saved(page, notice, tmp_path)
        page.goto("/verify")
        shown = page.locator("#keep ~ p code").first.inner_text()
        with page.expect_download() as download:
            page.get_by_role("link", name="下载核验工具").click()
        tool = tmp_path / "verifier.html"
        download.value.save_as(tool)
        assert hashlib.sha256(tool.read_bytes()).hexdigest() == shown
        fingerprint = proofs.fingerprint(installation.signer().vkeys[0])

        page.context.set_offline(True)
        page.goto(tool.as_uri())
        own = page.locator("div[lang=zh-CN] [data-verifier]")
        own.locator("[data-file]").set_input_files(path)
        expect(own.locator("[data-verdict]")).to_contain_text("没有发现改动，但还不足以确认")
        expect(own.locator("[data-step=key]")).to_contain_text("与海报对照")
        own.locator("summary").click()
        own.locator("[data-given]").fill(fingerprint)
        own.locator("[data-check]").click()
        expect(own.locator("[data-verdict]")).to_contain_text("核验通过")
        own.locator("[data-given]").fill(fingerprint.replace("a", "b"))
        own.locator("[data-check]").click()
        expect(own.locator("[data-verdict]")).to_contain_text("核验未通过")
        english = page.locator("div[lang=en] [data-verifier]")
        english.locator("summary").click()
        english.locator("[data-paste]").fill(path.read_text())
        english.locator("[data-check]").click()
        expect(english.locator("[data-step=text]")).to_contain_text("has the SHA-256 that the entry commits to")
        assert_accessible(page)


class TestWithoutScript:
    def test_the_page_says_how_to_check_otherwise(self, browser: object, live_server: object) -> None:
        context = browser.new_context(java_script_enabled=False, locale="zh-CN", base_url=live_server.url)  # type: ignore[attr-defined]
        page = context.new_page()
        page.goto("/verify")
        expect(page.locator("[data-without-script]")).to_contain_text("命令行核验")
        expect(page.locator("pre")).to_contain_text("qingqu ledger verify")
        assert page.locator("[data-needs-script]").is_hidden()
        context.close()
