"""A desk for the tests of the engine: SQLite by default, PostgreSQL where a test asks for both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Desk, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk of its own for each test."""
    with a_desk(tmp_path / "home") as made:
        yield made
