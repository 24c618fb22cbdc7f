"""Pure decisions about roles and rights."""

from collections.abc import Iterable, Mapping

from qingqu.kernel.org.types import Actor, Grant, HeldPost, Matter, Obstacle, Right, Role, Standing, Tie

_SCHOOL_HEAD = frozenset(
    {
        Right.DO_DUTIES,
        Right.VIEW_UNIT,
        Right.CASCADE_MEASURES,
        Right.VIEW_RECTIFICATIONS,
        Right.PROPOSE_SANCTIONS,
    },
)

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.TEACHER: frozenset({Right.DO_DUTIES}),
    Role.PRINCIPAL: _SCHOOL_HEAD,
    Role.SECRETARY: _SCHOOL_HEAD,
    Role.OFFICE: frozenset(
        {
            Right.DO_DUTIES,
            Right.VIEW_UNIT,
            Right.VIEW_DISTRICT,
            Right.MANAGE_DIRECTIVES,
            Right.CASCADE_MEASURES,
            Right.VIEW_RECTIFICATIONS,
            Right.VIEW_PETITIONS,
            Right.HANDLE_PETITIONS,
            Right.PUBLISH,
            Right.RUN_DRAWS,
        },
    ),
    Role.LEADER: frozenset(
        {
            Right.DO_DUTIES,
            Right.VIEW_UNIT,
            Right.VIEW_DISTRICT,
            Right.VIEW_FLAGS,
            Right.VIEW_LEADS,
            Right.APPROVE_LEADS,
            Right.VIEW_CASES,
            Right.DECIDE_CASES,
            Right.VIEW_PETITIONS,
            Right.APPROVE_PETITIONS,
            Right.VIEW_RECTIFICATIONS,
        },
    ),
    Role.DISCIPLINE: frozenset(
        {
            Right.DO_DUTIES,
            Right.VIEW_UNIT,
            Right.VIEW_DISTRICT,
            Right.VIEW_FLAGS,
            Right.VIEW_LEADS,
            Right.MANAGE_LEADS,
            Right.VIEW_CASES,
            Right.HANDLE_CASES,
            Right.VIEW_PETITIONS,
            Right.VIEW_RECTIFICATIONS,
            Right.ORDER_RECTIFICATIONS,
            Right.RECHECK_RECTIFICATIONS,
            Right.DRAFT_PUBLICATIONS,
            Right.RUN_DRAWS,
            Right.VIEW_RELATIONSHIPS,
        },
    ),
    Role.AUDITOR: frozenset(
        {
            Right.DO_DUTIES,
            Right.VIEW_UNIT,
            Right.VIEW_DISTRICT,
            Right.VIEW_FLAGS,
            Right.MANAGE_AUDIT,
            Right.VIEW_RECTIFICATIONS,
            Right.RECHECK_RECTIFICATIONS,
        },
    ),
    Role.ADMINISTRATOR: frozenset({Right.ADMINISTER}),
}


def may(actor: Actor, right: str) -> bool:
    """Whether the actor holds ``right`` in some unit today."""
    return any(right in RIGHTS[grant.role] for grant in actor.grants)


def grants_with(actor: Actor, right: str) -> tuple[Grant, ...]:
    """The actor's posts that carry ``right``."""
    return tuple(grant for grant in actor.grants if right in RIGHTS[grant.role])


def may_in(actor: Actor, right: str, unit_path: str) -> bool:
    """Whether the actor holds ``right`` in the unit at ``unit_path`` or in a unit above it."""
    return any(unit_path.startswith(prefix) for prefix in prefixes(actor, right))


def prefixes(actor: Actor, right: str) -> tuple[str, ...]:
    """The shortest unit paths under which the actor holds ``right``; empty when nowhere."""
    paths = sorted({grant.unit_path for grant in grants_with(actor, right)})
    kept: list[str] = []
    for path in paths:
        if not any(path.startswith(above) for above in kept):
            kept.append(path)
    return tuple(kept)


def holds_root(actor: Actor, right: str) -> bool:
    """Whether the actor holds ``right`` over a whole tree: in a unit without another above it."""
    return any(prefix.count("/") == 2 for prefix in prefixes(actor, right))  # noqa: PLR2004 - "/1/" is a root


HEADS = frozenset({Role.PRINCIPAL, Role.SECRETARY, Role.LEADER})
"""The roles that head a unit: whoever works below may not handle a matter about them."""

SUPERVISORS = (Role.DISCIPLINE, Role.LEADER)
"""The roles a matter may pass to whatever role could not handle it, the first preferred."""


def heads(held: Iterable[HeldPost], about: frozenset[int]) -> frozenset[tuple[str, int]]:
    """The (unit path, person id) pairs of those in ``about`` who head a unit."""
    return frozenset(
        (post.unit_path, post.person_id) for post in held if post.person_id in about and post.role in HEADS
    )


