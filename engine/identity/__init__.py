"""Who is the same person. Knows rules and scores; never merges anyone by itself, knows no storage."""
