"""What a witness remembers: its key, the logs it knows, the last head of each, and evidence of forks.

One folder: ``witness.key`` (secret), ``witness.vkey``, and for each log, named by the SHA-256 of its origin,
``logs/…/`` with ``vkeys``, ``checkpoint`` and ``evidence/``. A witness whose folder is lost must be retired, not
started again: nobody could tell what it had cosigned.
"""

import fcntl
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qingqu.engines.tlog.checkpoints import Checkpoint, CheckpointError
from qingqu.engines.tlog.cosignatures import COSIGNATURE
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import empty_root
from qingqu.engines.tlog.notes import Note, NoteError, Signer, Verifier, signature_line, write_skey, write_vkey
from qingqu.engines.tlog.proofs import ProofError, verify_consistency
from qingqu.engines.tlog.storage import write_durably
from qingqu.engines.tlog.suites import LOG_KINDS, WITNESS_KINDS, new_signer, read_skey, read_vkey
from qingqu.engines.tlog.witness.protocol import SIZE_TYPE, TEXT_TYPE, Request, RequestError

MAX_EVIDENCE = 1000

_KEY, _VKEY, _VKEYS, _HEAD, _LOCK, _EVIDENCE = "witness.key", "witness.vkey", "vkeys", "checkpoint", "lock", "evidence"


class WitnessError(TlogError):
    """A witness cannot be set up or started; the message says what to do."""

    code = "TLOG_WITNESS"


@dataclass(frozen=True)
class Reply:
    """What a witness answers: an HTTP status, the type of the body, and the body."""

    status: int
    body: bytes = b""
    kind: str = TEXT_TYPE


class Records:
    """The folder of a witness, used by any number of threads and processes at once."""

    def __init__(self, folder: Path) -> None:
        """Open the folder that ``create`` made. Raises WitnessError when it is not one."""
        self.folder = folder
        try:
            self._signer: Signer = read_skey((folder / _KEY).read_text(encoding="utf-8").strip())
        except FileNotFoundError:
            raise WitnessError(f"{folder} holds no witness: create one; if there was one, retire its name") from None

    @classmethod
    def create(cls, folder: Path, name: str, kind: bytes = COSIGNATURE) -> "Records":
        """A new witness with a new key. Raises WitnessError when there is one already or for a type of other keys."""
        if kind not in WITNESS_KINDS:
            raise WitnessError("a witness does not sign with a key of this type")
        if (folder / _KEY).exists():
            raise WitnessError(f"{folder} holds a witness already")
        signer = new_signer(name, kind)
        write_durably(folder / _VKEY, f"{write_vkey(signer.verifier)}\n".encode())
        write_durably(folder / _KEY, f"{write_skey(signer)}\n".encode(), mode=0o600)
        return cls(folder)

    @property
    def verifier(self) -> Verifier:
        """The witness's public key."""
        return self._signer.verifier

    def add_log(self, *vkeys: str) -> str:
        """Know a log by its public keys, all of one name, in place of those known before; gives its origin.

        Raises WitnessError when the keys are not those of one log.
        """
        keys = [read_vkey(vkey) for vkey in vkeys]
        origins = {key.name for key in keys}
        if len(origins) != 1 or any(key.kind not in LOG_KINDS for key in keys):
            raise WitnessError("give the keys of one log, all under its one name")
        origin = origins.pop()
        write_durably(self._place(origin) / _VKEYS, "".join(f"{vkey}\n" for vkey in vkeys).encode())
        return origin

    def head(self, origin: str) -> Note | None:
        """The last head of a log that was cosigned, with the cosignature; None when there is none."""
        return self.head_of(origin_hash(origin))

    def head_of(self, log: str) -> Note | None:
        """The same by the hash of the log's origin."""
        try:
            return Note.parse((self.folder / "logs" / log / _HEAD).read_bytes())
        except FileNotFoundError:
            return None

    def evidence(self, origin: str) -> list[Path]:
        """The files that hold heads which the log signed and the witness refused, each with what it knew by then."""
        return sorted((self._place(origin) / _EVIDENCE).glob("*.txt"))

    def add_checkpoint(self, body: bytes, *, at: int) -> Reply:
        """Answer a request at a POSIX second; the new head is kept before its cosignature is given.

        200 with the cosignature; 400 malformed; 403 not signed by the log; 404 log unknown; 409 with the size known;
        422 not a continuation of what was cosigned before.
        """
        try:
            request = Request.parse(body)
            head = Checkpoint.parse(request.note.text)
        except (RequestError, CheckpointError) as error:
            return _says(400, str(error))
        keys = self._keys(head.origin)
        if not keys:
            return _says(404, "this log is not known here")
        try:
            request.note.verify(keys)
        except NoteError as error:
            return _says(403, str(error))
        if request.old > head.size:
            return _says(400, "the old size is greater than that of the head")
        with self._alone(head.origin):
            return self._decide(request, head, at)

    def _decide(self, request: Request, head: Checkpoint, at: int) -> Reply:
        """What to answer, while nobody else may change the log's record."""
        known_note = self.head(head.origin)
        known = Checkpoint(head.origin, 0, empty_root()) if known_note is None else Checkpoint.parse(known_note.text)
        if head.size == known.size and head.root != known.root:
            self._keep_evidence(request, known_note, "FORK")
        if request.old != known.size:
            return Reply(409, f"{known.size}\n".encode(), SIZE_TYPE)
        try:
            verify_consistency(known.size, head.size, known.root, head.root, request.proof)
        except ProofError as error:
            if head.size != known.size:
                self._keep_evidence(request, known_note, "UNPROVED")
            return _says(422, str(error))
        line = signature_line(self._signer, request.note.text, at=at)
        write_durably(self._place(head.origin) / _HEAD, request.note.merged([line]).raw)
        return Reply(200, f"{line}\n".encode())

    def _keep_evidence(self, request: Request, known: Note | None, what: str) -> None:
        """Keep a refused request of the log with what was known: a FORK convicts the log, UNPROVED may be an error."""
        origin = Checkpoint.parse(request.note.text).origin
        content = f"{what}\n\n".encode() + request.raw + b"\n" + (known.raw if known else b"")
        name = f"{what.lower()}-{hashlib.sha256(content).hexdigest()[:32]}.txt"
        if len(self.evidence(origin)) < MAX_EVIDENCE:
            write_durably(self._place(origin) / _EVIDENCE / name, content)

    def _keys(self, origin: str) -> Sequence[Verifier]:
        try:
            lines = (self._place(origin) / _VKEYS).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ()
        return [read_vkey(line) for line in lines]

    def _place(self, origin: str) -> Path:
        return self.folder / "logs" / origin_hash(origin)

    @contextmanager
    def _alone(self, origin: str) -> Iterator[None]:
        """Hold the log's lock; it goes with the process that held it."""
        with (self._place(origin) / _LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def origin_hash(origin: str) -> str:
    """The name of a log's folder: the SHA-256 of its origin in hexadecimal."""
    return hashlib.sha256(origin.encode()).hexdigest()


def _says(status: int, message: str) -> Reply:
    return Reply(status, f"{message}\n".encode())
