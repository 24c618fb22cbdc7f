import json
from pathlib import Path
from typing import Any

import pytest

from qingqu.engines.redflags.load import load_ocds
from tests.engines.redflags.load.factories import json_lines, rejects, release, stored
from tests.shared import shared_path


def document(path: Path, value: Any, **options: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False, **options), encoding=options.pop("encoding", "utf-8"))
    return path


def tenders(mart: Path) -> list[str]:
    return [ocid for (ocid,) in stored(mart, "tender", "tender_id")]


RELEASES = [release("o1", tender={"title": "餐"}), release("o2"), release("o3")]
SHAPES: dict[str, Any] = {
    "release package": {"uri": "x", "releases": RELEASES},
    "list of releases": RELEASES,
    "list of packages": [{"releases": RELEASES[:1]}, {"releases": RELEASES[1:]}],
    "record package": {"records": [{"ocid": each["ocid"], "compiledRelease": each} for each in RELEASES]},
}


class TestLoadOcds:
    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("indent", [None, 2])
    def test_reads_every_kind_of_document(self, tmp_path: Path, shape: str, indent: int | None) -> None:
        source = document(tmp_path / "a.json", SHAPES[shape], indent=indent)

        report = load_ocds(source, mart=tmp_path / "mart")

        assert (report.read, report.accepted) == (3, 3)
        assert tenders(tmp_path / "mart") == ["o1", "o2", "o3"]

    def test_reads_a_single_release(self, tmp_path: Path) -> None:
        assert load_ocds(document(tmp_path / "a.json", RELEASES[0], indent=1), mart=tmp_path / "mart").read == 1

    @pytest.mark.parametrize("lines", [RELEASES, SHAPES["list of packages"], SHAPES["record package"]["records"]])
    def test_reads_json_lines_of_releases_packages_or_records(self, tmp_path: Path, lines: list[Any]) -> None:
        report = load_ocds(json_lines(tmp_path / "a.jsonl", lines), mart=tmp_path / "mart")

        assert report.accepted == 3
        assert stored(tmp_path / "mart", "tender", "max(source_row)") == [(len(lines),)]

    def test_reads_a_last_line_without_a_line_end(self, tmp_path: Path) -> None:
        source = json_lines(tmp_path / "a.jsonl", RELEASES)
        source.write_text(source.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")

        assert load_ocds(source, mart=tmp_path / "mart").accepted == 3

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
    def test_reads_other_encodings(self, tmp_path: Path, encoding: str) -> None:
        source = tmp_path / "a.json"
        source.write_bytes(json.dumps(SHAPES["release package"], ensure_ascii=False).encode(encoding))

        load_ocds(source, mart=tmp_path / "mart")

        assert ("餐",) in stored(tmp_path / "mart", "tender", "title")

    def test_keeps_what_is_no_release_with_its_reason(self, tmp_path: Path) -> None:
        source = tmp_path / "a.jsonl"
        deep = '{"ocid":"d","a":' * 600 + "1" + "}" * 600
        lines = [
            json.dumps(release("o1")),
            "{broken",
            "17",
            '{"id": 1}',
            '{"ocid": 5}',
            '{"ocid":"r","releases":[]}',
            deep,
        ]
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")

        report = load_ocds(source, mart=tmp_path / "mart")

        assert (report.read, report.accepted, report.rejected) == (7, 1, 6)
        kept = [(entry["line"], entry["reason_code"]) for entry in rejects(tmp_path / "mart", report.batch)]
        assert kept == [
            (2, "BAD_JSON"),
            (3, "NOT_AN_OBJECT"),
            (4, "NO_OCID"),
            (5, "NO_OCID"),
            (6, "NO_COMPILED_RELEASE"),
            (7, "TOO_DEEP"),
        ]

    def test_rejects_the_second_release_of_a_process(self, tmp_path: Path) -> None:
        source = json_lines(
            tmp_path / "a.jsonl", [release("o", tender={"title": "一"}), release("o", tender={"title": "二"})]
        )

        report = load_ocds(source, mart=tmp_path / "mart")

        assert stored(tmp_path / "mart", "tender", "title") == [("一",)]
        [kept] = rejects(tmp_path / "mart", report.batch)
        assert (kept["reason_code"], kept["row"]["tender"]["title"]) == ("DUPLICATE_OCID", "二")
        assert "a.jsonl:1" in kept["reason_zh"]

    def test_rejects_a_process_the_mart_holds(self, tmp_path: Path) -> None:
        load_ocds(json_lines(tmp_path / "a.jsonl", RELEASES[:2]), mart=tmp_path / "mart")

        report = load_ocds(json_lines(tmp_path / "b.jsonl", RELEASES), mart=tmp_path / "mart")

        assert (report.accepted, report.reasons) == (1, {"OCID_IN_MART": 2})

    def test_stores_a_supplier_once(self, tmp_path: Path) -> None:
        parts = {"awards": [{"id": "a", "suppliers": [{"id": "S", "name": "甲"}]}]}
        load_ocds(
            json_lines(tmp_path / "a.jsonl", [release("o1", **parts), release("o2", **parts)]), mart=tmp_path / "mart"
        )

        load_ocds(json_lines(tmp_path / "b.jsonl", [release("o3", **parts)]), mart=tmp_path / "mart")

        assert stored(tmp_path / "mart", "supplier", "supplier_id, name") == [("S", "甲")]
        assert len(stored(tmp_path / "mart", "award_supplier")) == 3

    def test_gives_every_record_to_the_unit_named(self, tmp_path: Path) -> None:
        load_ocds(json_lines(tmp_path / "a.jsonl", RELEASES), mart=tmp_path / "mart", unit_id="S001")

        assert stored(tmp_path / "mart", "tender", "DISTINCT unit_id") == [("S001",)]

    def test_notes_what_it_changed(self, tmp_path: Path) -> None:
        odd = release("o", buyer={"id": 1}, bids={"details": [{"tenderers": [{}], "date": "soon"}]})

        report = load_ocds(json_lines(tmp_path / "a.jsonl", [odd, release("p")]), mart=tmp_path / "mart")

        assert report.notes == {"DATE_UNREADABLE": 1, "ID_MISSING": 1, "NUMERIC_IDS": 1, "PARTY_WITHOUT_ID": 1}

    @pytest.mark.parametrize("name", ["R003", "R018", "R025", "R030", "R035", "R038"])
    def test_reads_every_line_of_the_cardinal_fixtures(self, tmp_path: Path, name: str) -> None:
        source = shared_path(f"data/cardinal_fixtures/{name}.jsonl")
        lines = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]

        report = load_ocds(source, mart=tmp_path / "mart")

        assert report.accepted == len(lines)
        expected = sum(len(line["bids"]["details"]) for line in lines if "bids" in line)
        assert report.tables.get("bid", 0) == expected
