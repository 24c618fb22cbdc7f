"""Checking a whole log: every entry, every tile, the head, who witnessed it, and what one remembers of it.

What no audit of files alone can find is an older head put back: give the head that is remembered, or the age that its
newest cosignature may have.
"""

from dataclasses import dataclass

from qingqu.engines.tlog.checkpoints import Checkpoint, CheckpointError
from qingqu.engines.tlog.findings import Code, Finding
from qingqu.engines.tlog.log import TileTree, read_tile
from qingqu.engines.tlog.notes import BadSignature, Note, NoteError, Unsigned
from qingqu.engines.tlog.policies import Judgement, Policy
from qingqu.engines.tlog.storage import Readable
from qingqu.engines.tlog.sweep import Progress, check_tree
from qingqu.engines.tlog.tiles import CHECKPOINT_PATH

# How far a witness's clock may be ahead.
CLOCK_SECONDS = 60


@dataclass(frozen=True)
class Report:
    """What an audit found: nothing when the log is sound.

    ``checkpoint`` is the head that was checked, None when there was none to read; ``judgement`` what the policy says of
    it, None when its signatures do not hold.
    """

    findings: tuple[Finding, ...]
    checkpoint: Checkpoint | None = None
    judgement: Judgement | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def audit(
    storage: Readable,
    policy: Policy,
    *,
    remembered: Checkpoint | None = None,
    at: int | None = None,
    max_age_seconds: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check everything that can be checked; ``progress`` is told entries done and entries in all.

    ``at`` is the POSIX second of the audit and is needed with ``max_age_seconds``. Raises StorageError when the storage
    cannot be read; what is missing or wrong in it is a finding.
    """
    raw = storage.read(CHECKPOINT_PATH)
    if raw is None:
        return Report((Finding(Code.HEAD_MISSING, CHECKPOINT_PATH),))
    try:
        note = Note.parse(raw)
        head = Checkpoint.parse(note.text)
    except (NoteError, CheckpointError):
        return Report((Finding(Code.HEAD_MALFORMED, CHECKPOINT_PATH),))
    judgement, found = _judge(note, policy)
    found += _age(judgement, at, max_age_seconds)
    tree = check_tree(storage, head, progress=progress)
    found += tree
    if remembered is not None:
        found += _compare(storage, head, remembered, is_whole=not tree)
    return Report(tuple(found), head, judgement)


def _judge(note: Note, policy: Policy) -> tuple[Judgement | None, list[Finding]]:
    try:
        judgement = policy.judge(note)
    except Unsigned:
        return None, [Finding(Code.LOG_UNKNOWN, CHECKPOINT_PATH)]
    except BadSignature:
        return None, [Finding(Code.SIGNATURE_WRONG, CHECKPOINT_PATH)]
    if judgement.has_quorum:
        return judgement, []
    numbers = {"witnesses": len(judgement.witnesses), "needed": judgement.needed}
    return judgement, [Finding(Code.QUORUM_SHORT, CHECKPOINT_PATH, numbers)]


def _age(judgement: Judgement | None, at: int | None, max_age_seconds: int | None) -> list[Finding]:
    if judgement is None or at is None:
        return []
    newest = judgement.newest
    if newest is None:
        return [] if max_age_seconds is None else [Finding(Code.NO_TIME, CHECKPOINT_PATH)]
    if newest > at + CLOCK_SECONDS:
        return [Finding(Code.TIME_AHEAD, CHECKPOINT_PATH, {"seconds": newest - at})]
    if max_age_seconds is not None and at - newest > max_age_seconds:
        return [Finding(Code.STALE, CHECKPOINT_PATH, {"seconds": at - newest, "most": max_age_seconds})]
    return []


def _compare(storage: Readable, head: Checkpoint, remembered: Checkpoint, *, is_whole: bool) -> list[Finding]:
    """The head against one that is remembered; a tree that is not whole is not asked for its older roots."""
    numbers = {"size": head.size, "remembered": remembered.size}
    if remembered.size > head.size:
        return [Finding(Code.ROLLED_BACK, CHECKPOINT_PATH, numbers)]
    if remembered.size == head.size:
        return [] if remembered.root == head.root else [Finding(Code.FORKED, CHECKPOINT_PATH, numbers)]
    if not is_whole:
        return []
    tree = TileTree(lambda tile: read_tile(storage, tile, size=head.size))
    same = tree.root(remembered.size) == remembered.root
    return [] if same else [Finding(Code.REWRITTEN, CHECKPOINT_PATH, numbers)]
