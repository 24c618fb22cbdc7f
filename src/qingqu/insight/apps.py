"""The insight package as Django sees it."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Figures computed from records, and the live answer; no tables of its own yet."""

    name = "qingqu.insight"
    label = "insight"
