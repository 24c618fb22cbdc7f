"""The administrator's settings, one's own relationships, and the account pages that do not exist here."""

from django.urls import path, re_path

from qingqu.kernel.org.pages import accounts, doors, exchange, parameters, relationships, units

CLOSED = r"^accounts/(?:signup|email|confirm-email|password/reset|password/set|login/code|mfa/webauthn/signup)(?:/.*)?$"
"""Sign-up, self-service e-mail and reset by e-mail: accounts are opened and reset by administrators."""

app_name = "org"
urlpatterns = [
    re_path(CLOSED, doors.closed, name="closed"),
    path("settings/units", units.tree, name="units"),
    path("settings/units/<int:unit_id>", units.unit, name="unit"),
    path("settings/units/<int:unit_id>/children", units.children, name="unit_children"),
    path("settings/units/<int:unit_id>/add", units.add, name="unit_add"),
    path("settings/units/<int:unit_id>/rename", units.rename, name="unit_rename"),
    path("settings/units/<int:unit_id>/move", units.move, name="unit_move"),
    path("settings/units/<int:unit_id>/close", units.close, name="unit_close"),
    path("settings/units/<int:unit_id>/posts/add", units.add_post, name="post_add"),
    path("settings/posts/<int:post_id>", units.post, name="post"),
    path("settings/appointments/<int:appointment_id>/end", units.end, name="appointment_end"),
    path("settings/accounts", accounts.people, name="accounts"),
    path("settings/accounts/<int:person_id>", accounts.account, name="account"),
    path("settings/accounts/<int:person_id>/reset", accounts.reset, name="account_reset"),
    path("settings/accounts/<int:person_id>/disable", accounts.disable, name="account_disable"),
    path("settings/parameters", parameters.parameters, name="parameters"),
    path("settings/exchange", exchange.exchange, name="exchange"),
    path("settings/exchange/trial", exchange.trial, name="trial"),
    path("settings/exchange/apply", exchange.apply, name="apply"),
    path("settings/exchange/errors.xlsx", exchange.marked, name="marked"),
    path("settings/exchange/template.xlsx", exchange.template, name="template"),
    path("settings/exchange/organisation.xlsx", exchange.export, name="export"),
    path("work/relationships", relationships.own, name="relationships"),
    path("work/relationships/<int:relationship_id>/end", relationships.end, name="relationship_end"),
    path("work/relationships/declared", relationships.declared, name="declared"),
]
