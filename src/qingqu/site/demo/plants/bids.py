"""Plants among the bids: short periods, single bids, prices too close or too far, losers by habit, odd refusals."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

from collections.abc import Sequence
from datetime import date, timedelta

from qingqu.site.demo.plants.ground import Ground
from qingqu.site.demo.plants.process import Offer, Process, write

TENDER, SUPPLIER, BUYER, ENTITY = "TENDER", "SUPPLIER", "BUYER", "PROCURING_ENTITY"
"""What the bid indicators speak about."""


def prices_of(ground: Ground, name: str, count: int, *, base: int = 0) -> list[int]:
    """Ordinary prices in fen around a base, the lowest first, never closer than a percent."""
    chance = ground.chance(f"prices {name}")
    start = base or int(chance.integers(90_000, 260_000)) * 100
    return [int(start * (1 + 0.016 * place + 0.006 * chance.random())) // 100 * 100 for place in range(count)]


def day_of(ground: Ground, name: str) -> date:
    """An ordinary working day in the first two and a half years."""
    return ground.workday(date(2024, 1, 8) + timedelta(days=int(ground.chance(f"day {name}").integers(0, 850))))


def offers_of(companies: Sequence[str], prices: Sequence[int]) -> tuple[Offer, ...]:
    """Bids of companies at prices, in that order."""
    return tuple(Offer(company, fen) for company, fen in zip(companies, prices, strict=True))


def short_periods(ground: Ground) -> None:
    """Open tenders that left nine days, and one short of the line."""
    for place, days in enumerate((9, 10, 12, 14)):
        name, unit = f"short {place}", ground.unit()
        offers = offers_of(ground.some("GOODS", 4, name), prices_of(ground, name, 4))
        done = write(ground, Process(unit, day_of(ground, name), offers, wait_days=days))
        zh, en = f"公开招标只留 {days} 天", f"An open tender that left {days} days"
        for indicator in ("R003", "PR-01"):
            ground.note("short_period", indicator, (TENDER, done.tender), unit, zh, en, is_clean=days < 13)


def single_bids(ground: Ground) -> None:
    """Open tenders with one bidder and no approval to go on."""
    for place in range(4):
        name, unit = f"single {place}", ground.unit()
        offers = offers_of(ground.some("DIGITAL", 1, name), prices_of(ground, name, 1))
        done = write(ground, Process(unit, day_of(ground, name), offers, trade="DIGITAL"))
        ground.note(
            "single_bid",
            "R018",
            (TENDER, done.tender),
            unit,
            "公开招标仅一家投标，未经批准即成交",
            "One bidder in an open tender, awarded without approval",
            is_clean=True,
        )


def close_prices(ground: Ground) -> None:
    """The runner-up lost by almost nothing."""
    for place, share in enumerate((0.00006, 0.0001, 0.00015, 0.0009)):
        name, unit = f"close {place}", ground.unit()
        prices = prices_of(ground, name, 4)
        prices[1] = prices[0] + max(100, int(prices[0] * share) // 100 * 100)
        companies = ground.some("GOODS", 4, name)
        done = write(ground, Process(unit, day_of(ground, name), offers_of(companies, prices)))
        zh, en = "第二名报价与成交价几乎相同", "The runner-up's price almost equals the winner's"
        clean = share < 0.0005
        ground.note("close_price", "R024", (TENDER, done.tender), unit, zh, en, is_clean=clean)
        for company in companies[:2]:
            ground.note("close_price", "R024", (SUPPLIER, company), unit, zh, en, is_clean=clean)


def heavy_discounts(ground: Ground) -> None:
    """The winner undercut everybody by more than half, or by a quarter."""
    for place, factor in enumerate((2.3, 2.6, 2.0, 1.22)):
        name, unit = f"discount {place}", ground.unit()
        low, *others = prices_of(ground, name, 4)
        companies = ground.some("WORKS", 4, name)
        offers = offers_of(companies, [low, *(int(fen * factor) for fen in others)])
        done = write(ground, Process(unit, day_of(ground, name), offers, trade="WORKS"))
        zh, en = "成交价远低于其他报价", "The winning price lies far below all others"
        for subject in ((TENDER, done.tender), (SUPPLIER, companies[0])):
            ground.note("heavy_discount", "R058", subject, unit, zh, en, is_clean=factor > 1.5)


def habitual_losers(ground: Ground) -> None:
    """Companies that bid and bid and never win; the last wins twice."""
    losers = [ground.company("GOODS") for _ in range(4)]
    for place in range(130):
        name, unit = f"loser {place}", ground.unit()
        real = ground.some("GOODS", 2, name)
        lucky = place in {40, 90}
        companies = [*real, *losers] if not lucky else [losers[3], *real, *losers[:3]]
        write(ground, Process(unit, day_of(ground, name), offers_of(companies, prices_of(ground, name, 6))))
    for place, company in enumerate(losers):
        ground.note(
            "habitual_loser",
            "R025",
            (SUPPLIER, company),
            "QY",
            "投标一百余次，几乎从未成交",
            "More than a hundred bids and hardly a win",
            is_clean=place < 3,
        )


def identical_prices(ground: Ground) -> None:
    """Two rivals quote the same price to the cent."""
    for place in range(4):
        name, unit = f"same {place}", ground.unit()
        prices = prices_of(ground, name, 4)
        prices[2] = prices[1] = prices[1] + 37
        companies = ground.some("SERVICE", 4, name)
        done = write(ground, Process(unit, day_of(ground, name), offers_of(companies, prices), trade="SERVICE"))
        zh, en = "不同投标人报价完全相同", "Different bidders quote exactly the same price"
        for subject in ((TENDER, done.tender), (SUPPLIER, companies[1]), (SUPPLIER, companies[2])):
            ground.note("identical_prices", "R028", subject, unit, zh, en, is_clean=True)


def late_winners(ground: Ground) -> None:
    """The winning bid came after the deadline, by hours or by one minute."""
    for place, minutes in enumerate((300, 95, 26 * 60, 1)):
        name, unit = f"late {place}", ground.unit()
        companies = ground.some("GOODS", 4, name)
        first, *others = offers_of(companies, prices_of(ground, name, 4))
        late = Offer(first.supplier, first.fen, late_minutes=minutes)
        done = write(ground, Process(unit, day_of(ground, name), (late, *others)))
        zh, en = "截止后递交的投标成交", "A bid handed in after the deadline won"
        for subject in ((TENDER, done.tender), (SUPPLIER, companies[0])):
            ground.note("late_winner", "R030", subject, unit, zh, en, is_clean=minutes > 1)


def all_others_out(ground: Ground) -> None:
    """Every rival of the winner was disqualified."""
    for place in range(4):
        name, unit = f"out {place}", ground.unit()
        companies = ground.some("DIGITAL", 4, name)
        prices = prices_of(ground, name, 4)
        offers = (
            Offer(companies[0], prices[0]),
            *(Offer(company, fen, "disqualified") for company, fen in zip(companies[1:], prices[1:], strict=True)),
        )
        done = write(ground, Process(unit, day_of(ground, name), offers, trade="DIGITAL"))
        zh, en = "除成交人外全部被否决", "Everyone but the winner was disqualified"
        for subject in ((TENDER, done.tender), (SUPPLIER, companies[0])):
            ground.note("all_others_out", "R035", subject, unit, zh, en, is_clean=True)


def lowest_out(ground: Ground) -> None:
    """The lowest bid was disqualified and the next won."""
    for place in range(4):
        name, unit = f"lowest {place}", ground.unit()
        companies = ground.some("WORKS", 5, name)
        prices = prices_of(ground, name, 5)
        offers = (Offer(companies[0], prices[0] * 9 // 10, "disqualified"), *offers_of(companies[1:], prices[1:]))
        done = write(ground, Process(unit, day_of(ground, name), offers, trade="WORKS"))
        ground.note(
            "lowest_out",
            "R036",
            (TENDER, done.tender),
            unit,
            "最低报价被否决",
            "The lowest bid was disqualified",
            is_clean=True,
        )


def many_refusals(ground: Ground) -> None:
    """Two schools that disqualify half of what they receive, and two companies that are always out."""
    always = [ground.company("GOODS"), ground.company("GOODS")]
    for place in range(2):
        unit = ground.unit()
        for turn in range(24):
            name = f"refuse {place} {turn}"
            companies = [*ground.some("GOODS", 5, name), always[place]]
            prices = prices_of(ground, name, 6)
            offers = (
                *offers_of(companies[:2], prices[:2]),
                *(Offer(company, fen, "disqualified") for company, fen in zip(companies[2:], prices[2:], strict=True)),
            )
            write(ground, Process(unit, day_of(ground, name), offers))
        zh, en = "否决投标比例畸高", "Far more bids disqualified than elsewhere"
        for kind in (BUYER, ENTITY):
            ground.note("many_refusals", "R038", (kind, unit), unit, zh, en, is_clean=True)
        ground.note("many_refusals", "R038", (SUPPLIER, always[place]), unit, zh, en, is_clean=True)


def sell_everything(ground: Ground) -> None:
    """Companies that win in every line of goods and services there is."""
    lines = [
        "02010105",
        "05010201",
        "06030100",
        "21040000",
        "24030000",
        "52050000",
        "53070000",
        "81140100",
        "07010100",
        "15010000",
    ]
    for place, width in enumerate((10, 9, 5)):
        company = ground.company("GOODS")
        for turn in range(25):
            name, unit = f"everything {place} {turn}", ground.unit()
            others = ground.some("GOODS", 3, name)
            offers = offers_of([company, *others], prices_of(ground, name, 4))
            write(ground, Process(unit, day_of(ground, name), offers, category=lines[turn % width]))
        ground.note(
            "sells_everything",
            "R048",
            (SUPPLIER, company),
            "QY",
            "同一供应商跨多个不相关品目成交",
            "One supplier wins in many unrelated lines",
            is_clean=place < 2,
        )


PLANTS = (
    short_periods, single_bids, close_prices, heavy_discounts, habitual_losers, identical_prices, late_winners,
    all_others_out, lowest_out, many_refusals, sell_everything,
)  # fmt: skip
"""Every class planted among the bids."""
