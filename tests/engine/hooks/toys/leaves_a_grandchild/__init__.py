"""A toy agency that starts a process of its own and then hangs."""
