"""Complaints about the victim: acts of the case, alleged, and vexatious only by a court or the panel."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.cases.complaints import ComplaintFindingGiven
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.plain_facts import FactKind
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.services.cases.complaints import record_complaint_finding, withdraw_complaint_finding
from engine.services.cases.views import view_case
from engine.services.conference import decisions
from engine.services.referrals import screening
from tests.builders import Desk, a_referral, a_screening, an_incident, with_toys
from tests.engine.services.access.test_hidden_makes_no_difference import everything_listed

COMPLAINT = IncidentKind.VEXATIOUS
FOUND = {
    "found": "vexatious",
    "found_by": "a court",
    "found_on": "2026-02-27",
    "source": "County court order 12.",
}


@pytest.fixture
def case(desk: Desk) -> str:
    """A screened case with a contact and a complaint about the victim."""
    incidents = (
        an_incident("2026-02-10", kind=COMPLAINT),
        an_incident("2026-02-12", kind=IncidentKind.CONTACTING),
    )
    (reference,) = desk.refer(a_referral(incidents=incidents)).referrals
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    return reference


def complaint(desk: Desk, case: str) -> str:
    incidents = view_case(desk.context(desk.chair), reference=case).incidents
    return next(each.reference for each in incidents if COMPLAINT in each.kinds)


def sentences(desk: Desk, case: str, kind: FactKind = FactKind.COMPLAINTS) -> list[str]:
    view = view_case(desk.context(desk.chair), reference=case)
    return [fact.says for fact in view.facts if fact.kind is kind]


def found(desk: Desk, case: str, **other: str) -> None:
    given = ComplaintFindingGiven.model_validate({**FOUND, **other})
    context = desk.context(desk.chair)
    record_complaint_finding(context, reference=case, incident=complaint(desk, case), given=given)


def test_a_complaint_is_a_reported_act_and_alleged(desk: Desk, case: str) -> None:
    assert sentences(desk, case) == ["Complaints about the victim, alleged: 1 reported (10 February 2026)."]
    (counts,) = sentences(desk, case, FactKind.COUNTS)
    assert counts.startswith("Reported acts: 2 in the last 28 days, none in the 28 before; ")
    assert view_case(desk.context(desk.chair), reference=case).person.acts == 2


def test_no_case_without_a_complaint_speaks_of_one(desk: Desk) -> None:
    (reference,) = desk.refer(a_referral(incidents=(an_incident("2026-02-10"),))).referrals
    assert sentences(desk, reference) == []


def test_nothing_calls_it_vexatious_before_a_finding(desk: Desk, case: str) -> None:
    """Whatever lists, counts, draws or exports: the stored value of the kind is a code of --json."""
    with_toys(desk)
    for acting in (desk.chair, desk.coordinator):
        for name, text in everything_listed(desk, acting, case).items():
            read = re.sub(r'"(kind|also)": "vexatious complaint"', "", text)
            assert "vexatious" not in read, name


def test_a_court_finds_it_vexatious_and_the_source_is_said(desk: Desk, case: str) -> None:
    found(desk, case)
    (sentence,) = sentences(desk, case)
    end = "was found vexatious by a court on 27 February 2026 (source: County court order 12)."
    assert sentence.endswith(f"{complaint(desk, case)} {end}")


def test_a_finding_that_is_withdrawn_leaves_the_complaint_alleged(desk: Desk, case: str) -> None:
    before = sentences(desk, case)
    found(desk, case)
    here = {"reference": case, "incident": complaint(desk, case)}
    withdraw_complaint_finding(desk.context(desk.chair), **here, why="Set aside on appeal.")
    assert sentences(desk, case) == before
    with pytest.raises(InvalidInputError, match="nothing to undo"):
        withdraw_complaint_finding(desk.context(desk.chair), **here, why="Again.")


def test_the_panel_finds_it_once_it_has_met_and_the_chair_records_it(desk: Desk, case: str) -> None:
    given = ComplaintFindingGiven.model_validate({**FOUND, "found_by": "the panel"})
    named: dict[str, Any] = {"reference": case, "incident": complaint(desk, case), "given": given}
    with pytest.raises(InvalidInputError, match="the panel has not met"):
        record_complaint_finding(desk.context(desk.chair), **named)
    with pytest.raises(NotPermittedError):
        record_complaint_finding(desk.context(desk.coordinator), **named)
    decisions.open_conference(desk.context(desk.chair), reference=case)
    record_complaint_finding(desk.context(desk.chair), **named)
    assert "was found vexatious by the panel on 27 February 2026" in sentences(desk, case)[0]


def test_a_practitioner_records_no_finding_and_no_other_act_has_one(desk: Desk, case: str) -> None:
    worker = desk.add("worker", Role.PRACTITIONER, "harbour")
    screening.name_people(desk.context(desk.coordinator), reference=case, people=["worker"])
    given = ComplaintFindingGiven.model_validate(FOUND)
    with pytest.raises(NotPermittedError):
        record_complaint_finding(
            desk.context(worker), reference=case, incident=complaint(desk, case), given=given
        )
    contact = next(
        each.reference
        for each in view_case(desk.context(desk.chair), reference=case).incidents
        if each.kinds == (IncidentKind.CONTACTING,)
    )
    with pytest.raises(InvalidInputError, match="is not a complaint"):
        record_complaint_finding(desk.context(desk.chair), reference=case, incident=contact, given=given)
    later = given.model_copy(update={"found_on": date(2027, 1, 1)})
    with pytest.raises(InvalidInputError, match="future"):
        record_complaint_finding(
            desk.context(desk.chair), reference=case, incident=complaint(desk, case), given=later
        )


def test_the_referral_of_the_respondent_as_a_victim_changes_no_fact(desk: Desk, case: str) -> None:
    """A counter-allegation is a case of its own: no complaint of this one and no act of the person."""
    before = view_case(desk.context(desk.chair), reference=case)
    turned = a_referral(
        "2",
        perpetrator=before.victim.described,
        victim=before.perpetrator.described,
        incidents=(an_incident("2026-02-20"),),
    )
    (other,) = desk.refer(turned).referrals
    after = view_case(desk.context(desk.chair), reference=case)
    assert other in {each.reference for each in after.other_involvements}
    assert (after.facts, after.person) == (before.facts, before.person)
    assert view_case(desk.context(desk.chair), reference=other).person.acts == 1
