"""A program that kills its own children with SIGKILL while they write, sequence and publish, and says what was left.

``python -m tests.kernel.ledger.killing ROUNDS SEED`` works on the installation that QINGQU_HOME and
QINGQU_DATABASE_URL name, which must be empty.
"""

import json
import os
import random
import signal
import sys
import time
from itertools import pairwise

import django

KIND = "test.happened"
EVENTS, BATCH = 20, 7
MOST_HEADS = 2
LONGEST = 0.2
"""A child is killed so many published heads and then so many seconds after its start, both by chance."""
PUBLISHED = "published"


def main(rounds: int, seed: int) -> dict[str, object]:
    """Kill ``rounds`` children, finish the work, and give what can be counted afterwards."""
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - settings are read by then
    from django.db import connections  # noqa: PLC0415

    from qingqu.kernel.ledger import registry  # noqa: PLC0415

    registry.declare({KIND: "试验"})
    call_command("migrate", verbosity=0)
    dice = random.Random(seed)
    acknowledged: list[int] = []
    heads: list[str] = []
    for number in range(rounds):
        connections.close_all()
        acknowledged += _one_round(number, dice.randint(0, MOST_HEADS), dice.uniform(0, LONGEST))
        head = _published()
        heads += [head] if head and head not in heads else []
    return _after(acknowledged, heads)


def _one_round(number: int, heads: int, seconds: float) -> list[int]:
    """The ids of the events that a child said were written before it was killed."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _work(number, theirs)
    os.close(theirs)
    said = b""
    while said.count(PUBLISHED.encode()) < heads:
        said += os.read(ours, 4096)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(ours, "rb") as pipe:
        said += pipe.read()
    return [int(line) for line in said.decode().split("\n")[:-1] if line != PUBLISHED]


def _work(number: int, theirs: int) -> None:
    """Write, sequence and publish until killed; each written event is named only after its transaction."""
    while True:
        events = _happen(number)
        os.write(theirs, "".join(f"{event_id}\n" for event_id in events).encode())
        _keep()
        os.write(theirs, f"{PUBLISHED}\n".encode())


def _happen(number: int) -> list[int]:
    from django.db import transaction  # noqa: PLC0415 - settings are read by then

    from qingqu.kernel.core.clock import now  # noqa: PLC0415
    from qingqu.kernel.ledger import operations  # noqa: PLC0415

    with transaction.atomic():
        facts = [operations.Fact(number) for _ in range(EVENTS)]
        return [event.id for event in operations.record_many(KIND, at=now(), subject_kind="test", facts=facts)]


def _keep() -> None:
    from qingqu.kernel.core.clock import now  # noqa: PLC0415 - settings are read by then
    from qingqu.kernel.ledger import installation, operations  # noqa: PLC0415

    signer = installation.signer()
    operations.sequence(at=now(), vault=installation.vault(), batch=BATCH)
    policy = installation.policy(signer.vkeys)
    operations.publish(at=now(), signer=signer, policy=policy, folder=installation.folder())


def _published() -> str:
    from qingqu.kernel.ledger import installation  # noqa: PLC0415 - settings are read by then

    return (installation.folder().read("checkpoint") or b"").decode()


def _after(acknowledged: list[int], heads: list[str]) -> dict[str, object]:
    """What is left once the work is finished undisturbed."""
    from qingqu.engines.tlog import Checkpoint, Note, ProofError, verify_consistency  # noqa: PLC0415 - after set-up
    from qingqu.engines.tlog.audit import audit  # noqa: PLC0415
    from qingqu.kernel.core.clock import now  # noqa: PLC0415
    from qingqu.kernel.ledger import installation, queries  # noqa: PLC0415
    from qingqu.kernel.ledger.checks import check_records  # noqa: PLC0415
    from qingqu.kernel.ledger.models import Entry, Event, Outbox  # noqa: PLC0415

    _keep()
    committed = list(Entry.objects.order_by("index").values_list("event_id", flat=True))
    points = [Checkpoint.parse(Note.parse(head.encode()).text) for head in [*heads, _published()]]
    tree, broken = queries.tree(), 0
    for old, new in pairwise(points):
        try:
            proof = tree.consistency_proof(old.size, new.size) if old.size < new.size else []
            verify_consistency(old.size, new.size, old.root, new.root, proof)
        except ProofError:
            broken += 1
    signer = installation.signer()
    return {
        "acknowledged": len(acknowledged),
        "lost": len(set(acknowledged) - set(committed)),
        "doubled": len(committed) - len(set(committed)),
        "events": Event.objects.count(),
        "leaves": len(committed),
        "waiting": Outbox.objects.count(),
        "heads": len(points),
        "broken": broken,
        "findings": [str(finding) for finding in check_records(vault=installation.vault(), at=now())],
        "sound": audit(installation.folder(), installation.policy(signer.vkeys)).is_sound,
        "size": points[-1].size,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
