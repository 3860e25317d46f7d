"""A toy agency that tells her words without being the victim's voice."""
