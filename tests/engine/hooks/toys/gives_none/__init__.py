"""A toy agency that gives no answer."""
