"""Leads: every source of trouble in one register, with four dispositions, a clock and an approver."""
