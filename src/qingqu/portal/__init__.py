"""Public pages: the live answer, directives, publications, about."""
