"""How often a page and a write ask the database: a page of one object twelve times at most, a write fifteen times."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.site.asking import asked, sent, undone
from tests.site.matters import matters
from tests.site.scale import Queries
from tests.site.test_forms import TABLE as FORMS
from tests.site.test_forms import typed
from tests.site.test_objects import TABLE as OBJECTS
from tests.site.world import Ground

pytestmark = pytest.mark.django_db

A_PAGE = 12
A_WRITE = 15

NEITHER = ("account_", "mfa_", "org:closed")
"""Pages of the library that signs people in; its second factors look at each key."""


@pytest.fixture
def ground() -> Ground:
    """The district before anything happened."""
    return Ground()


def pages(ground: Ground) -> Iterator[tuple[str, str, list[str]]]:
    """Each page of an object as (line, letter, statements), for everybody who reads it."""
    things, browsers = matters(ground), ground.browsers()
    for line, (readers, _takers, _refused) in OBJECTS.items():
        for letter in readers if not line.startswith(NEITHER) else "":
            with connection.execute_wrapper(queries := Queries()):
                asked(browsers[letter], "get", things[line].address)
            yield line, letter, queries.statements


def writes(ground: Ground) -> Iterator[tuple[str, str, list[str]]]:
    """Each write as (line, letter, statements), for everybody from whom it is taken."""
    things, browsers, wanted = matters(ground), ground.browsers(), typed(ground)
    for line, (_readers, takers, _refused) in OBJECTS.items():
        for letter in takers if not line.startswith(NEITHER) else "":
            yield line, letter, _sent(browsers[letter], things[line].address, things[line].sent or {})
    for name, (takers, _refused) in FORMS.items():
        query = f"?unit={ground.school.pk}" if name == "rectification:new" else ""
        for letter in takers:
            yield name, letter, _sent(browsers[letter], reverse(name) + query, wanted.get(name, {}))


def _sent(client: Client, address: str, fields: dict[str, Any]) -> list[str]:
    """The statements of one POST, which is taken back."""
    with undone(), connection.execute_wrapper(queries := Queries()):
        client.post(address, sent(fields))
    return queries.statements


def over(found: Iterator[tuple[str, str, list[str]]], most: int) -> dict[str, int]:
    """{line and letter: how many statements} of those with more than ``most``."""
    return {f"{line} {letter}": len(asked_for) for line, letter, asked_for in found if len(asked_for) > most}


class TestAPage:
    def test_of_one_object_asks_twelve_times_at_most(self, ground: Ground) -> None:
        assert over(pages(ground), A_PAGE) == {}


class TestAWrite:
    def test_asks_fifteen_times_at_most(self, ground: Ground) -> None:
        assert over(writes(ground), A_WRITE) == {}
