"""Ceremonies, their draws with rosters and results, the parties, and who was recused."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.draws import types


class StateChoice(models.TextChoices):
    """States with their labels."""

    DRAFT = types.State.DRAFT, _("准备中")
    FROZEN = types.State.FROZEN, _("名单已冻结")
    COMMITTING = types.State.COMMITTING, _("承诺中")
    REVEALING = types.State.REVEALING, _("揭示中")
    DRAWN = types.State.DRAWN, _("已抽出")
    ABANDONED = types.State.ABANDONED, _("已中止")


class KindChoice(models.TextChoices):
    """What is drawn, with labels."""

    SCHOOLS = types.Kind.SCHOOLS, _("学校")
    INSPECTORS = types.Kind.INSPECTORS, _("检查人员")
    EXPERTS = types.Kind.EXPERTS, _("评审专家")
    CHILDREN = types.Kind.CHILDREN, _("学生")
    ROLLOUT = types.Kind.ROLLOUT, _("措施推行次序")
    FREE = types.Kind.FREE, _("其他")


class SourceChoice(models.TextChoices):
    """Public sources with their labels."""

    DICE = types.SourceKind.DICE, _("现场掷骰子")
    LOTTERY = types.SourceKind.LOTTERY, _("福利彩票开奖号码")
    DRAND = types.SourceKind.DRAND, _("drand 公共信标")


class GameChoice(models.TextChoices):
    """Welfare lotteries with their labels."""

    SSQ = "SSQ", _("双色球")
    QLC = "QLC", _("七乐彩")
    KL8 = "KL8", _("快乐8")
    FC3D = "FC3D", _("福彩3D")


class Ceremony(models.Model):
    """One or more draws with the same parties and the same seed source.

    ``organisers`` are the ids of everybody who prepared or ran it: none of them may be a party. The public source is
    recorded by one person (``source_value``) and confirmed by another; it is asked for with ``throws``, or with
    ``game`` and ``issue``.
    """

    number = models.CharField(_("编号"), max_length=30, unique=True, null=True)  # noqa: DJ001 - null until the id is known
    title = models.CharField(_("名称"), max_length=120)
    purpose = models.TextField(_("用途"))
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="ceremonies", verbose_name=_("单位"))
    state = models.CharField(_("状态"), max_length=12, choices=StateChoice, default=StateChoice.DRAFT)
    organisers = models.JSONField(default=list)
    created_at = models.DateTimeField()
    commit_by = models.DateTimeField(_("承诺截止"))
    reveal_by = models.DateTimeField(_("揭示截止"))
    source_kind = models.CharField(_("公开随机源"), max_length=10, choices=SourceChoice)
    source_at = models.DateTimeField(_("随机源产生时间"))
    throws = models.PositiveSmallIntegerField(null=True)
    game = models.CharField(max_length=6, choices=GameChoice, blank=True)
    issue = models.CharField(max_length=7, blank=True)
    frozen_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    source_value = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    abandoned_at = models.DateTimeField(null=True)
    abandoned_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    abandon_reason = models.TextField(blank=True)

    class Meta:
        """Every moment with its person; moments in order; the source is confirmed by another than who recorded it."""

        constraints = (
            models.CheckConstraint(condition=Q(state__in=[s.value for s in types.State]), name="ceremony_state_known"),
            models.CheckConstraint(
                condition=Q(commit_by__lt=F("reveal_by"), reveal_by__lt=F("source_at")),
                name="ceremony_moments_in_order",
            ),
            models.CheckConstraint(
                condition=Q(source_kind=types.SourceKind.DICE, throws__isnull=False, game="", issue="")
                | (Q(source_kind=types.SourceKind.LOTTERY, throws__isnull=True) & ~Q(game="") & ~Q(issue=""))
                | Q(source_kind=types.SourceKind.DRAND, throws__isnull=True, game="", issue=""),
                name="ceremony_source_whole",
            ),
            models.CheckConstraint(
                condition=Q(source_value="", recorded_by__isnull=True, recorded_at__isnull=True)
                | (~Q(source_value="") & Q(recorded_by__isnull=False, recorded_at__isnull=False)),
                name="ceremony_source_recorded_pair",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, recorded_by__isnull=False),
                name="ceremony_source_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="ceremony_source_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state=types.State.DRAFT, frozen_at__isnull=True)
                | Q(state=types.State.ABANDONED)
                | (~Q(state=types.State.DRAFT) & Q(frozen_at__isnull=False)),
                name="ceremony_frozen_pair",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[types.State.REVEALING, types.State.DRAWN], closed_at__isnull=False)
                | Q(state=types.State.ABANDONED)
                | (~Q(state__in=[types.State.REVEALING, types.State.DRAWN]) & Q(closed_at__isnull=True)),
                name="ceremony_closed_pair",
            ),
            models.CheckConstraint(
                condition=Q(state=types.State.DRAWN, drawn_at__isnull=False, confirmed_at__isnull=False)
                | (~Q(state=types.State.DRAWN) & Q(drawn_at__isnull=True)),
                name="ceremony_drawn_pair",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=types.State.ABANDONED, abandoned_at__isnull=False, abandoned_by__isnull=False)
                    & Q(source_value="")
                    & ~Q(abandon_reason="")
                )
                | (
                    ~Q(state=types.State.ABANDONED)
                    & Q(abandoned_at__isnull=True, abandoned_by__isnull=True, abandon_reason="")
                ),
                name="ceremony_abandoned_pair",
            ),
        )
        indexes = (
            models.Index(fields=("created_at", "id"), name="ceremony_created"),
            models.Index(fields=("state", "created_at", "id"), name="ceremony_state"),
            models.Index(fields=("unit", "id"), name="ceremony_unit"),
        )

    def __str__(self) -> str:
        """The ceremony's number."""
        return self.number or ""


