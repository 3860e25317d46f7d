"""A toy agency that answers as it should."""
