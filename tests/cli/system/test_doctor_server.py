"""What the doctor says of a database server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cli.system.doctor_server import archive_check, server_checks
from engine.domain.system.server_facts import ServerFacts, WalArchive
from tests.builders import MONDAY

ARCHIVED = WalArchive(
    is_on=True, newest="0" * 24, newest_at=MONDAY, failed_at=None, segments_waiting=0, timeout_seconds=60
)
GOOD = ServerFacts(
    version=150006,
    encoding="UTF8",
    most_connections=100,
    connections_each=15,
    waits_for_disk=True,
    is_encrypted=True,
    over_network=True,
    rules_the_server=False,
    is_in_recovery=False,
    archive=ARCHIVED,
)


def test_a_good_server_is_one_line() -> None:
    assert [(each.state, each.finding) for each in server_checks(GOOD)] == [
        ("ok", "PostgreSQL 15, over TLS, for at most 6 processes")
    ]


@pytest.mark.parametrize(
    ("change", "state", "finding"),
    [
        (
            {"is_in_recovery": True},
            "WRONG",
            "it is in recovery: it shows an earlier moment and records nothing",
        ),
        ({"is_encrypted": False}, "WRONG", "its connection is not encrypted"),
        ({"encoding": "LATIN1"}, "WRONG", "the encoding of its database is LATIN1"),
        ({"version": 130002}, "WRONG", "its version is 13"),
        ({"waits_for_disk": False}, "WRONG", "it confirms decisions before they are on its disk"),
        ({"rules_the_server": True}, "note", "our role has more rights than it needs"),
        ({"most_connections": 20}, "note", "it allows 20 connections"),
    ],
    ids=["recovery", "tls", "encoding", "version", "disk", "role", "connections"],
)
def test_each_fault_is_named_with_what_to_do(change: dict[str, object], state: str, finding: str) -> None:
    (check,) = server_checks(GOOD.model_copy(update=change))
    assert (check.state, check.finding) == (state, finding)
    assert check.mend


@pytest.mark.parametrize(
    ("change", "state", "finding"),
    [
        ({}, "ok", "WAL is archived; the newest is of 2026-03-02 09:00 UTC"),
        ({"is_on": False}, "note", "the server does not archive its write-ahead log (WAL)"),
        ({"newest": None, "newest_at": None}, "note", "WAL is archived; there is none"),
        ({"timeout_seconds": 0}, "note", "a segment is archived only when it is full: that may take days"),
        (
            {"segments_waiting": 3},
            "WRONG",
            "3 whole segments wait for the archive; the newest is of 2026-03-02 09:00 UTC",
        ),
        (
            {"failed_at": MONDAY + timedelta(minutes=1)},
            "WRONG",
            "the server failed to archive at 2026-03-02 09:01 UTC; the newest is of 2026-03-02 09:00 UTC",
        ),
        (
            {"failed_at": MONDAY - timedelta(minutes=1)},
            "ok",
            "WAL is archived; the newest is of 2026-03-02 09:00 UTC",
        ),
    ],
    ids=["well", "off", "nothing yet", "only full ones", "waiting", "fails", "failed and went on"],
)
def test_the_archive_of_the_log_is_well_off_or_behind(
    change: dict[str, object], state: str, finding: str
) -> None:
    check = archive_check(GOOD.model_copy(update={"archive": ARCHIVED.model_copy(update=change)}))
    assert (check.name, check.state, check.finding) == ("archive", state, finding)
