"""The policy through the pages: what each role is given, and whose list and page a case is on."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.navigation import PLACES_OF
from dashboard.pages import Place
from engine.access.policy import WHO_MAY, May, is_open
from engine.access.policy_table import RELATIONS
from engine.domain.accounts.acting import Acting, Role
from engine.services.access.restrictions import restrict
from engine.services.referrals.screening import name_people, screen
from tests.builders import Desk, a_person, a_referral, a_screening, in_one_entry
from tests.dashboard.visits import Visits, asked
from tests.standing import stand

BUTTONS = {
    "record-incident": May.RECORD_INCIDENT,
    "record-outcome": May.RECORD_OUTCOME,
    "protected-details": May.SEE_HELD,
    "who-has-looked": May.SEE_LOOKS,
    "shared": May.SEE_LEDGER,
    "corrections": May.ASK_CHANGE,
    "retention": May.SEE_RETENTION,
    "victim-rights": May.SEE_REQUESTS,
    "start-conference": May.OPEN_CONFERENCE,
}
PAGES: dict[Place, tuple[May, ...]] = {
    Place.SCREENING: (May.SCREEN,),
    Place.IMPORT: (May.IMPORT,),
    Place.CONFERENCES: (May.SEE_CONFERENCE,),
    Place.CASES: (May.VIEW_CASE,),
    Place.CASE: (May.VIEW_CASE,),
    Place.SEARCH: (May.SEEN_BEFORE,),
    Place.DUPLICATES: (May.JUDGE_SAME,),
    Place.LINKS: (May.EXPLORE_LINKS,),
    Place.NETWORKS: (May.STORE_NETWORKS,),
    Place.OUTCOMES: (May.SEE_AGGREGATES,),
    Place.AGENCIES: (May.SEE_AGENCY_HEALTH,),
    Place.SUBJECT_ACCESS: (May.RECORD_ACCESS, May.SAY_SAFETY, May.CLEAR_ACCESS, May.DECIDE_ACCESS),
}
WORKER = Role.PRACTITIONER
ROLES = [role for role in Role if role is not Role.SYSTEM]


@pytest.fixture
def people(desk: Desk, workers: dict[str, Acting]) -> dict[Role, Acting]:
    """Somebody of every role, of whom none has done anything."""
    there: dict[Role, Acting] = {WORKER: workers["voice"]}
    return there | {role: desk.add(f"one-{role.name.lower()[:4]}", role) for role in ROLES if role != WORKER}


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.address)
def test_a_page_is_given_to_those_who_may_do_what_is_on_it(place: Place) -> None:
    may = {role for act in PAGES[place] for role in WHO_MAY[act]}
    assert {role for role in ROLES if place in PLACES_OF[role]} == may - {Role.SYSTEM}


def test_the_case_page_offers_each_role_what_the_table_says(
    desk: Desk, people: dict[Role, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    named = [acting.user for acting in people.values()]
    name_people(desk.context(desk.coordinator), reference=reference, people=named)
    for role, acting in people.items():
        visit = visits(acting, Place.CASE, reference)
        offered = {key for key in BUTTONS if visit.offers(key)}
        assert offered == {key for key, act in BUTTONS.items() if role in WHO_MAY[act]}, role


def test_the_list_of_cases_has_for_each_role_those_that_exist_for_it(
    desk: Desk, people: dict[Role, Acting], visits: Visits
) -> None:
    references = {}
    for number, (sentence, relation) in enumerate(RELATIONS.items()):
        parties = {
            "perpetrator": a_person("Otto", f"Vane{number}"),
            "victim": a_person("Ida", f"Holm{number}"),
        }
        (reference,) = desk.refer(a_referral(str(number), **parties)).referrals  # type: ignore[arg-type]
        references[sentence] = reference
        if relation.is_screened:
            here: dict[str, Any] = {"context": desk.context(desk.coordinator), "reference": reference}
            screen(**{**here, "context": here["context"].with_agencies(())}, screening=a_screening())
        with in_one_entry(desk.runtime) as work:
            for acting in people.values():
                stand(work, acting.user, reference, relation, at=desk.clock.now())
        if relation.is_restricted:
            restrict(desk.context(desk.chair).with_agencies(()), reference=reference, why="So.")
    for role, acting in people.items():
        words = visits(acting, Place.CASES).words
        there = {sentence for sentence, reference in references.items() if reference in words}
        by_name = {sentence: is_open(acting, relation) for sentence, relation in RELATIONS.items()}
        if role is WORKER:
            by_name["emergency access, not named"] = False  # an urgent look opens no list
        assert there == {sentence for sentence, exists in by_name.items() if exists}, role
    worker = people[WORKER]
    for sentence, relation in RELATIONS.items():
        words = visits(worker, Place.CASE, references[sentence]).words
        is_there = "Repeated unwanted contact" in words or "Reason for opening it" in words
        assert is_there is is_open(worker, relation), sentence
