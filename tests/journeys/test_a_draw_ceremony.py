"""A draw in a hall: three parties, one of whom does not reveal; a parent finds the own number and recomputes it all."""

import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from qingqu.kernel.core.clock import now
from qingqu.kernel.draws.models import Ceremony
from qingqu.kernel.ledger import installation
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Person, Post
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_unit, seat
from tests.journeys.checks import assert_accessible, assert_no_sideways_scroll
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

HOUR = timedelta(hours=1)
DICE = "35162442631553126415"
NUMBERS = [f"{number:04d}" for number in range(1, 13)]

SetClock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """``clock(moment)`` sets what the server reads; the hours of a ceremony pass in a moment."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(AT)
    return set_to


class People:
    """Who is in the hall."""

    def __init__(self) -> None:
        """Seat two organisers and two parties; the parents' representative has no account."""
        self.root = make_unit()
        self.organiser = seat(Role.DISCIPLINE, self.root, "组织人")
        self.second = seat(Role.OFFICE, self.root, "核对人")
        self.bureau = seat(Role.LEADER, self.root, "局领导")
        self.auditor = seat(Role.AUDITOR, self.root, "审计员")

    def post(self, person: Person) -> str:
        """The post of somebody, as a choice in a form."""
        return str(Post.objects.get(appointments__person=person).pk)


def log_it() -> None:
    """What the worker does every few seconds."""
    ledger.sequence(at=now(), vault=installation.vault())


def looks_right(page: Page) -> None:
    """Accessible as it is, and no wider than the narrowest telephone."""
    assert_accessible(page)
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 900})
    assert_no_sideways_scroll(page)
    page.set_viewport_size(size)  # type: ignore[arg-type]


def prepare(page: Page, people: People) -> None:
    """The organiser says what, when and by which chance."""
    page.get_by_role("link", name="组织抽签").click()
    page.get_by_label("组织单位").select_option(label="清源区教育局")
    page.get_by_role("textbox", name="名称").fill("学位派位")
    page.get_by_role("textbox", name="用途").fill("公办幼儿园剩余学位")
    for name, hours in (("commit_by", 1), ("reveal_by", 2), ("source_at", 3)):
        moment = timezone.localtime(AT + hours * HOUR).strftime("%Y-%m-%dT%H:%M")
        page.locator(f"[name={name}]").fill(moment)
    page.get_by_label("掷骰次数").fill(str(len(DICE)))
    page.get_by_role("button", name="建立").click()


def add_roster(page: Page) -> None:
    """Twelve children, known by their numbers alone, for three places."""
    page.get_by_role("link", name="请添加名单。").click()
    page.get_by_label("名单名称").fill("申请儿童")
    page.get_by_label("抽取对象").select_option("CHILDREN")
    page.get_by_label("粘贴名单").fill("\n".join(f"小朋友{number}，，{number}" for number in NUMBERS))
    page.get_by_label("名额").fill("3，2")
    looks_right(page)
    page.get_by_role("button", name="添加名单").click()


def add_parties(page: Page, people: People) -> str:
    """Two posts, and the parents by a link; gives the link."""
    for name, person in (("区教育局", people.bureau), ("审计组", people.auditor)):
        page.get_by_label("公开称呼").fill(name)
        page.locator("[name=post]").select_option(people.post(person))
        page.get_by_role("button", name="添加参与方").click()
    page.get_by_label("公开称呼").fill("家长代表")
    page.get_by_label("代表", exact=True).fill("家长委员会")
    page.get_by_role("button", name="添加参与方").click()
    link = page.locator("#link").inner_text()
    looks_right(page)
    page.get_by_role("link", name="已交给参与方，返回").click()
    return link


def commit(page: Page, words: str, folder: Path) -> Path:
    """A party writes a sentence, keeps the file, hands in the fingerprint; gives the file."""
    page.get_by_label("写一句话").fill(words)
    with page.expect_download() as saved:
        page.get_by_role("button", name="生成并下载文件").click()
    kept = folder / f"{words}.json"
    saved.value.save_as(kept)
    secret = json.loads(kept.read_text(encoding="utf-8"))
    fingerprint = hashlib.sha256(words.encode() + bytes.fromhex(secret["nonce"])).hexdigest()
    expect(page.locator("[name=commitment]")).to_have_value(fingerprint)
    page.get_by_role("button", name="提交承诺").click()
    expect(page.get_by_text("承诺已提交。")).to_be_visible()
    return kept


def reveal(page: Page, kept: Path) -> None:
    """A party opens the own page again, chooses the file and reveals."""
    page.reload()
    page.get_by_label("选择承诺时下载的文件").set_input_files(kept)
    page.get_by_role("button", name="揭示").click()
    expect(page.get_by_text("已揭示，与承诺一致。")).to_be_visible()


