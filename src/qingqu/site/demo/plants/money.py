"""Plants among the payments: paid twice, too round, too alike, too late in the year, too much to one company."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

from datetime import date, timedelta

from qingqu.site.demo.plants.ground import Ground
from qingqu.site.demo.plants.process import pay

UNIT = "UNIT"


def paid_twice(ground: Ground) -> None:
    """The same invoice paid twice; the last time under two company names with one account."""
    for place in range(4):
        chance, unit = ground.chance(f"twice {place}"), ground.unit()
        company, other = ground.some("GOODS", 2, f"twice {place}")
        first = ground.workday(date(2024, 3, 5) + timedelta(days=int(chance.integers(0, 700))))
        fen, number = int(chance.integers(300_000, 3_000_000)) + 37, f"{chance.integers(10**7, 10**8):08d}"
        again = ground.workday(first + timedelta(days=11))
        hidden = place == 3
        kept = [
            pay(ground, unit=unit, supplier=company, paid=first, fen=fen, number=f"00{number}"),
            pay(
                ground,
                unit=unit,
                supplier=other if hidden else company,
                paid=again,
                fen=fen,
                number=f"{int(number) + 5}" if hidden else f"{number[:4]}-{number[4:]}",
                paid_to=company,
            ),
        ]
        ground.note(
            "paid_twice",
            "L01",
            ("PAYMENT", kept[1]),
            unit,
            "同一发票付款两次" if not hidden else "两家供应商同一账户同额付款",
            "One invoice paid twice" if not hidden else "Two suppliers, one account, one amount",
            is_clean=not hidden,
        )


def round_amounts(ground: Ground) -> None:
    """Schools whose bills come out in whole thousands."""
    for place, count in enumerate((160, 140, 150, 40)):
        chance, unit = ground.chance(f"round {place}"), ground.unit()
        for _ in range(count):
            paid = ground.workday(date(2025, 1, 6) + timedelta(days=int(chance.integers(0, 330))))
            pay(
                ground,
                unit=unit,
                supplier=ground.some("GOODS", 6, f"round {place}")[int(chance.integers(6))],
                paid=paid,
                fen=int(chance.integers(1, 9)) * 1000 * 100,
            )
        ground.note(
            "round_amounts",
            "L04",
            (UNIT, unit),
            unit,
            "整千元付款比例畸高",
            "Far too many payments in whole thousands",
            is_clean=count > 100,
        )


def alike_digits(ground: Ground) -> None:
    """Schools whose bills cluster just below five thousand yuan, the amount a principal may sign alone."""
    for place, count in enumerate((260, 230, 240, 60)):
        chance, unit = ground.chance(f"digits {place}"), ground.unit()
        companies = ground.some("GOODS", 20, f"digits {place}")
        for _ in range(count):
            paid = ground.workday(date(2024, 2, 20) + timedelta(days=int(chance.integers(0, 900))))
            pay(
                ground,
                unit=unit,
                supplier=companies[int(chance.integers(20))],
                paid=paid,
                fen=int(chance.integers(460_000, 499_900)) + 7,
            )
        ground.note(
            "alike_digits",
            "L03",
            (UNIT, unit),
            unit,
            "付款金额首位数字分布异常",
            "First digits far from the expected ones",
            is_clean=count > 100,
        )


def year_end_rush(ground: Ground) -> None:
    """Schools that spend a third of their year in its last weeks."""
    for place, count in enumerate((45, 40, 50, 12)):
        chance, unit = ground.chance(f"rush {place}"), ground.unit()
        companies = ground.some("GOODS", 12, f"rush {place}")
        year = 2024 + place % 2
        for _ in range(count):
            paid = ground.workday(date(year, 12, 8) + timedelta(days=int(chance.integers(0, 19))))
            pay(
                ground,
                unit=unit,
                supplier=companies[int(chance.integers(12))],
                paid=paid,
                fen=int(chance.lognormal(10.6, 0.4)) * 100 + 11,
                account="31002",
                category="05010201",
            )
        ground.note(
            "year_end_rush",
            "L06",
            (UNIT, unit),
            unit,
            f"{year} 年 12 月突击花钱",
            f"Rush of spending in December {year}",
            is_clean=count > 20,
            period=str(year),
        )


def one_supplier(ground: Ground) -> None:
    """Schools that buy nearly everything of one kind from one company."""
    for place, count in enumerate((70, 60, 80, 14)):
        chance, unit = ground.chance(f"one {place}"), ground.unit()
        company = ground.company("GOODS")
        for _ in range(count):
            paid = ground.workday(date(2025, 1, 10) + timedelta(days=int(chance.integers(0, 320))))
            pay(ground, unit=unit, supplier=company, paid=paid, fen=int(chance.lognormal(10.2, 0.5)) * 100 + 3)
        ground.note(
            "one_supplier",
            "R050",
            (UNIT, unit),
            unit,
            "付款高度集中于一家供应商",
            "Payments concentrated on one supplier",
            is_clean=count > 20,
            period="2025",
        )


def endless_supply(ground: Ground) -> None:
    """Supply contracts that run five years without competition."""
    for place, years in enumerate((5, 6, 4, 3)):
        unit, company = ground.unit(), ground.some("FOOD", 1, f"endless {place}")[0]
        contract, starts = ground.new_id("QY-M"), date(2024, 2, 1)
        signed = ground.workday(date(2024, 1, 10))
        ground.row(
            "contract",
            contract_id=contract,
            supplier_id=company,
            unit_id=unit,
            signed_on=signed,
            published_on=ground.workday(signed, 1),
            filed_on=ground.workday(signed, 4),
            amount_fen=90_000_000,
            starts_on=starts,
            ends_on=starts + timedelta(days=365 * years + (20 if years == 3 else 0)),
        )
        ground.note(
            "endless_supply",
            "M03",
            ("CONTRACT", contract),
            unit,
            f"供货合同期限 {years} 年以上",
            f"A supply contract of {years} years and more",
            is_clean=years > 3,
        )


PLANTS = (paid_twice, round_amounts, alike_digits, year_end_rush, one_supplier, endless_supply)
"""Every class planted among the payments."""
