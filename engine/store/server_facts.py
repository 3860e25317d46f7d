"""Asks a database server about itself and our connection to it. Reads no table of ours."""

from __future__ import annotations

from sqlalchemy import Engine, text

from engine.domain.system.server_facts import ServerFacts
from engine.store.database import CONNECTIONS_MORE, CONNECTIONS_STAY
from engine.store.faults import reading

_ASKED = text(
    "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), "
    "current_setting('max_connections')::int, current_setting('synchronous_commit'), "
    "(SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), inet_server_addr() IS NOT NULL, "
    "(SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)"
)


def server_facts(engine: Engine) -> ServerFacts | None:
    """Return what the server says; None for SQLite, which has none."""
    if engine.dialect.name == "sqlite":
        return None
    with reading(), engine.connect() as connection:
        version, encoding, most, waits, ssl, network, rules = connection.execute(_ASKED).one()
    return ServerFacts(
        version=int(version),
        encoding=str(encoding),
        most_connections=int(most),
        connections_each=CONNECTIONS_STAY + CONNECTIONS_MORE,
        waits_for_disk=str(waits) != "off",
        is_encrypted=bool(ssl),
        over_network=bool(network),
        rules_the_server=bool(rules),
    )