def saved(page: Page, name: str, folder: Path) -> Path:
    """A file that the page offers, downloaded."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    path = folder / name
    download.value.save_as(path)
    return path


def freeze(page: Page) -> Ceremony:
    """The organiser has read what follows, and freezes."""
    looks_right(page)
    page.get_by_role("button", name="冻结名单").click()
    page.get_by_role("button", name="确认冻结").click()
    expect(page.get_by_text("名单已冻结并公开。")).to_be_visible()
    return Ceremony.objects.get()


def asked_by_the_to_do_list(page: Page) -> None:
    """The party finds the own part among the to-dos, and waits until the roster stands in the log."""
    page.get_by_role("link", name="抽签承诺：学位派位").first.click()
    expect(page.get_by_text("名单正在记入公开日志")).to_be_visible()
    log_it()
    page.reload()
    looks_right(page)


def read_the_dice(organiser: Page, witness: Page) -> None:
    """One person records, another reads again, and it is drawn."""
    organiser.reload()
    organiser.get_by_role("textbox", name="结果").fill(DICE)
    organiser.get_by_role("button", name="登记", exact=True).click()
    witness.reload()
    looks_right(witness)
    witness.get_by_role("textbox", name="再录一遍结果").fill(DICE)
    witness.get_by_role("button", name="核对").click()
    organiser.reload()
    organiser.get_by_role("button", name="抽出结果").click()
    organiser.get_by_role("button", name="确认抽出结果").click()
    expect(organiser.get_by_text("结果已抽出并公开。")).to_be_visible()
    log_it()


def shown_in_the_hall(hall: Page, chosen: list[str]) -> None:
    """The screen has shown the result by itself, and who is missing."""
    expect(hall.locator(".hall-drawn li")).to_have_text(chosen, timeout=15_000)
    expect(hall.locator(".hall-parties li").filter(has_text="家长代表")).to_contain_text("未揭示")
    looks_right(hall)


def find_own_number(page: Page, number: str, place: int) -> None:
    """From the first page to the own number and what came of it."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="抽签").click()
    looks_right(page)
    page.get_by_role("link", name="学位派位：申请儿童").click()
    page.get_by_label("公开编号").fill(number)
    page.get_by_role("button", name="查找").click()
    found = page.locator("#standing")
    expect(found).to_contain_text("抽中")
    expect(found).to_contain_text(f"第 {place} 名，共 12 个")
    expect(page.get_by_text("未揭示：家长代表")).to_be_visible()
    assert "小朋友" not in page.content()
    looks_right(page)


def replayed(page: Page, number: str, folder: Path) -> tuple[bytes, dict[str, Any]]:
    """What both scripts print of the downloaded bundle, the same bytes; and the bundle."""
    bundle = saved(page, f"{number}-bundle.json", folder)
    scripts = [saved(page, name, folder) for name in ("replay.py", "replay.mjs")]
    printed = [
        subprocess.run([program, script, bundle], check=True, capture_output=True).stdout
        for program, script in zip((sys.executable, "node"), scripts, strict=True)
    ]
    assert printed[0] == printed[1]
    return printed[0], json.loads(bundle.read_bytes())


def test_goes_on_without_the_party_that_withholds_and_a_parent_replays_it(
    open_page: OpenPage, clock: SetClock, tmp_path: Path
) -> None:
    people = People()
    organiser = open_page("/work/draws/", person=people.organiser)
    looks_right(organiser)
    prepare(organiser, people)
    add_roster(organiser)
    link = add_parties(organiser, people)
    ceremony = freeze(organiser)
    hall = open_page(f"/draws/{ceremony.number}/hall/", width=1920)
    expect(hall.get_by_text("待承诺")).to_have_count(3)
    looks_right(hall)
    bureau = open_page("/work/", person=people.bureau)
    asked_by_the_to_do_list(bureau)
    first = commit(bureau, "愿每个孩子都有机会", tmp_path)
    auditor = open_page(f"/work/draws/{ceremony.pk}/part/", person=people.auditor)
    second = commit(auditor, "抽到谁就是谁", tmp_path)
    expect(hall.get_by_text("已承诺", exact=True)).to_have_count(2, timeout=15_000)
    parents = open_page(link)
    looks_right(parents)
    commit(parents, "为了孩子", tmp_path)
    log_it()

    clock(AT + 1.5 * HOUR)
    reveal(bureau, first)
    reveal(auditor, second)
    clock(AT + 2.5 * HOUR)
    parents.reload()
    expect(parents.get_by_text("未揭示的一方被公布，抽签照常进行。").first).to_be_visible()
    expect(parents.get_by_role("button", name="揭示")).to_have_count(0)

    clock(AT + 3 * HOUR)
    read_the_dice(organiser, open_page(f"/work/draws/{ceremony.pk}/", person=people.second))
    drawn = ceremony.draws.select_related("result").get()
    chosen = drawn.result.content["strata"]["全部"]["chosen"]
    shown_in_the_hall(hall, chosen)
    expect(organiser.get_by_text(f"小朋友{chosen[0]}")).to_be_visible()
    looks_right(organiser)

    parent = open_page("/")
    find_own_number(parent, chosen[1], 2)
    printed, bundle = replayed(parent, drawn.number, tmp_path)
    assert json.loads(printed)["strata"]["全部"]["chosen"] == chosen
    assert json.loads(printed)["missing"] == ["家长代表"]
    expect(parent.get_by_text(hashlib.sha256(printed).hexdigest())).to_be_visible()
    assert parent.locator("#standing code").inner_text() == ticket(bundle, chosen[1])


def ticket(bundle: dict[str, Any], entry: str) -> str:
    """A ticket as the guide says anybody may compute it."""
    line = f"draw-ticket/v1\0{bundle['frozen']['draw_id']}\0全部\0{entry}"
    return hmac.digest(bytes.fromhex(bundle["result"]["seed"]), line.encode(), "sha256").hex()


def test_is_read_in_english_too(open_page: OpenPage, clock: SetClock) -> None:
    people = People()
    page = open_page("/work/draws/", person=people.organiser, language="en")
    page.get_by_role("link", name="Organise a draw").click()
    page.get_by_role("button", name="Create").click()

    expect(page.locator(".error-summary")).to_contain_text("Purpose")
    assert_accessible(page)
