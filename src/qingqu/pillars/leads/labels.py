"""The words of a lead in the reader's language, each beside its code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingqu.pillars.leads import types


class TrackChoice(models.TextChoices):
    """Tracks with their labels."""

    DISCIPLINE = types.Track.DISCIPLINE, _("纪检监察")
    EDUCATION = types.Track.EDUCATION, _("教育行政")
    PROCUREMENT = types.Track.PROCUREMENT, _("采购质疑投诉")
    MINORS = types.Track.MINORS, _("未成年人侵害强制报告")


class StateChoice(models.TextChoices):
    """States with their labels."""

    RECEIVED = types.State.RECEIVED, _("待提处置意见")
    PROPOSED = types.State.PROPOSED, _("待审批")
    DISPOSED = types.State.DISPOSED, _("处置中")
    CLOSED = types.State.CLOSED, _("已了结")
    MERGED = types.State.MERGED, _("已并案")


class ChannelChoice(models.TextChoices):
    """Channels with their labels."""

    LETTER = types.Channel.LETTER, _("来信")
    VISIT = types.Channel.VISIT, _("来访")
    PHONE = types.Channel.PHONE, _("来电")
    ONLINE = types.Channel.ONLINE, _("网络")
    OTHER = types.Channel.OTHER, _("其他渠道")
    INTERNAL = types.Channel.INTERNAL, _("系统内转来")


class SourceChoice(models.TextChoices):
    """Sources with their labels."""

    HAND = types.Source.HAND, _("直接收到")
    ASSIGNMENT = types.Source.ASSIGNMENT, _("上级交办")
    TRANSFER = types.Source.TRANSFER, _("外部转来")
    DUTY = types.Source.DUTY, _("责任逾期")
    FLAG = types.Source.FLAG, _("审计提示")
    FINDING = types.Source.FINDING, _("检查发现")
    REPORT = types.Source.REPORT, _("检举控告")
    ALERT = types.Source.ALERT, _("评议预警")


class ThemeChoice(models.TextChoices):
    """Themes with their labels."""

    POLITICS = types.Theme.POLITICS, _("政治纪律")
    ORGANISATION = types.Theme.ORGANISATION, _("组织纪律")
    INTEGRITY = types.Theme.INTEGRITY, _("廉洁纪律")
    MASSES = types.Theme.MASSES, _("群众纪律")
    WORK = types.Theme.WORK, _("工作纪律")
    LIFE = types.Theme.LIFE, _("生活纪律")
    DIRECTION = types.Theme.DIRECTION, _("坚定政治方向")
    LAW = types.Theme.LAW, _("自觉爱国守法")
    CULTURE = types.Theme.CULTURE, _("传播优秀文化")
    TEACHING = types.Theme.TEACHING, _("潜心教书育人")
    CARE = types.Theme.CARE, _("关心爱护学生")
    SAFETY = types.Theme.SAFETY, _("加强安全防范")
    BEARING = types.Theme.BEARING, _("坚持言行雅正")
    FAIRNESS = types.Theme.FAIRNESS, _("秉持公平诚信")
    GIFTS = types.Theme.GIFTS, _("坚守廉洁自律")
    TUTORING = types.Theme.TUTORING, _("规范从教行为")
    FINANCE = types.Theme.FINANCE, _("财务经费")
    ADMISSIONS = types.Theme.ADMISSIONS, _("招生入学")
    OTHER = types.Theme.OTHER, _("其他")


class ExitChoice(models.TextChoices):
    """Ways out of a disposition with their labels."""

    ACCEPTED = types.Exit.ACCEPTED, _("采信了结")
    MEASURE = types.Exit.MEASURE, _("谈话提醒、批评教育、责令检查或者诫勉")
    AGAIN = types.Exit.AGAIN, _("再次谈话函询")
    JOINED = types.Exit.JOINED, _("与违反组织纪律线索一并处置")
    CHECK = types.Exit.CHECK, _("转初步核实")
    FILED = types.Exit.FILED, _("拟立案审查调查")
    SETTLED = types.Exit.SETTLED, _("核实后予以了结")
    REMINDED = types.Exit.REMINDED, _("谈话提醒")
    HELD = types.Exit.HELD, _("核实后暂存待查")
    PASSED = types.Exit.PASSED, _("移送有关党组织")
    REVIEWED = types.Exit.REVIEWED, _("定期清理")


class KindChoice(models.TextChoices):
    """The four dispositions with their labels."""

    TALK = types.Kind.TALK, _("谈话函询")
    VERIFY = types.Kind.VERIFY, _("初步核实")
    HOLD = types.Kind.HOLD, _("暂存待查")
    SETTLE = types.Kind.SETTLE, _("予以了结")


class DecisionChoice(models.TextChoices):
    """Decisions on a proposed disposition with their labels."""

    PENDING = types.Decision.PENDING, _("待审批")
    APPROVED = types.Decision.APPROVED, _("已批准")
    RETURNED = types.Decision.RETURNED, _("已退回")
