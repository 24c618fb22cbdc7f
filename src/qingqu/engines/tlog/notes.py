"""Signed notes: a text, a blank line, and signature lines of any number of keys.

Lines of unknown keys are kept and ignored; a wrong line of a known key spoils the note. Source: c2sp.org/signed-note.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from qingqu.engines.tlog.encoding import from_base64, to_base64
from qingqu.engines.tlog.errors import TlogError

ED25519 = b"\x01"
SEED_SIZE = 32

# The limits of golang.org/x/mod/sumdb/note: a note of a million bytes with a hundred signatures is not a note.
MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100

_KEY_ID_SIZE = 4
_DASH = "— "
_PRIVATE = "PRIVATE+KEY+"


class NoteError(TlogError):
    """A note or a key is not of its form."""

    code = "TLOG_NOTE"


class BadSignature(NoteError):
    """A line carries the name and id of a known key, and its signature does not hold."""

    code = "TLOG_BAD_SIGNATURE"


class Unsigned(NoteError):
    """No key that is known has signed the note."""

    code = "TLOG_UNSIGNED"


@dataclass(frozen=True)
class SignatureLine:
    """One line below a note: who signed, with which key (4 bytes), and the signature."""

    name: str
    key_id: bytes
    signature: bytes

    @classmethod
    def parse(cls, line: str) -> "SignatureLine":
        """The line without its newline. Raises NoteError when it is not a signature line."""
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        raw = from_base64(encoded)
        if not line.startswith(_DASH) or not space or not is_name(name) or raw is None or len(raw) <= _KEY_ID_SIZE:
            raise NoteError(f"this is not a signature line: {line[:80]!r}")
        return cls(name, raw[:_KEY_ID_SIZE], raw[_KEY_ID_SIZE:])

    def __str__(self) -> str:
        """The line without its newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}"


class Verifier(Protocol):
    """A public key and what it may sign."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def kind(self) -> bytes:
        """The signature type: one byte, or 0xff and a longer identifier."""

    @property
    def public_key(self) -> bytes:
        """The key's bytes."""

    def check(self, text: str, signature: bytes) -> int | None:
        """The POSIX second the signature states, None when it states none. Raises BadSignature when it is wrong."""


class Signer(Protocol):
    """A private key with its public side."""

    @property
    def verifier(self) -> Verifier:
        """The public side."""

    @property
    def secret(self) -> bytes:
        """The 32 bytes to keep."""

    def sign(self, text: str, *, at: int) -> bytes:
        """The signature of a note's text; ``at`` is the POSIX second for types that state one."""


@dataclass(frozen=True)
class Signed:
    """A line that holds: the key and the POSIX second it states, if any."""

    verifier: Verifier
    at: int | None


@dataclass(frozen=True)
class Note:
    """A text, which ends with a newline, and its signature lines."""

    text: str
    signatures: tuple[SignatureLine, ...]

    @classmethod
    def parse(cls, raw: bytes) -> "Note":
        """The note. Raises NoteError when it is not one: encoding, control characters, lines, limits."""
        if len(raw) > MAX_NOTE:
            raise NoteError(f"the note has {len(raw)} bytes, at most {MAX_NOTE} are read")
        try:
            whole = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise NoteError("the note is not UTF-8") from None
        check_text(whole)
        text, blank, below = whole.rpartition("\n\n")
        if not blank or not below:
            raise NoteError("the note has no blank line with signatures below it")
        lines = below[:-1].split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise NoteError(f"the note has {len(lines)} signatures, at most {MAX_SIGNATURES} are read")
        return cls(text + "\n", tuple(SignatureLine.parse(line) for line in lines))

    @property
    def raw(self) -> bytes:
        """The note as it is stored and sent."""
        return (self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)).encode()

    def signed_by(self, verifiers: Iterable[Verifier]) -> list[Signed]:
        """Which of the keys have signed, each once, in the order of the lines; possibly none.

        Raises BadSignature when a line of one of the keys does not hold.
        """
        known = by_identity(verifiers)
        found: dict[tuple[str, bytes], Signed] = {}
        for line in self.signatures:
            identity = line.name, line.key_id
            verifier = known.get(identity)
            if verifier is not None and identity not in found:
                found[identity] = Signed(verifier, verifier.check(self.text, line.signature))
        return list(found.values())

    def verify(self, verifiers: Iterable[Verifier]) -> list[Signed]:
        """The same, with at least one. Raises Unsigned when no key has signed."""
        found = self.signed_by(verifiers)
        if not found:
            names = ", ".join(line.name for line in self.signatures)
            raise Unsigned(f"no known key signed the note; there are lines of {names}")
        return found

    def merged(self, lines: Iterable[SignatureLine]) -> "Note":
        """The note with more lines; a line of a key that is there already takes the old one's place."""
        kept = {(line.name, line.key_id): line for line in (*self.signatures, *lines)}
        return Note(self.text, tuple(kept.values()))


def check_text(text: str) -> None:
    """Raise NoteError unless a text may stand in a note: it ends with a newline and has no other control character."""
    if not text.endswith("\n"):
        raise NoteError("the text does not end with a newline")
    if any(character < " " and character != "\n" for character in text):
        raise NoteError("the text holds a control character")


