"""Prefect's settings before it is imported. Imports nothing of Prefect; knows no flow and no case.

Prefect reads the environment once, at its import. So ``apply`` comes before the first import of any other
module of ``flows``: it moves all that Prefect stores into our home, and shuts every way out of this machine.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from engine.domain.errors import SetupError

PREFIX = "PREFECT_"
SERVER_URL = "PREFECT_API_URL"
DATABASE = "STAC_PREFECT_DATABASE_URL"
"""Address of a database on PostgreSQL for the lasting server; without it, a file in the home folder."""
_OPTIONS = frozenset({"host", "sslmode", "sslrootcert"})
"""Options of the address: its driver knows no others of those that the record's driver knows."""
START_SECONDS = 120
"""Time that a server may take to start: 10 seconds are usual, and twice that on a busy machine."""

_OFF = "false"
_LOOPBACK = (
    "127.0.0.1",
    "localhost",
)  # never by way of a proxy: the path of a request holds a case's reference

# Nothing leaves the machine: no analytics, no cloud, no plugins of Prefect's, no measuring of this machine.
_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": _OFF,
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": _OFF,
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": _OFF,
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": _OFF,
    "PREFECT_PLUGINS_ENABLED": _OFF,
}

# A flow run leaves ids and times behind, nothing else: its results are in our record, and logs may quote.
_CLIENT = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",  # the caller of a flow says how it failed, in a sentence of its own
    "PREFECT_LOGGING_TO_API_ENABLED": _OFF,
    "PREFECT_LOGGING_LOG_PRINTS": _OFF,
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": _OFF,
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": _OFF,
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": _OFF,
    # The temporary server is ours (flows.server): Prefect's own stays behind when this process is killed.
    "PREFECT_SERVER_EPHEMERAL_ENABLED": _OFF,
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(START_SECONDS),
}

# With the recorder's own batch size of 1, SQLite is locked for seconds after each flow that has tasks.
# We use no automation, deployment, schedule or worker of Prefect's, so nothing need watch for them.
_SERVER = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "1000",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "10",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED": _OFF,
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": _OFF,
    **{
        f"PREFECT_SERVER_SERVICES_{service}_ENABLED": _OFF
        for service in (
            "CANCELLATION_CLEANUP",
            "CLEANUP_RECONCILER",
            "EVENT_LOGGER",
            "EVENT_PERSISTER",
            "FOREMAN",
            "LATE_RUNS",
            "PAUSE_EXPIRATIONS",
            "REPOSSESSOR",
            "SCHEDULER",
            "TRIGGERS",
        )
    },
}


def apply(
    home: Path, *, server_url: str | None = None, environ: MutableMapping[str, str] | None = None
) -> None:
    """Set all of it, and forget whatever the environment said to Prefect before.

    ``server_url`` is the API of the server to use; without it no flow can run until one is chosen, and
    nothing is ever sent to a server that the environment named.
    """
    environ = os.environ if environ is None else environ
    for name in [name for name in environ if name.startswith(PREFIX)]:
        del environ[name]
    environ.update(settings_for(home, server_url=server_url))
    for name in ("NO_PROXY", "no_proxy"):
        environ[name] = ",".join(dict.fromkeys([*environ.get(name, "").split(","), *_LOOPBACK])).strip(",")


def settings_for(home: Path, *, server_url: str | None = None) -> dict[str, str]:
    """Return every variable that ``apply`` sets; all that Prefect writes is under ``home/prefect``."""
    place = home.absolute() / "prefect"
    stored = {
        "PREFECT_HOME": str(place),
        "PREFECT_PROFILES_PATH": str(place / "profiles.toml"),
        "PREFECT_LOCAL_STORAGE_PATH": str(place / "storage"),
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(place / "ui"),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{place / 'prefect.db'}",
        "DO_NOT_TRACK": "1",
        SERVER_URL: server_url or "",
    }
    return {**_QUIET, **_CLIENT, **_SERVER, **stored}


def for_database(url: str) -> dict[str, str]:
    """Return the settings of a lasting server whose own record is on PostgreSQL, at an address as ours.

    Its driver has another word for the mode of TLS, and reads the certificate's place from the environment.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  it raises where the port is not a number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "postgresql" or not parts.path.strip("/"):
        raise SetupError(f"{DATABASE} is postgresql://USER@HOST/NAME, or is not set")
    given = dict(parse_qsl(parts.query))
    if set(given) - _OPTIONS:
        raise SetupError(f"{DATABASE} has an option other than {', '.join(sorted(_OPTIONS))}; remove it")
    environ = {}
    if (certificate := given.pop("sslrootcert", None)) is not None:
        environ["PGSSLROOTCERT"] = certificate
    if (mode := given.pop("sslmode", None)) is not None:
        given["ssl"] = mode
    query = urlencode(given, safe="/")
    address = f"postgresql+asyncpg://{parts.netloc}{parts.path}" + (f"?{query}" if query else "")
    return {**environ, "PREFECT_SERVER_DATABASE_CONNECTION_URL": address}


def for_server(port: int, *, with_pages: bool) -> dict[str, str]:
    """Return a server's further settings: only its own pages may speak to it, and whether it has any."""
    return {
        SERVER_URL: "",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_UI_ENABLED": "true" if with_pages else _OFF,
        "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",
    }
