"""The portal package as Django sees it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Public pages."""

    name = "qingqu.portal"
    label = "portal"
