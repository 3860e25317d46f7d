"""A toy agency that never comes back from being loaded."""

import time

time.sleep(3600)