def is_name(name: str) -> bool:
    """Whether a key may have this name: not empty, no space, no plus."""
    return bool(name) and "+" not in name and not any(map(str.isspace, name))


def key_id(verifier: Verifier) -> bytes:
    """The 4 bytes by which signature lines name a key."""
    whole = verifier.name.encode() + b"\n" + verifier.kind + verifier.public_key
    return hashlib.sha256(whole).digest()[:_KEY_ID_SIZE]


def by_identity(verifiers: Iterable[Verifier]) -> dict[tuple[str, bytes], Verifier]:
    """Keys by name and id. Raises NoteError when two different ones share both."""
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        other = known.setdefault((verifier.name, key_id(verifier)), verifier)
        if other.public_key != verifier.public_key:
            raise NoteError(f"two keys are called {verifier.name} and share their id: rename one")
    return known


def sign(text: str, signers: Sequence[Signer], *, at: int) -> Note:
    """The note of a text with one line of each key. Raises NoteError when the text cannot stand in a note."""
    check_text(text)
    if not signers:
        raise NoteError("a note needs at least one signature")
    return Note(text, tuple(signature_line(signer, text, at=at) for signer in signers))


def signature_line(signer: Signer, text: str, *, at: int) -> SignatureLine:
    """One key's line for a text."""
    return SignatureLine(signer.verifier.name, key_id(signer.verifier), signer.sign(text, at=at))


def write_vkey(verifier: Verifier) -> str:
    """The public key as text: name, id, and base 64 of type and key."""
    return f"{verifier.name}+{key_id(verifier).hex()}+{to_base64(verifier.kind + verifier.public_key)}"


def write_skey(signer: Signer) -> str:
    """The private key as text; to be kept secret."""
    verifier = signer.verifier
    return f"{_PRIVATE}{verifier.name}+{key_id(verifier).hex()}+{to_base64(verifier.kind + signer.secret)}"


def split_vkey(text: str) -> tuple[str, bytes, bytes]:
    """Name, id, and type with key of a public key in text form. Raises NoteError when it is not one."""
    name, _plus, rest = text.partition("+")
    identity, _plus, encoded = rest.partition("+")
    raw = from_base64(encoded)
    if not is_name(name) or not _is_id(identity) or not raw:
        raise NoteError(f"this is not a public key of a note: {text[:80]!r}")
    return name, bytes.fromhex(identity), raw


def split_skey(text: str) -> tuple[str, bytes, bytes]:
    """The same of a private key; the message never repeats it."""
    try:
        # Without its beginning a private key has the form of a public one; a public one then has no name.
        return split_vkey(text.removeprefix(_PRIVATE) if text.startswith(_PRIVATE) else "")
    except NoteError:
        raise NoteError("this is not a private key of a note") from None


def _is_id(text: str) -> bool:
    return len(text) == 2 * _KEY_ID_SIZE and all(digit in "0123456789abcdef" for digit in text)


def new_seed() -> bytes:
    """32 random bytes for a new private key."""
    return secrets.token_bytes(SEED_SIZE)


class Ed25519Verifier:
    """A key that signs the text of notes (type 0x01)."""

    kind = ED25519

    def __init__(self, name: str, public_key: bytes) -> None:
        """Use a 32-byte public key. Raises NoteError when name or key cannot be."""
        self.name, self.public_key = name, public_key
        self._key = ed25519_public(name, public_key)

    def check(self, text: str, signature: bytes) -> None:
        """Raise BadSignature when the signature is wrong; it states no time."""
        check_ed25519(self.name, self._key, signature, text.encode())


class Ed25519Signer:
    """A private key that signs the text of notes (type 0x01)."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Use a 32-byte seed. Raises NoteError when name or seed cannot be."""
        self._key = ed25519_private(seed)
        self.secret = seed
        self.verifier = Ed25519Verifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str, *, at: int) -> bytes:
        """The 64-byte signature; the time is not part of it."""
        del at
        return self._key.sign(text.encode())


def ed25519_public(name: str, public_key: bytes) -> Ed25519PublicKey:
    """A public key object. Raises NoteError when name or key cannot be."""
    if not is_name(name):
        raise NoteError(f"{name!r} cannot name a key: no spaces, no plus")
    if len(public_key) != SEED_SIZE:
        raise NoteError(f"an Ed25519 public key has {SEED_SIZE} bytes, this one {len(public_key)}")
    return Ed25519PublicKey.from_public_bytes(public_key)


def ed25519_private(seed: bytes) -> Ed25519PrivateKey:
    """A private key object. Raises NoteError when the seed has another length."""
    if len(seed) != SEED_SIZE:
        raise NoteError(f"an Ed25519 seed has {SEED_SIZE} bytes")
    return Ed25519PrivateKey.from_private_bytes(seed)


def check_ed25519(name: str, key: Ed25519PublicKey, signature: bytes, message: bytes) -> None:
    """Raise BadSignature, naming the key, unless the signature holds."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        raise BadSignature(f"the signature of {name} is wrong", name=name) from None