class Draw(models.Model):
    """One roster of a ceremony: who may be drawn and how many; frozen, it has its digest.

    ``quotas`` and ``reserves`` are {stratum: how many}; no quotas draw everybody, in order. ``roster`` is the frozen
    file as JSON, ``digest`` the SHA-256 of its canonical form; ``strata_sha256`` that of the entries alone, by which a
    list that was drawn from before is known again; ``result_sha256`` that of the result's bytes, once there is one.
    """

    number = models.CharField(_("编号"), max_length=30, unique=True, null=True)  # noqa: DJ001 - null until the id is known
    ceremony = models.ForeignKey(Ceremony, on_delete=models.PROTECT, related_name="draws")
    title = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("抽取对象"), max_length=12, choices=KindChoice)
    is_personal = models.BooleanField(default=True)
    quotas = models.JSONField(default=dict)
    reserves = models.JSONField(default=dict)
    roster = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    strata_sha256 = models.CharField(max_length=64, blank=True)
    result_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        """People never stand in public by name; a frozen roster has its digest."""

        constraints = (
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in types.Kind]), name="draw_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=[types.Kind.INSPECTORS, types.Kind.EXPERTS, types.Kind.CHILDREN])
                | Q(is_personal=True),
                name="draw_people_by_number",
            ),
            models.CheckConstraint(
                condition=Q(roster={}, digest="", strata_sha256="")
                | (~Q(roster={}) & ~Q(digest="") & ~Q(strata_sha256="")),
                name="draw_frozen_pair",
            ),
            models.CheckConstraint(condition=Q(result_sha256="") | ~Q(digest=""), name="draw_result_after_freeze"),
        )
        indexes = (
            models.Index(fields=("ceremony", "id"), name="draw_ceremony"),
            models.Index(fields=("strata_sha256", "id"), name="draw_strata"),
            models.Index(fields=("id",), condition=~Q(digest=""), name="draw_public"),
        )

    def __str__(self) -> str:
        """The draw's number."""
        return self.number or ""


class Entry(models.Model):
    """Whom a public number stands for. The table is private: the public reads ``number`` alone."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="entries")
    stratum = models.CharField(_("分层"), max_length=60)
    number = models.CharField(_("公开编号"), max_length=200)
    label = models.CharField(_("名称"), max_length=200)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """A number once a draw."""

        constraints = (
            models.UniqueConstraint(fields=("draw", "number"), name="entry_once"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(label=""), name="entry_has_number_and_label"),
        )

    def __str__(self) -> str:
        """The public number."""
        return self.number


class Party(models.Model):
    """Somebody who commits and reveals: the holder of a post, or an outside body that holds a secret link.

    Of the link only its SHA-256 is kept. ``commitment`` and ``nonce`` are 64 hex digits.
    """

    ceremony = models.ForeignKey(Ceremony, on_delete=models.PROTECT, related_name="parties")
    name = models.CharField(_("公开称呼"), max_length=60)
    speaks_for = models.CharField(_("代表"), max_length=120)
    post = models.ForeignKey("org.Post", on_delete=models.PROTECT, null=True, related_name="+")
    secret_sha256 = models.CharField(max_length=64, blank=True)
    commitment = models.CharField(max_length=64, blank=True)
    committed_at = models.DateTimeField(null=True)
    contribution = models.CharField(max_length=200, blank=True)
    nonce = models.CharField(max_length=64, blank=True)
    revealed_at = models.DateTimeField(null=True)

    class Meta:
        """By a post or by a link; nothing revealed without a commitment; no two commitments alike."""

        constraints = (
            models.UniqueConstraint(fields=("ceremony", "name"), name="party_once"),
            models.UniqueConstraint(
                fields=("ceremony", "post"), condition=Q(post__isnull=False), name="party_post_once"
            ),
            models.UniqueConstraint(
                fields=("secret_sha256",), condition=~Q(secret_sha256=""), name="party_secret_once"
            ),
            models.UniqueConstraint(
                fields=("ceremony", "commitment"), condition=~Q(commitment=""), name="party_commitment_once"
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=False, secret_sha256="") | (Q(post__isnull=True) & ~Q(secret_sha256="")),
                name="party_by_post_or_link",
            ),
            models.CheckConstraint(
                condition=Q(commitment="", committed_at__isnull=True)
                | (~Q(commitment="") & Q(committed_at__isnull=False)),
                name="party_commitment_pair",
            ),
            models.CheckConstraint(
                condition=Q(contribution="", nonce="", revealed_at__isnull=True)
                | (~Q(contribution="") & ~Q(nonce="") & ~Q(commitment="") & Q(revealed_at__isnull=False)),
                name="party_reveal_whole",
            ),
        )

    def __str__(self) -> str:
        """The public name."""
        return self.name


class Recusal(models.Model):
    """An entry that is passed over, with its reason, which stays inside; ``salt`` opens the log's digest of it."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="recusal")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="recusals")
    reason = models.TextField(_("回避理由"))
    salt = models.CharField(max_length=64)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Never without a reason."""

        constraints = (models.CheckConstraint(condition=~Q(reason="") & ~Q(salt=""), name="recusal_has_reason"),)

    def __str__(self) -> str:
        """The entry's id."""
        return str(self.entry_id)


class Result(models.Model):
    """What was drawn: the seed in hex, the result as JSON, and the whole bundle as it is published."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="result")
    seed = models.CharField(max_length=64)
    content = models.JSONField()
    bundle = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        """Whole or not at all."""

        constraints = (models.CheckConstraint(condition=~Q(seed=""), name="result_is_whole"),)

    def __str__(self) -> str:
        """The seed."""
        return self.seed
