"""Cases, the respondents in them, who had a hand in them, statements, decisions, remedies and what follows."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.core.clock import local_date
from qingqu.pillars.cases import rules, types


class StateChoice(models.TextChoices):
    """States with their labels."""

    ACCEPTED = types.State.ACCEPTED, _("已受理")
    INVESTIGATING = types.State.INVESTIGATING, _("调查中")
    NOTIFIED = types.State.NOTIFIED, _("已告知，待陈述申辩")
    HEARD = types.State.HEARD, _("已听取陈述申辩")
    PROPOSED = types.State.PROPOSED, _("学校已建议，待决定")
    DECIDED = types.State.DECIDED, _("已决定，待送达")
    SERVED = types.State.SERVED, _("已送达，待入档")
    EFFECTIVE = types.State.EFFECTIVE, _("已生效")
    RELEASED = types.State.RELEASED, _("期满解除")
    NOT_HANDLED = types.State.NOT_HANDLED, _("不予处理")
    CLARIFIED = types.State.CLARIFIED, _("已澄清")
    REVOKED = types.State.REVOKED, _("已撤销")


class SanctionChoice(models.TextChoices):
    """Treatments with their labels."""

    CRITICISM = types.Sanction.CRITICISM, _("批评教育")
    ADMONITION = types.Sanction.ADMONITION, _("诫勉谈话")
    SELF_CRITICISM = types.Sanction.SELF_CRITICISM, _("责令检查")
    CIRCULAR = types.Sanction.CIRCULAR, _("通报批评")
    WARNING = types.Sanction.WARNING, _("警告")
    DEMERIT = types.Sanction.DEMERIT, _("记过")
    MAJOR_DEMERIT = types.Sanction.MAJOR_DEMERIT, _("记大过")
    DEMOTION = types.Sanction.DEMOTION, _("降低岗位等级")
    REMOVAL = types.Sanction.REMOVAL, _("撤职")
    DISMISSAL = types.Sanction.DISMISSAL, _("开除（解除聘用）")


class ConductChoice(models.TextChoices):
    """What the report is about: the ten rules of conduct for teachers and a last line for anything else (ET-01)."""

    POLITICS = "POLITICS", _("坚定政治方向")
    PATRIOTISM = "PATRIOTISM", _("自觉爱国守法")
    CULTURE = "CULTURE", _("传播优秀文化")
    TEACHING = "TEACHING", _("潜心教书育人")
    CARE = "CARE", _("关心爱护学生")
    SAFETY = "SAFETY", _("加强安全防范")
    DECENCY = "DECENCY", _("坚持言行雅正")
    FAIRNESS = "FAIRNESS", _("秉持公平诚信")
    HONESTY = "HONESTY", _("坚守廉洁自律")
    TUTORING = "TUTORING", _("规范从教行为")
    OTHER = "OTHER", _("其他")


class LockChoice(models.TextChoices):
    """What is closed, with labels (ET-05)."""

    AWARD = types.Lock.AWARD, _("评奖评优")
    PROMOTION = types.Lock.PROMOTION, _("职务晋升")
    TITLE = types.Lock.TITLE, _("职称评定")
    POST = types.Lock.POST, _("岗位聘用")
    SALARY = types.Lock.SALARY, _("工资晋级")
    TALENT = types.Lock.TALENT, _("申报人才计划")


class SchoolKindChoice(models.TextChoices):
    """Kinds of school with their labels."""

    PUBLIC = types.SchoolKind.PUBLIC, _("公办")
    PRIVATE = types.SchoolKind.PRIVATE, _("民办")


class PartChoice(models.TextChoices):
    """Parts in a case with their labels."""

    INVESTIGATOR = types.Part.INVESTIGATOR, _("调查人")
    PROPOSER = types.Part.PROPOSER, _("建议人")
    DECIDER = types.Part.DECIDER, _("决定人")
    REVIEWER = types.Part.REVIEWER, _("复核人")
    APPEAL = types.Part.APPEAL, _("申诉办理人")
    PUBLISHER = types.Part.PUBLISHER, _("发布人")


class VoiceChoice(models.TextChoices):
    """Whose words, with labels."""

    OWN = types.Voice.OWN, _("本人陈述申辩")
    WAIVED = types.Voice.WAIVED, _("本人书面放弃陈述申辩")
    COLLEAGUE = types.Voice.COLLEAGUE, _("其他教师意见")
    STUDENT = types.Voice.STUDENT, _("学生代表意见")
    PARENT = types.Voice.PARENT, _("家长代表意见")


class RemedyKindChoice(models.TextChoices):
    """Remedies with their labels."""

    REVIEW = types.RemedyKind.REVIEW, _("复核")
    APPEAL = types.RemedyKind.APPEAL, _("申诉")


class OutcomeChoice(models.TextChoices):
    """Outcomes of a remedy with their labels."""

    UPHELD = types.Outcome.UPHELD, _("维持")
    VARIED = types.Outcome.VARIED, _("变更")
    REVOKED = types.Outcome.REVOKED, _("撤销")


class ModeChoice(models.TextChoices):
    """Ways of clearing a name with their labels (WB-27)."""

    LETTER = types.Mode.LETTER, _("向单位党组织主要负责人和本人说明")
    BRIEFING = types.Mode.BRIEFING, _("向单位党组织通报")
    CIRCULAR = types.Mode.CIRCULAR, _("在一定范围内通报")


class TransferOutcomeChoice(models.TextChoices):
    """Answers of the discipline track with their labels."""

    PENDING = types.TransferOutcome.PENDING, _("办理中")
    NONE = types.TransferOutcome.NONE, _("未予处分")
    PARTY = types.TransferOutcome.PARTY, _("党纪处分")
    GOVERNMENT = types.TransferOutcome.GOVERNMENT, _("政务处分")


def _among(field: str, choices: type[models.TextChoices]) -> Q:
    """The condition that a column holds one of the codes."""
    return Q(**{f"{field}__in": list(choices.values)})


class Case(models.Model):
    """One matter of teacher conduct in one school; each respondent in it has a procedure of their own.

    ``acted_on`` is the day of the act, by which the law that applied is chosen. Who reported it is never kept here.
    """

    title = models.CharField(_("标题"), max_length=200)
    allegation = models.TextField(_("反映问题"))
    conduct = models.CharField(_("所涉准则"), max_length=12, choices=ConductChoice)
    acted_on = models.DateField(_("行为发生日期"))
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="cases", verbose_name=_("学校"))
    school_kind = models.CharField(_("办学性质"), max_length=8, choices=SchoolKindChoice)
    source_kind = models.CharField(max_length=40)
    source_id = models.CharField(max_length=60, blank=True)
    source_text = models.TextField(_("来源说明"), blank=True)
    desk = models.ForeignKey("org.Post", on_delete=models.PROTECT, null=True, related_name="cases")
    accepted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(_("受理时间"))

    class Meta:
        """One case a source; a source that is no matter of this system is told in words; lists by day and unit."""

        constraints = (
            models.UniqueConstraint(
                fields=("source_kind", "source_id"), condition=~Q(source_id=""), name="case_once_a_source"
            ),
            models.CheckConstraint(condition=~Q(source_id="") | ~Q(source_text=""), name="case_has_source"),
            models.CheckConstraint(condition=_among("conduct", ConductChoice), name="case_conduct_known"),
            models.CheckConstraint(condition=_among("school_kind", SchoolKindChoice), name="case_school_known"),
        )
        indexes = (
            models.Index(fields=("accepted_at", "id"), name="case_accepted"),
            models.Index(fields=("unit", "accepted_at", "id"), name="case_unit"),
        )

    def __str__(self) -> str:
        """The case's number."""
        return self.number

    @property
    def number(self) -> str:
        """The number it is known by: the year of acceptance and its id."""
        return rules.case_number(local_date(self.accepted_at).year, self.pk)


