"""Matching of persons. Knows rules and scores.

Never merges anyone without a person's judgement, knows no storage.
"""
