"""Reading events and the log."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial

from django.db.models import Max, QuerySet

from qingqu.engines.tlog import tiles
from qingqu.engines.tlog.log import TileTree, read_tile
from qingqu.engines.tlog.storage import Readable
from qingqu.kernel.ledger import registry
from qingqu.kernel.ledger.models import Check, Checkpoint, Entry, Event, Head, Outbox, Promise, Tile

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


class Fetched(Tables):
    """The same with some files read at once; any other is read when it is asked for."""

    def __init__(self, wanted: Iterable[tiles.Tile]) -> None:
        """Read these tiles and bundles and their full forms, in one query."""
        paths = {path for tile in wanted for path in (tile.path, replace(tile, width=tiles.TILE_WIDTH).path)}
        self._kept = dict(Tile.objects.filter(path__in=sorted(paths)).values_list("path", "data"))

    def read(self, path: str) -> bytes | None:
        """The content of a file, None when there is none."""
        kept = self._kept.get(path)
        return super().read(path) if kept is None else bytes(kept)


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


def tree(storage: Readable | None = None) -> TileTree:
    """Roots and proofs of the log as the database, or ``storage``, holds it."""
    return TileTree(partial(read_tile, storage or Tables()))


def leaf(index: int, size: int, storage: Readable | None = None) -> bytes:
    """The public bytes of leaf ``index`` of a log of ``size``. Raises TileError when its bundle is missing."""
    bundle = _bundle_of(index, size)
    return tiles.decode_bundle(read_tile(storage or Tables(), bundle))[index % tiles.TILE_WIDTH]


def proof_files(index: int, size: int) -> Fetched:
    """What leaf ``index`` of a log of ``size`` and its proof are read from, in one query."""
    return Fetched([_bundle_of(index, size), *tiles.tiles_of_proof(index, size)])


def _bundle_of(index: int, size: int) -> tiles.Tile:
    number = index // tiles.TILE_WIDTH
    return tiles.Tile(None, number, tiles.width_at(0, number, size))


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


def promise_of(event_id: int) -> Promise | None:
    """What was promised of an event; None when nothing was."""
    return Promise.objects.filter(event_id=event_id).first()


def unpromised() -> QuerySet[Outbox, int]:
    """The waiting events that the public learns of and that nothing was promised of yet, by id."""
    rows = Outbox.objects.filter(leaf__isnull=True, event__kind__in=registry.public_kinds())
    return rows.order_by("event_id").values_list("event_id", flat=True)


def waiting() -> int:
    """How many events the sequencer has not yet committed."""
    return Outbox.objects.count()
