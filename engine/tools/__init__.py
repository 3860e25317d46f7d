"""Computations of the tools for files of one's own only. Knows no record; nothing but these tools imports it."""
