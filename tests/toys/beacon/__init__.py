"""A toy agency that looks up on arrival."""
