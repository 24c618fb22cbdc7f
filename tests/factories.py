"""Short ways to put units, people and posts into a test database."""

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from django.test import Client

from qingqu.kernel.org import operations as org
from qingqu.kernel.org.models import Account, Person, Post, Unit
from qingqu.kernel.org.queries import actor_of
from qingqu.kernel.org.types import Actor, Role

AT = datetime(2026, 9, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The moment at which tests act unless they say otherwise."""

_numbers = count(1)


def make_unit(
    name: str = "清源区教育局", *, parent: Unit | None = None, kind: str = "DISTRICT", code: str = ""
) -> Unit:
    """A unit; a root unless a parent is given."""
    return org.add_unit(code=code or f"U{next(_numbers)}", name=name, kind=kind, parent=parent, at=AT)


def make_person(unit: Unit, name: str = "") -> Person:
    """A member of staff of ``unit``."""
    number = next(_numbers)
    return Person.objects.create(number=f"S{number}", name=name or f"某{number}", unit=unit)


def make_post(role: Role, unit: Unit, title: str = "") -> Post:
    """An empty post."""
    return Post.objects.create(code=f"P{next(_numbers)}", unit=unit, title=title or role.value, role=role)


def seat(role: Role, unit: Unit, name: str = "", *, since: date = date(2024, 1, 1)) -> Person:
    """A new person in a new post of ``unit``."""
    person = make_person(unit, name)
    org.appoint(post=make_post(role, unit), person=person, starts_on=since, at=AT)
    return person


def actor(person: Person, *, at: datetime = AT) -> Actor:
    """The person as an actor."""
    return actor_of(person, at=at)


def sign_in(client: Client, person: Person) -> Account:
    """Sign the person in without a password."""
    account = Account.objects.filter(person=person).first() or Account.objects.create(
        username=f"u{person.pk}", person=person
    )
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return account
