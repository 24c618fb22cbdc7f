"""A log the public can check: RFC 6962 tree in C2SP tiles, signed checkpoints, proofs, receipts, witnesses, audit."""

from qingqu.engines.tlog.appending import Appended, Edge, append
from qingqu.engines.tlog.audit import Report, audit
from qingqu.engines.tlog.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from qingqu.engines.tlog.commitments import check_opening, commit, new_salt
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.findings import Code, Finding
from qingqu.engines.tlog.hashing import empty_root, leaf_hash, node_hash
from qingqu.engines.tlog.keeping import check_promise
from qingqu.engines.tlog.log import Log, TileTree, read_tile
from qingqu.engines.tlog.notes import Note
from qingqu.engines.tlog.policies import Judgement, Policy
from qingqu.engines.tlog.promises import Promise, open_promise, sign_promise
from qingqu.engines.tlog.proofs import ProofError, verify_consistency, verify_inclusion
from qingqu.engines.tlog.receipts import Outcome, Receipt, Verdict, verify_receipt
from qingqu.engines.tlog.storage import DirectoryStorage, HttpReader, MemoryStorage, Storage
from qingqu.engines.tlog.suites import Suite, new_signer, read_skey, read_vkey

__all__ = [
    "Appended",
    "Checkpoint",
    "Code",
    "DirectoryStorage",
    "Edge",
    "Finding",
    "HttpReader",
    "Judgement",
    "Log",
    "MemoryStorage",
    "Note",
    "Outcome",
    "Policy",
    "Promise",
    "ProofError",
    "Receipt",
    "Report",
    "Storage",
    "Suite",
    "TileTree",
    "TlogError",
    "Verdict",
    "append",
    "audit",
    "check_opening",
    "check_promise",
    "commit",
    "empty_root",
    "leaf_hash",
    "new_salt",
    "new_signer",
    "node_hash",
    "open_checkpoint",
    "open_promise",
    "read_skey",
    "read_tile",
    "read_vkey",
    "sign_checkpoint",
    "sign_promise",
    "verify_consistency",
    "verify_inclusion",
    "verify_receipt",
]
