"""Who takes part: schools that buy, companies that sell, members of staff, and what they declared about each other."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from qingqu.site.demo import district, names
from qingqu.site.demo.world.book import Book, hashed, ids
from qingqu.site.demo.world.days import Days

TRADE_COUNTS = {"UTILITY": 4, "FOOD": 60, "GOODS": 90, "DIGITAL": 40, "WORKS": 45, "SERVICE": 60}
"""How many companies of each trade deal with the district."""

_DECLARED = 80
"""How many members of staff declared a relationship to a company."""


@dataclass(frozen=True)
class World:
    """What every generator of records shares; ``chance(name)`` gives each its own stream of numbers."""

    seed: int
    days: Days
    book: Book

    def chance(self, name: str) -> Generator:
        """A generator for one named part, independent of the others and of the order they run in."""
        return np.random.default_rng([self.seed, *name.encode()])

    @cached_property
    def schools(self) -> NDArray[np.object_]:
        """The codes of the schools."""
        return np.array([school.code for school in district.SCHOOLS], dtype=object)

    @cached_property
    def pupils(self) -> NDArray[np.int64]:
        """How many pupils each school has."""
        return np.array([district.pupils(code) for code in self.schools])

    @cached_property
    def staff_by_unit(self) -> dict[str, tuple[str, ...]]:
        """Staff ids by unit: the head first, in the order of the district's list."""
        found: dict[str, list[str]] = {}
        for person in district.people():
            found.setdefault(person.unit_code, []).append(person.staff_id)
        return {unit: tuple(staff) for unit, staff in found.items()}

    def suppliers(self, trade: str) -> NDArray[np.object_]:
        """The ids of the companies of a trade."""
        start = 1
        for name, count in TRADE_COUNTS.items():
            if name == trade:
                return np.array(ids("V", count, start=start, width=4), dtype=object)
            start += count
        raise KeyError(trade)

    def circle(self, trade: str, name: str, size: int) -> NDArray[np.object_]:
        """The companies of a trade each school knows: [school, place], none twice in a school."""
        companies = self.suppliers(trade)
        order = self.chance(name).random((len(self.schools), len(companies))).argsort(axis=1)
        return companies[order[:, :size]]


def write_parties(world: World) -> None:
    """Companies, staff and declared relationships."""
    _companies(world)
    _staff(world)
    _relationships(world)


def _companies(world: World) -> None:
    generator = world.chance("companies")
    called = [name for trade, count in TRADE_COUNTS.items() for name in company_list(generator, trade, count)]
    count = len(called)
    world.book.add(
        "supplier",
        supplier_id=ids("V", count, width=4),
        unit_id="QY",
        uscc=[names.uscc(world.seed % 1000 * 10_000 + number) for number in range(count)],
        name=called,
        name_core=[name.removeprefix("清源").removesuffix("有限公司") for name in called],
        legal_person=names.person_names(generator, count),
        phone=hashed("phone", [f"supplier-{world.seed}-{number}" for number in range(count)]),
        address=hashed("address", [f"supplier-{world.seed}-{number}" for number in range(count)]),
        bank_account=hashed("account", ids("V", count, width=4)),
        registered_on=np.datetime64("2004-03-01") + generator.integers(0, 6800, count),
    )


def company_list(generator: Generator, trade: str, count: int) -> list[str]:
    """The names of a trade's companies; the four utilities have fixed names."""
    if trade == "UTILITY":
        return [f"清源{business}有限公司" for business in names.TRADES[trade]]
    return names.company_names(generator, trade, count)


def _staff(world: World) -> None:
    people = district.people()
    generator = world.chance("staff")
    count = len(people)
    world.book.add(
        "person",
        person_id=[person.staff_id for person in people],
        unit_id=[person.unit_code for person in people],
        post=[person.title for person in people],
        phone=hashed("phone", [f"staff-{number}" for number in range(count)]),
        address=hashed("address", [f"home-{home}" for home in generator.permutation(count)]),
        bank_account=hashed("account", [f"staff-{number}" for number in range(count)]),
        employed_from=[date(min(person.birth_year + 23, 2023), 8, 1) for person in people],
    )


def _relationships(world: World) -> None:
    """Declared in time and open to see: nobody is to be accused of a relationship that stands on record."""
    generator = world.chance("relationships")
    people = np.array([person.staff_id for person in district.people()], dtype=object)
    holders = generator.choice(len(people), size=_DECLARED, replace=False)
    companies = np.concatenate([world.suppliers(trade) for trade in ("FOOD", "GOODS", "WORKS", "SERVICE")])
    world.book.add(
        "relationship",
        person_id=people[holders],
        unit_id=np.array([person.unit_code for person in district.people()], dtype=object)[holders],
        other_id=generator.choice(companies, size=_DECLARED),
        other_kind="SUPPLIER",
        kind=generator.choice(
            np.array(["SPOUSE", "LINEAL", "COLLATERAL", "AFFINITY", "SHARES"], dtype=object), _DECLARED
        ),
        declared_on=np.datetime64("2023-03-01") + generator.integers(0, 250, _DECLARED),
        starts_on=np.datetime64("2015-01-01") + generator.integers(0, 2000, _DECLARED),
    )
