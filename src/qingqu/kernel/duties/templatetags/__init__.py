"""How a duty's date is shown."""
