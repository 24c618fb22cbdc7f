"""The register of interventions only grows: the database itself refuses to change or delete an entry."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    "CREATE TRIGGER intervention_no_update BEFORE UPDATE ON leads_intervention "
    "BEGIN SELECT RAISE(ABORT, 'interventions are append-only'); END",
    "CREATE TRIGGER intervention_no_delete BEFORE DELETE ON leads_intervention "
    "BEGIN SELECT RAISE(ABORT, 'interventions are append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION intervention_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'interventions are append-only' USING ERRCODE = 'integrity_constraint_violation'; "
    "END $$",
    "CREATE TRIGGER intervention_append_only BEFORE UPDATE OR DELETE ON leads_intervention "
    "FOR EACH ROW EXECUTE FUNCTION intervention_append_only()",
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
        schema_editor.execute("DROP FUNCTION intervention_append_only() CASCADE")
        return
    schema_editor.execute("DROP TRIGGER intervention_no_update")
    schema_editor.execute("DROP TRIGGER intervention_no_delete")


class Migration(migrations.Migration):
    """Guards the register of interventions."""

    dependencies = [("leads", "0003_register_and_dispositions")]

    operations = [migrations.RunPython(guard, unguard)]
