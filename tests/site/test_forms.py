"""Who may enter something new: every form of a page that names no object, every role."""

from typing import Any

import pytest
from django.urls import reverse

from qingqu.kernel.core.clock import today
from tests.site.asking import posted
from tests.site.routes import is_plain, views
from tests.site.world import WORD, Ground, later

pytestmark = pytest.mark.django_db

STAFF = "THSOLDAMXNZ"

TABLE: dict[str, tuple[str, str]] = {
    "audit:runs": ("A", ""),
    "audit:upload": ("A", ""),
    "cases:new": ("DX", "Z"),
    "deployments:import": ("", "OZ"),
    "deployments:new": ("OZ", ""),
    "leads:minors": (STAFF, ""),
    "leads:new": ("DX", "Z"),
    "leads:upward": ("DXZ", ""),
    "notices:channels": (STAFF, ""),
    "notices:read_all": ("", STAFF),
    "org:apply": ("", ""),
    "org:exchange": ("", "M"),
    "org:parameters": ("M", "Z"),
    "org:relationships": (STAFF, ""),
    "petitions:new": ("O", "Z"),
    "publications:new": ("DX", "Z"),
    "rectification:new": ("DX", ""),
}
"""{route: (whose POST about the first school changes something, whose is refused in words or changes nothing)}.

The letters are those of the table of objects; whoever is not named is told that there is nothing, or to sign in.
"""

ELSEWHERE = {"draws:new", "workbench:coverage"}
"""A ceremony is opened for every role in the tests of draws; the matrix looks at a POST as at a GET and leads on."""

LIBRARY = ("account_", "mfa_", "set_language", "api:")
"""Routes that are not ours, or of our interface; tests of sign-in and of the token cover them."""


@pytest.fixture
def ground() -> Ground:
    """The district before anything happened."""
    return Ground()


def typed(ground: Ground) -> dict[str, dict[str, Any]]:
    """{route: what is typed into its form}."""
    unit = str(ground.school.pk)
    return {
        "audit:upload": {"file": b"%PDF-1.7", "format": "table"},
        "cases:new": {
            "title": "题",
            "unit": unit,
            "school_kind": "PUBLIC",
            "about": ground.people["T"].number,
            "conduct": "TUTORING",
            "acted_on": "2024-03-01",
            "allegation": "文",
            "source_text": "信",
        },
        "deployments:import": {"file": b"no workbook"},
        "deployments:new": {"code": "D-7", "title": "题", "issuer": "关", "issued_on": "2026-09-01"},
        "leads:new": {"title": "题", "unit": unit, "track": "T2", "channel": "LETTER", "body": "文", "about": ""},
        "leads:minors": {"is_reported": "on"},
        "notices:channels": {"by_email": "on", "robot": ""},
        "org:exchange": {"file": b"no workbook"},
        "org:parameters": {
            "key": "disclosure.notice_days",
            "unit": ground.school.code,
            "value": "7",
            "valid_from": "2026-01-01",
        },
        "org:relationships": {"other_kind": "SUPPLIER", "other": "91", "other_name": WORD, "kind": "SHARES"},
        "petitions:new": {
            "title": "题",
            "kind": "CLAIM",
            "channel": "LETTER",
            "unit": unit,
            "received_on": today().isoformat(),
            "body": "文",
            "petitioner": "家长",
            "contact": "1",
        },
        "publications:new": {"kind": "NOTICE", "unit": unit, "title": "题", "body": "文"},
        "rectification:new": {
            "title": "题",
            "cause": "因",
            "owner_post": str(ground.post("H").pk),
            "due_on": later().isoformat(),
        },
    }


class TestEveryFormOfAPageWithoutAnObject:
    def test_is_taken_from_whom_the_table_says_and_answered_with_a_redirect(self, ground: Ground) -> None:
        wanted, found, pages = typed(ground), {name: ["", ""] for name in TABLE}, set()
        for letter, client in ground.browsers().items():
            for name, who in found.items():
                query = f"?unit={ground.school.pk}" if name == "rectification:new" else ""
                answer, changed = posted(client, reverse(name) + query, wanted.get(name, {}))
                who[0] += letter if changed else ""
                who[1] += letter if answer.is_let_in and not changed else ""
                if changed and answer.status != 302:
                    pages.add(name)
        assert {name: tuple(who) for name, who in found.items()} == TABLE
        assert pages == set()

    def test_stands_in_the_table(self, ground: Ground) -> None:
        client = {letter: browser for letter, browser in ground.browsers().items() if letter in "OLDAMZ"}
        takes = set()
        for name, address, _view in views():
            if not is_plain(address) or name.startswith(LIBRARY):
                continue
            answers = [posted(browser, f"/{address}", {"file": b"x"})[0] for browser in client.values()]
            if any(answer.status in {302, 422} for answer in answers):
                takes.add(name)
        assert takes - set(TABLE) == ELSEWHERE
