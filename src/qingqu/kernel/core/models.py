"""The search index: one row for everything that can be found."""

from django.db import models


class SearchRow(models.Model):
    """What can be found about one subject, who may find it, and its text as tokens.

    ``tokens`` is " " + the tokens separated by single spaces + " "; a "|" stands where the text breaks. A public row
    is found by anyone; another by the holders of ``right`` over ``unit_path`` (any signed-in person for SIGNED_IN).
    """

    kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    is_public = models.BooleanField()
    right = models.CharField(max_length=40, default="VIEW_UNIT")
    unit_path = models.CharField(max_length=400, blank=True)
    dated_on = models.DateField()
    tokens = models.TextField()

    class Meta:
        """A subject has one row; the newest are listed first."""

        constraints = (models.UniqueConstraint(fields=("kind", "subject_id"), name="searchrow_once"),)
        indexes = (
            models.Index(fields=("-dated_on", "-id"), name="searchrow_newest"),
            models.Index(fields=("kind", "-dated_on", "-id"), name="searchrow_kind"),
        )

    def __str__(self) -> str:
        """The title."""
        return self.title
