import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from qingqu.engines.redflags.load import BadSource, load, load_table
from tests.engines.redflags.load.factories import (
    HEADERS,
    MAPPING,
    contents,
    csv_file,
    csv_text,
    json_lines,
    parquet_file,
    payments,
    rejects,
    release,
    xlsx_file,
)

Make = Callable[[Path], Path]


def _written(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def _cut(make: Make, share: float = 0.6) -> Make:
    def cut(folder: Path) -> Path:
        path = make(folder)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        return path

    return cut


def _spoiled(make: Make) -> Make:
    def spoil(folder: Path) -> Path:
        path = make(folder)
        content = bytearray(path.read_bytes())
        middle = len(content) // 3
        content[middle : middle + 200] = bytes(200)
        path.write_bytes(content)
        return path

    return spoil


def _declaring_a_gigabyte(folder: Path) -> Path:
    path = xlsx_file(folder / "a.xlsx", payments(3))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/big.bin", b"")
        archive.filelist[-1].file_size = 1 << 30
    return path


def _formulas(folder: Path) -> Path:
    path = folder / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(HEADERS)
    book.active.append(["P1", "甲", "2025-03-04", "=1+1", "伙食费"])
    book.save(path)
    book.close()
    return path


def _many(folder: Path) -> Path:
    return xlsx_file(folder / "a.xlsx", payments(300))


def _parquet(folder: Path) -> Path:
    return parquet_file(folder / "a.parquet", payments(300))


TABLES: dict[str, tuple[Make, str]] = {
    "empty": (_written("a.csv", b""), "EMPTY"),
    "blank lines only": (_written("a.csv", b"\n\n \n"), "NO_HEADER"),
    "duplicate header": (
        lambda folder: csv_file(folder / "a.csv", payments(1), [*HEADERS[:4], "金额"]),
        "DUPLICATE_HEADER",
    ),
    "duplicate header in Excel": (
        lambda folder: xlsx_file(folder / "a.xlsx", payments(1), [*HEADERS[:4], "金额"]),
        "DUPLICATE_HEADER",
    ),
    "Latin letters of another encoding": (_written("a.csv", "Bézier;é,è\nà,ü".encode("latin-1")), "UNKNOWN_ENCODING"),
    "Japanese of another encoding": (
        _written("a.csv", ("カタカナテスト、" * 9).encode("shift-jis")),
        "UNKNOWN_ENCODING",
    ),
    "a picture": (_written("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))), "NOT_TABLE"),
    "text cut inside a character": (_written("a.csv", csv_text(payments(9)).encode() + "餐".encode()[:2]), "TRUNCATED"),
    "UTF-16 cut inside a character": (
        _written("a.csv", csv_text(payments(9)).encode("utf-16")[:-1]),
        "TRUNCATED",
    ),
    "an open quotation mark": (
        _written("a.csv", csv_text(payments(2)).encode() + b'P9,"x,2025-01-01,1,y\n'),
        "UNCLOSED_QUOTE",
    ),
    "a cell of a megabyte": (
        _written("a.csv", csv_text(payments(2)).encode() + b"P9," + b"x" * (1 << 20)),
        "CELL_TOO_LONG",
    ),
    "truncated Excel": (_cut(_many), "DAMAGED"),
    "spoiled Excel": (_spoiled(_many), "DAMAGED"),
    "Excel that is another zip": (lambda folder: _zip(folder / "a.xlsx"), "DAMAGED"),
    "Excel declaring a gigabyte": (_declaring_a_gigabyte, "TOO_LARGE"),
    "Excel with formulas": (_formulas, "FORMULAS"),
    "truncated Parquet": (_cut(_parquet), "DAMAGED"),
    "spoiled Parquet": (_spoiled(_parquet), "DAMAGED"),
    "no such file": (lambda folder: folder / "nowhere.csv", "NOT_FOUND"),
    "a folder without tables": (lambda folder: folder, "NO_FILES"),
}


def _zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    return path


def _package(folder: Path) -> Path:
    path = folder / "a.json"
    path.write_text(
        json.dumps({"releases": [release(f"o{n}", tender={"title": "餐"}) for n in range(50)]}), encoding="utf-8"
    )
    return path


DEEP = b'{"ocid":"o","a":' * 3000 + b"1" + b"}" * 3000
JSON: dict[str, tuple[Make, str]] = {
    "empty": (_written("a.json", b""), "EMPTY"),
    "blank": (_written("a.json", b" \n "), "EMPTY"),
    "truncated document": (_cut(_package), "TRUNCATED"),
    "truncated lines": (
        _cut(lambda folder: json_lines(folder / "a.jsonl", [release(f"o{n}") for n in range(9)]), 0.95),
        "TRUNCATED",
    ),
    "3,000 deep objects": (_written("a.json", DEEP), "TOO_DEEP"),
    "3,000 deep arrays": (_written("a.json", b"[" * 3000 + b"]" * 3000), "TOO_DEEP"),
    "not JSON": (_written("a.json", b"ocid,tender\n1,2\n"), "NOT_JSON"),
    "half a surrogate pair": (_written("a.json", b'{"ocid": "a", "tender": {"title": "\\ud83d"}}'), "NOT_JSON"),
    "an escaped NUL": (_written("a.json", b'{"ocid": "a\\u0000"}'), "NOT_JSON"),
    "NaN": (_written("a.json", b'{"ocid": "a", "tender": {"value": {"amount": NaN}}}'), "NOT_JSON"),
    "other JSON": (_written("a.json", b'{"name": "x"}'), "NOT_OCDS"),
    "a number": (_written("a.json", b"17"), "NOT_OCDS"),
    "another encoding": (_written("a.json", '{"ocid": "é"}'.encode("latin-1")), "UNKNOWN_ENCODING"),
    "an archive": (lambda folder: _zip(folder / "a.json"), "NOT_JSON"),
}


def _refusal(source: Path, tmp_path: Path, **options: object) -> BadSource:
    """The refusal of a source by a mart that holds something, which must stay as it was."""
    mart = tmp_path / "mart"
    load_table(
        csv_file(tmp_path / "before.csv", [["B1", "甲", "2025-01-02", "x", ""], *payments(3)]), MAPPING, mart=mart
    )
    before = contents(mart)

    with pytest.raises(BadSource) as refused:
        load(source, mart=mart, **options)  # type: ignore[arg-type]

    assert contents(mart) == before
    return refused.value


class TestBadTables:
    @pytest.mark.parametrize("case", TABLES)
    def test_are_refused_and_change_nothing(self, tmp_path: Path, case: str) -> None:
        make, code = TABLES[case]
        (tmp_path / "in").mkdir()

        refused = _refusal(make(tmp_path / "in"), tmp_path, format="table", mapping=MAPPING)

        assert refused.code == code
        assert refused.zh != refused.en
        assert "{" not in refused.zh + refused.en

    def test_leave_no_mart_behind_where_there_was_none(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", payments(1), [*HEADERS[:4], "金额"])

        with pytest.raises(BadSource):
            load(source, format="table", mapping=MAPPING, mart=tmp_path / "new" / "mart")

        assert not (tmp_path / "new").exists()

    def test_name_the_double_columns(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", payments(1), [*HEADERS[:4], "金额"])

        refused = _refusal(source, tmp_path, format="table", mapping=MAPPING)

        assert "金额" in refused.zh
        assert "金额" in refused.en

    def test_name_the_cells_with_formulas(self, tmp_path: Path) -> None:
        refused = _refusal(_formulas(tmp_path), tmp_path, format="table", mapping=MAPPING)

        assert "D2" in refused.zh

    def test_refuse_a_folder_whole_when_one_file_is_bad(self, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        csv_file(folder / "a.csv", payments(5))
        (folder / "b.csv").write_bytes(b'\xff"')

        assert _refusal(folder, tmp_path, format="table", mapping=MAPPING).code == "UNKNOWN_ENCODING"


class TestBadRecords:
    @pytest.mark.parametrize("case", JSON)
    def test_are_refused_and_change_nothing(self, tmp_path: Path, case: str) -> None:
        make, code = JSON[case]
        (tmp_path / "in").mkdir()

        refused = _refusal(make(tmp_path / "in"), tmp_path, format="ocds")

        assert refused.code == code
        assert "{" not in refused.zh.replace('{"', "") + refused.en.replace('{"', "")


class TestTextThatCannotBeStored:
    def test_rejects_its_own_line_only(self, tmp_path: Path) -> None:
        source = tmp_path / "a.jsonl"
        lines = [
            r'{"ocid": "c", "t": "\ud83d\ude00 \\u0000"}',
            r'{"ocid": "a", "t": "\ud83d"}',
            r'{"ocid": "b", "\u0000": 1}',
        ]
        source.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

        report = load(source, format="ocds", mart=tmp_path / "mart")

        assert (report.accepted, report.reasons) == (1, {"BAD_JSON": 2})
        assert [entry["row"] for entry in rejects(tmp_path / "mart", report.batch)] == lines[1:]


class TestBadCalls:
    def test_ask_for_a_mapping(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", payments(1))

        assert _refusal(source, tmp_path, format="table").code == "MAPPING_NEEDED"

    def test_name_the_formats(self, tmp_path: Path) -> None:
        refused = _refusal(csv_file(tmp_path / "a.csv", payments(1)), tmp_path, format="pdf")

        assert refused.code == "UNKNOWN_FORMAT"
        assert "ocds" in refused.en
