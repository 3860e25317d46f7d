"""Detectors of patterns over links, a small pure function each. They propose to people; they judge nobody."""
