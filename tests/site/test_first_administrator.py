"""An empty installation gets its first administrator, once."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from qingqu.kernel.org.models import Account

GIVEN = ("--unit", "清源区教育局", "--code", "QY", "--person", "某甲", "--number", "S1", "--username", "keeper")


@pytest.mark.django_db
class TestFirstAdministrator:
    def test_may_sign_in_with_the_printed_password_and_must_change_it(
        self, client: Client, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("first_administrator", *GIVEN)
        password = capsys.readouterr().out.rsplit(" ", 1)[-1].strip()
        client.post("/accounts/login/", {"login": "keeper", "password": password})
        answer = client.get("/settings/units", follow=True)
        assert Account.objects.get(username="keeper").first_password_until is not None
        assert "首次" in answer.content.decode()

    def test_is_refused_once_there_is_a_unit(self) -> None:
        call_command("first_administrator", *GIVEN)
        with pytest.raises(CommandError):
            call_command("first_administrator", *GIVEN)
        assert Account.objects.count() == 1
