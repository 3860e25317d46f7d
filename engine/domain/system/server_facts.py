"""A database server, as it describes itself and our connection to it."""

from __future__ import annotations

from engine.domain.base import Frozen, Instant


class WalArchive(Frozen):
    """The archive of a server's write-ahead log (WAL), as the server reports it."""

    is_on: bool
    newest: str | None
    newest_at: Instant | None
    failed_at: Instant | None
    segments_waiting: int
    """Whole segments after the newest one in the archive."""
    timeout_seconds: int
    """A segment that is not full is archived after so long; 0: only once it is full."""

    @property
    def fails(self) -> bool:
        """True if the last try to archive failed."""
        return self.failed_at is not None and (self.newest_at is None or self.failed_at > self.newest_at)


class ServerFacts(Frozen):
    """A server of PostgreSQL as our connection sees it."""

    version: int
    encoding: str
    most_connections: int
    connections_each: int
    """At most so many are of one process of ours."""
    waits_for_disk: bool
    is_encrypted: bool
    over_network: bool
    rules_the_server: bool
    is_in_recovery: bool
    """It replays a log: it refuses what is recorded, and readers get an earlier moment."""
    archive: WalArchive

    @property
    def processes(self) -> int:
        """The number of processes of ours that it has connections for."""
        return self.most_connections // self.connections_each
