"""A toy agency that counts how often it read its extract."""
