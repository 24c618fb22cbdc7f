"""A member of staff adds a passkey and signs in with it; a stranger's passkey opens nothing."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from qingqu.kernel.org import operations
from qingqu.kernel.org.models import Account
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_unit, seat
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct-Horse-battery-7"


def account_named(name: str) -> Account:
    """An account of a teacher."""
    person = seat(Role.TEACHER, make_unit(), f"教师{name}")
    return operations.open_account(person=person, username=name, password=PASSWORD, at=AT)


def with_authenticator(page: Page) -> None:
    """Put a security device into the page's browser that checks its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_in_by_password(page: Page, name: str) -> None:
    """Type name and password."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/work/**")


def add_passkey(page: Page) -> None:
    """Add a passkey on the page of second factors, which asks for the password once more."""
    page.goto("/accounts/2fa/webauthn/add/")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="确认", exact=True).click()
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))


def ask_with_passkey(page: Page) -> None:
    """Press the button that signs in without a password."""
    page.context.clear_cookies(name="sessionid")
    page.goto("/accounts/login/")
    page.locator("#passkey_login").click()


class TestPasskey:
    def test_opens_the_workbench_without_a_password(self, open_page: OpenPage) -> None:
        account = account_named("wang")
        page = open_page("/accounts/login/")
        with_authenticator(page)
        sign_in_by_password(page, "wang")
        add_passkey(page)
        assert Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).count() == 1

        ask_with_passkey(page)

        page.wait_for_url("**/work/**")
        expect(page.locator("body")).to_contain_text(account.person.name)

    def test_that_the_server_no_longer_knows_opens_nothing(self, open_page: OpenPage) -> None:
        account = account_named("wang")
        page = open_page("/accounts/login/")
        with_authenticator(page)
        sign_in_by_password(page, "wang")
        add_passkey(page)
        operations.reset_credentials(account=account, at=AT)

        ask_with_passkey(page)

        page.wait_for_load_state("networkidle")
        assert "/accounts/login" in page.url or "/2fa/" in page.url
        page.goto("/work/")
        assert "/accounts/login" in page.url

    def test_of_another_person_opens_that_persons_workbench_only(self, open_page: OpenPage) -> None:
        wang, other = account_named("wang"), account_named("li")
        first = open_page("/accounts/login/")
        with_authenticator(first)
        sign_in_by_password(first, "wang")
        add_passkey(first)
        second = open_page("/accounts/login/")
        with_authenticator(second)
        sign_in_by_password(second, "li")
        add_passkey(second)

        ask_with_passkey(second)

        second.wait_for_url("**/work/**")
        expect(second.locator("body")).to_contain_text(other.person.name)
        expect(second.locator("body")).not_to_contain_text(wang.person.name)
