"""A toy agency that names a reference into the vault."""
