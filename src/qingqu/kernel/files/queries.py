"""Reading stored files."""

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from qingqu.kernel.files import subjects
from qingqu.kernel.files.models import StoredFile
from qingqu.kernel.org.models import Unit
from qingqu.kernel.org.types import Actor


def attached(subject_kind: str, subject_id: object) -> QuerySet[StoredFile]:
    """The files of a matter, the first stored first."""
    return StoredFile.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("id")


def readable(actor: Actor | None, file_id: int) -> StoredFile | None:
    """The file, if the actor may see the matter it hangs on; None otherwise and when there is none."""
    found = StoredFile.objects.filter(pk=file_id).first()
    if found is None or subjects.find(actor, found.subject_kind, found.subject_id) is None:
        return None
    return found


def path_of(sha256: str) -> Path:
    """Where the content with that hash lies."""
    return Path(settings.QINGQU_HOME) / "files" / sha256[:2] / sha256


def unit_of(subject: subjects.Subject) -> Unit:
    """The unit a matter belongs to."""
    return Unit.objects.get(pk=subject.unit_id)
