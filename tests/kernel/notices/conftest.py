"""Notices are tested as on an installation that has a mail server."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.MAIL_IS_SET = True
