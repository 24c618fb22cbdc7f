"""Pure decisions about roles and rights."""

from qingqu.kernel.org.types import Actor, Grant, Right, Role

_SCHOOL_HEAD = frozenset(
    {
        Right.DO_DUTIES,
        Right.VIEW_UNIT,
        Right.CASCADE_MEASURES,
        Right.VIEW_FLAGS,
        Right.VIEW_RECTIFICATIONS,
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
            Right.PUBLISH,
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
            Right.VIEW_RECTIFICATIONS,
            Right.ORDER_RECTIFICATIONS,
            Right.RECHECK_RECTIFICATIONS,
            Right.DRAFT_PUBLICATIONS,
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
