"""Asking again about many open cases: beside what the panel saw, never instead of it."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.errors import ClockError, InvalidInputError, NotPermittedError
from engine.domain.responses.answers import FailureReason, NilReturn, RefusalGround, Refused
from engine.domain.responses.reassessment import Batch, Compared, ReassessedView, read_chunk_subject
from engine.hooks.registry import load_agencies
from engine.services.cases.views import view_case
from engine.services.referrals import screening
from engine.services.responses import reassessment
from engine.services.responses.requests import case_asked
from engine.services.system import audit
from tests.builders import (
    SAFE_HOUSE,
    TOYS,
    Desk,
    a_contribution,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    installed_codes,
    let_answer,
)
from tests.databases import drop_triggers
from tests.flows.given import screened, toys_for

FLOW = flow_acting("case work", "cora")


def opened(desk: Desk, reason: str = "New extracts.") -> tuple[Batch, tuple[str, ...]]:
    return reassessment.open_batch(desk.context(desk.coordinator), reason=reason)


def reassess(desk: Desk) -> str:
    """A whole batch, without flows; its reference."""
    batch, subjects = opened(desk)
    for subject in subjects:
        run_chunk(desk, subject)
    return batch.reference


def run_chunk(desk: Desk, subject: str) -> int:
    reference, low, high = read_chunk_subject(subject)
    chunk = reassessment.read_chunk(desk.context(FLOW), batch=reference, low=low, high=high)
    agencies = desk.runtime.agencies
    answers = {
        agency: reassessment.ask_about(agencies=agencies, chunk=chunk, agency=agency)
        for agency in chunk.agencies
    }
    return reassessment.store_chunk(desk.context(FLOW), chunk=chunk, answers=answers)


def seen(desk: Desk, reference: str, acting: Acting | None = None) -> tuple[ReassessedView, ...]:
    view = view_case(desk.context(acting or desk.coordinator), reference=reference)
    return view.reassessed


def asked(desk: Desk, number: str = "1") -> str:
    reference = screened(desk, number)
    ask_all(desk, reference)
    desk.clock.forward(timedelta(hours=1))
    return reference


def test_an_answer_that_is_the_same_is_told_and_not_kept_twice(desk: Desk) -> None:
    toys_for(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    reference = asked(desk)
    reassess(desk)
    (again,) = seen(desk, reference)
    assert (again.agency, again.compared, again.version) == ("harbour", Compared.SAME, 1)
    assert (again.new, again.gone) == ((), ())
    with desk.runtime.uow.unrecorded() as work:
        (reassessed,) = work.reassessments.newest_on(reference)
    assert reassessed.answer is None


def test_a_different_answer_stands_beside_the_one_that_was_seen(desk: Desk) -> None:
    toys_for(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held.", "Bail was set."))
    reference = asked(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held.", "A third report came in."))
    batch = reassess(desk)
    (again,) = seen(desk, reference)
    assert (again.batch, again.compared) == (batch, Compared.DIFFERENT)
    assert again.new == ("A third report came in.",)
    assert again.gone == ("Bail was set.",)
    view = view_case(desk.context(desk.chair), reference=reference)
    (harbour,) = (answer for answer in view.answers if answer.agency == "harbour")
    assert harbour.version == 1
    assert [finding.says for finding in harbour.findings] == ["Two reports were held.", "Bail was set."]


def test_asking_that_agency_alone_puts_the_re_assessment_behind(desk: Desk) -> None:
    toys_for(desk)
    reference = asked(desk)
    let_answer(desk, "harbour", a_contribution("A report came in."))
    reassess(desk)
    assert seen(desk, reference)
    desk.clock.forward(timedelta(minutes=1))
    ask_all(desk, reference, again=True)
    assert seen(desk, reference) == ()


def test_agencies_whose_people_release_are_never_asked_by_a_batch(desk: Desk) -> None:
    toys_for(desk)
    reference = asked(desk)
    for code in ("lantern", "voice"):
        let_answer(desk, code, a_contribution("Something new."))
    reassess(desk)
    assert [each.agency for each in seen(desk, reference)] == ["harbour"]


def test_what_a_practitioner_would_have_to_release_is_seen_by_the_own_agency_alone(desk: Desk) -> None:
    workers = toys_for(desk)
    reference = asked(desk)
    unconfirmed = {"matched_on": {"says": "by name, unconfirmed", "confirmed": False}}
    let_answer(desk, "harbour", a_contribution("Perhaps the same person.", **unconfirmed))
    reassess(desk)
    assert seen(desk, reference) == ()
    assert seen(desk, reference, workers["lantern"]) == ()
    (own,) = seen(desk, reference, workers["harbour"])
    assert own.new == ("Perhaps the same person.",)


def test_an_agency_that_fails_is_told_and_the_kept_answer_stands(desk: Desk) -> None:
    toys_for(desk)
    reference = asked(desk)
    let_answer(desk, "harbour", None)
    batch = reassess(desk)
    (again,) = seen(desk, reference)
    assert again.compared is Compared.FAILED
    assert "not a nil return" in again.says
    figures = reassessment.batch_figures(desk.context(desk.coordinator), batch=batch)
    assert figures.compared == {"harbour": {Compared.FAILED: 1}}
    assert (figures.done, figures.due) == (1, 1)


def test_a_refusal_where_there_was_an_answer_differs(desk: Desk) -> None:
    toys_for(desk)
    reference = asked(desk)
    refused = Refused(ground=RefusalGround.LIVE_INVESTIGATION, says="It would harm an investigation.")
    let_answer(desk, "harbour", refused)
    reassess(desk)
    (again,) = seen(desk, reference)
    assert again.new == ("It would harm an investigation.",)
    assert again.gone == ("Nothing was held.",)


def test_a_chunk_that_was_killed_asks_only_what_is_left_and_keeps_nothing_twice(desk: Desk) -> None:
    toys_for(desk)
    first, second = asked(desk, "1"), asked(desk, "2")
    batch, (subject,) = opened(desk)
    assert subject == f"{batch.reference}:1-2"
    assert run_chunk(desk, f"{batch.reference}:1-1") == 1
    assert run_chunk(desk, subject) == 1
    assert run_chunk(desk, subject) == 0
    assert [len(seen(desk, reference)) for reference in (first, second)] == [1, 1]


def test_a_plugin_that_is_exchanged_in_the_middle_of_a_batch_answers_no_more_of_it(
    desk: Desk, tmp_path: Path
) -> None:
    toys_for(desk)
    first, second = asked(desk, "1"), asked(desk, "2")
    let_answer(desk, "harbour", a_contribution("Another report came in."))
    batch, _ = opened(desk)
    assert run_chunk(desk, f"{batch.reference}:1-1") == 1
    newer = Path(shutil.copytree(TOYS / "harbour", tmp_path / "harbour"))
    manifest = (newer / "agency.toml").read_text()
    (newer / "agency.toml").write_text(manifest.replace('version = "1.0"', 'version = "2.0"'))
    agencies = load_agencies(
        desk.runtime.settings.home, suspended=installed_codes(), extra={"harbour": newer}
    )
    with agencies:
        desk.runtime.__dict__["agencies"] = agencies
        assert run_chunk(desk, f"{batch.reference}:2-2") == 1
        (stored,), (failed,) = seen(desk, first), seen(desk, second)
        assert (stored.compared, failed.compared) == (Compared.DIFFERENT, Compared.FAILED)
        again = reassess(desk)
    assert {each.batch for each in (*seen(desk, first), *seen(desk, second))} == {again}
    assert [each.compared for each in seen(desk, second)] == [Compared.DIFFERENT]


def test_the_code_of_a_plugin_that_was_exchanged_meanwhile_answers_nothing_under_the_former_version(
    desk: Desk, tmp_path: Path
) -> None:
    toys_for(desk)
    first, second = asked(desk, "1"), asked(desk, "2")
    let_answer(desk, "harbour", a_contribution("Another report came in."))
    plugin = Path(shutil.copytree(TOYS / "harbour", tmp_path / "harbour"))
    agencies = load_agencies(
        desk.runtime.settings.home, suspended=installed_codes(), extra={"harbour": plugin}
    )
    with agencies:
        desk.runtime.__dict__["agencies"] = agencies
        batch, _ = opened(desk)
        assert run_chunk(desk, f"{batch.reference}:1-1") == 1
        manifest, number = plugin / "agency.toml", agencies.process_number("harbour")
        manifest.write_text(manifest.read_text().replace('version = "1.0"', 'version = "2.0"'))
        with (plugin / "hooks.py").open("a") as hooks:
            hooks.write("\nNEWER = True\n")
        assert number is not None
        os.kill(number, signal.SIGKILL)
        assert run_chunk(desk, f"{batch.reference}:2-2") == 1
        (stored,), (failed,) = seen(desk, first), seen(desk, second)
        assert (stored.compared, failed.compared) == (Compared.DIFFERENT, Compared.FAILED)
        assert agencies.process_number("harbour") is None
        (fault,) = agencies.faults()
        assert fault.reason is FailureReason.EXCHANGED


@pytest.mark.parametrize(
    ("begins", "jump"),
    [
        (datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC), timedelta(seconds=20)),
        (datetime(2027, 3, 28, 0, 59, 50, tzinfo=UTC), timedelta(seconds=20)),
        (datetime(2026, 6, 1, 22, 59, 50, tzinfo=UTC), timedelta(seconds=20)),
        (datetime(2026, 6, 1, 9, tzinfo=UTC), timedelta(days=400)),
        (datetime(2026, 6, 1, 9, tzinfo=UTC), timedelta(minutes=-10)),
    ],
    ids=["clocks go back", "clocks go forward", "midnight in London", "a year ahead", "10 minutes back"],
)
def test_a_clock_that_jumps_in_the_middle_of_a_batch_changes_no_answer(
    desk: Desk, begins: datetime, jump: timedelta
) -> None:
    toys_for(desk)
    references = asked(desk, "1"), asked(desk, "2")
    desk.clock.move_to(begins)
    batch, _ = opened(desk)
    assert run_chunk(desk, f"{batch.reference}:1-1") == 1
    desk.clock.move_to(begins + jump)
    assert run_chunk(desk, f"{batch.reference}:1-2") == 1
    assert [[each.compared for each in seen(desk, each)] for each in references] == [[Compared.SAME]] * 2
    assert audit.verify(uow=desk.runtime.uow).ok


def test_a_clock_that_is_put_back_by_an_hour_stops_a_batch_until_it_is_right(desk: Desk) -> None:
    toys_for(desk)
    asked(desk, "1"), asked(desk, "2")
    batch, _ = opened(desk)
    assert run_chunk(desk, f"{batch.reference}:1-1") == 1
    right = desk.clock.now()
    desk.clock.move_to(right - timedelta(hours=1))
    with pytest.raises(ClockError):
        run_chunk(desk, f"{batch.reference}:1-2")
    desk.clock.move_to(right)
    assert run_chunk(desk, f"{batch.reference}:1-2") == 1


def test_two_runs_of_one_chunk_at_once_keep_each_answer_once(desk: Desk) -> None:
    toys_for(desk)
    asked(desk)
    batch, _ = opened(desk)
    given: dict[str, Any] = {"batch": batch.reference, "low": 1, "high": 1}
    agencies = desk.runtime.agencies
    chunks = [reassessment.read_chunk(desk.context(FLOW), **given) for _ in range(2)]
    counts = [
        reassessment.store_chunk(
            desk.context(FLOW),
            chunk=chunk,
            answers={"harbour": reassessment.ask_about(agencies=agencies, chunk=chunk, agency="harbour")},
        )
        for chunk in chunks
    ]
    assert counts == [1, 0]


def test_a_case_that_cannot_be_read_costs_no_other(desk: Desk) -> None:
    toys_for(desk)
    good, bad = asked(desk, "1"), asked(desk, "2")
    with desk.runtime._engine.begin() as connection:
        drop_triggers(connection, "person_record")
        broken = """UPDATE person_record SET described = '{"sex": "no such word"}' WHERE involvement_id =
            (SELECT id FROM involvement WHERE ref = :ref)"""
        connection.execute(text(broken), {"ref": bad})
    batch = reassess(desk)
    figures = reassessment.batch_figures(desk.context(desk.coordinator), batch=batch)
    assert figures.compared == {"harbour": {Compared.SAME: 1, Compared.FAILED: 1}}
    with desk.runtime.uow.unrecorded() as work:
        assert [again.compared for again in work.reassessments.newest_on(good)] == [Compared.SAME]


def test_an_agency_reads_of_a_case_in_a_batch_just_what_it_reads_when_asked_alone(desk: Desk) -> None:
    toys_for(desk)
    incidents = tuple(
        an_incident(day, crime_reference=crime)
        for day, crime in (("2026-02", "ZZ1/26"), ("2026-02-27", None), ("2026-01", "zz1/26"))
    )
    incidents += (an_incident().model_copy(update={"happened": None}),)
    desk.refer(a_referral("1", incidents=incidents[:2]))
    desk.refer(a_referral("1", incidents=incidents, relationship="acquaintance"))
    other = screened(desk, "2")
    reference = next(row for row in _references(desk) if row != other)
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    for each in (reference, other):
        ask_all(desk, each)
    batch, _ = opened(desk)
    chunk = reassessment.read_chunk(desk.context(FLOW), batch=batch.reference, low=1, high=2)
    with desk.runtime.uow.unrecorded() as work:
        alone = {ref: case_asked(work, work.cases.get(ref), desk.clock) for ref in (reference, other)}
    assert chunk.cases == alone


def test_a_protected_value_in_an_answer_is_kept_by_no_batch(desk: Desk) -> None:
    toys_for(desk)
    reference = asked(desk)
    let_answer(desk, "harbour", a_contribution(f"He was seen at {SAFE_HOUSE}."))
    reassess(desk)
    with desk.runtime.uow.unrecorded() as work:
        stored = work._session.execute(text("SELECT content FROM batch_answer")).scalars().all()
    assert len(stored) == 1
    assert SAFE_HOUSE not in str(stored)
    assert all(SAFE_HOUSE not in sentence for again in seen(desk, reference) for sentence in again.new)


def test_a_closed_case_and_one_without_agencies_are_not_asked_about(desk: Desk) -> None:
    toys_for(desk)
    screened(desk, "advice", TriageOutcome.ADVICE)
    desk.refer(a_referral("not screened"))
    with pytest.raises(InvalidInputError, match="no open case has a response from an agency"):
        opened(desk)
    open_one = asked(desk, "open")
    batch, _ = opened(desk)
    assert batch.referrals == 1
    assert batch.agencies[0].plugin_version == desk.runtime.agencies.version("harbour")
    assert seen(desk, open_one) == ()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 601])
def test_a_reason_is_one_sentence(desk: Desk, reason: str) -> None:
    with pytest.raises(InvalidInputError, match="say why in one sentence"):
        opened(desk, reason)


def test_only_the_desk_may_ask_again_about_everything(desk: Desk) -> None:
    workers = toys_for(desk)
    asked(desk)
    for acting in (workers["harbour"], desk.add("auditor", Role.AUDITOR)):
        with pytest.raises(NotPermittedError):
            reassessment.open_batch(desk.context(acting), reason="New extracts.")


def test_a_nil_return_that_stays_one_is_the_same(desk: Desk) -> None:
    toys_for(desk)
    let_answer(desk, "harbour", NilReturn(looked_in=("register",), says="Nothing was held."))
    reference = asked(desk)
    reassess(desk)
    assert [again.compared for again in seen(desk, reference)] == [Compared.SAME]


def _references(desk: Desk) -> tuple[str, ...]:
    with desk.runtime.uow.unrecorded() as work:
        return tuple(involvement.reference for involvement in work.cases.all())
