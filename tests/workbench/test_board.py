"""The board: figures that open their rows, what is missing with its next step, how far the measures have come."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingqu.kernel.org.types import Role
from tests.deployments.places import District, make_directive, make_measure, put_on
from tests.factories import seat, sign_in

pytestmark = pytest.mark.django_db


def figures(page: str) -> list[tuple[str, int]]:
    """(address, figure) of every number on the board that is a link."""
    numbers = re.findall(r'<a[^>]* href="([^"]+)"><span class="tile-number">(\d+)</span>', page)
    numbers += re.findall(r'class="number"><a href="([^"]+)">(\d+)</a>', page)
    return [(address.replace("&amp;", "&"), int(number)) for address, number in numbers]


def rows_at(client: Client, address: str) -> int:
    """How many rows the list at an address says there are; a list with nothing in it says so in words."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = re.search(r"共\s*(\d+)\s*条", answer.content.decode())
    return int(found[1]) if found else 0


class TestBoard:
    def test_shows_the_district_what_is_missing_and_how_far_each_measure_has_come(self, client: Client) -> None:
        district = District()
        put_on(make_measure(make_directive(district.root)), district.schools[:2])
        sign_in(client, district.office)
        page = client.get(reverse("workbench:board")).content.decode()
        assert "提醒责任岗位承接，或者分解到具体岗位。" in page
        shown = figures(page)
        assert len(shown) >= 15
        assert [(address, number) for address, number in shown if rows_at(client, address) != number] == []

    def test_shows_a_head_the_own_school_alone(self, client: Client) -> None:
        district = District()
        put_on(make_measure(make_directive(district.root)), district.schools[:2])
        sign_in(client, district.principals[0])
        page = client.get(reverse("workbench:board")).content.decode()
        assert district.schools[0].name in page
        assert district.schools[1].name not in page
        assert "缺漏与下一步" not in page

    @pytest.mark.parametrize("role", [Role.OFFICE, Role.DISCIPLINE, Role.LEADER])
    def test_costs_at_most_twelve_queries(self, client: Client, role: Role) -> None:
        district = District()
        put_on(make_measure(make_directive(district.root)), district.schools)
        sign_in(client, seat(role, district.root))
        with CaptureQueriesContext(connection) as spent:
            client.get(reverse("workbench:board"))
        assert len(spent) <= 12
