"""A toy agency that writes half of its synthetic extract and then fails."""
