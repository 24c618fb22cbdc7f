"""Independent replay scripts, handed to the public beside a bundle; nothing here is imported by the product."""
