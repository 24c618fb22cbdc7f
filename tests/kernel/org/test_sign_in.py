"""Signing in: no public sign-up, slow guessing that shuts nobody else out, first passwords, second factors."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from qingqu.kernel.core.clock import now
from qingqu.kernel.ledger.models import Event
from qingqu.kernel.org import operations
from qingqu.kernel.org.models import Account, SignInTries
from qingqu.kernel.org.operations import tries
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_unit, seat, sign_in

PASSWORD = "correct-Horse-battery-7"
LOGIN = "/accounts/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fast_hash(settings) -> None:
    """A cheap hash: these tests sign in dozens of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def open_for(name: str) -> Account:
    """An account of a teacher in a district of its own."""
    return operations.open_account(person=seat(Role.TEACHER, make_unit()), username=name, password=PASSWORD, at=AT)


def attempt(client: Client, name: str, password: str = PASSWORD):
    """One try at the sign-in page."""
    return client.post(LOGIN, {"login": name, "password": password})


def hammer(name: str) -> None:
    """An attacker who uses up every try, each from a fresh device."""
    for _round in range(tries.TRIES):
        assert attempt(Client(), name, "guess").status_code == 200


class TestSignIn:
    def test_opens_the_workbench_and_stores_argon2(self, client, settings) -> None:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
        account = open_for("wang")
        assert account.password.startswith("argon2$argon2id$")
        assert attempt(client, "wang").headers["Location"] == reverse("workbench:home")

    def test_keeps_an_owner_on_a_known_device_in_while_a_stranger_hammers(self) -> None:
        open_for("wang")
        known = Client()
        attempt(known, "wang")
        known.post("/accounts/logout/")
        hammer("wang")
        assert "尝试次数过多" in attempt(Client(), "wang").content.decode()
        assert attempt(known, "wang").status_code == 302

    def test_leaves_other_users_alone_while_one_name_is_hammered(self, client) -> None:
        open_for("wang")
        open_for("li")
        hammer("wang")
        assert attempt(client, "li").status_code == 302

    def test_says_the_same_for_a_name_that_exists_and_one_that_does_not(self) -> None:
        open_for("wang")
        for name in ("wang", "nobody"):
            hammer(name)
        refused = {attempt(Client(), name, "guess").context["form"].errors.as_json() for name in ("wang", "nobody")}
        assert len(refused) == 1
        wrong = {attempt(Client(), name, "guess").context["form"].errors.as_json() for name in ("nix", "nada")}
        assert len(wrong) == 1

    def test_costs_one_hash_for_a_name_that_exists_and_for_one_that_does_not(self, settings, monkeypatch) -> None:
        open_for("wang")
        counted = []
        from django.contrib.auth.hashers import MD5PasswordHasher  # noqa: PLC0415 - the hasher counted here

        plain = MD5PasswordHasher.encode
        monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args, **kw: counted.append(1) or plain(*args, **kw))
        costs = []
        for name in ("wang", "nobody"):
            counted.clear()
            attempt(Client(), name, "guess")
            costs.append(len(counted))
        assert costs[0] == costs[1] == 1

    def test_counts_a_stolen_device_cookie_like_any_device(self) -> None:
        open_for("wang")
        thief = Client()
        attempt(thief, "wang")
        thief.post("/accounts/logout/")
        for _round in range(tries.TRIES):
            attempt(thief, "wang", "guess")
        assert "尝试次数过多" in attempt(thief, "wang").content.decode()
        assert attempt(Client(), "wang").status_code == 302

    def test_takes_no_forged_device_cookie_and_none_of_another_user(self) -> None:
        open_for("wang")
        open_for("li")
        other = Client()
        attempt(other, "li")
        other.post("/accounts/logout/")
        foreign = next(value for name, value in other.cookies.items() if name.startswith("device_"))
        attempt(own := Client(), "wang")
        name = next(key for key in own.cookies if key.startswith("device_"))
        hammer("wang")
        for value in (foreign.value, "forged", own.cookies[name].value[:-1]):
            forger = Client()
            forger.cookies[name] = value
            assert "尝试次数过多" in attempt(forger, "wang").content.decode()

    def test_stores_neither_name_nor_address_nor_device_and_forgets_in_time(self) -> None:
        Client(HTTP_USER_AGENT="Agent/7", REMOTE_ADDR="203.0.113.9").post(LOGIN, {"login": "wang", "password": "x"})
        row = SignInTries.objects.values().get()
        assert set(row) == {"key", "tries", "since"}
        assert "wang" not in row["key"]
        operations.take_try("later", at=row["since"] + tries.WINDOW)
        assert list(SignInTries.objects.values_list("key", flat=True)) == ["later"]

    def test_refuses_an_inactive_account(self, client) -> None:
        account = open_for("wang")
        operations.disable_account(account=account, at=AT)
        assert attempt(client, "wang").status_code == 200
        assert not Session.objects.exists()


