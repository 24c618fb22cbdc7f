"""The tracking audit: imports, runs, flags and their triage."""
