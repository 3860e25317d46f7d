"""One module for each subject, one function for each use case: the only door to the record."""
