"""A database server, as it describes itself and our connection to it."""

from __future__ import annotations

from engine.domain.base import Frozen


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

    @property
    def processes(self) -> int:
        """The number of processes of ours that it has connections for."""
        return self.most_connections // self.connections_each
