"""The publish gate: draft, check for what identifies people, review by another person, frozen copy, correction, withdrawal."""
