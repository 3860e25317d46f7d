"""A toy agency that asks for more memory than it may have."""
