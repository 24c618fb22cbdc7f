"""One verified archive of an installation: database, files, log and settings, never private keys."""

from qingqu.site.archive.making import Made, make
from qingqu.site.archive.packing import Damaged, Manifest, NotWritten, verify
from qingqu.site.archive.restoring import NotEmpty, Restored, TooNew, restore
from qingqu.site.archive.tables import NotMigrated

__all__ = [
    "Damaged",
    "Made",
    "Manifest",
    "NotEmpty",
    "NotMigrated",
    "NotWritten",
    "Restored",
    "TooNew",
    "make",
    "restore",
    "verify",
]
