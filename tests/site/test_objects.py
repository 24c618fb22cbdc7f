"""Who may open and who may change what belongs to one school: every route that names an object, every role."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.site.asking import asked, posted, sent
from tests.site.matters import matters
from tests.site.routes import is_plain, patterns
from tests.site.world import NEVER, Ground, Thing

pytestmark = pytest.mark.django_db

STAFF = "THSOLDAMXNZ"
ALL = f"P{STAFF}"
SEE = "HSOLDAX"
"""The heads of the first school and the district's posts that look at every school."""

TABLE: dict[str, tuple[str, str, str]] = {
    "account_confirm_email": ("", "", ""),
    "account_reset_password_from_key": ("", "", ""),
    "audit:flag": ("LDAX", "A", ""),
    "audit:indicator": ("LDAXZ", "", ""),
    "audit:parameters": ("A", "A", ""),
    "audit:import": ("A", "", ""),
    "audit:mapping": ("A", "A", ""),
    "audit:reject": ("A", "A", ""),
    "audit:run": ("A", "", ""),
    "cases:act answer": ("", "L", "HSDX"),
    "cases:act clarify": ("", "L", "HSDX"),
    "cases:act clearing": ("", "DX", "HSL"),
    "cases:act correct": ("", "DX", "HSL"),
    "cases:act decide": ("", "L", "HSDX"),
    "cases:act dismiss": ("", "L", "HSDX"),
    "cases:act file": ("", "DX", "HSL"),
    "cases:act handed": ("", "DX", "L"),
    "cases:act hear": ("", "D", "LX"),
    "cases:act notify": ("", "D", "LX"),
    "cases:act propose": ("", "HS", "LDX"),
    "cases:act release": ("", "DX", "HSL"),
    "cases:act return": ("", "L", "HSDX"),
    "cases:act serve": ("", "DX", "HSL"),
    "cases:act supplement": ("", "D", "HSLX"),
    "cases:act transfer": ("", "DX", "HSL"),
    "cases:appoint": ("", "DX", "L"),
    "cases:detail": ("LDX", "", ""),
    "cases:document": ("HSLDX", "", ""),
    "cases:own": ("T", "", ""),
    "cases:own_act appeal": ("", "T", ""),
    "cases:own_act review": ("", "T", ""),
    "cases:own_act speak": ("", "T", ""),
    "cases:own_document": ("T", "", ""),
    "cases:person": ("HSLDX", "", ""),
    "cases:refer": ("", "DX", "HSL"),
    "deployments:accept": ("", "H", ""),
    "deployments:assignment": (SEE, "", ""),
    "deployments:cascade": ("O", "O", ""),
    "deployments:complete": ("", "H", ""),
    "deployments:decompose": ("", "H", ""),
    "deployments:directive": (f"T{SEE}", "", ""),
    "deployments:directive public": (f"T{SEE}NZ", "", ""),
    "deployments:edit": ("O", "O", ""),
    "deployments:edit_measure": ("O", "O", ""),
    "deployments:matrix": (SEE, "", ""),
    "deployments:matrix public": (f"{SEE}NZ", "", ""),
    "deployments:measure": (f"T{SEE}", "", ""),
    "deployments:measure public": (f"T{SEE}NZ", "", ""),
    "deployments:new_measure": ("O", "O", ""),
    "deployments:withdraw": ("O", "O", ""),
    "draws:act abandon": ("", "ODX", ""),
    "draws:act change": ("", "ODX", ""),
    "draws:act close": ("", "ODX", ""),
    "draws:act confirm": ("", "DX", "O"),
    "draws:act draw": ("", "ODX", ""),
    "draws:act drop_draw": ("", "ODX", ""),
    "draws:act drop_party": ("", "ODX", ""),
    "draws:act freeze": ("", "ODX", ""),
    "draws:act link": ("", "ODX", ""),
    "draws:act party": ("", "ODX", ""),
    "draws:act record": ("", "ODX", ""),
    "draws:act recuse": ("", "ODX", ""),
    "draws:bundle": (ALL, "", ""),
    "draws:bundle undrawn": ("", "", ""),
    "draws:detail": ("ODX", "", ""),
    "draws:hall": (ALL, "", ""),
    "draws:outside": (ALL, ALL, ""),
    "draws:part": ("L", "L", ""),
    "draws:public": (ALL, "", ""),
    "draws:public draft": ("", "", ""),
    "draws:public_roster": (ALL, "", ""),
    "draws:roster": ("ODX", "ODX", ""),
    "duties:complete": ("", "H", ""),
    "duties:complete private": ("", "D", ""),
    "duties:detail": (SEE, "", ""),
    "duties:detail private": ("D", "", ""),
    "duties:extend": ("", "L", ""),
    "duties:pause": ("", "L", ""),
    "duties:resume": ("", "L", ""),
    "files:attach lead discipline": ("", "D", ""),
    "files:attach lead education": ("", "LD", ""),
    "files:attach petition": ("", "O", ""),
    "files:attach publication": ("", "ODX", ""),
    "files:attach rectification": ("", "HDAX", ""),
    "files:download lead discipline": ("D", "", ""),
    "files:download lead education": ("LD", "", ""),
    "files:download petition": ("OLD", "", ""),
    "files:download publication": ("ODX", "", ""),
    "files:download rectification": (SEE, "", ""),
    "leads:act feed_back": ("", "D", "L"),
    "leads:act intervene discipline": ("", "D", ""),
    "leads:act intervene education": ("", "LD", ""),
    "leads:act merge discipline": ("", "D", ""),
    "leads:act merge education": ("", "D", "L"),
    "leads:act study discipline": ("", "D", ""),
    "leads:act study education": ("", "D", "L"),
    "leads:act talk": ("", "D", "L"),
    "leads:decide discipline": ("", "D", ""),
    "leads:decide education": ("", "L", "D"),
    "leads:detail discipline": ("D", "", ""),
    "leads:detail education": ("LD", "", ""),
    "leads:propose discipline": ("", "D", ""),
    "leads:propose education": ("", "D", "L"),
    "leads:related discipline": ("D", "", ""),
    "leads:related education": ("LD", "", ""),
    "ledger:tile": (ALL, "", ""),
    "mfa_edit_webauthn": ("H", "H", ""),
    "mfa_remove_webauthn": ("H", "H", ""),
    "notices:feed": (ALL, "", ""),
    "notices:read": ("", "H", ""),
    "org:account": ("M", "M", ""),
    "org:account opened": ("M", "", ""),
    "org:account_disable": ("", "M", ""),
    "org:account_reset": ("", "M", ""),
    "org:appointment_end": ("M", "M", ""),
    "org:closed": ("", "", ""),
    "org:post": ("M", "M", ""),
    "org:post_add": ("M", "M", ""),
    "org:relationship_end": ("T", "T", ""),
    "org:unit": ("M", "", ""),
    "org:unit_add": ("M", "M", ""),
    "org:unit_children": ("M", "", ""),
    "org:unit_close": ("M", "M", ""),
    "org:unit_move": ("M", "M", ""),
    "org:unit_rename": ("M", "M", ""),
    "petitions:act accept": ("", "O", "LD"),
    "petitions:act ask_recheck": ("", "O", "LD"),
    "petitions:act ask_review": ("", "O", "LD"),
    "petitions:act begin": ("", "O", "LD"),
    "petitions:act close": ("", "O", "LD"),
    "petitions:act conclude": ("", "O", "LD"),
    "petitions:act extend": ("", "L", "OD"),
    "petitions:act hear": ("", "O", "LD"),
    "petitions:act object": ("", "O", "LD"),
    "petitions:act receipt": ("", "O", "LD"),
    "petitions:act receipt referred": ("", "D", ""),
    "petitions:act recheck": ("", "OL", "D"),
    "petitions:act refer": ("", "O", "LD"),
    "petitions:act refuse": ("", "O", "LD"),
    "petitions:act resume": ("", "O", "LD"),
    "petitions:act review": ("", "OL", "D"),
    "petitions:act transfer": ("", "O", "LD"),
    "petitions:detail": ("OLD", "", ""),
    "petitions:detail referred": ("D", "", ""),
    "petitions:letter_docx": ("OLD", "", ""),
    "petitions:letter_pdf": ("OLD", "", ""),
    "portal:directive": ("", "", ""),
    "portal:directive public": (ALL, "", ""),
    "publications:act confirm": ("", "ODX", ""),
    "publications:act correct": ("", "DX", "O"),
    "publications:act edit": ("", "DX", "O"),
    "publications:act publish": ("", "O", "DX"),
    "publications:act return": ("", "O", "DX"),
    "publications:act submit": ("", "DX", "O"),
    "publications:act withdraw": ("", "O", "DX"),
    "publications:copy": (ALL, "", ""),
    "publications:copy embargoed": ("", "", ""),
    "publications:copy withdrawn": ("", "", ""),
    "publications:detail": ("ODX", "", ""),
    "publications:printed": (ALL, "", ""),
    "publications:printed embargoed": ("", "", ""),
    "publications:printed withdrawn": (ALL, "", ""),
    "publications:promise": (ALL, "", ""),
    "publications:promise embargoed": ("", "", ""),
    "publications:promise withdrawn": (ALL, "", ""),
    "publications:proof": (ALL, "", ""),
    "publications:proof embargoed": ("", "", ""),
    "publications:proof withdrawn": (ALL, "", ""),
    "publications:public": (ALL, "", ""),
    "publications:public draft": ("", "", ""),
    "publications:public embargoed": ("", "", ""),
    "publications:public withdrawn": (ALL, "", ""),
    "publications:receipt": (ALL, "", ""),
    "publications:receipt embargoed": ("", "", ""),
    "publications:receipt withdrawn": (ALL, "", ""),
    "rectification:detail": (SEE, "", ""),
    "rectification:plan": ("", "H", "SOLDAX"),
    "rectification:recheck": ("", "DAX", ""),
    "rectification:report": ("", "H", "SOLDAX"),
}
"""{route, and which of its objects: (who reads it, whose POST changes something, whose POST is refused in words)}.

P the public; T teacher, H head, S secretary of the first school; O office, L leader, D discipline, A audit,
M administrator of the district; N the neighbour school's head; Z somebody with a post of every role there; X a member
of the discipline group whom the leads are about. Whoever is not named is told that there is nothing, or to sign in.
"""

