"""A toy agency that cannot read its records."""
