"""Reading events and the log."""

from collections.abc import Collection, Iterator
from functools import partial

from django.db.models import Max, QuerySet

from qingqu.engines.tlog import tiles
from qingqu.engines.tlog.log import TileTree, read_tile
from qingqu.kernel.ledger.models import Check, Checkpoint, Entry, Event, Head, Outbox, Tile

SUBJECTS_AT_ONCE = 1000


def history(subject_kind: str, subject_id: object) -> QuerySet[Event]:
    """A subject's events, oldest first."""
    return Event.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("id")


def last_seqs(subject_kind: str, subject_ids: Collection[str]) -> dict[str, int]:
    """{id: number of its latest event} of the subjects that have one; one query for a thousand subjects."""
    keys = sorted(subject_ids)
    found: dict[str, int] = {}
    for start in range(0, len(keys), SUBJECTS_AT_ONCE):
        rows = Event.objects.filter(subject_kind=subject_kind, subject_id__in=keys[start : start + SUBJECTS_AT_ONCE])
        found |= dict(rows.values_list("subject_id").annotate(Max("seq")))
    return found


class Tables:
    """The log's files as the database holds them: what the engine reads proofs from."""

    def read(self, path: str) -> bytes | None:
        """The content of a file, None when there is none."""
        found = Tile.objects.filter(path=path).values_list("data", flat=True).first()
        return None if found is None else bytes(found)


class Published(Tables):
    """The same with the head published last, as a public copy has it."""

    def read(self, path: str) -> bytes | None:
        """The content of a file, None when there is none."""
        if path != tiles.CHECKPOINT_PATH:
            return super().read(path)
        found = checkpoint()
        return found.text.encode() if found else None


def files() -> Iterator[tuple[str, bytes]]:
    """Every file of the log but the head, as (path, content)."""
    for tile in Tile.objects.order_by("path").iterator(chunk_size=200):
        yield tile.path, bytes(tile.data)


def tree() -> TileTree:
    """Roots and proofs of the log as the database holds it."""
    return TileTree(partial(read_tile, Tables()))


def leaf(index: int, size: int) -> bytes:
    """The public bytes of leaf ``index`` of a log of ``size``. Raises TileError when its bundle is missing."""
    number, place = divmod(index, tiles.TILE_WIDTH)
    width = min(tiles.TILE_WIDTH, size - number * tiles.TILE_WIDTH)
    return tiles.decode_bundle(read_tile(Tables(), tiles.Tile(None, number, width)))[place]


def head() -> Head | None:
    """How far the log has come; None before the first leaf."""
    return Head.objects.first()


def checkpoint() -> Checkpoint | None:
    """The head that was published last; None before the first."""
    return Checkpoint.objects.order_by("-id").first()


def stamped() -> QuerySet[Checkpoint]:
    """The heads that an authority has stamped with the time, oldest first."""
    return Checkpoint.objects.filter(stamp__isnull=False).order_by("id")


def last_check() -> Check | None:
    """The latest comparison of all records with the log; None before the first."""
    return Check.objects.order_by("-at", "-id").first()


def entry_of(event_id: int) -> Entry | None:
    """The leaf that commits to an event; None while it waits."""
    return Entry.objects.filter(event_id=event_id).first()


def event_at(index: int) -> int | None:
    """The event that leaf ``index`` commits to; None when there is none."""
    return Entry.objects.filter(index=index).values_list("event_id", flat=True).first()


def waiting() -> int:
    """How many events the sequencer has not yet committed."""
    return Outbox.objects.count()
