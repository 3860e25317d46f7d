"""A desk for the tests of the engine: SQLite by default, PostgreSQL where a test asks for both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Desk, a_desk
from tests.databases import chosen_database, remove_database


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """The run's, or each of both for a test that is marked so."""
    return str(getattr(request, "param", chosen_database()))


@pytest.fixture
def desk(database_kind: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk of its own for each test."""
    with a_desk(tmp_path / "home", database=database_kind) as made:
        yield made
    remove_database(tmp_path / "home")
