"""Checkpoints: the head of a log as the text of a signed note.

Written without extension lines, which nobody can audit; read with them, as the specification asks. Source:
c2sp.org/tlog-checkpoint.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qingqu.engines.tlog.encoding import from_base64, from_decimal, to_base64
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import HASH_SIZE, empty_root
from qingqu.engines.tlog.notes import Note, Signed, Signer, Verifier, is_name, sign

_LINES = 3
MAX_SIZE = (1 << 63) - 1


class CheckpointError(TlogError):
    """A text is not the head of a log, or not of the log that was asked for."""

    code = "TLOG_CHECKPOINT"


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: its name, number of leaves, root, and extension lines of other people's logs."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The head that a note's text states. Raises CheckpointError, naming the line that is wrong."""
        lines = text.split("\n")
        if len(lines) <= _LINES or lines.pop():
            raise CheckpointError("a checkpoint has at least three lines: origin, size, root")
        if not all(lines):
            raise CheckpointError("a checkpoint has no empty lines")
        size = from_decimal(lines[1])
        if size is None or size > MAX_SIZE:
            raise CheckpointError(f"the second line is not a size: {lines[1][:40]!r}")
        root = from_base64(lines[2])
        if root is None or len(root) != HASH_SIZE:
            raise CheckpointError(f"the third line is not a root: {lines[2][:60]!r}")
        if size == 0 and root != empty_root():
            raise CheckpointError("an empty log has the root of nothing, this is another")
        return cls(lines[0], size, root, tuple(lines[_LINES:]))

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[Signer], *, at: int = 0) -> Note:
    """The signed head of our own log; ``at`` is the POSIX second for keys that state one, 0 for none.

    Raises CheckpointError for an origin with spaces or a plus, and for extension lines.
    """
    if not is_name(checkpoint.origin):
        raise CheckpointError(f"{checkpoint.origin!r} cannot be the origin of a log: no spaces, no plus")
    if checkpoint.extensions:
        raise CheckpointError("extension lines are not written: nobody can audit them")
    Checkpoint.parse(checkpoint.text)
    return sign(checkpoint.text, signers, at=at)


def open_checkpoint(raw: bytes, verifiers: Iterable[Verifier], *, origin: str) -> tuple[Checkpoint, list[Signed]]:
    """A log's head and who of the keys has signed it, at least one.

    Raises NoteError (Unsigned, BadSignature) or CheckpointError, the latter also when it is another log's head.
    """
    note = Note.parse(raw)
    signed = note.verify(verifiers)
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != origin:
        raise CheckpointError(f"this is the head of {checkpoint.origin}, not of {origin}", origin=checkpoint.origin)
    return checkpoint, signed
