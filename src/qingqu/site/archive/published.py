"""What a public copy of the log says was erased after an archive was made."""

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from qingqu.engines import tlog
from qingqu.engines.tlog.audit import audit
from qingqu.engines.tlog.hashing import leaf_hash
from qingqu.engines.tlog.log import TileTree, read_tile
from qingqu.engines.tlog.storage import Readable
from qingqu.engines.tlog.tiles import bundles_of, decode_bundle
from qingqu.kernel.core.errors import Refused
from qingqu.kernel.ledger import rules
from qingqu.kernel.ledger.proofs import POLICY_PATH
from qingqu.kernel.ledger.vault import Erased
from qingqu.site.archive.erasing import ENTRY, EVENT, mark_of, rows
from qingqu.site.archive.packing import opened, refuse_incomplete, verify

CHECKPOINT = "ledger_checkpoint"


class LogRefused(Refused):
    """The copy of the log is not sound, or does not continue the log that the archive holds."""

    code = "ARCHIVE_LOG_REFUSED"


def erased_in(log: Readable, *, path: Path) -> list[Erased]:
    """The events of an archive whose leaves the log says were erased.

    The copy is audited whole, by the key the archive knows, and must continue the archive's own log: nobody else can
    have an event erased. Reason and person are not public; the row that is made points to the log's entry instead.
    Raises LogRefused, Damaged.
    """
    refuse_incomplete(path, verify(path))
    with opened(path) as (packed, _manifest):
        try:
            said = dict(_erasures(log, packed))
        except tlog.TlogError as error:
            raise LogRefused(_refusal(f"{error.code}: {error}")) from error
        events = {row["event_id"]: said[row["index"]] for row in rows(packed, ENTRY) if row["index"] in said}
        return [
            Erased(row["id"], mark_of(row), _reason(events[row["id"]][0]), "", events[row["id"]][1])
            for row in rows(packed, EVENT)
            if row["id"] in events
        ]


def _erasures(log: Readable, packed: zipfile.ZipFile) -> Iterator[tuple[int, tuple[int, datetime]]]:
    """(leaf that was erased, (leaf that says so, day)) of an audited log."""
    heads = [row["text"] for row in rows(packed, CHECKPOINT)]
    remembered = tlog.Checkpoint.parse(tlog.Note.parse(heads[-1].encode()).text) if heads else None
    report = audit(log, _policy(packed), remembered=remembered)
    head = report.checkpoint
    if not report.is_sound or head is None:
        raise LogRefused(_refusal("; ".join(f"{found.code} {found.place}" for found in report.findings)))
    tree = TileTree(lambda tile: read_tile(log, tile, size=head.size))
    bundles = (decode_bundle(read_tile(log, bundle, size=head.size)) for bundle in bundles_of(head.size))
    for index, leaf in enumerate(chain.from_iterable(bundles)):
        content = json.loads(leaf)
        if content["type"] == rules.ERASURE:
            # Read a second time: what another server gives may differ from what was audited.
            proof = tree.inclusion_proof(index, head.size)
            tlog.verify_inclusion(leaf_hash(leaf), index, head.size, proof, head.root)
            yield content["of"], (index, datetime.fromisoformat(content["ts"]).replace(tzinfo=UTC))


def _policy(packed: zipfile.ZipFile) -> tlog.Policy:
    """The key of the archive's log; whether the head is witnessed says nothing about what was erased."""
    name = f"home/log/{POLICY_PATH}"
    if name not in packed.namelist():
        raise LogRefused(_refusal(f"{name}?"))
    lines = [line for line in packed.read(name).splitlines() if line.startswith(b"log ")]
    return tlog.Policy.parse(b"\n".join([*lines, b"quorum none", b""]))


def _reason(index: int) -> str:
    return f"公开日志第 {index} 条所载 / as entry {index} of the public log says"


def _refusal(why: str) -> str:
    return (
        f"这份日志不完好，或不是备份中日志的延续（{why}）；请换一份副本，什么都没有恢复。 / this log is not sound or "
        f"does not continue the archive's own ({why}); give another copy; nothing was restored"
    )
