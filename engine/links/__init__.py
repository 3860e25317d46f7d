"""The link graph: a graph in, findings out. Knows nothing of storage or screens."""
