"""Every dated obligation: due date, why this date, reminder, escalation, handover."""
