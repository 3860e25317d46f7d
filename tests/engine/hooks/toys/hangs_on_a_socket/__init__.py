"""A toy agency that waits for ever for a connection."""
