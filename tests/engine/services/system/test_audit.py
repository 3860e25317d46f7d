"""Taking the audit chain out, anchoring it, and finding what was altered beside the chain."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.domain.accounts.acting import Role
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.services.cases.views import view_case
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


def test_the_newest_lines_say_who_did_what_for_which_purpose_on_how_many_cases(desk: Desk) -> None:
    reference = desk.refer(a_referral("1")).referrals[0]
    view_case(desk.context(desk.chair), reference=reference)
    entries = audit.verify(uow=desk.runtime.uow).entries
    newest, before = audit.newest(desk.context(desk.coordinator), count=2)
    assert (newest.number, before.number) == (entries, entries - 1)
    assert (newest.user, newest.role, newest.what, newest.cases) == ("chair", "chair", "view case", 1)
    assert (newest.purpose, newest.at) == (desk.chair.purpose, desk.clock.now())
    assert (before.user, before.what, before.cases) == ("cora", "import referrals", 1)


def test_the_log_is_shown_from_its_first_entry_when_it_is_short_and_reading_it_is_an_entry(
    desk: Desk,
) -> None:
    lines = audit.newest(desk.context(desk.coordinator), count=1_000)
    assert [line.number for line in lines] == list(range(len(lines), 0, -1))
    (newest,) = audit.newest(desk.context(desk.coordinator), count=1)
    assert (newest.number, newest.what, newest.cases) == (len(lines) + 1, "read the log", 0)
    assert len(audit.newest(desk.context(desk.coordinator))) == len(lines) + 2 < 50


def test_a_copy_is_a_whole_export_and_leaves_no_file_in_the_home_or_elsewhere(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere := tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(elsewhere)
    home = desk.runtime.settings.home
    content = audit.copy(desk.context(desk.coordinator), home=home)
    assert [each for each in home.iterdir() if "audit" in each.name or each.name.startswith("tmp")] == []
    assert list(elsewhere.iterdir()) == []
    file = tmp_path / "copy.jsonl"
    file.write_bytes(content)
    assert audit.verify_file(file=file).ok
    assert audit.verify_file(file=file).entries == audit.verify(uow=desk.runtime.uow).entries


def test_an_export_that_does_not_fit_an_anchor_does_not_verify(desk: Desk, tmp_path: Path) -> None:
    worked(desk)
    file = tmp_path / "audit.jsonl"
    audit.export(desk.context(desk.coordinator), file=file)
    assert not audit.verify_file(file=file, anchors={1: "0" * 64}).ok


def test_a_file_that_is_not_there_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"^file: it cannot be read \(no such file or folder\)$"):
        audit.verify_file(file=tmp_path / "none.jsonl")


def test_an_anchor_that_cannot_be_written_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"^file: it cannot be written \(no such file or folder\)$"):
        audit.anchor(desk.context(desk.coordinator), file=tmp_path / "none" / "anchors.jsonl")


def test_a_clock_that_an_operator_accepts_is_an_entry_that_says_which_time_it_follows(desk: Desk) -> None:
    right = desk.clock.now()
    desk.clock.forward(timedelta(days=400))
    wrong = desk.clock.now()
    desk.refer(a_referral("1"))
    desk.clock.move_to(right)
    assert audit.accept_clock(uow=desk.runtime.uow, clock=desk.clock).newest == wrong
    with desk.runtime.uow.unrecorded() as work:
        *_, last = work.audit.entries()
    entry = json.loads(last.body)
    assert last.at == right
    assert (entry["what"], entry["purpose"], entry["on_behalf_of"]) == (
        "accept clock",
        "set the clock right",
        "operator",
    )
    assert entry["facts"]["newest_was"] == wrong.isoformat()


def test_a_leap_is_longer_than_thirty_days_and_among_the_newest_entries(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.refer(a_referral("1"))
    desk.clock.forward(audit.LONG_SILENCE)
    desk.refer(a_referral("2"))
    assert audit.clock_seen(uow=desk.runtime.uow, clock=desk.clock).leaps == ()
    before = desk.clock.now()
    desk.clock.forward(audit.LONG_SILENCE + timedelta(seconds=1))
    desk.refer(a_referral("3"))
    (leap,) = audit.clock_seen(uow=desk.runtime.uow, clock=desk.clock).leaps
    assert (leap.before, leap.at) == (before, desk.clock.now())
    assert leap.entry == audit.verify(uow=desk.runtime.uow).entries
    monkeypatch.setattr(audit, "_LEAPS_AMONG", 1)
    assert audit.clock_seen(uow=desk.runtime.uow, clock=desk.clock).leaps == ()


def test_a_byte_that_is_no_text_is_a_fault_of_an_export_and_not_of_the_verifier(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "audit.jsonl"
    written = audit.export(desk.context(desk.coordinator), file=file)
    file.write_bytes(file.read_bytes().replace(b"export audit", b"export a\xffdit"))
    verdict = audit.verify_file(file=file)
    assert verdict.first_bad is not None
    assert verdict.first_bad.entry == written.entries
