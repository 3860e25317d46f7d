"""A toy agency that writes a hundred megabytes where its answer goes, under an honest heading."""
