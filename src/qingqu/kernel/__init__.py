"""The nouns every pillar shares."""
