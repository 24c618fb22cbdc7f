"""Events stay append-only; the one change the database lets through is the erasure that it has on record."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Everything that places an event in the log stays; only what it says and who did it may be emptied.
KEPT = ("id", "kind", "at", "subject_kind", "subject_id", "unit_id", "seq")
SAME = " AND ".join(f"NEW.{column} = OLD.{column}" for column in KEPT)
ERASED = (
    f"{SAME} AND NEW.actor_id = '' "
    "AND EXISTS (SELECT 1 FROM ledger_erasure e WHERE e.event_id = OLD.id)"
)
SQLITE = (
    "DROP TRIGGER IF EXISTS event_no_update",
    "DROP TRIGGER IF EXISTS event_no_delete",
    f"CREATE TRIGGER event_no_update BEFORE UPDATE ON ledger_event WHEN NOT (NEW.payload = '{{}}' AND {ERASED}) "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON ledger_event "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF NEW.payload = '{{}}'::jsonb AND {ERASED} THEN RETURN NEW; END IF; END IF; "
    "RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
)


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards of the database in use in place."""
    del apps
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Guards the event table again, after its columns were added."""

    dependencies = [("ledger", "0003_log")]

    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
