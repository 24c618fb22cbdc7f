"""Plants against the law of procurement: splitting, wrong method, late signature, late publication, late payment."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

from datetime import date, timedelta

from qingqu.site.demo.plants.bids import TENDER, day_of, offers_of, prices_of
from qingqu.site.demo.plants.ground import Ground
from qingqu.site.demo.plants.process import Process, Written, write
from qingqu.site.demo.world.catalogue import OPEN_LIMIT_FEN

CONTRACT = "CONTRACT"


def _ordinary(ground: Ground, name: str, unit: str, **special: object) -> Written:
    """A lawful process in a unit, apart from what is special about it."""
    offers = offers_of(ground.some("GOODS", 4, name), prices_of(ground, name, 4))
    return write(ground, Process(unit, day_of(ground, name), offers, **special))  # type: ignore[arg-type]


def splitting(ground: Ground) -> None:
    """One need cut into five purchases, each below the limit, the sum above it; the last pair barely."""
    for place, each in enumerate((0.31, 0.28, 0.35, 0.204)):
        unit, category = ground.large_unit(), "06030100"
        first = date(2024 + place % 2, 3, 4)
        company = ground.some("GOODS", 1, f"split {place}")[0]
        for turn in range(5):
            name = f"split {place} {turn}"
            fen = int(OPEN_LIMIT_FEN * each) + turn * 7100
            others = [one for one in ground.some("GOODS", 4, name) if one != company][:2]
            prices = prices_of(ground, name, 3, base=fen)
            write(
                ground,
                Process(
                    unit,
                    ground.workday(first + timedelta(days=turn * 9)),
                    offers_of([company, *others], prices),
                    category=category,
                    detail="询价",
                    wait_days=8,
                ),
            )
        ground.note(
            "splitting",
            "PR-27",
            ("UNIT", unit),
            unit,
            "同一品目一年内多次非公开采购，累计超过公开招标限额",
            "One category bought in parts in a year, together above the limit",
            is_clean=each > 0.25,
            period=str(first.year),
        )


def wrong_methods(ground: Ground) -> None:
    """Above the limit and yet not tendered openly."""
    for place, share in enumerate((1.6, 1.3, 2.2, 1.01)):
        name, unit = f"method {place}", ground.large_unit()
        prices = prices_of(ground, name, 3, base=int(OPEN_LIMIT_FEN * share * 0.93))
        offers = offers_of(ground.some("WORKS", 3, name), prices)
        done = write(
            ground,
            Process(
                unit,
                day_of(ground, name),
                offers,
                trade="WORKS",
                detail="竞争性磋商",
                wait_days=12,
                estimate_fen=int(OPEN_LIMIT_FEN * share),
            ),
        )
        ground.note(
            "wrong_method",
            "PR-28",
            (TENDER, done.tender),
            unit,
            "达到公开招标数额标准而未公开招标",
            "At or above the limit, not tendered openly",
            is_clean=share > 1.1,
        )


def late_signatures(ground: Ground) -> None:
    """Contracts signed well over thirty days after the notice."""
    for place, days in enumerate((52, 47, 75, 32)):
        unit = ground.unit()
        done = _ordinary(ground, f"signed {place}", unit, sign_days=days)
        ground.note(
            "late_signature",
            "PR-17",
            (CONTRACT, done.contract),
            unit,
            f"中标通知书发出 {days} 天后才签合同",
            f"Signed {days} days after the notice",
            is_clean=days > 40,
        )


def late_publications(ground: Ground) -> None:
    """Contracts published weeks after signature."""
    for place, days in enumerate((18, 11, 25, 3)):
        unit = ground.unit()
        done = _ordinary(ground, f"shown {place}", unit, show_workdays=days)
        ground.note(
            "late_publication",
            "PR-18",
            (CONTRACT, done.contract),
            unit,
            f"合同签订 {days} 个工作日后才公告",
            f"Published {days} working days after signature",
            is_clean=days > 5,
        )


def late_payments(ground: Ground) -> None:
    """Delivered and accepted, paid months later."""
    for place, days in enumerate((150, 110, 95, 33)):
        unit = ground.unit()
        done = _ordinary(ground, f"paid late {place}", unit, pays=((days, 1.0),))
        ground.note(
            "late_payment",
            "FI-01",
            ("PAYMENT", done.payments[0]),
            unit,
            f"验收 {days} 天后才付款",
            f"Paid {days} days after acceptance",
            is_clean=days > 60,
        )


def early_payments(ground: Ground) -> None:
    """Paid in full before anything was accepted, without an advance clause."""
    for place, days in enumerate((-25, -20, -15, -1)):
        unit = ground.unit()
        done = _ordinary(ground, f"paid early {place}", unit, pays=((days, 1.0),))
        ground.note(
            "early_payment",
            "L14A",
            ("PAYMENT", done.payments[0]),
            unit,
            f"验收前 {-days} 天已付全款",
            f"Paid in full {-days} days before acceptance",
            is_clean=days < -5,
        )


def over_payments(ground: Ground) -> None:
    """More was paid than the contract and its supplements allow."""
    for place, share in enumerate((0.35, 0.6, 0.25, 0.02)):
        unit = ground.unit()
        done = _ordinary(ground, f"overpaid {place}", unit, pays=((8, 1.0), (20, share)))
        ground.note(
            "over_payment",
            "R068",
            (CONTRACT, done.contract),
            unit,
            f"付款超出合同 {share:.0%}",
            f"Paid {share:.0%} more than the contract",
            is_clean=share > 0.1,
        )


PLANTS = (splitting, wrong_methods, late_signatures, late_publications, late_payments, early_payments, over_payments)
"""Every class planted against the law of procurement and payment."""