def kin_of(person_id: int, ties: Iterable[Tie]) -> frozenset[int]:
    """The people related to a person, read from both ends of each declaration."""
    own = {int(tie.other_id) for tie in ties if tie.other_kind == "PERSON" and tie.person_id == person_id}
    theirs = {tie.person_id for tie in ties if tie.other_kind == "PERSON" and tie.other_id == str(person_id)}
    return frozenset((own | theirs) - {person_id})


def obstacles(standing: Standing, matter: Matter, ties: tuple[Tie, ...]) -> tuple[Obstacle, ...]:
    """Why this person may not handle the matter, in a fixed order; empty when nothing stands in the way.

    A head is an obstacle for everyone in the unit and in the units below it. A supplier is an obstacle when the
    person or the person's kin is related to it. Law: WB-28, DL-22, XF-12, PR-29.
    """
    person = standing.person_id
    kin = kin_of(person, ties)
    near = kin | {person}
    suppliers = {tie.other_id for tie in ties if tie.other_kind == "SUPPLIER" and tie.person_id in near}
    under = any(head != person and line.startswith(path) for path, head in matter.heads for line in standing.lines)
    found = {
        Obstacle.SELF: person in matter.about,
        Obstacle.UNIT_HEAD: under,
        Obstacle.KIN: bool(kin & matter.about),
        Obstacle.SUPPLIER: bool(suppliers & matter.suppliers),
        Obstacle.OWN_ACT: person in matter.own_acts,
    }
    return tuple(reason for reason, stands in found.items() if stands)


def next_above(
    standing: Standing,
    unit_path: str,
    held: Iterable[HeldPost],
    standings: Mapping[int, Standing],
    matter: Matter,
    ties: tuple[Tie, ...],
) -> HeldPost | None:
    """The nearest post that may take the matter over: at the person's own level or above it, on the unit's line.

    Posts of a role the person holds come first, then discipline, then leaders; the deeper unit always wins.
    None when no holder is free of obstacles: the matter must go to the authority above the root. Law: DL-23.
    """
    posts = tuple(held)
    own = [post for post in posts if post.person_id == standing.person_id and unit_path.startswith(post.unit_path)]
    level = max((post.unit_path for post in own), key=len, default=unit_path)
    roles = {post.role for post in own}
    candidates = sorted(
        (
            post
            for post in posts
            if level.startswith(post.unit_path) and (post.role in roles or post.role in SUPERVISORS)
        ),
        key=lambda post: (-len(post.unit_path), post.role not in roles, post.role != SUPERVISORS[0], post.post_id),
    )
    free = (
        post
        for post in candidates
        if post.person_id != standing.person_id and not obstacles(standings[post.person_id], matter, ties)
    )
    return next(free, None)


def reach(actor: Actor) -> dict[str, tuple[str, ...]]:
    """Where the actor holds each right, as {right: shortest unit paths}; rights held nowhere are left out."""
    held = {right for grant in actor.grants for right in RIGHTS[grant.role]}
    return {str(right): prefixes(actor, right) for right in sorted(held)}


SETTINGS: dict[str, str] = {
    "procurement.goods_limit_fen": "AMOUNT",
    "procurement.services_limit_fen": "AMOUNT",
    "procurement.works_limit_fen": "AMOUNT",
    "procurement.public_tender_limit_fen": "AMOUNT",
    "ethics.veto_years": "NUMBER",
    "disclosure.notice_days": "NUMBER",
    "petitions.web": "TEXT",
    "petitions.address": "TEXT",
    "petitions.telephone": "TEXT",
    "petitions.reception": "TEXT",
    "petitions.enquiry": "TEXT",
    "calendar.day_off": "TEXT",
    "calendar.workday": "TEXT",
    "calendar.year": "TEXT",
}
"""The local values a district may set, with what each holds: AMOUNT (fen), NUMBER or TEXT."""

DAY_OFF, WORKDAY, WHOLE_YEAR = "calendar.day_off", "calendar.workday", "calendar.year"

CALENDAR = (DAY_OFF, WORKDAY, WHOLE_YEAR)
"""The district's working calendar: set for the top unit only, because everybody's terms are counted by it."""

OPPOSITE = {DAY_OFF: WORKDAY, WORKDAY: DAY_OFF}
"""What a day can no longer be once it is set to be the other."""


def fits(key: str, value: str) -> bool:
    """Whether a value has the form its key asks for: whole numbers without sign, or a text that is not blank."""
    if SETTINGS[key] == "TEXT":
        return bool(value.strip())
    return value.strip().isascii() and value.strip().isdigit()
