"""Who may do what to which case: every cell of the table, and a case that does not exist."""

from __future__ import annotations

from typing import Any

import pytest

from engine.access.policy import WHO_MAY, May, Relation, is_open, require, sees_levels
from engine.access.policy_table import RELATIONS
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import (
    NotFoundError,
    NotPermittedError,
)
from engine.domain.ids import new_reference
from engine.services.access import restrictions
from engine.services.cases import lists as case_lists
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.referrals import imports as referral_imports
from engine.services.referrals import screening
from tests.builders import (
    Desk,
    a_decision,
    a_person,
    a_referral,
    a_screening,
    in_one_entry,
    with_toys,
)
from tests.standing import stand


def test_a_refusal_says_who_may() -> None:
    for act in May:
        for role in set(Role) - WHO_MAY[act]:
            with pytest.raises(NotPermittedError) as refused:
                require(act, Acting(user="someone", role=role))
            assert act.value in str(refused.value)
            assert all(who.label in str(refused.value) for who in WHO_MAY[act])


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("named", [True, False])
def test_a_restricted_case_exists_for_named_people_and_the_chair_alone(role: Role, named: bool) -> None:
    acting = Acting(user="someone", role=role)
    may_be_named = role in {Role.COORDINATOR, Role.PRACTITIONER, Role.ANALYST}
    expected = (named and may_be_named) or role in {Role.CHAIR, Role.SYSTEM}
    assert is_open(acting, Relation(is_named=named, is_restricted=True)) is expected


@pytest.mark.parametrize("role", list(Role))
def test_nobody_who_is_connected_to_a_party_gets_in_even_when_named(role: Role) -> None:
    acting = Acting(user="someone", role=role)
    everything = Relation(is_named=True, is_connected=True, looks_urgently=True)
    assert is_open(acting, everything) is (role is Role.SYSTEM)


def test_an_urgent_look_stands_for_being_named_and_opens_nothing_restricted_or_unscreened() -> None:
    acting = Acting(user="someone", role=Role.PRACTITIONER, agency="harbour")
    assert is_open(acting, Relation(is_named=False, looks_urgently=True))
    assert not is_open(acting, Relation(is_named=False, looks_urgently=True, is_restricted=True))
    assert not is_open(acting, Relation(is_named=False, looks_urgently=True, is_screened=False))


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
    answer = []
    for reference in (there, new_reference("involvement")):
        with pytest.raises(NotFoundError) as refused:
            case_views.view_case(desk.context(stranger).with_agencies(()), reference=reference)
        answer.append(str(refused.value).replace(reference, "R"))
    assert answer[0] == answer[1]
    assert case_lists.list_page(desk.context(stranger).with_agencies(()), count=None).rows == ()


def test_the_people_of_asked_agencies_are_named_by_screening_and_nobody_else_is(desk: Desk) -> None:
    workers = with_toys(desk)
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    for worker in workers.values():
        assert len(case_lists.list_page(desk.context(worker).with_agencies(()), count=None).rows) == 1
    assert case_lists.list_page(desk.context(outsider).with_agencies(()), count=None).rows == ()


def test_naming_one_person_of_an_agency_leaves_its_others_out(desk: Desk) -> None:
    with_toys(desk)
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        desk.context(desk.coordinator), reference=reference, screening=a_screening(people=("harbour-worker",))
    )
    assert case_lists.list_page(desk.context(second).with_agencies(()), count=None).rows == ()


def test_only_the_chair_opens_and_decides(desk: Desk) -> None:
    with_toys(desk)
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        desk.context(desk.coordinator).with_agencies(()), reference=reference, screening=a_screening()
    )
    with pytest.raises(NotPermittedError, match="open a conference; chair may"):
        decisions.open_conference(desk.context(desk.coordinator), reference=reference)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    with pytest.raises(NotPermittedError, match="record a decision; chair may"):
        decisions.decide(desk.context(desk.coordinator), reference=reference, decision=a_decision())


def test_rejected_rows_are_the_coordinators_alone(desk: Desk) -> None:
    with pytest.raises(NotPermittedError, match="coordinator may"):
        referral_imports.rejected_rows(desk.context(desk.chair))


def test_every_cell_of_for_whom_a_case_exists_is_kept_by_the_services(desk: Desk) -> None:
    people = {role: desk.add(f"one-{role.name.lower().replace('_', '-')}", role) for role in sorted(_PLAIN)}
    people[Role.PRACTITIONER] = desk.add("one-practitioner", Role.PRACTITIONER, "harbour")
    there = {sentence: _standing(desk, people, number, sentence) for number, sentence in enumerate(RELATIONS)}
    for role, acting in people.items():
        exists = {sentence for sentence, relation in RELATIONS.items() if is_open(acting, relation)}
        assert {
            sentence for sentence, reference in there.items() if _opens(desk, acting, reference)
        } == exists, role
        if role is Role.PRACTITIONER:
            exists.remove("emergency access, not named")  # an urgent look opens no list
        assert _listed(desk, acting) == {there[sentence] for sentence in exists}, role


def _standing(desk: Desk, people: dict[Role, Acting], number: int, sentence: str) -> str:
    """A case of two people of its own, to which each of these stands so."""
    relation = RELATIONS[sentence]
    him, her = a_person("Otto", f"Vane{number}"), a_person("Ida", f"Holm{number}")
    (reference,) = desk.refer(a_referral(str(number), perpetrator=him, victim=her)).referrals
    here: dict[str, Any] = {"reference": reference}
    if relation.is_screened:
        screening.screen(desk.context(desk.coordinator).with_agencies(()), **here, screening=a_screening())
    with in_one_entry(desk.runtime) as work:
        for acting in people.values():
            stand(work, acting.user, reference, relation, at=desk.clock.now())
    if relation.is_restricted:
        restrictions.restrict(desk.context(desk.chair), **here, why="So.")
    return reference


_PLAIN = frozenset(Role) - {Role.PRACTITIONER, Role.SYSTEM}


def _opens(desk: Desk, acting: Acting, reference: str) -> bool:
    try:
        case_views.view_case(desk.context(acting).with_agencies(()), reference=reference)
    except NotFoundError:
        return False
    return True


def _listed(desk: Desk, acting: Acting) -> set[str]:
    try:
        rows = case_lists.list_page(desk.context(acting).with_agencies(()), count=None).rows
    except NotPermittedError:
        return set()
    return {row.reference for row in rows}
