"""Who may do what to which case: every cell of the table, and a case that does not exist."""

from __future__ import annotations

import itertools

import pytest

from engine.access.policy import WHO_MAY, May, Relation, is_open, require, sees_levels
from engine.domain.acting import Acting, Role
from engine.domain.errors import NotFoundError, NotPermittedError
from engine.domain.ids import new_reference
from engine.services import cases, conferences, referrals, screening
from tests.builders import Desk, a_decision, a_referral, a_screening, with_toys


@pytest.mark.parametrize(("act", "role"), list(itertools.product(May, Role)))
def test_every_cell_of_the_table_is_kept(act: May, role: Role) -> None:
    acting = Acting(user="someone", role=role)
    if role in WHO_MAY[act]:
        require(act, acting)
        return
    with pytest.raises(NotPermittedError) as refused:
        require(act, acting)
    assert act.value in str(refused.value)
    assert all(who.value in str(refused.value) for who in WHO_MAY[act])


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("named", [True, False])
def test_a_restricted_case_exists_for_named_people_alone(role: Role, named: bool) -> None:
    acting = Acting(user="someone", role=role)
    expected = named or role is Role.SYSTEM
    assert is_open(acting, Relation(is_named=named, is_restricted=True)) is expected


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.ANALYST])
def test_being_named_opens_a_case_only_once_it_is_screened(role: Role) -> None:
    acting = Acting(user="someone", role=role)
    assert is_open(acting, Relation(is_named=True))
    assert not is_open(acting, Relation(is_named=True, is_screened=False))
    assert not is_open(acting, Relation(is_named=False))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_no_case_is_open_to_those_who_need_none(role: Role) -> None:
    assert not is_open(Acting(user="someone", role=role), Relation(is_named=True))


def test_an_agency_sees_its_own_levels_and_others_wait() -> None:
    mine = Acting(user="w", role=Role.PRACTITIONER, agency="harbour")
    assert sees_levels(mine, "harbour", conference_is_open=False)
    assert not sees_levels(mine, "lantern", conference_is_open=False)
    assert sees_levels(mine, "lantern", conference_is_open=True)


def test_a_case_that_is_not_open_reads_like_one_that_does_not_exist(desk: Desk) -> None:
    stranger = desk.add("stranger", Role.PRACTITIONER, "harbour")
    there = desk.refer(a_referral()).referrals[0]
    told = []
    for reference in (there, new_reference("involvement")):
        with pytest.raises(NotFoundError) as refused:
            cases.view_case(**desk.common, acting=stranger, agencies=(), reference=reference)
        told.append(str(refused.value).replace(reference, "R"))
    assert told[0] == told[1]
    assert cases.list_cases(**desk.common, acting=stranger, agencies=()) == ()


def test_the_people_of_asked_agencies_are_named_by_screening_and_nobody_else_is(desk: Desk) -> None:
    workers = with_toys(desk)
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        **desk.common,
        acting=desk.coordinator,
        agencies=desk.runtime.agencies_known,
        reference=reference,
        screening=a_screening(),
    )
    for worker in workers.values():
        assert len(cases.list_cases(**desk.common, acting=worker, agencies=())) == 1
    assert cases.list_cases(**desk.common, acting=outsider, agencies=()) == ()


def test_naming_one_person_of_an_agency_leaves_its_others_out(desk: Desk) -> None:
    with_toys(desk)
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        **desk.common,
        acting=desk.coordinator,
        agencies=desk.runtime.agencies_known,
        reference=reference,
        screening=a_screening(people=("harbour-worker",)),
    )
    assert cases.list_cases(**desk.common, acting=second, agencies=()) == ()


def test_only_the_chair_opens_and_decides(desk: Desk) -> None:
    with_toys(desk)
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        **desk.common, acting=desk.coordinator, agencies=(), reference=reference, screening=a_screening()
    )
    with pytest.raises(NotPermittedError, match="open a conference; chair may"):
        conferences.open_conference(**desk.common, acting=desk.coordinator, reference=reference)
    conferences.open_conference(**desk.common, acting=desk.chair, reference=reference)
    with pytest.raises(NotPermittedError, match="record a decision; chair may"):
        conferences.decide(**desk.common, acting=desk.coordinator, reference=reference, decision=a_decision())


def test_rejected_rows_are_the_coordinators_alone(desk: Desk) -> None:
    with pytest.raises(NotPermittedError, match="co-ordinator may"):
        referrals.rejected_rows(**desk.common, acting=desk.chair)
