"""Every event waits in the outbox from the statement that wrote it, whoever wrote it: the database itself sees to it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    "CREATE TRIGGER event_waits AFTER INSERT ON ledger_event "
    "BEGIN INSERT INTO ledger_outbox (event_id, row_digest) VALUES (NEW.id, ''); END",
)
POSTGRESQL = (
    "CREATE FUNCTION event_waits() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN INSERT INTO ledger_outbox (event_id, row_digest) SELECT id, '' FROM added; RETURN NULL; END $$",
    "CREATE TRIGGER event_waits AFTER INSERT ON ledger_event REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION event_waits()",
)


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the trigger of the database in use."""
    del apps
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the trigger of the database in use."""
    del apps
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION event_waits() CASCADE")
        return
    schema_editor.execute("DROP TRIGGER event_waits")


class Migration(migrations.Migration):
    """Lets every event wait."""

    dependencies = [("ledger", "0004_erasure_is_the_one_change")]

    operations = [migrations.RunPython(guard, unguard)]
