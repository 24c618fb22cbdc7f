"""The log of this installation: where its keys, openers and public folder are, and whom it trusts as witnesses."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from qingqu.engines.tlog.policies import Policy
from qingqu.engines.tlog.storage import DirectoryStorage
from qingqu.kernel.ledger import queries
from qingqu.kernel.ledger.operations import Terms
from qingqu.kernel.ledger.signer import FileSigner, make_keys
from qingqu.kernel.ledger.vault import Vault


def vault() -> Vault:
    """The salts that open what was committed."""
    return Vault(settings.QINGQU_KEYS)


def signer() -> FileSigner:
    """The signer; its keys are made the first time, and never again once a head was published. Raises NoKey."""
    profile = settings.QINGQU_CRYPTO_PROFILE
    if queries.checkpoint() is None:
        make_keys(settings.QINGQU_KEYS, settings.QINGQU_LOG_ORIGIN, profile)
    return FileSigner(settings.QINGQU_KEYS, profile)


def policy(vkeys: list[str]) -> Policy:
    """Whom to believe: the file of QINGQU_LOG_POLICY, else our own first key and no witness.

    Raises PolicyError, which names the line.
    """
    return Policy.parse(policy_text(vkeys))


def policy_text(vkeys: list[str]) -> bytes:
    """The same as the file that everybody may read and check against what the witnesses publish."""
    if settings.QINGQU_LOG_POLICY:
        return Path(settings.QINGQU_LOG_POLICY).read_bytes()
    return "".join([*(f"log {vkey}\n" for vkey in vkeys), "quorum none\n"]).encode()


def folder() -> DirectoryStorage:
    """The public folder."""
    return DirectoryStorage(settings.QINGQU_LOG)


def terms(signer: FileSigner) -> Terms:
    """What promises are made with."""
    return Terms(signer, vault(), algorithm(), timedelta(hours=settings.QINGQU_PROMISE_HOURS))


def algorithm() -> str:
    """How leaves commit to what they say."""
    return "hmac-sm3" if settings.QINGQU_CRYPTO_PROFILE == "gm" else "hmac-sha256"
