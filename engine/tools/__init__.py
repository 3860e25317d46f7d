"""Computations of the tools for files of one's own. Knows no record; only these tools import it."""
