"""A toy agency that never comes back from a loop."""
