"""Units, people, dated posts, roles, scope and declared relationships."""
