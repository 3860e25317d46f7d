"""The record is held against its chain: whatever is changed past the software is named; on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update
from sqlmodel import col

from engine.access import verify_audit
from engine.domain.accounts.acting import Role, flow_acting
from engine.domain.cases.lifecycle import Act, State
from engine.domain.rights.retention import Certificate, ErasedRow, ErasureGround
from engine.services.cases.worklists import worklist
from engine.services.referrals.screening import screen
from engine.services.system import audit, audit_anchors, audit_content
from engine.services.vault import keys as vault_keys
from engine.settings import AuditSettings
from engine.store import schema
from engine.store.database import open_database
from engine.store.every_table import every_table
from engine.store.repositories.bulk import insert_all, insert_and_number
from engine.store.rows_in_text import digests_of
from engine.store.tables.base import METADATA
from engine.store.tables.cases.involvements import CaseMemberRow, EpisodeRow, MoveRow
from engine.store.triggers import append_only, missing_triggers
from engine.store.versions_written import WrittenPastTheAuditError, covered_tables
from tests.builders import MONDAY, Desk, a_referral, a_screening


def held(desk: Desk) -> audit_content.ContentVerdict:
    return audit_content.verify_content(uow=desk.runtime.uow)


def worked(desk: Desk) -> str:
    """A case with something of most kinds."""
    (reference,) = desk.refer(a_referral("1")).referrals
    desk.add("pia", Role.PRACTITIONER, "harbour")
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    return reference


def past_the_software(desk: Desk, *statements: str, triggers: bool = False) -> None:
    """What somebody does who owns the database."""
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        if not triggers:
            drop_triggers(connection)
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def drop_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for (name,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        return
    for table in append_only():
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


CHANGES = [
    ("UPDATE role_claim SET status = 'convicted' WHERE id = 1", "role_claim", "1", "altered"),
    ("UPDATE app_user SET role = 'chair' WHERE name = 'pia'", "app_user", "3", "altered"),
    ("UPDATE screening SET by = 'nobody'", "screening", "1", "altered"),
    ("UPDATE involvement SET state = 'closed'", "involvement", "1", "altered"),
    ("DELETE FROM incident_report WHERE id = 2", "incident_report", "2", "gone"),
    ("DELETE FROM protected_value WHERE id = 2", "protected_value", "2", "gone"),
    (
        "INSERT INTO case_member (id, involvement_id, user_name, named_by, at) "
        "VALUES (77, 1, 'pia', 'cora', '2026-03-02 09:00:00')",
        "case_member",
        "77",
        "added",
    ),
]


def test_each_change_past_the_software_is_named_and_the_record_before_is_well(desk: Desk) -> None:
    worked(desk)
    before = held(desk)
    assert (before.ok, before.not_covered, before.entries_without_digests) == (True, {}, 0)
    assert before.rows > 20
    past_the_software(desk, *(change for change, *_ in CHANGES))
    assert audit.verify(uow=desk.runtime.uow).ok  # the acts are as they were
    after = held(desk)
    found = {(each.table, each.row, each.kind) for each in after.differences}
    assert found == {(table, row, kind) for _, table, row, kind in CHANGES}
    assert not after.ok
    assert all(each.entry is not None for each in after.differences if each.kind != "added")


def test_a_missing_a_toothless_and_a_disabled_trigger_are_named(desk: Desk) -> None:
    assert held(desk).missing_triggers == ()
    if desk.runtime.settings.database_url.startswith("sqlite"):
        toothless = "CREATE TRIGGER judgement_no_delete BEFORE DELETE ON judgement BEGIN SELECT 1; END"
        statements = ["DROP TRIGGER decision_no_update", "DROP TRIGGER judgement_no_delete", toothless]
        named: tuple[str, ...] = ("decision_no_update", "judgement_no_delete")
    else:
        toothless = (
            "CREATE OR REPLACE FUNCTION refuse_change_of_judgement() RETURNS trigger AS "
            "$$ BEGIN RETURN NULL; END $$ LANGUAGE plpgsql"
        )
        statements = [
            "DROP TRIGGER decision_append_only ON decision",
            toothless,
            "ALTER TABLE answer DISABLE TRIGGER answer_only_erased",
        ]
        named = ("answer_only_erased", "decision_append_only", "judgement_append_only")
    past_the_software(desk, *statements, triggers=True)
    content_verdict = held(desk)
    assert (content_verdict.ok, content_verdict.different, content_verdict.missing_triggers) == (
        False,
        0,
        named,
    )


def test_the_list_of_triggers_is_what_the_migrations_make(database_url: str) -> None:
    engine = open_database(database_url)
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert missing_triggers(connection) == ()
        if connection.dialect.name == "sqlite":
            query = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        else:
            query = (
                "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal"
            )
        assert {name for (name,) in connection.execute(text(query)).all()} == set(append_only())
    engine.dispose()


def test_every_table_is_covered_or_says_why_not() -> None:
    uncovered = set(METADATA.tables) - {table.name for table in covered_tables()}
    assert uncovered == {each.__tablename__ for each in every_table() if each.rows.uncovered}
    assert uncovered & set(append_only()) == {"audit_entry", "audit_case"}


def test_erased_content_is_named_by_its_certificate_and_a_new_key_changes_nothing(desk: Desk) -> None:
    reference = worked(desk)
    vault_keys.rotate(desk.context(desk.coordinator))
    assert held(desk).ok
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=MONDAY) as work:
        certificate = work.retention.new_certificate()
        rows = work.erasing.of_desk(reference, certificate)
        work.erasing.protected(reference, told_by=None)
        work.retention.certify(_certificate(certificate, reference, rows))
    content_verdict = held(desk)
    assert content_verdict.ok
    assert content_verdict.erased == {certificate: len(rows)}
    past_the_software(desk, "UPDATE screening SET by = 'nobody'")
    assert [each.table for each in held(desk).differences] == ["screening"]


def _certificate(reference: str, involvement: str, rows: list[ErasedRow]) -> Certificate:
    return Certificate(
        reference=reference,
        involvement=involvement,
        owner="desk",
        ground=ErasureGround.RETENTION,
        schedule=None,
        why="The time is over.",
        decided_by="chair",
        by="cora",
        role="coordinator",
        at=MONDAY,
        rows=tuple(rows),
        protected_values=2,
    )


def test_a_way_of_writing_that_no_digest_follows_ends_the_transaction(desk: Desk) -> None:
    reference = worked(desk)
    row = {"involvement_id": 1, "user_name": "pia", "named_by": "cora", "at": MONDAY}
    with (
        pytest.raises(WrittenPastTheAuditError, match="rows of case_member"),
        desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=MONDAY) as work,
    ):
        work._session.connection().execute(insert(CaseMemberRow), [row])
    with (
        pytest.raises(WrittenPastTheAuditError, match="rows of involvement"),
        desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=MONDAY) as work,
    ):
        work._session.execute(text("UPDATE involvement SET state = 'closed'"))
    with (
        pytest.raises(WrittenPastTheAuditError, match="rows of case_member"),
        desk.runtime.uow.unrecorded(will_write=True) as work,
    ):
        work.cases.name_people(reference, ["pia"], by="cora", at=MONDAY)
    assert held(desk).ok


def test_an_export_of_new_entries_holds_on_the_bare_verifier_and_gives_no_digest_of_a_row_away(
    desk: Desk, tmp_path: Path
) -> None:
    worked(desk)
    file = tmp_path / "audit.jsonl"
    audit.export(desk.context(desk.coordinator), file=file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert verify_audit.verify_lines(lines)["ok"]
    assert '"wrote' in file.read_text(encoding="utf-8").replace("\\", "")
    assert '"versions"' not in file.read_text(encoding="utf-8")
    with desk.runtime.uow.unrecorded() as work:
        stored = {entry.sequence: entry.versions for entry in work.audit.entries() if entry.versions}
    place, versions = next(iter(stored.items()))
    with_them = {**json.loads(lines[place]), "versions": versions}
    answer = verify_audit.verify_lines([*lines[:place], json.dumps(with_them), *lines[place + 1 :]])
    assert answer["ok"]
    with_them["versions"] = versions.replace("0", "1")
    answer = verify_audit.verify_lines([*lines[:place], json.dumps(with_them), *lines[place + 1 :]])
    assert answer["first_bad"] == {"entry": place, "reason": "the digests of what it wrote were altered"}
    for changed in ("'{}'", "NULL"):
        past_the_software(desk, f"UPDATE audit_entry SET versions = {changed} WHERE sequence = {place}")
        bad = audit.verify(uow=desk.runtime.uow).first_bad
        assert bad is not None
        assert (bad.entry, bad.reason) == (place, "the digests of what it wrote were altered")


def test_nobody_without_the_key_finds_out_by_trying_what_a_row_says(desk: Desk) -> None:
    worked(desk)
    (known, *_) = [each for each in _versions_noted(desk) if each[0] == "app_user"]
    _, row, digest = known
    with desk.runtime.uow.unrecorded() as work:
        found = work._session.execute(select(METADATA.tables["app_user"])).all()
    table = METADATA.tables["app_user"]
    right = dict(digests_of(table, found, desk.runtime.key.for_versions))
    tried = dict(digests_of(table, found, b""))
    assert right[(int(row),)] == digest
    assert tried[(int(row),)] != digest


def _versions_noted(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.runtime.uow.unrecorded() as work:
        texts = [entry.versions for entry in work.audit.entries() if entry.versions]
    return [
        (table, row, digest)
        for text_ in texts
        for table, rows in json.loads(text_).items()
        for row, digest in rows.items()
    ]


def test_the_runner_anchors_in_time_and_a_cut_end_shows_without_anybody_naming_the_anchors(
    desk: Desk, tmp_path: Path
) -> None:
    settings = desk.runtime.settings.model_copy(
        update={"audit": AuditSettings(anchors=tmp_path / "elsewhere" / "anchors.jsonl")}
    )
    given: dict[str, Any] = {
        "context": replace(desk.context(flow_acting("anchor audit", "runner")), settings=settings)
    }

    def lines() -> list[str]:
        shown = worklist(replace(desk.context(desk.coordinator), settings=settings))
        return [item.why for item in shown.items if item.kind == "anchor"]

    assert lines() == []
    assert audit_anchors.anchor_if_due(**given) is False  # there is no such folder
    assert "could not be anchored. The place could not be written (no such file or folder)" in lines()[0]
    assert audit_anchors.anchor_if_due(**given) is None
    (tmp_path / "elsewhere").mkdir()
    desk.clock.move_to(desk.clock.now() + timedelta(hours=1))
    assert audit_anchors.anchor_if_due(**given) is True
    assert lines() == []
    assert audit_anchors.anchor_if_due(**given) is None
    desk.clock.move_to(desk.clock.now() + timedelta(hours=24))
    assert audit_anchors.anchor_if_due(**given) is True
    desk.clock.move_to(desk.clock.now() + timedelta(hours=49))
    assert "No background service did it." in lines()[0]
    anchors = audit_anchors.anchors_kept(uow=desk.runtime.uow, settings=settings)
    assert len(anchors) == 2
    assert audit.verify(uow=desk.runtime.uow, anchors=anchors).ok
    past_the_software(
        desk,
        "DELETE FROM audit_anchor",
        f"DELETE FROM audit_case WHERE sequence >= {max(anchors)}",
        f"DELETE FROM audit_entry WHERE sequence >= {max(anchors)}",
        f"UPDATE audit_head SET sequence = {max(anchors) - 1}, "
        f"hash = (SELECT hash FROM audit_entry WHERE sequence = {max(anchors) - 1})",
    )
    anchors = audit_anchors.anchors_kept(uow=desk.runtime.uow, settings=settings)
    assert audit.verify(uow=desk.runtime.uow).ok
    audit_verdict = audit.verify(uow=desk.runtime.uow, anchors=anchors)
    assert audit_verdict.first_bad is not None
    assert "the end of the chain is cut off" in audit_verdict.first_bad.reason


def test_a_value_of_a_like_type_has_the_digest_of_what_the_database_gives_back(desk: Desk) -> None:
    """Digests are made of what was given to ``bulk``, so that a row written is not read again."""
    worked(desk)
    begun = datetime(2026, 3, 2, 10, 0, 0, 123, timezone(timedelta(hours=1)))
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=desk.runtime.clock.now()) as work:
        session = work.cases._session
        insert_all(
            session,
            EpisodeRow,
            [
                {
                    "ref": "E-2345678",
                    "created_at": begun,
                    "restricted": 0,
                }
            ],
        )
        (number,) = insert_and_number(
            session,
            MoveRow,
            [
                {
                    "involvement_id": True,
                    "act": Act.SCREEN,
                    "before": None,
                    "after": State.CLOSED,
                    "by": "cora",
                    "why": "ünïcode “quoted” \\ \n",
                    "at": begun.replace(microsecond=0),
                }
            ],
        )
    assert number > 0
    assert held(desk).ok, held(desk).differences


def test_a_row_that_is_changed_after_it_was_written_has_the_digest_of_what_it_became(desk: Desk) -> None:
    worked(desk)
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=desk.runtime.clock.now()) as work:
        session = work.cases._session
        row = {"ref": "E-2345678", "created_at": MONDAY, "restricted": False}
        (number,) = insert_and_number(session, EpisodeRow, [row])
        session.execute(update(EpisodeRow).where(col(EpisodeRow.id) == number).values(restricted=True))
    assert held(desk).ok, held(desk).differences


BAD_VALUES: dict[str, tuple[str, ...]] = {
    "UtcInstant": ("'2026-13-40 09:00:00.000000'", "'soon'", "5", "x'ff'"),
    "Date": ("'2026-02-30'", "'soon'", "7.5"),
    "Document": ("'{not json'", "x'ff'", "1"),
    "AutoString": ("CAST(x'ff' AS TEXT)", "x'ff'", "7"),
    "Integer": ("'many'", "9e999", "x'ff'"),
    "Boolean": ("'maybe'", "7", "x'ff'"),
    "LargeBinary": ("'text'", "5"),
}
"""By a column's type, values that SQLite stores in it and that are not of its kind."""


