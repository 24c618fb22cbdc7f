"""What every list costs, and that it costs the same at 10,000 rows and at 100,000."""

from collections.abc import Iterator

import pytest
from django.db import connection

from qingqu.insight.basis import Basis
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.paging import COUNT_LIMIT, Page
from qingqu.kernel.core.search import Results
from qingqu.pillars.audit.models import ImportJob
from tests.site.routes import clients, patterns
from tests.site.scale import INDICATORS, Cost, World, make_world, measured

MOST_QUERIES = 8
LONGEST_PAGE = 50
LAST = 50
"""No list counts further than a thousand rows: this is the last page of twenty that can be asked for."""

RARE, COMMON = INDICATORS[-1], INDICATORS[0]

WORK = {
    "/directives/": "P",
    "/publications/": "P",
    "/publications/?kind=NOTICE": "P",
    "/draws/": "P",
    "/disclosures/": "P",
    "/search?q=拆分": "PLD",
    "/answer/rows?of=directives": "P",
    "/answer/rows?of=measures": "P",
    "/answer/rows?of=measures&pillar=ETHICS": "P",
    "/answer/rows?of=assignments": "P",
    "/answer/rows?of=assignments&state=OVERDUE": "P",
    "/answer/rows?of=assignments&state=DONE": "P",
    "/answer/rows?of=assignments&state=ACCEPTED": "P",
    "/answer/rows?of=evidence": "P",
    "/answer/rows?of=leads": "P",
    "/answer/rows?of=rectifications": "P",
    "/answer/rows?of=publications": "P",
    "/answer/rows?of=mentions&q=拆分": "P",
    "/deployments/": "THOLA",
    "/deployments/?q=拆分": "LA",
    "/deployments/mine/": "THO",
    "/deployments/holes/?hole=NO_OWNER": "HLA",
    "/deployments/holes/?hole=NO_DATE": "HL",
    "/deployments/holes/?hole=NO_EVIDENCE": "HL",
    "/deployments/holes/?hole=NOT_CASCADED": "HL",
    "/deployments/holes/?hole=NOT_TAKEN": "HLA",
    "/deployments/holes/?hole=EMPTY_SEAT": "HL",
    "/duties/": "THLA",
    "/duties/?group=overdue": "HLA",
    "/duties/?group=soon": "HL",
    "/duties/?group=week": "HL",
    "/duties/?group=waiting": "HLA",
    "/work/rectifications/": "HLA",
    "/work/rectifications/?overdue=1": "HLA",
    "/work/rectifications/?state=ORDERED": "HLA",
    "/work/rectifications/?state=PLANNED": "HL",
    "/work/rectifications/?state=DONE": "HLA",
    "/work/rectifications/?state=VERIFIED": "HLA",
    "/work/rectifications/?unit={unit}": "HL",
    "/work/cases/": "HLD",
    "/work/cases/?state=EFFECTIVE": "HLD",
    "/work/cases/?unit={unit}": "LD",
    "/work/leads/": "LD",
    "/work/leads/?state=RECEIVED": "LD",
    "/work/leads/?state=PROPOSED": "LD",
    "/work/leads/?state=CLOSED": "LD",
    "/work/leads/?unit={unit}": "LD",
    "/work/leads/?track=T2": "LD",
    "/work/leads/?channel=INTERNAL": "LD",
    "/work/leads/?source_kind=flag": "LD",
    "/work/leads/?theme=FINANCE": "LD",
    "/work/petitions/": "OLD",
    "/work/petitions/?state=REGISTERED": "OLD",
    "/work/petitions/?state=HANDLING": "OL",
    "/work/petitions/?state=CLOSED": "OLD",
    "/work/petitions/?state=REFERRED": "OD",
    "/work/petitions/?kind=COMPLAINT": "OL",
    "/work/petitions/?kind=CLAIM": "OLD",
    "/work/petitions/?unit={unit}": "OL",
    "/petitions/": "P",
    "/work/publications/": "OD",
    "/work/publications/?kind=NOTICE": "OD",
    "/work/publications/?state=DRAFT": "OD",
    "/work/publications/?state=SUBMITTED": "O",
    "/work/publications/?state=PUBLISHED": "OD",
    "/work/draws/": "OD",
    "/work/draws/?state=DRAFT": "OD",
    "/work/draws/?state=FROZEN": "O",
    "/work/draws/?state=ABANDONED": "OD",
    "/work/notices/": "HLA",
    "/work/audit/flags/": "LDA",
    **{f"/work/audit/flags/?sort={sort}": "LA" for sort in ("newest", "oldest")},
    **{
        f"/work/audit/flags/?{cut}&sort={sort}": "A"
        for cut in ("state=OPEN", "state=LEAD", f"indicator={RARE}", f"indicator={COMMON}", "unit=Q003")
        for sort in ("severity", "newest", "oldest")
    },
    "/work/audit/imports/": "A",
    "/work/audit/imports/{job}/": "A",
    "/work/audit/runs/": "A",
}
"""The lists of the district's work as {address: letters of the roles that ask for it}."""

STAFF = {
    "/work/relationships": "HLA",
    "/work/relationships/declared": "D",
    "/work/leads/": "LD",
    "/settings/accounts": "M",
    "/settings/accounts?q=N00": "M",
    "/settings/accounts?q=王": "M",
    "/settings/accounts?q=name0011": "M",
    "/settings/accounts?q=没有": "M",
    "/settings/units": "M",
    "/settings/units/{root}": "M",
    "/settings/units/{root}/children": "M",
    "/settings/units/{unit}": "M",
    "/settings/posts/{post}": "M",
    "/settings/parameters": "M",
}
"""The lists that grow with the district's staff, and one whose conflict question reads declarations."""

