"""An agency without any Python: a manifest, a mapping for its spreadsheets, and its instruments as data."""
