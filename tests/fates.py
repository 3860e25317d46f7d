"""Columns by whose words they hold, for the tests that type into each."""

from __future__ import annotations

from engine.store.every_table import every_table
from engine.store.fates import Words, typed_in


def columns_with(*words: Words) -> set[str]:
    """The columns with words of these kinds, each as table and column."""
    return {f"{table.__tablename__}.{name}" for table in every_table() for name in typed_in(table, *words)}
