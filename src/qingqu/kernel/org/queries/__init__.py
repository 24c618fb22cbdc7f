"""Reading units, people and posts; the actor, the one scope condition and the conflict-of-interest question."""

from qingqu.kernel.org.identifiers import supplier_doubts
from qingqu.kernel.org.queries.administration import (
    account_of,
    administered_appointment,
    administered_person,
    administered_post,
    administered_unit,
    children_of,
    draft_of,
    own_relationships,
    people_within,
    person_numbered,
    person_with_id,
    posts_of,
    relationships_within,
    settings_within,
    unit_coded,
)
from qingqu.kernel.org.queries.conflicts import Touch, may_touch, obstacle_words
from qingqu.kernel.org.queries.desks import HeldSeat, answering_posts, people_numbered, seat_with
from qingqu.kernel.org.queries.exchange import annotated, export, plan_import, template
from qingqu.kernel.org.queries.obstructions import Obstruction, obstructing
from qingqu.kernel.org.queries.posts import (
    held_between,
    history_of,
    holder_of,
    holders,
    posts_by_code,
    posts_held,
    posts_within,
    seats,
)
from qingqu.kernel.org.queries.roots import district_name, root, unit_ids_by_code
from qingqu.kernel.org.queries.scope import actor_of, holding, scoped, unit_paths, units_within, within
from qingqu.kernel.org.queries.settings import setting, working_calendar
from qingqu.kernel.org.queries.words import RELATION_KINDS, ROLE_WORDS, SETTING_WORDS, UNIT_KINDS

__all__ = [
    "RELATION_KINDS",
    "ROLE_WORDS",
    "SETTING_WORDS",
    "UNIT_KINDS",
    "HeldSeat",
    "Obstruction",
    "Touch",
    "account_of",
    "actor_of",
    "administered_appointment",
    "administered_person",
    "administered_post",
    "administered_unit",
    "annotated",
    "answering_posts",
    "children_of",
    "district_name",
    "draft_of",
    "export",
    "held_between",
    "history_of",
    "holder_of",
    "holders",
    "holding",
    "may_touch",
    "obstacle_words",
    "obstructing",
    "own_relationships",
    "people_numbered",
    "people_within",
    "person_numbered",
    "person_with_id",
    "plan_import",
    "posts_by_code",
    "posts_held",
    "posts_of",
    "posts_within",
    "relationships_within",
    "root",
    "scoped",
    "seat_with",
    "seats",
    "setting",
    "settings_within",
    "supplier_doubts",
    "template",
    "unit_coded",
    "unit_ids_by_code",
    "unit_paths",
    "units_within",
    "within",
    "working_calendar",
]
