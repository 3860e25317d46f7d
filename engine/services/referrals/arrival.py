"""Searches of agencies' own records for the alleged perpetrator on arrival, so that their staff can act.

Nothing of it, not even that something was found, leaves that agency: it is in no other list, no count, no
audit entry and no error. Once a person has screened the referral, the agency is asked in the ordinary way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import assert_never

from engine.access.policy import May, require, require_agency
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.people import PersonHeld
from engine.domain.alarm_questions import PARTIES
from engine.domain.cases.lifecycle import State
from engine.domain.cases.worklists import WorkItem
from engine.domain.people.persons import ClaimedRole, PersonDescribed
from engine.domain.referrals.arrival import ArrivalOutcome, LookedUp
from engine.domain.responses.answers import Failed
from engine.domain.responses.requests import PersonAsked
from engine.hooks.questions import FIND_PEOPLE
from engine.hooks.registry import Agencies
from engine.services.context import AgencyContext
from engine.store.unit_of_work import Work

ARRIVAL_ITEM = "arrival"
"""The kind of a line that only an agency's own people see, and that leads to no case."""
_FAILED_AGAIN_AFTER = timedelta(hours=1)
_MOST_NAMED = 3


def look_up_arrivals(context: AgencyContext, *, at_most: int = 50) -> int:
    """Have each agency that declares it search for the alleged perpetrators of unscreened referrals.

    Return how many searches were made; ``at_most`` referrals are put to each agency. It may run twice.
    """
    require(May.LOOK_UP_ON_ARRIVAL, context.acting)
    return sum(
        _look_up(context, code, at_most)
        for code in context.agencies.codes
        if context.agencies.manifest(code).looks_up_on_arrival
        and context.agencies.is_here(code)
        and not context.agencies.is_suspended(code)
    )


def arrival_items(work: Work, acting: Acting) -> Iterator[WorkItem]:
    """Yield for a practitioner the unscreened referrals whose alleged perpetrator they may have on record."""
    if acting.agency is None:
        return
    require_agency(acting, acting.agency)
    there = work.agencies_watched.look_ups(acting.agency, State.NOT_SCREENED)
    cases = work.cases.all({looked.involvement for looked in there}) if there else ()
    received_at = {case.reference: case.received_at for case in cases}
    for looked in there:
        text = _note_for_staff(looked)
        if text is not None:
            yield WorkItem(
                reference=looked.involvement,
                what="A referral has arrived and is not screened",
                why=f"{text} This is only for your agency's own staff.",
                due_at=None,
                since=received_at[looked.involvement],  # the referral waits, not the search
                is_overdue=False,
                is_alarm=False,
                kind=ARRIVAL_ITEM,
            )


def _look_up(context: AgencyContext, code: str, at_most: int) -> int:
    agencies = context.agencies
    with context.uow.unrecorded() as work:
        waiting = work.agencies_watched.to_look_up(
            code, State.NOT_SCREENED, failed_before=context.clock.now() - _FAILED_AGAIN_AFTER, at_most=at_most
        )
        waiting = _without_open_calls(work, waiting)
    if not waiting:
        return 0
    with context.reading("read arrivals for agency") as work:
        people = _alleged(work, waiting)
        work.touches(*waiting)
        work.notes(agency=code)
    started = context.clock.now()
    found = [(reference, _found(agencies, code, person)) for reference, person in people]
    with context.writing("look up on arrival") as work:
        for reference, (outcome, held) in found:
            work.agencies_watched.store_look_up(
                LookedUp(
                    involvement=reference,
                    agency=code,
                    outcome=outcome,
                    found=held,
                    plugin_version=agencies.version(code),
                    at=started,
                )
            )
        work.touches(*waiting)
        work.notes(agency=code)
    return len(found)


def _without_open_calls(work: Work, references: Sequence[str]) -> tuple[str, ...]:
    """Leave out referrals from calls until it is answered whether a party works for an agency."""
    facts, answered = work.alarm_questions.facts(references), work.alarm_questions.of(references)
    return tuple(
        reference
        for reference in references
        if facts[reference].works_for is not YesNo.NOT_ASKED
        or {each.question for each in answered.get(reference, ())} >= set(PARTIES)
        or work.referrals.typist(reference) is None
    )


def _alleged(work: Work, references: Sequence[str]) -> list[tuple[str, PersonAsked | None]]:
    """Return whom to search for; no person where a party works for an agency: colleagues would know."""
    referrals = work.referrals.newest(references)
    people = {
        person.involvement: person.described
        for person in work.people.on_cases(references)
        if person.role is ClaimedRole.PERPETRATOR
    }
    return [
        (
            reference,
            None
            if referrals[reference].party_works_for is YesNo.YES or reference not in people
            else _as_asked(people[reference]),
        )
        for reference in references
    ]


def _found(
    agencies: Agencies, code: str, person: PersonAsked | None
) -> tuple[ArrivalOutcome, tuple[PersonHeld, ...]]:
    if person is None:
        return ArrivalOutcome.NOT_LOOKED_UP, ()
    answer = agencies.ask(code, FIND_PEOPLE, person)
    if isinstance(answer, Failed):
        return ArrivalOutcome.FAILED, ()
    return (ArrivalOutcome.FOUND if answer.found else ArrivalOutcome.NOTHING_FOUND), answer.found


def _note_for_staff(looked: LookedUp) -> str | None:
    """Return the note for the agency's own people; None where nothing was found or no search was made."""
    match looked.outcome:
        case ArrivalOutcome.NOTHING_FOUND | ArrivalOutcome.NOT_LOOKED_UP:
            return None
        case ArrivalOutcome.FAILED:
            return "Your records could not be searched, so it is not known whether you hold this person."
        case ArrivalOutcome.FOUND:
            named = [f"{held.record} ({held.matched_on.says})" for held in looked.found[:_MOST_NAMED]]
            more = len(looked.found) - len(named)
            rest = f" and {more} more" if more else ""
            return f"Your records may hold the alleged perpetrator: {', '.join(named)}{rest}."
        case _:
            assert_never(looked.outcome)


def _as_asked(described: PersonDescribed) -> PersonAsked:
    return PersonAsked(
        forename=described.forename,
        surname=described.surname,
        date_of_birth=described.date_of_birth,
        sex=described.sex,
        identifiers=described.identifiers,
    )
