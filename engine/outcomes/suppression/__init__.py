"""Hiding small figures of linked tables, and attacking what is left. Pure; knows no record and no file."""
