"""The replay bundle: one file with everything a draw was made from, and its recomputation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from qingqu.engines.draw import beacons, canonical
from qingqu.engines.draw.canonical import mapping, shaped, text
from qingqu.engines.draw.differences import Difference, differences
from qingqu.engines.draw.errors import BadShape, DrawError
from qingqu.engines.draw.outcomes import Inputs, read_inputs, run
from qingqu.engines.draw.rosters import Roster, read_roster

FORMAT = "qingqu/draw-bundle/v1"
PARTS = ("commitments", "reveals", "public", "recusals")
SCRIPTS = Path(__file__).parent / "scripts"

Verdict = Literal["SAME", "DIFFERENT", "REFUSED"]


@dataclass(frozen=True)
class Bundle:
    """A frozen roster, what its sources gave, the published result, and receipts of the log when there are any.

    ``receipts`` is {what it proves: text of a .tlog-proof file}; the draw does not depend on them, and they are
    checked by the log's own verifiers.
    """

    roster: Roster
    inputs: Inputs
    result: Mapping[str, Any]
    receipts: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The bundle as JSON values."""
        return {
            "format": FORMAT,
            "frozen": self.roster.as_json(),
            **self.inputs.as_json(),
            "result": dict(self.result),
            **({"receipts": dict(self.receipts)} if self.receipts else {}),
        }


@dataclass(frozen=True)
class Result:
    """What a replay found.

    ``verdict`` is SAME, DIFFERENT (``differences`` names each place), or REFUSED (the bundle breaks a rule, so that
    nothing can be drawn from it: ``refusal`` says which, where, and what to do). ``codes`` are SAME, RESULT_DIFFERS,
    ROSTER_DIFFERS or the refusal's code; then BEACON_VERIFIED or BEACON_NOT_CHECKED for a draw with a drand beacon,
    and RECEIPTS_NOT_CHECKED for a bundle with receipts. ``recomputed`` is the result as JSON values, None when refused.
    """

    verdict: Verdict
    codes: tuple[str, ...]
    recomputed: Mapping[str, Any] | None
    differences: tuple[Difference, ...] = ()
    refusal: DrawError | None = None

    @property
    def is_same(self) -> bool:
        """Whether the published result is the recomputed one, in every byte."""
        return self.verdict == "SAME"

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON values."""
        return {
            "verdict": self.verdict,
            "codes": list(self.codes),
            "differences": [vars(each) for each in self.differences],
            "refusal": self.refusal
            and {"code": self.refusal.code, "place": self.refusal.place, "zh": self.refusal.zh, "en": self.refusal.en},
            "recomputed": self.recomputed,
        }


def draw(roster: Roster, inputs: Inputs, *, receipts: Mapping[str, str] | None = None) -> Bundle:
    """The finished bundle of a draw; raises a DrawError when the draw may not be made."""
    result = run(roster, inputs)
    _check_beacon(roster, inputs)
    return Bundle(roster, inputs, result, receipts or {})


def read_bundle(raw: bytes | str | Mapping[str, Any]) -> Bundle:
    """A bundle from its file or its JSON values, read strictly; raises a DrawError naming the place."""
    content = raw if isinstance(raw, Mapping) else canonical.decode(raw)
    found = shaped(content, "", needs=("format", "frozen", *PARTS, "result"), may=("receipts",))
    if found["format"] != FORMAT:
        raise BadShape("format", f"应为 {FORMAT}", f"must be {FORMAT}")
    receipts = mapping(found.get("receipts", {}), "receipts")
    odd = next((name for name, value in receipts.items() if not isinstance(value, str)), None)
    if odd is not None:
        raise BadShape(f"receipts.{odd}", "应为文字", "must be a text")
    return Bundle(
        roster=read_roster(found["frozen"]),
        inputs=read_inputs(found),
        result=mapping(found["result"], "result"),
        receipts={text(name, "receipts"): value for name, value in receipts.items()},
    )


def write_bundle(bundle: Bundle) -> bytes:
    """The bundle as a file that people can read: UTF-8, sorted keys, two spaces; ``read_bundle`` gives it back."""
    return (json.dumps(bundle.as_json(), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def replay(bundle: bytes | str | Mapping[str, Any] | Bundle, *, roster_sha256: str | None = None) -> Result:
    """Recompute a draw and compare.

    ``roster_sha256`` is the digest published before the draw: with it a roster that was exchanged together with its
    result is found too. Never raises for what stands in a bundle.
    """
    try:
        return _compared(bundle if isinstance(bundle, Bundle) else read_bundle(bundle), roster_sha256)
    except DrawError as error:
        refusal = error
    except RecursionError:
        refusal = canonical.too_deep("file")
    return Result("REFUSED", (refusal.code,), None, refusal=refusal)


def _compared(bundle: Bundle, roster_sha256: str | None) -> Result:
    """The finding for a bundle that could be read; raises a DrawError when nothing may be drawn from it."""
    recomputed = run(bundle.roster, bundle.inputs)
    notes = [*_check_beacon(bundle.roster, bundle.inputs), *(["RECEIPTS_NOT_CHECKED"] if bundle.receipts else [])]
    changed = differences(bundle.result, recomputed, "result")
    findings = ["RESULT_DIFFERS"] if changed else []
    if roster_sha256 is not None and roster_sha256 != bundle.roster.digest:
        findings.append("ROSTER_DIFFERS")
        changed = [Difference("frozen", roster_sha256, bundle.roster.digest), *changed]
    verdict: Verdict = "DIFFERENT" if changed else "SAME"
    return Result(verdict, (*(findings or ["SAME"]), *notes), recomputed, tuple(changed))


def _check_beacon(roster: Roster, inputs: Inputs) -> list[str]:
    return [
        f"BEACON_{beacons.verify(inputs.public[source.id], f'public.{source.id}')}"
        for source in roster.public
        if source.kind == "DRAND"
    ]


def script(name: str) -> bytes:
    """An independent replay script, ``replay.py`` or ``replay.mjs``, as it is published beside a bundle."""
    return (SCRIPTS / name).read_bytes()
