"""Rosters and inputs that tests start from."""

import json
from pathlib import Path
from typing import Any

import pytest

from qingqu.engines import draw

# The public examples lie beside the repository.
VECTORS = Path(__file__).resolve().parents[4] / "shared" / "data" / "vectors"


def vectors(name: str) -> Any:
    """The content of a file of public examples; skips, saying so, where it is absent."""
    path = VECTORS / name
    if not path.exists():
        pytest.skip(f"the public examples {name} are not beside the repository")
    return json.loads(path.read_text(encoding="utf-8"))


PARTIES = ("区教育局", "学校", "家长代表")
BEACON_AT = "2024-01-01T00:00:00Z"


def content(**changes: Any) -> dict[str, Any]:
    """A roster as a person writes it: two strata, three parties, twenty dice."""
    return {
        "draw_id": "清源区-2026-专项检查-01",
        "kind": "SCHOOLS",
        "strata": {"高风险": ["S003", "S001", "S002", "𠮷田小学"], "Ａ类": ["S011", "S010", "S012"]},
        "quotas": {"高风险": 2, "Ａ类": 1},
        "reserves": {"高风险": 1},
        "sources": [
            *({"id": name, "kind": "PARTY"} for name in PARTIES),
            {"id": "骰子", "kind": "DICE", "at": "2026-09-03T02:00:00Z", "throws": 20},
        ],
        "deadlines": {"commit_by": "2026-09-01T02:00:00Z", "reveal_by": "2026-09-02T02:00:00Z"},
        **changes,
    }


def nonce(name: str) -> bytes:
    """A fixed nonce for a party of a test."""
    return (name.encode() * 32)[:32]


def inputs(*, silent: tuple[str, ...] = (), **changes: Any) -> draw.Inputs:
    """Everybody commits; everybody but the silent reveals; the dice fall."""
    given: dict[str, Any] = {
        "commitments": {name: draw.commitment(f"{name}祝抽签公平", nonce(name)) for name in PARTIES},
        "reveals": {name: draw.Reveal(f"{name}祝抽签公平", nonce(name)) for name in PARTIES if name not in silent},
        "public": {"骰子": "35162442631553126415"},
        "recusals": (),
    }
    return draw.Inputs(**{**given, **changes})


def bundle(*, silent: tuple[str, ...] = (), **changes: Any) -> draw.Bundle:
    """The finished bundle of that draw."""
    return draw.draw(draw.freeze(content()), inputs(silent=silent, **changes))
