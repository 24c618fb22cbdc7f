"""The ledger package as Django sees it."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The append-only event table and its outbox."""

    name = "qingqu.kernel.ledger"
    label = "ledger"
