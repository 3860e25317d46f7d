"""A toy agency that never comes back from a call into C."""
