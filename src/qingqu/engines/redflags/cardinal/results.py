"""Results in Cardinal's own shape, computed under Cardinal's own behaviour."""

from __future__ import annotations

from qingqu.engines.redflags.mart import Mart
from qingqu.engines.redflags.registry import REGISTER
from qingqu.engines.redflags.runner import HINTS, compute
from qingqu.engines.redflags.settings import Settings, SettingsError

FAMILY = "CARDINAL"
GROUPS = {"TENDER": "OCID", "BUYER": "Buyer", "PROCURING_ENTITY": "ProcuringEntity", "SUPPLIER": "Tenderer"}

Results = dict[str, dict[str, dict[str, float]]]


def cardinal_results(mart: Mart, settings: Settings) -> Results:
    """``{Group: {id: {indicator: value}}}`` of the indicators that the settings name, as Cardinal gives it.

    Columns without values are no obstacle here: Cardinal finds nothing in them. Raises SettingsError when a price
    indicator is asked for without a currency, or a section is not one of Cardinal's.
    """
    own = settings.for_cardinal()
    foreign = [name for name in own.sections if REGISTER[name].family != FAMILY]
    if foreign:
        raise SettingsError(f"不是 Cardinal 指标：{foreign} / not indicators of Cardinal: {foreign}")
    for name in own.sections:
        lacking = tuple(each for each in REGISTER[name].settings if getattr(own.shared, each) is None)
        if lacking:
            raise SettingsError(f"{name} 需要设置 {lacking} / {name} needs the settings {lacking}")
    results: Results = {}
    compute(mart, [REGISTER[name] for name in own.sections], own)
    for indicator, grp, key, value in mart.fetch(f'SELECT indicator, grp, key, value FROM "{HINTS}"'):  # noqa: S608 - a constant name
        results.setdefault(GROUPS[grp], {}).setdefault(key, {})[indicator] = value
    return results
