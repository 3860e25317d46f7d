"""A desk for each test of a flow, and one whose flows run against the Prefect server of this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Desk, a_desk
from tests.databases import remove_database
from tests.flows.given import lend


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk of its own for each test."""
    with a_desk(tmp_path / "home") as made:
        yield made
    remove_database(tmp_path / "home")


@pytest.fixture
def flow_desk(desk: Desk, prefect_server: str) -> Desk:
    """A desk whose flows run against that server."""
    lend(desk.runtime.settings.home, prefect_server)
    return desk
