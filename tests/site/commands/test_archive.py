"""Backup and restore: whatever was there is there again, and nothing else is ever touched."""

import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from qingqu.site import archive
from qingqu.site.archive import homes, packing
from tests.factories import AT
from tests.site.commands import installation

SIGNED_IN = "django_session"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small installation on SQLite."""
    home = tmp_path_factory.mktemp("source")
    installation.fill(home)
    return home


@pytest.fixture(scope="module")
def archived(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its archive."""
    path = tmp_path_factory.mktemp("archives") / "qingqu.zip"
    installation.asked("backup", str(path), home=source, QINGQU_SMTP_URL="smtp://me:secret@mail.example:587")
    return path


@pytest.fixture(scope="module")
def restored(archived: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Another home into which it was restored, and what the command said."""
    home = tmp_path_factory.mktemp("restored")
    return home, installation.asked("restore", str(archived), home=home)


def rows_of(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of an SQLite installation as the database itself holds it."""
    with closing(sqlite3.connect(home / "qingqu.sqlite3")) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = [name for (name,) in names if name != SIGNED_IN and not name.startswith("core_searchfts")]
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for name in tables}  # noqa: S608 - the names come from the database itself


def contents(path: Path) -> dict[str, Any]:
    """What an archive holds: rows as values, because PostgreSQL orders the keys of JSON in its own way."""
    with zipfile.ZipFile(path) as packed:
        read = {name: packed.read(name) for name in packed.namelist() if name != packing.MANIFEST}
    return {
        name: [json.loads(line) for line in content.splitlines()] if name.endswith(".jsonl") else content
        for name, content in read.items()
    }


def bent(path: Path, into: Path, **changes: object) -> Path:
    """A copy of an archive whose manifest says something else."""
    with zipfile.ZipFile(path) as original, zipfile.ZipFile(into, "w") as copy:
        for info in original.infolist():
            content = original.read(info)
            if info.filename == packing.MANIFEST:
                content = json.dumps({**json.loads(content), **changes}).encode()
            copy.writestr(info.filename, content)
    return into


@pytest.mark.slow
class TestRestore:
    def test_brings_back_every_row_of_every_table_and_every_file(
        self, source: Path, restored: tuple[Path, dict[str, Any]]
    ) -> None:
        home, said = restored
        there, here = rows_of(source), rows_of(home)
        assert set(here) == set(there)
        differing = {name for name, rows in there.items() if here[name] != rows}
        assert differing == {"django_migrations"}, "the moments at which migrations ran are its own"
        assert sum(map(len, there.values())) > 100
        assert (home / "log/tile/000").read_bytes() == bytes(range(256))
        stored = [path for path in (source / "files").rglob("*") if path.is_file()]
        assert [(home / path.relative_to(source)).read_bytes() for path in stored] == ["内容\r\n".encode()]
        assert said["left_out"] == ["log/signer", "secret_key", "tls.pem"]
        assert said["settings"]["QINGQU_SMTP_URL"] == "smtp://me:***@mail.example:587"

    def test_finds_what_was_found_before_and_keeps_the_guards_of_the_tables(
        self, restored: tuple[Path, dict[str, Any]]
    ) -> None:
        home, _said = restored
        with closing(sqlite3.connect(home / "qingqu.sqlite3")) as database:
            found = database.execute("SELECT count(*) FROM core_searchfts WHERE core_searchfts MATCH '通'").fetchone()
            assert found == (1,)
            with pytest.raises(sqlite3.IntegrityError):
                database.execute("UPDATE ledger_event SET kind = 'other'")

    def test_refuses_a_second_time_because_the_installation_is_no_longer_empty(
        self, archived: Path, restored: tuple[Path, dict[str, Any]]
    ) -> None:
        home, _said = restored
        before = rows_of(home)
        again = installation.run("restore", str(archived), home=home)
        assert again.returncode == 1
        assert "ARCHIVE_NOT_EMPTY" in again.stderr
        assert rows_of(home) == before


