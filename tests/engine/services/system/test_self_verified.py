"""Each day the record verifies itself; what fails is a line for the chair, a figure and an event."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.errors import NotPermittedError
from engine.domain.system.verification import PARTS, Verification, Verified, failing, next_part
from engine.services.cases.worklists import worklist
from engine.services.system import audit_content
from engine.services.system.metrics import metrics
from engine.services.system.self_verified import verify_if_due
from engine.settings import AuditSettings, BackupSettings
from tests.builders import MONDAY, Desk

RUNNER = flow_acting("verify record", "runner")
DAY = timedelta(days=1)


def verified(desk: Desk, **changed: object) -> Verification | None:
    context = desk.context(RUNNER)
    return verify_if_due(replace(context, settings=context.settings.model_copy(update=changed)))


def lines(desk: Desk, acting: Acting) -> list[str]:
    return [item.why for item in worklist(desk.context(acting)).items if item.kind == "verification"]


def figure(desk: Desk, name: str) -> int | None:
    said = metrics(**desk.common, settings=desk.runtime.settings)
    return next((int(line.split()[1]) for line in said.splitlines() if line.startswith(f"{name} ")), None)


def change_past_the_software(desk: Desk) -> None:
    with desk.runtime._engine.begin() as connection:
        connection.execute(text("UPDATE app_user SET display_name = 'Somebody' WHERE name LIKE '%chair%'"))


@pytest.mark.both
def test_it_is_done_once_a_day_and_first_a_day_after_the_record_began(desk: Desk) -> None:
    assert verified(desk) is None
    assert figure(desk, "stac_verification_age_seconds") is None
    desk.clock.forward(DAY)
    done = verified(desk)
    assert done is not None
    assert (done.failed, done.part, done.parts) == ((), 0, 1)
    assert verified(desk) is None
    desk.clock.forward(DAY - timedelta(seconds=1))
    assert verified(desk) is None
    assert figure(desk, "stac_verification_age_seconds") == 86399
    desk.clock.forward(timedelta(seconds=1))
    assert verified(desk) is not None
    assert figure(desk, "stac_verification_failures") == 0
    assert lines(desk, desk.chair) == []


def test_nobody_but_the_background_service_does_it(desk: Desk) -> None:
    desk.clock.forward(DAY)
    with pytest.raises(NotPermittedError):
        verify_if_due(desk.context(desk.coordinator))


@pytest.mark.both
def test_a_row_that_was_changed_is_a_line_for_the_chair_a_figure_and_an_event(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    events = tmp_path / "events.jsonl"
    monkeypatch.setattr(desk.runtime.uow._announce, "_file", events)
    change_past_the_software(desk)
    desk.clock.forward(DAY)
    done = verified(desk)
    assert done is not None
    assert done.failed == (Verified.CONTENT,)
    (line,) = lines(desk, desk.chair)
    assert line.startswith("Rows differ from the audit log. Verified on ")
    assert lines(desk, desk.coordinator) == []
    assert figure(desk, "stac_verification_failures") == 1
    (event,) = [json.loads(each) for each in events.read_text().splitlines()]
    assert (event["event"], event["act"], event["failed"]) == ("verification", "verify record", "content")


def test_an_entry_that_was_changed_fails_the_chain(desk: Desk) -> None:
    with desk.runtime._engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_no_update"))
        connection.execute(text("UPDATE audit_entry SET user_name = 'x' WHERE sequence = 1"))
    desk.clock.forward(DAY)
    done = verified(desk)
    assert done is not None
    assert done.failed == (Verified.CHAIN, Verified.TRIGGERS)


def test_a_missing_backup_an_unreadable_anchor_and_a_closed_feed_are_named(
    desk: Desk, tmp_path: Path
) -> None:
    desk.clock.forward(DAY)
    (tmp_path / "anchors").write_text("no anchor\n")
    audit = AuditSettings(anchors=tmp_path / "anchors", security_events=tmp_path / "none" / "events")
    done = verified(desk, audit=audit, backup=BackupSettings(folder=tmp_path))
    assert done is not None
    assert done.failed == (Verified.ANCHORS, Verified.BACKUP, Verified.EVENTS)


def test_in_parts_no_table_is_passed_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_content, "_QUICK", 0)
    change_past_the_software(desk)
    found = []
    for _ in range(PARTS):
        desk.clock.forward(DAY)
        done = verified(desk)
        assert done is not None
        found.append((done.part, Verified.CONTENT in done.failed))
        assert lines(desk, desk.chair) or not any(fault for _, fault in found)
    assert [part for part, _ in found] == list(range(PARTS))
    assert [fault for _, fault in found].count(True) == 1
    names = audit_content.covered_names()
    assert sorted(name for part in range(PARTS) for name in names[part::PARTS]) == sorted(names)


def days(*failed: tuple[int, tuple[Verified, ...]]) -> list[Verification]:
    return [Verification(at=MONDAY, part=part, parts=PARTS, failed=found) for part, found in failed]


def test_rows_fail_until_their_own_part_is_right_and_all_else_by_the_newest() -> None:
    content, backup = (Verified.CONTENT,), (Verified.BACKUP,)
    assert failing(days((4, ()), (3, content))) == content
    assert failing(days((3, ()), (2, ()), (3, content))) == ()
    assert failing(days((4, ()), (3, backup))) == ()
    assert failing([]) == ()


def test_a_record_that_has_grown_begins_with_its_first_part() -> None:
    (whole,) = days((0, ()))
    assert next_part(whole.model_copy(update={"parts": 1}), parts=PARTS) == 0
    assert next_part(whole, parts=PARTS) == 1
    assert next_part(whole.model_copy(update={"part": PARTS - 1}), parts=PARTS) == 0
