"""Rows of what waits, compared with the facts of all cases: by kind and number only."""

from __future__ import annotations

from collections.abc import Mapping

from cli.system.checks import OK, WRONG, Check
from engine.runtime import open_runtime

_CORRECT = "run 'stac doctor --due --correct', and report it: no act of a user causes this"


def compared(environ: Mapping[str, str], *, correct: bool) -> list[Check]:
    """Return a check for each kind of what waits; ``correct`` derives again those that differ."""
    with open_runtime(environ) as runtime:
        found = runtime.due.differences(runtime.uow)
        wrong = {kind for kind, differ in found.items() if differ}
        if correct and wrong:
            runtime.due.derive_again(runtime.uow, wrong)
            found = runtime.due.differences(runtime.uow)
    return [_check(kind, differ, corrected=correct and kind in wrong) for kind, differ in found.items()]


def _check(kind: str, differ: int, *, corrected: bool) -> Check:
    if differ:
        rows = "1 row differs" if differ == 1 else f"{differ} rows differ"
        return Check(kind, WRONG, f"{rows} from the facts", _CORRECT)
    return Check(
        kind, OK, "derived again: agrees with the facts now" if corrected else "agrees with the facts"
    )
