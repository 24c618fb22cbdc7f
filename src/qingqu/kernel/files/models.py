"""Stored files: what is known of each; the content lies in a folder under its hash."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.files.types import MediaType


class StoredFile(models.Model):
    """A file hanging on a matter. ``sha256`` is the hash of the kept (cleaned) content."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("文件名"), max_length=120)
    size = models.PositiveIntegerField(_("大小"))
    media_type = models.CharField(max_length=100)
    is_cleaned = models.BooleanField(default=False)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="files")
    stored_by = models.CharField(max_length=40, blank=True)
    stored_at = models.DateTimeField()

    class Meta:
        """The same content once a matter; never empty; of a known type."""

        constraints = (
            models.UniqueConstraint(fields=("subject_kind", "subject_id", "sha256"), name="file_once_a_matter"),
            models.CheckConstraint(condition=Q(size__gt=0), name="file_not_empty"),
            models.CheckConstraint(condition=Q(media_type__in=[t.value for t in MediaType]), name="file_type_known"),
        )
        indexes = (models.Index(fields=("subject_kind", "subject_id", "id"), name="file_subject"),)

    def __str__(self) -> str:
        """The file's name."""
        return self.name
