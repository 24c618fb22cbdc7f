"""A run as a whole: the same hints again, files without Python, reasons for what did not run, evidence and chain."""

import json
import re
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from qingqu.engines.redflags import (
    SettingsError,
    UnknownIndicator,
    chain,
    evidence,
    evidence_counts,
    fingerprint,
    flags,
    indicators,
    indicators_reference,
    load_settings,
    readiness,
    run,
)
from qingqu.engines.redflags.mart import Mart
from qingqu.engines.statutes import rule
from tests.engines.redflags.marts import make_mart


def chained(folder: Path, *, paid: int = 1200) -> Mart:
    """One purchase from budget to payment, paid above its contract."""
    return make_mart(
        folder,
        budget_line=[{"budget_id": "B1", "year": 2025, "account_code": "30201", "approved_fen": 9000}],
        procurement_plan=[{"plan_id": "P1", "budget_id": "B1", "category": "A", "method": "open", "planned_fen": 2000,
                           "published_on": date(2025, 1, 5)}],
        tender=[{"tender_id": "T1", "plan_id": "P1", "published_on": date(2025, 2, 10), "estimate_fen": 1500}],
        award=[{"tender_id": "T1", "award_id": "A1", "notice_on": date(2025, 3, 6), "amount_fen": 1000}],
        contract=[{"contract_id": "C1", "tender_id": "T1", "award_id": "A1", "supplier_id": "S1", "amount_fen": 1000,
                   "signed_on": date(2025, 3, 10)}],
        acceptance=[{"acceptance_id": "Y1", "contract_id": "C1", "accepted_on": date(2025, 4, 1)}],
        payment=[{"payment_id": "X1", "contract_id": "C1", "supplier_id": "S1", "paid_on": date(2025, 4, 9),
                  "amount_fen": paid}],
    )  # fmt: skip


class TestRun:
    def test_the_same_hint_keeps_its_fingerprint_when_its_value_changes(self, tmp_path: Path) -> None:
        found = []
        for paid in (1200, 1300):
            with chained(tmp_path / str(paid), paid=paid) as mart:
                found += list(flags(mart, ["R068"]))

        first, second = found
        assert first.score != second.score
        assert fingerprint(first) == fingerprint(second)

    def test_writes_the_same_fingerprints_to_parquet_and_json_lines(self, tmp_path: Path) -> None:
        with chained(tmp_path / "mart") as mart:
            hints = list(run(mart, ["R068"], out=tmp_path / "flags.parquet").flags())
            run(mart, ["R068"], out=tmp_path / "flags.jsonl")

        expected = [fingerprint(each) for each in hints]
        assert pq.read_table(tmp_path / "flags.parquet")["fingerprint"].to_pylist() == expected
        lines = (tmp_path / "flags.jsonl").read_text().splitlines()
        assert [json.loads(line)["fingerprint"] for line in lines] == expected

    def test_the_manifest_repeats_and_notices_another_input(self, tmp_path: Path) -> None:
        with chained(tmp_path / "a") as mart:
            once, again = run(mart).manifest, run(mart).manifest
        with chained(tmp_path / "b", paid=1) as mart:
            other = run(mart).manifest

        assert once == again
        assert once.sql_hash == other.sql_hash
        assert once.input_hash != other.input_hash
        assert json.dumps(once.as_json())

    def test_what_cannot_run_says_why_and_is_not_counted_as_zero(self, tmp_path: Path) -> None:
        with chained(tmp_path) as mart:
            manifest = run(mart, ["R068", "M02", "PR-28"]).manifest

        assert manifest.counts == {"R068": 1}
        reasons = {each.indicator: each.reason.en for each in manifest.skipped}
        assert reasons["M02"] == "missing tables: meal_count"
        assert "open_tender_limit_fen" in reasons["PR-28"]

    def test_refuses_an_indicator_that_is_not_there(self, tmp_path: Path) -> None:
        with chained(tmp_path) as mart, pytest.raises(UnknownIndicator, match="R999"):
            run(mart, ["R999"])

    def test_progress_is_told_step_by_step(self, tmp_path: Path) -> None:
        steps: list[tuple[str, int, int]] = []
        with chained(tmp_path) as mart:
            run(mart, ["R068"], progress=lambda *step: steps.append(step))

        assert [step[1:] for step in steps] == [(1, 3), (2, 3), (3, 3)]


