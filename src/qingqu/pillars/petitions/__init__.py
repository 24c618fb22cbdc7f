"""Petitions (信访) on natural-day clocks: taken in, answered, reviewed, and to whom they are never handed."""