def test_a_bad_value_of_each_column_type_has_a_trial() -> None:
    types = {
        type(column.type).__name__
        for table in covered_tables()
        for column in table.columns
        if column.name not in table.primary_key.columns
    }
    assert types - {*BAD_VALUES} == {"Float"}  # no row of this record has one; it is read as a text is


@pytest.mark.parametrize("kind", sorted(BAD_VALUES))
def test_a_value_that_cannot_be_read_is_named_by_its_row_and_hides_no_other_change(
    desk: Desk, kind: str
) -> None:
    if not desk.runtime.settings.database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL stores no value that is not of its column's kind")
    worked(desk)
    rows = _rows_with_values(desk, kind)
    bad = BAD_VALUES[kind]
    statements, named = [], set()
    for (table, column, keys), value in zip(rows, bad * len(rows), strict=False):
        where = " AND ".join(f'"{name}" = {number!r}' for name, number in keys)
        statements.append(f'UPDATE "{table}" SET "{column}" = {value} WHERE {where}')
        named.add((table, ".".join(str(number) for _, number in keys)))
    past_the_software(desk, *statements, "UPDATE role_claim SET status = 'convicted' WHERE id = 1")
    found = {(each.table, each.row) for each in held(desk).differences}
    assert found == named | {("role_claim", "1")}


