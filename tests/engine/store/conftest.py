"""The tests of the store run on both databases."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.builders import Desk, a_desk, a_home
from tests.postgres import private_cluster

_NUMBERS = itertools.count(1)
_MADE_ONCE = "made_once"


@dataclass(frozen=True)
class Cluster:
    """A running server and, in it, the database of a home with people, which each desk gets a copy of."""

    address: str
    home: Path

    @classmethod
    def with_people(cls, address: str, home: Path) -> Cluster:
        """Make that database by the real migrations."""
        cluster = cls(address, home)
        cluster.create(_MADE_ONCE)
        a_home(home, STAC_DATABASE_URL=address.format(database=_MADE_ONCE))
        return cluster

    def create(self, name: str, *, like: str | None = None) -> str:
        """Make a database, empty or a copy, and return its address."""
        server = self._server()
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else "")))
        server.dispose()
        return self.address.format(database=name)

    def _server(self) -> Engine:
        url = self.address.format(database="postgres").replace("postgresql://", "postgresql+psycopg://")
        return create_engine(url, isolation_level="AUTOCOMMIT")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One private PostgreSQL for the session."""
    with private_cluster() as address:
        yield Cluster.with_people(address, tmp_path_factory.mktemp("cluster") / "home")


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind: the desk's where a test has a desk, and otherwise empty."""
    return _database(request, tmp_path / "home", is_empty="desk" not in request.fixturenames)


@pytest.fixture
def desk(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk on each database."""
    with _desk_on(request, database_url, tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="module", params=BOTH)
def lasting_desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all tests of a file that change nothing at it."""
    home = tmp_path_factory.mktemp("lasting") / "home"
    with _desk_on(request, _database(request, home, is_empty=False), home) as made:
        yield made


def _database(request: pytest.FixtureRequest, home: Path, *, is_empty: bool) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{home / 'stac.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.create(f"t{next(_NUMBERS)}", like=None if is_empty else _MADE_ONCE)


def _desk_on(request: pytest.FixtureRequest, url: str, home: Path) -> AbstractContextManager[Desk]:
    like = None if url.startswith("sqlite") else request.getfixturevalue("cluster").home
    return a_desk(home, like=like, STAC_DATABASE_URL=url)
