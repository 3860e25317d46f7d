"""Common parts of all tables: names of constraints, one type for instants, one for documents."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from pydantic import ConfigDict
from sqlalchemy import JSON, DateTime, Dialect, MetaData, Table
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from engine.store.fates import Part

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=NAMES)


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant in UTC on both databases; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """Return the type with time zone where the database has one."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant for the database: aware, in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        in_utc = value.astimezone(UTC)
        return in_utc if dialect.name == "postgresql" else in_utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant from the database: aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Document(TypeDecorator[object]):
    """A JSON document, in PostgreSQL's binary form there. None means that there is not a document.

    It is not the JSON null.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[object]:
        """Return the database's own kind of document."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON(none_as_null=True))
        from sqlalchemy.dialects.postgresql import JSONB  # loads the dialect: only those who use it wait

        return dialect.type_descriptor(JSONB(none_as_null=True))


DOCUMENT = Document()


class Row(SQLModel):
    """The base of all tables. Rows do not validate, and so need no schema; they never leave the store.

    A column's type says its fate, and ``rows`` whose part of a case the rows are: see ``engine.store.fates``.
    """

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]  # SQLModel's own type is narrower
    metadata: ClassVar[MetaData] = METADATA
    rows: ClassVar[Part]


_CLASSES: dict[str, type[Row]] = {}


def rows_named(table: str) -> type[Row] | None:
    """Return the class of the rows of a table by its name; None if it is not loaded, or there is none."""
    if table not in _CLASSES:
        _CLASSES.update((str(each.__tablename__), each) for each in Row.__subclasses__())
    return _CLASSES.get(table)


def table_of(rows_of: type[Row]) -> Table:
    """Return the table of these rows, for statements that go past the ORM."""
    table: Table = rows_of.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    return table
