"""Many people do the same at once: one is recorded, and each other is told whose it was and when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act
from engine.domain.errors import ConflictError, StacError
from engine.domain.people.same_person import SameVerdict
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import NilReturn
from engine.services.conference import decisions
from engine.services.people import same_person
from engine.services.plans import versions as plan_versions
from engine.services.referrals import incidents as referral_incidents
from engine.services.referrals import screening
from engine.services.responses import agency_answers
from tests.builders import (
    Desk,
    a_contribution,
    a_decision,
    a_person,
    a_plan,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    let_answer,
    with_toys,
)

WRITERS = 4
Done = list[tuple[str, BaseException | None]]


def people(desk: Desk, role: Role = Role.CHAIR, agency: str | None = None) -> list[Acting]:
    return [desk.add(f"writer-{number}", role, agency) for number in range(WRITERS)]


def at_once(who: Sequence[Acting], act: Callable[[Acting], object]) -> Done:
    """Everybody does it as nearly at the same moment as threads can."""
    start, done = threading.Barrier(len(who)), Done()

    def do(acting: Acting) -> None:
        start.wait()
        try:
            act(acting)
        except Exception as error:  # noqa: BLE001  it is looked at below; a thread would lose it
            done.append((acting.user, error))
        else:
            done.append((acting.user, None))

    threads = [threading.Thread(target=do, args=(acting,)) for acting in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def _as(desk: Desk, do: Callable[..., object], acting: Acting) -> object:
    return do(desk.context(acting))


def one_is_recorded(done: Done) -> str:
    """Exactly one; the others are told of that one and of themselves, with both times."""
    recorded = [user for user, error in done if error is None]
    assert len(recorded) == 1, done
    for user, error in done:
        if error is not None:
            assert isinstance(error, ConflictError), (user, error)
            assert error.theirs is not None
            assert error.yours is not None
            assert (error.theirs.by, error.yours.by) == (recorded[0], user)
            assert f"{recorded[0]} recorded" in str(error)
            assert error.theirs.when in str(error)
            assert error.yours.when in str(error)
    return recorded[0]


def test_of_many_who_screen_one_referral_at_once_one_does(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    given: dict[str, Any] = {"reference": reference}
    one_is_recorded(
        at_once(
            people(desk),
            lambda who: screening.screen(
                desk.context(who).with_agencies(()), **given, screening=a_screening()
            ),
        )
    )
    with desk.runtime.uow.unrecorded() as work:
        assert [each.version for each in work.screenings.of(reference)] == [1]


@pytest.mark.slow
def test_a_screening_again_is_made_on_the_newest_one(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    given: dict[str, Any] = {"reference": reference}
    screening.screen(desk.context(desk.coordinator).with_agencies(()), **given, screening=a_screening())
    with pytest.raises(ConflictError, match=r"cora recorded version 1 at 2026-03-02 09:00:00 UTC; yours, by"):
        screening.screen(desk.context(desk.chair).with_agencies(()), **given, screening=a_screening())
    again = a_screening(base_version=1)
    one_is_recorded(
        at_once(
            people(desk),
            lambda who: screening.screen(desk.context(who).with_agencies(()), **given, screening=again),
        )
    )


def _in_conference(desk: Desk) -> dict[str, Any]:
    reference = desk.refer(a_referral()).referrals[0]
    given: dict[str, Any] = {"reference": reference}
    screening.screen(desk.context(desk.chair).with_agencies(()), **given, screening=a_screening())
    decisions.open_conference(desk.context(desk.chair), **given)
    return given


@pytest.mark.slow
def test_of_many_who_open_the_conference_and_decide_at_once_one_does(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    given: dict[str, Any] = {"reference": reference}
    screening.screen(desk.context(desk.chair).with_agencies(()), **given, screening=a_screening())
    who = people(desk)
    one_is_recorded(at_once(who, lambda each: decisions.open_conference(desk.context(each), **given)))
    decision = a_decision()
    one_is_recorded(
        at_once(
            who,
            lambda each: decisions.decide(desk.context(each).with_agencies(()), **given, decision=decision),
        )
    )


def test_of_many_who_plan_and_end_one_case_at_once_one_does(desk: Desk) -> None:
    given = _in_conference(desk)
    decisions.decide(desk.context(desk.chair).with_agencies(()), **given, decision=a_decision())
    who = people(desk)
    first, second = a_plan(agency="voice"), a_plan(agency="voice", base_version=1)
    for plan in (first, second):
        planning = partial(plan_versions.make_plan, **given, plan=plan, agencies=("voice",))
        one_is_recorded(at_once(who, partial(_as, desk, planning)))
    for act in (Act.EXIT, Act.CLOSE):
        ending = partial(screening.end_involvement, **given, act=act, why="It has ended.")
        one_is_recorded(at_once(who, partial(_as, desk, ending)))


@pytest.mark.slow
def test_of_many_of_one_agency_who_release_or_answer_at_once_one_does(desk: Desk) -> None:
    with_toys(desk)
    who = people(desk, Role.PRACTITIONER, "lantern")
    reference = desk.refer(a_referral()).referrals[0]
    let_answer(desk, "lantern", a_contribution("Two reports were held."))
    screening.screen(
        desk.context(desk.coordinator),
        reference=reference,
        screening=a_screening(people=tuple(each.user for each in who)),
    )
    ask_all(desk, reference)
    given: dict[str, Any] = {"reference": reference, "agency": "lantern"}
    with desk.runtime.uow.unrecorded() as work:
        returns = work.answers.returns([reference])[reference]
    (waiting,) = [each.waiting_for_release() for each in returns if each.request.agency == "lantern"]
    assert waiting is not None
    one_is_recorded(
        at_once(
            who,
            lambda each: agency_answers.release(
                desk.context(each), **given, expected_version=waiting.version
            ),
        )
    )
    nothing = NilReturn(looked_in=("register",), says="Nothing was held.")
    one_is_recorded(
        at_once(
            who,
            lambda each: agency_answers.answer_by_hand(
                desk.context(each), **given, answer=nothing, base_version=waiting.version + 1
            ),
        )
    )


@pytest.mark.slow
def test_of_many_who_take_up_one_alarm_at_once_one_does(desk: Desk) -> None:
    reference = desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,))).referrals[0]
    first = one_is_recorded(
        at_once(
            people(desk),
            lambda each: screening.acknowledge_alarm(desk.context(each), reference=reference),
        )
    )
    with desk.runtime.uow.unrecorded() as work:
        assert work.alarms.of(reference).acknowledged_by == first


@pytest.mark.slow
def test_of_many_who_judge_the_same_two_records_at_once_one_does(desk: Desk) -> None:
    given = [
        a_referral(str(number), perpetrator=a_person("Daniel", "Roe"), victim=a_person(f"A{number}", "Kent"))
        for number in range(2)
    ]
    report = desk.refer(*given)
    with desk.runtime.uow.unrecorded() as work:
        on_cases = work.people.on_cases(report.referrals)
    one, other = (each.reference for each in on_cases if each.described.surname == "Roe")

    def judge(who: Acting) -> None:
        turned = who.user.endswith(("1", "3"))  # whoever names the two the other way round waits for nobody
        pair = (other, one) if turned else (one, other)
        same_person.judge_same(
            desk.context(who),
            one=pair[0],
            other=pair[1],
            verdict=SameVerdict.SAME,
            why="The same man.",
            words_seen=0,
        )

    one_is_recorded(at_once(people(desk, Role.COORDINATOR), judge))


@pytest.mark.slow
def test_many_who_name_people_and_record_incidents_at_once_all_do(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    given: dict[str, Any] = {"reference": reference}
    who = people(desk, Role.COORDINATOR)

    def both(acting: Acting) -> None:
        screening.name_people(desk.context(acting), **given, people=["chair", *(each.user for each in who)])
        referral_incidents.record_incident(
            desk.context(acting), **given, incident=an_incident(kind=IncidentKind.THREAT)
        )

    assert [error for _, error in at_once(who, both) if error is not None] == []
    with desk.runtime.uow.unrecorded() as work:
        assert set(work.cases.people_on(reference)) >= {each.user for each in who}
        assert len(work.incidents.of([reference], shown=())) == 2 + WRITERS


@pytest.mark.slow
def test_many_files_that_share_their_things_at_once_are_all_taken_in(desk: Desk) -> None:
    def take(acting: Acting) -> None:
        desk.refer(
            *(
                a_referral(
                    f"{acting.user}-{number}",
                    perpetrator=a_person(f"F{acting.user[-1]}{number}", "Roe"),
                    perpetrator_address=f"{number} Long Lane",
                    victim=a_person(f"V{acting.user[-1]}{number}", "Kent"),
                )
                for number in range(30)
            )
        )

    assert [error for _, error in at_once(people(desk), take) if error is not None] == []


def test_an_unforeseen_clash_is_a_conflict_and_no_program_fault(desk: Desk) -> None:
    """Adding one user many times at once: there is nothing yet that could be held."""
    from engine.domain.accounts.acting import User
    from engine.services.accounts.users import add_user

    new = User(name="newcomer", display_name="newcomer", role=Role.CHAIR, agency=None)
    done = at_once(people(desk), lambda who: add_user(desk.context(desk.coordinator), user=new))
    errors = [error for _, error in done if error is not None]
    assert len(errors) == WRITERS - 1
    assert all(isinstance(error, StacError) for error in errors), errors