class TestTries:
    @given(outcomes=st.lists(st.booleans(), max_size=40))
    def test_never_let_more_wrong_tries_through_than_the_limit(self, outcomes) -> None:
        SignInTries.objects.all().delete()
        wrong = 0
        for is_right in outcomes:
            if operations.take_try("k", at=AT):
                if is_right:
                    operations.return_try("k")
                else:
                    wrong += 1
        assert wrong <= tries.TRIES

    def test_start_again_after_the_window(self) -> None:
        for _round in range(tries.TRIES):
            assert operations.take_try("k", at=AT)
        assert not operations.take_try("k", at=AT + tries.WINDOW - timedelta(seconds=1))
        assert operations.take_try("k", at=AT + tries.WINDOW)


class TestClosedDoors:
    @pytest.mark.parametrize(
        "address",
        [
            "signup/",
            "email/",
            "password/reset/",
            "password/set/",
            "login/code/",
            "confirm-email/",
            "mfa/webauthn/signup/",
        ],
    )
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_answer_as_if_they_did_not_exist(self, client, address, method) -> None:
        nowhere = client.get("/nowhere-at-all/")
        answer = getattr(client, method)(f"/accounts/{address}", {"username": "x", "password1": PASSWORD})
        assert answer.status_code == 404
        assert answer.content == nowhere.content
        assert not Account.objects.exists()


class TestFirstPassword:
    def test_must_be_changed_before_anything_else(self, client) -> None:
        person = seat(Role.TEACHER, make_unit())
        first = operations.make_first_password()
        operations.open_account(person=person, username="wang", password=first, at=now(), is_first_password=True)
        attempt(client, "wang", first)
        change = reverse("account_change_password")
        assert client.get(reverse("workbench:home")).headers["Location"] == change
        assert client.get(change).status_code == 200
        same = client.post(change, {"oldpassword": first, "password1": first, "password2": first})
        assert "新密码不能与当前密码相同" in same.content.decode()
        done = client.post(change, {"oldpassword": first, "password1": PASSWORD, "password2": PASSWORD})
        assert done.headers["Location"] == reverse("workbench:home")
        assert client.get(reverse("org:relationships")).status_code == 200
        assert Event.objects.filter(kind="account.password_changed").count() == 1

    def test_stops_working_after_its_life(self, client) -> None:
        person = seat(Role.TEACHER, make_unit())
        long_ago = now() - timedelta(days=8)
        operations.open_account(person=person, username="wang", password=PASSWORD, at=long_ago, is_first_password=True)
        assert "首次登录密码已过期" in attempt(client, "wang").content.decode()

    def test_is_long_and_never_twice_the_same(self) -> None:
        made = {operations.make_first_password() for _round in range(100)}
        assert len(made) == 100
        assert {len(password) for password in made} == {19}


class TestReset:
    def test_ends_sessions_second_factors_and_the_old_password(self, client) -> None:
        account = open_for("wang")
        attempt(client, "wang")
        TOTP.activate(account, generate_totp_secret())
        first = operations.reset_credentials(account=account, at=now())
        assert client.get(reverse("workbench:home")).status_code == 302
        assert not Authenticator.objects.exists()
        assert attempt(Client(), "wang").status_code == 200
        assert attempt(Client(), "wang", first).status_code == 302

    def test_of_a_disabled_account_does_not_bring_its_sessions_back(self, client) -> None:
        account = open_for("wang")
        attempt(client, "wang")
        operations.disable_account(account=account, at=AT)
        assert client.get(reverse("workbench:home")).headers["Location"].startswith(LOGIN)
        operations.reset_credentials(account=account, at=AT)
        assert client.get(reverse("workbench:home")).headers["Location"].startswith(LOGIN)

    def test_leaves_no_password_in_the_events(self) -> None:
        account = open_for("wang")
        first = operations.reset_credentials(account=account, at=AT)
        assert all(first not in str(event.payload) for event in Event.objects.all())


class TestSecondFactor:
    def test_is_asked_before_the_session_opens_and_before_the_device_is_known(self, client) -> None:
        account = open_for("wang")
        TOTP.activate(account, generate_totp_secret())
        answer = attempt(client, "wang")
        assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
        assert not any(name.startswith("device_") for name in client.cookies)
        assert client.get(reverse("workbench:home")).status_code == 302
        assert client.get(reverse("mfa_authenticate")).status_code == 200


class TestPages:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_hold_no_inline_script_style_or_handler(self, client, language) -> None:
        account = open_for("wang")
        pages = {LOGIN: client}
        signed_in = Client()
        sign_in(signed_in, account.person)
        attempt(signed_in, "wang")
        for name in (
            "mfa_index",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_list_webauthn",
            "account_change_password",
            "account_logout",
            "account_reauthenticate",
        ):
            pages[reverse(name)] = signed_in
        for address, browser in pages.items():
            answer = browser.get(address, headers={"accept-language": language}, follow=True)
            assert answer.status_code == 200, address
            text = answer.content.decode()
            for tag in text.split("<script")[1:]:
                head = tag.split(">")[0]
                assert "src=" in head or 'type="application/json"' in head, (address, head)
            assert not [word for word in (" style=", " onclick=") if word in text]
            assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
