"""What the log does by itself: grow and publish all the time, compare all records once a day."""

import logging
from datetime import timedelta

from django_tasks import task

from qingqu.kernel.core.clock import now
from qingqu.kernel.ledger import installation, operations, proofs, queries, stamps

DAILY = timedelta(hours=24)

log = logging.getLogger("qingqu.ledger")


def keep() -> int:
    """Commit what waits and publish the head; says how many leaves were added. Called every few seconds.

    First of all what was erased once and came back with an old archive is erased again.
    """
    at = now()
    signer = installation.signer()
    if again := operations.settle(vault=installation.vault()):
        log.warning("erased again %s events that were erased before", len(again))
    operations.promise_waiting(at=at, terms=installation.terms(signer))
    added = operations.sequence(at=at, vault=installation.vault(), algorithm=installation.algorithm())
    policy = installation.policy(signer.vkeys)
    done = operations.publish(at=at, signer=signer, policy=policy, folder=installation.folder())
    if done.checkpoint:
        installation.folder().write(proofs.POLICY_PATH, installation.policy_text(signer.vkeys))
    for name, reason in done.refusals.items():
        log.warning("witness %s: %s", name, reason)
    return added


@task()
def check() -> int:
    """Compare all records with the log when a day has passed since the last time; says how many differ."""
    at, last = now(), queries.last_check()
    if last and last.at > at - DAILY:
        return len(last.findings)
    made = operations.check(at=at, vault=installation.vault())
    if made.findings:
        log.error("%s records differ from what was committed to the log: run qingqu ledger verify", len(made.findings))
    return len(made.findings)


@task()
def stamp() -> bool:
    """Have the head stamped with the time when a day has passed since the last time; says whether one was kept."""
    authority, head, last = stamps.authority(), queries.checkpoint(), queries.stamped().last()
    if authority is None or head is None or (last and last.published_at > now() - DAILY):
        return False
    try:
        token = authority.stamp(head.text.encode())
    except stamps.NotStamped as refused:
        log.warning("%s", refused.message)
        return False
    return operations.keep_stamp(checkpoint=head, stamp=token)
