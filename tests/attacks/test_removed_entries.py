"""Who can write to the database, and has no key, takes no entry out of the log and makes none anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from engine.access.verify_audit import FIRST_PREVIOUS, verify_lines
from engine.domain.accounts.acting import flow_acting
from engine.services.accounts.users import list_users
from engine.services.cases.views import view_case
from engine.services.referrals.screening import screen
from engine.services.system import audit, audit_anchors
from engine.services.system.audit_keys import seal_older
from engine.settings import AuditSettings
from engine.store.database import open_database
from tests.builders import Desk, a_desk, a_referral, a_screening
from tests.engine.store.system.test_audit_content import drop_triggers


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as there:
        (reference,) = there.refer(a_referral("1")).referrals
        screen(there.context(there.coordinator), reference=reference, screening=a_screening())
        view_case(there.context(there.chair), reference=reference)
        list_users(there.context(there.coordinator))
        yield there


Entry = dict[str, Any]


def log_of(desk: Desk) -> list[Entry]:
    """Every entry, as whoever owns the database reads it."""
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT * FROM audit_entry ORDER BY sequence")).mappings().all()
    engine.dispose()
    return [dict(row) for row in rows]


def rehashed(entries: list[Entry]) -> list[Entry]:
    """The same entries as one unbroken chain, by plain SHA-256."""
    previous = FIRST_PREVIOUS
    for number, entry in enumerate(entries, start=1):
        hashed = hashlib.sha256(f"{previous}\n{number}\n{entry['body']}".encode()).hexdigest()
        entry |= {"sequence": number, "previous": previous, "hash": hashed}
        previous = hashed
    return entries


def write_log(desk: Desk, entries: list[Entry]) -> None:
    """Put these entries in place of the log, with the cases that each names and the right head."""
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        drop_triggers(connection)
        for table in ("audit_case", "audit_entry"):
            connection.execute(text(f"DELETE FROM {table}"))
        for entry in entries:
            _insert(connection, "audit_entry", entry)
            for case in json.loads(entry["body"])["cases"]:
                case_row = {"stream": "main", "sequence": entry["sequence"], "involvement_ref": case}
                _insert(connection, "audit_case", case_row)
        head = {"sequence": entries[-1]["sequence"], "hash": entries[-1]["hash"]}
        connection.execute(text("UPDATE audit_head SET sequence = :sequence, hash = :hash"), head)
    engine.dispose()


def _insert(connection: Connection, table: str, row: Entry) -> None:
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


def found(desk: Desk, anchors: dict[int, str] | None = None) -> tuple[int, str] | None:
    """The first bad entry, and why; None where the log is verified."""
    bad = audit.verify(uow=desk.runtime.uow, anchors=anchors).first_bad
    return None if bad is None else (bad.entry, bad.reason)


def place_of_the_view(entries: list[Entry]) -> int:
    (place,) = [at for at, entry in enumerate(entries) if json.loads(entry["body"])["what"] == "view case"]
    return place


def test_an_entry_that_was_taken_out_is_noticed_though_the_rest_was_hashed_again(desk: Desk) -> None:
    entries = log_of(desk)
    write_log(desk, rehashed(entries))  # the near miss: all of it, hashed again, is what it was
    assert found(desk) is None
    place = place_of_the_view(entries)
    write_log(desk, rehashed(entries[:place] + entries[place + 1 :]))
    assert found(desk) == (place + 1, "its keyed check is wrong: the software did not write it so")


CHANGES: dict[str, Callable[[list[Entry], int], list[Entry]]] = {
    "an entry of nobody": lambda entries, at: [
        *entries[:at],
        {**entries[at], "body": entries[at]["body"].replace('"chair"', '"cora"')},
        *entries[at + 1 :],
    ],
    "an entry more": lambda entries, at: [*entries[: at + 1], dict(entries[at]), *entries[at + 1 :]],
    "two changed places": lambda entries, at: [
        *entries[: at - 1], entries[at], entries[at - 1], *entries[at + 1 :]
    ],
    "an older body and its check": lambda entries, at: [
        *entries[:at],
        {**entries[at], **{name: entries[0][name] for name in ("body", "keyed_check")}},
        *entries[at + 1 :],
    ],
    "a key that is not in use": lambda entries, at: [
        *entries[:at], {**entries[at], "key_number": 2}, *entries[at + 1 :]
    ],
    "no check on one": lambda entries, at: [
        *entries[:at], {**entries[at], "keyed_check": None, "key_number": None}, *entries[at + 1 :]
    ],
    "no check from here on": lambda entries, at: [
        *entries[:at],
        *({**entry, "keyed_check": None, "key_number": None} for entry in entries[at:]),
    ],
    "no check at all": lambda entries, at: [
        {**entry, "keyed_check": None, "key_number": None} for entry in entries[:at] + entries[at + 1 :]
    ],
    "no check on the older ones": lambda entries, at: [
        *({**entry, "keyed_check": None, "key_number": None} for entry in entries[:at]), *entries[at:]
    ],
}  # fmt: skip


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_whatever_is_done_to_the_log_without_the_key_is_noticed(desk: Desk, change: str) -> None:
    entries = log_of(desk)
    write_log(desk, rehashed(CHANGES[change](entries, place_of_the_view(entries))))
    assert found(desk) is not None


def test_a_cut_tail_is_noticed_against_an_anchor_alone(desk: Desk, tmp_path: Path) -> None:
    entries = log_of(desk)
    write_log(desk, entries[:-1])
    assert found(desk) is None, "the honest limit: what is left is what the software wrote"
    write_log(desk, entries)
    file = tmp_path / "anchors.jsonl"
    audit.anchor(desk.context(desk.coordinator), file=file)
    anchors = audit_anchors.anchors_of(file=file)
    assert found(desk, anchors) is None
    write_log(desk, entries)  # without the entry of the anchoring, and what was after it
    (number,) = anchors
    assert found(desk, anchors) == (number, f"the end of the chain is cut off: an anchor is entry {number}")


def as_before_keyed_checks(desk: Desk) -> int:
    """The log as a record from before has it; return how many entries it has."""
    entries = [{**entry, "keyed_check": None, "key_number": None} for entry in log_of(desk)]
    write_log(desk, entries)
    return len(entries)


def test_one_entry_seals_those_from_before_and_from_then_on_none_of_them_is_made_anew(desk: Desk) -> None:
    older = as_before_keyed_checks(desk)
    assert found(desk) == (1, f"{older} entries have no keyed check, and no entry seals them")
    assert seal_older(uow=desk.runtime.uow, clock=desk.clock) == older
    assert seal_older(uow=desk.runtime.uow, clock=desk.clock) == 0, "once"
    list_users(desk.context(desk.coordinator))
    assert found(desk) is None
    entries = log_of(desk)
    assert [entry["key_number"] for entry in entries] == [None] * older + [1] * 2
    place = place_of_the_view(entries)
    write_log(desk, rehashed(entries[:place] + entries[place + 1 :]))
    assert found(desk) == (older, "its keyed check is wrong: the software did not write it so")


def test_a_seal_is_of_so_many_entries(desk: Desk) -> None:
    """Entries that were slipped in before it are not sealed by it."""
    older = as_before_keyed_checks(desk)
    seal_older(uow=desk.runtime.uow, clock=desk.clock)
    entries = log_of(desk)
    entries[older] |= {"keyed_check": None, "key_number": None}
    write_log(desk, entries)
    assert found(desk) == (1, f"{older + 1} entries have no keyed check, and no entry seals them")


def test_an_export_is_as_it_was_and_is_verified_without_a_key(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    audit.export(desk.context(desk.coordinator), file=file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert verify_lines(lines)["ok"]
    assert {name for line in lines[1:-1] for name in json.loads(line)} == {
        "sequence",
        "previous",
        "hash",
        "body",
    }


def test_an_anchor_is_given_to_a_command_and_a_command_that_fails_is_said(desk: Desk, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    works = ("/bin/sh", "-c", f"cat >> {sent}")
    settings = desk.runtime.settings.model_copy(update={"audit": AuditSettings(anchor_command=works)})
    context = replace(desk.context(flow_acting("anchor audit", "runner")), settings=settings)
    assert audit_anchors.anchor_if_due(context) is True
    (number,) = audit_anchors.anchors_of(file=sent)
    assert number == len(log_of(desk)) - 1
    desk.clock.forward(settings.audit.anchor_every)
    for fails in (("/bin/sh", "-c", "exit 3"), ("/no/such/command",)):
        broken = settings.model_copy(update={"audit": AuditSettings(anchor_command=fails)})
        assert audit_anchors.anchor_if_due(replace(context, settings=broken)) is False
        state = audit_anchors.anchoring_state(uow=desk.runtime.uow, clock=desk.clock, settings=broken)
        assert state is not None
        assert "could not be anchored" in state
        desk.clock.forward(settings.audit.anchor_every)
