"""Publications, their versions, and the traces that a person confirmed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.publications import types


class KindChoice(models.TextChoices):
    """Kinds with their labels."""

    NOTICE = types.Kind.NOTICE, _("通报")
    DISCLOSURE = types.Kind.DISCLOSURE, _("公示")
    OPEN = types.Kind.OPEN, _("公开")


class StateChoice(models.TextChoices):
    """States of a version with their labels."""

    DRAFT = types.State.DRAFT, _("草稿")
    SUBMITTED = types.State.SUBMITTED, _("待审核")
    PUBLISHED = types.State.PUBLISHED, _("已发布")


class TraceChoice(models.TextChoices):
    """What may identify a person, with labels."""

    STUDENT = types.Trace.STUDENT, _("学生身份")
    RESIDENT_ID = types.Trace.RESIDENT_ID, _("身份证件号码")
    BANK_CARD = types.Trace.BANK_CARD, _("银行卡号")
    PHONE = types.Trace.PHONE, _("电话号码")
    PARTY = types.Trace.PARTY, _("当事人姓名")
    ADDRESS = types.Trace.ADDRESS, _("住址")
    EMAIL = types.Trace.EMAIL, _("电子邮箱")


class Publication(models.Model):
    """One public address and everything that ever stood there.

    ``names`` is {"parties": [names], "students": [names]}: who must not be recognised in the text.
    """

    number = models.CharField(_("编号"), max_length=30, unique=True, null=True)  # noqa: DJ001 - null until the id is known
    kind = models.CharField(_("类型"), max_length=12, choices=KindChoice)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="publications", verbose_name=_("单位"))
    source_kind = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    names = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    public_from = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    withdraw_reason = models.TextField(blank=True)

    class Meta:
        """Withdrawn with moment, person and reason, and only what was public; lists by moment and unit."""

        constraints = (
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in types.Kind]), name="publication_kind_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdraw_reason="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, public_from__isnull=False)
                    & ~Q(withdraw_reason="")
                ),
                name="publication_withdrawn_pair",
            ),
        )
        indexes = (
            models.Index(fields=("public_from", "id"), name="publication_public"),
            models.Index(fields=("kind", "public_from", "id"), name="publication_kind_public"),
            models.Index(fields=("kind", "created_at", "id"), name="publication_kind_created"),
            models.Index(fields=("created_at", "id"), name="publication_created"),
            models.Index(fields=("unit", "id"), name="publication_unit"),
            models.Index(fields=("source_kind", "source_id"), name="publication_source"),
        )

    def __str__(self) -> str:
        """The publication's number."""
        return self.number or ""


class Version(models.Model):
    """What stood, stands or shall stand at the address. Published, it is frozen: bytes and their hash.

    ``writers`` are the ids of everybody who wrote on it; ``author`` is the last of them.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="versions")
    ordinal = models.PositiveSmallIntegerField()
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("正文"))
    reason = models.TextField(_("更正理由"), blank=True)
    state = models.CharField(max_length=10, choices=StateChoice, default=StateChoice.DRAFT)
    author = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    writers = models.JSONField(default=list)
    drafted_at = models.DateTimeField()
    returned_because = models.TextField(blank=True)
    publisher = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    public_from = models.DateTimeField(null=True)
    copy = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    is_announced = models.BooleanField(default=False)

    class Meta:
        """The publisher is not the author; a correction has a reason; one version at work at a time."""

        constraints = (
            models.UniqueConstraint(fields=("publication", "ordinal"), name="version_once"),
            models.UniqueConstraint(
                fields=("publication",), condition=~Q(state=types.State.PUBLISHED), name="one_version_at_work"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in types.State]), name="version_state_known"),
            models.CheckConstraint(
                condition=Q(publisher__isnull=True) | ~Q(publisher=F("author")), name="publisher_is_not_author"
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state=types.State.PUBLISHED,
                        publisher__isnull=False,
                        published_at__isnull=False,
                        public_from__isnull=False,
                        copy__isnull=False,
                    )
                    & ~Q(sha256="")
                )
                | (
                    ~Q(state=types.State.PUBLISHED)
                    & Q(publisher__isnull=True, published_at__isnull=True, public_from__isnull=True, copy__isnull=True)
                    & Q(sha256="", is_announced=False)
                ),
                name="version_published_whole",
            ),
            models.CheckConstraint(condition=Q(ordinal=1) | ~Q(reason=""), name="correction_has_reason"),
        )
        indexes = (
            models.Index(fields=("is_announced", "public_from"), name="version_announce"),
            models.Index(
                fields=("state", "publication"), condition=~Q(state=types.State.PUBLISHED), name="version_work"
            ),
        )

    def __str__(self) -> str:
        """Publication and ordinal."""
        return f"{self.publication_id}/{self.ordinal}"


class Confirmation(models.Model):
    """A person's word that a trace may stand in this version, and why."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="confirmations")
    trace = models.CharField(max_length=12, choices=TraceChoice)
    text = models.CharField(max_length=200)
    reason = models.CharField(_("保留理由"), max_length=200)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Once a trace; never without a reason."""

        constraints = (
            models.UniqueConstraint(fields=("version", "trace", "text"), name="confirmed_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="confirmation_has_reason"),
        )

    def __str__(self) -> str:
        """The trace's kind."""
        return self.trace
