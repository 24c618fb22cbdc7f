"""Trust policies: which logs and witnesses are believed, and how many witnesses are enough.

Source: c2sp.org/tlog-policy.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.encoding import from_decimal
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.notes import Note, NoteError, Signed, Unsigned, Verifier, key_id
from qingqu.engines.tlog.suites import LOG_KINDS, WITNESS_KINDS, read_vkey

NO_QUORUM = "none"


class PolicyError(TlogError):
    """A policy file is not of its form; the message names the line."""

    code = "TLOG_POLICY"


@dataclass(frozen=True)
class Member:
    """A log or witness of a policy: its key and, if given, its address."""

    verifier: Verifier
    url: str | None = None


@dataclass(frozen=True)
class Group:
    """So many of these names, witnesses or groups, are needed."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """What a policy says of a head.

    ``logs`` and ``witnesses`` are the lines that hold, the latter by the policy's names; ``needed`` is the least
    number of witnesses that can make the quorum.
    """

    checkpoint: Checkpoint
    logs: tuple[Signed, ...]
    witnesses: Mapping[str, Signed]
    has_quorum: bool
    needed: int

    @property
    def newest(self) -> int | None:
        """The latest POSIX second that a witness of the policy states, None when none states any."""
        return max((signed.at for signed in self.witnesses.values() if signed.at is not None), default=None)


@dataclass(frozen=True)
class Policy:
    """The logs, the witnesses, and the quorum."""

    logs: tuple[Member, ...] = ()
    witnesses: Mapping[str, Member] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NO_QUORUM

    @classmethod
    def parse(cls, raw: bytes) -> "Policy":
        """The policy of a file. Raises PolicyError, which names the line."""
        return _Reader().read(raw)

    @classmethod
    def of_log(cls, vkey: str) -> "Policy":
        """The policy that believes one log and asks for no witness. Raises PolicyError when this is not a log's key."""
        return _Reader().read(f"log {vkey}\nquorum none\n".encode())

    def judge(self, note: Note) -> Judgement:
        """What the policy says of a signed head.

        The line of a log's key counts only under a head of that log. Raises Unsigned when no log of the policy has
        signed, BadSignature when a line of the policy's keys is wrong, CheckpointError when the text is not a head.
        """
        checkpoint = Checkpoint.parse(note.text)
        keys = [log.verifier for log in self.logs if log.verifier.name == checkpoint.origin]
        if not keys:
            raise Unsigned(f"the policy names no log {checkpoint.origin}", origin=checkpoint.origin)
        logs = note.verify(keys)
        by_key = {_identity(signed.verifier): signed for signed in note.signed_by(self._witness_keys())}
        witnesses = {
            name: by_key[_identity(member.verifier)]
            for name, member in self.witnesses.items()
            if _identity(member.verifier) in by_key
        }
        has_quorum = self._holds(self.quorum, witnesses)
        return Judgement(checkpoint, tuple(logs), witnesses, has_quorum, self._least(self.quorum))

    def is_enough(self, names: Collection[str]) -> bool:
        """Whether these witnesses, by the policy's names, make its quorum."""
        return self._holds(self.quorum, names)

    def _witness_keys(self) -> list[Verifier]:
        return [member.verifier for member in self.witnesses.values()]

    def _holds(self, name: str, witnesses: Collection[str]) -> bool:
        if name == NO_QUORUM:
            return True
        group = self.groups.get(name)
        if group is None:
            return name in witnesses
        return sum(self._holds(member, witnesses) for member in group.members) >= group.needed

    def _least(self, name: str) -> int:
        if name == NO_QUORUM:
            return 0
        group = self.groups.get(name)
        return 1 if group is None else sum(sorted(map(self._least, group.members))[: group.needed])


def _identity(verifier: Verifier) -> tuple[str, bytes]:
    return verifier.name, key_id(verifier)


class _Reader:
    """Reads a policy file line by line."""

    def __init__(self) -> None:
        self._logs: list[Member] = []
        self._witnesses: dict[str, Member] = {}
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def read(self, raw: bytes) -> Policy:
        if any((octet < 0x20 and octet not in b"\t\n") or octet == 0x7F for octet in raw):  # noqa: PLR2004 - ASCII
            raise PolicyError("the policy holds control characters other than tab and newline")
        # Octets above ASCII are opaque: they come through unchanged and are never normalised.
        for number, line in enumerate(raw.decode("utf-8", "surrogateescape").split("\n"), 1):
            words = line.replace("\t", " ").split(" ")
            self._line(number, [word for word in words if word])
        if self._quorum is None:
            raise PolicyError("the policy has no quorum line")
        return Policy(tuple(self._logs), self._witnesses, self._groups, self._quorum)

    def _line(self, number: int, words: Sequence[str]) -> None:
        if not words or words[0].startswith("#"):
            return
        readers: dict[str, tuple[Callable[..., None], range]] = {
            "log": (self._log, range(2, 4)),
            "witness": (self._witness, range(3, 5)),
            "group": (self._group, range(4, len(words) + 1)),
            "quorum": (self._set_quorum, range(2, 3)),
        }
        reader, counts = readers.get(words[0], (self._unknown, range(1, len(words) + 1)))
        if len(words) not in counts:
            raise PolicyError(f"line {number} of the policy: the number of words is wrong", line=number)
        try:
            reader(*words[1:])
        except (NoteError, PolicyError) as error:
            raise PolicyError(f"line {number} of the policy: {error}", line=number) from None

    def _unknown(self, *_words: str) -> None:
        raise PolicyError("it begins with none of log, witness, group, quorum")

    def _log(self, vkey: str, url: str | None = None) -> None:
        verifier = self._key(vkey, LOG_KINDS, [log.verifier for log in self._logs], "log")
        self._logs.append(Member(verifier, url))

    def _witness(self, name: str, vkey: str, url: str | None = None) -> None:
        self._new(name)
        known = [member.verifier for member in self._witnesses.values()]
        self._witnesses[name] = Member(self._key(vkey, WITNESS_KINDS, known, "witness"), url)

    def _group(self, name: str, count: str, *members: str) -> None:
        self._new(name)
        for member in members:
            self._defined(member)
            if member in self._grouped:
                raise PolicyError(f"{member!r} is in a group already")
            self._grouped.add(member)
        needed = {"any": 1, "all": len(members)}.get(count, from_decimal(count))
        if needed is None or not 1 <= needed <= len(members):
            raise PolicyError(f"{count!r} of {len(members)} members cannot be asked for")
        self._groups[name] = Group(needed, members)

    def _set_quorum(self, name: str) -> None:
        if self._quorum is not None:
            raise PolicyError("there is a second quorum")
        if name != NO_QUORUM:
            self._defined(name)
        self._quorum = name

    def _new(self, name: str) -> None:
        if name == NO_QUORUM or name in self._witnesses or name in self._groups:
            raise PolicyError(f"the name {name!r} is taken")

    def _defined(self, name: str) -> None:
        if name not in self._witnesses and name not in self._groups:
            raise PolicyError(f"{name!r} is not defined above")

    @staticmethod
    def _key(vkey: str, kinds: frozenset[bytes], known: Sequence[Verifier], role: str) -> Verifier:
        verifier = read_vkey(vkey)
        if verifier.kind not in kinds:
            raise PolicyError(f"a {role} does not sign with a key of this type")
        if any(verifier.public_key == other.public_key for other in known):
            raise PolicyError(f"this key of a {role} is there already")
        return verifier
