"""What is kept about agencies, and what is counted of them, reads the same on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from engine.domain.agencies.health import AgencyFigures, Chase, ChasedHow, Suspension
from engine.domain.agencies.people import PersonHeld
from engine.domain.cases.involvement import Request
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.referrals.arrival import ArrivalOutcome, LookedUp
from engine.domain.responses.answers import Failed, FailureReason, MatchBasis, NilReturn, Stage
from engine.services.agencies.due import AGENCY_SIGN
from engine.services.referrals.screening import screen
from engine.services.responses.due import CHASE
from engine.store.database import open_database
from engine.store.unit_of_work import Work
from tests.builders import MONDAY, Desk, a_contribution, a_referral, a_screening, in_one_entry

TIMED_OUT = Failed(reason=FailureReason.TIME_LIMIT, says="harbour: it hung.")
BROKEN = Failed(reason=FailureReason.BAD_ANSWER, says="harbour: it broke the contract.")


def asked(desk: Desk, number: str = "1", outcome: TriageOutcome = TriageOutcome.CONFERENCE) -> str:
    reference = desk.refer(a_referral(number)).referrals[0]
    screen(
        desk.context(desk.coordinator).with_agencies(()), reference=reference, screening=a_screening(outcome)
    )
    with in_one_entry(desk.runtime) as work:
        work.answers.ask(
            [
                Request(
                    involvement=reference,
                    agency="harbour",
                    asked_at=MONDAY,
                    due_at=MONDAY + timedelta(days=5),
                    was_shown=(),
                )
            ]
        )
    return reference


def keep(work: Work, reference: str, answer: object, hours: float, **changes: object) -> None:
    given = {"stage": Stage.PREPARED, "author": "plugin harbour", "plugin_version": "1.0", **changes}
    work.answers.add(reference, "harbour", answer, at=MONDAY + timedelta(hours=hours), **given)  # type: ignore[arg-type]


def figures(desk: Desk, days: float = 0) -> AgencyFigures:
    with desk.runtime.uow.unrecorded() as work:
        agency_figures_by_name = work.agency_figures.figures(
            at=MONDAY + timedelta(days=days), waiting=CHASE.name, signs=AGENCY_SIGN.name
        )
    return agency_figures_by_name.get("harbour") or AgencyFigures(agency="harbour")


def test_the_newest_word_on_each_agency_holds(desk: Desk) -> None:
    with in_one_entry(desk.runtime) as work:
        for number, (agency, is_suspended) in enumerate(
            (("harbour", True), ("lantern", True), ("harbour", False))
        ):
            suspension = Suspension(
                agency=agency,
                is_suspended=is_suspended,
                why="It moves.",
                by="cora",
                at=MONDAY + timedelta(minutes=number),
            )
            work.agencies_watched.store_suspension(suspension)
        assert work.agencies_watched.suspended() == {"lantern"}
        assert work.agencies_watched.suspensions()["harbour"].at == MONDAY + timedelta(minutes=2)


def test_chases_are_kept_in_order_with_their_request(desk: Desk) -> None:
    reference = asked(desk)
    with in_one_entry(desk.runtime) as work:
        for how in (ChasedHow.EMAIL, ChasedHow.TELEPHONE):
            work.agencies_watched.store_chase(
                Chase(involvement=reference, agency="harbour", how=how, by="cora", at=MONDAY)
            )
        chases = work.agencies_watched.chases([reference])[reference, "harbour"]
    assert [chase.how for chase in chases] == [ChasedHow.EMAIL, ChasedHow.TELEPHONE]
    assert chases[0].at == MONDAY


def test_calls_are_told_by_their_newest_success_and_failure(desk: Desk) -> None:
    reference = asked(desk)
    with in_one_entry(desk.runtime) as work:
        keep(work, reference, a_contribution(), 1)
        keep(work, reference, TIMED_OUT, 2)
        keep(work, reference, BROKEN, 3)
        keep(work, reference, BROKEN, 4)  # an equal failure again is a confirmation of the first
    agency_figures = figures(desk)
    assert agency_figures.last_success_at == MONDAY + timedelta(hours=1)
    assert agency_figures.last_failure_at == MONDAY + timedelta(hours=4)
    assert agency_figures.last_failure is FailureReason.BAD_ANSWER
    assert agency_figures.is_failing
    with desk.runtime.uow.unrecorded() as work:
        counted = work.agency_figures.failures(since=MONDAY)["harbour"]
        later = work.agency_figures.failures(since=MONDAY + timedelta(hours=3, minutes=30))["harbour"]
    assert counted == {FailureReason.TIME_LIMIT: 1, FailureReason.BAD_ANSWER: 2}
    assert later == {FailureReason.BAD_ANSWER: 1}


def test_what_a_person_typed_is_no_call_of_the_plugin(desk: Desk) -> None:
    reference = asked(desk)
    nil = NilReturn(looked_in=("register",), says="Nothing was held.")
    with in_one_entry(desk.runtime) as work:
        keep(work, reference, nil, 6, stage=Stage.RELEASED, author="hana", released_by="hana")
        assert work.agency_figures.hours_to_release(since=MONDAY) == {"harbour": [6.0]}
        assert work.agency_figures.hours_to_release(since=MONDAY + timedelta(hours=7)) == {}
    agency_figures = figures(desk)
    assert agency_figures.last_success_at is None
    assert agency_figures.last_released_at == MONDAY + timedelta(hours=6)
    assert agency_figures.waiting == 0


def test_only_open_requests_without_a_released_answer_wait(desk: Desk) -> None:
    reference = asked(desk, "1")
    asked(desk, "2", TriageOutcome.ADVICE)
    with in_one_entry(desk.runtime) as work:
        keep(work, reference, a_contribution(), 1)
        keep(work, reference, TIMED_OUT, 2, stage=Stage.RELEASED)
    assert (figures(desk, days=5).waiting, figures(desk, days=5).overdue) == (1, 0)
    late = figures(desk, days=5.01)
    assert (late.waiting, late.overdue, late.oldest_waiting_asked_at) == (1, 1, MONDAY)


def test_an_arrival_is_looked_up_once_until_it_is_corrected(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    held = PersonHeld(record="H-1", matched_on=MatchBasis(says="by PNC ID", confirmed=True))

    def waits(failed_before: timedelta = timedelta()) -> tuple[str, ...]:
        with desk.runtime.uow.unrecorded() as work:
            return work.agencies_watched.to_look_up(
                "harbour", State.NOT_SCREENED, failed_before=MONDAY + failed_before, at_most=9
            )

    def looked(outcome: ArrivalOutcome, hours: int, *found: PersonHeld) -> None:
        with in_one_entry(desk.runtime) as work:
            work.agencies_watched.store_look_up(
                LookedUp(
                    involvement=reference,
                    agency="harbour",
                    outcome=outcome,
                    found=found,
                    plugin_version="1.0",
                    at=MONDAY + timedelta(hours=hours),
                )
            )

    assert waits() == (reference,)
    looked(ArrivalOutcome.FAILED, 0)
    assert waits() == ()
    assert waits(timedelta(minutes=1)) == (reference,)
    looked(ArrivalOutcome.FOUND, 1, held)
    assert waits(timedelta(hours=9)) == ()
    with desk.runtime.uow.unrecorded() as work:
        assert work.agencies_watched.look_ups("lantern", State.NOT_SCREENED) == ()
        (looked_up,) = work.agencies_watched.look_ups("harbour", State.NOT_SCREENED)
    assert looked_up.found == (held,)
    desk.clock.forward(timedelta(hours=2))
    desk.refer(a_referral(reason="It began in January."))
    assert waits() == (reference,)


def test_a_restricted_episode_is_looked_up_by_nobody_and_shown_to_nobody(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    with in_one_entry(desk.runtime) as work:
        work.agencies_watched.store_look_up(
            LookedUp(
                involvement=reference,
                agency="harbour",
                outcome=ArrivalOutcome.FAILED,
                plugin_version="1.0",
                at=MONDAY,
            )
        )
    engine = open_database(desk.runtime.settings.database_url)
    for restricted, count in ((False, 1), (True, 0)):
        with engine.begin() as connection:
            connection.execute(text("UPDATE episode SET restricted = :yes"), {"yes": restricted})
        with desk.runtime.uow.unrecorded() as work:
            waits = work.agencies_watched.to_look_up(
                "harbour", State.NOT_SCREENED, failed_before=MONDAY + timedelta(days=1), at_most=9
            )
            shown = work.agencies_watched.look_ups("harbour", State.NOT_SCREENED)
        assert (len(waits), len(shown)) == (count, count)
    engine.dispose()
