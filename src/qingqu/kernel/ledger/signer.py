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

from qingqu.engines.tlog.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from qingqu.engines.tlog.notes import Ed25519Signer, Note, new_seed, split_skey, write_skey, write_vkey
from qingqu.engines.tlog.proofs import ProofError, verify_consistency
from qingqu.engines.tlog.storage import write_durably
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


def make_key(folder: Path, origin: str) -> None:
    """Make a signing key named ``origin`` in ``folder`` unless there is one."""
    if not (folder / KEY).exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_durably(folder / KEY, (write_skey(Ed25519Signer(origin, new_seed())) + "\n").encode(), mode=OWNER_ONLY)


class FileSigner:
    """Signs heads with the key in ``folder``; one head a size, and only heads that continue the last one."""

    def __init__(self, folder: Path) -> None:
        """Read the key. Raises NoKey."""
        self.folder = folder
        try:
            name, _identity, raw = split_skey((folder / KEY).read_text().strip())
        except FileNotFoundError:
            raise NoKey(
                _("没有找到日志签名密钥（%(path)s）。请在任务进程所在的机器上运行。") % {"path": folder / KEY}
            ) from None
        self._key = Ed25519Signer(name, raw[1:])

    @property
    def origin(self) -> str:
        """The name of the log."""
        return self._key.verifier.name

    @property
    def vkey(self) -> str:
        """The public key in text form, with which anybody verifies."""
        return write_vkey(self._key.verifier)

    def last(self) -> Checkpoint | None:
        """The head that was signed last; None before the first."""
        try:
            raw = (self.folder / SIGNED).read_bytes()
        except FileNotFoundError:
            return None
        return open_checkpoint(raw, [self._key.verifier], origin=self.origin)[0]

    def sign(self, size: int, root: bytes, proof: Sequence[bytes], *, at: int) -> Note:
        """The signed head, remembered on the disk before it is given out; ``proof`` continues the last signed head.

        Raises SigningRefused when the head is older, or is not a continuation.
        """
        with self._alone():
            self._check(size, root, proof)
            note = sign_checkpoint(Checkpoint(self.origin, size, root), [self._key], at=at)
            write_durably(self.folder / SIGNED, note.raw, mode=OWNER_ONLY)
            return note

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
    def _alone(self) -> Iterator[None]:
        """One signature at a time, whatever the number of processes."""
        handle = os.open(self.folder / ".lock", os.O_CREAT | os.O_RDWR, OWNER_ONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
