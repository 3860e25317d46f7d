"""Prefect for tests: a database and a server that one process of a run makes for all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flows.server import answers, temporary_server
from tests.flows.given import have_database


def _folder_of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of a run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as only_one:
        fcntl.flock(only_one, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of Prefect's with nothing in it: a server that is given a copy need not make its own."""
    of_run = _folder_of_run(tmp_path_factory)
    home = of_run / "prefect-template"
    with _locked(of_run / "prefect-template.lock"):
        if not (home / "made").exists():
            with temporary_server(home):
                pass
            (home / "made").touch()
    return home / "prefect"


def _has_a_server(noted: Path) -> bool:
    """Return whether the server of this address answers: one whose process died ended with it."""
    return noted.exists() and answers(urlsplit(noted.read_text()).port or 0, "/api/health")


@contextmanager
def _server_of_run(of_run: Path, home: Path) -> Iterator[str]:
    """Yield the address of a server: the one that another process of this run has, or a new one for all.

    The process that started it ends it when no other uses it.
    """
    begins, users, noted = (of_run / f"prefect-server.{name}" for name in ("begins", "users", "address"))

    def let_others_end() -> None:
        with _locked(begins):
            noted.unlink()
        fcntl.lockf(in_use, fcntl.LOCK_UN)
        fcntl.lockf(in_use, fcntl.LOCK_EX)

    with users.open("w+") as in_use, ExitStack() as own:
        with _locked(begins):
            fcntl.lockf(in_use, fcntl.LOCK_SH)  # no child that is forked meanwhile has it too
            if not _has_a_server(noted):
                noted.write_text(own.enter_context(temporary_server(home)))
                own.callback(let_others_end)
            address = noted.read_text()
        yield address


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
            _server_of_run(_folder_of_run(tmp_path_factory), home) as url,
            temporary_settings({PREFECT_API_URL: url, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        ):
            yield url
    finally:
        os.environ.clear()
        os.environ.update(before)
