"""The database of each test's record: SQLite, and PostgreSQL where a test or the whole run asks for it.

``--record postgresql`` gives every home of a run a database in one private PostgreSQL, named in the home's
settings, so that every door (the command, a flow, an agency's process) opens that one. A copy of a home has a
copy of its database.
"""

from __future__ import annotations

import atexit
import itertools
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from engine.settings import SETTINGS_FILE
from tests.postgres import private_cluster

OPTION = "--record"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgres)]
"""For a test that runs once on each."""
IN_FULL = [SQLITE, pytest.param(POSTGRESQL, marks=(pytest.mark.postgres, pytest.mark.full))]
"""For a test beside others of its file that run on each: it runs on PostgreSQL in ``scripts/test --full``."""
_NUMBERS = itertools.count(1)
_ADDRESS = re.compile(r'^database_url = "([^"]*)"\n?', re.MULTILINE)
_CHOSEN = {OPTION: SQLITE}


def add_option(parser: pytest.Parser) -> None:
    """Let a run say which database its records are in."""
    parser.addoption(
        OPTION, choices=(SQLITE, POSTGRESQL), default=SQLITE, help="the database of each test's record"
    )


def choose(config: pytest.Config) -> None:
    """Remember what the run said, in each process that tests."""
    _CHOSEN[OPTION] = config.getoption(OPTION)


def chosen_database() -> str:
    """The kind that a run puts its records in where a test asks for none."""
    return _CHOSEN[OPTION]


def leave_out_sqlite(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite's own file, where the records of a run are on PostgreSQL."""
    if chosen_database() == POSTGRESQL:
        about_sqlite = [test for test in items if test.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=about_sqlite)
        items[:] = [test for test in items if test not in about_sqlite]


@cache
def server_address() -> str:
    """The private server of this process, begun when it is first needed, without a database's name."""
    running, begun_by = ExitStack(), os.getpid()
    address = running.enter_context(private_cluster())

    def end() -> None:
        if os.getpid() == begun_by:  # a process forked from this one ends without ending the server
            running.close()

    atexit.register(end)
    return address


def create_database(name: str | None = None, *, like: str | None = None) -> str:
    """Make a database, empty or a copy of the one at the address ``like``, and return its address."""
    name = name or f"t{next(_NUMBERS)}"
    template = f" TEMPLATE {_name(like)}" if like else ""
    _on_server(f"CREATE DATABASE {name}{template}")
    return server_address().format(database=name)


def drop_database(address: str) -> None:
    """Remove it, whoever is connected."""
    _on_server(f"DROP DATABASE IF EXISTS {_name(address)} WITH (FORCE)")


def database_of(home: Path) -> str | None:
    """The address in a home's settings."""
    file = home / SETTINGS_FILE
    found = _ADDRESS.search(file.read_text()) if file.exists() else None
    return found[1] if found else None


def name_database(home: Path, address: str) -> None:
    """Put an address into a home's settings, before all else there."""
    file = home / SETTINGS_FILE
    there = _ADDRESS.sub("", file.read_text()) if file.exists() else ""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(f'database_url = "{address}"\n{there}')
    file.chmod(0o600)


def add_settings(home: Path, lines: str) -> None:
    """Put lines into a home's settings, after its database's address."""
    address = database_of(home)
    (home / SETTINGS_FILE).write_text(lines)
    if address is not None:
        name_database(home, address)


def rows_as_text(home: Path) -> str:
    """Every value of every table."""
    with record_of(home) as connection:
        tables = inspect(connection).get_table_names()
        selected = [connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables]
    return "\n".join(str(tuple(row)) for rows in selected for row in rows)  # a row's own text is shortened


def copy_home(template: Path, place: Path) -> Path:
    """Copy a home that nobody has open, and its database."""
    shutil.copytree(template, place)
    if (address := database_of(template)) is not None:
        name_database(place, create_database(like=address))
    return place


def remove_database(home: Path) -> None:
    """Remove the database of a home whose test is over: a thousand files each."""
    address = database_of(home) or ""
    if address.startswith(POSTGRESQL):
        drop_database(address)


def _name(address: str) -> str:
    return address.partition("@/")[2].partition("?")[0]


def _on_server(statement: str) -> None:
    url = server_address().format(database="postgres").replace("postgresql://", "postgresql+psycopg://")
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(statement))
    server.dispose()


@contextmanager
def record_of(home: Path) -> Iterator[Connection]:
    """The record of a home past the program, as somebody would change it who may reach its database."""
    url = (database_of(home) or f"sqlite:///{home / 'stac.db'}").replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def drop_triggers(connection: Connection, table: str) -> None:
    """Remove all that refuses a change of this table."""
    if connection.dialect.name == SQLITE:
        named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        drop = "DROP TRIGGER {}"
    else:
        named = "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal"
        drop = f"DROP TRIGGER {{}} ON {table}"
    for name in connection.scalars(text(named), {"table": table}).all():
        connection.execute(text(drop.format(name)))


def stored_bytes(home: Path) -> bytes:
    """All that the database of a home stores: the bytes of SQLite's files, PostgreSQL's rows as text."""
    if database_of(home) is None:
        return b"".join(file.read_bytes() for file in home.glob("stac.db*"))
    with record_of(home) as connection:
        tables = inspect(connection).get_table_names()
        found = [connection.scalars(text(f'SELECT row::text FROM "{table}" AS row')) for table in tables]
        return "\n".join(row for rows in found for row in rows).encode()
