"""The site package as Django sees it."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Puts the packages together; declares the policies of routes that are not ours."""

    name = "qingqu.site"
    label = "qingqu_site"

    def ready(self) -> None:
        """Declare who may open the routes of the libraries."""
        from qingqu.kernel.core.policies import PUBLIC, SIGNED_IN, declare  # noqa: PLC0415 - apps are ready only here

        for name in (
            "account_login",
            "account_logout",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "account_inactive",
            "set_language",
            "api:*",
        ):
            declare(name, PUBLIC)
        for name in ("account_reauthenticate", "account_change_password", "mfa_*", "account_*"):
            declare(name, SIGNED_IN)
