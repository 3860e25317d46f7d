"""Officer in the case, case holder and lead agency: who records them, for whom, and what they give."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.responsible import Officer, Responsible, ResponsibleChange, ResponsiblePart
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from engine.services.access.restrictions import restrict
from engine.services.cases.responsible import change_responsible, view_responsible
from engine.services.cases.views import view_case
from engine.services.referrals.screening import screen
from tests.builders import SAFE_PHONE, Desk, a_referral, a_screening, with_toys

OSEI = Officer(name="K. Osei", rank="DC", force="Harbour Police", contact="020 7946 0011")
WHY = "Another officer took over."


@pytest.fixture
def case(desk: Desk) -> str:
    """A referral that no person has screened."""
    return desk.refer(a_referral()).referrals[0]


def change(desk: Desk, case: str, acting: Acting | None = None, **given: Any) -> Responsible:
    context = desk.context(acting or desk.coordinator)
    return change_responsible(context, reference=case, change=ResponsibleChange.model_validate(given))


def recorded(desk: Desk, case: str, acting: Acting | None = None) -> Responsible:
    return view_case(desk.context(acting or desk.coordinator), reference=case).responsible


def screened(desk: Desk, case: str, acting: Acting | None = None, **changes: object) -> str:
    screen(
        desk.context(acting or desk.coordinator),
        reference=case,
        screening=a_screening(TriageOutcome.ADVICE, **changes),
    )
    return case


def test_the_first_naming_needs_no_reason_and_a_change_does(desk: Desk, case: str) -> None:
    first = change(desk, case, officer=OSEI)
    assert (first.version, first.reason, first.by) == (1, None, desk.coordinator.user)
    with pytest.raises(InvalidInputError, match="the officer in the case is recorded already"):
        change(desk, case, officer=OSEI.model_copy(update={"rank": "DS"}))
    second = change(desk, case, officer={"name": "J. Ahmed"}, reason=WHY)
    assert second.version == 2
    assert second.officer == Officer(name="J. Ahmed")
    versions = view_responsible(desk.context(desk.chair), reference=case)
    assert [each.officer for each in versions] == [OSEI, Officer(name="J. Ahmed")]
    assert [each.reason for each in versions] == [None, WHY]


def test_what_is_recorded_already_is_not_recorded_again(desk: Desk, case: str) -> None:
    change(desk, case, officer=OSEI)
    assert change(desk, case, officer=OSEI, base_version=0).version == 1
    assert len(view_responsible(desk.context(desk.coordinator), reference=case)) == 1


def test_of_two_changes_on_one_version_the_second_names_the_first(desk: Desk, case: str) -> None:
    change(desk, case, officer=OSEI, base_version=0)
    with pytest.raises(ConflictError, match=f"{desk.coordinator.user} recorded version 1"):
        change(desk, case, desk.chair, officer={"name": "J. Ahmed"}, base_version=0, reason=WHY)
    with pytest.raises(InvalidInputError, match="version 7 does not exist"):
        change(desk, case, desk.chair, officer={"name": "J. Ahmed"}, base_version=7, reason=WHY)
    assert recorded(desk, case).officer == OSEI
    assert change(desk, case, desk.chair, holder=desk.chair.user, base_version=1).version == 2


def test_an_empty_change_and_an_agency_that_is_not_installed_are_refused(desk: Desk, case: str) -> None:
    with pytest.raises(InvalidInputError, match="give the officer in the case, the case holder"):
        change(desk, case, reason="Nothing is named.")
    with pytest.raises(InvalidInputError, match="it is not installed; choose one of"):
        change(desk, case, lead_agency="unheard-of")
    assert recorded(desk, case).missing == tuple(ResponsiblePart)


def test_the_lead_agency_is_installed(desk: Desk, case: str) -> None:
    with_toys(desk)
    code = desk.context(desk.coordinator).agencies_known[0].code
    assert change(desk, case, lead_agency=code).lead_agency == code


def test_a_holder_is_an_active_coordinator_or_chair(desk: Desk, case: str) -> None:
    desk.add("ana", Role.ANALYST)
    with pytest.raises(InvalidInputError, match="a coordinator or chair holds a case"):
        change(desk, case, holder="ana")
    with pytest.raises(NotFoundError, match="user"):
        change(desk, case, holder="no-one")
    assert change(desk, case, holder=desk.chair.user).holder == desk.chair.user


def test_on_a_restricted_case_only_a_person_who_is_named_holds_it(desk: Desk, case: str) -> None:
    other = desk.add("dora", Role.COORDINATOR)
    screened(desk, case)
    restrict(desk.context(desk.chair), reference=case, why="A colleague is a party.")
    with pytest.raises(InvalidInputError, match="the case is not open to this user"):
        change(desk, case, desk.chair, holder=other.user, reason=WHY)
    assert recorded(desk, case, desk.chair).holder == desk.coordinator.user
    assert change(desk, case, desk.chair, holder=desk.chair.user, reason=WHY).holder == desk.chair.user


def test_who_screens_holds_the_case_unless_a_holder_is_recorded(desk: Desk, case: str) -> None:
    assert recorded(desk, screened(desk, case)).holder == desk.coordinator.user
    other = desk.refer(a_referral("another")).referrals[0]
    change(desk, other, holder=desk.chair.user)
    assert recorded(desk, screened(desk, other)).holder == desk.chair.user


def test_being_named_gives_no_access_and_makes_no_member(desk: Desk, case: str) -> None:
    workers = with_toys(desk)
    name, worker = next(iter(workers.items()))
    screened(desk, case)
    on_case = view_case(desk.context(desk.coordinator), reference=case).people_on_case
    change(desk, case, officer={"name": worker.user}, lead_agency=worker.agency)
    assert view_case(desk.context(desk.coordinator), reference=case).people_on_case == on_case
    with pytest.raises(NotFoundError):
        view_case(desk.context(worker), reference=case)
    with pytest.raises(NotFoundError):
        view_responsible(desk.context(worker), reference=case)
    assert name


def test_a_practitioner_of_the_case_reads_and_does_not_change(desk: Desk, case: str) -> None:
    worker = next(iter(with_toys(desk).values()))
    screened(desk, case, people=(worker.user,))
    change(desk, case, officer=OSEI)
    assert recorded(desk, case, worker).officer == OSEI
    with pytest.raises(NotPermittedError, match="record the officer in the case"):
        change(desk, case, worker, officer={"name": "J. Ahmed"}, reason=WHY)


def test_texts_ask_whose_a_place_is_and_a_work_contact_does_not(desk: Desk, case: str) -> None:
    with pytest.raises(InvalidInputError, match="it may say where a person is"):
        change(desk, case, officer={"name": "K. Osei", "unit": "12 Harbour Road"})
    assert recorded(desk, case).version == 0
    assert change(desk, case, officer=OSEI).version == 1


def test_a_later_version_by_another_does_not_unmask_the_officer(desk: Desk, case: str) -> None:
    """The chair changes the holder only: the officer's text was the coordinator's, and stays masked."""
    change(desk, case, officer={"name": "K. Osei", "contact": SAFE_PHONE})
    change(desk, case, desk.chair, holder=desk.chair.user)
    for reader, shown in ((desk.chair, False), (desk.coordinator, True)):
        officer = recorded(desk, case, reader).officer
        assert officer is not None
        assert (officer.contact == SAFE_PHONE) is shown