FIGURES = {
    "/answer/rows?of=flags": "P",
    "/work/audit/indicators/": "LA",
    "/work/leads/?q=拆分": "LD",
    "/work/petitions/?q=拆分": "OL",
}
"""What counts exactly or reads titles, and so costs what there is: only the number of queries is held here."""

STEPS = {"sqlite": 100, "postgresql": 60}
"""What one row of a capped count may cost: steps of SQLite's machine, or rows read with what is joined to them."""


def addresses(world: World, lists: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each list's first and last page with the letter of each role that asks for it."""
    named = {
        "unit": world.schools[0].pk,
        "root": world.root.pk,
        "post": world.posts["H"].pk,
        "job": ImportJob.objects.earliest("pk").pk,
    }
    for address, letters in lists.items():
        first = address.format(**named)
        for letter in letters:
            yield letter, first
            yield letter, f"{first}{'&' if '?' in first else '?'}page={LAST}"


def ask(world: World, lists: dict[str, str]) -> dict[tuple[str, str], Cost]:
    """What each page of the lists costs now."""
    browsers = {letter: world.client(letter) for letter in "PTHSOLDAM"}
    costs = {}
    for letter, address in addresses(world, lists):
        with measured() as cost:
            answer = browsers[letter].get(address)
        assert answer.status_code == 200, address
        costs[letter, address] = cost
    return costs


def read_every_row() -> dict[tuple[str, str], Cost]:
    """What a list costs that looks for what no index knows: the counter-case."""
    with measured() as cost:
        assert ImportJob.objects.filter(name__contains="没有")[:20].count() == 0
    return {("", "a scan"): cost}


def too_many(costs: dict[tuple[str, str], Cost]) -> list[str]:
    """The pages that ask too often, or name more rows in a statement than a page shows."""
    return [
        f"{letter} {address}: {cost.queries} queries, {cost.longest} in an IN"
        for (letter, address), cost in costs.items()
        if cost.queries > MOST_QUERIES or cost.longest > LONGEST_PAGE
    ]


GUESSED = {("H", f"/deployments/holes/?hole=NOT_TAKEN&page={LAST}")}
"""Where PostgreSQL guesses that far more rows are in scope than there are, and joins before it sorts."""


def grown(before: dict[tuple[str, str], Cost], after: dict[tuple[str, str], Cost]) -> list[str]:
    """The pages that ask more often, or make the database work more, than they did with fewer rows.

    A count stops at its cap; what it may cost until there is allowed for once a count.
    """
    found = []
    for page, cost in after.items():
        capped = sum(sql.count(f"LIMIT {COUNT_LIMIT + 1}") for sql in cost.statements)
        allowed = 1.5 * before[page].work + STEPS[connection.vendor] * (COUNT_LIMIT + 1) * max(capped, 1)
        if page in GUESSED and connection.vendor == "postgresql":
            continue
        if cost.queries != before[page].queries or cost.work > allowed:
            found.append(
                f"{' '.join(page)}: {before[page].queries} → {cost.queries} queries, "
                f"work {before[page].work} → {cost.work}, by statement {cost.by_statement}"
            )
    return found


def listing() -> Iterator[str]:
    """The addresses without parameters that answer somebody with a page of rows."""
    browsers = clients().values()
    for _name, address in patterns():
        if set(address) & set("<(^.") or address.endswith("export"):
            continue
        for browser in browsers:
            shown = browser.get(f"/{address}").context
            if shown and any(isinstance(shown[key], Page | Results | Basis) for key in shown.keys()):  # noqa: SIM118 - a list of contexts
                yield f"/{address}"
                break


@pytest.mark.django_db
class TestAddresses:
    def test_every_list_of_the_site_is_asked_here(self) -> None:
        asked = {address.partition("?")[0] for address in (WORK | STAFF | FIGURES)}
        assert set(listing()) - asked == set()


@pytest.mark.slow
@pytest.mark.django_db
class TestLists:
    def test_cost_the_same_at_ten_thousand_and_at_a_hundred_thousand_rows(self, subtests: pytest.Subtests) -> None:
        world = make_world(now())
        world.grow_staff(10_000)
        world.grow_work(10_000)
        at_ten = ask(world, WORK | FIGURES) | read_every_row()
        world.grow_work(100_000)
        at_hundred = ask(world, WORK | FIGURES) | read_every_row()
        staff_at_ten = ask(world, STAFF)
        world.grow_staff(100_000)
        staff_at_hundred = ask(world, STAFF)
        figures = set(addresses(world, FIGURES))
        bad = {page: at_hundred.pop(page) for page in read_every_row()}
        with subtests.test("eight queries at most, and no IN longer than a page"):
            assert too_many(at_ten | at_hundred | staff_at_ten | staff_at_hundred) == []
        with subtests.test("ten times the work, the same cost"):
            assert grown(at_ten, {page: cost for page, cost in at_hundred.items() if page not in figures}) == []
        with subtests.test("ten times the staff, the same cost"):
            assert grown(staff_at_ten, staff_at_hundred) == []
        with subtests.test("a statement that reads every row is seen"):
            assert grown(at_ten, bad)
        with subtests.test("figures take the same number of queries"):
            assert [page for page in figures if at_ten[page].queries != at_hundred[page].queries] == []
