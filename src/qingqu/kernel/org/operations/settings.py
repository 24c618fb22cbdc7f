"""Writing local values of the rules: a new value from a day on, the former ones stay."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org import rules
from qingqu.kernel.org.models import Setting, Unit


class BadSetting(Refused):
    """A local value cannot be used."""

    code = "ORG_BAD_SETTING"


@transaction.atomic
def set_setting(
    *, key: str, unit: Unit, value: str, valid_from: date, source: str = "", at: datetime, actor_id: object = ""
) -> Setting:
    """A local value for a unit and everything below it, from a day on; the same day's value is replaced.

    A day set off is no longer a workday, and the other way round. Raises BadSetting for an unknown key, for a value
    that does not fit it, and for a calendar of a unit below the top: everybody's terms are counted by one calendar.
    """
    if key not in rules.SETTINGS:
        raise BadSetting(_("没有这个参数。"), fields={"key": _("没有这个参数")})
    if not rules.fits(key, value):
        raise BadSetting(_("取值不合要求，请按参数说明填写。"), fields={"value": _("取值不合要求")})
    if key in rules.CALENDAR and unit.parent_id is not None:
        raise BadSetting(_("工作日历全区统一，请填写区级单位的代码。"), fields={"unit": _("请填写区级单位的代码。")})
    Setting.objects.filter(key=rules.OPPOSITE.get(key, ""), unit=unit, valid_from=valid_from).delete()
    former = Setting.objects.filter(key=key, unit=unit, valid_from=valid_from).values_list("value", flat=True).first()
    setting, _made = Setting.objects.update_or_create(
        key=key, unit=unit, valid_from=valid_from, defaults={"value": value.strip(), "source": source}
    )
    ledger.record(
        "setting.set",
        at=at,
        actor_id=actor_id,
        subject_kind="setting",
        subject_id=key,
        unit_id=unit.pk,
        payload={"value": value.strip(), "valid_from": valid_from.isoformat(), "former": former, "source": source},
    )
    return setting
