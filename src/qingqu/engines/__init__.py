"""Pure algorithms: no Django, no network, no wall clock; usable from a notebook."""
