"""Decisions of police that wait: for who investigates, and once made for who informs the victim."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import INVESTIGATION, VICTIM_VOICE
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.police_decisions import INFORMS_VICTIM, PoliceAction, PoliceDecisionGiven
from engine.domain.errors import InvalidInputError
from engine.domain.orders.notices import NoticeGiven
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist, worklist_page
from engine.services.orders.notices import record_notice
from engine.services.plans.reviews import record_police_decision
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import screen
from engine.services.sharing.incident_rules import set_incident_rule
from tests.builders import Desk, a_referral, a_screening, an_incident, with_toys

AWAITED, INFORM = "police decision", "inform of decision"
SEATS = {"harbour": INVESTIGATION, "voice": VICTIM_VOICE}


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    """The toys, of which harbour investigates and voice speaks for the victim."""
    there = with_toys(desk)
    known = desk.runtime.agencies_described
    desk.runtime.__dict__["agencies_described"] = tuple(
        each.model_copy(update={"seat": SEATS.get(each.code)}) for each in known
    )
    return there


def a_case(
    desk: Desk,
    workers: dict[str, Acting],
    number: str = "1",
    outcome: TriageOutcome = TriageOutcome.ADVICE,
    **changes: Any,
) -> str:
    (reference,) = desk.refer(a_referral(number, incidents=())).referrals
    named = a_screening(outcome, people=tuple(each.user for each in workers.values()), **changes)
    screen(desk.context(desk.coordinator), reference=reference, screening=named)
    return reference


def report(desk: Desk, case: str, kind: IncidentKind, by: Acting, **changes: Any) -> str:
    incident = an_incident("2026-03-02", kind=kind, **changes)
    return record_incident(desk.context(by), reference=case, incident=incident)


def decide(
    desk: Desk, case: str, incident: str, action: PoliceAction = PoliceAction.ARREST, by: Acting | None = None
) -> None:
    given = PoliceDecisionGiven(
        incident=incident, action=action, decided_by="DS A. Example", decided_on=date(2026, 3, 2)
    )
    record_police_decision(desk.context(by or desk.coordinator), reference=case, decision=given)


def release_to(
    desk: Desk, case: str, incident: str, by: Acting, agencies: tuple[str, ...] = (), **changes: Any
) -> None:
    rule = RuleGiven(
        item=incident,
        audience=AudienceKind.NAMED if agencies else AudienceKind.OWNER,
        agencies=agencies,
        grounds=Grounds(basis="agreed", purpose="case work", necessity="They investigate."),
        why="Told in confidence.",
        **changes,
    )
    set_incident_rule(desk.context(by), reference=case, rule=rule)


def lines(desk: Desk, acting: Acting, kind: str = AWAITED) -> list[tuple[str, str]]:
    """A person's lines of a kind: case and reason, after the rows were found to agree with the facts."""
    differ = desk.runtime.due.differences(desk.runtime.uow)
    assert not any(differ.values())
    found = [each for each in worklist(desk.context(acting)).items if each.kind == kind]
    assert all((each.due_at, each.is_overdue) == (None, False) for each in found), "no limit was read"
    return [(each.reference, each.why) for each in found]


def test_a_crime_waits_with_its_age_for_who_investigates_until_it_is_decided(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk, workers)
    incident = report(desk, case, IncidentKind.ENTRY, workers["lantern"])
    sentence = f"Entry, 2 March 2026 ({incident}). Reported "
    assert lines(desk, workers["harbour"]) == [(case, f"{sentence}today.")]
    desk.clock.forward(timedelta(hours=14, minutes=59))
    assert lines(desk, workers["harbour"]) == [(case, f"{sentence}today.")]
    desk.clock.forward(timedelta(minutes=1))
    assert lines(desk, workers["harbour"]) == [(case, f"{sentence}1 day ago.")]
    desk.clock.forward(timedelta(days=11))
    assert lines(desk, workers["harbour"]) == [(case, f"{sentence}12 days ago.")]
    for other in (workers["lantern"], workers["voice"], desk.coordinator, desk.chair):
        assert lines(desk, other) == []
    decide(desk, case, incident, by=workers["harbour"])
    assert lines(desk, workers["harbour"]) == []


