"""A toy agency that prints without end."""
