"""A toy agency that stops its own process."""
