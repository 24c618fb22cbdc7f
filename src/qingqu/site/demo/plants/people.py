"""Plants that concern people: ties nobody declared, meals that were not served, food that was not weighed, ghosts."""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

from datetime import date, timedelta

from qingqu.site.demo import district
from qingqu.site.demo.plants.bids import day_of, offers_of, prices_of
from qingqu.site.demo.plants.ground import Ground
from qingqu.site.demo.plants.process import Process, write
from qingqu.site.demo.world.book import hashed
from qingqu.site.demo.world.pupils import SUBSIDY_FEN, TERMS


def undisclosed_ties(ground: Ground) -> None:
    """A company of the buyer's kin wins in the same school; the last was declared, after the contract."""
    buyers = district.staff_with("采购员")
    for place, kind in enumerate(("SPOUSE", "SHARES", "LINEAL", "COLLATERAL")):
        name, unit = f"tie {place}", ground.unit()
        company = ground.company("GOODS")
        offers = offers_of([company, *ground.some("GOODS", 3, name)], prices_of(ground, name, 4))
        signed = day_of(ground, name)
        done = write(ground, Process(unit, signed, offers, detail="询价", wait_days=8))
        is_declared = place == 3
        person = buyers[unit].staff_id
        ground.row(
            "relationship",
            person_id=person,
            unit_id=unit,
            other_id=company,
            other_kind="SUPPLIER",
            kind=kind,
            declared_on=signed + timedelta(days=80) if is_declared else None,
            starts_on=date(2012, 5, 1),
        )
        ground.note(
            "undisclosed_tie",
            "L13",
            ("CONTRACT", done.contract),
            unit,
            "采购人员与成交供应商有未申报的关联关系",
            "An undeclared tie between a buyer and the winner",
            is_clean=not is_declared,
        )


def thin_meals(ground: Ground) -> None:
    """Schools that spend two thirds of the meal money on food, for a term; the last by a hair too little."""
    spans = (
        (date(2024, 3, 1), date(2024, 6, 30)),
        (date(2025, 9, 1), date(2025, 12, 31)),
        (date(2025, 3, 1), date(2025, 6, 30)),
    )
    for place, factor in enumerate((0.62, 0.68, 0.7, 0.86)):
        unit, span = ground.unit(), spans[place % 3]
        ground.world.book.scale("meal_count", unit=unit, column="food_cost_fen", span=span, factor=factor)
        for month in range(span[0].month, span[1].month + 1):
            ground.note(
                "thin_meals",
                "M02",
                ("UNIT", unit),
                unit,
                "伙食费用于食材的比例过低",
                "Too little of the meal money spent on food",
                is_clean=factor < 0.8,
                period=f"{span[0].year}-{month:02d}",
            )


def light_deliveries(ground: Ground) -> None:
    """Canteens whose delivery notes say a third more than the scales, for two months."""
    for place, factor in enumerate((0.74, 0.7, 0.78, 0.92)):
        unit = ground.unit()
        start = (date(2024, 4, 1), date(2025, 4, 1), date(2025, 10, 1), date(2026, 4, 1))[place]
        span = (start, start + timedelta(days=56))
        ground.world.book.scale("meal_delivery", unit=unit, column="weighed_qty", span=span, factor=factor)
        for month in (start.month, start.month + 1):
            ground.note(
                "light_delivery", "M01", ("UNIT", unit), unit, "送货单数量明显多于实称数量",
                "Delivery notes say more than the scales", is_clean=factor < 0.85, period=f"{start.year}-{month:02d}",
            )  # fmt: skip


def ghost_pupils(ground: Ground) -> None:
    """Subsidies for pupils who are on no roll, so many that more are paid than are enrolled."""
    special = [school for school in district.SCHOOLS if school.kind == "SPECIAL"]
    for place, school in enumerate(special):
        period, day = TERMS[1 + place]
        for number in range(30 - place * 10):
            student = ground.new_id("XG")
            ground.row(
                "subsidy",
                subsidy_id=f"Z-{period}-{student}",
                scheme="家庭经济困难学生资助",
                student_id=student,
                unit_id=school.code,
                period=period,
                amount_fen=SUBSIDY_FEN[school.kind],
                granted_on=date.fromisoformat(day) - timedelta(days=20),
                paid_on=date.fromisoformat(day),
                payee_account=hashed("account", [f"ghost {place} {number // 6}"])[0],
            )
        ground.note(
            "ghost_pupils",
            "S02",
            ("UNIT", school.code),
            school.code,
            "资助发放人数多于在籍人数",
            "More pupils subsidised than enrolled",
            is_clean=True,
            period=period,
        )


PLANTS = (undisclosed_ties, thin_meals, light_deliveries, ghost_pupils)
"""Every class planted among people, meals and pupils."""