class TestEvidence:
    def test_opens_the_rows_that_a_hint_was_computed_from(self, tmp_path: Path) -> None:
        with chained(tmp_path) as mart:
            (hint,) = flags(mart, ["R068"])
            rows = evidence(mart, hint)

        assert [row["payment_id"] for row in rows["payment"]] == ["X1"]
        assert [row["contract_id"] for row in rows["contract"]] == ["C1"]
        assert rows["amendment"] == []

    def test_counts_all_rows_however_few_are_read(self, tmp_path: Path) -> None:
        pay = {"contract_id": "C1", "supplier_id": "S", "paid_on": date(2025, 3, 1), "amount_fen": 700}
        payments = [{"payment_id": f"X{number}", **pay} for number in range(3)]
        contract = {"contract_id": "C1", "supplier_id": "S", "amount_fen": 1000}
        with make_mart(tmp_path, payment=payments, contract=[contract]) as mart:
            (hint,) = flags(mart, ["R068"])

            assert evidence_counts(mart, hint) == {"payment": 3, "contract": 1, "amendment": 0}
            assert len(evidence(mart, hint, limit=2)["payment"]) == 2


class TestExplanation:
    def test_ends_each_language_in_its_own_punctuation(self, tmp_path: Path) -> None:
        with chained(tmp_path) as mart:
            (hint,) = flags(mart, ["R068"])

        assert hint.explanation["zh"].endswith("之和（n=1，规则判断，无概率）。")
        assert hint.explanation["en"].endswith(" changes (n=1, rule, no p).")


class TestChain:
    @pytest.mark.parametrize(("kind", "subject"), [("TENDER", "T1"), ("CONTRACT", "C1"), ("PAYMENT", "X1")])
    def test_tells_the_whole_purchase_from_any_end_in_order(self, tmp_path: Path, kind: str, subject: str) -> None:
        with chained(tmp_path) as mart:
            events = chain(mart, kind, subject)

        assert [each.stage for each in events] == [
            "BUDGET", "PLAN", "TENDER", "AWARD", "CONTRACT", "ACCEPTANCE", "PAYMENT",
        ]  # fmt: skip
        assert events[-1].amount_fen == 1200
        assert events[-1].key == {"payment_id": "X1"}

    def test_a_unit_has_no_chain(self, tmp_path: Path) -> None:
        with chained(tmp_path) as mart:
            assert chain(mart, "UNIT", "U1") == []


class TestReadiness:
    def test_names_what_is_missing_and_how_much_is_empty(self, tmp_path: Path) -> None:
        with chained(tmp_path) as mart:
            found = {each.indicator: each for each in readiness(mart)}

        assert found["R068"].can_run
        assert found["PR-18"].missing_columns == ("contract.published_on",)
        assert found["PR-18"].empty_shares["contract.published_on"] == 1.0
        assert found["S02"].missing_tables == ("subsidy", "student")


class TestSettings:
    @pytest.mark.parametrize(
        "content",
        [
            {"R003": {"threshold": "ten"}}, {"R003": {"limit": 1}}, {"R999": {}}, {"currency": 1}, {"R003": 10},
            {"exclusions": {"x": []}}, {"as_of": "2025-13-01"}, {"R003": {"threshold": True}},
        ],
    )  # fmt: skip
    def test_refuses_what_it_does_not_know(self, content: dict[str, object]) -> None:
        with pytest.raises(SettingsError):
            load_settings(content)

    def test_reads_a_file_and_says_when_it_is_not_json(self, tmp_path: Path) -> None:
        good, bad = tmp_path / "good.json", tmp_path / "bad.json"
        good.write_text('{"currency": "GBP", "R003": {"threshold": 10}}')
        bad.write_text("{")

        assert load_settings(good).shared.currency == "GBP"
        with pytest.raises(SettingsError, match="not valid JSON"):
            load_settings(bad)


class TestDeclarations:
    def test_every_legal_basis_and_law_of_a_parameter_is_a_rule(self) -> None:
        for each in indicators_reference():
            for name in [*each["legal_basis"], *(one["law"] for one in each["params"] if one["law"])]:
                assert rule(name).id == name

    def test_every_indicator_speaks_both_languages_and_has_an_innocent_explanation(self) -> None:
        for each in indicators():
            texts = [each.title, each.null, each.explanation, *each.innocent]
            assert each.innocent
            assert all(text.zh and text.en for text in texts)
            assert each.null.zh.endswith("。")
            assert each.null.en.endswith(".")

    def test_no_words_of_an_indicator_cite_an_article(self) -> None:
        for each in indicators():
            texts = [each.title, each.null, each.explanation, *each.innocent, *([each.beside] if each.beside else [])]
            assert not any(re.search(r"第[^，。]{1,6}条", text.zh) or re.search(r"\bart\.", text.en) for text in texts)
