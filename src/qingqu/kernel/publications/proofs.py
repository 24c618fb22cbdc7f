"""What the public log says of a publication: of each version its number, who witnessed it, whether it still fits."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from qingqu.engines.tlog.errors import TlogError
from qingqu.engines.tlog.receipts import Verdict
from qingqu.kernel.ledger import proofs as ledger
from qingqu.kernel.ledger import queries as log
from qingqu.kernel.ledger.models import Promise
from qingqu.kernel.publications import queries, rules
from qingqu.kernel.publications.models import Publication, Version


@dataclass(frozen=True)
class Witness:
    """Who saw the log with the version in it, and when; None when the witness states no time."""

    name: str
    at: datetime | None


@dataclass(frozen=True)
class Standing:
    """A version in the public log. ``proof`` is None while it waits, and when its opener was destroyed.

    ``promise`` is the log's word for a version that waits; None until the worker has given it.
    """

    proof: ledger.Proof | None
    is_waiting: bool = False
    witnesses: tuple[Witness, ...] = ()
    is_witnessed: bool = False
    is_changed: bool = False
    promise: Promise | None = None


class Committed:
    """The versions of a publication in the public log: their events and entries are read at once, in two queries."""

    def __init__(self, row: Publication) -> None:
        """Read what the log has of a publication."""
        self._row = row
        self._trail = ledger.trail(queries.KIND, row.pk, queries.PUBLISHING)
        self._events = queries.by_ordinal(self._trail.events.values())

    @property
    def places(self) -> dict[int, int]:
        """{ordinal: number in the log} of the published versions that have one."""
        found = self._trail.places
        return {ordinal: found[event_id] for ordinal, event_id in self._events.items() if event_id in found}

    def proof(self, version: Version) -> ledger.Proof | None:
        """The proof of one version; None while it waits. Raises TlogError when the log's own files are damaged."""
        event_id = self._events.get(version.ordinal)
        return None if event_id is None else ledger.of_entry(self._trail.entries.get(event_id))

    def promise(self, version: Version) -> Promise | None:
        """The log's word for one version, also after it was kept; None when none was given."""
        event_id = self._events.get(version.ordinal)
        return None if event_id is None else log.promise_of(event_id)

    def standing(self, version: Version) -> Standing:
        """Where a version stands in the log, compared with its own record as it is read."""
        try:
            proof = self.proof(version)
        except TlogError:
            # What is wrong with the log must not hide the text.
            return Standing(None, is_changed=True)
        if proof is None:
            return Standing(None, is_waiting=version.ordinal in self._events, promise=self.promise(version))
        verdict = ledger.judged(proof, ledger.trust())
        is_kept = ledger.is_as_committed(proof, verdict, self._trail) and _is_the_copy(self._row, version, proof)
        is_witnessed = bool(verdict and verdict.witnesses and verdict.is_included)
        return Standing(proof, witnesses=_witnesses(verdict), is_witnessed=is_witnessed, is_changed=not is_kept)


def _witnesses(verdict: Verdict | None) -> tuple[Witness, ...]:
    seen = verdict.witnesses if verdict else ()
    return tuple(Witness(one.name, None if one.at is None else datetime.fromtimestamp(one.at, UTC)) for one in seen)


def _is_the_copy(row: Publication, version: Version, proof: ledger.Proof) -> bool:
    """Whether the text that is shown is the frozen copy, and the copy the one whose hash was committed."""
    copy = bytes(version.copy or b"")
    opened = {name: field["value"] for name, field in dict(proof.opening.get("fields", {})).items()}
    committed = tuple(opened.get(f"payload.{name}") for name in ("number", "ordinal", "sha256"))
    frozen = json.loads(copy)
    shown = {"title": version.title, "body": version.body, "reason": version.reason}
    return (not opened or committed == (row.number, version.ordinal, rules.copy_hash(copy))) and all(
        frozen[name] == text for name, text in shown.items()
    )
