"""The core package as Django sees it."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Errors, clock, paging, policies and the search index."""

    name = "qingqu.kernel.core"
    label = "core"
