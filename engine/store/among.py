"""A list of any length in a condition: it is sent to the database as one parameter.

A list that grows with the record must not be written into a statement value by value: SQLite takes 32,766
parameters in one, and PostgreSQL 65,535.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence, Sized
from typing import Literal, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BinaryExpression,
    BindParameter,
    ColumnElement,
    Dialect,
    Integer,
    SQLColumnExpression,
    Text,
    TypeDecorator,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

_Value = TypeVar("_Value")
_FEW = 10
"""PostgreSQL makes one plan for so few values that are written out, and one for each list that is not."""


def among(column: SQLColumnExpression[_Value], values: Collection[_Value]) -> ColumnElement[bool]:
    """Return the condition that the column, of text or of whole numbers, is one of these values."""
    if are_few(values):
        return column.in_(list(values))
    return _among(column, bindparam(None, list(values), type_=_values_of(column), unique=True))


def among_parameter(
    column: SQLColumnExpression[_Value], name: str, *, few: bool = False
) -> ColumnElement[bool]:
    """Return the same for a statement that is built once: ``name`` is its parameter, a list.

    There may be one more for the lists that ``are_few``.
    """
    if few:
        return column.in_(bindparam(name, expanding=True))
    return _among(column, bindparam(name, type_=_values_of(column)))


def are_few(values: Sized) -> bool:
    """Return whether there are so few that a statement is quicker with each written out."""
    return len(values) <= _FEW


def _values_of(column: SQLColumnExpression[_Value]) -> _Values:
    of: object = column.label(None).type
    return _Values(
        "text" if not isinstance(of, Integer) else "big" if isinstance(of, BigInteger) else "integer"
    )


def _among(column: SQLColumnExpression[_Value], values: BindParameter[Collection[object]]) -> _Among:
    compared = column.op("IN", is_comparison=True)(values)
    return _Among(compared.left, values, compared.operator, type_=compared.type)


class _Among(BinaryExpression[bool]):
    """The condition, which each database writes in its own way.

    It must be a comparison: SQLAlchemy compares any other expression with 1, and SQLite then uses no index.
    """

    inherit_cache = True


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **options: object) -> str:
    column, values = (compiler.process(each, **options) for each in (element.left, element.right))
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  # of parts that are compiled


@compiles(_Among, "postgresql")
def _any_of_array(element: _Among, compiler: SQLCompiler, **options: object) -> str:
    column, values = (compiler.process(each, **options) for each in (element.left, element.right))
    return f"{column} = ANY ({values})"


_OF: dict[str, TypeEngine[str] | TypeEngine[int]] = {
    "text": Text(),
    "integer": Integer(),
    "big": BigInteger(),
}
"""The type of the column: PostgreSQL compares numbers of two types one by one, not by a hash."""


class _Values(TypeDecorator[Collection[object]]):
    """A list as one parameter: JSON in SQLite, an array in PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, of: Literal["text", "integer", "big"]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str] | TypeEngine[Sequence[object]]:
        """Return the type that the database gets."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(_OF[self.of]))

    def process_bind_param(self, value: Collection[object] | None, dialect: Dialect) -> str | list[object]:
        """Return the list as the database gets it."""
        values = list(value or ())
        return json.dumps(values) if dialect.name == "sqlite" else values
