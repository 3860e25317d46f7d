"""Limits of what a process may use and touch, put on it from inside.

Knows no agency and no format of a file.
"""
