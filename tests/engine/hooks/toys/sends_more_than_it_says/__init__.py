"""A toy agency that writes more than its heading says."""
