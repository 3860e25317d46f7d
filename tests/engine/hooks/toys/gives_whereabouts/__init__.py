"""A toy agency that gives a protected value without being the victim's voice."""
