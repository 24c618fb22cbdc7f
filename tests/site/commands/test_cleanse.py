"""What was erased is in no archive afterwards, nor comes back from one, and every proof still holds."""

import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from qingqu.kernel.ledger import rules
from qingqu.kernel.ledger.signer import SIGNED
from qingqu.kernel.ledger.vault import FILE, Erased, Vault
from qingqu.site import archive
from qingqu.site.archive import packing
from tests.factories import AT
from tests.site.commands import installation

NAME = "赵钱孙李周吴郑王"
OTHER = "冯陈褚卫蒋沈韩杨"
EVENT = {
    "id": 4, "kind": "unit.renamed", "at": AT.isoformat(), "actor_id": NAME, "subject_kind": "trial",
    "subject_id": "9", "unit_id": "", "payload": {"entry": NAME}, "seq": 1,
}  # fmt: skip
ERASED = Erased(
    4,
    rules.mark(event_id=4, kind="unit.renamed", at=AT, subject="trial:9", unit_id=""),
    "本人申请",
    "",
    AT + timedelta(days=1),
)


def members(path: Path) -> dict[str, bytes]:
    """Every member of an archive, unpacked."""
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def holding(path: Path, name: str = NAME) -> list[str]:
    """The members that hold a name, written as itself or escaped."""
    wanted = (name.encode(), json.dumps(name).encode())
    return [member for member, content in members(path).items() if any(one in content for one in wanted)]


def rows_of(path: Path, table: str) -> list[dict[str, Any]]:
    """The rows of one table of an archive."""
    content = members(path)
    names = content[f"database/{table}.columns"].decode().split("\n")
    lines = content[f"database/{table}.jsonl"].splitlines()
    return [dict(zip(names, json.loads(line), strict=True)) for line in lines]


@dataclass(frozen=True)
class Erasing:
    """An installation in which two events were erased after it was archived, and what the commands said.

    ``before`` is the archive as it was made, ``after`` the same when it was cleansed, ``public`` a copy of the log.
    """

    home: Path
    database: str
    places: list[int]
    before: Path
    after: Path
    public: Path
    said: dict[str, Any]

    def stored(self) -> bytes:
        """Every byte that the installation keeps: home, keys, database."""
        files = b"".join(path.read_bytes() for path in sorted(self.home.rglob("*")) if path.is_file())
        if not self.database:
            return files
        with psycopg.connect(self.database) as database:
            names = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            rows = [database.execute(f'SELECT t::text FROM "{name}" t').fetchall() for (name,) in names]  # type: ignore[arg-type]  # noqa: S608 - the names come from the database itself
        return files + repr(rows).encode()


@pytest.fixture(scope="module", params=[connection.vendor])
def erasing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Erasing:
    """Archived, erased, cleansed."""
    home, archives = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("archives")
    database = fresh(request.getfixturevalue("postgres_url"), "erased") if request.param == "postgresql" else ""
    before, after = archives / "before.zip", archives / "after.zip"
    installation.fill(home, database=database)
    places = installation.happen(home, NAME, database=database)
    installation.happen(home, OTHER, database=database)
    installation.asked("backup", str(before), home=home, database=database)
    for place in places:
        installation.asked("ledger", "erase", str(place), "--reason", "本人申请", home=home, database=database)
    installation.keep(home, database=database)
    installation.asked("ledger", "export", str(archives / "public"), home=home, database=database)
    shutil.copy(before, after)
    said = installation.asked("ledger", "cleanse", str(after), home=home, database=database)
    return Erasing(home, database, places, before, after, archives / "public", said)


def fresh(server: str, name: str) -> str:
    """An empty database of that name."""
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute(f"DROP DATABASE IF EXISTS {name}")  # type: ignore[arg-type]
        administrator.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture
def target(erasing: Erasing, request: pytest.FixtureRequest, tmp_path: Path) -> Erasing:
    """An empty installation on the same kind of database."""
    database = fresh(request.getfixturevalue("postgres_url"), "brought_back") if erasing.database else ""
    return replace(erasing, home=tmp_path / "home", database=database)


