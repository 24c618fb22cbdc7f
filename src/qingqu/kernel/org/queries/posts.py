"""Reading who holds which post, on any day."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from qingqu.kernel.org.models import Appointment, Person, Post
from qingqu.kernel.org.queries.scope import holding
from qingqu.kernel.org.types import Role


def holder_of(post: Post, *, on: date) -> Person | None:
    """Who holds a post on a day; None when the seat is empty."""
    appointment = Appointment.objects.filter(holding(on), post=post).select_related("person").first()
    return appointment.person if appointment else None


def posts_held(person_id: int, *, on: date) -> QuerySet[Post]:
    """The posts a person holds on a day."""
    return Post.objects.filter(
        pk__in=Appointment.objects.filter(holding(on), person_id=person_id).values("post_id")
    ).order_by("id")


def history_of(post: Post) -> QuerySet[Appointment]:
    """Who held a post and when, the latest first, with their persons."""
    return Appointment.objects.filter(post=post).select_related("person").order_by("-starts_on", "-id")


def held_between(person_id: int, *, since: date, until: date) -> QuerySet[Appointment]:
    """The appointments of a person that touch the span (both days included), with post and unit, earliest first."""
    return (
        Appointment.objects.filter(person_id=person_id, starts_on__lte=until)
        .exclude(ends_on__lt=since)
        .select_related("post__unit")
        .order_by("starts_on", "id")
    )


def holders(post_ids: Collection[int], *, on: date) -> dict[int, Person]:
    """Who holds each post on a day, as {post id: person}; empty seats are left out (one query)."""
    held = Appointment.objects.filter(holding(on), post_id__in=post_ids).select_related("person").order_by("id")
    return {row.post_id: row.person for row in held}


def seats(unit_ids: Collection[int], roles: Sequence[Role]) -> dict[int, list[Post]]:
    """The open posts of the units in ``roles``, as {unit id: posts}, earlier roles first (one query)."""
    found: dict[int, list[Post]] = {}
    rows = Post.objects.filter(unit_id__in=unit_ids, role__in=roles, closed_on__isnull=True).order_by("id")
    for post in sorted(rows, key=lambda row: roles.index(Role(row.role))):
        found.setdefault(post.unit_id, []).append(post)
    return found


def posts_within(path: str) -> QuerySet[Post]:
    """The open posts of the unit at ``path`` and of every unit below it."""
    return Post.objects.filter(unit__path__startswith=path, closed_on__isnull=True).order_by("id")


def vacant_posts(*, on: date) -> QuerySet[Post]:
    """The posts that nobody holds on a day."""
    return Post.objects.filter(~Exists(Appointment.objects.filter(holding(on), post=OuterRef("pk"))))


def posts_by_code(codes: Collection[str]) -> dict[str, int]:
    """The ids of the open posts with these codes, as {code: id} (one query)."""
    return dict(Post.objects.filter(code__in=codes, closed_on__isnull=True).values_list("code", "pk"))
