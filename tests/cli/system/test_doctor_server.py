"""What the doctor says of a database server."""

from __future__ import annotations

import pytest

from cli.system.doctor_server import server_checks
from engine.domain.system.server_facts import ServerFacts

GOOD = ServerFacts(
    version=150006,
    encoding="UTF8",
    most_connections=100,
    connections_each=15,
    waits_for_disk=True,
    is_encrypted=True,
    over_network=True,
    rules_the_server=False,
)


def test_a_good_server_is_one_line() -> None:
    assert [(each.state, each.finding) for each in server_checks(GOOD)] == [
        ("ok", "PostgreSQL 15, over TLS, for at most 6 processes")
    ]


@pytest.mark.parametrize(
    ("change", "state", "finding"),
    [
        ({"is_encrypted": False}, "WRONG", "its connection is not encrypted"),
        ({"encoding": "LATIN1"}, "WRONG", "the encoding of its database is LATIN1"),
        ({"version": 130002}, "WRONG", "its version is 13"),
        ({"waits_for_disk": False}, "WRONG", "it confirms decisions before they are on its disk"),
        ({"rules_the_server": True}, "note", "our role has more rights than it needs"),
        ({"most_connections": 20}, "note", "it allows 20 connections"),
    ],
    ids=["tls", "encoding", "version", "disk", "role", "connections"],
)
def test_each_fault_is_named_with_what_to_do(change: dict[str, object], state: str, finding: str) -> None:
    (check,) = server_checks(GOOD.model_copy(update=change))
    assert (check.state, check.finding) == (state, finding)
    assert check.mend
