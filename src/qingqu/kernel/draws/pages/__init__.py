"""Screens of the draws: for organisers, for parties, for the public and the hall."""
