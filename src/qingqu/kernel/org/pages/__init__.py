"""The administrator's settings, one's own relationships, and the account pages that do not exist here."""
