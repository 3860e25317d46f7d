"""A folder for each subject, one function for each use case: the only way to the record."""