class Hand(models.Model):
    """The one part a person takes in a case: investigator, proposer, decider, reviewer, appeal handler, publisher."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hands")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=PartChoice)
    taken_at = models.DateTimeField()

    class Meta:
        """One person, one part (DP-5, DL-17)."""

        constraints = (
            models.UniqueConstraint(fields=("case", "person"), name="one_part_a_person"),
            models.CheckConstraint(condition=_among("part", PartChoice), name="hand_part_known"),
        )
        indexes = (models.Index(fields=("person", "case"), name="hand_person"),)

    def __str__(self) -> str:
        """Part and case."""
        return f"{self.part} in {self.case_id}"


class Respondent(models.Model):
    """A person a case is about (被反映人), with the state, what was found, told and proposed.

    ``ceiling_*`` is the treatment the person was told of before speaking: nothing later may be heavier (ET-26).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="respondents")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("被反映人"))
    conduct = models.CharField(max_length=12)
    acted_on = models.DateField()
    is_staffed = models.BooleanField(_("在编"), default=True)
    is_manager = models.BooleanField(_("从事管理工作"), default=False)
    is_head = models.BooleanField(default=False)
    state = models.CharField(_("状态"), max_length=14, choices=StateChoice, default=StateChoice.ACCEPTED)
    facts = models.TextField(_("查明情况"), blank=True)
    evidence = models.TextField(_("证据"), blank=True)
    basis = models.TextField(_("依据"), blank=True)
    ceiling_sanction = models.CharField(max_length=16, choices=SanctionChoice, blank=True)
    ceiling_months = models.PositiveSmallIntegerField(default=0)
    notified_at = models.DateTimeField(null=True)
    proposed_sanction = models.CharField(max_length=16, choices=SanctionChoice, blank=True)
    proposed_months = models.PositiveSmallIntegerField(default=0)
    proposal = models.TextField(_("学校建议"), blank=True)
    proposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    closing_reason = models.TextField(_("不予处理的理由"), blank=True)
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Once a case; one open or standing procedure a person and act (ET-24); closed and released by somebody."""

        constraints = (
            models.UniqueConstraint(fields=("case", "person"), name="respondent_once"),
            models.UniqueConstraint(
                fields=("person", "conduct", "acted_on"),
                condition=~Q(state__in=[state.value for state in rules.CLEARED]),
                name="one_procedure_an_act",
            ),
            models.CheckConstraint(condition=_among("state", StateChoice), name="respondent_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[types.State.NOT_HANDLED, types.State.CLARIFIED])
                | (Q(closed_by__isnull=False) & ~Q(closing_reason="")),
                name="respondent_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="respondent_released_pair",
            ),
        )
        indexes = (
            models.Index(fields=("person", "id"), name="respondent_person"),
            models.Index(fields=("state", "id"), name="respondent_state"),
        )

    def __str__(self) -> str:
        """State and case."""
        return f"{self.state} in {self.case_id}"


class Statement(models.Model):
    """What somebody said in the procedure, in their words; what was found about it is in ``verified``."""

    respondent = models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="statements")
    voice = models.CharField(max_length=10, choices=VoiceChoice)
    text = models.TextField(_("内容"))
    verified = models.TextField(_("核实情况"), blank=True)
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        """Never empty, of a known voice."""

        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="statement_has_text"),
            models.CheckConstraint(condition=_among("voice", VoiceChoice), name="statement_voice_known"),
        )
        indexes = (models.Index(fields=("respondent", "id"), name="statement_respondent"),)

    def __str__(self) -> str:
        """Voice and respondent."""
        return f"{self.voice} in {self.respondent_id}"


class Decision(models.Model):
    """A written decision about one respondent; a variation is the next one and sets the one before aside.

    Locks hold from ``binds_from`` on; ``sanction_until`` and ``restricted_until`` are the first free days.
    """

    respondent = models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="decisions")
    ordinal = models.PositiveSmallIntegerField()
    number = models.CharField(_("文号"), max_length=40, unique=True)
    sanction = models.CharField(_("处理种类"), max_length=16, choices=SanctionChoice)
    restriction_months = models.PositiveSmallIntegerField(_("取消资格（月）"), default=0)
    rank = models.PositiveSmallIntegerField()
    ceiling_rank = models.PositiveSmallIntegerField()
    ceiling_months = models.PositiveSmallIntegerField()
    facts = models.TextField()
    evidence = models.TextField()
    basis = models.TextField()
    remedies = models.TextField()
    organ = models.CharField(_("决定机关"), max_length=120)
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    decided_on = models.DateField(_("决定日期"))
    sanction_until = models.DateField(null=True)
    restricted_until = models.DateField(null=True)
    served_on = models.DateField(_("送达日期"), null=True)
    served_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    service = models.TextField(_("送达情况"), blank=True)
    binds_from = models.DateField(null=True)
    filed_on = models.DateField(_("入档日期"), null=True)
    filing = models.TextField(_("入档和报备情况"), blank=True)
    set_aside_at = models.DateTimeField(null=True)
    set_aside_as = models.CharField(max_length=8, choices=OutcomeChoice, blank=True)

    class Meta:
        """Every element there (DP-3), never heavier than what was told before the defence (ET-26), one that stands."""

        constraints = (
            models.UniqueConstraint(fields=("respondent", "ordinal"), name="decision_ordinal"),
            models.UniqueConstraint(
                fields=("respondent",), condition=Q(set_aside_at__isnull=True), name="one_standing_decision"
            ),
            models.CheckConstraint(
                condition=Q(rank__lte=F("ceiling_rank"), restriction_months__lte=F("ceiling_months")),
                name="decision_never_worse",
            ),
            models.CheckConstraint(
                condition=~Q(facts="") & ~Q(evidence="") & ~Q(basis="") & ~Q(remedies="") & ~Q(organ=""),
                name="decision_elements",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True, served_by__isnull=True, service="")
                | (Q(served_on__isnull=False, served_by__isnull=False) & ~Q(service="")),
                name="decision_served_pair",
            ),
            models.CheckConstraint(
                condition=Q(filed_on__isnull=True, filing="") | (Q(filed_on__isnull=False) & ~Q(filing="")),
                name="decision_filed_pair",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True, set_aside_as="")
                | Q(
                    set_aside_at__isnull=False,
                    set_aside_as__in=[types.Outcome.VARIED.value, types.Outcome.REVOKED.value],
                ),
                name="decision_set_aside_pair",
            ),
            models.CheckConstraint(condition=_among("sanction", SanctionChoice), name="decision_sanction_known"),
        )

    def __str__(self) -> str:
        """The decision's number."""
        return self.number


