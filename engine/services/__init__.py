"""A folder for each subject, one function for each use case: the only way to the record.

Three errors can come from each of them, and no docstring repeats them:

NotPermittedError
    The role of the person who acts does not permit it.
NotFoundError
    What is named does not exist, or is not open to the person who acts: the two read alike.
ConflictError
    Another person wrote the same row at the same moment.

A docstring names an error of these only where it means something else, or more.
"""
