"""Words every package uses: errors, the clock, paging and route policies."""
