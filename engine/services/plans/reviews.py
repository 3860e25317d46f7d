"""Reviews of a plan are closed by a person; custody and decisions of police are recorded by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine.access.policy import May
from engine.access.release import is_member, shown_classes
from engine.domain.accounts.acting import Role
from engine.domain.agencies.directory import AgencyKnown, investigators
from engine.domain.cases.custody import CustodyChange, StoredCustodyChange
from engine.domain.cases.police_decisions import PoliceDecisionGiven, StoredPoliceDecision, needs_decision
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.ids import read_reference
from engine.domain.plans.reviews import PlanReview
from engine.domain.typed_days import require_coming, require_past
from engine.services.access.checks import open_case, open_cases
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.plans.changes import REVIEWED
from engine.store.unit_of_work import Work


def close_review(context: Context, *, reference: str, decided: str, next_on: date) -> PlanReview:
    """Close the review of a case: what was decided, in a sentence, and the date of the next review.

    Raises
    ------
    InvalidInputError
        The reference or the sentence is malformed, the date is past or too far, or no panel has decided.
    """
    sentence = written_reason(decided, part="decision")
    require_coming("next review", next_on, on=context.clock.today())
    with context.writing("close review", once=(reference, decided, next_on)) as work:
        involvement = open_case(work, context.acting, reference, May.REVIEW_PLAN)
        if involvement.state not in REVIEWED or not work.reviews.dates_of([involvement.reference]):
            raise InvalidInputError(
                f"referral {involvement.reference}", "no decision of a panel is in delivery; none is reviewed"
            )
        review = work.reviews.add(
            involvement.reference,
            decided=sentence,
            next_on=next_on,
            by=context.acting.user,
            at=context.clock.now(),
        )
        work.notes(review=review.number)
        return review


def record_custody_change(
    context: Context, *, reference: str, change: CustodyChange, on: date
) -> StoredCustodyChange:
    """Record that the alleged perpetrator went into custody, was released, or is to be released.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the referral is not screened, or the date does not fit the change.
    """
    require_day = require_coming if change is CustodyChange.RELEASE_PLANNED else require_past
    require_day("on", on, on=context.clock.today())
    with context.writing("record change of custody", once=(reference, change, on)) as work:
        involvement = open_case(work, context.acting, reference, May.RECORD_CUSTODY)
        if not involvement.is_screened:
            raise InvalidInputError(
                f"referral {involvement.reference}", "it is not screened; screen the referral first"
            )
        at = context.clock.now()
        work.reviews.add_custody_change(involvement.reference, change, on=on, by=context.acting.user, at=at)
        work.notes(change=change.value)
        return StoredCustodyChange(change=change, on=on, by=context.acting.user, at=at)


def record_police_decision(
    context: Context, *, reference: str, decision: PoliceDecisionGiven
) -> StoredPoliceDecision:
    """Record what police decided about an incident, by whom and when; the newest applies.

    It is stored with each incident within their access that is one with it by a crime reference.

    Raises
    ------
    InvalidInputError
        A reference is malformed, no police decision is awaited on the incident, or the date is in the future.
    NotPermittedError
        The role does not permit it, or the practitioner is not of the agency that investigates.
    """
    agencies = context.agencies_known
    incident = read_reference("incident", decision.incident)
    require_past("decided on", decision.decided_on, on=context.clock.today())
    with context.writing("record police decision", once=(reference, decision)) as work:
        case = open_case(work, context.acting, reference, May.RECORD_POLICE_DECISION).reference
        if context.acting.role is Role.PRACTITIONER and not _investigates(context, agencies):
            who_may = "a practitioner of the agency that investigates, a coordinator or the chair"
            raise NotPermittedError(May.RECORD_POLICE_DECISION.value, who_may=who_may)
        alike = next((each for each in _that_need_one(work, context, case) if incident in each), None)
        if alike is None:
            raise InvalidInputError(
                "incident",
                f"no police decision is awaited on {incident} on this case; choose one of the incidents "
                "that the case lists",
            )
        given = decision.model_copy(update={"incident": incident})
        at = context.clock.now()
        for each, its_case in alike.items():
            work.touches(its_case)
            about = given.model_copy(update={"incident": each})
            work.reviews.add_police_decision(its_case, about, by=context.acting.user, at=at)
        work.notes(incident=incident, decision=given.action.value)
        return StoredPoliceDecision(**given.model_dump(), by=context.acting.user, at=at)


def _investigates(context: Context, agencies: Sequence[AgencyKnown]) -> bool:
    return any(agency.investigates and context.acting.speaks_for(agency.code) for agency in agencies)


def _that_need_one(work: Work, context: Context, case: str) -> Iterator[dict[str, str]]:
    """Yield the incidents of the episode that this person sees and police decide on, with the case of each.

    Those that are one by a crime reference are yielded together.
    """
    acting = context.acting
    there = open_cases(work, acting, work.cases.all(work.cases.together(case)))
    of_episode = list(dict.fromkeys([*(each.reference for each in there), case]))
    member = is_member(acting, work.cases.people_on(case))
    shown = shown_classes(acting, work.sharing.classes(), on=context.clock.today(), is_member=member)
    groups = {f"case {each}": (each,) for each in of_episode} | {"episode": of_episode}
    found = work.incidents.in_short(groups, shown=shown)
    cases = {
        incident: each
        for each in of_episode
        for known in found[f"case {each}"]
        for incident in (known.reference, *known.others)
    }
    confirmed, codes = work.likely_breaches.confirmed(of_episode), investigators(context.agencies_known)
    for known in found["episode"]:
        alike = {incident: cases[incident] for incident in (known.reference, *known.others)}
        if needs_decision(
            known.kinds,
            reported_by=known.owners,
            is_recorded_crime=known.is_recorded_crime,
            investigators=codes,
            is_confirmed=not confirmed.isdisjoint(alike),
        ):
            yield alike
