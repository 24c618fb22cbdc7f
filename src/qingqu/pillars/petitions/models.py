"""Petitions, the members of staff in them, and the opinions given on them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingqu.pillars.petitions import types


class KindChoice(models.TextChoices):
    """Kinds with their labels."""

    SUGGESTION = types.Kind.SUGGESTION, _("建议意见")
    COMPLAINT = types.Kind.COMPLAINT, _("检举控告")
    CLAIM = types.Kind.CLAIM, _("申诉求决")


class ChannelChoice(models.TextChoices):
    """Channels with their labels."""

    LETTER = types.Channel.LETTER, _("来信")
    WEB = types.Channel.WEB, _("网络")
    CALL = types.Channel.CALL, _("电话")
    VISIT = types.Channel.VISIT, _("走访")
    PASSED_ON = types.Channel.PASSED_ON, _("上级或有关机关转送")
    ASSIGNED = types.Channel.ASSIGNED, _("上级交办")


class StateChoice(models.TextChoices):
    """States with their labels."""

    REGISTERED = types.State.REGISTERED, _("已登记")
    ACCEPTED = types.State.ACCEPTED, _("已受理")
    REFUSED = types.State.REFUSED, _("不予受理")
    TRANSFERRED = types.State.TRANSFERRED, _("已转送")
    REFERRED = types.State.REFERRED, _("已移送纪检监察机关")
    OBJECTED = types.State.OBJECTED, _("已提出异议退回")
    HANDLING = types.State.HANDLING, _("办理中")
    ANSWERED = types.State.ANSWERED, _("已出具处理意见")
    REVIEWING = types.State.REVIEWING, _("复查中")
    REVIEWED = types.State.REVIEWED, _("已出具复查意见")
    RECHECKING = types.State.RECHECKING, _("复核中")
    CLOSED = types.State.CLOSED, _("已终结")


class LevelChoice(models.TextChoices):
    """The three opinions with their labels."""

    FIRST = types.Level.FIRST, _("处理意见")
    REVIEW = types.Level.REVIEW, _("复查意见")
    RECHECK = types.Level.RECHECK, _("复核意见")


class OutcomeChoice(models.TextChoices):
    """What an opinion says to the request, with its label."""

    SUPPORTED = types.Outcome.SUPPORTED, _("予以支持")
    EXPLAINED = types.Outcome.EXPLAINED, _("解释说明")
    NOT_SUPPORTED = types.Outcome.NOT_SUPPORTED, _("不予支持")


ENDED_EARLY = (types.State.REFUSED, types.State.TRANSFERRED, types.State.REFERRED, types.State.OBJECTED)
"""States reached by a decision not to handle the petition here."""


class Petition(models.Model):
    """What somebody asks of the authority.

    ``unit`` is the unit it concerns, in a complaint the one it is against. ``handler`` is the seat that answers for
    it; empty when everybody in line is obstructed. ``exit_*`` say why and where to it went when it is not handled
    here; ``told`` how the petitioner was told of the decision.
    """

    number = models.CharField(_("编号"), max_length=30, unique=True, null=True)  # noqa: DJ001 - null until the id is known
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("信访请求和事实"))
    kind = models.CharField(_("类别"), max_length=10, choices=KindChoice)
    channel = models.CharField(_("来源"), max_length=10, choices=ChannelChoice)
    sent_by = models.CharField(_("转送或交办机关"), max_length=100, blank=True)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="petitions", verbose_name=_("涉及单位"))
    petitioner = models.CharField(_("信访人"), max_length=100, blank=True)
    contact = models.CharField(_("联系电话"), max_length=100, blank=True)
    address = models.CharField(_("住址"), max_length=200, blank=True)
    representatives = models.JSONField(default=list)
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeats")
    received_on = models.DateField(_("收到日期"))
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey("org.Post", on_delete=models.PROTECT, null=True, related_name="petitions")
    state = models.CharField(_("状态"), max_length=12, choices=StateChoice, default=StateChoice.REGISTERED)
    told = models.TextField(blank=True)
    undertaker = models.CharField(_("承办科室"), max_length=100, blank=True)
    exit_ground = models.TextField(blank=True)
    exit_on = models.DateField(null=True)
    to_unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    to_organ = models.CharField(max_length=100, blank=True)
    receipt = models.CharField(max_length=100, blank=True)
    receipt_on = models.DateField(null=True)
    extended_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    extended_on = models.DateField(null=True)
    extension_ground = models.TextField(blank=True)
    extension_told = models.TextField(blank=True)
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    close_ground = models.TextField(blank=True)

    class Meta:
        """Pairs stand together; lists by day, state, unit and seat."""

        constraints = (
            models.CheckConstraint(condition=Q(state__in=[s.value for s in types.State]), name="petition_state_known"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in types.Kind]), name="petition_kind_known"),
            models.CheckConstraint(
                condition=(Q(channel__in=("PASSED_ON", "ASSIGNED")) & ~Q(sent_by=""))
                | (~Q(channel__in=("PASSED_ON", "ASSIGNED")) & Q(sent_by="")),
                name="petition_passed_on_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=[s.value for s in ENDED_EARLY], exit_on__isnull=False) & ~Q(exit_ground=""))
                | (~Q(state__in=[s.value for s in ENDED_EARLY]) & Q(exit_on__isnull=True, exit_ground="")),
                name="petition_exit_with_ground",
            ),
            models.CheckConstraint(
                condition=~Q(state=types.State.TRANSFERRED) | Q(to_unit__isnull=False) | ~Q(to_organ=""),
                name="petition_transferred_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(receipt="", receipt_on__isnull=True) | (~Q(receipt="") & Q(receipt_on__isnull=False)),
                name="petition_receipt_pair",
            ),
            models.CheckConstraint(
                condition=Q(extended_by__isnull=True, extended_on__isnull=True, extension_ground="", extension_told="")
                | (
                    Q(extended_by__isnull=False, extended_on__isnull=False)
                    & ~Q(extension_ground="")
                    & ~Q(extension_told="")
                ),
                name="petition_extended_and_told",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=types.State.CLOSED, closed_on__isnull=False, closed_by__isnull=False) & ~Q(close_ground="")
                )
                | (~Q(state=types.State.CLOSED) & Q(closed_on__isnull=True, closed_by__isnull=True, close_ground="")),
                name="petition_closed_with_ground",
            ),
            models.CheckConstraint(condition=Q(same_as__isnull=True) | ~Q(same_as=F("id")), name="petition_not_itself"),
        )
        indexes = (
            models.Index(fields=("received_on", "id"), name="petition_received"),
            models.Index(fields=("state", "received_on", "id"), name="petition_state"),
            models.Index(fields=("kind", "received_on", "id"), name="petition_kind"),
            models.Index(fields=("unit", "received_on", "id"), name="petition_unit"),
            models.Index(fields=("handler", "state"), name="petition_handler"),
            models.Index(fields=("petitioner", "contact"), name="petition_petitioner"),
        )

    def __str__(self) -> str:
        """The petition's number."""
        return self.number or ""

    @property
    def is_reachable(self) -> bool:
        """Whether the petitioner can be told in writing: the name and an address or telephone number are known."""
        return bool(self.petitioner and (self.address or self.contact))


