"""Near a protected place: the writer learns nothing; those who keep the victim safe learn it at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import INVESTIGATION, AgencyKnown
from engine.domain.cases.worklists import TELLS, WorkItem
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.plans.actions import PlanGiven, PlannedAction
from engine.services.access.restrictions import restrict
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.conference import decisions
from engine.services.plans import versions as plan_versions
from engine.services.plans.conflicts import check_plan
from engine.services.plans.protected_places import (
    CHECK_PLACES,
    NEAR_PLACE,
    PLACES_NAMED,
    name_lead,
    record_place_check,
)
from engine.services.referrals import screening
from engine.services.vault.access_requests import name_safe_contact
from engine.services.vault.notifications import vault_on_case
from tests.builders import SAFE_HOUSE, TOY_CODES, Desk, a_decision, a_referral, a_screening, with_toys
from tests.prepared import prepared

pytestmark = pytest.mark.whose_is_said

NEAR = "Patrol 3 Larkfield Passage twice a week"
"""The protected address is 14 Larkfield Passage, ZZ99 3QX."""
AT = f"Patrol {SAFE_HOUSE} twice a week"
NOT_NEAR = "Patrol 3 Harkfield Passage twice a week"
SPLIT = timedelta(hours=1)


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    there = with_toys(desk)
    desk.runtime.__dict__["agencies_described"] = tuple(
        _investigating(agency) for agency in desk.runtime.agencies_known
    )
    return there


def _investigating(agency: AgencyKnown) -> AgencyKnown:
    return agency.model_copy(update={"seat": INVESTIGATION}) if agency.code == "harbour" else agency


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    """A decided case with everybody on it."""
    return prepared(desk, decided, desk, workers)


def decided(desk: Desk, workers: dict[str, Acting], number: str = "1") -> str:
    (reference,) = desk.refer(a_referral(number)).referrals
    people = (*(worker.user for worker in workers.values()), desk.coordinator.user)
    screening.screen(
        desk.context(desk.coordinator), reference=reference, screening=a_screening(people=people)
    )
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    return reference


def a_plan_that(*texts: str, base_version: int = 0) -> PlanGiven:
    actions = tuple(
        PlannedAction.model_validate(
            {"what": text, "agency": "harbour", "owner": "A. Officer", "due": "2026-03-20"}
        )
        for text in texts
    )
    return PlanGiven(actions=actions, reason="Agreed at the conference.", base_version=base_version)


def plan(desk: Desk, reference: str, *texts: str, by: Acting | None = None, base_version: int = 0) -> Any:
    return plan_versions.make_plan(
        desk.context(by or desk.coordinator),
        reference=reference,
        plan=a_plan_that(*texts, base_version=base_version),
        agencies=TOY_CODES,
    )


def lines(desk: Desk, acting: Acting, kind: str = NEAR_PLACE) -> list[WorkItem]:
    return [item for item in worklist(desk.context(acting)).items if item.kind == kind]


def test_the_safe_contact_officer_and_the_named_lead_learn_of_it_and_nobody_else(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    name_safe_contact(desk.context(desk.chair), reference=case, user="lantern-worker")
    name_lead(desk.context(desk.chair), reference=case, user="harbour-worker")
    other = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    screening.name_people(desk.context(desk.chair), reference=case, people=[other.user])
    (action,) = plan(desk, case, NEAR).actions
    learn = [workers["lantern"], workers["harbour"]]
    for acting in learn:
        (line,) = lines(desk, acting)
        assert (line.reference, action in line.what) == (case, True)
        assert "Larkfield" not in line.what + line.why
    for acting in (desk.coordinator, desk.chair, workers["voice"], other):
        assert lines(desk, acting) == []


def test_where_neither_is_named_the_victims_advocate_learns_of_it_and_nobody_else(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    plan(desk, case, NEAR)
    assert len(lines(desk, workers["voice"])) == 1
    for acting in (desk.coordinator, desk.chair, workers["harbour"], workers["lantern"]):
        assert lines(desk, acting) == []


def entrusted(desk: Desk, case: str) -> None:
    name_safe_contact(desk.context(desk.chair), reference=case, user="lantern-worker")
    name_lead(desk.context(desk.chair), reference=case, user="harbour-worker")


def test_every_version_asks_for_its_check_near_or_not(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    other = decided(desk, workers, "2")
    for reference, text in ((case, NEAR), (other, NOT_NEAR)):
        entrusted(desk, reference)
        plan(desk, reference, text)
    for acting in (workers["lantern"], workers["harbour"]):
        assert {line.reference for line in lines(desk, acting, CHECK_PLACES)} == {case, other}
    for acting in (desk.coordinator, desk.chair, workers["voice"]):
        assert lines(desk, acting, CHECK_PLACES) == []


def test_who_recorded_the_check_is_not_asked_again_until_an_action_changes(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    entrusted(desk, case)
    planned = plan(desk, case, NEAR)
    desk.clock.forward(timedelta(minutes=5))
    officer, lead = desk.context(workers["lantern"]), desk.context(workers["harbour"])
    assert vault_on_case(officer, reference=case).plan_to_check == 1
    record_place_check(officer, reference=case, version=1)
    assert vault_on_case(officer, reference=case).plan_to_check is None
    for kind in (NEAR_PLACE, CHECK_PLACES):
        assert lines(desk, workers["lantern"], kind) == []
        assert len(lines(desk, workers["harbour"], kind)) == 1  # each reads for themself
    desk.clock.forward(timedelta(minutes=5))
    changed = a_plan_that(f"{NEAR} by day", base_version=1)
    action = changed.actions[0].model_copy(update={"reference": planned.actions[0]})
    plan_versions.make_plan(
        desk.context(desk.coordinator),
        reference=case,
        plan=changed.model_copy(update={"actions": (action,)}),
        agencies=TOY_CODES,
    )
    for kind in (NEAR_PLACE, CHECK_PLACES):
        assert len(lines(desk, workers["lantern"], kind)) == 1
    with pytest.raises(InvalidInputError, match="not the newest version"):
        record_place_check(lead, reference=case, version=1)


def test_only_the_officer_and_the_lead_record_a_check(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    plan(desk, case, NEAR)
    for acting in (workers["voice"], desk.chair, desk.coordinator):
        with pytest.raises(NotPermittedError, match="safe-contact officer or the investigation lead"):
            record_place_check(desk.context(acting), reference=case, version=1)


def test_the_entry_of_a_check_is_the_same_near_or_not(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    entries = []
    for reference, text in ((case, NEAR), (decided(desk, workers, "2"), NOT_NEAR)):
        entrusted(desk, reference)
        plan(desk, reference, text)
        record_place_check(desk.context(workers["lantern"]), reference=reference, version=1)
        with desk.runtime.uow.unrecorded() as work:
            newest = json.loads([entry.body for entry in work.audit.entries()][-1])
        entries.append({name: newest[name] for name in ("user", "what", "facts")})
    assert entries[0] == entries[1]


def test_a_text_that_is_not_near_gives_no_line(desk: Desk, workers: dict[str, Acting], case: str) -> None:
    plan(desk, case, NOT_NEAR)
    assert lines(desk, workers["voice"]) == []


def test_the_line_goes_when_the_action_is_changed(desk: Desk, workers: dict[str, Acting], case: str) -> None:
    planned = plan(desk, case, NEAR)
    changed = a_plan_that(NOT_NEAR, base_version=1)
    action = changed.actions[0].model_copy(update={"reference": planned.actions[0]})
    plan_versions.make_plan(
        desk.context(desk.coordinator),
        reference=case,
        plan=changed.model_copy(update={"actions": (action,)}),
        agencies=TOY_CODES,
    )
    assert lines(desk, workers["voice"]) == []


def test_whoever_wrote_it_is_not_shown_it_as_officer_either(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    name_safe_contact(desk.context(desk.chair), reference=case, user=desk.coordinator.user)
    plan(desk, case, NEAR)
    assert lines(desk, desk.coordinator) == []


def test_a_report_or_a_later_save_by_another_person_does_not_make_them_its_writer(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    name_safe_contact(desk.context(desk.chair), reference=case, user="cora")
    planned = plan(desk, case, NEAR, by=desk.chair)
    again = a_plan_that(NEAR, base_version=1).actions[0].model_copy(update={"reference": planned.actions[0]})
    later = again.model_copy(update={"due": again.due + timedelta(days=1)})
    plan_versions.make_plan(
        desk.context(desk.coordinator),
        reference=case,
        plan=PlanGiven(actions=(later,), reason="Later.", base_version=1),
        agencies=TOY_CODES,
    )
    assert len(lines(desk, desk.coordinator)) == 1


def test_only_a_person_of_the_investigating_agency_on_the_case_is_named_lead(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    for user in ("lantern-worker", "cora", desk.add("harbour-away", Role.PRACTITIONER, "harbour").user):
        with pytest.raises(InvalidInputError, match="for the agency that investigates"):
            name_lead(desk.context(desk.chair), reference=case, user=user)


def everything_about(desk: Desk, acting: Acting, reference: str, text: str) -> list[str]:
    """What the writer is given, page and worklist, each error, and their own entries in the audit log."""
    given: list[str] = []
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = desk.runtime.uow._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        actions = a_plan_that(text).actions
        given.append(repr(check_plan(desk.context(acting), reference=reference, actions=actions)))
        planned = plan(desk, reference, text, by=acting)
        given.append(repr(planned.model_copy(update={"reference": "", "plan": "", "actions": ()})))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    given += ["; ".join(statements)]
    view = view_case(desk.context(acting), reference=reference)
    assert view.plan is not None
    given += [view.plan.actions[0].what, repr([c.says for c in view.review.changes])]
    items = [item for item in worklist(desk.context(acting)).items if item.reference == reference]
    given += [repr(sorted((item.kind, item.what, item.why) for item in items))]
    given += [_raised(lambda: plan(desk, reference, text, by=acting))]
    with desk.runtime.uow.unrecorded() as work:
        entries = [json.loads(entry.body) for entry in work.audit.entries()]
    given += [repr([(e["what"], sorted(e["facts"])) for e in entries if e["user"] == acting.user][-6:])]
    return [each.replace(text, "TEXT").replace(reference, "CASE") for each in given]


def _raised(tried: Callable[[], object]) -> str:
    with pytest.raises(Exception) as error:  # whichever it is, it must be the same
        tried()
    return f"{type(error.value).__name__}: {error.value}"


@pytest.mark.parametrize("writer", ["coordinator", "chair"])
def test_near_or_not_the_writer_is_given_the_same_by_page_command_error_statement_and_log(
    writer: str, desk: Desk, workers: dict[str, Acting]
) -> None:
    acting = desk.coordinator if writer == "coordinator" else desk.chair
    given = []
    for number, text in enumerate((NEAR, AT, NOT_NEAR)):
        reference = decided(desk, workers, str(number))
        name_safe_contact(desk.context(desk.chair), reference=reference, user="lantern-worker")
        given.append(_without_references(everything_about(desk, acting, reference, text)))
    assert given[0] == given[1] == given[2]
    assert len(lines(desk, workers["lantern"])) == 2
    for other in (desk.chair, desk.coordinator):
        assert lines(desk, other, TELLS) == []


def _without_references(given: list[str]) -> list[str]:
    import re

    return [re.sub(r"\b[A-Z]-[0-9A-Z]{7}\b", "REF", each) for each in given]


def test_several_places_named_by_one_writer_within_a_day_are_shown_to_chair_and_advocate(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    for number, street in enumerate(("Alder Road", "Birch Lane", "Cedar Close")):
        assert lines(desk, desk.chair, PLACES_NAMED) == []
        plan(desk, case, f"Patrol {street}", base_version=number)
        desk.clock.forward(SPLIT)
    for acting in (desk.chair, workers["voice"]):
        (line,) = lines(desk, acting, PLACES_NAMED)
        assert "cora named 3 different places" in line.why
        assert "Alder" not in line.why
    for acting in (desk.coordinator, workers["harbour"]):
        assert lines(desk, acting, PLACES_NAMED) == []


def test_the_writer_is_not_shown_that_their_own_places_were_counted(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    plan(desk, case, "Patrol Alder Road", "Patrol Birch Lane", "Patrol Cedar Close", by=desk.chair)
    assert lines(desk, desk.chair, PLACES_NAMED) == []
    assert len(lines(desk, workers["voice"], PLACES_NAMED)) == 1


def test_the_count_is_the_same_whether_a_place_is_protected_or_not(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    shown = []
    for number, street in enumerate(("Larkfield Passage", "Harkfield Passage")):
        reference = decided(desk, workers, str(number))
        plan(desk, reference, f"Patrol {street}", "Patrol Alder Road", "Patrol Birch Lane")
        shown += [line.why for line in lines(desk, desk.chair, PLACES_NAMED) if line.reference == reference]
    assert len(shown) == 2
    assert len(set(shown)) == 1


def test_a_restricted_case_gives_no_line_to_those_who_may_not_know_of_it(
    desk: Desk, workers: dict[str, Acting], case: str
) -> None:
    plan(desk, case, NEAR, "Patrol Alder Road", "Patrol Birch Lane")
    restrict(desk.context(desk.chair), reference=case, why="A party works here.")
    away = desk.add("voice-away", Role.PRACTITIONER, "voice")
    for kind in (NEAR_PLACE, PLACES_NAMED):
        assert lines(desk, away, kind) == []
