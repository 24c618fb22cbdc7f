"""An empty installation's migrate, beside Django's own for accounts and content types.

    python bench/migrate.py [--json]

Must stay under 20 s of CPU time.
"""

import argparse
import tempfile

from measuring import least, python, show

TARGET_SECONDS = 20
OURS = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
BARE = """
import sys, django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def main() -> None:
    """Migrate both, each in an empty database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    costs = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as home:
            settings = {"QINGQU_HOME": home, "DJANGO_SETTINGS_MODULE": "qingqu.site.settings"}
            costs.append(least(python(OURS), times=1, **settings))
    ours, bare = min(costs, key=lambda cost: cost.cpu), least(python(BARE))
    rows = [
        {"what": name, "CPU s": cost.cpu, "wall s": cost.wall, "peak MiB": cost.peak_mib, "ratio": cost.cpu / bare.cpu}
        for name, cost in (("Qingqu, every table", ours), ("Django: auth and contenttypes", bare))
    ]
    within = f"target {TARGET_SECONDS} s: {'kept' if ours.cpu < TARGET_SECONDS else 'MISSED'}"
    show("bench/migrate.py", rows, as_json=options.json, notes=[within])


if __name__ == "__main__":
    main()
