"""The tests of the store run on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Desk, a_desk
from tests.databases import BOTH, SQLITE, create_database, remove_database


@pytest.fixture(params=BOTH)
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database of a test, which runs once on each."""
    return str(request.param)


@pytest.fixture
def desk(database_kind: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk on each database."""
    with a_desk(tmp_path / "home", database=database_kind) as made:
        yield made
    remove_database(tmp_path / "home")


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> str:
    """A database of each kind: the desk's where a test has a desk, and otherwise empty."""
    if "desk" in request.fixturenames:
        desk: Desk = request.getfixturevalue("desk")
        return desk.runtime.settings.database_url
    return f"sqlite:///{tmp_path / 'home' / 'stac.db'}" if database_kind == SQLITE else create_database()


@pytest.fixture(scope="module", params=BOTH)
def lasting_desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all tests of a file that change nothing at it."""
    with a_desk(tmp_path_factory.mktemp("lasting") / "home", database=str(request.param)) as made:
        yield made
