"""Victim-side rights come from the panel's word; mirrored cases are worked apart; requests have a test."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.access.primary_roles import VictimStanding
from engine.domain.accounts.acting import Acting
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.people.persons import ClaimStatus
from engine.domain.rights.information_requests import RequestDecided, RequestGiven
from engine.services.access import primary_roles, restrictions
from engine.services.cases import views as case_views
from engine.services.cases import worklists
from engine.services.conference import decisions
from engine.services.referrals import screening
from engine.services.rights import victim_requests
from engine.services.vault import openings
from tests.builders import Desk, a_person, in_one_entry, with_toys
from tests.engine.services.cases.test_pathway import screened

HE, SHE = a_person(pnc="2001/0000123Y"), a_person("Amira", "Kent", pnc="2003/0000456Q")
WHY = "He called first after each arrest."


def mirrored(desk: Desk) -> tuple[str, str]:
    """Two screened cases of the same two people, the other way round."""
    one = screened(desk)
    return one, screened(desk, source_reference="2", perpetrator=SHE, victim=HE)


def people_on(desk: Desk, reference: str) -> tuple[str, ...]:
    return case_views.view_case(
        desk.context(desk.chair).with_agencies(()), reference=reference
    ).people_on_case


def roles(desk: Desk, acting: Acting, reference: str) -> Any:
    return primary_roles.roles_on_case(desk.context(acting), reference=reference)


def assessed(desk: Desk, reference: str, *, primary: bool = True) -> None:
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    primary_roles.assess_roles(desk.context(desk.chair), reference=reference, is_primary=primary, why=WHY)


def test_a_mirrored_case_names_nobody_of_the_other_side_and_refuses_to(desk: Desk) -> None:
    with_toys(desk)
    one, other = mirrored(desk)
    assert "harbour-worker" in people_on(desk, one)
    assert people_on(desk, other) == ("cora",)
    name: dict[str, Any] = {"context": desk.context(desk.coordinator), "reference": other}
    with pytest.raises(InvalidInputError, match="harbour-worker works on the counter-allegation"):
        screening.name_people(**name, people=["harbour-worker"])
    primary_roles.name_investigator(
        desk.context(desk.chair), reference=other, user="harbour-worker", why="Leads both."
    )
    screening.name_people(**name, people=["harbour-worker"])
    assert people_on(desk, other) == ("cora", "harbour-worker")


def test_two_cases_that_are_not_mirrored_share_their_people(desk: Desk) -> None:
    with_toys(desk)
    screened(desk)
    again = screened(desk, source_reference="2")
    assert "harbour-worker" in people_on(desk, again)
    assert roles(desk, desk.chair, again).standing is VictimStanding.CLAIMED


def test_only_the_desk_and_named_investigators_learn_that_a_case_is_mirrored(desk: Desk) -> None:
    workers = with_toys(desk)
    one, other = mirrored(desk)
    assert roles(desk, desk.chair, one).mirrored == (other,)
    assert roles(desk, desk.coordinator, one).standing is VictimStanding.CONTESTED
    answer = roles(desk, workers["harbour"], one)
    assert (answer.standing, answer.mirrored, answer.investigators) == (VictimStanding.CLAIMED, (), ())
    with in_one_entry(desk.runtime) as work:  # as if named before they were mirrored
        work.cases.name_people(other, ["harbour-worker"], by="chair", at=desk.clock.now())
    seen = case_views.view_case(desk.context(workers["harbour"]).with_agencies(()), reference=one)
    assert seen.other_involvements == ()
    primary_roles.name_investigator(
        desk.context(desk.chair), reference=one, user="harbour-worker", why="Leads both."
    )
    seen = case_views.view_case(desk.context(workers["harbour"]).with_agencies(()), reference=one)
    assert [each.reference for each in seen.other_involvements] == [other]
    assert roles(desk, workers["harbour"], one).mirrored == (other,)


def test_a_mirrored_case_that_is_not_open_to_the_co_ordinator_changes_nothing_for_them(desk: Desk) -> None:
    with_toys(desk)
    one, other = mirrored(desk)
    second = screened(desk, source_reference="3", perpetrator=SHE, victim=HE)
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=one, why="So.")
    from engine.domain.accounts.acting import Role

    stranger = desk.add("other-desk", Role.COORDINATOR)
    assert roles(desk, stranger, other).mirrored == ()
    assert roles(desk, stranger, other).standing is VictimStanding.CLAIMED
    screening.name_people(desk.context(stranger), reference=second, people=["lantern-worker"])


def test_the_panel_assesses_in_a_conference_and_the_other_side_is_then_not_primary(desk: Desk) -> None:
    workers = with_toys(desk)
    one, other = mirrored(desk)
    with pytest.raises(InvalidInputError, match="open the conference first"):
        primary_roles.assess_roles(desk.context(desk.chair), reference=one, is_primary=True, why=WHY)
    with pytest.raises(NotPermittedError, match="chair may"):
        primary_roles.assess_roles(desk.context(desk.coordinator), reference=one, is_primary=True, why=WHY)
    assessed(desk, one)
    assert roles(desk, workers["harbour"], one).standing is VictimStanding.ASSESSED
    assert roles(desk, desk.chair, other).standing is VictimStanding.NOT_PRIMARY
    view = case_views.view_case(desk.context(desk.chair).with_agencies(()), reference=one)
    assert (view.victim.status, view.victim.asserted_by) == (ClaimStatus.ASSESSED, "the panel")
    screening.name_people(desk.context(desk.coordinator), reference=other, people=["harbour-worker"])


def test_nobody_opens_the_vault_of_a_contested_case_alone_and_of_an_assessed_one_the_victims_advocate_does(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    alone = screened(desk)
    opened = _open(desk, workers["voice"], alone)
    assert opened.opening.user == "voice-worker"
    desk.clock.forward(timedelta(hours=1))
    other = screened(desk, source_reference="2", perpetrator=SHE, victim=HE)
    with pytest.raises(NotPermittedError, match="a person named on it, after a second person"):
        _open(desk, workers["voice"], alone)
    assessed(desk, alone)
    assert _open(desk, workers["voice"], alone).value
    assert roles(desk, desk.chair, other).standing is VictimStanding.NOT_PRIMARY


def _open(desk: Desk, acting: Acting, reference: str) -> Any:
    with desk.runtime.uow.reading(acting=acting, what="test", at=desk.clock.now()) as work:
        item = work.protected.items_on([reference])[0].reference
    return openings.open_item(
        desk.context(acting), reference=reference, item=item, task="contact the victim safely"
    )


def a_request(agency: str = "harbour", **changes: Any) -> RequestGiven:
    given = {
        "agency": agency,
        "what": "Calls of this year",
        "why": "To see whether he called first",
        "necessary": "Nobody else holds them",
        "handled": "Read by the chair, kept with the case",
        **changes,
    }
    return RequestGiven.model_validate(given)


def asked(desk: Desk, reference: str, request: RequestGiven | None = None) -> str:
    made = victim_requests.ask_about_victim(
        desk.context(desk.coordinator), reference=reference, request=request or a_request()
    )
    return made.reference


def decided(desk: Desk, request: str, **changes: Any) -> None:
    given = {
        "is_met": True,
        "authorised_person": "DC A. Example, Example Police",
        "why": "It is a line of enquiry",
        "no_notice_because": "It would warn him",
        **changes,
    }
    victim_requests.decide_request(
        desk.context(desk.chair), request=request, decision=RequestDecided.model_validate(given)
    )


def listed(desk: Desk, acting: Acting, reference: str) -> list[str]:
    there = victim_requests.requests_on(desk.context(acting), reference=reference)
    return [each.stands for each in there]


def test_an_agency_learns_of_a_request_when_its_test_is_met_and_answers_or_refuses(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    request = asked(desk, reference)
    assert listed(desk, workers["harbour"], reference) == []
    answer: dict[str, Any] = {
        "context": desk.context(workers["harbour"]),
        "request": request,
        "why": "We look.",
    }
    with pytest.raises(NotFoundError):
        victim_requests.answer_request(**answer, refuses=False)
    assert _waits(desk, desk.chair) == [f"Record who makes victim information request {request}"]
    decided(desk, request)
    assert _waits(desk, workers["harbour"]) == [f"Answer victim information request {request}"]
    assert listed(desk, workers["lantern"], reference) == []
    assert listed(desk, workers["voice"], reference) == ["The agency is asked."]
    with pytest.raises(NotPermittedError, match="a practitioner of harbour may"):
        victim_requests.answer_request(
            **{**answer, "context": desk.context(workers["lantern"])}, refuses=False
        )
    victim_requests.answer_request(**answer, refuses=True)
    assert listed(desk, desk.coordinator, reference) == ["The agency refused."]
    assert _waits(desk, workers["harbour"]) == []


def _waits(desk: Desk, acting: Acting) -> list[str]:
    day = worklists.worklist(desk.context(acting))
    return [item.what for item in day.items if item.kind == "victim request"]


def test_an_authorised_person_makes_a_request_and_not_the_chair(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    request = asked(desk, reference)
    (drafted,) = listed(desk, desk.chair, reference)
    assert drafted == "Waiting for the chair to record an authorised person; no agency is asked."
    with pytest.raises(InvalidInputError, match="name and office of the authorised person"):
        decided(desk, request, authorised_person=None)
    assert listed(desk, workers["harbour"], reference) == []
    decided(desk, request)
    assert listed(desk, workers["harbour"], reference) == ["The agency is asked."]


def test_a_request_whose_test_is_not_met_reaches_nobody(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    request = asked(desk, reference)
    decided(desk, request, is_met=False, no_notice_because=None)
    assert listed(desk, workers["harbour"], reference) == []
    assert _waits(desk, workers["harbour"]) == []
    with pytest.raises(InvalidInputError, match="already decided"):
        decided(desk, request)


def test_the_advocacy_seat_is_asked_without_a_request(desk: Desk) -> None:
    with_toys(desk)
    with pytest.raises(InvalidInputError, match="this agency represents the victim"):
        asked(desk, screened(desk), a_request("voice"))


def test_notice_goes_to_somebody_whom_the_panel_has_assessed_as_the_victim(desk: Desk) -> None:
    with_toys(desk)
    reference = screened(desk)
    request = asked(desk, reference)
    answer = {"notice_on": "2026-03-02", "notice_how": "By her advocate", "no_notice_because": None}
    with pytest.raises(InvalidInputError, match="the panel has not assessed who the victim is"):
        decided(desk, request, **answer)
    assessed(desk, reference)
    decided(desk, request, **answer)


def test_counselling_information_is_presumed_not_to_be_needed() -> None:
    with pytest.raises(ValidationError, match="presumed not to be needed"):
        a_request(is_counselling=True)
    assert a_request(is_counselling=True, counselling_needed="It holds the only date.").is_counselling


@pytest.mark.parametrize(
    "notice",
    [
        {},
        {"notice_on": "2026-03-02"},
        {"notice_on": "2026-03-02", "notice_how": "x", "no_notice_because": "y"},
    ],
)
def test_a_decision_says_how_the_victim_was_told_or_why_not(notice: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="notice"):
        RequestDecided.model_validate({"is_met": True, "why": "So.", **notice})
