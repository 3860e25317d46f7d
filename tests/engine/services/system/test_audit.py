"""Taking the audit chain out, anchoring it, and finding what was altered beside the chain."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.domain.accounts.acting import Role
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.services.system import audit, audit_anchors
from engine.store.database import open_database
from tests.builders import Desk, a_referral
from tests.engine.store.system.test_audit_chain import _without_triggers


def worked(desk: Desk) -> None:
    for number in ("1", "2", "3"):
        desk.refer(a_referral(number))


def test_an_export_holds_the_whole_chain_and_its_own_entry_last(desk: Desk, tmp_path: Path) -> None:
    worked(desk)
    file = tmp_path / "audit.jsonl"
    written = audit.export(desk.context(desk.coordinator), file=file)
    assert written.entries == audit.verify(uow=desk.runtime.uow).entries
    assert audit.verify_file(file=file).model_dump() == {
        "entries": written.entries,
        "ok": True,
        "first_bad": None,
    }
    assert '\\"what\\":\\"export audit\\"' in file.read_text(encoding="utf-8").splitlines()[-2]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["audit.jsonl"]


def test_an_export_that_cannot_be_written_is_one_sentence_and_leaves_the_old_one(
    desk: Desk, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError, match="it cannot be written"):
        audit.export(desk.context(desk.coordinator), file=tmp_path / "none" / "audit.jsonl")


def test_an_anchor_shows_a_chain_whose_end_was_cut_off_with_its_head(desk: Desk, tmp_path: Path) -> None:
    worked(desk)
    file = tmp_path / "anchors.jsonl"
    anchored = audit.anchor(desk.context(desk.coordinator), file=file)
    anchors = audit_anchors.anchors_of(file=file)
    assert anchors == {anchored.entries: anchored.head}
    assert audit.verify(uow=desk.runtime.uow, anchors=anchors).ok
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        _without_triggers(connection)
        last = {"last": anchored.entries}
        connection.execute(text("DELETE FROM audit_case WHERE sequence = :last"), last)
        connection.execute(text("DELETE FROM audit_entry WHERE sequence = :last"), last)
        connection.execute(
            text(
                "UPDATE audit_head SET sequence = sequence - 1, hash = "
                "(SELECT hash FROM audit_entry ORDER BY sequence DESC LIMIT 1)"
            )
        )
    engine.dispose()
    assert audit.verify(uow=desk.runtime.uow).ok
    verdict = audit.verify(uow=desk.runtime.uow, anchors=anchors)
    assert verdict.first_bad is not None
    assert (verdict.first_bad.entry, verdict.entries) == (anchored.entries, anchored.entries - 1)
    assert "an anchor is entry" in verdict.first_bad.reason


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET user_name = 'nobody' WHERE sequence = 3",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE sequence = 3",
        "DELETE FROM audit_case WHERE sequence = 3",
        "UPDATE audit_case SET involvement_ref = 'R-2222222' WHERE sequence = 3",
    ],
)
def test_what_an_entry_is_looked_up_by_cannot_be_altered_unseen(desk: Desk, change: str) -> None:
    worked(desk)
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=desk.clock.now()) as work:
        work.touches("R-7K3M9QV")
        before = work.audit.count()
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        _without_triggers(connection)
        connection.execute(text(change.replace("= 3", f"= {before + 1}")))
    engine.dispose()
    verdict = audit.verify(uow=desk.runtime.uow)
    assert verdict.first_bad is not None
    assert verdict.first_bad.entry == before + 1
    assert verdict.first_bad.reason == "its search keys were altered"


def test_agencies_people_take_no_copy(desk: Desk, tmp_path: Path) -> None:
    outsider = desk.add("outsider", Role.PRACTITIONER, "harbour")
    for use in (audit.export, audit.anchor):
        with pytest.raises(NotPermittedError):
            use(context=desk.context(outsider), file=tmp_path / "audit.jsonl")
    assert list(tmp_path.glob("audit*")) == []


def test_anchors_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    file = tmp_path / "anchors"
    with pytest.raises(InvalidInputError, match="cannot be read"):
        audit_anchors.anchors_of(file=file)
    file.write_text('{"sequence": "one"}')
    with pytest.raises(InvalidInputError, match="not a valid anchor"):
        audit_anchors.anchors_of(file=file)
