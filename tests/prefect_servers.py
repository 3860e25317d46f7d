"""Prefect for tests: a database that one process of a run makes for all, and a server for each process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.server import temporary_server
from tests.flows.given import have_database


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of Prefect's with nothing in it: a server that is given a copy need not make its own."""
    of_run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_run = of_run.parent
    home = of_run / "prefect-template"
    with (of_run / "prefect-template.lock").open("w") as only_one:
        fcntl.flock(only_one, fcntl.LOCK_EX)
        if not (home / "made").exists():
            with temporary_server(home):
                pass
            (home / "made").touch()
    return home / "prefect"


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory, prefect_database: Path) -> Iterator[str]:
    """The address of a server, with our settings applied to this process too."""
    from flows import prefect_settings

    home = tmp_path_factory.mktemp("prefect")
    have_database(home, prefect_database)
    before = dict(os.environ)
    prefect_settings.apply(home)
    try:
        from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        with (
            temporary_server(home) as url,
            temporary_settings({PREFECT_API_URL: url, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        ):
            yield url
    finally:
        os.environ.clear()
        os.environ.update(before)
