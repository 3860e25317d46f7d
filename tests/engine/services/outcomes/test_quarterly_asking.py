"""Agencies are asked for outcomes once a quarter without a person, and not while an asking is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.errors import NotPermittedError
from engine.domain.outcomes.follow_up import OutcomeGiven
from engine.services.access.restrictions import restrict
from engine.services.cases import worklists
from engine.services.conference import decisions
from engine.services.outcomes import quarterly_asking
from engine.services.outcomes.agency_outcomes import ask_outcomes, outcome_returns, release_outcomes
from engine.services.outcomes.follow_up import record_outcome
from engine.services.outcomes.quarterly_asking import request_due
from engine.services.system import outbox
from tests.builders import Desk, a_decision, ask_all
from tests.engine.services.outcomes.test_agency_outcomes import FOUND, case, let_find, workers
from tests.flows.given import screened

__all__ = ["case", "workers"]
RUNNER = flow_acting("daily sweep", "runner")
DAY = timedelta(days=1)


def sweep(desk: Desk) -> int:
    return request_due(desk.context(RUNNER))


def run(desk: Desk) -> list[tuple[str, set[str]]]:
    """What waits in the outbox, run as the flow does it: each case with the agencies that were asked."""
    done = []
    while (item := outbox.take_next(uow=desk.runtime.uow, clock=desk.clock, by="test")) is not None:
        if item.flow.value == "follow_up_of_the_quarter":
            asked = ask_outcomes(desk.context(RUNNER), reference=item.subject, only_due=True)
            done.append((item.subject, set(asked)))
        outbox.finish(uow=desk.runtime.uow, clock=desk.clock, item_id=item.id, by="test")
    return done


ALL = {"harbour", "lantern", "voice"}


def test_each_agency_is_asked_once_a_quarter(desk: Desk, case: str) -> None:
    run(desk)
    for code in ALL:
        let_find(desk, code, FOUND if code == "harbour" else {"searched": [], "acts": []})
    assert (sweep(desk), sweep(desk)) == (1, 1)  # one request serves both
    assert run(desk) == [(case, ALL)]
    assert sweep(desk) == 0
    desk.clock.forward(92 * DAY)
    # what lantern gave waits for it: it is not asked again before it releases or withholds that
    assert sweep(desk) == 1
    assert run(desk) == [(case, {"harbour", "voice"})]


def test_a_return_that_waits_is_on_its_agencys_worklist_and_due_again_after_its_release(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    let_find(desk, "lantern", FOUND)
    sweep(desk)
    run(desk)
    lantern = desk.context(workers["lantern"])

    def waits(acting: Acting) -> list[str]:
        items = worklists.worklist(desk.context(acting)).items
        return [item.reference for item in items if item.kind == "outcomes"]

    assert waits(workers["lantern"]) == [case]
    assert waits(workers["harbour"]) == waits(desk.chair) == waits(desk.coordinator) == []
    (own,) = [each for each in outcome_returns(lantern, reference=case) if each.agency == "lantern"]
    release_outcomes(lantern, reference=case, agency="lantern", seen_at=own.at)
    assert waits(workers["lantern"]) == []
    desk.clock.forward(92 * DAY)
    sweep(desk)
    ((_, asked),) = run(desk)
    assert "lantern" in asked


def test_an_agency_that_failed_is_asked_again_a_week_later_and_the_others_are_not(
    desk: Desk, case: str
) -> None:
    run(desk)
    let_find(desk, "harbour", {"acts": "not a list"})
    sweep(desk)
    run(desk)
    desk.clock.forward(6 * DAY)
    assert sweep(desk) == 0
    desk.clock.forward(2 * DAY)
    assert sweep(desk) == 1
    assert run(desk) == [(case, {"harbour"})]


def test_a_decision_of_this_quarter_is_not_asked_about_and_one_of_long_ago_no_more(
    desk: Desk, case: str
) -> None:
    desk.clock.move_to(desk.clock.now() - 60 * DAY)
    assert sweep(desk) == 0
    desk.clock.forward(6 * 366 * DAY)
    assert sweep(desk) == 0


def test_a_person_who_is_not_followed_any_more_is_asked_about_no_more(desk: Desk, case: str) -> None:
    ended = {
        "measure": "reported further stalking",
        "found": "none found",
        "looked_until": "2026-04-01",
        "looked_in": ["harbour"],
        "says": "Moved abroad.",
        "censored": "left the area",
    }
    assert sweep(desk) == 1
    wrong = record_outcome(
        desk.context(desk.coordinator), reference=case, outcome=OutcomeGiven.model_validate(ended)
    )
    run(desk)
    desk.clock.forward(92 * DAY)
    assert sweep(desk) == 0
    corrected = {**ended, "censored": None, "replaces": wrong}
    record_outcome(
        desk.context(desk.coordinator), reference=case, outcome=OutcomeGiven.model_validate(corrected)
    )
    assert sweep(desk) == 1


def test_a_restricted_case_is_asked_about_as_any_other(desk: Desk, case: str) -> None:
    restrict(desk.context(desk.chair), reference=case, why="A party works here.")
    assert sweep(desk) == 1


def test_only_the_runner_may(desk: Desk) -> None:
    for acting in (desk.chair, desk.coordinator):
        with pytest.raises(NotPermittedError):
            request_due(desk.context(acting))


def several_due(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Four decided cases, in parts of two."""
    monkeypatch.setattr(quarterly_asking, "_ADDED_AT_ONCE", 2)
    cases = [screened(desk, str(number)) for number in range(4)]
    for each in cases:
        ask_all(desk, each)
        decisions.open_conference(desk.context(desk.chair), reference=each)
        decisions.decide(desk.context(desk.chair), reference=each, decision=a_decision())
    desk.clock.forward(60 * DAY)
    run(desk)
    return cases


def entries(desk: Desk, what: str) -> list[str]:
    with desk.runtime.uow.unrecorded() as work:
        return [entry.body for entry in work.audit.entries() if f'"what":"{what}"' in entry.body]


def test_cases_are_requested_in_parts_and_found_in_one_recorded_read(
    desk: Desk, workers: dict[str, Acting], monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = several_due(desk, monkeypatch)
    assert sweep(desk) == 4
    assert [case for case, _ in run(desk)] == cases
    assert len(entries(desk, "request outcomes of the quarter")) == 2
    (found,) = entries(desk, "find cases due for outcomes")
    assert '"cases":4' in found.replace(" ", "")


def test_a_sweep_that_was_cut_off_between_parts_and_begun_again_asks_no_agency_twice(
    desk: Desk, workers: dict[str, Acting], monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = several_due(desk, monkeypatch)
    engine, added = desk.runtime.uow._engine, list[str]()

    def cut_off(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO outbox"):
            added.append(statement)
            if len(added) == 3:
                raise KeyboardInterrupt

    event.listen(engine, "before_cursor_execute", cut_off)
    with pytest.raises(KeyboardInterrupt):
        sweep(desk)
    event.remove(engine, "before_cursor_execute", cut_off)
    assert len(entries(desk, "request outcomes of the quarter")) == 1
    assert sweep(desk) == 4  # two of them wait already
    assert run(desk) == [(case, ALL) for case in cases]
    assert sweep(desk) == 0
