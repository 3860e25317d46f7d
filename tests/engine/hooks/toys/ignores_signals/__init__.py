"""A toy agency that ignores every signal that can be ignored, and sleeps."""
