"""A toy agency that prints and then answers."""
