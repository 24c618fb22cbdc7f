from pathlib import Path

import yaml

from qingqu.engines.redflags.load import load
from tests.engines.redflags.load.factories import rejects, stored
from tests.shared import shared_path

HOW_TO = Path(__file__).resolve().parents[4] / "docs" / "how-to"


class TestExeterPayments:
    def test_are_all_accounted_for(self, tmp_path: Path) -> None:
        source = shared_path("data/real/exeter")

        report = load(source, format="table", mapping=HOW_TO / "exeter-payments.yaml", mart=tmp_path / "mart")

        assert (report.read, report.accepted, report.rejected) == (60_177, 60_156, 21)
        assert report.accepted + report.rejected == report.read
        assert len(rejects(tmp_path / "mart", report.batch)) == 21
        assert stored(tmp_path / "mart", "payment", "count(*), count(DISTINCT payment_id)") == [(60_156, 60_156)]

    def test_name_every_transaction_once_under_a_stricter_key(self, tmp_path: Path) -> None:
        mapping = yaml.safe_load((HOW_TO / "exeter-payments.yaml").read_text(encoding="utf-8"))
        mapping["columns"]["payment_id"] = "transaction_id"

        report = load(shared_path("data/real/exeter"), format="table", mapping=mapping, mart=tmp_path / "mart")

        assert report.read == 60_177 == report.accepted + report.rejected
        assert report.reasons["DUPLICATE_KEY"] > 10_000


class TestPortugueseContracts:
    def test_are_all_accounted_for(self, tmp_path: Path) -> None:
        report = load(shared_path("data/real/pt_impic_100_releases.json"), format="ocds", mart=tmp_path / "mart")

        assert (report.read, report.accepted, report.rejected) == (100, 100, 0)
        assert {name: report.tables[name] for name in ("tender", "award", "contract")} == {
            "tender": 100,
            "award": 100,
            "contract": 100,
        }
        first = "ocds-px0z7d-5052-5001-1"
        found = stored(tmp_path / "mart", "contract", "contract_id, supplier_id, amount_fen, currency")
        assert (f"{first}/contract-1", "501995978", 77_576, "EUR") in found

    def test_share_a_mart_with_the_payments(self, tmp_path: Path) -> None:
        load(shared_path("data/real/pt_impic_100_releases.json"), format="ocds", mart=tmp_path / "mart")

        report = load(
            shared_path("data/real/exeter"),
            format="table",
            mapping=HOW_TO / "exeter-payments.yaml",
            mart=tmp_path / "mart",
        )

        assert report.accepted == 60_156
