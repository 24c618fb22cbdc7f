"""Every route declares who may open it; what is not there answers with one and the same page."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path

from qingqu.kernel.core.policies import PUBLIC, SIGNED_IN, declare, policy, policy_of, requires
from qingqu.kernel.org.types import Role
from tests.factories import make_unit, seat, sign_in


def bare(request: HttpRequest) -> HttpResponse:
    """A view whose author forgot the policy."""
    return HttpResponse("never")


@policy(requires("ADMINISTER"))
def guarded(request: HttpRequest) -> HttpResponse:
    """A view for administrators."""
    return HttpResponse("in")


urlpatterns = [path("bare", bare, name="bare"), path("guarded", guarded, name="guarded")]
handler404 = "qingqu.site.pages.not_found"


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Every route of the site with its full name."""
    found: list[tuple[str, URLPattern]] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found += routes(pattern.url_patterns, inner)
        else:
            found.append((f"{prefix}{pattern.name}", pattern))
    return found


class TestPolicyOf:
    def test_is_declared_by_every_route_of_the_site(self) -> None:
        missing = [
            name for name, route in routes(get_resolver().url_patterns) if policy_of(route.callback, name) is None
        ]
        assert missing == []

    def test_prefers_the_views_own_then_the_exact_name_then_the_longest_prefix(self) -> None:
        declare("lib_*", SIGNED_IN)
        declare("lib_open_*", PUBLIC)
        declare("lib_open_one", requires("X"))
        assert policy_of(guarded, "lib_open_one") == requires("ADMINISTER")
        assert [policy_of(bare, f"lib_{name}") for name in ("a", "open_a", "open_one")] == [
            SIGNED_IN,
            PUBLIC,
            requires("X"),
        ]
        assert policy_of(bare, "other") is None


@pytest.mark.django_db
class TestTheDoor:
    @override_settings(ROOT_URLCONF=__name__)
    def test_never_serves_a_route_without_a_policy(self, client: Client) -> None:
        with pytest.raises(ImproperlyConfigured, match="bare"):
            client.get("/bare")

    @override_settings(ROOT_URLCONF=__name__)
    def test_answers_a_missing_right_with_the_bytes_of_a_missing_page(self, client: Client) -> None:
        sign_in(client, seat(Role.TEACHER, make_unit()))
        refused, missing = client.get("/guarded"), client.get("/nowhere")
        assert refused.status_code == missing.status_code == 404
        assert refused.content == missing.content

    @override_settings(ROOT_URLCONF=__name__)
    def test_lets_the_holder_of_the_right_in(self, client: Client) -> None:
        sign_in(client, seat(Role.ADMINISTRATOR, make_unit()))
        assert client.get("/guarded").content == b"in"

    def test_names_no_address_in_the_page_for_what_is_missing(self, client: Client) -> None:
        answers = [client.get(address) for address in ("/nowhere", "/else/where?q=secret")]
        assert answers[0].content == answers[1].content
        assert b"secret" not in answers[1].content
