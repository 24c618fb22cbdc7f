"""What people do, done with a real browser."""
