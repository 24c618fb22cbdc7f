"""Comparing all records with the log, and keeping what was found."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from qingqu.kernel.ledger import queries
from qingqu.kernel.ledger.checks import check_records
from qingqu.kernel.ledger.models import Check
from qingqu.kernel.ledger.vault import Vault

MOST = 1000
"""Findings kept of one check; more say nothing new."""


@transaction.atomic
def check(*, at: datetime, vault: Vault) -> Check:
    """Compare every record with the log, keep and give the result."""
    head = queries.head()
    found = [asdict(finding) for _number, finding in zip(range(MOST), check_records(vault=vault, at=at), strict=False)]
    return Check.objects.create(at=at, size=head.size if head else 0, findings=found)