class Party(models.Model):
    """A member of staff in a petition: whom it is about, or who brings it."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="parties")
    standing = models.CharField(max_length=10, choices=[(s.value, s.value) for s in types.Standing])
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Each person once in each standing."""

        constraints = (models.UniqueConstraint(fields=("petition", "standing", "person"), name="petition_party_once"),)
        indexes = (models.Index(fields=("person", "petition"), name="petition_party_person"),)

    def __str__(self) -> str:
        """Standing and petition."""
        return f"{self.standing} in {self.petition_id}"


class Opinion(models.Model):
    """One opinion; on review and re-check the row begins with the request for it.

    ``remedy_until`` is the last day on which the next opinion may be asked for, ``remedy_why`` the steps to it; none
    after the re-check.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="opinions")
    level = models.CharField(max_length=10, choices=LevelChoice)
    asked_on = models.DateField(null=True)
    asked_ground = models.TextField(blank=True)
    outcome = models.CharField(_("结论"), max_length=15, choices=OutcomeChoice, blank=True)
    request = models.TextField(_("信访请求"), blank=True)
    facts = models.TextField(_("事实和理由"), blank=True)
    opinion = models.TextField(_("处理意见"), blank=True)
    basis = models.TextField(_("法规依据"), blank=True)
    organ = models.CharField(_("出具机关"), max_length=100, blank=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    served_on = models.DateField(null=True)
    remedy_until = models.DateField(null=True)
    remedy_why = models.JSONField(default=list)

    class Meta:
        """One of each level; asked for but the first; issued with every element (XF-15)."""

        constraints = (
            models.UniqueConstraint(fields=("petition", "level"), name="opinion_once_a_level"),
            models.CheckConstraint(
                condition=Q(level=types.Level.FIRST, asked_on__isnull=True, asked_ground="", issued_at__isnull=False)
                | (
                    Q(level__in=(types.Level.REVIEW, types.Level.RECHECK), asked_on__isnull=False) & ~Q(asked_ground="")
                ),
                name="opinion_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, issued_by__isnull=True, served_on__isnull=True, outcome="")
                | (
                    Q(issued_at__isnull=False, issued_by__isnull=False, served_on__isnull=False)
                    & Q(outcome__in=[o.value for o in types.Outcome])
                    & ~Q(request="")
                    & ~Q(facts="")
                    & ~Q(opinion="")
                    & ~Q(basis="")
                    & ~Q(organ="")
                ),
                name="opinion_complete",
            ),
            models.CheckConstraint(
                condition=Q(remedy_until__isnull=True) | Q(issued_at__isnull=False), name="opinion_remedy_after_issue"
            ),
        )
        indexes = (models.Index(fields=("petition", "id"), name="opinion_petition"),)

    def __str__(self) -> str:
        """The level and the petition."""
        return f"{self.level} of {self.petition_id}"
