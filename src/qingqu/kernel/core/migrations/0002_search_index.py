"""The full-text index of the search rows: an FTS5 table kept by triggers on SQLite, a GIN index on PostgreSQL."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    "CREATE VIRTUAL TABLE core_searchfts USING fts5("
    "tokens, content='core_searchrow', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER core_searchfts_insert AFTER INSERT ON core_searchrow BEGIN "
    "INSERT INTO core_searchfts(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER core_searchfts_delete AFTER DELETE ON core_searchrow BEGIN "
    "INSERT INTO core_searchfts(core_searchfts, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER core_searchfts_update AFTER UPDATE OF tokens ON core_searchrow BEGIN "
    "INSERT INTO core_searchfts(core_searchfts, rowid, tokens) VALUES ('delete', old.id, old.tokens); "
    "INSERT INTO core_searchfts(rowid, tokens) VALUES (new.id, new.tokens); END",
)
SQLITE_UNDO = (
    "DROP TRIGGER core_searchfts_update",
    "DROP TRIGGER core_searchfts_delete",
    "DROP TRIGGER core_searchfts_insert",
    "DROP TABLE core_searchfts",
)
POSTGRESQL = ("CREATE INDEX searchrow_tokens ON core_searchrow USING gin (string_to_array(tokens, ' '))",)
POSTGRESQL_UNDO = ("DROP INDEX searchrow_tokens",)


def index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the index of the database in use."""
    del apps
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unindex(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the index of the database in use."""
    del apps
    for statement in POSTGRESQL_UNDO if schema_editor.connection.vendor == "postgresql" else SQLITE_UNDO:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Indexes the search rows."""

    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(index, unindex)]
