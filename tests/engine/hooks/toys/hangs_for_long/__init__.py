"""A toy agency that says that it was called and never comes back from C."""
