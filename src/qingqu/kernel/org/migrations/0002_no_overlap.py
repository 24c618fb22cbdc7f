"""Appointments of one post never overlap: the database itself refuses the second."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

OVERLAP = (
    "EXISTS (SELECT 1 FROM org_appointment other WHERE other.post_id = NEW.post_id AND other.id IS NOT NEW.id "
    "AND other.starts_on <= COALESCE(NEW.ends_on, '9999-12-31') "
    "AND COALESCE(other.ends_on, '9999-12-31') >= NEW.starts_on)"
)
SQLITE = tuple(
    f"CREATE TRIGGER appointment_no_overlap_{event.lower()} BEFORE {event} ON org_appointment WHEN {OVERLAP} "
    "BEGIN SELECT RAISE(ABORT, 'appointments of a post overlap'); END"
    for event in ("INSERT", "UPDATE")
)
POSTGRESQL = (
    "ALTER TABLE org_appointment ADD CONSTRAINT appointment_no_overlap EXCLUDE USING gist "
    "(int8range(post_id, post_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&)",
)


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the exclusion to the database in use; a range of one id stands for equality, so no extension is needed."""
    del apps
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the exclusion."""
    del apps
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE org_appointment DROP CONSTRAINT appointment_no_overlap")
        return
    schema_editor.execute("DROP TRIGGER appointment_no_overlap_insert")
    schema_editor.execute("DROP TRIGGER appointment_no_overlap_update")


class Migration(migrations.Migration):
    """Guards the appointment table."""

    dependencies = [("org", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
