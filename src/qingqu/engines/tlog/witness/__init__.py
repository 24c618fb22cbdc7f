"""Witnesses: asking one to cosign a head, and being one. The only rooms of the engine that speak to a network."""

from qingqu.engines.tlog.witness.client import Asked, Refusal, WitnessRefused, ask
from qingqu.engines.tlog.witness.protocol import Request, RequestError
from qingqu.engines.tlog.witness.records import Records, Reply, WitnessError
from qingqu.engines.tlog.witness.server import serve

__all__ = [
    "Asked",
    "Records",
    "Refusal",
    "Reply",
    "Request",
    "RequestError",
    "WitnessError",
    "WitnessRefused",
    "ask",
    "serve",
]
