"""The publish gate: draft, check, review by another person, frozen copy, correction, withdrawal."""
