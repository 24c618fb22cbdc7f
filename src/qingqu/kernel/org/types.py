"""Roles, rights and the actor: who is asking, with which posts, at which moment."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a post is for; rights follow from it (``rules.RIGHTS``)."""

    TEACHER = "TEACHER"
    PRINCIPAL = "PRINCIPAL"
    SECRETARY = "SECRETARY"
    OFFICE = "OFFICE"
    LEADER = "LEADER"
    DISCIPLINE = "DISCIPLINE"
    AUDITOR = "AUDITOR"
    ADMINISTRATOR = "ADMINISTRATOR"


class Right(StrEnum):
    """One thing a post may do inside its unit and everything below it."""

    DO_DUTIES = "DO_DUTIES"
    VIEW_UNIT = "VIEW_UNIT"
    CASCADE_MEASURES = "CASCADE_MEASURES"
    MANAGE_DIRECTIVES = "MANAGE_DIRECTIVES"
    VIEW_FLAGS = "VIEW_FLAGS"
    MANAGE_AUDIT = "MANAGE_AUDIT"
    VIEW_LEADS = "VIEW_LEADS"
    MANAGE_LEADS = "MANAGE_LEADS"
    APPROVE_LEADS = "APPROVE_LEADS"
    VIEW_PETITIONS = "VIEW_PETITIONS"
    HANDLE_PETITIONS = "HANDLE_PETITIONS"
    APPROVE_PETITIONS = "APPROVE_PETITIONS"
    VIEW_RECTIFICATIONS = "VIEW_RECTIFICATIONS"
    ORDER_RECTIFICATIONS = "ORDER_RECTIFICATIONS"
    RECHECK_RECTIFICATIONS = "RECHECK_RECTIFICATIONS"
    DRAFT_PUBLICATIONS = "DRAFT_PUBLICATIONS"
    PUBLISH = "PUBLISH"
    RUN_DRAWS = "RUN_DRAWS"
    VIEW_CASES = "VIEW_CASES"
    HANDLE_CASES = "HANDLE_CASES"
    DECIDE_CASES = "DECIDE_CASES"
    PROPOSE_SANCTIONS = "PROPOSE_SANCTIONS"
    VIEW_DISTRICT = "VIEW_DISTRICT"
    VIEW_RELATIONSHIPS = "VIEW_RELATIONSHIPS"
    ADMINISTER = "ADMINISTER"


@dataclass(frozen=True)
class Grant:
    """One post held by the actor today."""

    post_id: int
    post_title: str
    role: Role
    unit_id: int
    unit_path: str


@dataclass(frozen=True)
class Actor:
    """Who is asking: the person, the posts held on that day, and the moment read at the door."""

    person_id: int
    name: str
    at: datetime
    on: date
    grants: tuple[Grant, ...] = ()
    account_id: int | None = None


class Obstacle(StrEnum):
    """Why a person may not handle a matter."""

    SELF = "SELF"
    UNIT_HEAD = "UNIT_HEAD"
    KIN = "KIN"
    SUPPLIER = "SUPPLIER"
    OWN_ACT = "OWN_ACT"


@dataclass(frozen=True)
class HeldPost:
    """A post with its holder on the day asked."""

    post_id: int
    person_id: int
    role: Role
    unit_path: str


@dataclass(frozen=True)
class Standing:
    """Where a person stands in the tree: the paths of the own unit and of the units of the posts held."""

    person_id: int
    lines: frozenset[str]


@dataclass(frozen=True)
class Tie:
    """A declared relationship in force on the day asked; ``other_kind`` is PERSON or SUPPLIER."""

    person_id: int
    other_kind: str
    other_id: str
    kind: str = "OTHER"


@dataclass(frozen=True)
class Matter:
    """What a matter concerns.

    ``about`` and ``own_acts`` are person ids, ``heads`` the (unit path, person id) pairs of those concerned who head
    a unit.
    """

    about: frozenset[int] = frozenset()
    suppliers: frozenset[str] = frozenset()
    own_acts: frozenset[int] = frozenset()
    heads: frozenset[tuple[str, int]] = frozenset()
