"""A toy agency that reads memory that is not there."""
