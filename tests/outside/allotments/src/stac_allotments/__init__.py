"""Allotments: what the office's own records hold about a plot holder, for a panel."""
