"""Reading notices: everybody sees the own ones only."""

from django.conf import settings
from django.db.models import QuerySet

from qingqu.kernel.notices import rules
from qingqu.kernel.notices.models import Channels, Dispatch, Notice
from qingqu.kernel.notices.types import Channel, State
from qingqu.kernel.org.models import Person
from qingqu.kernel.org.types import Actor


def mine(actor: Actor) -> QuerySet[Notice]:
    """The actor's notices, the latest first."""
    return Notice.objects.filter(person_id=actor.person_id).order_by("-at", "-id")


def unread_count(person_id: int) -> int:
    """How many of a person's notices are unread."""
    return Notice.objects.filter(person_id=person_id, read_at__isnull=True).count()


def channels_of(person_id: int) -> Channels:
    """A person's channels; e-mail and no robot when nothing was chosen (not saved)."""
    return Channels.objects.filter(person_id=person_id).first() or Channels(person_id=person_id)


def wanted(person: Person) -> list[Channel]:
    """The channels a notice to this person takes besides the application; e-mail only where a mail server is set."""
    chosen = channels_of(person.pk)
    found = [Channel.EMAIL] if settings.MAIL_IS_SET and chosen.by_email and person.email else []
    return [*found, Channel.ROBOT] if chosen.robot else found


def to_retry() -> QuerySet[Dispatch]:
    """Failed dispatches that are tried again, the first first."""
    return Dispatch.objects.filter(state=State.FAILED, tries__lt=rules.MOST_TRIES).order_by("id")