@pytest.mark.parametrize(
    ("kind", "by", "crime", "waits"),
    [
        (IncidentKind.THREAT, "lantern", None, True),
        (IncidentKind.FOLLOWING, "lantern", None, False),
        (IncidentKind.FOLLOWING, "lantern", "CR/1", True),
        (IncidentKind.FOLLOWING, "harbour", None, True),
        (IncidentKind.OTHER, "harbour", None, False),
        (IncidentKind.SUICIDAL_STATEMENT, "harbour", "CR/1", False),
    ],
)
def test_kinds_and_their_near_misses_are_the_same_on_the_worklist_and_the_case(
    desk: Desk, workers: dict[str, Acting], kind: IncidentKind, by: str, crime: str | None, waits: bool
) -> None:
    case = a_case(desk, workers)
    incident = report(desk, case, kind, workers[by], crime_reference=crime)
    assert [each for each, _ in lines(desk, workers["harbour"])] == [case] * waits
    review = view_case(desk.context(workers["harbour"]), reference=case).review
    assert [each.incident for each in review.not_decided] == [incident] * waits
    if not waits:
        with pytest.raises(InvalidInputError, match="no police decision is awaited"):
            decide(desk, case, incident)


def test_what_was_not_released_to_who_investigates_makes_no_line_until_it_is(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk, workers)
    lantern, harbour = workers["lantern"], workers["harbour"]
    incident = report(desk, case, IncidentKind.ASSAULT, lantern)
    release_to(desk, case, incident, lantern)
    assert lines(desk, harbour) == []
    assert worklist_page(desk.context(harbour)).total == 0
    release_to(desk, case, incident, lantern, ("voice",))
    assert lines(desk, harbour) == []
    release_to(desk, case, incident, lantern, ("harbour",), until=date(2026, 3, 3))
    assert len(lines(desk, harbour)) == 1
    desk.clock.forward(timedelta(days=1))
    assert len(lines(desk, harbour)) == 1
    desk.clock.forward(timedelta(days=1))
    assert lines(desk, harbour) == [], "the release has ended"


@pytest.mark.parametrize("outcome", [*TriageOutcome])
def test_it_waits_whatever_the_screening_said(
    desk: Desk, workers: dict[str, Acting], outcome: TriageOutcome
) -> None:
    case = a_case(desk, workers, outcome=outcome)
    report(desk, case, IncidentKind.BREACH, desk.coordinator)
    assert [each for each, _ in lines(desk, workers["harbour"])] == [case]


