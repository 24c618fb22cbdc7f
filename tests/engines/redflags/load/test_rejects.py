import json
from pathlib import Path

import pytest

from qingqu.engines.redflags.load import BadSource, load, load_corrected
from tests.engines.redflags.load.factories import (
    MAPPING,
    contents,
    csv_file,
    json_lines,
    payment,
    rejects,
    release,
    stored,
)


class TestLoadRejects:
    def test_takes_corrected_rows_under_their_first_mapping(self, tmp_path: Path) -> None:
        mart = tmp_path / "mart"
        source = csv_file(tmp_path / "a.csv", [payment(1), payment(2, 金额="两元"), payment(3, 付款日期="")])
        first = load(source, format="table", mapping=MAPPING, mart=mart)
        kept = rejects(mart, first.batch)
        kept[0]["row"]["金额"] = "2.50"
        corrected = json_lines(tmp_path / "corrected.jsonl", kept)

        report = load(corrected, format="rejects", mart=mart)

        assert (report.read, report.accepted, report.rejected) == (2, 1, 1)
        assert stored(mart, "payment", "payment_id, amount_fen, source_row") == [("P1", 150, 2), ("P2", 250, 3)]
        assert report.reasons == {"REQUIRED": 1}
        assert load(corrected, format="rejects", mart=mart).already_imported

    def test_takes_a_row_once_its_surplus_cells_are_gone(self, tmp_path: Path) -> None:
        mart = tmp_path / "mart"
        first = load(csv_file(tmp_path / "a.csv", [[*payment(1), "多"]]), format="table", mapping=MAPPING, mart=mart)
        [kept] = rejects(mart, first.batch)

        assert load_corrected(first.batch, [kept], mart=mart).reasons == {"WRONG_WIDTH": 1}
        del kept["row"]["_extra"]
        assert load_corrected(first.batch, [kept], mart=mart).accepted == 1

    def test_takes_an_unchanged_row_once_what_it_refers_to_has_come(self, tmp_path: Path) -> None:
        mart = tmp_path / "mart"
        strict = {**MAPPING, "references": "reject"}
        first = load(csv_file(tmp_path / "a.csv", [payment(1)]), format="table", mapping=strict, mart=mart)
        [kept] = rejects(mart, first.batch)
        still_missing = load_corrected(first.batch, [kept], mart=mart)
        supplier = "清源食品有限公司"
        suppliers = csv_file(tmp_path / "s.csv", [[supplier, supplier]], ["编号", "名称"])
        supplier_columns = {"supplier_id": "编号", "name": "名称"}
        known = {"table": "supplier", "constants": {"unit_id": "S001"}, "columns": supplier_columns}
        load(suppliers, format="table", mapping=known, mart=mart)

        report = load_corrected(first.batch, [kept], mart=mart)

        assert still_missing.reasons == {"UNKNOWN_REFERENCE": 1}
        assert (report.accepted, report.rejected, report.rejects_path) == (1, 0, None)
        assert not (mart / "_rejects" / f"{report.batch}.jsonl").exists()
        assert load_corrected(first.batch, [kept], mart=mart).already_imported

    def test_takes_corrected_releases(self, tmp_path: Path) -> None:
        mart = tmp_path / "mart"
        first = load(
            json_lines(tmp_path / "a.jsonl", [release("o1"), {"id": 2}]), format="ocds", mart=mart, unit_id="S1"
        )
        [kept] = rejects(mart, first.batch)
        kept["row"]["ocid"] = "o2"

        report = load_corrected(first.batch, [kept], mart=mart)

        assert report.accepted == 1
        assert stored(mart, "tender", "tender_id, unit_id, source_row") == [("o1", "S1", 1), ("o2", "S1", 2)]

    def test_can_be_corrected_again_and_again(self, tmp_path: Path) -> None:
        mart = tmp_path / "mart"
        batch = load(
            csv_file(tmp_path / "a.csv", [payment(1, 金额="坏")]), format="table", mapping=MAPPING, mart=mart
        ).batch

        for attempt in ("更坏", "1"):
            [kept] = rejects(mart, batch)
            kept["row"]["金额"] = attempt
            batch = load_corrected(batch, [kept], mart=mart).batch

        assert stored(mart, "payment", "amount_fen") == [(100,)]

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ({"batch": "none", "row": {}}, "NO_BATCH"),
            ({"row": {}}, "NOT_REJECTS"),
            ({"batch": "none"}, "NOT_REJECTS"),
            (17, "NOT_REJECTS"),
        ],
    )
    def test_refuses_what_is_no_reject(self, tmp_path: Path, line: object, code: str) -> None:
        source = tmp_path / "a.jsonl"
        source.write_text(json.dumps(line) + "\n", encoding="utf-8")

        with pytest.raises(BadSource) as refused:
            load(source, format="rejects", mart=tmp_path / "mart")

        assert refused.value.code == code
        assert contents(tmp_path / "mart") == {}
