"""A toy agency that tells back what it was shown and where it runs."""
