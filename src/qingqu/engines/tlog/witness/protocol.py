"""What is sent to a witness. Source: c2sp.org/tlog-witness."""

from dataclasses import dataclass

from qingqu.engines.tlog.encoding import from_base64, from_decimal, to_base64
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import HASH_SIZE
from qingqu.engines.tlog.notes import MAX_NOTE, Note, NoteError

ADD_CHECKPOINT = "add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
MAX_HASHES = 63

# A full proof of 45 characters a line, and the longest note.
MAX_REQUEST = MAX_HASHES * 45 + 64 + MAX_NOTE


class RequestError(TlogError):
    """A request to a witness is not of its form."""

    code = "TLOG_WITNESS_REQUEST"


@dataclass(frozen=True)
class Request:
    """The size that the witness is believed to know, the proof from there, and the signed head."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    @classmethod
    def parse(cls, raw: bytes) -> "Request":
        """The request of a body. Raises RequestError when it is not one."""
        above, blank, below = raw.partition(b"\n\n")
        try:
            first, *lines = above.decode("ascii").split("\n")
            note = Note.parse(below)
        except (UnicodeDecodeError, NoteError) as error:
            raise RequestError(f"the head in the request: {error}" if blank else "there is no blank line") from None
        old = from_decimal(first.removeprefix("old ")) if first.startswith("old ") else None
        if old is None:
            raise RequestError("the first line is not the old size")
        if len(lines) > MAX_HASHES:
            raise RequestError(f"the proof has {len(lines)} hashes, at most {MAX_HASHES} are possible")
        proof = [from_base64(line) for line in lines]
        hashes = tuple(part for part in proof if part is not None and len(part) == HASH_SIZE)
        if len(hashes) < len(proof):
            raise RequestError("a line of the proof is not a hash")
        return cls(old, hashes, note)

    @property
    def raw(self) -> bytes:
        """The body."""
        lines = [f"old {self.old}", *map(to_base64, self.proof)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.note.raw
