"""Sealed areas: who learns of an incident near one, and that the person who records it learns nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import INVESTIGATION
from engine.domain.errors import NotFoundError, NotPermittedError
from engine.domain.orders.breaches import BreachResult, BreachStatus, DetailsGiven
from engine.domain.orders.orders import OrderGiven, StepGiven
from engine.services.cases.worklists import worklist
from engine.services.orders.areas import areas_on_case, confirm_area_breach, record_area_check
from engine.services.orders.breaches import breaches_on_case
from engine.services.orders.recording import create_order, record_step
from engine.services.plans.protected_places import name_lead
from engine.services.referrals.incidents import record_details, record_incident
from engine.services.referrals.screening import screen
from engine.services.vault.access_requests import name_safe_contact
from tests.builders import Desk, a_referral, a_screening, an_incident, with_toys
from tests.differential import statements_of

ZONE = {
    "description": "Marlow Crescent, ZZ99 4AB",
    "latitude": 51.5,
    "longitude": -0.1,
    "radius_metres": 300,
    "tolerance_metres": 50,
}
INSIDE = {"latitude": 51.501, "longitude": -0.1, "metres_off": 20}
OUTSIDE = {"latitude": 51.6, "longitude": -0.1, "metres_off": 20}
SERVED = StepGiven.model_validate(
    {"act": "served", "on": "2026-02-02", "how": "in person", "at_time": "09:00"}
)
SECRETS = ("Marlow", "ZZ99", "51.5", "300")


@pytest.fixture
def case(desk: Desk) -> str:
    (reference,) = desk.refer(a_referral(incidents=())).referrals
    return reference


@pytest.fixture
def workers(desk: Desk, case: str) -> dict[str, Acting]:
    """Practitioners on a case with a sealed area: harbour's is the lead, lantern's the officer."""
    workers = with_toys(desk)
    people = tuple(worker.user for worker in workers.values())
    screen(desk.context(desk.coordinator), reference=case, screening=a_screening(people=people))
    chair = desk.context(desk.chair)
    known = [
        agency.model_copy(update={"seat": INVESTIGATION}) if agency.code == "harbour" else agency
        for agency in desk.runtime.agencies_known
    ]
    name_lead(chair.with_agencies(known), reference=case, user=workers["harbour"].user)
    name_safe_contact(chair, reference=case, user=workers["lantern"].user)
    facts = {"type": "spo", "made": "2026-02-02", "years": 2}
    terms = {**facts, "conditions": [{"code": "stay-out", "zone": ZONE}]}
    order = create_order(chair, reference=case, given=OrderGiven.model_validate(terms)).reference
    record_step(chair, order=order, step=SERVED)
    return workers


def report(desk: Desk, case: str, place: Mapping[str, object] | None, what: str = "Waited.") -> str:
    context = desk.context(desk.coordinator)
    incident = record_incident(context, reference=case, incident=an_incident("2026-02-20", what=what))
    if place is not None:
        given = DetailsGiven.model_validate({"place": place})
        record_details(context, reference=case, incident=incident, given=given)
    return incident


def lines(desk: Desk, acting: Acting, kind: str = "near a sealed area") -> list[str]:
    return [item.what for item in worklist(desk.context(acting)).items if item.kind == kind]


def test_the_officer_and_the_lead_learn_of_it_and_no_one_else(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    incident = report(desk, case, INSIDE)
    for name in ("harbour", "lantern"):
        (line,) = lines(desk, workers[name])
        assert line.startswith(f"Check incident {incident}: near a sealed area, condition 1 of PO-")
        seen = areas_on_case(desk.context(workers[name]), reference=case)
        (near,) = seen.near
        assert near.comparison.result is BreachResult.LIKELY
        assert not any(secret in seen.model_dump_json() for secret in SECRETS)
    for acting in (desk.chair, desk.coordinator, workers["voice"]):
        assert lines(desk, acting) == []
        assert breaches_on_case(desk.context(acting), reference=case).breaches == ()
        with pytest.raises(NotPermittedError):
            areas_on_case(desk.context(acting), reference=case)


def test_outside_and_without_a_place_there_is_no_line(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    report(desk, case, OUTSIDE)
    report(desk, case, None)
    assert lines(desk, workers["lantern"]) == []


def test_a_text_that_names_the_area_cannot_be_said(desk: Desk, case: str, workers: dict[str, Acting]) -> None:
    report(desk, case, None, what="Stood on Marlow Crescent.")
    (near,) = areas_on_case(desk.context(workers["lantern"]), reference=case).near
    assert near.comparison.result is BreachResult.UNCLEAR


def test_who_records_an_incident_gets_the_same_near_and_far(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    assert workers
    report(desk, case, {**OUTSIDE, "latitude": 51.7})  # what only the first incident of a case writes
    found = []
    for place in (OUTSIDE, INSIDE):
        with statements_of(desk) as sent:
            report(desk, case, place)
        found.append(list(sent))
    assert found[0] == found[1]
    assert breaches_on_case(desk.context(desk.coordinator), reference=case).breaches == ()


def test_a_check_is_asked_for_near_or_not_and_its_lines_go(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    report(desk, case, OUTSIDE)
    officer = desk.context(workers["lantern"])
    assert len(lines(desk, workers["lantern"], "check sealed areas")) == 1
    record_area_check(officer, reference=case)
    assert lines(desk, workers["lantern"], "check sealed areas") == []
    assert len(lines(desk, workers["harbour"], "check sealed areas")) == 1, "each checks alone"
    with pytest.raises(NotPermittedError):
        record_area_check(desk.context(desk.chair), reference=case)


def test_a_confirmed_one_is_on_the_case_without_its_place(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    incident = report(desk, case, INSIDE)
    officer = desk.context(workers["lantern"])
    (near,) = areas_on_case(officer, reference=case).near
    of = {"reference": case, "order": near.comparison.order}
    wanted: dict[str, Any] = {**of, "condition": 1, "why": "Police saw it."}
    with pytest.raises(NotPermittedError):
        confirm_area_breach(desk.context(desk.chair), incident=incident, **wanted)
    with pytest.raises(NotFoundError):
        confirm_area_breach(officer, incident="I-7K3M9QV", **wanted)
    confirm_area_breach(officer, incident=incident, **wanted)
    (view,) = breaches_on_case(desk.context(desk.chair), reference=case).breaches
    assert view.status is BreachStatus.CONFIRMED
    assert not any(secret in view.model_dump_json() for secret in SECRETS)
    report(desk, case, None)
    (again,) = breaches_on_case(desk.context(desk.chair), reference=case).breaches
    assert again.status is BreachStatus.CONFIRMED


def test_several_places_by_one_writer_alert_chair_and_advocate(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    assert workers
    for street in ("Alder Road", "Birch Lane", "Cedar Avenue"):
        assert lines(desk, desk.chair, "places named in incidents") == []
        report(desk, case, None, what=f"Stood on {street}.")
    assert lines(desk, desk.chair, "places named in incidents") == [
        "Ask why several places were named in incidents"
    ]
    assert lines(desk, desk.coordinator, "places named in incidents") == []
