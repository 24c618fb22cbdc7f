"""Two schools under one district, everybody who works there, and one real matter for each kind of page.

The ground is laid first; the matters of the first school come afterwards, so that a test can look at the neighbour's
pages before and after.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from qingqu.kernel.core.clock import today
from qingqu.kernel.files import operations as files
from qingqu.kernel.files.models import StoredFile
from qingqu.kernel.org import operations as org
from qingqu.kernel.org.models import Account, Person, Post, Unit
from qingqu.kernel.org.types import Actor, Role
from tests.factories import AT, actor, make_person, make_post, make_unit, seat, sign_in

LONG_AGO = date(2024, 1, 1)
WORD = "银杏"
"""Stands in every text of the first school's matters: whoever finds it has found one of them."""


def later(days: int = 60) -> date:
    """A day that has not come when the pages are asked."""
    return today() + timedelta(days=days)


@dataclass
class Ground:
    """The district and its people, each under one letter.

    T, H, S work at the first school; O, L, D, A, M at the district's office; N heads the neighbour school, Z holds a
    post of every role there, X is a second member of the discipline group, whom the leads are about.
    """

    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay out units, posts and people."""
        self.root = make_unit()
        self.school = make_unit("第一小学", parent=self.root, kind="PRIMARY", code="SCHOOL")
        self.neighbour = make_unit("第二小学", parent=self.root, kind="PRIMARY", code="NEIGHBOUR")
        self.area = make_unit("学区", parent=self.root, kind="OFFICE", code="AREA")
        at_school = {"T": Role.TEACHER, "H": Role.PRINCIPAL, "S": Role.SECRETARY}
        at_office = {
            "O": Role.OFFICE,
            "L": Role.LEADER,
            "D": Role.DISCIPLINE,
            "A": Role.AUDITOR,
            "M": Role.ADMINISTRATOR,
            "X": Role.DISCIPLINE,
        }
        self.people |= {letter: seat(role, self.school) for letter, role in at_school.items()}
        self.people |= {letter: seat(role, self.root) for letter, role in at_office.items()}
        self.people["N"] = seat(Role.PRINCIPAL, self.neighbour)
        self.people["Z"] = everybody_at(self.neighbour)
        self.keeper = seat(Role.DISCIPLINE, self.root)
        for letter, person in self.people.items():
            Account.objects.create(username=f"user-{letter}", person=person)

    def actor(self, letter: str) -> Actor:
        """The person of a letter as an actor."""
        return actor(self.people[letter])

    def post(self, letter: str) -> Post:
        """The post of a letter."""
        return Post.objects.get(appointments__person=self.people[letter])

    def browsers(self) -> dict[str, Client]:
        """A browser a letter, signed in with a password just now, and the public's under P."""
        found = {"P": Client()}
        for letter, person in self.people.items():
            found[letter] = Client()
            account = sign_in(found[letter], person)
            request = HttpRequest()
            request.session = found[letter].session
            record_authentication(request, account, "password", reauthenticated=True)
            request.session.save()
        return found

    @cached_property
    def teacher_without_account(self) -> Person:
        """A member of staff of the first school who cannot sign in yet."""
        return make_person(self.school)


def everybody_at(unit: Unit) -> Person:
    """One person who holds a post of every role in a unit."""
    person = make_person(unit)
    for role in Role:
        org.appoint(post=make_post(role, unit), person=person, starts_on=LONG_AGO, at=AT)
    return person


def stored(subject_kind: str, subject_id: int, unit: Unit) -> StoredFile:
    """A file of a matter."""
    content = BytesIO(f"%PDF-1.7 {subject_kind} {subject_id}".encode())
    return files.store(
        name=f"{WORD}.pdf", content=content, subject_kind=subject_kind, subject_id=subject_id, unit=unit, at=AT
    )


def passkey() -> dict[str, Any]:
    """A passkey as a browser registers one; nobody has its private half."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    attested = AttestedCredentialData.create(Aaguid.NONE, b"one", key)
    found = AuthenticatorData.create(sha256(b"testserver").digest(), 0x41, 0, attested)
    told = CollectedClientData.create("webauthn.create", b"challenge", "https://testserver")
    response = {
        "clientDataJSON": websafe_encode(told),
        "attestationObject": websafe_encode(AttestationObject.create("none", found, {})),
    }
    key_id = websafe_encode(b"one")
    return {"id": key_id, "rawId": key_id, "type": "public-key", "response": response}


@dataclass(frozen=True)
class Thing:
    """An existing object as a route names it; ``sent`` is what a good POST carries, None when the route takes none."""

    route: str
    args: dict[str, Any]
    sent: dict[str, Any] | None = None

    @property
    def address(self) -> str:
        """Where the object is asked for."""
        return address_of(self.route, self.args)

    @property
    def absent(self) -> str:
        """The same address for an object that does not exist."""
        return address_of(self.route, {name: _absent(name, value) for name, value in self.args.items()})


NEVER = "987654"
"""An id that no row of a test has."""


def address_of(route: str, args: dict[str, Any]) -> str:
    """The address of a route; the closed doors are one pattern without a single address."""
    return "/accounts/signup/" if route == "org:closed" else reverse(route, kwargs=args)


def _absent(name: str, value: object) -> object:
    """What stands in an address for an object that does not exist; words that choose no object stay."""
    if name in {"subject_kind", "verb", "ordinal"}:
        return value
    return f"GK2026-{NEVER}" if name == "number" else NEVER
