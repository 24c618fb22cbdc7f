"""Notices are tested as on an installation that has a mail server."""

import pytest
from pytest_django.fixtures import SettingsWrapper


@pytest.fixture(autouse=True)
def _mail(settings: SettingsWrapper) -> None:
    settings.QINGQU_MAIL = True
