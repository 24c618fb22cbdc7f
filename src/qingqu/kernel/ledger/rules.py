"""What is committed of an event: one salted commitment a field, one leaf an event.

The leaf is public; it holds no name, no id and no hash of anything that could be guessed. Whoever is given a field
with its salt recomputes its commitment; the other fields of the same leaf stay hidden.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import rfc8785

from qingqu.engines.tlog.commitments import ALGORITHMS, CommitmentError, commit
from qingqu.kernel.ledger.types import Committable, Opened

SALT = b"qingqu/salt/v1\0"
FIELDS = b"qingqu/fields/v1\0"
LARGEST = 2**53 - 1
"""RFC 8785: larger whole numbers are not the same in every reader."""

ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

RECORD = "record"
"""The type of every leaf whose kind of event the public is not told."""
ERASURE = "erasure"


class BadOpening(ValueError):
    """An opening is not of the shape ``opening`` gives."""


def canonical(value: Any) -> Any:
    """``value`` as the canonical form can hold it: text in NFC, no floats, whole numbers within 53 bits.

    Other numbers become text, so that every reader sees the same digits; moments and days become RFC 3339.
    """
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or value is True or value is False:
        return value
    if isinstance(value, int) and -LARGEST <= value <= LARGEST:
        return value
    if type(value) is dict or isinstance(value, Mapping):
        return {canonical(str(name)): canonical(inner) for name, inner in value.items()}
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return [canonical(inner) for inner in value]
    return moment(value) if isinstance(value, datetime) else day_of(value)


def jcs(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of a canonical value.

    The standard library writes the same bytes three times as fast, as long as no character lies beyond U+FFFF: names
    are then sorted alike.
    """
    text = ENCODER.encode(value)
    if text.isascii() or len(text.encode("utf-16-le")) == 2 * len(text):
        return text.encode()
    return rfc8785.dumps(value)


def moment(at: datetime) -> str:
    """A moment as RFC 3339 in UTC to the microsecond, the same on every database."""
    there = at if at.tzinfo is UTC else at.astimezone(UTC)
    return there.isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def day_of(value: date) -> str:
    """A day as RFC 3339; raises AttributeError for what the canonical form cannot hold."""
    return value.isoformat()


def day(at: datetime) -> str:
    """The UTC day of a moment: all that the public is told of an event it is not told about."""
    return moment(at)[: len("2000-01-01")]


def digest(facts: Mapping[str, Any]) -> str:
    """The hex SHA-256 of a row's canonical facts; committed only under a salt, never published."""
    return sha256(jcs(canonical(facts))).hexdigest()


def mark(*, event_id: int, kind: str, at: datetime, subject: str, unit_id: str) -> str:
    """What tells an event from another with the same number, made of what an erasure leaves of it.

    After a restore numbers are given a second time: what was erased under one is no reason to erase another.
    ``subject`` is as in ``fields``.
    """
    return digest({"id": event_id, "kind": kind, "at": moment(at), "subject": subject, "unit": unit_id})


def field_salt(salt: bytes, name: str, algorithm: str) -> bytes:
    """The salt of one field, from the record's salt."""
    return commit(salt, SALT + name.encode(), algorithm)


def field_commitment(salt: bytes, name: str, value: Any, algorithm: str) -> str:
    """The hex commitment to one field under the field's own salt."""
    return commit(salt, jcs([name, canonical(value)]), algorithm).hex()


def commitments(fields: Mapping[str, Any], salt: bytes, algorithm: str) -> dict[str, str]:
    """{field: hex commitment} of a whole record."""
    return {
        name: field_commitment(field_salt(salt, name, algorithm), name, value, algorithm)
        for name, value in fields.items()
    }


def joined(committed: Mapping[str, str]) -> str:
    """The one hex commitment that stands in the leaf for all fields."""
    return sha256(FIELDS + jcs(dict(committed))).hexdigest()


def leaf(*, kind: str, ts: str, commitment: str, algorithm: str) -> bytes:
    """The public bytes of an event: {"c", "salted", "ts", "type", "v"} in canonical JSON.

    Written out, because none of the five ever holds a character that JSON escapes.
    """
    return f'{{"c":"{commitment}","salted":"{algorithm}","ts":"{ts}","type":"{kind}","v":1}}'.encode()


def erasure_leaf(*, of: int, ts: str) -> bytes:
    """The public bytes that say the opener of leaf number ``of`` was destroyed."""
    return jcs({"v": 1, "type": ERASURE, "ts": ts, "of": of})


def opening(fields: Mapping[str, Any], shown: frozenset[str], salt: bytes, algorithm: str) -> dict[str, Any]:
    """What opens the fields named in ``shown`` and hides the others.

    Shape: {"salted": algorithm, "fields": {name: {"salt": hex, "value": …}}, "hidden": {name: hex commitment}}.
    """
    committed = commitments(fields, salt, algorithm)
    return {
        "salted": algorithm,
        "fields": {
            name: {"salt": field_salt(salt, name, algorithm).hex(), "value": canonical(fields[name])}
            for name in sorted(shown & fields.keys())
        },
        "hidden": {name: committed[name] for name in sorted(fields.keys() - shown)},
    }


def opened(given: Mapping[str, Any]) -> Opened:
    """What an opening shows, and the commitment it comes to.

    Raises BadOpening, also for a field both shown and hidden: it would show what the leaf does not commit to.
    """
    algorithm = str(given.get("salted"))
    if algorithm not in ALGORITHMS:
        message = f"not an opening: {algorithm!r} is no way to commit"
        raise BadOpening(message)
    try:
        shown = {name: field["value"] for name, field in given["fields"].items()}
        committed = {
            name: field_commitment(bytes.fromhex(field["salt"]), name, field["value"], algorithm)
            for name, field in given["fields"].items()
        }
        hidden = dict(given["hidden"])
        whole = joined(committed | hidden)
    except (KeyError, TypeError, ValueError, AttributeError, CommitmentError) as problem:
        message = f"not an opening: {problem!r}"
        raise BadOpening(message) from problem
    if committed.keys() & hidden.keys():
        raise BadOpening("not an opening: a field is both shown and hidden")
    return Opened(shown, whole, algorithm)


def fields(event: Committable, row_digest: str, *, is_public: bool) -> dict[str, Any]:
    """What is committed of an event and of the row it is about, field by field.

    A public kind has one field for each fact, so that any may be shown without the others; every other event is one
    field, "event", which is shown whole or not at all.
    """
    facts: dict[str, Any] = {
        "id": event.id,
        "kind": event.kind,
        "at": moment(event.at),
        "actor": event.actor_id,
        "subject": f"{event.subject_kind}:{event.subject_id}",
        "unit": event.unit_id,
        "seq": event.seq,
        "row": row_digest,
    }
    if not is_public:
        return {"event": facts | {"payload": event.payload}}
    return facts | {f"payload.{name}": value for name, value in event.payload.items()}


def leaf_of(event: Committable, row_digest: str, *, salt: bytes, is_public: bool, algorithm: str) -> bytes:
    """The public bytes of an event under its salt."""
    committed = commitments(fields(event, row_digest, is_public=is_public), salt, algorithm)
    if not is_public:
        # Most leaves have one field; its canonical JSON, written out, is the same as ``joined`` makes.
        whole = sha256(FIELDS + b'{"event":"%s"}' % committed["event"].encode()).hexdigest()
        return leaf(kind=RECORD, ts=day(event.at), commitment=whole, algorithm=algorithm)
    return leaf(kind=event.kind, ts=moment(event.at), commitment=joined(committed), algorithm=algorithm)
