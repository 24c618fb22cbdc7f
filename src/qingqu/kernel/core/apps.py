"""The core package as Django sees it."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Errors, clock, paging and policies; no tables."""

    name = "qingqu.kernel.core"
    label = "core"
