"""A toy agency that gives a dict."""
