"""A school's matters leave no trace on a neighbour's pages: no row, no count, no search hit, no choice, no filter."""

from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.utils import timezone

from qingqu.deployments import operations as deployments
from qingqu.deployments.models import Assignment
from qingqu.kernel.core.clock import now
from qingqu.pillars.leads.types import Track
from tests.factories import AT
from tests.site.asking import Answer, asked, sent
from tests.site.casework import make_lead, ordered
from tests.site.matters import assigned, make_directive, matters, own_matters, public_matters
from tests.site.routes import is_plain, patterns
from tests.site.world import NEVER, WORD, Ground

pytestmark = pytest.mark.django_db

TOLD_TO_ALL = {
    "api:answer": "the live answer counts every school",
    "portal:answer": "the live answer counts every school",
    "portal:answer_docx": "the live answer counts every school",
    "portal:answer_pdf": "the live answer counts every school",
    "portal:home": "the live answer counts every school",
    "audit:precision": "whether an indicator can run on the district's records is told to all who read hints",
    "portal:disclosures": "what is published is for all",
    "draws:public_list": "a frozen roster is for all",
    "ledger:head": "the public log is for all",
    "ledger:policy": "the public log is for all",
    "portal:poster": "the public log is for all",
    "portal:verify": "the public log is for all",
    "publications:public_list": "what is published is for all",
}
"""Pages that may change for a neighbour when a school's matters come, and why."""


