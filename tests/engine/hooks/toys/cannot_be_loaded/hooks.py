"""A toy agency that raises an error when it is loaded."""

raise RuntimeError("Petronella Mustnotshow")
