"""Reading units, people and posts; the actor, the one scope condition and the conflict-of-interest question."""

from qingqu.kernel.org.queries.conflicts import Touch, may_touch, obstacle_words
from qingqu.kernel.org.queries.posts import held_between, history_of, holder_of, holders, posts_held, seats
from qingqu.kernel.org.queries.scope import actor_of, holding, scoped, units_within, within

__all__ = [
    "Touch",
    "actor_of",
    "held_between",
    "history_of",
    "holder_of",
    "holders",
    "holding",
    "may_touch",
    "obstacle_words",
    "posts_held",
    "scoped",
    "seats",
    "units_within",
    "within",
]
