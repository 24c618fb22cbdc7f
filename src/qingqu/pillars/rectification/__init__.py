"""Rectification: what must be put right, by whom, until when, done with evidence and re-checked by somebody else."""
