"""Draw ceremonies: frozen roster, commitments and reveals, a public source, a result that anybody can recompute."""
