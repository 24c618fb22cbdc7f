"""Honest money: utilities, small purchases, service contracts paid by the month, budgets that cover them."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qingqu.site.demo.world.book import account_of, ids
from qingqu.site.demo.world.days import Dates, Numbers, month_end, month_of, year_of
from qingqu.site.demo.world.parties import World

Texts = NDArray[np.object_]

BUDGET_ACCOUNTS = ("30201", "30202", "30205", "30206", "30207", "30209", "30213", "30308", "30399", "31002", "31007")
"""The economic accounts a school has a budget line for."""

_SMALL = (
    ("30201", "05040101", "GOODS", 0.52), ("30202", "81140100", "SERVICE", 0.22), ("30213", "53070000", "WORKS", 0.17),
    ("31002", "05010201", "GOODS", 0.09),
)  # fmt: skip
"""Account, category, trade and share of small purchases: supplies, printing, repairs, equipment."""

_SMALL_COUNT = 270
"""Small purchases of a school in the three years."""

_SMALL_WEIGHTS = np.array([0.8, 0.5, 1.1, 1.0, 1.0, 1.05, 0.7, 0.6, 1.25, 1.0, 1.05, 1.25])

SERVICES = (("物业服务", 11.0), ("保安服务", 7.0))
"""The yearly service contracts of a school and their monthly price per pupil in yuan."""


@dataclass(frozen=True)
class Spending:
    """Payments with their invoices, as columns; ``contract`` is None where no contract is needed.

    ``method`` is the procurement method the money was spent under; None where nothing is procured.
    """

    name: str
    unit: Texts
    supplier: Texts
    paid: Dates
    fen: Numbers
    account: Texts | str
    category: Texts | str
    contract: Texts | None = None
    method: Texts | str | None = None


def write_spending(world: World, spending: Spending) -> None:
    """One invoice, issued up to two weeks before, and one payment for each element."""
    chance, count = world.chance(f"spending {spending.name}"), len(spending.fen)
    if not count:
        return
    own = ids(f"{spending.name[:2]}", count)
    number = [f"26{value:018d}" for value in chance.integers(10**16, 10**18, count)]
    invoice = [f"I{one}" for one in own]
    account = np.broadcast_to(np.asarray(spending.account, dtype=object), count)
    world.book.add(
        "invoice", invoice_id=invoice, supplier_id=spending.supplier, contract_id=_listed(spending.contract),
        unit_id=spending.unit, number=number, number_norm=number, kind="数电票",
        issued_on=spending.paid - chance.integers(1, 15, count), amount_fen=spending.fen,
    )  # fmt: skip
    staff = [world.staff_by_unit[unit][0] for unit in spending.unit]
    world.book.add(
        "payment", payment_id=[f"P{one}" for one in own], invoice_id=invoice, contract_id=_listed(spending.contract),
        supplier_id=spending.supplier, unit_id=spending.unit, paid_on=spending.paid, amount_fen=spending.fen,
        account_code=account.tolist(), category=spending.category, method=spending.method,
        payee_account=[account_of(supplier) for supplier in spending.supplier], approver_id=staff,
        budget_id=[f"B-{unit}-{year}-{code}"
                   for unit, year, code in zip(spending.unit, year_of(spending.paid), account, strict=True)],
    )  # fmt: skip


def _listed(values: Texts | None) -> list[str] | None:
    return None if values is None else list(values)


def write_budgets(world: World) -> None:
    """A line for every school, year and account; one in twelve was adjusted during the year."""
    chance = world.chance("budgets")
    years = world.days.years()
    keys = [(unit, year, code) for unit in world.schools for year in years for code in BUDGET_ACCOUNTS]
    size = np.repeat(world.pupils, len(years) * len(BUDGET_ACCOUNTS))
    approved = (size * chance.uniform(180, 420, len(keys))).astype(np.int64) * 100
    is_adjusted = chance.random(len(keys)) < 1 / 12
    adjusted = np.ma.MaskedArray((approved * chance.uniform(1.02, 1.25, len(keys))).astype(np.int64), ~is_adjusted)
    world.book.add(
        "budget_line", budget_id=[f"B-{unit}-{year}-{code}" for unit, year, code in keys],
        unit_id=[unit for unit, _, _ in keys], year=[year for _, year, _ in keys],
        account_code=[code for _, _, code in keys], approved_fen=approved, adjusted_fen=adjusted,
    )  # fmt: skip


def write_money(world: World) -> None:
    """Utilities, small purchases and monthly services."""
    _utilities(world)
    _small_purchases(world)
    _services(world)


def _grid(world: World) -> tuple[Numbers, Dates]:
    """Every school in every month: the school's place and the first day of the month."""
    months = world.days.months()
    return np.repeat(np.arange(len(world.schools)), len(months)), np.tile(months, len(world.schools))


