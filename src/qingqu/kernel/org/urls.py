"""The administrator's settings, one's own relationships, and the account pages that do not exist here."""

from django.urls import path, re_path

from qingqu.kernel.org import pages

CLOSED = (
    r"^accounts/(?:signup|email|confirm-email|password/reset|password/set|login/code|mfa/webauthn/signup)(?:/.*)?$"
)
"""Sign-up, self-service e-mail and reset by e-mail: accounts are opened and reset by administrators."""

app_name = "org"
urlpatterns = [
    re_path(CLOSED, pages.closed, name="closed"),
]
