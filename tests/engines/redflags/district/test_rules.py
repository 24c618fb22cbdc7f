"""The district's rule indicators on rows that can be checked by hand: what is raised, and what must not be."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from qingqu.engines.redflags import FlagRow, flags, run
from tests.engines.redflags.marts import make_mart

LIMIT = 1_000_00
SETTINGS = {"currency": "CNY", "open_tender_limit_fen": LIMIT}


def raised(folder: Path, indicator: str, settings: Mapping[str, Any] = SETTINGS, **tables: Any) -> list[FlagRow]:
    """The hints of one indicator over a small mart; the indicator must have run."""
    with make_mart(folder, **tables) as mart:
        done = run(mart, [indicator], dict(settings))
        assert not done.manifest.skipped
        return list(done.flags())


def subjects(found: list[FlagRow]) -> list[tuple[str, str, str]]:
    return sorted((each.subject_kind, each.subject_id, each.period) for each in found)


def bought(
    number: int, fen: int, *, method: str = "limited", category: str = "A", budget: str = "B1"
) -> dict[str, Any]:
    return {
        "tender": {
            "tender_id": f"T{number}", "plan_id": f"P{number}", "category": category, "method": method,
            "estimate_fen": fen, "published_on": date(2025, number, 1),
        },
        "plan": {"plan_id": f"P{number}", "budget_id": budget, "category": category, "method": method, "planned_fen": fen},
    }  # fmt: skip


def purchases(*rows: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {"tender": [row["tender"] for row in rows], "procurement_plan": [row["plan"] for row in rows]}


class TestSplitting:
    def test_raises_a_unit_and_year_whose_parts_exceed_the_limit_together(self, tmp_path: Path) -> None:
        found = raised(tmp_path, "PR-27", **purchases(bought(1, 60_000), bought(2, 50_000)))

        assert subjects(found) == [("UNIT", "U1", "2025")]
        assert found[0].score == 1.1
        assert found[0].evidence["tender"] == [{"tender_id": "T1"}, {"tender_id": "T2"}]

    def test_is_silent_for_other_classes_items_open_methods_and_sums_at_the_limit(self, tmp_path: Path) -> None:
        found = raised(
            tmp_path, "PR-27",
            **purchases(
                bought(1, 60_000), bought(2, 50_000, category="B"), bought(3, 50_000, budget="B2"),
                bought(4, 90_000, method="open"), bought(5, 40_000),
            ),
        )  # fmt: skip

        assert found == []


class TestMethodByThreshold:
    def test_raises_what_is_not_open_at_the_limit_and_lowers_it_for_a_reason(self, tmp_path: Path) -> None:
        at, below, is_open, reason = (
            bought(1, LIMIT),
            bought(2, LIMIT - 1),
            bought(3, LIMIT, method="open"),
            bought(4, LIMIT),
        )
        reason["tender"]["rationale"] = "经批准"

        found = raised(tmp_path, "PR-28", **purchases(at, below, is_open, reason))

        assert {(each.subject_id, each.severity) for each in found} == {("T1", 3), ("T4", 1)}


class TestTenderPeriod:
    def test_counts_local_days_and_allows_exactly_twenty(self, tmp_path: Path) -> None:
        opens = datetime(2025, 3, 1, 17, tzinfo=UTC)  # 2 March in China

        def tender(name: str, day: int, method: str = "open") -> dict[str, Any]:
            closes = datetime(2025, 3, day, 2, tzinfo=UTC)
            return {"tender_id": name, "method": method, "opens_at": opens, "closes_at": closes}

        found = raised(tmp_path, "PR-01", tender=[tender("T19", 21), tender("T20", 22), tender("TL", 5, "limited")])

        assert [(each.subject_id, each.score) for each in found] == [("T19", 19.0)]


class TestClocks:
    def test_a_contract_may_be_signed_on_the_thirtieth_day_but_not_after(self, tmp_path: Path) -> None:
        award = {"tender_id": "T1", "award_id": "A1", "notice_on": date(2025, 3, 3)}
        contracts = [
            {
                "contract_id": name,
                "tender_id": "T1",
                "award_id": "A1",
                "supplier_id": "S",
                "amount_fen": 1,
                "signed_on": day,
            }
            for name, day in (("in time", date(2025, 4, 2)), ("late", date(2025, 4, 3)))
        ]

        found = raised(tmp_path, "PR-17", award=[award], contract=contracts)

        assert [(each.subject_id, each.score) for each in found] == [("late", 1.0)]

    def test_a_make_up_workday_counts_and_a_holiday_does_not(self, tmp_path: Path) -> None:
        """Friday 26 September 2025: the 28th (Sunday) is a make-up workday, the 29th the second working day."""
        contracts = [
            {
                "contract_id": name,
                "tender_id": "T1",
                "supplier_id": "S",
                "amount_fen": 1,
                "signed_on": signed,
                "published_on": shown,
            }
            for name, signed, shown in (
                ("in time", date(2025, 9, 26), date(2025, 9, 29)),
                ("late", date(2025, 9, 26), date(2025, 9, 30)),
                ("over the holiday", date(2025, 9, 30), date(2025, 10, 10)),
            )
        ]

        found = raised(tmp_path, "PR-18", contract=contracts)

        assert [each.subject_id for each in found] == ["late"]

    def test_a_contract_never_published_is_late_once_the_records_reach_past_its_due_date(self, tmp_path: Path) -> None:
        contracts = [
            {"contract_id": "never", "tender_id": "T1", "supplier_id": "S", "amount_fen": 1, "signed_on": date(2025, 3, 3)},
            {"contract_id": "shown", "tender_id": "T1", "supplier_id": "S", "amount_fen": 1, "signed_on": date(2025, 3, 3),
             "published_on": date(2025, 3, 4)},
        ]  # fmt: skip

        found = raised(tmp_path, "PR-18", {"as_of": "2025-03-31"}, contract=contracts)

        assert [(each.subject_id, each.score) for each in found] == [("never", 26.0)]


def contract(**columns: Any) -> dict[str, Any]:
    return {"contract_id": "C1", "supplier_id": "S1", "amount_fen": 1000, "signed_on": date(2025, 1, 2)} | columns


def payment(name: str, day: date, fen: int, **columns: Any) -> dict[str, Any]:
    return {"payment_id": name, "paid_on": day, "amount_fen": fen, "supplier_id": "S1", "contract_id": "C1"} | columns


ACCEPTED = {"acceptance_id": "Y1", "contract_id": "C1", "accepted_on": date(2025, 3, 3)}


class TestPayments:
    def test_late_is_after_thirty_days_and_retention_money_is_not_late(self, tmp_path: Path) -> None:
        found = raised(
            tmp_path, "FI-01", contract=[contract(retention_share=0.05)], acceptance=[ACCEPTED],
            payment=[payment("in time", date(2025, 4, 2), 500), payment("late", date(2025, 4, 3), 450),
                     payment("retention", date(2026, 3, 3), 50)],
        )  # fmt: skip

        assert [(each.subject_id, each.score) for each in found] == [("late", 1.0)]

    def test_only_what_exceeds_the_advance_before_acceptance_is_early(self, tmp_path: Path) -> None:
        found = raised(
            tmp_path, "L14A", contract=[contract(advance_share=0.3)], acceptance=[ACCEPTED],
            payment=[payment("advance", date(2025, 1, 9), 300), payment("early", date(2025, 2, 3), 200),
                     payment("after", date(2025, 3, 3), 500)],
        )  # fmt: skip

        assert [(each.subject_id, each.score) for each in found] == [("early", 28.0)]

    def test_an_approved_change_raises_what_may_be_paid(self, tmp_path: Path) -> None:
        change = {"amendment_id": "M1", "contract_id": "C1", "decided_on": date(2025, 2, 1), "delta_fen": 100}
        found = raised(
            tmp_path, "R068", contract=[contract(), contract(contract_id="C2")], amendment=[change],
            payment=[payment("a", date(2025, 3, 9), 1100), payment("b", date(2025, 3, 9), 1001, contract_id="C2")],
        )  # fmt: skip

        assert [(each.subject_id, each.severity) for each in found] == [("C2", 2)]

    def test_a_supply_contract_of_three_years_to_the_day_is_not_endless(self, tmp_path: Path) -> None:
        starts = date(2024, 2, 29)
        rows = [
            contract(contract_id=name, starts_on=starts, ends_on=ends)
            for name, ends in (("three", date(2027, 2, 28)), ("longer", date(2027, 3, 1)))
        ]

        assert [each.subject_id for each in raised(tmp_path, "M03", contract=rows)] == ["longer"]


class TestDuplicates:
    INVOICE = {"supplier_id": "S1", "issued_on": date(2025, 3, 1), "amount_fen": 700, "number": "x"}

    def invoices(self, **numbers: str) -> list[dict[str, Any]]:
        return [self.INVOICE | {"invoice_id": name, "number_norm": number} for name, number in numbers.items()]

    def pay(self, name: str, day: int, invoice: str, **columns: Any) -> dict[str, Any]:
        return payment(name, date(2025, 3, day), 700, contract_id=None, invoice_id=invoice) | columns

    def test_raises_the_later_payment_of_one_number_however_it_is_written(self, tmp_path: Path) -> None:
        found = raised(
            tmp_path, "L01", invoice=self.invoices(I1="00123", I2="1-23"),
            payment=[self.pay("first", 1, "I1"), self.pay("again", 9, "I2")],
        )  # fmt: skip

        assert [(each.subject_id, each.score) for each in found] == [("again", 8.0)]
        assert found[0].evidence["payment"] == [{"payment_id": "again"}, {"payment_id": "first"}]

    def test_a_payment_that_bounced_and_was_made_again_is_one(self, tmp_path: Path) -> None:
        rows = [self.pay("a", 1, "I1"), self.pay("back", 3, "I1", amount_fen=-700), self.pay("b", 5, "I1")]

        assert raised(tmp_path, "L01", invoice=self.invoices(I1="123"), payment=rows) == []

    def test_equal_instalments_within_the_invoice_are_not_duplicates(self, tmp_path: Path) -> None:
        invoice = [self.invoices(I1="123")[0] | {"amount_fen": 1400}]

        assert raised(tmp_path, "L01", invoice=invoice, payment=[self.pay("a", 1, "I1"), self.pay("b", 5, "I1")]) == []

    def test_two_suppliers_with_one_account_and_amount_within_thirty_days(self, tmp_path: Path) -> None:
        rows = [
            self.pay("a", 1, "I1", payee_account="K"), self.pay("b", 20, "I2", payee_account="K", supplier_id="S2"),
            self.pay("c", 20, "I3", payee_account="L", supplier_id="S3"),
        ]  # fmt: skip

        found = raised(tmp_path, "L01", invoice=self.invoices(I1="1", I2="2", I3="3"), payment=rows)

        assert [each.subject_id for each in found] == ["b"]


class TestTies:
    def tie(self, **columns: Any) -> dict[str, Any]:
        return {"person_id": "p1", "other_id": "S1", "other_kind": "SUPPLIER", "kind": "SPOUSE"} | columns

    def test_raises_a_tie_declared_after_signature(self, tmp_path: Path) -> None:
        found = raised(tmp_path, "L13", contract=[contract()], relationship=[self.tie(declared_on=date(2025, 1, 3))])

        assert subjects(found) == [("CONTRACT", "C1", "2025")]

    def test_is_silent_when_declared_before_long_ended_or_in_another_unit(self, tmp_path: Path) -> None:
        ties = [
            self.tie(declared_on=date(2025, 1, 2)), self.tie(person_id="p2", ends_on=date(2022, 1, 1)),
            self.tie(person_id="p3", unit_id="U2"),
        ]  # fmt: skip

        assert raised(tmp_path, "L13", contract=[contract()], relationship=ties) == []

    def test_a_shared_account_is_a_tie_unless_many_share_it(self, tmp_path: Path) -> None:
        people = [{"person_id": f"p{number}", "phone": "switchboard"} for number in range(5)]
        people[0]["bank_account"] = "K"
        suppliers = [{"supplier_id": "S1", "bank_account": "K"}, {"supplier_id": "S2", "phone": "switchboard"}]
        other = {"person_id": "p9", "other_id": "S9", "other_kind": "SUPPLIER", "kind": "SPOUSE"}

        found = raised(
            tmp_path, "L13", contract=[contract(), contract(contract_id="C2", supplier_id="S2")], person=people,
            supplier=suppliers, relationship=[other],
        )  # fmt: skip

        assert subjects(found) == [("CONTRACT", "C1", "2025")]


class TestPupils:
    def test_notes_above_the_scales_twice_in_a_month(self, tmp_path: Path) -> None:
        def note(name: str, day: int, noted: float, unit: str = "U1") -> dict[str, Any]:
            return {"delivery_id": name, "day": date(2025, 3, day), "item": "米", "invoiced_qty": noted, "weighed_qty": 10.0,
                    "unit": "kg", "unit_price_fen": 100, "unit_id": unit}  # fmt: skip

        found = raised(
            tmp_path,
            "M01",
            meal_delivery=[note("a", 1, 13.0), note("b", 2, 11.5), note("c", 3, 11.0), note("d", 4, 14, "U2")],
        )

        assert subjects(found) == [("UNIT", "U1", "2025-03")]
        assert found[0].score == 1.225

    def test_less_than_the_share_of_the_meal_money_on_food(self, tmp_path: Path) -> None:
        days = [
            {"unit_id": unit, "day": date(2025, 3, day), "meals": 10, "charged_fen": 100, "food_cost_fen": cost}
            for unit, cost in (("U1", 84), ("U2", 85))
            for day in range(3, 8)
        ]

        found = raised(tmp_path, "M02", meal_count=days)

        assert [(each.subject_id, each.period, each.score) for each in found] == [("U1", "2025-03", 0.84)]

    def test_more_subsidised_than_enrolled_that_term(self, tmp_path: Path) -> None:
        students = [{"student_id": "x1"}, {"student_id": "x2"}, {"student_id": "left", "left_on": date(2025, 1, 1)}]
        paid = [
            {"subsidy_id": f"{period}{name}", "scheme": "资助", "student_id": name, "period": period, "amount_fen": 1, "paid_on": day}
            for period, day, names in (
                ("S", date(2025, 4, 1), ("x1", "x2", "ghost")), ("W", date(2025, 10, 1), ("x1", "x2")),
            )
            for name in names
        ]  # fmt: skip

        found = raised(tmp_path, "S02", student=students, subsidy=paid)

        assert [(each.subject_id, each.period, each.score) for each in found] == [("U1", "S", 1.5)]
        assert {"subsidy_id": "Sghost"} in found[0].evidence["subsidy"]


class TestNothing:
    def test_an_empty_mart_raises_nothing_and_says_why(self, tmp_path: Path) -> None:
        with make_mart(tmp_path) as mart:
            assert list(flags(mart, None, SETTINGS)) == []
