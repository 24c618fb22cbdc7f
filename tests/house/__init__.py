"""The house's own rules, checked over the whole tree."""
