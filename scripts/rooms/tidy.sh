#!/bin/sh
# Imports in order and the format, twice; then docstrings in which a line became too long.
here=$(dirname "$0")
for _ in 1 2; do .venv/bin/ruff check --quiet --fix . >/dev/null; .venv/bin/ruff format --quiet .; done
.venv/bin/python "$here/move.py" wrap
.venv/bin/ruff format --quiet .
.venv/bin/ruff check --quiet --output-format concise .
