"""The main job, from records that come in to an answer that changes: everybody clicks, nobody types an address."""

import csv
import re
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Enter
from tests.journeys.district import District

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCHOOL = "QY021"
HEADS = ("付款编号", "发票编号", "合同编号", "收款单位", "付款日期", "付款金额（元）", "会计科目", "学校")
REASON = "调阅发票与付款凭证：同一张发票已全额支付，此笔为再次支付。"
PLAN = "五个工作日内追回重复支付的款项，并在付款前核对发票台账。"
DONE = "款项已于今日追回入账，台账核对制度已建立，收款凭证见附件。"
TITLE = "关于一起重复付款问题整改情况的通报"
BODY = "某校就同一张发票重复付款。经核查，款项已追回。校长王立新已被约谈。如需了解情况，请致电13912345678。"
CLEAN_BODY = "某校就同一张发票重复付款。经核查，款项已追回，相关责任人已被约谈。"
OFFICE_PHONE = "0571-88001234"


@dataclass(frozen=True)
class Paid:
    """A payment in the district's records that settled its invoice in full."""

    payment_id: str
    invoice_id: str
    contract_id: str
    supplier_id: str
    amount_fen: int
    account_code: str


@pytest.fixture
def settled(district: District) -> Paid:
    """An invoice of the school that one payment has settled: paying it again is what the audit must notice."""
    tables = {table: str(district.home / "mart" / table / "**" / "*.parquet") for table in ("payment", "invoice")}
    row = (
        duckdb.connect()
        .execute(
            """
            SELECT p.payment_id, p.invoice_id, p.contract_id, p.supplier_id, p.amount_fen, p.account_code
            FROM read_parquet($payment) p JOIN read_parquet($invoice) i USING (invoice_id)
            WHERE p.unit_id = $school AND p.amount_fen = i.amount_fen AND p.contract_id IS NOT NULL
              AND i.number IS NOT NULL
              AND (SELECT count(*) FROM read_parquet($payment) o WHERE o.invoice_id = p.invoice_id) = 1
            ORDER BY p.paid_on DESC, p.payment_id LIMIT 1
            """,
            {**tables, "school": SCHOOL},
        )
        .fetchone()
    )
    assert row is not None
    return Paid(*row)


@pytest.fixture
def table(settled: Paid, tmp_path: Path) -> Path:
    """Three payments of the school; the one that pays the settled invoice again has a day that does not exist."""
    again = [settled.invoice_id, settled.contract_id, settled.supplier_id]
    rows = [
        ["J-001", "", "", settled.supplier_id, "2026-08-11", "1234.56", settled.account_code, SCHOOL],
        ["J-002", "", "", settled.supplier_id, "2026-08-12", "2345.67", settled.account_code, SCHOOL],
        ["J-003", *again, "2026-02-30", f"{settled.amount_fen / 100:.2f}", settled.account_code, SCHOOL],
    ]
    path = tmp_path / "十月付款.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    return path


class TestTheWholePath:
    def test_ends_in_a_changed_answer(self, enter: Enter, table: Path, settled: Paid, tmp_path: Path) -> None:
        public = enter()
        before = _answer(public)

        auditor = enter("audit")
        _import(auditor, table)
        _correct_the_row_sent_back(auditor)
        _run_the_audit(auditor)
        _turn_the_hint_into_a_lead(auditor, settled)

        discipline = enter("discipline")
        _propose(discipline)
        leader = enter("leader")
        _approve(leader)
        number = _order(discipline)

        principal = enter("principal")
        _plan_and_report(principal, number, tmp_path)
        _recheck(enter("discipline2"), number)

        notice = _draft(discipline, number)
        office = enter("office")
        _publish(office, notice)

        _notice_is_public(public, notice)
        _the_answer_has_changed(before, _answer(public), public)


# ---- what each person does -----------------------------------------------------------------------


def _expect_said(page: Page, words: str) -> None:
    """The page reports the act that was just done; the same words may stand elsewhere as the next step."""
    expect(page.locator(".alert-success", has_text=words)).to_be_visible()


