"""Events are append-only: the database itself refuses to change or delete one."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON ledger_event "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON ledger_event "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON ledger_event "
    "FOR EACH ROW EXECUTE FUNCTION event_append_only()",
)


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of the database in use."""
    del apps
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers of the database in use."""
    del apps
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION event_append_only() CASCADE")
        return
    schema_editor.execute("DROP TRIGGER event_no_update")
    schema_editor.execute("DROP TRIGGER event_no_delete")


class Migration(migrations.Migration):
    """Guards the event table."""

    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
