"""The five pillars' own work; pillars do not import each other."""