def _answer(page: Page) -> list[str]:
    """The sentences of the live answer, reached by a click from wherever the page is."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="实时答案").click()
    expect(page.locator("article.answer h1")).to_be_visible()
    return [text.strip() for text in page.locator("article.answer a").all_inner_texts()]


def _go(page: Page, name: str) -> None:
    """Open a page of the staff menu."""
    page.get_by_role("navigation", name="工作导航").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("h1")).to_contain_text(name)


def _press(page: Page | Locator, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _facts(page: Page) -> dict[str, str]:
    """The page's facts, as {term: value}."""
    terms = page.locator("dl.facts dt").all_inner_texts()
    values = page.locator("dl.facts dd").all_inner_texts()
    return {term.strip(): value.strip() for term, value in zip(terms, values, strict=True)}


def _wait_until_done(page: Page) -> None:
    """Wait as a person does: the page renews its own figures."""
    deadline = time.monotonic() + 90
    while (
        _facts(page)["状态"].split()[0] in {"排队中", "等待中", "运行中", "进行中", "导入中"}
        or "刷新" in page.locator("#progress").inner_text()
    ):
        assert time.monotonic() < deadline, page.locator("#progress").inner_text()
        page.wait_for_timeout(300)


def _import(page: Page, table: Path) -> None:
    _go(page, "数据导入")
    page.get_by_role("link", name="导入文件").first.click()
    page.get_by_label("文件", exact=True).set_input_files(table)
    _press(page, "继续")
    mapping = page.get_by_label("映射内容（YAML）").input_value()
    assert "table: payment" in mapping
    assert "缺少必需的列" not in mapping
    page.get_by_role("textbox", name="映射名称").fill("学校付款")
    _press(page, "保存映射并导入")
    _wait_until_done(page)
    facts = _facts(page)
    assert (facts["读取"], facts["入库"], facts["退回"]) == ("3", "2", "1")


def _correct_the_row_sent_back(page: Page) -> None:
    page.get_by_role("link", name="更正这一行").click()
    day = page.get_by_label("付款日期")
    expect(day).to_have_value("2026-02-30")
    day.fill("2026-10-28")
    _press(page, "重新导入这一行")
    expect(page.get_by_text("没有待更正的行")).to_be_visible()
    facts = _facts(page)
    assert (facts["读取"], facts["入库"], facts["退回"]) == ("3", "3", "0")


def _run_the_audit(page: Page) -> None:
    _go(page, "跟踪审计")
    _press(page, "现在运行")
    expect(page.locator("#progress")).to_contain_text("新提示", timeout=90_000)
    facts = _facts(page)
    assert int(facts["新提示"]) >= 1
    assert int(facts["提示"]) > int(facts["新提示"])


def _turn_the_hint_into_a_lead(page: Page, settled: Paid) -> None:
    page.get_by_role("link", name="查看提示").click()
    everything = page.locator("tbody tr").count()
    page.get_by_label("指标", exact=True).select_option("L01")
    page.get_by_role("textbox", name="单位代码").fill(SCHOOL)
    page.get_by_label("状态").select_option("OPEN")
    _press(page, "筛选")
    row = page.locator("tbody tr").filter(has_text="J-003")
    expect(row).to_have_count(1)
    assert page.locator("tbody tr").count() < everything
    row.get_by_role("link").click()

    evidence = page.locator("section[aria-labelledby=rows]")
    expect(evidence).to_contain_text(settled.payment_id)
    expect(evidence).to_contain_text("J-003")
    chain = page.locator("section[aria-labelledby=chain]")
    expect(chain).to_contain_text("合同")
    expect(chain.locator(".is-evidence").first).to_be_visible()
    expect(page.get_by_text("付款被退回后重新支付")).to_be_visible()

    page.get_by_label("转为问题线索").check()
    page.get_by_role("textbox", name="理由").fill(REASON)
    _press(page, "记录核查结论")
    _expect_said(page, "核查结论已记录")
    expect(page.locator("section[aria-labelledby=triage]")).to_contain_text(REASON)
    assert page.get_by_role("button", name="记录核查结论").count() == 0


