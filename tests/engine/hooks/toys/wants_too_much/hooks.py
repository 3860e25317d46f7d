"""A toy agency that takes an argument that the question does not give."""

from __future__ import annotations

from engine.hooks.v1 import CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, database: str) -> NilReturn:
    """It wants a database."""
    return NilReturn(looked_in=(database,), says="Nothing was found.")
