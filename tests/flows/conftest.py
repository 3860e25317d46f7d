"""One Prefect server for the tests of flows, started when the first of them asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.server import temporary_server
from tests.builders import Desk, a_desk
from tests.flows.given import lend


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk of its own for each test."""
    with a_desk(tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Prefect's own test server, with our settings in force."""
    from flows import prefect_settings

    before = dict(os.environ)
    prefect_settings.apply(tmp_path_factory.mktemp("prefect"))
    try:
        from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
        from prefect.testing.utilities import prefect_test_harness

        with (
            prefect_test_harness(server_startup_timeout=prefect_settings.START_SECONDS),
            temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        ):
            url = PREFECT_API_URL.value()
            assert url
            yield url
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of Prefect's with nothing in it: a server that is given a copy need not make its own."""
    home = tmp_path_factory.mktemp("template")
    with temporary_server(home):
        pass
    return home / "prefect"


@pytest.fixture
def flow_desk(desk: Desk, prefect_server: str) -> Desk:
    """A desk whose flows run against that server."""
    lend(desk.runtime.settings.home, prefect_server)
    return desk