@pytest.mark.slow
class TestErasureAndCleansing:
    def test_leaves_nothing_in_database_journal_and_vault(self, erasing: Erasing) -> None:
        assert holding(erasing.before), "it was there"
        assert OTHER.encode() in erasing.stored()
        assert NAME.encode() not in erasing.stored()

    def test_leaves_nothing_in_any_member_of_the_archive(self, erasing: Erasing) -> None:
        assert set(holding(erasing.before)) == {"database/ledger_entry.jsonl", "database/ledger_event.jsonl"}
        assert holding(erasing.after) == []
        assert NAME.encode() not in erasing.after.read_bytes()
        [said] = erasing.said["cleansed"]
        assert len(said["events"]) == 2
        assert said["rows"] == 5, "two events, the entry that was open, two rows that say so"

    def test_keeps_every_other_line_and_file_byte_for_byte(self, erasing: Erasing) -> None:
        before, after = members(erasing.before), members(erasing.after)
        assert list(before) == list(after)
        differing = {name for name, content in before.items() if after[name] != content}
        lost = {"entry": 1, "event": 2, "erasure": 0}
        assert differing == {*(f"database/ledger_{table}.jsonl" for table in lost), packing.MANIFEST}
        for table, count in lost.items():
            lines, kept = (set(found[f"database/ledger_{table}.jsonl"].splitlines()) for found in (before, after))
            assert len(lines - kept) == count

    def test_empties_rows_exactly_as_the_erasure_does(self, erasing: Erasing, tmp_path: Path) -> None:
        later = tmp_path / "later.zip"
        installation.asked("backup", str(later), home=erasing.home, database=erasing.database)
        for table in ("ledger_event", "ledger_entry"):
            cleansed = rows_of(erasing.after, table)
            assert cleansed == rows_of(later, table)[: len(cleansed)]
        said = [{**row, "index": None} for row in rows_of(later, "ledger_erasure")]
        assert rows_of(erasing.after, "ledger_erasure") == said

    def test_gives_a_whole_archive_for_its_owner_only(self, erasing: Erasing) -> None:
        assert archive.verify(erasing.after).tables["ledger_erasure"] == 2
        assert erasing.after.stat().st_mode & 0o777 == 0o600
        assert sorted(path.name for path in erasing.after.parent.iterdir()) == ["after.zip", "before.zip", "public"]

    def test_finds_nothing_a_second_time_and_leaves_the_file_alone(self, erasing: Erasing) -> None:
        before = erasing.after.stat()
        said = installation.asked("ledger", "cleanse", str(erasing.after), home=erasing.home, database=erasing.database)
        assert (said["cleansed"][0]["events"], said["refused"]) == ([], {})
        assert erasing.after.stat().st_ino == before.st_ino

    def test_keeps_every_proof_and_every_record_sound(self, erasing: Erasing) -> None:
        size, held = installation.verified(erasing.home, database=erasing.database)
        assert held == size > max(erasing.places)
        assert installation.asked("ledger", "verify", home=erasing.home, database=erasing.database)["sound"]

    def test_refuses_a_damaged_archive_and_cleanses_the_others(self, erasing: Erasing, tmp_path: Path) -> None:
        cut, whole = tmp_path / "cut.zip", tmp_path / "whole.zip"
        cut.write_bytes(erasing.before.read_bytes()[:-9])
        shutil.copy(erasing.before, whole)
        done = installation.run("ledger", "cleanse", str(cut), str(whole), home=erasing.home, database=erasing.database)
        assert done.returncode == 1
        assert "ARCHIVE_DAMAGED" in done.stderr
        assert str(cut) in done.stderr
        assert cut.read_bytes() == erasing.before.read_bytes()[:-9]
        assert holding(whole) == []


