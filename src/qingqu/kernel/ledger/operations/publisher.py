"""Signing the head, asking the witnesses, and writing the public folder: tiles first, the head last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from qingqu.engines.tlog.checkpoints import Checkpoint as Signed
from qingqu.engines.tlog.log import TileTree
from qingqu.engines.tlog.notes import Note, SignatureLine
from qingqu.engines.tlog.policies import Judgement, Member, Policy
from qingqu.engines.tlog.storage import Storage
from qingqu.engines.tlog.tiles import CHECKPOINT_PATH
from qingqu.engines.tlog.witness.client import WitnessRefused, ask
from qingqu.kernel.ledger import queries
from qingqu.kernel.ledger.models import Checkpoint, Head, Tile
from qingqu.kernel.ledger.signer import FileSigner, alone

FRESH = timedelta(hours=1)
"""A head is signed and witnessed anew after this time even when nothing was added, so that its age says something."""
PATIENCE = timedelta(minutes=10)
"""How long the publisher waits for a quorum of witnesses before it publishes and says that there is none."""
TILES_AT_ONCE = 200


@dataclass(frozen=True)
class Published:
    """What a round of the publisher came to; ``refusals`` are the witnesses' reasons, by name."""

    checkpoint: Checkpoint | None
    refusals: dict[str, str]


def publish(*, at: datetime, signer: FileSigner, policy: Policy, folder: Storage) -> Published:
    """Publish the present head when it is new or the published one is old.

    Waits for the policy's quorum, at most ``PATIENCE``; then publishes and says that the head is not witnessed. Stopped
    anywhere, it goes on with the same head: what was published is always the beginning of what comes.
    Raises SigningRefused when the database was rolled back or rewritten.
    """
    with alone(signer.folder, "publishing"):
        return _publish(at, signer, policy, folder)


def _publish(at: datetime, signer: FileSigner, policy: Policy, folder: Storage) -> Published:
    head, last, before = queries.head(), queries.checkpoint(), signer.last()
    if head is None or (last and before and _is_out(head, before, last) and last.published_at > at - FRESH):
        return Published(None, {})
    tree = queries.tree()
    proof = tree.consistency_proof(before.size, head.size) if before and before.size < head.size else []
    note = signer.sign(head.size, bytes(head.root), proof, at=int(at.timestamp()))
    note, refusals = _witnessed(note, tree, policy, last)
    judgement = policy.judge(note)
    if not judgement.has_quorum and _is_patient(head, at):
        return Published(None, refusals)
    _write_tiles(folder)
    folder.write(CHECKPOINT_PATH, note.raw)
    return Published(_keep(note, judgement, at), refusals)


def _is_out(head: Head, before: Signed, last: Checkpoint) -> bool:
    """Whether the head is the one signed last and was published: a process may have died between the two."""
    return (head.size, bytes(head.root)) == (before.size, before.root) and last.size == head.size


def _witnessed(note: Note, tree: TileTree, policy: Policy, last: Checkpoint | None) -> tuple[Note, dict[str, str]]:
    """The note with a line of every witness that gave one, and why the others did not."""
    refusals = {}
    for name, member in policy.witnesses.items():
        if member.url:
            try:
                note = note.merged(_ask(member, note, tree, last))
            except WitnessRefused as refused:
                refusals[name] = str(refused)
    return note, refusals


def _ask(member: Member, note: Note, tree: TileTree, last: Checkpoint | None) -> tuple[SignatureLine, ...]:
    prove = partial(_proof, tree)
    known = last.size if last and last.is_witnessed else 0
    return ask(str(member.url), note, prove=prove, known=known, witnesses=[member.verifier]).lines


def _proof(tree: TileTree, old: int, new: int) -> list[bytes]:
    return tree.consistency_proof(old, new) if old < new else []


def _is_patient(head: Head, at: datetime) -> bool:
    """Whether the quorum may still be waited for; notes when the waiting began."""
    if head.waiting_since is None:
        Head.objects.update(waiting_since=at)
        return True
    return head.waiting_since > at - PATIENCE


def _write_tiles(folder: Storage) -> None:
    """Write every file of the log that is not in the public folder yet."""
    while chosen := list(Tile.objects.filter(is_published=False).order_by("path")[:TILES_AT_ONCE]):
        for tile in chosen:
            folder.write(tile.path, bytes(tile.data))
        Tile.objects.filter(path__in=[tile.path for tile in chosen]).update(is_published=True)


def _keep(note: Note, judgement: Judgement, at: datetime) -> Checkpoint:
    """The published head on record; of heads of one size only the latest."""
    Head.objects.update(waiting_since=None)
    size = judgement.checkpoint.size
    made = Checkpoint.objects.create(
        size=size,
        text=note.raw.decode(),
        witnesses=sorted(judgement.witnesses),
        is_witnessed=bool(judgement.witnesses) and judgement.has_quorum,
        published_at=at,
    )
    Checkpoint.objects.filter(size=size, stamp__isnull=True).exclude(pk=made.pk).delete()
    return made
