"""Reading units, people and posts; the actor, the one scope condition and the conflict-of-interest question."""

from qingqu.kernel.org.queries.conflicts import Touch, may_touch, obstacle_words
from qingqu.kernel.org.queries.desks import HeldSeat, answering_posts, people_numbered, seat_with
from qingqu.kernel.org.queries.obstructions import Obstruction, obstructing
from qingqu.kernel.org.queries.posts import held_between, history_of, holder_of, holders, posts_held, seats
from qingqu.kernel.org.queries.scope import actor_of, holding, scoped, units_within, within

__all__ = [
    "HeldSeat",
    "Obstruction",
    "Touch",
    "actor_of",
    "answering_posts",
    "held_between",
    "history_of",
    "holder_of",
    "holders",
    "holding",
    "may_touch",
    "obstructing",
    "obstacle_words",
    "people_numbered",
    "posts_held",
    "scoped",
    "seat_with",
    "seats",
    "units_within",
    "within",
]
