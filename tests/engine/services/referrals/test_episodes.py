"""Which episode an involvement belongs to is a person's word, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.cases.views import CaseView
from engine.domain.errors import InvalidInputError
from engine.domain.people.persons import ClaimedRole, ClaimStatus
from engine.services.cases import views as case_views
from engine.services.referrals import episodes, screening
from tests.builders import Desk, a_person, a_referral, a_screening

HIM, HER = a_person(pnc="2001/0000123Y"), a_person("Amira", "Kent", pnc="2003/0000456Q")


def seen(desk: Desk, reference: str) -> CaseView:
    return case_views.view_case(desk.context(desk.coordinator).with_agencies(()), reference=reference)


def screen(desk: Desk, reference: str, **changes: Any) -> None:
    screening.screen(
        desk.context(desk.coordinator).with_agencies(()),
        reference=reference,
        screening=a_screening(**changes),
    )


def test_a_second_referral_of_the_same_two_is_proposed_joined_and_taken_back(desk: Desk) -> None:
    first, second = desk.refer(a_referral("1"), a_referral("2")).referrals
    offer = seen(desk, second).offers[0]
    assert offer.episode == seen(desk, first).episode
    assert offer.involvements == (first,)
    assert "an exact identifier" in offer.says
    assert "a person must decide" in offer.says
    before = seen(desk, second)
    screen(desk, second, same_episode_as=offer.episode)
    joined = seen(desk, second)
    assert joined.episode == seen(desk, first).episode
    assert joined.offers == ()
    assert len(joined.incidents) == len(seen(desk, first).incidents) == 4
    episodes.take_back_joining(desk.context(desk.coordinator), reference=second, why="Another Daniel.")
    after = seen(desk, second)
    assert (after.episode, after.incidents, after.offers) == (before.episode, before.incidents, before.offers)


def test_without_identifiers_name_and_whole_birthday_are_proposed_and_a_name_alone_is_not(desk: Desk) -> None:
    him, her = a_person(), a_person("Amira", "Kent")
    _, second = desk.refer(
        a_referral("1", perpetrator=him, victim=her), a_referral("2", perpetrator=him, victim=her)
    ).referrals
    assert "name and date of birth" in seen(desk, second).offers[0].says
    unborn = him.model_copy(update={"date_of_birth": None})
    third = desk.refer(a_referral("3", perpetrator=unborn, victim=her)).referrals[0]
    assert seen(desk, third).offers == ()


def test_another_victim_of_the_same_person_is_another_episode(desk: Desk) -> None:
    desk.refer(a_referral("1"))
    second = desk.refer(a_referral("2", victim=a_person("Nadia", "Lowe", pnc="2004/0000789Z"))).referrals[0]
    view = seen(desk, second)
    assert view.offers == ()
    assert [(o.role_here, o.role_there) for o in view.other_involvements] == [
        (ClaimedRole.PERPETRATOR, ClaimedRole.PERPETRATOR)
    ]


def test_a_counter_allegation_is_never_the_same_episode_and_makes_nobody_anything(desk: Desk) -> None:
    first = desk.refer(a_referral("1", perpetrator=HIM, victim=HER)).referrals[0]
    counter = desk.refer(a_referral("2", perpetrator=HER, victim=HIM)).referrals[0]
    view = seen(desk, counter)
    assert view.offers == ()
    assert view.episode != seen(desk, first).episode
    assert {view.perpetrator.status, view.victim.status} == {ClaimStatus.ALLEGED}
    other = view.other_involvements[0]
    assert other.role_here is not other.role_there
    assert "alleged, by borough-desk" in other.says


def test_only_a_proposed_episode_can_be_joined(desk: Desk) -> None:
    desk.refer(a_referral("1"))
    other = desk.refer(
        a_referral("2", perpetrator=a_person("Otto", "Pym"), victim=a_person("Vera", "Vane"))
    ).referrals[0]
    stranger = seen(desk, desk.refer(a_referral("1")).referrals[0]).episode
    with pytest.raises(InvalidInputError, match="this episode is not proposed"):
        screen(desk, other, same_episode_as=stranger)
    assert seen(desk, other).state.value == "not screened"


def test_there_is_nothing_to_take_back_in_its_own_episode(desk: Desk) -> None:
    reference = desk.refer(a_referral("1")).referrals[0]
    with pytest.raises(InvalidInputError, match="there is nothing to undo"):
        episodes.take_back_joining(desk.context(desk.coordinator), reference=reference, why="A slip.")


def test_one_number_written_in_two_ways_finds_the_earlier_episode(desk: Desk) -> None:
    desk.refer(a_referral("1", perpetrator=a_person(pnc="01/123y")))
    names = (("2", "2001/0000123Y"), ("3", "20010000123Y"), ("4", "1901/0000123Y"))
    others = [a_referral(n, perpetrator=a_person("D.", f"R. {n}", pnc=pnc)) for n, pnc in names]
    offered = [len(seen(desk, reference).offers) for reference in desk.refer(*others).referrals]
    # The fourth may be the first, whose year has two digits; 2001 is another number than 1901.
    assert offered == [2, 2, 1]


def test_a_number_that_fails_its_check_is_proposed_as_such(desk: Desk) -> None:
    desk.refer(a_referral("1", perpetrator=a_person(pnc="2001/0000123X")))
    second = desk.refer(
        a_referral("2", perpetrator=a_person("Dan", "R.", pnc="01/123X"), victim=a_person("Nadia", "Lowe"))
    ).referrals[0]
    third = desk.refer(a_referral("3", perpetrator=a_person(pnc="2001/0000123X"))).referrals[0]
    (other,) = (o for o in seen(desk, second).other_involvements if o.reference != third)
    assert other.says.endswith("found by an identifier that fails its check.")
    assert "found by an identifier that fails its check and name and date of birth" in (
        seen(desk, third).offers[0].says
    )