def _rows_with_values(desk: Desk, kind: str) -> list[tuple[str, str, list[tuple[str, object]]]]:
    """A row of each table with a column of this type: table, column and key."""
    found: list[tuple[str, str, list[tuple[str, object]]]] = []
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        for table in covered_tables():
            keys = list(table.primary_key.columns)
            columns = [
                column
                for column in table.columns
                if type(column.type).__name__ == kind and not column.primary_key and not column.foreign_keys
            ]
            if not columns or table.name == "role_claim":
                continue
            query = select(*keys).order_by(*keys).limit(1)
            if kind == "Boolean":
                query = query.where(columns[0].is_(False))  # whatever is not 0 reads as true
            if (row := connection.execute(query).first()) is not None:
                found.append(
                    (table.name, columns[0].name, [(c.name, v) for c, v in zip(keys, row, strict=True)])
                )
    engine.dispose()
    assert found
    return found


def test_an_entry_with_a_value_that_cannot_be_read_is_named(desk: Desk) -> None:
    worked(desk)
    if not desk.runtime.settings.database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL stores no value that is not of its column's kind")
    past_the_software(desk, "UPDATE audit_entry SET at = '2026-13-40 09:00:00.000000' WHERE sequence = 3")
    verdict = audit.verify(uow=desk.runtime.uow)
    assert verdict.first_bad is not None
    assert (verdict.entries, verdict.first_bad.entry) == (2, 3)
    assert verdict.first_bad.reason == "a value of it cannot be read"