@pytest.mark.slow
class TestRestoring:
    def test_of_a_cleansed_archive_continues_the_log_and_says_there_what_was_erased(
        self, erasing: Erasing, target: Erasing
    ) -> None:
        target.home.mkdir()
        installation.asked("restore", str(erasing.after), home=target.home, database=target.database)
        assert NAME.encode() not in target.stored()
        keys_of_its_time(erasing, target)
        installation.keep(target.home, database=target.database)
        assert installation.verified(target.home, database=target.database) == erased_size(erasing)
        assert installation.asked("ledger", "verify", home=target.home, database=target.database)["sound"]

    def test_with_the_keys_in_place_never_brings_back_what_was_erased(self, erasing: Erasing, target: Erasing) -> None:
        shutil.copytree(erasing.home / "keys", target.home / "keys")
        said = installation.asked("restore", str(erasing.before), home=target.home, database=target.database)
        assert len(said["erased"]) == 2
        assert NAME.encode() not in target.stored()
        assert OTHER.encode() in target.stored()

    def test_with_a_copy_of_the_public_log_never_does_so_either(self, erasing: Erasing, target: Erasing) -> None:
        target.home.mkdir()
        said = installation.asked(
            "restore", str(erasing.before), "--log", str(erasing.public), home=target.home, database=target.database
        )
        assert len(said["erased"]) == 2
        assert NAME.encode() not in target.stored()

    def test_without_either_says_so_and_the_worker_erases_again_when_the_keys_are_back(
        self, erasing: Erasing, target: Erasing
    ) -> None:
        target.home.mkdir()
        done = installation.run("restore", str(erasing.before), home=target.home, database=target.database)
        assert done.returncode == 0
        assert "没有找到删除清单" in done.stdout
        assert NAME.encode() in target.stored()
        keys_of_its_time(erasing, target)
        installation.keep(target.home, database=target.database)
        assert NAME.encode() not in target.stored()
        assert installation.asked("ledger", "verify", home=target.home, database=target.database)["sound"]

    def test_refuses_a_log_that_was_tampered_with_and_restores_nothing(
        self, erasing: Erasing, target: Erasing, tmp_path: Path
    ) -> None:
        forged = tmp_path / "forged"
        shutil.copytree(erasing.public, forged)
        for bundle in (path for path in (forged / "tile" / "entries").rglob("*") if path.is_file()):
            bundle.write_bytes(bundle.read_bytes().replace(b'"of":13', b'"of":12'))
        target.home.mkdir()
        done = installation.run(
            "restore", str(erasing.before), "--log", str(forged), home=target.home, database=target.database
        )
        assert done.returncode == 1
        assert "ARCHIVE_LOG_REFUSED" in done.stderr
        assert not (target.home / "files").exists()


def keys_of_its_time(erasing: Erasing, target: Erasing) -> None:
    """Bring the keys back without what was signed since: the log then goes on from where the archive left it."""
    shutil.copytree(erasing.home / "keys", target.home / "keys", dirs_exist_ok=True)
    (target.home / "keys" / SIGNED).unlink()


def erased_size(erasing: Erasing) -> tuple[int, int]:
    """The size of the log with what it says of the two erasures."""
    size = len(rows_of(erasing.after, "ledger_entry")) + 2
    return size, size


def make(path: Path, *, event: dict[str, Any] | None = None, **extra: bytes) -> Path:
    """A small archive: one event that waits, and files of the home."""
    row = event or EVENT
    with zipfile.ZipFile(path, "w") as packed:
        packer = packing.Packer(packed)
        for table, lines in (("ledger_event", [row]), ("ledger_outbox", [{"event_id": 4, "row_digest": "ab"}])):
            packer.add(f"database/{table}.columns", ["\n".join(lines[0]).encode()])
            packer.add(
                f"database/{table}.jsonl", [json.dumps([*lines[0].values()], ensure_ascii=False).encode() + b"\n"]
            )
        for name, content in extra.items():
            packer.add(f"home/{name}", [content])
        packer.close(archive.Manifest(tables={"ledger_event": 1, "ledger_outbox": 1}))
    return path


