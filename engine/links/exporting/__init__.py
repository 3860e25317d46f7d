"""Graph files for other programs. Knows layouts; no pattern and no viewer."""
