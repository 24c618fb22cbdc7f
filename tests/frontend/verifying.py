"""The browser's verifier as a program of its own, asked from here, and proof files to ask it about."""

import base64
import json
import subprocess
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from qingqu.engines.tlog.checkpoints import Checkpoint
from qingqu.engines.tlog.cosignatures import CosignatureSigner
from qingqu.engines.tlog.log import Log
from qingqu.engines.tlog.notes import Ed25519Signer, sign, write_vkey
from qingqu.engines.tlog.receipts import Receipt
from qingqu.engines.tlog.storage import MemoryStorage
from qingqu.kernel.ledger import rules

ROOT = Path(__file__).parents[2]
ORIGIN = "log.example/district"
LOG = Ed25519Signer(ORIGIN, bytes(32))
PARENTS, UNION = (CosignatureSigner(f"{name}.example", bytes([7]) * 31 + bytes([n])) for n, name in enumerate("pu"))
VKEY = write_vkey(LOG.verifier)
POLICY = (
    f"log {VKEY}\nwitness 家长 {write_vkey(PARENTS.verifier)}\nwitness 工会 {write_vkey(UNION.verifier)}\n"
    "group 双方 any 家长 工会\nquorum 双方\n"
).encode()
BOTH = POLICY.replace(b" any ", b" all ")
SALT = bytes(range(32))
COPY = json.dumps({"number": "GK2026-000001", "ordinal": 1, "title": "关于某校的通报", "body": "正文"}).encode()


def bundle(folder: Path) -> Path:
    """The verifier and the program that asks it, as one file for node."""
    made = folder / "verifying.mjs"
    tool, source = ROOT / "node_modules/.bin/rolldown", Path(__file__).with_suffix(".mjs")
    subprocess.run([tool, source, "--file", made, "--format", "esm", "--platform", "node"], check=True, cwd=ROOT)
    return made


def ask(program: Path, questions: list[Mapping[str, Any]]) -> list[Any]:
    """Its answers, in order."""
    asked = program.with_name("questions.json")
    asked.write_text(json.dumps(questions))
    said = subprocess.run(["node", program, asked], check=True, capture_output=True)
    answers = json.loads(said.stdout)
    assert len(answers) == len(questions)
    return answers


def packed(raw: bytes) -> str:
    """Bytes for a question."""
    return base64.b64encode(raw).decode()


def fields() -> dict[str, Any]:
    """What is committed of the publication in ``COPY``."""
    return {
        "kind": "publication.published",
        "actor": "李明",
        "payload.number": "GK2026-000001",
        "payload.ordinal": 1,
        "payload.sha256": sha256(COPY).hexdigest(),
    }


def shown() -> frozenset[str]:
    """What of it the public may open."""
    return frozenset(fields()) - {"actor"}


def leaf(algorithm: str = "hmac-sha256") -> bytes:
    """The entry of the publication."""
    whole = rules.joined(rules.commitments(fields(), SALT, algorithm))
    return rules.leaf(kind="publication.published", ts="2026-09-24T01:00:00Z", commitment=whole, algorithm=algorithm)


def receipt(entry: bytes, *, index: int = 7, size: int = 300, signers: tuple[Any, ...] = (LOG, PARENTS)) -> Receipt:
    """The receipt of an entry among others."""
    log = Log(MemoryStorage(), origin=ORIGIN)
    log.append([entry if number == index else b"entry %d" % number for number in range(size)])
    note = sign(Checkpoint(ORIGIN, log.size, log.root()).text, signers, at=1_790_000_000)
    return Receipt(index, tuple(log.inclusion_proof(index)), note)


def proof_file(algorithm: str = "hmac-sha256", **changed: Any) -> dict[str, Any]:
    """A whole proof file."""
    return {
        "format": "qingqu-proof/v1",
        "copy": packed(COPY),
        "leaf": packed(leaf(algorithm)),
        "receipt": receipt(leaf(algorithm)).raw.decode(),
        "opening": rules.opening(fields(), shown(), SALT, algorithm),
        "log": [VKEY],
        "policy": POLICY.decode(),
    } | changed


def flipped(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """``raw`` with one bit changed, once for every byte, each bit of a byte in turn."""
    for place, octet in enumerate(raw):
        yield place, raw[:place] + bytes([octet ^ 1 << place % 8]) + raw[place + 1 :]
