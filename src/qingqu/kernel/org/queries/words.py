"""The words for the codes that forms and lists show, as (code, translated word) pairs."""

from django.utils.translation import gettext_lazy as _

from qingqu.kernel.org.models import Relationship, UnitKind
from qingqu.kernel.org.types import Role

UNIT_KINDS = tuple(UnitKind.choices)
RELATION_KINDS = tuple(Relationship.Kind.choices)
ROLE_WORDS = (
    (Role.TEACHER.value, _("教职工")),
    (Role.PRINCIPAL.value, _("校长（园长）")),
    (Role.SECRETARY.value, _("书记")),
    (Role.OFFICE.value, _("工委办公室")),
    (Role.LEADER.value, _("区级领导")),
    (Role.DISCIPLINE.value, _("派驻纪检")),
    (Role.AUDITOR.value, _("财务审计")),
    (Role.ADMINISTRATOR.value, _("系统管理员")),
)
SETTING_WORDS = (
    ("procurement.goods_limit_fen", _("货物采购限额标准（分）")),
    ("procurement.services_limit_fen", _("服务采购限额标准（分）")),
    ("procurement.works_limit_fen", _("工程采购限额标准（分）")),
    ("procurement.public_tender_limit_fen", _("公开招标数额标准（分）")),
    ("ethics.veto_years", _("师德一票否决年限（年）")),
    ("disclosure.notice_days", _("公示天数（天）")),
    ("petitions.web", _("信访网络渠道")),
    ("petitions.address", _("信访通信地址")),
    ("petitions.telephone", _("信访电话")),
    ("petitions.reception", _("信访接待时间、地点")),
    ("petitions.enquiry", _("查询信访进展和结果的方式")),
    ("calendar.day_off", _("本地放假日（事由）")),
    ("calendar.workday", _("本地上班日（事由）")),
    ("calendar.year", _("全年放假安排已逐日录入（文号）")),
)