@pytest.fixture
def ground() -> Ground:
    """The district before anything happened."""
    return Ground()


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that say as of when they are say the same before and after."""
    moment = now()
    monkeypatch.setattr(timezone, "now", lambda: moment)


OWN = {"M": {"org:accounts", "org:export"}}
"""What changes for the administrator, who looks after people and units: nothing else does."""

SEARCHES = ("portal:search", "cases:list", "deployments:list", "leads:list", "petitions:list", "org:accounts")
"""Lists with a box for words."""

FILTERS: dict[str, tuple[str, str]] = {
    "audit:flags": ("unit", "code"),
    "audit:export": ("unit", "code"),
    "cases:list": ("unit", "pk"),
    "leads:list": ("unit", "pk"),
    "petitions:list": ("unit", "pk"),
    "rectification:list": ("unit", "pk"),
    "rectification:new": ("unit", "pk"),
}
"""{list: the filter that names a unit, and by what}."""


def address_of(name: str, asking: dict[str, object] | None = None) -> str:
    """The address of a route without parameters, with what is asked of it."""
    found = "/" + next(address for each, address in patterns() if each == name and is_plain(address))
    return f"{found}?{urlencode(asking)}" if asking else found


def pages(client: Client) -> dict[str, Answer]:
    """Every page without parameters as one person sees it, but for those told to all."""
    library = ("account_", "mfa_", "set_language")
    return {
        name: asked(client, "get", f"/{address}")
        for name, address in patterns()
        if is_plain(address) and name not in TOLD_TO_ALL and not name.startswith(library)
    }


def unlike(before: dict[str, Answer], after: dict[str, Answer]) -> list[str]:
    """The names of the pages that are not the same."""
    return [name for name, answer in after.items() if before[name] != answer]


class TestTheMattersOfASchool:
    @pytest.mark.parametrize("letter", ["N", "Z", "M"])
    def test_change_no_page_of_a_neighbour_nor_of_the_administrator(self, ground: Ground, letter: str) -> None:
        client = ground.browsers()[letter]
        public_matters(ground)
        before = pages(client)
        own_matters(ground)
        assert set(unlike(before, pages(client))) == OWN.get(letter, set())

    def test_change_the_pages_of_those_who_may_see_them(self, ground: Ground) -> None:
        browsers = ground.browsers()
        before = {letter: pages(browsers[letter]) for letter in "HD"}
        matters(ground)
        seen = {letter: set(unlike(before[letter], pages(browsers[letter]))) for letter in "HD"}
        assert {"duties:list", "rectification:list", "workbench:board"} <= seen["H"] & seen["D"]
        assert {"leads:list", "audit:flags"} <= seen["D"] - seen["H"]

    @pytest.mark.parametrize("letter", ["P", "N", "Z"])
    def test_are_found_by_no_search_of_an_outsider(self, ground: Ground, letter: str) -> None:
        matters(ground)
        client = ground.browsers()[letter]
        for name in SEARCHES:
            found = []
            for words in (f"{WORD}线索", "无此词语"):
                page = asked(client, "get", address_of(name, {"q": words})).body.decode()
                found.append(page.replace(words, "").replace(quote(words), ""))
            assert found[0] == found[1], name

    def test_leave_the_unpublished_unfound(self, ground: Ground) -> None:
        matters(ground)
        page = asked(ground.browsers()["N"], "get", address_of("portal:search", {"q": WORD})).body.decode()
        assert f"/deployments/{_internal()}/" not in page
        assert "/work/" not in page.split("<main")[1].split("</main>")[0]


def _internal() -> int:
    """The id of the directive that reached the first school alone."""
    return Assignment.objects.get(measure__key="D-1-1").measure.directive_id


class TestNamingAForeignObject:
    @pytest.mark.parametrize("letter", ["N", "Z"])
    def test_as_a_filter_is_like_naming_none(self, ground: Ground, letter: str) -> None:
        matters(ground)
        client = ground.browsers()[letter]
        for name, (key, field) in FILTERS.items():
            foreign = getattr(ground.school, field)
            there = asked(client, "get", address_of(name, {key: foreign}))
            nowhere = asked(client, "get", address_of(name, {key: NEVER}))
            assert _without(there, f"{key}={foreign}") == _without(nowhere, f"{key}={NEVER}"), name

    @pytest.mark.parametrize("kind", ["lead", "flag", "rectification", "publication"])
    def test_as_the_source_of_a_new_matter_is_like_naming_none(self, ground: Ground, kind: str) -> None:
        things = matters(ground)
        line = {"lead": "leads:detail education", "flag": "audit:flag"}.get(kind, f"{kind}:detail")
        line = "publications:detail" if kind == "publication" else line
        (key,) = things[line].args.values()
        client = ground.browsers()["Z"]
        for name in ("rectification:new", "publications:new"):
            answers = [
                asked(client, verb, address_of(name, {"source_kind": kind, "source_id": value}))
                for verb in ("get", "post")
                for value in (key, NEVER)
            ]
            assert answers[0] == answers[1], name
            assert answers[2] == answers[3], name
            assert {answer.status for answer in answers} == {404}, name

    @pytest.mark.parametrize("name", ["leads:new", "petitions:new", "publications:new", "org:parameters"])
    def test_as_a_choice_in_a_form_is_like_naming_none(self, ground: Ground, name: str) -> None:
        client = ground.browsers()["Z"]
        by_code = name == "org:parameters"
        foreign, own = ((unit.code if by_code else str(unit.pk)) for unit in (ground.school, ground.neighbour))
        typed = (
            {"title": "题", "body": "文", "kind": "NOTICE", "track": "T2", "channel": "LETTER"}
            | ({"kind": "CLAIM", "received_on": "2026-09-24"} if name == "petitions:new" else {})
            if not by_code
            else {
                "key": "disclosure.notice_days",
                "value": "7",
                "valid_from": "2026-01-01",
            }
        )
        answers = [
            asked(client, "post", address_of(name), data=sent(typed | {"unit": unit})) for unit in (foreign, NEVER)
        ]
        bodies = [
            answer.body.decode().replace(f'value="{unit}"', "")
            for answer, unit in zip(answers, (foreign, NEVER), strict=True)
        ]
        assert bodies[0] == bodies[1]
        assert answers[0].status == answers[1].status == 422
        assert asked(client, "post", address_of(name), data=sent(typed | {"unit": own})).status == 302


def _without(answer: Answer, words: str) -> tuple[int, bytes]:
    """The answer without the words that were asked."""
    value = words.partition("=")[2]
    body = answer.body if answer.body.startswith(b"PK") else answer.body.replace(words.encode(), b"")
    return answer.status, body.replace(f'value="{value}"'.encode(), b"")


class TestTheFiguresOfAnInternalMeasure:
    def test_do_not_tell_one_school_of_the_other(self, ground: Ground) -> None:
        _directive, measure = make_directive(ground, "D-9", is_public=False)
        deployments.cascade(measure=measure, units=[ground.neighbour], at=AT)
        client = ground.browsers()["N"]
        addresses = [f"/deployments/measures/{measure.pk}/", f"/deployments/{measure.directive_id}/"]
        before = [asked(client, "get", address) for address in addresses]
        deployments.accept(assignment=assigned(ground, measure), at=AT, actor=ground.actor("H"))
        assert [asked(client, "get", address) for address in addresses] == before


class TestAMatterAboutOneself:
    def test_changes_no_page_of_the_person(self, ground: Ground) -> None:
        client = ground.browsers()["X"]
        before = pages(client)
        make_lead(ground, Track.DISCIPLINE, 71)
        make_lead(ground, Track.EDUCATION, 72)
        assert unlike(before, pages(client)) == []

    def test_is_no_secret_to_a_colleague(self, ground: Ground) -> None:
        client = ground.browsers()["D"]
        before = pages(client)
        make_lead(ground, Track.DISCIPLINE, 71)
        assert "leads:list" in unlike(before, pages(client))

    def test_on_the_discipline_track_changes_no_page_of_the_education_bureau(self, ground: Ground) -> None:
        browsers = ground.browsers()
        before = {letter: pages(browsers[letter]) for letter in "OLAM"}
        make_lead(ground, Track.DISCIPLINE, 71)
        assert [name for letter in "OLAM" for name in unlike(before[letter], pages(browsers[letter]))] == []

    def test_is_not_hidden_by_hiding_everything(self, ground: Ground) -> None:
        client = ground.browsers()["X"]
        before = pages(client)
        ordered(ground, 7)
        assert "rectification:list" in unlike(before, pages(client))
