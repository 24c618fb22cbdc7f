"""Every route of the site, asked by every role."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qingqu.kernel.core.policies import policy_of
from qingqu.kernel.org.models import Person
from qingqu.kernel.org.types import Role
from tests.factories import AT, make_unit, seat, sign_in

LETTERS = {
    "T": Role.TEACHER,
    "H": Role.PRINCIPAL,
    "S": Role.SECRETARY,
    "O": Role.OFFICE,
    "L": Role.LEADER,
    "D": Role.DISCIPLINE,
    "A": Role.AUDITOR,
    "M": Role.ADMINISTRATOR,
}
"""One letter a role; P is the public."""


def views(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every route as (name with its namespace, address with its parameters, view)."""
    for each in (resolver or get_resolver()).url_patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield f"{space}{each.name}", address, each.callback
        else:
            yield from views(each, address, f"{space}{each.namespace}:" if each.namespace else space)


def patterns() -> Iterator[tuple[str, str]]:
    """Every route of the site as (name with its namespace, address with its parameters)."""
    for name, address, _view in views():
        yield name, address


def is_plain(address: str) -> bool:
    """Whether an address names no object."""
    return not any(letter in address for letter in "<(^")


def undeclared(resolver: URLResolver | None = None) -> list[str]:
    """The names of the routes for which nobody declared who may open them."""
    return [name for name, _address, view in views(resolver) if policy_of(view, name) is None]


def people() -> dict[str, Person]:
    """One person a role: the school's in a school, the others at the district's office."""
    root = make_unit()
    school = make_unit("某校", parent=root, kind="PRIMARY")
    at_school = {Role.TEACHER, Role.PRINCIPAL, Role.SECRETARY}
    return {
        letter: seat(role, school if role in at_school else root, since=date(2024, 1, 1))
        for letter, role in LETTERS.items()
    }


def clients() -> dict[str, Client]:
    """A signed-in browser a role, and the public's."""
    found = {"P": Client()}
    for letter, person in people().items():
        found[letter] = Client()
        sign_in(found[letter], person)
    return found


def outcome(client: Client, address: str) -> str:
    """``in`` when the route answered, ``login`` when it asked to sign in, ``404``."""
    answer = client.get(address)
    if answer.status_code == 404:
        return "404"
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "login"
    return "in"


__all__ = ["AT", "LETTERS", "clients", "is_plain", "outcome", "patterns", "people", "undeclared", "views"]
