"""A toy agency that calls sys.exit."""
