"""Looking changes nothing, and nothing is changed without the token of one's own page."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from qingqu.pillars.audit import operations as audit
from tests.factories import AT, sign_in
from tests.site.asking import Writes, asked, posted, sent, snapshot
from tests.site.matters import matters
from tests.site.routes import is_plain, patterns
from tests.site.world import Ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    """The district before anything happened."""
    return Ground()


def addresses(ground: Ground) -> list[tuple[str, str]]:
    """Every address of the site by its route: those without an object, and one for each object."""
    plain = [(name, f"/{address}") for name, address in patterns() if is_plain(address)]
    return plain + [(line, thing.address) for line, thing in matters(ground).items()]


class TestLooking:
    def test_writes_nothing_anywhere(self, ground: Ground) -> None:
        wanted, browsers = addresses(ground), ground.browsers()
        before, wrote = snapshot(), []
        for letter, client in browsers.items():
            for name, address in wanted:
                with connection.execute_wrapper(writes := Writes()):
                    asked(client, "get", address)
                wrote += [(letter, name)] if writes.count else []
        assert wrote == []
        assert snapshot() == before

    def test_at_a_file_that_cannot_be_read_writes_nothing(self, ground: Ground) -> None:
        folder = settings.QINGQU_HOME / "imports"
        job = audit.ask_import(
            name="坏.xlsx",
            content=[b"PK\x03\x04 broken"],
            format="table",
            folder=folder,
            actor=ground.actor("A"),
            at=AT,
        )
        client = ground.browsers()["A"]
        with connection.execute_wrapper(writes := Writes()):
            answer = asked(client, "get", reverse("audit:mapping", args=[job.pk]))
        assert writes.count == 0
        assert answer.location == reverse("audit:import", args=[job.pk])

    def test_is_counted_when_it_would_write(self, ground: Ground) -> None:
        client = ground.browsers()["O"]
        with connection.execute_wrapper(writes := Writes()):
            asked(client, "post", "/work/notices/channels/", data=sent({"by_email": "on", "robot": ""}))
        assert writes.count


class TestAPost:
    def test_without_the_token_of_the_page_is_refused_on_every_route(self, ground: Ground) -> None:
        wanted = addresses(ground)
        public, staff = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
        sign_in(staff, ground.people["O"])
        before = snapshot()
        taken = {
            name
            for client in (public, staff)
            for name, address in wanted
            if asked(client, "post", address).status != 403
        }
        assert {name for name in taken if not name.startswith("api:")} == set()
        assert snapshot() == before

    @pytest.mark.parametrize(
        ("language", "said"), [("zh-hans", ("什么也没有改变", "刷新页面")), ("en", ("nothing was changed", "reload"))]
    )
    def test_that_is_refused_says_what_to_do_and_not_where_or_why(self, language: str, said: tuple[str, str]) -> None:
        client = Client(enforce_csrf_checks=True, headers={"Accept-Language": language})
        answers = [client.post(address) for address in (reverse("account_login"), "/answer/rows?of=secret")]
        assert [answer.status_code for answer in answers] == [403, 403]
        assert answers[0].content == answers[1].content
        text = answers[0].content.decode()
        assert all(part in text for part in said)
        assert not any(part in text.lower() for part in ("csrf verification", "csrf cookie", "referer", "secret"))

    def test_to_the_interface_that_asks_for_no_token_changes_nothing(self, ground: Ground) -> None:
        client = ground.browsers()["O"]
        interface = [f"/{address}" for name, address in patterns() if name.startswith("api:")]
        assert interface
        assert not any(posted(client, address, {})[1] for address in interface)
