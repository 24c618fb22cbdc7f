"""The settings file of a run: shared settings and one object of parameters per indicator, checked before use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from qingqu.engines.redflags import law
from qingqu.engines.redflags.parameters import Shared, described
from qingqu.engines.redflags.registry import REGISTER, Indicator

SHARED_KEYS = {
    "currency": "currency",
    "no_price_comparison_procurement_methods": "no_price_comparison_methods",
    "price_comparison_procurement_methods": "price_comparison_methods",
    "open_tender_limit_fen": "open_tender_limit_fen",
    "utc_offset_hours": "utc_offset_hours",
    "as_of": "as_of",
}
EXCLUSIONS = "exclusions"
EXCLUDED_DETAILS = "procurement_method_details"


class SettingsError(ValueError):
    """A settings file that cannot be used; the message says which key and why, in both languages."""


@dataclass(frozen=True)
class Settings:
    """Checked settings: ``shared``, and ``params`` as ``{indicator: {name: value}}``.

    ``sections`` are the indicators that the file names, in its order.
    """

    shared: Shared = field(default_factory=Shared)
    params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def sections(self) -> tuple[str, ...]:
        """The indicators that have a section."""
        return tuple(self.params)

    def of(self, indicator: Indicator) -> Any:
        """The parameters of an indicator: what is set, else its default, else the number of its rule."""
        given = dict(self.params.get(indicator.id, {}))
        for each in described(indicator.params):
            if each.metadata["law"] and each.name not in given:
                given[each.name] = law.number(each.metadata["law"])
        return indicator.params(**given)

    def for_cardinal(self) -> Settings:
        """The same settings under Cardinal's own behaviour."""
        return replace(self, shared=replace(self.shared, is_cardinal=True))


def load_settings(source: str | Path | Mapping[str, Any] | None) -> Settings:
    """Settings from a JSON file, or from its content as a dictionary; None gives the defaults.

    ``{"currency": "CNY", "exclusions": {"procurement_method_details": […]}, "R003": {"threshold": 10}}``. Raises
    SettingsError for a key, a type or a file that cannot be used; nothing unknown is passed over.
    """
    content = {} if source is None else source if isinstance(source, Mapping) else _read(Path(source))
    shared: dict[str, Any] = {}
    params: dict[str, dict[str, Any]] = {}
    for key, value in content.items():
        if key == EXCLUSIONS:
            shared["excluded_method_details"] = _exclusions(value)
        elif key in SHARED_KEYS:
            name = SHARED_KEYS[key]
            shared[name] = _checked(key, _kind(Shared, name), value)
        elif key in REGISTER:
            params[key] = _section(REGISTER[key], value)
        else:
            raise SettingsError(f"不认识的设置项或指标：{key} / unknown setting or indicator: {key}")
    return Settings(Shared(**shared), params)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"无法打开设置文件 {path} / cannot open the settings file {path}") from error
    except ValueError as error:
        raise SettingsError(
            f"设置文件不是有效的 JSON：{error} / the settings file is not valid JSON: {error}"
        ) from error
    if not isinstance(content, dict):
        raise SettingsError("设置文件应为一个 JSON 对象 / the settings file must be one JSON object")
    return content


def _exclusions(value: object) -> tuple[str, ...]:
    if not isinstance(value, Mapping) or set(value) - {EXCLUDED_DETAILS}:
        raise SettingsError(
            f"{EXCLUSIONS} 应为只含 {EXCLUDED_DETAILS} 的对象 / "
            f"{EXCLUSIONS} must be an object with {EXCLUDED_DETAILS} only"
        )
    found: tuple[str, ...] = _checked(f"{EXCLUSIONS}.{EXCLUDED_DETAILS}", "texts", value.get(EXCLUDED_DETAILS, []))
    return found


def _section(indicator: Indicator, value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise SettingsError(f"{indicator.id} 应为参数对象 / {indicator.id} must be an object of parameters")
    known = {each.name: each.metadata["kind"] for each in described(indicator.params)}
    unknown = sorted(set(value) - set(known))
    if unknown:
        raise SettingsError(
            f"{indicator.id} 没有参数 {unknown}，可用：{sorted(known)} / {indicator.id} has no parameters {unknown}; "
            f"it has {sorted(known)}"
        )
    return {name: _checked(f"{indicator.id}.{name}", known[name], each) for name, each in value.items()}


def _kind(owner: type, name: str) -> str:
    return str(next(each.metadata["kind"] for each in described(owner) if each.name == name))


def _checked(label: str, kind: str, value: Any) -> Any:
    """The value in its own type; raises SettingsError when it is of another kind."""
    found = _READERS[kind](value)
    if found is None:
        raise SettingsError(f"设置项 {label} 的值不可用：{value!r} / not a usable value of {label}: {value!r} ({kind})")
    return found


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...] | None:
    parts = value if isinstance(value, list | tuple) else None
    return tuple(parts) if parts is not None and all(isinstance(each, str) for each in parts) else None


def _map(value: object) -> dict[str, float] | None:
    if not isinstance(value, Mapping) or not all(_number(each) is not None for each in value.values()):
        return None
    return dict(value)


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


_READERS = {"int": _whole, "number": _number, "text": _text, "texts": _texts, "map": _map, "date": _day}


def plain(settings: Settings) -> dict[str, Any]:
    """The settings as JSON values, for a manifest."""
    return {
        "shared": json.loads(json.dumps(asdict(settings.shared), default=str)),
        "params": {name: dict(each) for name, each in settings.params.items()},
    }
