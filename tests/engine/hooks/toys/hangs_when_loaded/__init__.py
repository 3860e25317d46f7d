"""A toy agency that never comes back from being loaded."""
