"""Keys of every type from their texts, and which of them sign a head in each profile.

The type is read from the key and never guessed; the Ed25519 line is in every profile, so that every client of c2sp.org
can read the log.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from qingqu.engines.tlog.checkpoints import Checkpoint, sign_checkpoint
from qingqu.engines.tlog.commitments import Algorithm
from qingqu.engines.tlog.cosignatures import (
    COSIGNATURE,
    ML_DSA_44,
    CosignatureSigner,
    CosignatureVerifier,
    MlDsaSigner,
    MlDsaVerifier,
)
from qingqu.engines.tlog.notes import (
    ED25519,
    Ed25519Signer,
    Ed25519Verifier,
    Note,
    NoteError,
    Signer,
    Verifier,
    key_id,
    new_seed,
    split_skey,
    split_vkey,
)
from qingqu.engines.tlog.sm2 import SM2, Sm2Signer, Sm2Verifier

Profile = Literal["intl", "gm", "dual"]

_VERIFIERS: dict[bytes, Callable[[str, bytes], Verifier]] = {
    ED25519: Ed25519Verifier,
    COSIGNATURE: CosignatureVerifier,
    ML_DSA_44: MlDsaVerifier,
    SM2: Sm2Verifier,
}
_SIGNERS: dict[bytes, Callable[[str, bytes], Signer]] = {
    ED25519: Ed25519Signer,
    COSIGNATURE: CosignatureSigner,
    ML_DSA_44: MlDsaSigner,
    SM2: Sm2Signer,
}
LOG_KINDS = frozenset({ED25519, ML_DSA_44, SM2})
WITNESS_KINDS = frozenset({COSIGNATURE, ML_DSA_44})

_COMMITMENTS: dict[Profile, tuple[Algorithm, ...]] = {
    "intl": ("hmac-sha256",),
    "gm": ("hmac-sm3",),
    "dual": ("hmac-sha256", "hmac-sm3"),
}


def read_vkey(text: str) -> Verifier:
    """The public key of any known type. Raises NoteError when it is not one or its id is not its own."""
    name, identity, raw = split_vkey(text)
    kind, public_key = _split(raw)
    found = _VERIFIERS[kind](name, public_key)
    if key_id(found) != identity:
        raise NoteError(f"the public key of {name} does not have the id {identity.hex()}")
    return found


def read_skey(text: str) -> Signer:
    """The private key of any known type. Raises NoteError, which never repeats the key."""
    name, identity, raw = split_skey(text)
    kind, secret = _split(raw)
    found = _SIGNERS[kind](name, secret)
    if key_id(found.verifier) != identity:
        raise NoteError(f"the private key of {name} does not have the id {identity.hex()}")
    return found


def new_signer(name: str, kind: bytes = ED25519) -> Signer:
    """A new random private key. Raises NoteError when the name or type cannot be."""
    if kind not in _SIGNERS:
        raise NoteError("there is no such type of key")
    return _SIGNERS[kind](name, new_seed())


def _split(raw: bytes) -> tuple[bytes, bytes]:
    for kind in _VERIFIERS:
        if raw.startswith(kind):
            return kind, raw[len(kind) :]
    raise NoteError(f"keys of type {raw[:1].hex()} are not known here")


@dataclass(frozen=True)
class Suite:
    """The keys by which a log signs its heads in one profile: Ed25519 first, then the extra ones."""

    profile: Profile
    signers: tuple[Signer, ...]

    @classmethod
    def of(cls, profile: Profile, signers: Iterable[Signer]) -> "Suite":
        """A suite. Raises NoteError when the keys are not those of the profile.

        Each needs one Ed25519 key; gm and dual need an SM2 key and intl has none; an ML-DSA-44 key may be in all. Every
        key has the log's name.
        """
        keys = sorted(signers, key=lambda signer: signer.verifier.kind)
        kinds = [signer.verifier.kind for signer in keys]
        wanted = {ED25519} if profile == "intl" else {ED25519, SM2}
        if len(set(kinds)) < len(kinds) or not wanted <= set(kinds) or not set(kinds) <= wanted | {ML_DSA_44}:
            names = "one Ed25519 key" if profile == "intl" else "one Ed25519 and one SM2 key"
            raise NoteError(f"profile {profile} signs with {names}, and one ML-DSA-44 key at most")
        if len({signer.verifier.name for signer in keys}) > 1:
            raise NoteError("the keys of one log have one name")
        return cls(profile, tuple(keys))

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """The public sides."""
        return tuple(signer.verifier for signer in self.signers)

    @property
    def commitments(self) -> tuple[Algorithm, ...]:
        """The algorithms by which leaves of the profile commit to their content."""
        return _COMMITMENTS[self.profile]

    def sign(self, checkpoint: Checkpoint, *, at: int = 0) -> Note:
        """The head with a line of every key; ``at`` is the POSIX second for keys that state one, 0 for none."""
        return sign_checkpoint(checkpoint, self.signers, at=at)

    def missing(self, note: Note) -> list[Verifier]:
        """The keys of the suite that have not signed a note. Raises BadSignature when one has signed wrongly."""
        signed = {key_id(found.verifier) for found in note.signed_by(self.verifiers)}
        return [verifier for verifier in self.verifiers if key_id(verifier) not in signed]
