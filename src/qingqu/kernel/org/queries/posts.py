"""Reading who holds which post, on any day."""

from datetime import date

from django.db.models import QuerySet

from qingqu.kernel.org.models import Appointment, Person, Post
from qingqu.kernel.org.queries.scope import holding


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