def _open_lead(page: Page) -> None:
    _go(page, "问题线索")
    page.locator("tbody tr").filter(has_text="J-003").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("J-003")


def _propose(page: Page) -> None:
    _open_lead(page)
    expect(page.locator("section[aria-labelledby=body-title]")).to_contain_text(REASON)
    expect(page.locator("section[aria-labelledby=evidence-title]")).to_contain_text("与登记时一致")
    page.locator("input[name=kind][value=CONVERSATION], input[name=kind]").first.check()
    page.get_by_role("textbox", name="理由").fill("由派驻组与校长谈话函询，同时责令整改。")
    _press(page, "提出处置意见")
    _expect_said(page, "处置意见已提出")
    assert page.get_by_role("button", name="批准", exact=True).count() == 0


def _approve(page: Page) -> None:
    _open_lead(page)
    page.get_by_role("textbox", name="审批意见").fill("同意。")
    _press(page, "批准")
    _expect_said(page, "处置意见已批准")


def _order(page: Page) -> str:
    """Order the rectification from the lead's page; gives its number."""
    _open_lead(page)
    page.get_by_role("link", name="责令整改").click()
    page.get_by_role("textbox", name="整改事项").fill("追回重复付款并建立发票台账核对制度")
    page.get_by_role("textbox", name="存在的问题").fill("同一张发票重复付款。")
    owner = page.get_by_label("责任岗位")
    owner.select_option(label=next(text for text in owner.locator("option").all_inner_texts() if "校长" in text))
    _press(page, "下达")
    said = page.get_by_text(re.compile("整改已下达，编号")).inner_text()
    found = re.search(r"编号 (\S+?)[。]", said)
    assert found
    return found[1]


def _plan_and_report(page: Page, number: str, folder: Path) -> None:
    """The principal finds it among the to-dos, plans, attaches the voucher and reports."""
    page.locator(".todo-group").get_by_role("link", name=re.compile("追回重复付款")).first.click()
    expect(page.locator("main")).to_contain_text(number)
    page.get_by_role("textbox", name="整改方案").fill(PLAN)
    _press(page, "报送方案")
    _expect_said(page, "整改方案已报送")

    voucher = folder / "收款凭证.txt"
    voucher.write_text("收款凭证：重复支付的款项已退回。", encoding="utf-8")
    page.get_by_label("添加文件").set_input_files(voucher)
    _press(page, "上传")
    expect(page.get_by_role("link", name="收款凭证.txt")).to_be_visible()

    page.get_by_role("textbox", name="整改情况").fill(DONE)
    _press(page, "报告完成")
    _expect_said(page, "已报告整改完成")
    assert page.get_by_role("button", name=re.compile("复核通过")).count() == 0


def _recheck(page: Page, number: str) -> None:
    _go(page, "整改")
    page.get_by_role("link", name=number).click()
    expect(page.locator("section[aria-labelledby=reports-title]")).to_contain_text(DONE)
    with page.expect_download() as download:
        page.get_by_role("link", name="收款凭证.txt").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("收款凭证")
    page.get_by_role("textbox", name="复核意见").fill("凭证与入账记录一致，制度已施行，同意销号。")
    _press(page, "复核通过，销号")
    _expect_said(page, "复核通过，已销号")


