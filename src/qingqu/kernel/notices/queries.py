"""Reading notices: everybody sees the own ones only."""

from datetime import UTC, datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingqu.engines.statutes import reasons
from qingqu.kernel.core.clock import local_date
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.notices import icalendar, rules
from qingqu.kernel.notices.models import Channels, Dispatch, Feed, Notice
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


def feed_of(person_id: int) -> Feed | None:
    """A person's calendar address; None without one."""
    return Feed.objects.filter(person_id=person_id).first()


def calendar_at(secret: str, *, at: datetime) -> bytes | None:
    """The calendar behind an address: the open duties of the posts its person holds today.

    None when nobody has that address, and when the person has left or the account is shut. What a private duty is
    about stays out of it: calendars are kept on other people's machines.
    """
    on = local_date(at)
    found = Feed.objects.filter(secret_hash=rules.secret_hash(secret), person__account__is_active=True)
    feed = found.exclude(person__left_on__lt=on).select_related("person").first()
    if feed is None:
        return None
    rows = duties.open_for(feed.person_id, on=on)[: duties.WORK_LIST_LIMIT]
    return icalendar.written(_("清渠：我的责任事项"), [_entry(duty) for duty in rows], at=at.astimezone(UTC))


def _entry(duty: Duty) -> icalendar.Entry:
    """A duty in a calendar: its title and why it is due that day, or only that there is one."""
    address = f"{settings.QINGQU_ADDRESS}{duty.url or f'/duties/{duty.pk}/'}"
    in_english = (get_language() or "").startswith("en")
    title = _("责任事项到期（内容请登录查看）") if duty.is_private else duty.title
    why = [] if duty.is_private else reasons(duty.why, in_english=in_english)
    url = address if settings.QINGQU_ADDRESS else ""
    return icalendar.Entry(f"duty-{duty.pk}@qingqu", duty.due_on, title, "\n".join([*why, url]).strip(), url)


def wanted(person: Person) -> list[Channel]:
    """The channels a notice to this person takes besides the application; e-mail only where a mail server is set."""
    chosen = channels_of(person.pk)
    found = [Channel.EMAIL] if settings.MAIL_IS_SET and chosen.by_email and person.email else []
    return [*found, Channel.ROBOT] if chosen.robot else found


def to_retry() -> QuerySet[Dispatch]:
    """Failed dispatches that are tried again, the first first."""
    return Dispatch.objects.filter(state=State.FAILED, tries__lt=rules.MOST_TRIES).order_by("id")
