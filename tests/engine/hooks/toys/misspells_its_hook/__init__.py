"""A toy agency that misspells the question and forgets a mark."""