SHOWN_ONCE = {"org:account", "org:account_reset", "draws:act link", "draws:act party"}
"""Answered with a page instead of a redirect: it shows a first password or a secret link, which are kept nowhere."""


@pytest.fixture
def ground() -> Ground:
    """The district before anything happened."""
    return Ground()


def everywhere(ground: Ground, letters: str = ALL) -> Iterator[tuple[str, Thing, str, Client]]:
    """Every line of the table with its object, for every letter with its browser."""
    things, browsers = matters(ground), ground.browsers()
    for letter, client in ((letter, browsers[letter]) for letter in letters):
        for line, thing in things.items():
            yield line, thing, letter, client


def asking(thing: Thing, letter: str) -> list[tuple[str, dict[str, Any]]]:
    """The ways to ask for an object: with and without a body; the public and the neighbours try every method."""
    whole = thing.sent is not None and "file" not in thing.sent
    ways: list[tuple[str, dict[str, Any]]] = [("get", {}), ("post", {"data": sent(thing.sent or {}) if whole else {}})]
    if letter in "PNZ":
        ways += [("head", {}), ("options", {}), ("post", {}), ("get", {"headers": {"HX-Request": "true"}})]
    return ways


class TestEveryRouteWithAnObject:
    def test_stands_in_the_table(self, ground: Ground) -> None:
        named = {name for name, address in patterns() if not is_plain(address)}
        assert {line.split(" ")[0] for line in TABLE} == named
        assert {thing.route for thing in matters(ground).values()} == named

    def test_is_read_and_changed_by_whom_the_table_says(self, ground: Ground) -> None:
        found: dict[str, list[str]] = {}
        pages = set()
        for line, thing, letter, client in everywhere(ground):
            who = found.setdefault(line, ["", "", ""])
            who[0] += letter if asked(client, "get", thing.address).is_let_in else ""
            answer, changed = posted(client, thing.address, thing.sent or {})
            who[1] += letter if changed else ""
            who[2] += letter if thing.sent is not None and answer.is_let_in and not changed else ""
            if changed and answer.status != 302:
                pages.add(line)
        assert {line: tuple(who) for line, who in found.items()} == TABLE
        assert pages == SHOWN_ONCE


class TestWhatIsOutOfScope:
    def test_is_answered_with_the_bytes_of_what_is_not_there(self, ground: Ground) -> None:
        outside = set()
        for line, thing, letter, client in everywhere(ground):
            if letter in "".join(TABLE[line]):
                continue
            outside.add(letter)
            for verb, extra in asking(thing, letter):
                there = asked(client, verb, thing.address, **extra)
                assert there == asked(client, verb, thing.absent, **extra), (line, letter, verb)
                assert verb == "options" or not there.is_let_in, (line, letter, verb, there.status)
        assert outside == set(ALL)

    def test_is_no_error_however_long_the_number(self, ground: Ground) -> None:
        for line, thing, letter, client in everywhere(ground, "HODAM"):
            for address in {thing.absent.replace(NEVER, "9" * digits) for digits in (20, 5000)} - {thing.absent}:
                answers = asked(client, "get", address), asked(client, "post", address)
                assert not any(answer.is_let_in for answer in answers), (line, letter, address[:60])