def _draft(page: Page, number: str) -> str:
    """Draft the notice; whoever may be recognised in it is taken out or kept with a reason. Gives its number."""
    _go(page, "整改")
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="起草通报").click()
    page.get_by_role("textbox", name="标题").fill(TITLE)
    page.get_by_role("textbox", name="正文").fill(BODY)
    page.get_by_role("textbox", name="当事人姓名").fill("王立新")
    _press(page, "保存草稿")
    found = re.search(r"编号 (\S+?)[。]", page.get_by_text(re.compile("已起草，编号")).inner_text())
    assert found

    traces = page.locator("section[aria-labelledby=traces-title]")
    expect(traces).to_contain_text("王立新")
    expect(traces).to_contain_text("13912345678")

    page.get_by_role("textbox", name="正文").fill(f"{CLEAN_BODY}监督电话：{OFFICE_PHONE}。")
    _press(page, "保存草稿")
    expect(traces).not_to_contain_text("王立新")
    step = traces.locator("article").filter(has_text=OFFICE_PHONE)
    step.get_by_role("textbox", name="保留理由").fill("对外公布的监督电话，不识别个人。")
    _press(step, "确认可以保留")
    _expect_said(page, "已记录保留理由")
    _press(page, "送审")
    _expect_said(page, "已送审")
    assert page.get_by_role("button", name="发布", exact=True).count() == 0
    return found[1]


def _publish(page: Page, notice: str) -> None:
    _go(page, "公开件")
    page.get_by_role("link", name=notice).click()
    _press(page, "发布")
    expect(page.locator("main")).to_contain_text("有错只能更正或撤回")
    _press(page, "确认发布")
    _expect_said(page, "已发布")


def _notice_is_public(page: Page, notice: str) -> None:
    menu = page.get_by_role("navigation", name="主导航")
    menu.get_by_role("link", name="首页").click()
    expect(page.locator("section[aria-labelledby=latest-publications]")).to_contain_text(TITLE)
    menu.get_by_role("link", name="公开", exact=True).click()
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator("article")).to_contain_text(CLEAN_BODY)
    expect(page.locator("main")).to_contain_text(notice)
    menu.get_by_role("link", name="搜索").click()
    page.get_by_label("在部署与公开内容中查找").fill("重复付款")
    _press(page, "搜索")
    expect(page.locator(".figure-line")).to_have_text("找到 1 条")
    expect(page.locator("ol.results")).to_contain_text(TITLE)


def _the_answer_has_changed(before: list[str], after: list[str], page: Page) -> None:
    """Every figure that this path touches has moved, and each sentence opens as many rows as it says."""
    received, disposed = _figures(before, "共受理问题线索")
    assert _figures(after, "共受理问题线索") == [received + 1, disposed + 1]
    ordered, verified, overdue = _figures(before, "共督促整改")
    assert _figures(after, "共督促整改") == [ordered + 1, verified + 1, overdue]
    published = _figures(before, "已公开通报")[0]
    notice = next(sentence for sentence in after if sentence.startswith(f"已公开通报{published + 1}期"))
    assert f"最近一期为《{TITLE}》" in notice
    audit = next(sentence for sentence in after if sentence.startswith("跟踪审计现有待核查提示"))
    assert "其中转为问题线索1条" in audit
    linked = _figures(before, "各项措施共关联佐证")[0]
    assert _figures(after, "各项措施共关联佐证")[0] > linked
    text = page.locator("article.answer").inner_text()
    for measure in ("强化财务与项目监管", "建立常态化监督检查机制", "严肃查处违纪违法行为"):
        part = text.split(measure, 1)[1].split("\n", 3)
        assert "已有佐证" in " ".join(part[:3]), f"{measure}: {part}"
    page.get_by_role("link", name=f"共督促整改{ordered + 1}项").click()
    expect(page.locator(".figure-line")).to_contain_text(f"共 {ordered + 1} 条记录")
    page.get_by_role("link", name="回到实时答案").click()
    page.get_by_role("link", name=f"共受理问题线索{received + 1}件").click()
    expect(page.locator(".figure-line")).to_contain_text(f"共 {received + 1} 条记录")


def _figures(sentences: list[str], start: str) -> list[int]:
    """The whole numbers of the sentence that starts so; its dates and titles are not counted."""
    sentence = next(sentence for sentence in sentences if sentence.startswith(start))
    return [int(number) for number in re.findall(r"\d+(?=件|项|期|条)", sentence)]
