"""A toy agency that gives an answer that was made without its checks."""
