"""One verified archive of an installation: database, files, log and settings, never private keys."""

from qingqu.site.archive.cleansing import Cleansed, NotCleansable, cleanse
from qingqu.site.archive.making import Made, make
from qingqu.site.archive.packing import Damaged, Manifest, NotWritten, verify
from qingqu.site.archive.published import LogRefused, erased_in
from qingqu.site.archive.restoring import NotEmpty, Restored, TooNew, restore
from qingqu.site.archive.tables import NotMigrated

__all__ = [
    "Cleansed",
    "Damaged",
    "LogRefused",
    "Made",
    "Manifest",
    "NotCleansable",
    "NotEmpty",
    "NotMigrated",
    "NotWritten",
    "Restored",
    "TooNew",
    "cleanse",
    "erased_in",
    "make",
    "restore",
    "verify",
]
