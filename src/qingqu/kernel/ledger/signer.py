"""The key that signs the log's heads, and what it signed last: files outside the database.

Whoever can write to the database can not sign; whoever restores an old database is refused, because the signer
remembers. The folder belongs to the account that runs the worker; the web server needs nothing of it.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from qingqu.engines.tlog.checkpoints import Checkpoint, open_checkpoint
from qingqu.engines.tlog.notes import ED25519, Note, write_skey, write_vkey
from qingqu.engines.tlog.promises import Promise, PromiseSigner, sign_promise
from qingqu.engines.tlog.proofs import ProofError, verify_consistency
from qingqu.engines.tlog.sm2 import SM2
from qingqu.engines.tlog.storage import write_durably
from qingqu.engines.tlog.suites import Profile, Suite, new_signer, read_skey
from qingqu.kernel.core.errors import Refused

KEY = "log.key"
SIGNED = "log.signed"
OWNER_ONLY = 0o600


class SigningRefused(Refused):
    """The head is older than, or another than, what was signed before; the message says what to do."""

    code = "LEDGER_SIGNING_REFUSED"


class NoKey(Refused):
    """There is no signing key here; the message says where one is expected."""

    code = "LEDGER_NO_KEY"


def make_keys(folder: Path, origin: str, profile: Profile = "intl") -> None:
    """Make the signing keys of a log named ``origin`` in ``folder``, one a line, unless there are some."""
    if not (folder / KEY).exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kinds = [ED25519] if profile == "intl" else [ED25519, SM2]
        lines = [f"{write_skey(new_signer(origin, kind))}\n" for kind in kinds]
        write_durably(folder / KEY, "".join(lines).encode(), mode=OWNER_ONLY)


class FileSigner:
    """Signs heads with the keys in ``folder``; one head a size, and only heads that continue the last one."""

    def __init__(self, folder: Path, profile: Profile = "intl") -> None:
        """Read the keys. Raises NoKey, and NoteError when they are not those of the profile."""
        self.folder = folder
        try:
            lines = (folder / KEY).read_text().split()
        except FileNotFoundError:
            raise NoKey(
                _("没有找到日志签名密钥（%(path)s）。请放回另行保管的密钥；任务进程须在存放密钥的机器上运行。")
                % {"path": folder / KEY}
            ) from None
        self._suite = Suite.of(profile, [read_skey(line) for line in lines])

    @property
    def origin(self) -> str:
        """The name of the log."""
        return self._suite.verifiers[0].name

    @property
    def vkeys(self) -> list[str]:
        """The public keys in text form, with which anybody verifies; the Ed25519 key comes first."""
        return [write_vkey(verifier) for verifier in self._suite.verifiers]

    def last(self) -> Checkpoint | None:
        """The head that was signed last; None before the first."""
        try:
            raw = (self.folder / SIGNED).read_bytes()
        except FileNotFoundError:
            return None
        return open_checkpoint(raw, self._suite.verifiers, origin=self.origin)[0]

    def sign(self, size: int, root: bytes, proof: Sequence[bytes], *, at: int) -> Note:
        """The signed head, remembered on the disk before it is given out; ``proof`` continues the last signed head.

        Raises SigningRefused when the head is older, or is not a continuation.
        """
        with alone(self.folder, "signing"):
            self._check(size, root, proof)
            note = self._suite.sign(Checkpoint(self.origin, size, root), at=at)
            write_durably(self.folder / SIGNED, note.raw, mode=OWNER_ONLY)
            return note

    def promise(self, leaf: bytes, *, at: int, due: int) -> Note:
        """The signed word that the leaf of this hash, promised at a POSIX second, will be in the log by another.

        The log's Ed25519 key signs it, under a type that no head can be signed with. Raises PromiseError.
        """
        key = self._suite.signers[0]
        return sign_promise(Promise(self.origin, leaf, at, due), PromiseSigner(self.origin, key.secret))

    def _check(self, size: int, root: bytes, proof: Sequence[bytes]) -> None:
        before = self.last()
        if before is None:
            return
        if size < before.size:
            raise SigningRefused(
                _(
                    "日志只有 %(size)s 条，而已签署过 %(signed)s 条：数据库被退回到旧的备份。"
                    "请从最新的备份恢复；缺少的条目不能重写，须查明原因并公告。"
                )
                % {"size": size, "signed": before.size}
            )
        try:
            verify_consistency(before.size, size, before.root, root, proof)
        except ProofError as problem:
            raise SigningRefused(
                _(
                    "日志第 %(signed)s 条以内的内容与签署时不同：历史被改写。不再签署。"
                    "请保留现状，用 qingqu ledger verify 查出改动之处，并从备份恢复。"
                )
                % {"signed": before.size}
            ) from problem


@contextmanager
def alone(folder: Path, task: str) -> Iterator[None]:
    """Do ``task`` in one process at a time; the others wait their turn."""
    handle = os.open(folder / f".{task}", os.O_CREAT | os.O_RDWR, OWNER_ONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
