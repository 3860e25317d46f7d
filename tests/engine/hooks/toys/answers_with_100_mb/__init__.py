"""A toy agency that gives an answer of a hundred megabytes."""
