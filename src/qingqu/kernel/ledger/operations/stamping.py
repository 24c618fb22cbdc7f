"""Keeping the time stamps of published heads."""

from qingqu.kernel.ledger.models import Checkpoint


def keep_stamp(*, checkpoint: Checkpoint, stamp: bytes) -> bool:
    """Keep an authority's time stamp with the head it is over; False when a newer head took its place meanwhile."""
    return bool(Checkpoint.objects.filter(pk=checkpoint.pk).update(stamp=stamp))
