#!/bin/sh
# The whole move in the checkout in which it is started: two commits, then types and import contracts.
# Needs .venv (demo,test) and a clean tree on the main of the moment. Prints what somebody must look at.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ -z "$(git status --porcelain)" ] || { echo 'commit or stash first'; exit 1; }
.venv/bin/python -c 'import libcst' 2>/dev/null || .venv/bin/python -m uv pip install -q -p .venv/bin/python libcst
date
.venv/bin/python "$here/move.py" names
sh "$here/tidy.sh" || true
git add -A
git commit -qm 'Names say what a thing is: none is called told, says, word or kept, save fields that are written somewhere'
date
.venv/bin/python "$here/move.py" moves parts check
sh "$here/tidy.sh" || true
.venv/bin/python scripts/architecture.py
git add -A
git commit -qm 'A subject has the same folder name on every floor, and a room of the services imports only from floors below its own'
date
.venv/bin/ruff format --check --output-format concise . && .venv/bin/ruff check --quiet --output-format concise .
.venv/bin/mypy --no-error-summary
.venv/bin/lint-imports | grep -E 'BROKEN|Contracts:'
date
