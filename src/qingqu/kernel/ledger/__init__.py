"""Domain events: one append-only row per operation, with its outbox row in the same transaction."""