def test_a_referral_that_is_not_screened_is_not_open_and_counts_from_the_day_of_its_report(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    (case,) = desk.refer(a_referral(incidents=(an_incident(kind=IncidentKind.ENTRY),))).referrals
    assert lines(desk, workers["harbour"]) == []
    desk.clock.forward(timedelta(days=3))
    named = a_screening(people=tuple(each.user for each in workers.values()))
    screen(desk.context(desk.coordinator), reference=case, screening=named)
    ((_, why),) = lines(desk, workers["harbour"])
    assert why.endswith("Reported 3 days ago.")


def test_two_reports_of_one_crime_are_one_line_and_one_decision_ends_them(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk, workers)
    crime = {"crime_reference": "CR/7"}
    first = report(desk, case, IncidentKind.ASSAULT, workers["harbour"], **crime)
    second = report(desk, case, IncidentKind.ASSAULT, workers["lantern"], **crime)
    other = report(desk, case, IncidentKind.ASSAULT, workers["harbour"], crime_reference="CR/8")
    oldest = min(first, other)  # reported at one moment
    assert lines(desk, workers["harbour"]) == [
        (case, f"Assault, 2 March 2026 ({oldest}) and 1 more. The first was reported today.")
    ]
    decide(desk, case, second)
    ((_, why),) = lines(desk, workers["harbour"])
    assert other in why


def test_acts_of_one_case_are_one_line_with_their_number_from_the_first_that_was_reported(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case, other = a_case(desk, workers), a_case(desk, workers, "2")
    first = report(desk, case, IncidentKind.THREAT, workers["harbour"])
    desk.clock.forward(timedelta(days=2))
    for day in range(3):
        report(desk, case, IncidentKind.ENTRY, workers["harbour"], what=f"Again {day}.")
    alone = report(desk, other, IncidentKind.ENTRY, workers["harbour"])
    assert lines(desk, workers["harbour"]) == [
        (case, f"Threat, 2 March 2026 ({first}) and 3 more. The first was reported 2 days ago."),
        (other, f"Entry, 2 March 2026 ({alone}). Reported today."),
    ]


def test_acts_that_fewer_may_read_are_a_line_apart(desk: Desk, workers: dict[str, Acting]) -> None:
    case = a_case(desk, workers)
    for_all = report(desk, case, IncidentKind.THREAT, workers["harbour"])
    apart = report(desk, case, IncidentKind.ENTRY, workers["harbour"], what="Again.")
    release_to(desk, case, apart, workers["harbour"])
    assert {why for _, why in lines(desk, workers["harbour"])} == {
        f"Threat, 2 March 2026 ({for_all}). Reported today.",
        f"Entry, 2 March 2026 ({apart}). Reported today.",
    }


def test_one_crime_on_two_cases_of_an_episode_is_decided_on_both_by_who_sees_both(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk, workers)
    episode = view_case(desk.context(desk.chair), reference=case).episode
    other = a_case(desk, workers, "2", same_episode_as=episode)
    crime = {"crime_reference": "CR/7"}
    report(desk, case, IncidentKind.ASSAULT, workers["harbour"], **crime)
    second = report(desk, other, IncidentKind.ASSAULT, workers["harbour"], **crime)
    assert sorted(each for each, _ in lines(desk, workers["harbour"])) == sorted([case, other])
    decide(desk, other, second)
    assert lines(desk, workers["harbour"]) == []


def test_a_decision_on_another_incident_ends_no_line(desk: Desk, workers: dict[str, Acting]) -> None:
    case = a_case(desk, workers)
    first = report(desk, case, IncidentKind.THREAT, workers["harbour"])
    second = report(desk, case, IncidentKind.THREAT, workers["harbour"], what="Again.")
    decide(desk, case, second)
    ((_, why),) = lines(desk, workers["harbour"])
    assert first in why


@pytest.mark.parametrize("action", [*PoliceAction])
def test_the_victim_is_informed_of_what_ends_or_begins_something(
    desk: Desk, workers: dict[str, Acting], action: PoliceAction
) -> None:
    case = a_case(desk, workers)
    incident = report(desk, case, IncidentKind.THREAT, workers["harbour"])
    decide(desk, case, incident, action)
    event = INFORMS_VICTIM.get(action)
    if event is None:
        assert lines(desk, workers["voice"], INFORM) == []
        return
    ((there, why),) = lines(desk, workers["voice"], INFORM)
    assert there == case
    assert why == (
        f"Police decision: {action.value}, 2 March 2026. Threat, 2 March 2026 ({incident}). "
        "Record a notice to the victim for that date."
    )
    for other in (workers["harbour"], workers["lantern"], desk.coordinator):
        assert lines(desk, other, INFORM) == []
    chair = desk.context(desk.chair)
    record_notice(chair, reference=case, notice=NoticeGiven(event=event, on=date(2026, 3, 1)))
    assert len(lines(desk, workers["voice"], INFORM)) == 1, "that was another day"
    record_notice(chair, reference=case, notice=NoticeGiven(event=event, on=date(2026, 3, 2)))
    assert lines(desk, workers["voice"], INFORM) == []


def test_only_the_newest_decision_is_to_be_informed_of(desk: Desk, workers: dict[str, Acting]) -> None:
    case = a_case(desk, workers)
    incident = report(desk, case, IncidentKind.THREAT, workers["harbour"])
    decide(desk, case, incident, PoliceAction.ARREST)
    desk.clock.forward(timedelta(minutes=1))
    decide(desk, case, incident, PoliceAction.NO_ACTION)
    ((_, why),) = lines(desk, workers["voice"], INFORM)
    assert why.startswith("Police decision: no further action,")
    desk.clock.forward(timedelta(minutes=1))
    decide(desk, case, incident, PoliceAction.INVESTIGATE)
    assert lines(desk, workers["voice"], INFORM) == []


def test_where_the_advocate_may_not_know_of_it_who_investigates_informs(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = a_case(desk, workers)
    incident = report(desk, case, IncidentKind.THREAT, workers["harbour"])
    release_to(desk, case, incident, workers["harbour"])
    decide(desk, case, incident, by=workers["harbour"])
    assert lines(desk, workers["voice"], INFORM) == []
    assert [each for each, _ in lines(desk, workers["harbour"], INFORM)] == [case]
    release_to(desk, case, incident, workers["harbour"], ("voice",))
    assert [each for each, _ in lines(desk, workers["voice"], INFORM)] == [case]
    assert lines(desk, workers["harbour"], INFORM) == []
