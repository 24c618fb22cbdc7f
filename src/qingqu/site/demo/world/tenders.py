"""Honest tenders as columns: when, by whom, for what, by which method, with how many bidders."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qingqu.site.demo.world.book import ids
from qingqu.site.demo.world.catalogue import CATEGORIES, METHODS, OPEN_LIMIT_FEN
from qingqu.site.demo.world.days import Dates, Numbers, month_of
from qingqu.site.demo.world.parties import World

Texts = NDArray[np.object_]

A_YEAR = 7
"""Tenders a school runs in a year."""

MONTH_WEIGHTS = np.array([0.7, 0.5, 1.1, 1.1, 1.1, 1.2, 1.0, 0.8, 1.1, 1.0, 1.1, 1.0])
"""How busy the months are; January first, with the summer works and a mild end of the year."""

LONE_SHARE = 0.012
"""Open tenders that drew one bidder and went on with the approval needed: innocent, and no rule can tell."""

_APPROVED, _LARGE = 4, 1500
"""How many purchases above the limit had the finance department's leave, and the pupils of a school with such needs."""

_SHARES = (0.36, 0.24, 0.12, 0.22, 0.06)
TRADES = ("GOODS", "DIGITAL", "WORKS", "SERVICE")
"""The trades that schools tender for."""

_TRADE_SHARES = (0.42, 0.18, 0.18, 0.22)
_MEDIAN_YUAN = {"GOODS": 160_000, "DIGITAL": 240_000, "WORKS": 520_000, "SERVICE": 180_000}


@dataclass(frozen=True)
class Tenders:
    """The tenders as columns, one element each."""

    ids: Texts
    units: Texts
    trades: Texts
    categories: Texts
    details: Texts
    estimates: Numbers
    published: Dates
    closes: Dates
    bidders: Numbers


def tenders_of(world: World) -> Tenders:
    """The tenders of the whole period, in the order of their months."""
    chance, days = world.chance("tenders"), world.days
    months = days.months()
    busy = MONTH_WEIGHTS[month_of(months) - 1]
    count = int(len(world.schools) * A_YEAR * len(months) / 12)
    month = np.sort(chance.choice(len(months), size=count, p=busy / busy.sum()))
    published = days.workday(months[month] + chance.integers(0, 27, count))
    trades = chance.choice(np.array(TRADES, dtype=object), size=count, p=_TRADE_SHARES)
    median = np.array([_MEDIAN_YUAN[trade] for trade in trades])
    estimates = (median * chance.lognormal(0, 0.75, count) / 100).astype(np.int64) * 100 * 100
    details = chance.choice(np.array(list(METHODS), dtype=object), size=count, p=_SHARES)
    details[estimates >= OPEN_LIMIT_FEN] = "公开招标"
    units = chance.choice(world.schools, size=count, p=0.003 + 0.7 * world.pupils / world.pupils.sum())
    approved = _approved(world, units)
    estimates[approved] = OPEN_LIMIT_FEN // 100 * chance.integers(105, 160, len(approved))
    details[approved] = "竞争性磋商"
    is_open = details == "公开招标"
    wait = np.where(is_open, chance.integers(20, 29, count), chance.integers(6, 13, count))
    bidders = np.where(is_open, chance.integers(3, 8, count), chance.integers(3, 5, count))
    bidders[details == "单一来源"] = 1
    is_alone = is_open & (chance.random(count) < LONE_SHARE)
    bidders[is_alone] = 1
    places = chance.random(count)
    return Tenders(
        ids=np.array(ids("QY-T", count, width=5), dtype=object),
        units=units,
        trades=trades,
        categories=np.array(
            [
                CATEGORIES[trade][int(place * len(CATEGORIES[trade]))]
                for trade, place in zip(trades, places, strict=True)
            ],
            dtype=object,
        ),
        details=details,
        estimates=estimates,
        published=published,
        closes=days.workday(published + wait),
        bidders=bidders,
    )


def _approved(world: World, units: Texts) -> Numbers:
    """The tenders of large schools that the finance department let run by another method above the limit."""
    large = world.schools[world.pupils > _LARGE]
    return world.chance("approved").choice(np.flatnonzero(np.isin(units.astype(str), large.astype(str))), _APPROVED)
