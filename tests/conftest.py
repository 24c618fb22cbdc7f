"""What every test gets: a home folder of its own, no network, and a database like the installation's."""

import socket
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tools import postgres

# No test is timed: a busy machine would fail it.
hypothesis.settings.register_profile("qingqu", deadline=None)
hypothesis.settings.load_profile("qingqu")

HERE_ONLY = {"127.0.0.1", "::1", "localhost"}


class NetworkRefused(RuntimeError):
    """A test tried to reach another machine."""


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Connections to other machines fail at once and say which."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in HERE_ONLY:
            message = f"tests reach no other machine, this one tried {address[0]}"
            raise NetworkRefused(message)
        connect(self, address)  # type: ignore[arg-type]

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _static_files_looked_up_when_asked_for() -> Iterator[None]:
    """Static files are not all listed anew for every test's client."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True)
def _language_of_its_own() -> Iterator[None]:
    """A request leaves its language active in the thread; the next test starts from the installation's."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _home_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    """Files, mart and whatever else is written go to a folder of this test."""
    settings.QINGQU_HOME = tmp_path
    settings.QINGQU_MART = tmp_path / "mart"
    settings.QINGQU_KEYS, settings.QINGQU_LOG = tmp_path / "keys", tmp_path / "log"
    storages = {name: dict(value) for name, value in settings.STORAGES.items()}
    storages["default"]["OPTIONS"] = {"location": tmp_path / "files"}
    settings.STORAGES = storages


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite tests use a file, as the installation does: a browser and the server must see the same rows."""
    del django_db_modify_db_settings_parallel_suffix
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server: the one the whole run uses, or a fresh one."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("postgresql"):
        yield f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/postgres"
        return
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, which no thread of a served page holds open any more when PostgreSQL is to drop it."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True, scope="session")
def _empty_append_only_tables_between_tests() -> Iterator[None]:
    """Tests that commit are cleaned up after by emptying every table; the triggers are lifted for it."""
    teardown = TransactionTestCase._fixture_teardown

    def lifted(self: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                triggers = cursor.fetchall()
                for name, _definition in triggers:
                    cursor.execute(f'DROP TRIGGER "{name}"')
            else:
                triggers = []
                cursor.execute("SET session_replication_role = replica")
        teardown(self)
        with connection.cursor() as cursor:
            for _name, definition in triggers:
                cursor.execute(definition)
            if connection.vendor != "sqlite":
                cursor.execute("SET session_replication_role = DEFAULT")

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lifted)
    yield
    patch.undo()
