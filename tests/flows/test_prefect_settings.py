"""What Prefect is told before it is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.domain.errors import SetupError
from flows import prefect_settings


def in_a_child(program: str, **environ: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.getcwd(), **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_settings_import_nothing_of_prefect() -> None:
    program = "import sys, flows.prefect_settings; print('prefect' in sys.modules, 'sqlmodel' in sys.modules)"
    assert in_a_child(program).split() == ["False", "False"]


def test_what_drains_the_outbox_imports_no_prefect_before_a_flow_waits() -> None:
    program = (
        "import sys, flows.runner, flows.watch, flows.serve, flows.prefect_session, flows.server\n"
        "print('prefect' in sys.modules, 'streamlit' in sys.modules)"
    )
    assert in_a_child(program).split() == ["False", "False"]


def test_whatever_the_environment_said_to_prefect_is_forgotten(tmp_path: Path) -> None:
    environ = {"PREFECT_API_URL": "https://elsewhere.example/api", "PREFECT_API_KEY": "k", "PATH": "/bin"}
    prefect_settings.apply(tmp_path, environ=environ)
    assert "PREFECT_API_KEY" not in environ
    assert environ["PREFECT_API_URL"] == ""
    assert environ["PATH"] == "/bin"


def test_a_request_to_this_machine_never_goes_by_way_of_a_proxy(tmp_path: Path) -> None:
    environ = {"NO_PROXY": "intranet.example"}
    prefect_settings.apply(tmp_path, environ=environ)
    prefect_settings.apply(tmp_path, environ=environ)
    assert environ["NO_PROXY"] == "intranet.example,127.0.0.1,localhost"
    assert environ["no_proxy"] == "127.0.0.1,localhost"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("postgresql://p@db/prefect", "postgresql+asyncpg://p@db/prefect"),
        ("postgresql://p@/prefect?host=/run/pg", "postgresql+asyncpg://p@/prefect?host=/run/pg"),
        ("postgresql://db/prefect?sslmode=verify-full", "postgresql+asyncpg://db/prefect?ssl=verify-full"),
    ],
)
def test_a_server_on_postgresql_has_an_address_like_the_record_s(given: str, address: str) -> None:
    assert prefect_settings.for_database(given) == {"PREFECT_SERVER_DATABASE_CONNECTION_URL": address}
    bare = given.partition("?")[0]
    with_certificate = prefect_settings.for_database(f"{bare}?sslrootcert=/etc/ca.pem")
    assert with_certificate["PGSSLROOTCERT"] == "/etc/ca.pem"
    assert "sslrootcert" not in with_certificate["PREFECT_SERVER_DATABASE_CONNECTION_URL"]


@pytest.mark.parametrize("given", ["sqlite:///a.db", "postgresql://db", "prefect", "postgresql://db:port/a"])
def test_another_address_is_refused_without_being_quoted(given: str) -> None:
    with pytest.raises(SetupError, match=r"STAC_PREFECT_DATABASE_URL is postgresql://USER@HOST/NAME"):
        prefect_settings.for_database(given)


@pytest.mark.parametrize(
    "option", ["connect_timeout=3", "sslcert=/c.pem", "sslkey=/k.pem", "sslmode=require&a=b"]
)
def test_an_option_that_its_driver_does_not_know_is_refused(option: str) -> None:
    with pytest.raises(SetupError, match="has an option other than host, sslmode, sslrootcert; remove it"):
        prefect_settings.for_database(f"postgresql://p@db/prefect?{option}")


@pytest.mark.slow
def test_prefect_knows_every_setting_and_takes_it(tmp_path: Path) -> None:
    answer = prefect_settings.settings_for(tmp_path, server_url="http://127.0.0.1:1/api")
    answer |= prefect_settings.for_server(1, with_pages=False)
    program = f"""
import json, os
from pathlib import Path
from flows import prefect_settings
prefect_settings.apply(Path({str(tmp_path)!r}), server_url="http://127.0.0.1:1/api")
from prefect.settings import get_current_settings
from prefect.settings.models.root import Settings, _get_settings_accessors
known = {{name.upper() for name in _get_settings_accessors(Settings)}}
now = get_current_settings()
services = now.server.services
print(json.dumps({{
    "unknown": sorted(n for n in {sorted(answer)!r} if n.startswith("PREFECT_") and n not in known),
    "home": str(now.home),
    "url": now.api.url,
    "off": [now.server.analytics_enabled, now.cloud.enable_orchestration_telemetry,
            now.logging.to_api.enabled, now.results.persist_by_default,
            now.client.csrf_support_enabled, now.server.ephemeral.enabled,
            services.scheduler.enabled, services.triggers.enabled, services.late_runs.enabled],
    "recorder": [services.task_run_recorder.enabled, services.task_run_recorder.batch_size],
    "database": now.server.database.connection_url.get_secret_value(),
}}))
"""
    found = json.loads(in_a_child(program, PREFECT_HOME="/nowhere", PREFECT_LOGGING_TO_API_ENABLED="true"))
    assert found == {
        "unknown": [],
        "home": f"{tmp_path}/prefect",
        "url": "http://127.0.0.1:1/api",
        "off": [False] * 9,
        "recorder": [True, 1000],
        "database": f"sqlite+aiosqlite:///{tmp_path}/prefect/prefect.db",
    }


@pytest.mark.slow
def test_without_a_chosen_server_no_flow_can_run(tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from flows import prefect_settings
prefect_settings.apply(Path({str(tmp_path)!r}))
from prefect import flow
@flow
def nothing() -> None: ...
try:
    nothing()
except ValueError as error:
    print(error)
"""
    assert "No Prefect API URL provided" in in_a_child(
        program, PREFECT_API_URL="http://elsewhere.example/api"
    )
