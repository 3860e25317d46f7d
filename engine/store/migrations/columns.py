"""Tables and columns as a migration names them. Constraints and indexes get the names that all tables use."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

T = TypeVar("T")


def table(name: str, *parts: sa.schema.SchemaItem, **in_sqlite: bool) -> None:
    """Make a table whose rows may change. Each has its own number, unless a column is named as its key."""
    has_key = any(isinstance(part, sa.Column) and part.primary_key for part in parts)
    own = () if has_key else (_column("id", sa.Integer(), primary_key=True),)
    op.create_table(name, *own, *parts, **in_sqlite)


def history(
    name: str,
    *parts: sa.schema.SchemaItem,
    erasable: tuple[str, ...] = (),
    changeable: tuple[str, ...] = (),
    **in_sqlite: bool,
) -> None:
    """Make an append-only table, of which an erasure may empty some columns, and some may change."""
    table(name, *parts, **in_sqlite)
    refuse_changes(op.get_bind(), name, erasable=erasable, changeable=changeable)


def added(to: str, *columns: sa.schema.SchemaItem) -> None:
    """Add columns to a table that is there. A row from before has no value in them."""
    for column in columns:
        if isinstance(column, sa.Column):
            column.nullable = True
            op.add_column(to, column)


def key(name: str, of: str, **given: bool) -> sa.Column[int]:
    """The number of a row of another table."""
    return _column(name, sa.Integer(), sa.ForeignKey(of), **given)


def text(name: str, **given: bool) -> sa.Column[str]:
    """A text of any length."""
    return _column(name, sa.String(), **given)


def number(name: str, **given: bool) -> sa.Column[int]:
    """A whole number."""
    return _column(name, sa.Integer(), **given)


def fraction(name: str, **given: bool) -> sa.Column[float]:
    """A number with decimals."""
    return _column(name, sa.Float(), **given)


def flag(name: str, **given: bool) -> sa.Column[bool]:
    """Yes or no."""
    return _column(name, sa.Boolean(), **given)


def day(name: str, **given: bool) -> sa.Column[date]:
    """A date."""
    return _column(name, sa.Date(), **given)


def instant(name: str, **given: bool) -> sa.Column[datetime]:
    """An instant, with time zone where the database has one."""
    return _column(name, sa.DateTime(timezone=True), **given)


def document(name: str, **given: bool) -> sa.schema.SchemaItem:
    """A JSON document."""
    kind = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    return _column(name, kind, **given)


def sealed(name: str, **given: bool) -> sa.Column[bytes]:
    """Content that the vault sealed."""
    return _column(name, sa.LargeBinary(), **given)


def unique(*columns: str) -> sa.UniqueConstraint:
    """Columns that two rows never share."""
    return sa.UniqueConstraint(*columns)


def index(*columns: str) -> sa.Index:
    """An index that is named by its columns."""
    return sa.Index(None, *columns)


def _column(name: str, kind: sa.types.TypeEngine[T], *more: sa.ForeignKey, **given: bool) -> sa.Column[T]:
    """A column that must have a value, unless it is said that it need not."""
    return sa.Column(name, kind, *more, **{"nullable": False, **given})  # type: ignore[arg-type]