class Remedy(models.Model):
    """A review (复核) or an appeal (申诉) against a decision, and what it came to."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="asked")
    respondent = models.ForeignKey(Respondent, on_delete=models.PROTECT, related_name="asked")
    kind = models.CharField(max_length=8, choices=RemedyKindChoice)
    state = models.CharField(max_length=8, default=types.RemedyState.FILED)
    grounds = models.TextField(_("理由"))
    filed_on = models.DateField()
    filed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=OutcomeChoice, blank=True)
    reason = models.TextField(_("答复理由"), blank=True)
    organ = models.CharField(_("答复机关"), max_length=120, blank=True)
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)

    class Meta:
        """One of each kind a procedure; an answer has outcome, reason, organ, person and day."""

        constraints = (
            models.UniqueConstraint(fields=("respondent", "kind"), name="remedy_once"),
            models.CheckConstraint(
                condition=Q(
                    state=types.RemedyState.FILED,
                    outcome="",
                    reason="",
                    organ="",
                    answered_by__isnull=True,
                    answered_on__isnull=True,
                )
                | (
                    Q(state=types.RemedyState.DECIDED, answered_by__isnull=False, answered_on__isnull=False)
                    & Q(outcome__in=[outcome.value for outcome in types.Outcome])
                    & ~Q(reason="")
                    & ~Q(organ="")
                ),
                name="remedy_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("filed_by")), name="remedy_answered_by_another"
            ),
        )
        indexes = (models.Index(fields=("respondent", "id"), name="remedy_respondent"),)

    def __str__(self) -> str:
        """Kind and decision."""
        return f"{self.kind} of {self.decision_id}"


class Clarification(models.Model):
    """How a name was cleared: one of three ways, drafted by one person and approved by another (WB-27, ET-28)."""

    respondent = models.OneToOneField(Respondent, on_delete=models.PROTECT, related_name="clarification")
    mode = models.CharField(max_length=10, choices=ModeChoice)
    text = models.TextField()
    drafted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        """Approved by another."""

        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="clarification_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="clarification_approved_pair",
            ),
        )

    def __str__(self) -> str:
        """Mode and respondent."""
        return f"{self.mode} for {self.respondent_id}"


class Transfer(models.Model):
    """A Party member's part handed to the discipline track: number, dates, handler and outcome are all that is kept."""

    respondent = models.OneToOneField(Respondent, on_delete=models.PROTECT, related_name="transfer")
    number = models.CharField(_("移送编号"), max_length=40)
    transferred_on = models.DateField(_("移送日期"))
    handler = models.CharField(_("承办部门"), max_length=60)
    outcome = models.CharField(
        _("办理结果"), max_length=10, choices=TransferOutcomeChoice, default=TransferOutcomeChoice.PENDING
    )
    answered_on = models.DateField(_("反馈日期"), null=True)

    class Meta:
        """An answer has its day."""

        constraints = (
            models.CheckConstraint(
                condition=Q(outcome=types.TransferOutcome.PENDING, answered_on__isnull=True)
                | (~Q(outcome=types.TransferOutcome.PENDING) & Q(answered_on__isnull=False)),
                name="transfer_answered_pair",
            ),
        )

    def __str__(self) -> str:
        """The transfer's number."""
        return self.number


class Referral(models.Model):
    """A suspected false accusation reported for recognition; the district itself recognises none (WB-24)."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="referral")
    organ = models.CharField(_("报请的机关"), max_length=120)
    ground = models.TextField(_("疑似诬告的理由"))
    referred_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    referred_on = models.DateField(_("报请日期"))

    class Meta:
        """Told to somebody, for a reason."""

        constraints = (models.CheckConstraint(condition=~Q(organ="") & ~Q(ground=""), name="referral_told"),)

    def __str__(self) -> str:
        """The case."""
        return f"referral of {self.case_id}"
