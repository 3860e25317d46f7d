"""A toy agency."""