@pytest.mark.postgres
@pytest.mark.slow
class TestRestoreIntoPostgreSQL:
    def test_holds_the_same_rows_and_gives_the_same_archive_back(
        self, archived: Path, postgres_url: str, tmp_path: Path
    ) -> None:
        database = postgres_url.rpartition("/")[0] + "/archive_restored"
        with psycopg.connect(postgres_url, autocommit=True) as server:
            server.execute("DROP DATABASE IF EXISTS archive_restored")
            server.execute("CREATE DATABASE archive_restored")
        installation.asked("restore", str(archived), home=tmp_path / "home", database=database)
        again = tmp_path / "again.zip"
        installation.asked("backup", str(again), home=tmp_path / "home", database=database)
        assert contents(again) == contents(archived)
        with psycopg.connect(database) as restored:
            names = [name for (name,) in restored.execute("SELECT relname FROM pg_class WHERE relkind = 'S'")]
            behind = [name for name in names if name.startswith("org_unit")]
            assert [restored.execute(f"SELECT nextval('{name}')").fetchone() for name in behind] == [(3,)]


class TestVerify:
    @pytest.mark.parametrize("kept", [0, 1, 100, -1])
    def test_refuses_a_file_that_was_cut_off(self, archived: Path, tmp_path: Path, kept: int) -> None:
        cut = tmp_path / "cut.zip"
        cut.write_bytes(archived.read_bytes()[:kept])
        with pytest.raises(archive.Damaged):
            archive.verify(cut)

    def test_refuses_an_archive_with_one_changed_byte_anywhere(self, archived: Path, tmp_path: Path) -> None:
        content = archived.read_bytes()
        for place in range(50, len(content) - 4000, len(content) // 25):
            changed = tmp_path / "changed.zip"
            changed.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            try:
                same = archive.verify(changed) == archive.verify(archived)
            except archive.Damaged:
                continue
            assert same, "a change that is not noticed may only touch what is not read"

    def test_refuses_a_member_that_is_not_listed_or_missing(self, archived: Path, tmp_path: Path) -> None:
        manifest = archive.verify(archived)
        fewer = dict(list(manifest.members.items())[1:])
        for members_said in (fewer, {**manifest.members, "database/more.jsonl": [0, ""]}):
            with pytest.raises(archive.Damaged):
                archive.verify(bent(archived, tmp_path / "bent.zip", members=members_said))

    def test_refuses_a_place_outside_the_home(self, tmp_path: Path) -> None:
        path = tmp_path / "outside.zip"
        with zipfile.ZipFile(path, "w") as packed:
            packer = packing.Packer(packed)
            packer.add("home/../../etc/passwd", [b"x"])
            packer.close(archive.Manifest())
        with pytest.raises(archive.Damaged, match="etc/passwd"):
            archive.verify(path)

    def test_refuses_another_form_and_says_which_version_made_it(self, archived: Path, tmp_path: Path) -> None:
        with pytest.raises(archive.Damaged, match="第 2 版"):
            archive.verify(bent(archived, tmp_path / "later.zip", format=2))

    def test_refuses_what_is_no_archive(self, tmp_path: Path) -> None:
        for content in (b"", b"text", b"PK\x05\x06" + bytes(18)):
            path = tmp_path / "file"
            path.write_bytes(content)
            with pytest.raises(archive.Damaged):
                archive.verify(path)
        with pytest.raises(archive.Damaged, match="没有这个文件"):
            archive.verify(tmp_path / "absent")


class TestPacking:
    def test_never_replaces_a_file_and_leaves_nothing_half_written(self, tmp_path: Path) -> None:
        there = tmp_path / "there.zip"
        there.write_text("mine", encoding="utf-8")
        with pytest.raises(archive.NotWritten), packing.packing(there):
            pass
        assert there.read_text(encoding="utf-8") == "mine"
        with pytest.raises(ZeroDivisionError), packing.packing(tmp_path / "new.zip"):
            _never = 1 / 0
        with pytest.raises(archive.NotWritten), packing.packing(tmp_path / "absent" / "new.zip"):
            pass
        assert [path.name for path in tmp_path.iterdir()] == ["there.zip"]

    def test_is_read_by_its_owner_only(self, archived: Path) -> None:
        assert archived.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
class TestRefusals:
    def test_of_a_home_that_holds_something(self, archived: Path, tmp_path: Path) -> None:
        (tmp_path / "files").mkdir()
        with pytest.raises(archive.NotEmpty, match="QINGQU_HOME"):
            archive.restore(archived, home=tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["files"]

    def test_of_a_database_that_has_tables(self, archived: Path, tmp_path: Path) -> None:
        with pytest.raises(archive.NotEmpty, match="QINGQU_DATABASE_URL"):
            archive.restore(archived, home=tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_of_an_archive_made_by_a_later_version(self, archived: Path, tmp_path: Path) -> None:
        manifest = asdict(archive.verify(archived))
        later = [*manifest["migrations"], ["org", "0999_later"]]
        with pytest.raises(archive.TooNew, match=r"org\.0999_later"):
            archive.restore(bent(archived, tmp_path / "later.zip", migrations=later), home=tmp_path / "home")
        assert not (tmp_path / "home").exists()


class TestContents:
    def test_leave_out_keys_wherever_they_lie_and_the_database_files(self, tmp_path: Path) -> None:
        for name, text in {
            "secret_key": "s", "log/a.key": "k", "log/b.pem": "k", "vote/c": "AGE-SECRET-KEY-1ABC",
            "keys/openers.sqlite3": "",
            "qingqu.sqlite3": "", "qingqu.sqlite3-wal": "", "static/x.js": "",
            "log/checkpoint": "qingqu\n1\n", "files/ab/abcd": "-----BEGIN X",
        }.items():  # fmt: skip
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        taken, keys = homes.contents(tmp_path)
        assert [path.relative_to(tmp_path).as_posix() for path in taken] == ["files/ab/abcd", "log/checkpoint"]
        assert {path.name for path in keys} == {"secret_key", "a.key", "b.pem", "c", "openers.sqlite3"}

    def test_leave_out_the_keys_the_database_and_older_archives_under_any_name(
        self, archived: Path, tmp_path: Path
    ) -> None:
        for name in ("secrets/log.signed", "elsewhere/openers.sqlite3", "district.sqlite3", "imports/a.zip"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("", encoding="utf-8")
        (tmp_path / "old.zip").write_bytes(archived.read_bytes())
        taken, keys = homes.contents(tmp_path, keys_folder=tmp_path / "secrets", apart={tmp_path / "district.sqlite3"})
        assert [path.name for path in taken] == ["a.zip"]
        assert [path.name for path in keys] == ["openers.sqlite3", "log.signed"]

    def test_count_a_home_as_empty_that_has_its_keys_already(self, tmp_path: Path) -> None:
        (tmp_path / "keys").mkdir()
        assert homes.is_empty(tmp_path)
        (tmp_path / "files").mkdir()
        assert not homes.is_empty(tmp_path)

    def test_settings_hold_no_password_and_no_secret(self) -> None:
        said = homes.settings(
            {
                "QINGQU_SECRET_KEY": "s",
                "QINGQU_DATABASE_URL": "postgres://qingqu:hidden@127.0.0.1:5432/q?sslmode=require",
                "QINGQU_HTTPS": "1",
                "HOME": "/",
            }
        )
        assert said == {
            "QINGQU_DATABASE_URL": "postgres://qingqu:***@127.0.0.1:5432/q?sslmode=require",
            "QINGQU_HTTPS": "1",
        }


def test_a_day_is_kept_to_the_second(archived: Path) -> None:
    with zipfile.ZipFile(archived) as packed:
        names = packed.read("database/publications_version.columns").decode().split("\n")
        version = dict(zip(names, json.loads(packed.read("database/publications_version.jsonl")), strict=True))
    assert version["drafted_at"].startswith(AT.isoformat()[:10])


@pytest.mark.django_db(transaction=True)
class TestMake:
    def test_takes_a_log_that_lies_outside_the_home_and_never_its_keys(self, tmp_path: Path) -> None:
        home, log = tmp_path / "home", tmp_path / "public"
        for path, text in ((home / "imports/a.csv", "a"), (log / "tile/0/000", "t"), (log / "x.pem", "k")):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

        made = archive.make(tmp_path / "all.zip", home=home, at=AT, log=log)

        files = [name for name in archive.verify(made.path).members if name.startswith("home/")]
        assert files == ["home/imports/a.csv", "home/log/tile/0/000"]
        assert made.files == 2

    def test_never_takes_the_folder_of_keys_whatever_it_is_called(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        (home / "secrets").mkdir(parents=True)
        (home / "secrets" / "anything").write_text("s", encoding="utf-8")

        made = archive.make(tmp_path / "all.zip", home=home, at=AT, keys=home / "secrets")

        assert made.left_out == ["secrets/anything"]
        assert made.files == 0

    def test_refuses_a_database_that_was_not_migrated(self, tmp_path: Path) -> None:
        last = MigrationExecutor(connection).loader.graph.leaf_nodes("org")[0]
        MigrationRecorder(connection).record_unapplied(*last)
        try:
            with pytest.raises(archive.NotMigrated, match="migrate"):
                archive.make(tmp_path / "all.zip", home=tmp_path, at=AT)
        finally:
            MigrationRecorder(connection).record_applied(*last)
        assert list(tmp_path.iterdir()) == []
