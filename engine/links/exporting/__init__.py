"""Graph files for other programs, and the same read back by them. Knows layouts; no pattern and no viewer."""
