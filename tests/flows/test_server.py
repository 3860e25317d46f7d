"""The Prefect server of a home."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cli.system.doctor_server import prefect_checks
from engine.domain.errors import SetupError
from flows import prefect_settings, process_registry
from flows.children import stop_all
from flows.runner import drain
from flows.server import PrefectServer, answers, lasting_server, temporary_server
from tests.builders import Desk, ask_all
from tests.databases import create_database
from tests.flows.given import have_database, lend, screened, toys_for


def test_a_home_with_no_server_has_no_lasting_one(tmp_path: Path) -> None:
    assert lasting_server(tmp_path) is None


def test_a_server_that_lives_and_does_not_answer_is_not_used(tmp_path: Path) -> None:
    lend(tmp_path, "http://127.0.0.1:9/api")
    assert lasting_server(tmp_path) is None


@pytest.mark.slow
def test_a_server_that_cannot_start_says_where_to_look(
    tmp_path: Path,
) -> None:
    (tmp_path / "prefect").mkdir()
    (tmp_path / "prefect" / "profiles.toml").write_text("this is no [profile")  # no start mends that
    why = r"did not start .*; run/temporary-server-\d+\.log in the home"
    with pytest.raises(SetupError, match=why), temporary_server(tmp_path):
        pass
    (log,) = (tmp_path / "run").glob("temporary-server-*.log")
    assert "TOMLDecodeError" in log.read_text()


@pytest.mark.prefect
@pytest.mark.postgres
@pytest.mark.full
def test_a_lasting_server_on_postgresql_runs_a_flow_and_doctor_knows_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = desk.runtime.settings.home
    toys_for(desk)
    ask_all(desk, screened(desk))
    url = create_database()
    monkeypatch.setenv(prefect_settings.DATABASE, url)
    before = {name: value for name, value in os.environ.items() if name.startswith("PREFECT_")}
    server = PrefectServer(home, name="server", lasting=True)
    try:
        server.start()
        server.wait_until_ready()
        assert lasting_server(home) == server.url
        assert drain(desk.runtime) == 1
    finally:
        stop_all([server.child])
        server.close()
        for name in [name for name in os.environ if name.startswith("PREFECT_")]:
            monkeypatch.delenv(name)
        os.environ.update(before)
    assert not (home / "prefect" / "prefect.db").exists()
    stored = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with stored.connect() as connection:
        runs = connection.execute(text("SELECT name, state_type FROM flow_run")).all()
    stored.dispose()
    assert [str(state) for _, state in runs] == ["COMPLETED"]
    checks = list(prefect_checks({prefect_settings.DATABASE: url}))
    assert {each.name for each in checks} == {"prefect server"}


@pytest.mark.prefect
class TestStarting:
    @pytest.fixture(autouse=True)
    def _with_a_database(self, tmp_path: Path, prefect_database: Path) -> None:
        have_database(tmp_path, prefect_database)

    def test_a_temporary_server_answers_and_is_gone_after_its_block(self, tmp_path: Path) -> None:
        with temporary_server(tmp_path) as url:
            port = int(url.split(":")[2].removesuffix("/api"))
            assert answers(port, "/api/health")
            assert len(list((tmp_path / "run").glob("temporary-server-*.json"))) == 1
        assert not answers(port, "/api/health")
        assert not list((tmp_path / "run").glob("temporary-server-*"))
        assert (tmp_path / "prefect" / "prefect.db").exists()

    @pytest.mark.full  # every run kills the server of a served home and finds it at its port (test_serve)
    def test_a_lasting_server_keeps_its_port_when_it_is_started_again(self, tmp_path: Path) -> None:
        server = PrefectServer(tmp_path, name="server", lasting=True)
        try:
            server.start()
            server.wait_until_ready()
            assert lasting_server(tmp_path) == server.url
            os.kill(server.child.pid, signal.SIGKILL)
            server.child.bury(by=time.monotonic() + 5)
            assert lasting_server(tmp_path) is None
            server.start()
            server.wait_until_ready()
            assert lasting_server(tmp_path) == server.url
        finally:
            server.child.ask_to_stop()
            server.child.bury(by=time.monotonic() + 5)
            server.close()

    def test_a_temporary_server_does_not_outlive_a_process_that_is_killed(self, tmp_path: Path) -> None:
        program = (
            "import sys, time\nfrom pathlib import Path\nfrom flows.server import temporary_server\n"
            "with temporary_server(Path(sys.argv[1])) as url:\n    print(url, flush=True)\n    time.sleep(60)"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        ) as process:
            assert process.stdout is not None
            port = int(process.stdout.readline().split(":")[2].removesuffix("/api\n"))
            found = process_registry.standing(tmp_path, f"temporary-server-{process.pid}")
            assert found is not None
            process.kill()
            process.wait()
        until = time.monotonic() + 15
        while found.is_alive and time.monotonic() < until:
            time.sleep(0.1)
        assert not found.is_alive
        assert not answers(port, "/api/health")
