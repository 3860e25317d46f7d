"""The tests of the store run on both databases."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.builders import Desk, a_desk
from tests.postgres import private_cluster

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """One private PostgreSQL for the session."""
    with private_cluster() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'stac.db'}"
    address: str = request.getfixturevalue("cluster")
    name = f"t{next(_NUMBERS)}"
    server = create_engine(
        address.format(database="postgres").replace("postgresql://", "postgresql+psycopg://"),
        isolation_level="AUTOCOMMIT",
    )
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return address.format(database=name)


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk on each database."""
    with a_desk(tmp_path / "home", STAC_DATABASE_URL=database_url) as made:
        yield made
