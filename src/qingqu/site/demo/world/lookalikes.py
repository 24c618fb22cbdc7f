"""Innocent records that look like trouble: refunds, twin purchases, old ties, frameworks of exactly three years."""

import numpy as np

from qingqu.site.demo import district
from qingqu.site.demo.world.book import account_of, ids
from qingqu.site.demo.world.days import Dates
from qingqu.site.demo.world.money import SERVICES, Spending, write_spending
from qingqu.site.demo.world.parties import World

_REFUNDS, _TWINS, _OLD_TIES, _FRAMEWORKS, _CONCESSIONS, _BYSTANDERS = 25, 40, 40, 30, 2, 2


def write_lookalikes(world: World) -> None:
    """A few dozen of each kind, among all the rest."""
    _refunds(world)
    _twins(world)
    _old_ties(world)
    _frameworks(world)
    _bystanders(world)


def _some_days(world: World, name: str, count: int) -> Dates:
    span = int((world.days.end - world.days.start).astype(np.int64)) - 80
    return world.days.workday(world.days.start + world.chance(name).integers(20, span, count))


def _refunds(world: World) -> None:
    """A payment that bounced: paid, returned, paid again on the same invoice."""
    chance = world.chance("refunds")
    paid = _some_days(world, "refund days", _REFUNDS)
    unit, supplier = chance.choice(world.schools, _REFUNDS), chance.choice(world.suppliers("GOODS"), _REFUNDS)
    fen = chance.integers(800, 9000, _REFUNDS) * 100
    number = [f"26{value:018d}" for value in chance.integers(10**16, 10**18, _REFUNDS)]
    invoice = ids("IRT", _REFUNDS)
    world.book.add(
        "invoice", invoice_id=invoice, supplier_id=supplier, unit_id=unit, number=number, number_norm=number,
        kind="数电票", issued_on=paid - 5, amount_fen=fen,
    )  # fmt: skip
    steps = (("A", 0, 1), ("B", 2, -1), ("C", 5, 1))
    for suffix, later, sign in steps:
        day = world.days.after(paid, later)
        world.book.add(
            "payment", payment_id=[f"PRT{place + 1:04d}{suffix}" for place in range(_REFUNDS)], invoice_id=invoice,
            supplier_id=supplier, unit_id=unit, paid_on=day, amount_fen=sign * fen, account_code="30201",
            category="05040101", method="DIRECT", payee_account=[account_of(one) for one in supplier],
            approver_id=[world.staff_by_unit[one][0] for one in unit],
            budget_id=[f"B-{one}-{str(when)[:4]}-30201" for one, when in zip(unit, day, strict=True)],
        )  # fmt: skip


def _twins(world: World) -> None:
    """Two departments buy the same thing from the same company in the same month, each with its own invoice."""
    chance = world.chance("twins")
    paid = np.repeat(_some_days(world, "twin days", _TWINS), 2)
    paid[1::2] = world.days.workday(paid[1::2] + chance.integers(1, 20, _TWINS))
    unit = np.repeat(chance.choice(world.schools, _TWINS), 2)
    supplier = np.repeat(chance.choice(world.suppliers("GOODS"), _TWINS), 2)
    fen = np.repeat(chance.integers(300, 4000, _TWINS) * 100, 2)
    write_spending(world, Spending("TW", unit, supplier, paid, fen, "30201", "05040101", method="DIRECT"))


def _old_ties(world: World) -> None:
    """A tie that nobody declared and that ended long before the records begin."""
    chance = world.chance("old ties")
    people = district.people()
    holders = chance.choice(len(people), size=_OLD_TIES, replace=False)
    world.book.add(
        "relationship", person_id=[people[place].staff_id for place in holders],
        unit_id=[people[place].unit_code for place in holders],
        other_id=chance.choice(world.suppliers("GOODS"), _OLD_TIES), other_kind="SUPPLIER", kind="EMPLOYMENT",
        starts_on=np.datetime64("2010-01-01") + chance.integers(0, 1500, _OLD_TIES),
        ends_on=np.datetime64("2016-01-01") + chance.integers(0, 1000, _OLD_TIES),
    )  # fmt: skip


def _frameworks(world: World) -> None:
    """Printing supplied for exactly three years, paid every term as ordered; two are concessions, long by nature."""
    chance = world.chance("frameworks")
    unit = chance.choice(world.schools, _FRAMEWORKS, replace=False)
    supplier = chance.choice(world.suppliers("SERVICE"), _FRAMEWORKS)
    starts = world.days.start + chance.integers(0, 90, _FRAMEWORKS)
    signed = world.days.workday(starts - 20)
    fen = chance.integers(40_000, 200_000, _FRAMEWORKS) * 100
    contract = ids("QY-K", _FRAMEWORKS, width=3)
    months = np.where(np.arange(_FRAMEWORKS) < _CONCESSIONS, 60, 36)
    world.book.add(
        "contract", contract_id=contract, supplier_id=supplier, unit_id=unit, signed_on=signed,
        published_on=world.days.after(signed, 2), filed_on=world.days.after(signed, 5), amount_fen=fen,
        starts_on=starts, ends_on=(starts.astype("datetime64[M]") + months).astype("datetime64[D]") - 1,
    )  # fmt: skip
    for term in range(5):
        accepted = world.days.workday(starts + 120 + 150 * term)
        paid = world.days.after(accepted, 9)
        named = np.array(contract, dtype=object)
        world.book.add(
            "acceptance", acceptance_id=[f"{one}-{term}" for one in contract], contract_id=contract, unit_id=unit,
            accepted_on=accepted, accepted_fen=fen // 6, users_invited=True,
            acceptor_ids=["|".join(world.staff_by_unit[one][2:4]) for one in unit],
        )  # fmt: skip
        write_spending(world, Spending(f"{term}K", unit, supplier, paid, fen // 6, "30202", "81140100", named, "OPEN"))


def _bystanders(world: World) -> None:
    """Teachers whose kin work for the school's property company and who have no part in what the school buys."""
    chance = world.chance("bystanders")
    schools = chance.choice(len(world.schools), _BYSTANDERS, replace=False)
    company = world.circle("SERVICE", SERVICES[0][0], 3)[schools, 0]
    world.book.add(
        "relationship", person_id=[world.staff_by_unit[unit][-1] for unit in world.schools[schools]],
        unit_id=world.schools[schools], other_id=company, other_kind="SUPPLIER", kind="COLLATERAL",
        starts_on=np.datetime64("2019-06-01"),
    )  # fmt: skip
