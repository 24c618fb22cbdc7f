import glob
import multiprocessing
import multiprocessing.forkserver
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qingqu.engines.redflags.load import BadSource, load, recover
from qingqu.engines.redflags.load.batch import writing
from tests.engines.redflags.load.factories import MAPPING, contents, csv_file, json_lines, payment, payments, release

ROWS = 6_000
WAIT_SECONDS = 120
POLL_SECONDS = 0.0005
# Children are forked from a small server that has the importers loaded, so that a kill hits the import, not its start.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["qingqu.engines.redflags.load"])


def run(source: Path, kind: str, mart: Path) -> None:
    """What the child does."""
    load(source, format=kind, mapping=MAPPING, mart=mart)


def killed_when(is_time: Callable[[], bool], source: Path, kind: str, mart: Path) -> bool:
    """Imports in a process of its own and kills it at once when the moment comes; False when it ended before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        multiprocessing.forkserver.ensure_running()
    process = FORKS.Process(target=run, args=(source, kind, mart))
    process.start()
    until = time.monotonic() + WAIT_SECONDS
    while process.is_alive() and time.monotonic() < until:
        if is_time():
            process.kill()
            break
        time.sleep(POLL_SECONDS)
    process.join(WAIT_SECONDS)
    assert process.exitcode in {0, -signal.SIGKILL}
    was_killed = process.exitcode != 0
    process.close()
    return was_killed


def there(pattern: Path) -> Callable[[], bool]:
    """A test whether some path matches; folders may vanish while it looks."""
    return lambda: bool(glob.glob(str(pattern)))  # noqa: PTH207 - Path.glob stumbles over vanishing folders


def table_source(folder: Path) -> Path:
    rows = payments(ROWS)
    rows[5] = payment(6, 金额="坏")
    rows[9] = payment(1)
    return csv_file(folder / "a.csv", rows)


def ocds_source(folder: Path) -> Path:
    award = {"id": "a", "suppliers": [{"id": "S"}], "items": [{"classification": {"id": "1"}}], "value": {"amount": 1}}
    bid = {"id": "b", "tenderers": [{"id": "S"}]}
    whole = [
        release(f"o{n}", bids={"details": [bid]}, awards=[award], contracts=[{"awardID": "a"}]) for n in range(2500)
    ]
    return json_lines(folder / "a.jsonl", [*whole, release("o1")])


SOURCES = {"table": table_source, "ocds": ocds_source}


def undisturbed(kind: str, folder: Path) -> tuple[Path, dict[str, bytes]]:
    """A source and the mart that an import without interruption makes of it."""
    folder.mkdir()
    source = SOURCES[kind](folder)
    load(source, format=kind, mapping=MAPPING, mart=folder / "mart")
    return source, contents(folder / "mart")


def moments(mart: Path) -> dict[str, Callable[[], bool]]:
    """Places in an import that can be seen from outside, each a test that is true when it is reached."""
    batch = mart / "_staging" / "*"
    return {
        "when the folder is made": there(batch),
        "when rows are being stored": there(batch / "work.duckdb"),
        "when a table is staged": there(batch / "*.parquet"),
        "when the rejects are being written": there(batch / "rejects.jsonl"),
        "when it is decided": there(batch / "manifest.json"),
        "when a table is in place": there(mart / "[a-z]*" / "*.parquet"),
        "when the manifest is in place": there(mart / "_batches" / "*.json"),
    }


class TestKilledImport:
    @pytest.mark.slow
    @pytest.mark.parametrize("kind", SOURCES)
    def test_loses_and_doubles_nothing_wherever_it_is_killed(self, tmp_path: Path, kind: str) -> None:
        source, expected = undisturbed(kind, tmp_path / "undisturbed")
        killed = []

        for place, (moment, _) in enumerate(moments(tmp_path).items()):
            mart = tmp_path / f"mart-{place}"
            if killed_when(moments(mart)[moment], source, kind, mart):
                killed.append(moment)
            load(source, format=kind, mapping=MAPPING, mart=mart)
            assert contents(mart) == expected, moment

        assert len(killed) >= 3, killed

    @pytest.mark.slow
    @pytest.mark.parametrize("kind", SOURCES)
    def test_loses_and_doubles_nothing_after_kills_at_random(self, tmp_path: Path, kind: str) -> None:
        source, expected = undisturbed(kind, tmp_path / "undisturbed")
        delays = random.Random(20250924)
        mart = tmp_path / "mart"
        killed = 0

        for _ in range(6):
            deadline = time.monotonic() + delays.uniform(0, 0.8)
            killed += killed_when(lambda: time.monotonic() >= deadline, source, kind, mart)  # noqa: B023 - used at once

        load(source, format=kind, mapping=MAPPING, mart=mart)
        assert contents(mart) == expected
        assert killed

    @pytest.mark.slow
    def test_leaves_what_was_there_before(self, tmp_path: Path) -> None:
        mart = tmp_path / "mart"
        load(csv_file(tmp_path / "b.csv", [payment(90_000)]), format="table", mapping=MAPPING, mart=mart)
        before = contents(mart)

        moment = there(mart / "_staging" / "*" / "work.duckdb")
        assert killed_when(moment, table_source(tmp_path), "table", mart)
        recover(mart)

        assert contents(mart) == before


class TestRecover:
    @pytest.mark.parametrize("done", range(5))
    def test_finishes_a_decided_batch_from_any_step(self, tmp_path: Path, done: int) -> None:
        source = json_lines(tmp_path / "a.jsonl", [release("o", awards=[{"suppliers": [{"id": "S"}]}]), release("o")])
        report = load(source, format="ocds", mart=tmp_path / "whole")
        expected = contents(tmp_path / "whole")
        mart = tmp_path / "mart"
        shutil.copytree(tmp_path / "whole", mart)
        folder = mart / "_staging" / report.batch
        folder.mkdir(parents=True)
        (mart / "_batches" / f"{report.batch}.json").rename(folder / "manifest.json")
        for table in list(report.tables)[done:]:
            (mart / table / f"{report.batch}.parquet").rename(folder / f"{table}.parquet")
        (mart / "_rejects" / f"{report.batch}.jsonl").rename(folder / "rejects.jsonl")

        recover(mart)

        assert contents(mart) == expected

    def test_throws_an_undecided_batch_away(self, tmp_path: Path) -> None:
        folder = tmp_path / "_staging" / "b"
        folder.mkdir(parents=True)
        (folder / "payment.parquet").write_bytes(b"half")

        recover(tmp_path)

        assert contents(tmp_path) == {}


class TestBatch:
    def test_is_imported_once(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", [*payments(3), payment(1)])
        first = load(source, format="table", mapping=MAPPING, mart=tmp_path / "mart")
        before = contents(tmp_path / "mart")

        again = load(source.rename(tmp_path / "renamed.csv"), format="table", mapping=MAPPING, mart=tmp_path / "mart")

        assert contents(tmp_path / "mart") == before
        assert again.already_imported
        assert not first.already_imported
        assert (again.read, again.accepted, again.rejected) == (4, 3, 1)
        assert again.rejects_path == first.rejects_path

    def test_has_another_name_for_other_content_or_another_mapping(self, tmp_path: Path) -> None:
        source = csv_file(tmp_path / "a.csv", payments(3))
        other = {**MAPPING, "constants": {"unit_id": "S002", "currency": "CNY"}}

        names = {
            load(source, format="table", mapping=MAPPING, mart=tmp_path / "m1").batch,
            load(source, format="table", mapping=other, mart=tmp_path / "m2").batch,
            load(
                csv_file(tmp_path / "b.csv", payments(4)), format="table", mapping=MAPPING, mart=tmp_path / "m3"
            ).batch,
        }

        assert len(names) == 3

    def test_waits_for_no_other_writer(self, tmp_path: Path) -> None:
        mart = tmp_path / "mart"
        with writing(mart):
            (mart / "held").touch()
            with pytest.raises(BadSource) as refused:
                load(csv_file(tmp_path / "a.csv", payments(1)), format="table", mapping=MAPPING, mart=mart)

        assert refused.value.code == "BUSY"
