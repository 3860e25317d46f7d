"""Detectors of patterns over links, a small pure function each. They propose to people.

They judge no person.
"""
