"""The honest world the plants are hidden in: parties, procurement, money, meals and pupils of three years."""
