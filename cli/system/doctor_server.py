"""Checks of a database server: encryption, role, durability and connections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cli.system.checks import NOTE, OK, WRONG, Check
from engine.domain.errors import RecordError, RecordFault, SetupError
from engine.domain.system.server_facts import ServerFacts

_OLDEST = 140000


def server_checks(
    facts: ServerFacts, *, name: str = "server", variable: str = "STAC_DATABASE_URL"
) -> Iterator[Check]:
    """Yield what to correct at the server; nothing of it is in our hands."""
    faults = list(_faults(facts, variable))
    yield from (Check(name, state, sentence, mend) for state, sentence, mend in faults)
    if not faults:
        how = "over TLS" if facts.is_encrypted else "over a socket of this machine"
        sentence = f"PostgreSQL {facts.version // 10000}, {how}, for at most {facts.processes} processes"
        yield Check(name, OK, sentence)


def archive_check(facts: ServerFacts) -> Check:
    """Return whether the server archives its write-ahead log (WAL); what is not archived is lost with it."""
    archive, name = facts.archive, "archive"
    if not archive.is_on:
        mend = "set archive_mode and archive_command, or have another program receive it (docs: PostgreSQL)"
        return Check(name, NOTE, "the server does not archive its write-ahead log (WAL)", mend)
    newest = (
        f"the newest is of {archive.newest_at:%Y-%m-%d %H:%M} UTC" if archive.newest_at else "there is none"
    )
    if archive.fails:
        sentence = f"the server failed to archive at {archive.failed_at:%Y-%m-%d %H:%M} UTC; {newest}"
        return Check(name, WRONG, sentence, "read the server's log, and try its archive_command by hand")
    if archive.segments_waiting:
        sentence = f"{archive.segments_waiting:,} whole segments wait for the archive; {newest}"
        return Check(name, WRONG, sentence, "read the server's log, and try its archive_command by hand")
    if not archive.timeout_seconds:
        sentence = "a segment is archived only when it is full: that may take days"
        return Check(name, NOTE, sentence, "set archive_timeout = '1min' on the server")
    return Check(name, OK if archive.newest_at else NOTE, f"WAL is archived; {newest}")


def prefect_checks(environ: Mapping[str, str]) -> Iterator[Check]:
    """Yield the same of the Prefect server's own database, where it is on a server."""
    from engine.runtime import PREFECT_DATABASE, prefect_server_facts
    from flows.prefect_settings import for_database  # late: `stac --help` need not load them

    if url := environ.get(PREFECT_DATABASE):
        for_database(url)  # it says what is wrong with the address
    try:
        facts = prefect_server_facts(environ)
    except RecordError as error:
        how = "could not be reached" if error.fault is RecordFault.AWAY else "failed"
        raise SetupError(
            f"the database of the Prefect server {how} ({error.kind}); check {PREFECT_DATABASE}"
        ) from None
    if facts is not None:
        yield from server_checks(facts, name="prefect server", variable=PREFECT_DATABASE)


def _faults(facts: ServerFacts, variable: str) -> Iterator[tuple[str, str, str]]:
    if facts.is_in_recovery:
        mend = "wait until SELECT pg_is_in_recovery() gives f, or name the main server in " + variable
        yield WRONG, "it is in recovery: it shows an earlier moment and records nothing", mend
    if facts.over_network and not facts.is_encrypted:
        mend = f"add ?sslmode=verify-full&sslrootcert=FILE to {variable}"
        yield WRONG, "its connection is not encrypted", mend
    if facts.encoding != "UTF8":
        yield WRONG, f"the encoding of its database is {facts.encoding}", "make the database with UTF8"
    if facts.version < _OLDEST:
        yield WRONG, f"its version is {facts.version // 10000}", "use PostgreSQL 14 or newer"
    if not facts.waits_for_disk:
        mend = "set synchronous_commit to on for this database"
        yield WRONG, "it confirms decisions before they are on its disk", mend
    if facts.rules_the_server:
        mend = "give stac a role without the rights of a superuser, and that cannot make roles"
        yield NOTE, "our role has more rights than it needs", mend
    if facts.processes < 2:
        mend = "raise max_connections: each process of ours uses up to " + str(facts.connections_each)
        yield NOTE, f"it allows {facts.most_connections} connections", mend
