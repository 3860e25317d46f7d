"""Who may know of a case at all: restricted, connected, urgent looks, and who has looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.access.need_to_know import RestrictedBecause, SaidBy
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import WorkGroup
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.ids import new_reference
from engine.domain.referrals.intake import AlarmTopic
from engine.services.access import conflicts, restrictions
from engine.services.access import emergency as emergency_access
from engine.services.access import log as access_log
from engine.services.access.checks import permitted_links
from engine.services.accounts import users
from engine.services.cases import lists as case_lists
from engine.services.cases import views as case_views
from engine.services.cases import worklists
from engine.services.referrals import screening
from tests.builders import Desk, a_person, a_referral, a_screening, with_toys

WHY = "Her brother works on the desk."


def _screened(desk: Desk, number: str = "1", **changes: Any) -> str:
    reference = desk.refer(a_referral(number, **changes)).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    return reference


def _restrict(desk: Desk, acting: Acting, reference: str) -> Any:
    return restrictions.restrict(desk.context(acting), reference=reference, why=WHY)


def _sees(desk: Desk, acting: Acting, reference: str) -> bool:
    try:
        case_views.view_case(desk.context(acting).with_agencies(()), reference=reference)
    except NotFoundError:
        return False
    return True


def _listed(desk: Desk, acting: Acting) -> set[str]:
    rows = case_lists.list_page(desk.context(acting).with_agencies(()), count=None).rows
    page = case_lists.list_page(desk.context(acting).with_agencies(()))
    assert {row.reference for row in rows} == {row.reference for row in page.rows}
    assert page.total == len(rows)
    return {row.reference for row in rows}


def _day(desk: Desk, acting: Acting) -> list[str]:
    work = worklists.worklist(desk.context(acting))
    return [f"{item.kind} {item.reference}" for item in work.items]


def test_a_referral_that_says_a_party_works_for_us_exists_for_who_took_it_in_and_the_chair(
    desk: Desk,
) -> None:
    other = desk.add("other", Role.COORDINATOR)
    restricted, open_one = desk.refer(
        a_referral(party_works_for=YesNo.YES, alarms=(AlarmTopic.WEAPON,)),
        a_referral("2", party_works_for=YesNo.NO),
    ).referrals
    assert _listed(desk, other) == {open_one}
    assert _listed(desk, desk.coordinator) == _listed(desk, desk.chair) == {restricted, open_one}
    assert f"alarm {restricted}" in _day(desk, desk.chair)
    assert f"screen {restricted}" in _day(desk, desk.chair)
    assert f"screen {restricted}" in _day(desk, desk.coordinator)
    assert not any(restricted in line for line in _day(desk, other))


def test_a_correction_restricts_and_a_later_one_lifts_nothing(desk: Desk) -> None:
    other = desk.add("other", Role.COORDINATOR)
    (reference,) = desk.refer(a_referral()).referrals
    assert _sees(desk, other, reference)
    desk.refer(a_referral(party_works_for=YesNo.YES))
    assert not _sees(desk, other, reference)
    desk.refer(a_referral(party_works_for=YesNo.NO))
    assert not _sees(desk, other, reference)


def test_nobody_is_named_by_themselves_on_a_restricted_case(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = _screened(desk, party_works_for=YesNo.YES)
    assert not any(_sees(desk, worker, reference) for worker in workers.values())
    screening.name_people(desk.context(desk.chair), reference=reference, people=["harbour-worker"])
    assert _sees(desk, workers["harbour"], reference)
    assert not _sees(desk, workers["lantern"], reference)


def test_the_chair_and_the_advocate_restrict_and_the_chair_alone_lifts(desk: Desk) -> None:
    workers = with_toys(desk)
    other = desk.add("other", Role.COORDINATOR)
    reference = _screened(desk)
    for nobody in (workers["harbour"], desk.coordinator):
        with pytest.raises(NotPermittedError):
            _restrict(desk, nobody, reference)
    term = _restrict(desk, workers["voice"], reference)
    assert term.because is RestrictedBecause.ADVOCATE
    assert not _sees(desk, other, reference)
    assert _sees(desk, workers["harbour"], reference), "named people go on seeing it"
    with pytest.raises(InvalidInputError, match="already restricted"):
        _restrict(desk, desk.chair, reference)
    with pytest.raises(NotPermittedError, match="chair may"):
        restrictions.lift(desk.context(workers["voice"]), reference=reference, why="No more.")
    restrictions.lift(desk.context(desk.chair), reference=reference, why="He has left.")
    assert _sees(desk, other, reference)
    access = restrictions.who_may_know(desk.context(desk.chair), reference=reference)
    assert [each.because for each in access.restrictions] == [
        RestrictedBecause.ADVOCATE,
        RestrictedBecause.LIFTED,
    ]


@pytest.mark.parametrize("why", ["", "   ", "x" * 601, "two\nlines"])
def test_a_restriction_needs_a_written_reason(desk: Desk, why: str) -> None:
    reference = _screened(desk)
    with pytest.raises(InvalidInputError, match="reason: write 1 to"):
        restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=reference, why=why)


def test_a_restricted_referral_that_is_joined_to_an_open_episode_stays_restricted(desk: Desk) -> None:
    other = desk.add("other", Role.COORDINATOR)
    first = _screened(desk)
    (second,) = desk.refer(a_referral("2", party_works_for=YesNo.YES)).referrals
    offer = case_views.view_case(desk.context(desk.coordinator).with_agencies(()), reference=second).offers[0]
    screening.screen(
        desk.context(desk.coordinator).with_agencies(()),
        reference=second,
        screening=a_screening(same_episode_as=offer.episode),
    )
    assert _listed(desk, other) == {first}
    seen = case_views.view_case(desk.context(other).with_agencies(()), reference=first)
    assert seen.other_involvements == ()
    assert case_views.view_case(
        desk.context(desk.coordinator).with_agencies(()), reference=first
    ).other_involvements


def test_the_episode_of_a_hidden_referral_is_not_offered_and_cannot_be_joined(desk: Desk) -> None:
    other = desk.add("other", Role.COORDINATOR)
    (hidden,) = desk.refer(a_referral(party_works_for=YesNo.YES)).referrals
    (second,) = desk.refer(a_referral("2")).referrals
    episode = case_views.view_case(desk.context(desk.chair).with_agencies(()), reference=hidden).episode
    assert case_views.view_case(desk.context(other).with_agencies(()), reference=second).offers == ()
    answer = []
    for offered in (episode, new_reference("episode")):
        with pytest.raises(InvalidInputError) as refused:
            screening.screen(
                desk.context(other).with_agencies(()),
                reference=second,
                screening=a_screening(same_episode_as=offered),
            )
        answer.append(str(refused.value).replace(offered, "E"))
    assert answer[0] == answer[1]


def test_who_comes_to_speak_for_another_agency_is_named_on_no_case_as_that(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = _screened(desk)
    assert _sees(desk, workers["harbour"], reference)
    moved: dict[str, Any] = {"context": desk.context(desk.coordinator), "name": "harbour-worker"}
    same = users.change_role(**moved, role=Role.PRACTITIONER, agency="harbour")
    assert _sees(desk, same.acting(), reference), "nothing changed"
    after = users.change_role(**moved, role=Role.PRACTITIONER, agency="lantern")
    assert not _sees(desk, after.acting(), reference)
    assert _sees(desk, workers["lantern"], reference)
    screening.name_people(desk.context(desk.chair), reference=reference, people=["harbour-worker"])
    assert _sees(desk, after.acting(), reference)

    late = desk.add("late", Role.PRACTITIONER, "harbour")
    given: dict[str, Any] = {"reference": reference}
    emergency_access.break_glass(desk.context(late), **given, why="A threat this evening.")
    assert _sees(desk, late, reference)
    late = users.change_role(**{**moved, "name": "late"}, role=Role.PRACTITIONER, agency="lantern").acting()
    assert not _sees(desk, late, reference), "nor does an urgent look go with them"


def test_somebody_who_is_connected_is_shut_out_of_the_case_whoever_they_are(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = _screened(desk)
    for person in (workers["harbour"], desk.coordinator):
        assert _sees(desk, person, reference)
        conflicts.say_own(desk.context(person), reference=reference, is_connected=True)
        assert not _sees(desk, person, reference)
        assert _listed(desk, person) == set()
        assert not any(reference in line for line in _day(desk, person))
        with pytest.raises(NotFoundError):
            conflicts.say_own(desk.context(person), reference=reference, is_connected=False)
    assert _sees(desk, workers["lantern"], reference)


def test_a_connected_chair_is_shut_out_of_a_restricted_case_too(desk: Desk) -> None:
    deputy = desk.add("deputy", Role.CHAIR)
    (reference,) = desk.refer(a_referral(party_works_for=YesNo.YES)).referrals
    conflicts.say_own(desk.context(desk.chair), reference=reference, is_connected=True)
    assert not _sees(desk, desk.chair, reference)
    assert _sees(desk, deputy, reference)


def test_a_connection_shuts_out_of_every_case_of_the_same_party_and_of_no_other(desk: Desk) -> None:
    with_toys(desk)
    first, same, another = (
        _screened(desk),
        _screened(desk, "2", victim=a_person("Bea", "Lund")),
        _screened(desk, "3", perpetrator=a_person("Otto", "Vane"), victim=a_person("Cleo", "Marsh")),
    )
    conflicts.say_own(desk.context(desk.coordinator), reference=first, is_connected=True)
    assert _listed(desk, desk.coordinator) == {another}
    assert not _sees(desk, desk.coordinator, same)


def test_a_connection_shuts_out_of_the_links_of_the_case(desk: Desk) -> None:
    reference = _screened(desk)
    conflicts.say_own(desk.context(desk.coordinator), reference=reference, is_connected=True)
    with desk.runtime.uow.unrecorded() as work:
        for acting, shut_out_of in ((desk.coordinator, {reference}), (desk.chair, set())):
            permitted = permitted_links(work, acting, on=desk.clock.today())
            assert permitted.shut_out_of == shut_out_of


def test_the_chair_and_the_advocate_for_the_victim_say_it_of_others_and_the_chair_takes_it_back(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    reference = _screened(desk)
    given: dict[str, Any] = {"reference": reference, "why": WHY}
    with pytest.raises(NotPermittedError, match="the chair or the victim's advocate"):
        conflicts.say_of(desk.context(workers["harbour"]), **given, user="lantern-worker", is_connected=True)
    declaration = conflicts.say_of(
        desk.context(workers["voice"]), **given, user="lantern-worker", is_connected=True, victim_says=True
    )
    assert declaration.said_by is SaidBy.VICTIM
    assert not _sees(desk, workers["lantern"], reference)
    with pytest.raises(InvalidInputError, match="only the chair can withdraw a conflict of interest"):
        conflicts.say_of(desk.context(workers["voice"]), **given, user="lantern-worker", is_connected=False)
    conflicts.say_of(desk.context(desk.chair), **given, user="lantern-worker", is_connected=False)
    assert _sees(desk, workers["lantern"], reference)


def test_a_named_practitioner_is_asked_once_and_nobody_else_is(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = _screened(desk)
    asking = desk.runtime.settings.model_copy(update={"ask_about_connections": True})
    given: dict[str, Any] = {"reference": reference}
    asked = conflicts.question(replace(desk.context(workers["harbour"]), settings=asking), **given)
    assert asked is not None
    assert asked.parties == ("Daniel Roe", "Amira Kent")
    assert conflicts.question(replace(desk.context(desk.chair), settings=asking), **given) is None
    conflicts.say_own(desk.context(workers["harbour"]), reference=reference, is_connected=False)
    assert conflicts.question(replace(desk.context(workers["harbour"]), settings=asking), **given) is None
    off = asking.model_copy(update={"ask_about_connections": False})
    assert (
        conflicts.question(replace(desk.context(workers["lantern"]), settings=off), reference=reference)
        is None
    )


def _break(desk: Desk, acting: Acting, reference: str) -> Any:
    return emergency_access.break_glass(
        desk.context(acting), reference=reference, why="A threat to kill this evening."
    )


def test_an_urgent_look_opens_the_case_for_its_time_and_nothing_but_the_case(desk: Desk) -> None:
    with_toys(desk)
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    reference = _screened(desk)
    assert not _sees(desk, outsider, reference)
    broken = _break(desk, outsider, reference)
    assert broken.until - broken.at == timedelta(minutes=60)
    shown = case_views.view_case(desk.context(outsider).with_agencies(()), reference=reference)
    assert shown.incidents
    assert _listed(desk, outsider) == set()
    with pytest.raises(NotFoundError):
        conflicts.say_own(desk.context(outsider), reference=reference, is_connected=False)
    desk.clock.forward(timedelta(minutes=61))
    assert not _sees(desk, outsider, reference)


def test_chair_coordinator_and_the_named_are_told_at_once_until_somebody_else_reviews_it(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    reference = _screened(desk)
    broken = _break(desk, outsider, reference)
    line = f"urgent look {reference}"
    for acting, group, what in (
        (desk.chair, WorkGroup.TASK, "Review emergency access"),
        (desk.coordinator, WorkGroup.TASK, "Review emergency access"),
        (workers["harbour"], WorkGroup.READ, "Read about emergency access"),
    ):
        assert line in _day(desk, acting)
        lines = worklists.worklist(desk.context(acting)).of(group)
        assert [item.what for item in lines if item.kind == emergency_access.URGENT_LOOK] == [
            f"{what} {broken.reference}"
        ]
    assert line not in _day(desk, outsider)
    assert emergency_access.to_review(desk.context(desk.chair)) == (broken,)
    given: dict[str, Any] = {"look": broken.reference, "was_right": True, "why": "It was."}
    for nobody in (outsider, workers["harbour"]):
        with pytest.raises(NotPermittedError):
            emergency_access.review(desk.context(nobody), **given)
    emergency_access.review(desk.context(desk.chair), **given)
    assert line not in _day(desk, desk.chair)
    assert emergency_access.to_review(desk.context(desk.chair)) == ()
    with pytest.raises(InvalidInputError, match="already been reviewed"):
        emergency_access.review(desk.context(desk.coordinator), **given)


def test_no_urgent_look_opens_what_is_restricted_unscreened_or_of_a_connected_person(desk: Desk) -> None:
    with_toys(desk)
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    restricted = _screened(desk, party_works_for=YesNo.YES)
    other = a_person("Otto", "Vane"), a_person("Cleo", "Marsh")
    (unscreened,) = desk.refer(a_referral("2", perpetrator=other[0], victim=other[1])).referrals
    third = a_person("Ned", "Ash"), a_person("Ida", "Bell")
    connected = _screened(desk, "3", perpetrator=third[0], victim=third[1])
    conflicts.say_of(
        desk.context(desk.chair).with_agencies(()),
        reference=connected,
        user="outsider",
        is_connected=True,
        why=WHY,
    )
    answer = []
    for reference in (restricted, unscreened, connected, new_reference("involvement")):
        with pytest.raises(NotFoundError) as refused:
            _break(desk, outsider, reference)
        answer.append(str(refused.value).replace(reference, "R"))
    assert len(set(answer)) == 1
    page = access_log.read_access_log(desk.context(desk.chair).with_agencies(()), reference=restricted)
    assert ("break glass", "outsider") in {(look.what, look.user) for look in page.looks}
    assert emergency_access.to_review(desk.context(desk.chair)) == ()


def test_a_restriction_ends_an_urgent_look_at_once(desk: Desk) -> None:
    with_toys(desk)
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    reference = _screened(desk)
    _break(desk, outsider, reference)
    _restrict(desk, desk.chair, reference)
    assert not _sees(desk, outsider, reference)


def test_only_those_who_need_it_break_glass_and_not_where_the_case_is_open(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = _screened(desk)
    for nobody in (desk.coordinator, desk.chair):
        with pytest.raises(NotPermittedError):
            _break(desk, nobody, reference)
    with pytest.raises(InvalidInputError, match="already view it"):
        _break(desk, workers["harbour"], reference)


def test_chair_and_advocate_see_every_look_and_nobody_else_does(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = _screened(desk)
    other = _screened(desk, "2", perpetrator=a_person("Otto", "Vane"), victim=a_person("Cleo", "Marsh"))
    _sees(desk, workers["harbour"], reference)
    _sees(desk, workers["lantern"], other)
    given: dict[str, Any] = {"reference": reference}
    page = access_log.read_access_log(desk.context(desk.chair), **given)
    assert (page.looks[0].user, page.looks[0].what) == ("harbour-worker", "view case")
    assert page.looks[0].is_named
    assert "lantern-worker" not in {look.user for look in page.looks}
    assert access_log.read_access_log(desk.context(workers["voice"]), **given).total == page.total + 1
    older = access_log.read_access_log(desk.context(desk.chair), **given, first=2, count=1)
    assert len(older.looks) == 1
    assert older.looks[0].what == page.looks[0].what
    for nobody in (workers["harbour"], desk.coordinator):
        with pytest.raises(NotPermittedError):
            access_log.read_access_log(desk.context(nobody), **given)
    with pytest.raises(InvalidInputError, match="a count of 1 to 500"):
        access_log.read_access_log(desk.context(desk.chair), **given, count=501)


def test_looks_without_a_task_are_on_the_chairs_worklist_and_work_on_the_case_is_a_task(desk: Desk) -> None:
    with_toys(desk)
    curious, busy = desk.add("curious", Role.COORDINATOR), desk.add("busy", Role.COORDINATOR)
    reference = desk.refer(a_referral()).referrals[0]
    _sees(desk, curious, reference)
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    assert f"look {reference}" not in _day(desk, desk.chair), "before the screening it was a task"
    desk.clock.forward(timedelta(minutes=5))
    _sees(desk, desk.coordinator, reference)
    _sees(desk, busy, reference)
    screening.name_people(desk.context(busy), reference=reference, people=["harbour-worker"])
    assert f"look {reference}" not in _day(desk, desk.chair)
    _sees(desk, curious, reference)
    work = worklists.worklist(desk.context(desk.chair))
    (line,) = [item for item in work.items if item.kind == "look"]
    assert "curious viewed it once" in line.why
    assert not any(each.startswith("look ") for each in _day(desk, desk.coordinator))
    desk.clock.forward(timedelta(days=15))
    assert f"look {reference}" not in _day(desk, desk.chair)
