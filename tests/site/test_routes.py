"""Who may open what: every route, every role, in one table; what is absent and what is out of scope look the same."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLResolver, include, path
from django.urls.resolvers import RegexPattern

from qingqu.kernel.core.policies import PUBLIC, policy
from tests.site.routes import clients, is_plain, outcome, patterns, undeclared

STAFF = "THSOLDAM"
ALL = f"P{STAFF}"
ALLOWED = {
    "account_change_password": STAFF,
    "account_confirm_login_code": "",
    "account_email": "",
    "account_email_verification_sent": "",
    "account_inactive": ALL,
    "account_login": ALL,
    "account_logout": ALL,
    "account_reauthenticate": STAFF,
    "account_reset_password": "",
    "account_reset_password_done": "",
    "account_reset_password_from_key_done": "",
    "account_set_password": "",
    "account_signup": "",
    "api:answer": ALL,
    "api:api-root": "",
    "api:openapi-json": ALL,
    "audit:export": "LDA",
    "audit:flags": "LDA",
    "audit:imports": "A",
    "audit:precision": "LDA",
    "audit:runs": "A",
    "audit:upload": "A",
    "deployments:export": "O",
    "cases:list": "THSOLDAM",
    "cases:mine": "THSOLDAM",
    "cases:new": "D",
    "deployments:holes": "HSOLDA",
    "deployments:import": "O",
    "deployments:list": "THSOLDA",
    "deployments:mine": "THSOLDA",
    "deployments:new": "O",
    "deployments:template": "O",
    "draws:list": "OD",
    "draws:new": "OD",
    "draws:public_list": ALL,
    "draws:replay_mjs": ALL,
    "draws:replay_py": ALL,
    "draws:template": "OD",
    "duties:list": "THSOLDA",
    "leads:list": "LD",
    "leads:minors": "THSOLDAM",
    "leads:new": "D",
    "leads:upward": "D",
    "ledger:head": "",
    "ledger:policy": "",
    "mfa_activate_totp": STAFF,
    "mfa_add_webauthn": STAFF,
    "mfa_authenticate": STAFF,
    "mfa_deactivate_totp": "",
    "mfa_download_recovery_codes": "",
    "mfa_generate_recovery_codes": STAFF,
    "mfa_index": STAFF,
    "mfa_list_webauthn": STAFF,
    "mfa_login_webauthn": STAFF,
    "mfa_reauthenticate": STAFF,
    "mfa_reauthenticate_webauthn": STAFF,
    "mfa_view_recovery_codes": "",
    "notices:calendar": STAFF,
    "notices:channels": STAFF,
    "notices:list": STAFF,
    "notices:read_all": STAFF,
    "org:accounts": "M",
    "org:apply": "M",
    "org:declared": "D",
    "org:exchange": "M",
    "org:export": "M",
    "org:marked": "",
    "org:parameters": "M",
    "org:relationships": STAFF,
    "org:template": "M",
    "org:trial": "",
    "org:units": "M",
    "petitions:list": "OLD",
    "petitions:new": "O",
    "petitions:public": ALL,
    "portal:about": ALL,
    "portal:accessibility": ALL,
    "portal:answer": ALL,
    "portal:answer_docx": ALL,
    "portal:answer_pdf": ALL,
    "portal:directives": ALL,
    "portal:disclosures": ALL,
    "portal:home": ALL,
    "portal:poster": "",
    "portal:rows": "",
    "portal:search": ALL,
    "portal:verifier": ALL,
    "portal:verify": ALL,
    "publications:list": "OD",
    "publications:new": "D",
    "publications:public_list": ALL,
    "rectification:list": "HSOLDA",
    "rectification:new": "D",
    "set_language": ALL,
    "workbench:board": "HSOLDA",
    "workbench:coverage": "HSOLDA",
    "workbench:home": STAFF,
}
"""Which roles a route without parameters answers: P public, T staff, H head, S secretary, O office, L leader,
D discipline, A audit, M administrator. The others are asked to sign in or told that there is nothing."""

ONLY_WHOLE = ("api:",)
"""Routes that answer GET and not HEAD."""

PARAMETER = re.compile(r"<(?:int:|path:)?\w+>|<slug:\w+>|\(\?P<\w+>[^)]*\)")


def _absent(address: str) -> str:
    """The address of an object that does not exist."""
    return "/" + PARAMETER.sub(lambda match: "none" if "slug" in match[0] else "987654", address).strip("^$")


def bare(request: HttpRequest) -> HttpResponse:
    """A view whose author forgot the policy."""
    return HttpResponse(request.path)


@policy(PUBLIC)
def open_door(request: HttpRequest) -> HttpResponse:
    """A view for anybody."""
    return HttpResponse(request.path)


@pytest.mark.django_db
class TestRoutes:
    def test_every_route_declares_its_policy(self) -> None:
        assert undeclared() == []

    def test_a_route_without_a_policy_is_named(self) -> None:
        inner = [path("forgotten/<int:pk>/", bare, name="forgotten"), path("", open_door, name="open")]
        outer = [path("bare", bare, name="bare"), path("inside/", include((inner, "inside")))]
        assert undeclared(URLResolver(RegexPattern(r"^/"), outer)) == ["bare", "inside:forgotten"]

    def test_every_role_gets_what_the_table_says(self) -> None:
        browsers = clients()
        found = {
            name: "".join(letter for letter, client in browsers.items() if outcome(client, f"/{address}") == "in")
            for name, address in patterns()
            if is_plain(address)
        }
        assert found == ALLOWED

    def test_whoever_may_read_a_page_may_ask_for_its_head_alone(self) -> None:
        browsers = clients()
        readers = {name: browsers[letters[0]] for name, letters in ALLOWED.items() if letters}
        refused = {
            name
            for name, address in patterns()
            if name in readers
            and not name.startswith(ONLY_WHOLE)
            and readers[name].get(f"/{address}").status_code != readers[name].head(f"/{address}").status_code
        }
        assert refused == set()

    def test_an_absent_object_is_answered_like_any_absent_page_to_everybody(self) -> None:
        browsers = clients()
        nothing = Client().get("/there-is-no-such-page").content
        for name, address in patterns():
            if is_plain(address) or name.startswith(("account_", "mfa_", "org:closed")):
                continue
            for letter, client in browsers.items():
                answer = client.get(_absent(address))
                if answer.status_code == 404:
                    assert answer.content == nothing, (name, letter)
                else:
                    assert answer.status_code in {302, 405}, (name, letter, _absent(address), answer.status_code)
