"""Honest canteens: meals counted every school day, food weighed on delivery and paid by the month."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

import numpy as np

from qingqu.site.demo.world.book import ids
from qingqu.site.demo.world.days import Dates, Numbers, month_end, year_of
from qingqu.site.demo.world.money import Spending, Texts, write_spending
from qingqu.site.demo.world.parties import World

MEAL_FEN = 1200
"""What a pupil pays for a meal in the demo district."""

_ITEMS = (("粮油", 0.3, 480), ("肉禽蛋", 0.45, 2600), ("蔬菜", 0.25, 420))
"""What is delivered, its share of the food money, and its usual price of a kilogram in fen."""

_COST_SHARE = 0.97
"""How much of the meal money a canteen spends on food; the rest is fuel and water."""


def write_meals(world: World) -> None:
    """Counts, deliveries, supply contracts, acceptances and payments."""
    school, day, cost = _counts(world)
    _deliveries(world, school, day, cost)


def _counts(world: World) -> tuple[Numbers, Dates, Numbers]:
    """Meals of every school and school day; returns the school's place, the day and what was spent on food.

    Stock is bought ahead, so a month may look thrifty and the next one lavish; refunds for absence lower the charge.
    """
    chance, days = world.chance("meals"), world.days.school_days()
    school = np.repeat(np.arange(len(world.schools)), len(days))
    day = np.tile(days, len(world.schools))
    usual = (world.pupils * chance.uniform(0.55, 0.9, len(world.pupils)))[school]
    meals = (usual * chance.normal(0.96, 0.02, len(day))).astype(np.int64)
    refunded = (meals * np.where(chance.random(len(day)) < 0.02, 0.03, 0)).astype(np.int64)
    charged = (meals - refunded) * MEAL_FEN
    months = day.astype("datetime64[M]").astype(np.int64)
    stock = chance.normal(0, 0.035, (len(world.schools), int(months.max() - months.min()) + 2))
    place = months - months.min()
    share = _COST_SHARE - stock[school, place] + stock[school, np.maximum(place - 1, 0)] * (place > 0)
    cost = (charged * share * chance.normal(1, 0.03, len(day))).astype(np.int64)
    world.book.add(
        "meal_count", unit_id=world.schools[school], day=day, meals=meals, charged_fen=charged, food_cost_fen=cost,
        claimed=meals,
    )  # fmt: skip
    return school, day, cost


def _deliveries(world: World, school: Numbers, day: Dates, cost: Numbers) -> None:
    """One delivery a week and item; note and scales differ by a percent, for fish and greens by the water in them."""
    week = (day.astype("datetime64[D]").astype(np.int64) + 3) // 7
    keys, place = np.unique(school * 100_000 + week, return_inverse=True)
    weekly = np.bincount(place, weights=cost)
    first = np.full(len(keys), np.datetime64("2999-01-01"))
    np.minimum.at(first, place, day)
    unit = keys // 100_000
    for number, (item, share, price) in enumerate(_ITEMS):
        chance = world.chance(f"delivery {number}")
        prices = (price * chance.normal(1, 0.05, len(keys))).astype(np.int64)
        quantity = np.round(weekly * share / prices, 1)
        wet = np.where((number == 2) & (chance.random(len(keys)) < 0.01), 1.07, 1.0)
        supplier = world.circle("FOOD", f"food {number}", 3)[unit, _school_year(first) % 2]
        world.book.add(
            "meal_delivery", delivery_id=ids(f"D{number}", len(keys)), unit_id=world.schools[unit],
            supplier_id=supplier, day=first, item=item, invoiced_qty=quantity,
            weighed_qty=np.round(quantity / wet * chance.normal(0.995, 0.008, len(keys)), 1), unit="kg",
            unit_price_fen=prices,
        )  # fmt: skip
        _paid_by_month(world, number, unit, first, supplier, (quantity * prices).astype(np.int64))


def _school_year(days: Dates) -> Numbers:
    """The year in which the school year of each day began."""
    return year_of(days - np.timedelta64(212, "D"))


def _paid_by_month(world: World, number: int, unit: Numbers, day: Dates, supplier: Texts, fen: Numbers) -> None:
    """The deliveries of each month, accepted on its last day and paid within three weeks."""
    chance = world.chance(f"food pay {number}")
    month = day.astype("datetime64[M]").astype(np.int64)
    year = _school_year(day)
    keys, first, place = np.unique(unit * 1_000_000 + month * 10 + year % 10, return_index=True, return_inverse=True)
    total = np.bincount(place, weights=fen).astype(np.int64)
    unit, year, supplier = unit[first], year[first], supplier[first]
    contract = np.array(
        [f"QY-M{number}-{code}-{one}" for code, one in zip(world.schools[unit], year, strict=True)], dtype=object
    )
    _supply_contracts(world, contract, supplier, unit, year, total)
    accepted = month_end(day[first])
    paid = world.days.after(accepted, chance.integers(2, 14, len(keys)))
    kept = (accepted <= world.days.end) & (paid <= world.days.end)
    staff = [world.staff_by_unit[code] for code in world.schools[unit[kept]]]
    world.book.add(
        "acceptance",
        acceptance_id=[f"{one}-{when}" for one, when in
                       zip(contract[kept], np.datetime_as_string(accepted[kept], unit="M"), strict=True)],
        contract_id=contract[kept], unit_id=world.schools[unit[kept]], accepted_on=accepted[kept],
        accepted_fen=total[kept], acceptor_ids=["|".join(sorted((known[8], known[5]))) for known in staff],
        users_invited=True,
    )  # fmt: skip
    write_spending(
        world,
        Spending(f"{'XYZ'[number]}M", world.schools[unit[kept]], supplier[kept], paid[kept], total[kept], "30308",
                 "15010000", contract[kept], "OPEN"),
    )  # fmt: skip


def _supply_contracts(
    world: World, contract: Texts, supplier: Texts, unit: Numbers, year: Numbers, total: Numbers
) -> None:
    """One supply contract a school year and item, worth a little more than what was bought under it."""
    named, first, place = np.unique(contract.astype(str), return_index=True, return_inverse=True)
    bought = np.bincount(place, weights=total)
    chance = world.chance(f"supply {named[0][:5]}")
    starts = (year[first] - 1970).astype("datetime64[Y]").astype("datetime64[M]").astype("datetime64[D]")
    starts = starts + np.timedelta64(213, "D")
    signed = world.days.after(starts - 30, 2)
    world.book.add(
        "contract", contract_id=contract[first], supplier_id=supplier[first], unit_id=world.schools[unit[first]],
        signed_on=signed, published_on=world.days.after(signed, 1), filed_on=world.days.after(signed, 4),
        amount_fen=(bought * chance.uniform(1.03, 1.12, len(bought))).astype(np.int64), starts_on=starts,
        ends_on=starts + 364,
    )  # fmt: skip
