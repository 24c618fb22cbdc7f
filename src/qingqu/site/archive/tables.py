"""The database as lines of JSON, table by table, the same on SQLite and on PostgreSQL."""

# ruff: noqa: SLF001 - _meta and _base_manager are the documented way to ask a model about itself

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from qingqu.kernel.core.errors import Refused

LEFT_OUT = frozenset({"django_session"})
"""Tables that are not taken: who is signed in at this moment."""

BATCH = 500


class NotMigrated(Refused):
    """The database does not have the tables of this version."""

    code = "ARCHIVE_NOT_MIGRATED"


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it was at one moment; nobody who writes has to wait."""
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    kept: Any = connection
    kept.ensure_connection()
    mode, kept.transaction_mode = kept.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        kept.transaction_mode = mode


def applied() -> list[list[str]]:
    """The migrations applied to the database: [[app, name]].

    Raises NotMigrated when some of this version are not.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotMigrated("数据库尚未升级，请先运行 qingqu manage migrate。 / run qingqu manage migrate first")
    known = executor.loader.disk_migrations
    found = MigrationRecorder(connection).applied_migrations()
    return sorted([app, name] for app, name in found if (app, name) in known)


class Table:
    """One table as lines of JSON: a line holds the values of ``columns`` in their order."""

    def __init__(self, model: type[models.Model]) -> None:
        """The table of a model, of the present or of an earlier version."""
        self.model = model
        self.name = model._meta.db_table
        self._fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self._fields)

    def lines(self) -> Iterator[bytes]:
        """Every row as a line, by primary key."""
        rows = self.model._base_manager.order_by("pk").values_list(*self._fields)
        for row in rows.iterator(chunk_size=BATCH):
            plain = [_plain(field, value) for field, value in zip(self._fields.values(), row, strict=True)]
            yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def load(self, names: list[str], lines: Iterable[bytes]) -> int:
        """Put lines with the columns ``names`` into the empty table; says how many rows it has then.

        Moments that the model would set by itself stay as they are in the lines.
        """
        for field in self._fields.values():
            field.auto_now = field.auto_now_add = False
        for some in _batches(lines):
            self.model._base_manager.bulk_create(self._row(names, json.loads(line)) for line in some)
        return self.model._base_manager.count()

    def _row(self, names: list[str], values: list[Any]) -> models.Model:
        named = zip(names, values, strict=True)
        return self.model(**{name: _value(self._fields[name], value) for name, value in named})

    def clear(self) -> None:
        """Take out what migrations put in."""
        if self.model._base_manager.exists():
            rows: Any = self.model._base_manager.all()
            rows._raw_delete(rows.db)


def present() -> list[Table]:
    """The tables of this version that are taken, by name."""
    return _taken(apps.get_models(include_auto_created=True))


def as_of(migrations: list[list[str]]) -> list[Table]:
    """The tables as they were after these migrations, by name."""
    loader = MigrationExecutor(connection).loader
    return _taken(loader.project_state(last_of(migrations)).apps.get_models(include_auto_created=True))


def last_of(migrations: list[list[str]]) -> list[tuple[str, str]]:
    """Those of the migrations that no other of them builds upon."""
    nodes = MigrationExecutor(connection).loader.graph.node_map
    wanted = {(app, name) for app, name in migrations}
    return sorted(node for node in wanted if not any(child.key in wanted for child in nodes[node].children))


def continue_numbering(found: Iterable[Table]) -> None:
    """Let new rows get numbers behind the loaded ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in found]):
            cursor.execute(statement)


def _taken(found: Iterable[type[models.Model]]) -> list[Table]:
    """The models that have a table of their own and are not left out."""
    tables = [Table(model) for model in found if model._meta.managed and not model._meta.proxy]
    return sorted((table for table in tables if table.name not in LEFT_OUT), key=lambda table: table.name)


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines in lists of BATCH at most."""
    waiting = iter(lines)
    while some := list(islice(waiting, BATCH)):
        yield some


def _plain(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value as JSON holds it."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | str) else str(value)


def _value(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value as the model holds it."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return field.to_python(value)
