"""A toy agency that raises an error that holds a name."""
