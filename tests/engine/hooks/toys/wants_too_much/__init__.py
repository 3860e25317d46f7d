"""A toy agency that takes an argument that the question does not give."""
