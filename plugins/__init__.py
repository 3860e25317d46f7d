"""The built-in agencies. Each folder could live in a repository of its own; none imports another."""