def _utilities(world: World) -> None:
    """Power, water and gas follow the season; the telephone costs the same every month."""
    chance = world.chance("utilities")
    school, month = _grid(world)
    season = 1 + 0.45 * np.cos((month_of(month) - 1) * np.pi / 3)
    plain = world.chance("telephone").integers(8, 60, len(world.schools)) * 100
    for place, (account, yuan) in enumerate((("30206", 7.5), ("30205", 2.4), ("30399", 1.6), ("30207", 0.0))):
        use = world.pupils[school] * yuan * season * chance.uniform(0.85, 1.15, len(school))
        fen = np.where(yuan > 0, (use * 100).astype(np.int64), plain[school] * 100)
        paid = world.days.workday(month + chance.integers(9, 15, len(school)))
        kept = paid <= world.days.end
        supplier = np.full(int(kept.sum()), world.suppliers("UTILITY")[place], dtype=object)
        write_spending(
            world,
            Spending(
                f"{'ABCD'[place]}U", world.schools[school][kept], supplier, paid[kept], fen[kept], account, "UTILITY"
            ),
        )


def _small_purchases(world: World) -> None:
    """Supplies, printing and repairs from companies the school knows, most of them below five thousand yuan."""
    chance = world.chance("small")
    months = world.days.months()
    busy = _SMALL_WEIGHTS[month_of(months) - 1]
    for place, (account, category, trade, share) in enumerate(_SMALL):
        count = int(_SMALL_COUNT * share) * len(world.schools)
        school = chance.choice(len(world.schools), size=count, p=world.pupils / world.pupils.sum() * 0.5 + 0.005)
        paid = world.days.workday(
            chance.choice(months, size=count, p=busy / busy.sum()) + chance.integers(0, 28, count)
        )
        known = world.circle(trade, f"small {place}", 9)
        supplier = known[school, np.minimum(chance.geometric(0.22, count) - 1, 8)]
        yuan = np.minimum(chance.lognormal(7.5, 1.05, count), 48_000)
        fen = np.where(chance.random(count) < 0.3, np.round(yuan / 10) * 1000, np.round(yuan * 100)).astype(np.int64)
        kept = (paid <= world.days.end) & (fen > 0)
        write_spending(
            world,
            Spending(f"{'EFGH'[place]}S", world.schools[school][kept], supplier[kept], paid[kept], fen[kept],
                     account, category, method="DIRECT"),
        )  # fmt: skip


def _services(world: World) -> None:
    """Property and guard services: a contract a year, the same amount every month, accepted before it is paid."""
    for place, (title, yuan) in enumerate(SERVICES):
        chance = world.chance(f"service {title}")
        school, month = _grid(world)
        year = year_of(month)
        known = world.circle("SERVICE", title, 3)
        supplier = known[school, (year % 2) * (world.pupils[school] % 2)]
        price = (world.pupils * yuan * chance.uniform(0.9, 1.1, len(world.pupils))).astype(np.int64) * 100
        contract = np.array(
            [f"QY-F{place}-{unit}-{one}" for unit, one in zip(world.schools[school], year, strict=True)], dtype=object
        )
        _service_contracts(world, contract, supplier, school, year, price)
        accepted = world.days.workday(month_end(month) - 3)
        paid = world.days.after(accepted, chance.integers(1, 8, len(month)))
        kept = paid <= world.days.end
        _monthly_acceptances(world, contract[kept], world.schools[school][kept], accepted[kept], price[school][kept])
        write_spending(
            world,
            Spending(f"{'VW'[place]}F", world.schools[school][kept], supplier[kept], paid[kept], price[school][kept],
                     "30209", "21040000", contract[kept], "OPEN"),
        )  # fmt: skip


def _service_contracts(
    world: World, contract: Texts, supplier: Texts, school: Numbers, year: Numbers, price: Numbers
) -> None:
    _, first = np.unique(contract, return_index=True)
    first.sort()
    starts = (year[first] - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    signed = world.days.workday(starts - 12)
    world.book.add(
        "contract", contract_id=contract[first], supplier_id=supplier[first], unit_id=world.schools[school[first]],
        signed_on=signed, published_on=world.days.after(signed, 1), filed_on=world.days.after(signed, 4),
        amount_fen=price[school[first]] * 12, starts_on=starts, ends_on=starts + 364,
    )  # fmt: skip


def _monthly_acceptances(world: World, contract: Texts, unit: Texts, accepted: Dates, fen: Numbers) -> None:
    staff = [world.staff_by_unit[one] for one in unit]
    world.book.add(
        "acceptance",
        acceptance_id=[f"{one}-{day}" for one, day in zip(contract, np.datetime_as_string(accepted), strict=True)],
        contract_id=contract, unit_id=unit, accepted_on=accepted, accepted_fen=fen,
        acceptor_ids=["|".join(sorted((known[2], known[5]))) for known in staff], users_invited=True,
    )  # fmt: skip
