"""Recompute a Qingqu draw with Python alone: ``python3 replay.py BUNDLE.json`` prints the result that it must have."""

import hmac
import json
import sys
from functools import partial
from hashlib import sha256
from pathlib import Path

# Canonical JSON (RFC 8785): keys in the order of their UTF-16 code units, no spaces, letters as they are.
by_key = partial(sorted, key=lambda pair: pair[0].encode("utf-16-be"))
jcs = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))

bundle = json.loads(Path(sys.argv[1]).read_bytes(), object_pairs_hook=lambda pairs: dict(by_key(pairs)))
frozen, reveals, strata, missing = bundle["frozen"], bundle["reveals"], {}, []
inputs = {p: sha256(jcs(bundle[p]).encode()).hexdigest() for p in "commitments frozen public recusals reveals".split()}
seed = sha256(b"qingqu/seed/v1" + frozen["draw_id"].encode() + bytes.fromhex(inputs["frozen"]))
for name, kind in ((each["id"], each["kind"]) for each in frozen["sources"]):
    value = b"" if kind == "PARTY" else bundle["public"][name].encode()
    if kind == "PARTY" and name in reveals:
        value = reveals[name]["contribution"].encode() + bytes.fromhex(reveals[name]["nonce"])
        if sha256(value).hexdigest() != bundle["commitments"].get(name):
            sys.exit(f"{name}: the reveal is not what was committed to")
    seed.update(len(value).to_bytes(4, "big") + value)
    missing += [] if value else [name]
if missing and max(each.get("at", "") for each in frozen["sources"]) <= frozen["deadlines"]["reveal_by"]:
    sys.exit(f"{missing[0]}: did not reveal, and no public source comes after the deadline")
for stratum, ids in frozen["strata"].items():
    start, digest = f"draw-ticket/v1\0{frozen['draw_id']}\0{stratum}\0", frozen["algorithm"].split("-")[2][:-3]
    order = [e for _, e in sorted((hmac.digest(seed.digest(), (start + e).encode(), digest), e) for e in ids)]
    passed, quota = {e["id"] for e in bundle["recusals"] if e["stratum"] == stratum}, frozen["quotas"][stratum]
    kept, skipped = [e for e in order if e not in passed], [e for e in order if e in passed]
    reserves = kept[quota : quota + frozen["reserves"][stratum]]
    strata[stratum] = {"chosen": kept[:quota], "reserves": reserves, "skipped": skipped}
result = {"algorithm": frozen["algorithm"], "draw_id": frozen["draw_id"], "inputs": inputs, "missing": missing}
printed = jcs(result | {"seed": seed.hexdigest(), "strata": strata, "v": 1})
sys.stdout.buffer.write(printed.encode() + b"\n")
sys.exit(None if printed == jcs(bundle["result"]) else "RESULT_DIFFERS from the published result")
