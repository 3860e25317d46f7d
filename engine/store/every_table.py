"""All tables of the record, loaded: a table that is not loaded is not in METADATA."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from engine.store import tables
from engine.store.tables.base import Row

TABLE_MODULES = tuple(
    import_module(found.name) for found in walk_packages(tables.__path__, "engine.store.tables.")
)
"""Every module of tables."""


def every_table() -> tuple[type[Row], ...]:
    """Return the class of every table's rows, by the table's name."""
    return tuple(sorted(Row.__subclasses__(), key=lambda each: str(each.__tablename__)))
