"""Asks a database server about itself and our connection to it. Reads no table of ours."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

from engine.domain.system.server_facts import ServerFacts, WalArchive
from engine.store.database import CONNECTIONS_MORE, CONNECTIONS_STAY
from engine.store.faults import reading

_ASKED = text(
    "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), "
    "current_setting('max_connections')::int, current_setting('synchronous_commit'), "
    "(SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), inet_server_addr() IS NOT NULL, "
    "(SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user), "
    "pg_is_in_recovery()"
)

_ARCHIVE = text(
    "SELECT current_setting('archive_mode') <> 'off', last_archived_wal, last_archived_time, "
    "last_failed_time, "
    "CASE WHEN NOT pg_is_in_recovery() THEN pg_walfile_name(pg_current_wal_lsn()) END, "
    "pg_size_bytes(current_setting('wal_segment_size')), "
    "(SELECT setting::int FROM pg_settings WHERE name = 'archive_timeout') FROM pg_stat_archiver"
)
_WAL_NAME = 24
"""Characters of a segment's name: its timeline, and its number in two parts."""


def server_facts(engine: Engine) -> ServerFacts | None:
    """Return what the server says; None for SQLite, which has none."""
    if engine.dialect.name == "sqlite":
        return None
    with reading(), engine.connect() as connection:
        version, encoding, most, waits, ssl, network, rules, recovers = connection.execute(_ASKED).one()
        archive = _archive(connection)
    return ServerFacts(
        version=int(version),
        encoding=str(encoding),
        most_connections=int(most),
        connections_each=CONNECTIONS_STAY + CONNECTIONS_MORE,
        waits_for_disk=str(waits) != "off",
        is_encrypted=bool(ssl),
        over_network=bool(network),
        rules_the_server=bool(rules),
        is_in_recovery=bool(recovers),
        archive=archive,
    )


def _archive(connection: Connection) -> WalArchive:
    is_on, newest, newest_at, failed_at, current, size, timeout = connection.execute(_ARCHIVE).one()
    there, now = _number(newest, int(size)), _number(current, int(size))
    return WalArchive(
        is_on=bool(is_on),
        newest=newest,
        newest_at=newest_at,
        failed_at=failed_at,
        segments_waiting=max(0, now - there - 1) if there is not None and now is not None else 0,
        timeout_seconds=int(timeout),
    )


def _number(name: str | None, size: int) -> int | None:
    """Return the number of a segment; None for the other files of an archive, and without any."""
    if name is None or len(name) != _WAL_NAME:
        return None
    return int(name[8:16], 16) * (2**32 // size) + int(name[16:], 16)
