"""A log the public can check: RFC 6962 tree in C2SP tiles, signed checkpoints, proofs, receipts, witnesses, audit."""

from qingqu.engines.tlog.appending import Appended, Edge, append
from qingqu.engines.tlog.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.hashing import empty_root, leaf_hash, node_hash
from qingqu.engines.tlog.log import Log, TileTree, read_tile
from qingqu.engines.tlog.notes import Note
from qingqu.engines.tlog.proofs import ProofError, verify_consistency, verify_inclusion
from qingqu.engines.tlog.storage import DirectoryStorage, HttpReader, MemoryStorage, Storage

__all__ = [
    "Appended",
    "Checkpoint",
    "DirectoryStorage",
    "Edge",
    "HttpReader",
    "Log",
    "MemoryStorage",
    "Note",
    "ProofError",
    "Storage",
    "TileTree",
    "TlogError",
    "append",
    "empty_root",
    "leaf_hash",
    "node_hash",
    "open_checkpoint",
    "read_tile",
    "sign_checkpoint",
    "verify_consistency",
    "verify_inclusion",
]