@pytest.mark.django_db
class TestCleanse:
    def test_empties_an_event_that_was_not_in_the_log_yet_and_what_waits_with_it(self, tmp_path: Path) -> None:
        path = make(tmp_path / "old.zip")
        done = archive.cleanse(path, erased=[ERASED])
        assert (done.events, done.rows, done.files) == ([4], 2, [])
        [row] = rows_of(path, "ledger_event")
        assert row == {**EVENT, "payload": {}, "actor_id": ""}
        assert rows_of(path, "ledger_outbox") == [{"event_id": 4, "row_digest": ""}]

    @pytest.mark.parametrize(
        "changed", [{"kind": "unit.closed"}, {"subject_id": "8"}, {"at": "2026-01-01T00:00:00+00:00"}, {"id": 5}]
    )
    def test_leaves_another_event_with_that_number_alone(self, tmp_path: Path, changed: dict[str, Any]) -> None:
        path = make(tmp_path / "other.zip", event={**EVENT, **changed})
        before = path.read_bytes()
        assert not archive.cleanse(path, erased=[ERASED]).is_changed
        assert path.read_bytes() == before

    def test_knows_a_moment_in_another_zone_of_time(self, tmp_path: Path) -> None:
        elsewhere = AT.astimezone(UTC).isoformat().replace("+00:00", "Z")
        path = make(tmp_path / "zone.zip", event={**EVENT, "at": elsewhere})
        assert archive.cleanse(path, erased=[ERASED]).events == [4]

    def test_reaches_an_archive_within_the_archive(self, tmp_path: Path) -> None:
        inner = make(tmp_path / "inner.zip").read_bytes()
        path = make(tmp_path / "outer.zip", **{"backups/inner.zip": inner, "files/ab/abcd": inner})
        done = archive.cleanse(path, erased=[ERASED])
        assert done.files == ["home/backups/inner.zip"], "a stored file is a record of its own"
        (tmp_path / "again.zip").write_bytes(members(path)["home/backups/inner.zip"])
        assert archive.verify(tmp_path / "again.zip")
        assert holding(tmp_path / "again.zip") == []

    def test_destroys_the_salt_in_a_vault_that_was_taken_in(self, tmp_path: Path) -> None:
        vault = Vault(tmp_path / "secrets")
        salts = vault.salts([4, 5])
        path = make(tmp_path / "with.zip", **{f"secrets/{FILE}": vault.path.read_bytes()})
        assert archive.cleanse(path, erased=[ERASED]).files == [f"home/secrets/{FILE}"]
        content = members(path)[f"home/secrets/{FILE}"]
        assert salts[4] not in content
        assert salts[5] in content

    def test_refuses_an_archive_that_holds_a_database_of_its_own(self, tmp_path: Path) -> None:
        copy = tmp_path / "copy.sqlite3"
        with closing(sqlite3.connect(copy)) as database:
            database.execute("CREATE TABLE ledger_event (id INTEGER, payload TEXT)")
        path = make(tmp_path / "with.zip", **{"old.sqlite3": copy.read_bytes()})
        before = path.read_bytes()
        with pytest.raises(archive.NotCleansable, match=r"old\.sqlite3"):
            archive.cleanse(path, erased=[ERASED])
        assert path.read_bytes() == before
        assert not archive.cleanse(path, erased=[]).is_changed

    def test_refuses_a_later_version_and_a_list_without_its_tables(self, tmp_path: Path) -> None:
        path = tmp_path / "later.zip"
        for manifest, refusal in (
            (archive.Manifest(migrations=[["org", "0999_later"]]), archive.TooNew),
            (archive.Manifest(tables={"ledger_event": 1}), archive.Damaged),
        ):
            with zipfile.ZipFile(path, "w") as packed:
                packing.Packer(packed).close(manifest)
            before = path.read_bytes()
            with pytest.raises(refusal):
                archive.cleanse(path, erased=[ERASED])
            assert path.read_bytes() == before

    def test_counts_other_names_and_rewrites_what_a_link_points_to(self, tmp_path: Path) -> None:
        path, link, other = make(tmp_path / "a.zip"), tmp_path / "link.zip", tmp_path / "b.zip"
        link.symlink_to(path)
        os.link(path, other)
        assert archive.cleanse(link, erased=[ERASED]).other_names == 1
        assert (holding(path), holding(other)) == ([], ["database/ledger_event.jsonl"])
        assert link.is_symlink()

    def test_leaves_the_old_archive_whole_when_the_new_one_cannot_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = make(tmp_path / "old.zip")
        before = path.read_bytes()

        def full(*_arguments: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(packing.os, "fsync", full)
        with pytest.raises(archive.NotWritten, match="No space"):
            archive.cleanse(path, erased=[ERASED])
        assert path.read_bytes() == before
        assert [path.name for path in tmp_path.iterdir()] == ["old.zip"]
