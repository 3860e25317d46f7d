"""Changes on a case since its last review, and why the next one is due: a part of viewing a case.

Worked out of what the viewer is shown anyway, so that nothing hidden makes a line, a count or a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.access.redaction import Masker
from engine.access.release import shown_classes
from engine.clock import LONDON
from engine.domain.agencies.directory import AgencyKnown, investigators
from engine.domain.cases.custody import StoredCustodyChange
from engine.domain.cases.incidents import IncidentKind, kinds_in_words
from engine.domain.cases.involvement import Involvement, Returns
from engine.domain.cases.lifecycle import State
from engine.domain.cases.police_decisions import StoredPoliceDecision, needs_decision
from engine.domain.cases.views import AgencyAnswerView, DecisionView, IncidentView, OutcomeView
from engine.domain.plans.approval import StoredNeed, WhyNot
from engine.domain.plans.changes import Change, ChangeKind, NotDecidedByPolice, ReviewOnCase
from engine.domain.plans.reviews import (
    ActionKnown,
    ContactLost,
    IncidentKnown,
    PlanReview,
    ReviewCause,
    breaches,
    contact_lost,
    gone_quiet,
    in_order,
    missed_actions,
    new_incidents,
    releases,
    scheduled,
    why_due,
)
from engine.domain.plans.versions import StoredPlan
from engine.domain.responses.answers import AnswerState
from engine.domain.responses.voices import OfferOutcome
from engine.services.sharing.response_visibility import Viewer
from engine.settings import ReviewSettings
from engine.store.repositories.reviews import ReviewDates
from engine.store.unit_of_work import Work

REVIEWED = (State.IN_CONFERENCE, State.DECIDED, State.IN_DELIVERY)
"""States of a case that may be reviewed: the panel has decided, and the delivery has not ended."""
_NOT_IN_CONTACT = {
    OfferOutcome.DECLINED: "The victim declined an advocate.",
    OfferOutcome.NO_REPLY: "The victim has not replied to the offer of an advocate.",
}
_SHOWN = frozenset(
    {AnswerState.CONTRIBUTION, AnswerState.NIL_RETURN, AnswerState.REFUSED, AnswerState.FAILED}
)


@dataclass(frozen=True)
class SeenOnCase:
    """One viewer's view of a case, and what of it was read."""

    involvement: Involvement
    of_episode: Sequence[str]
    viewer: Viewer
    incidents: Sequence[IncidentView]
    answers: Sequence[AgencyAnswerView] = ()
    returns: Sequence[Returns] = ()
    decisions: Sequence[DecisionView] = ()
    plan: StoredPlan | None = None
    needs: Sequence[StoredNeed] = ()
    outcomes: Sequence[OutcomeView] = ()
    came_faster: bool | None = None


def review_on_case(
    work: Work,
    seen: SeenOnCase,
    *,
    masker: Masker,
    settings: ReviewSettings,
    agencies: Sequence[AgencyKnown],
) -> ReviewOnCase:
    """Return the reviews of this case, what changed since the last, and what no police decision is on."""
    reference, today = seen.involvement.reference, seen.viewer.on
    reviews = work.reviews.of([reference])[reference]
    custody = work.reviews.custody_changes(seen.of_episode)
    there = {incident.reference for incident in seen.incidents}
    police = tuple(d for d in work.reviews.police_decisions(seen.of_episode) if d.incident in there)
    undecided = not_decided(
        seen.incidents,
        {decision.incident for decision in police},
        work.likely_breaches.confirmed(seen.of_episode),
        investigators(agencies),
    )
    dates = work.reviews.dates_of([reference]).get(reference)
    shown = ReviewOnCase(
        since=None,
        since_what=None,
        review_on=None,
        why_due=None,
        reviews=tuple(_masked(review, masker) for review in reviews),
        not_decided=undecided,
        police_decisions=tuple(_police_masked(decision, masker) for decision in police),
        custody=custody,
    )
    if dates is None:
        return shown
    incidents = known_incidents(work, seen.of_episode, seen.incidents, seen.viewer)
    causes = (
        in_order(
            causes_since(
                dates,
                incidents,
                actions=_actions(seen.plan),
                custody=custody,
                lost=_lost(seen),
                came_faster=seen.came_faster,
                last_incident=last_day(seen.incidents, today),
                today=today,
                settings=settings,
            )
        )
        if seen.involvement.state in REVIEWED
        else ()
    )
    return shown.model_copy(
        update={
            "since": dates.since,
            "since_what": _since_what(dates, reviews),
            "review_on": dates.review_on,
            "causes": causes,
            "why_due": why_due(causes, dates.review_on),
            "changes": _changes(seen, incidents, custody, police, since=dates.since),
        }
    )


def causes_since(
    dates: ReviewDates,
    incidents: Sequence[IncidentKnown],
    *,
    actions: Iterable[ActionKnown],
    custody: Iterable[StoredCustodyChange],
    lost: Iterable[ContactLost],
    came_faster: bool | None,
    last_incident: date | None,
    today: date,
    settings: ReviewSettings,
) -> Iterator[ReviewCause]:
    """Yield every reason for a review that applies today."""
    since = dates.since
    day = since.astimezone(LONDON).date()
    yield from scheduled(dates.review_on, on=today)
    yield from breaches(incidents, since=since)
    yield from new_incidents(incidents, since=since)
    yield from releases(custody, since=since, on=today, ahead=settings.release_ahead)
    yield from contact_lost(lost, since=since)
    yield from missed_actions(actions, since=since, on=today, grace=settings.action_grace)
    yield from gone_quiet(last_incident, came_faster=came_faster, since=day, on=today, quiet=settings.quiet)


def known_incidents(
    work: Work, of_episode: Sequence[str], incidents: Sequence[IncidentView], viewer: Viewer
) -> list[IncidentKnown]:
    """Return the incidents that a viewer sees, with the moment when each was first reported."""
    classes = work.sharing.classes()
    shown = shown_classes(viewer.acting, classes, on=viewer.on, is_member=viewer.is_member)
    first = work.reviews.first_reported(of_episode, shown=shown)
    return [
        IncidentKnown(
            reference=each.reference,
            kind=each.kind,
            also=each.also,
            happened=each.happened,
            reported_at=min([*(r.received_at for r in each.reports), *_first_of(each, first)]),
        )
        for each in incidents
        if each.reports
    ]


def last_day(incidents: Iterable[IncidentView], today: date) -> date | None:
    """Return the last possible day of the newest dated incident; none is in the future."""
    days = [min(each.happened.latest, today) for each in incidents if each.happened is not None]
    return max(days, default=None)


def _first_of(incident: IncidentView, first: dict[str, datetime]) -> Iterator[datetime]:
    if incident.reference in first:
        yield first[incident.reference]


def _actions(plan: StoredPlan | None) -> Iterator[ActionKnown]:
    for action in plan.live if plan is not None else ():
        yield ActionKnown(
            reference=action.reference,
            status=action.status,
            due=action.due,
            changed_at=action.reported_at or action.at,
        )


def _lost(seen: SeenOnCase) -> Iterator[ContactLost]:
    """Yield what released responses and signatures on the plan say of a victim who is not in contact."""
    yield from signed_not_in_contact(seen.needs)
    shown = {answer.agency for answer in seen.answers if answer.state in _SHOWN}
    for each in seen.returns:
        answer = each.released()
        offered = answer.answer.advocate_offered if answer is not None else None
        if answer is None or offered is None or each.request.agency not in shown:
            continue
        if offered.came_to in _NOT_IN_CONTACT:
            record = f"{each.request.agency} version {answer.version}"
            yield ContactLost(record=record, at=answer.at, in_words=_NOT_IN_CONTACT[offered.came_to])


def signed_not_in_contact(needs: Iterable[StoredNeed]) -> Iterator[ContactLost]:
    """Yield the signatures on a plan that the victim is not in contact with services."""
    for need in needs:
        if need.why_not is WhyNot.NOT_IN_CONTACT:
            yield ContactLost(
                record=f"plan version {need.plan_version}",
                at=need.at,
                in_words="It was signed that the victim is not in contact with services.",
            )


def not_decided(
    incidents: Iterable[IncidentView | IncidentKnown],
    decided: Collection[str],
    confirmed: Collection[str],
    investigators: Collection[str],
) -> tuple[NotDecidedByPolice, ...]:
    """Return the incidents among these that await a decision of police.

    ``confirmed`` are incidents that a person confirmed as a breach of a condition.
    """
    return tuple(
        NotDecidedByPolice(
            incident=each.reference,
            kind=kinds[0],
            also=kinds[1:],
            happened=each.happened,
        )
        for each in incidents
        for kinds in (_with_breach(each, is_confirmed=each.reference in confirmed),)
        if each.reference not in decided
        and needs_decision(
            each.kinds,
            reported_by=_reported_by(each),
            is_recorded_crime=_is_recorded_crime(each),
            investigators=investigators,
            is_confirmed=each.reference in confirmed,
        )
    )


def _reported_by(incident: IncidentView | IncidentKnown) -> tuple[str, ...]:
    if isinstance(incident, IncidentKnown):
        return incident.owners
    return tuple(report.owner for report in incident.reports)


def _is_recorded_crime(incident: IncidentView | IncidentKnown) -> bool:
    if isinstance(incident, IncidentKnown):
        return incident.is_recorded_crime
    return any(report.crime_reference for report in incident.reports)


def _with_breach(each: IncidentView | IncidentKnown, *, is_confirmed: bool) -> tuple[IncidentKind, ...]:
    """Return the kinds of an incident, first a breach where a person confirmed that it is one."""
    return tuple(dict.fromkeys((*((IncidentKind.BREACH,) if is_confirmed else ()), *each.kinds)))


def _since_what(dates: ReviewDates, reviews: Sequence[PlanReview]) -> str:
    day = f"{dates.since.astimezone(LONDON):%-d %B %Y}"
    if reviews and reviews[-1].at == dates.since:
        return f"the last review, {day}"
    return f"the decision of {day}"


def _changes(
    seen: SeenOnCase,
    incidents: Iterable[IncidentKnown],
    custody: Iterable[StoredCustodyChange],
    police: Iterable[StoredPoliceDecision],
    *,
    since: datetime,
) -> tuple[Change, ...]:
    """Return every record since then, newest first."""
    found = [
        *_incident_changes(incidents),
        *_response_changes(seen.answers),
        *_panel_changes(seen),
        *_plan_changes(seen.plan),
        *_recorded_changes(custody, police),
    ]
    newer = [change for change in found if change.at > since]
    return tuple(sorted(newer, key=lambda change: (change.at, change.record or ""), reverse=True))


def _incident_changes(incidents: Iterable[IncidentKnown]) -> Iterator[Change]:
    for each in incidents:
        when = each.happened.in_words() if each.happened else "date not recorded"
        sentence = f"Incident reported: {kinds_in_words(each.kinds)}, {when}."
        yield Change(kind=ChangeKind.INCIDENT, says=sentence, at=each.reported_at, record=each.reference)


def _response_changes(answers: Iterable[AgencyAnswerView]) -> Iterator[Change]:
    for each in answers:
        if each.state in _SHOWN and each.at is not None:
            version = f", version {each.version}" if each.version is not None else ""
            sentence = f"{each.agency_name} responded: {each.state.value}{version}."
            yield Change(kind=ChangeKind.RESPONSE, says=sentence, at=each.at, record=each.agency)


def _panel_changes(seen: SeenOnCase) -> Iterator[Change]:
    for decision in seen.decisions:
        sentence = f"The panel decided, version {decision.version}."
        yield Change(kind=ChangeKind.DECISION, says=sentence, at=decision.at, record=decision.reference)
    for outcome in seen.outcomes:
        sentence = f"Follow-up recorded: {outcome.measure.value}, {outcome.found.value}."
        yield Change(kind=ChangeKind.OUTCOME, says=sentence, at=outcome.at, record=outcome.reference)


def _plan_changes(plan: StoredPlan | None) -> Iterator[Change]:
    if plan is None:
        return
    sentence = f"Plan saved, version {plan.version}."
    yield Change(kind=ChangeKind.PLAN, says=sentence, at=plan.at, record=plan.reference)
    if plan.approval is not None:
        sentence = f"Plan approved, version {plan.approval.version}."
        yield Change(kind=ChangeKind.PLAN, says=sentence, at=plan.approval.at, record=plan.reference)
    for action in plan.live:
        if action.reported_at is not None:
            sentence = f"Action of {action.agency}: {action.status.value}."
            yield Change(
                kind=ChangeKind.ACTION, says=sentence, at=action.reported_at, record=action.reference
            )


def _recorded_changes(
    custody: Iterable[StoredCustodyChange], police: Iterable[StoredPoliceDecision]
) -> Iterator[Change]:
    for change in custody:
        sentence = f"{change.change.value.capitalize()}, {change.on:%-d %B %Y}."
        yield Change(kind=ChangeKind.CUSTODY, says=sentence, at=change.at)
    for decision in police:
        sentence = f"Police decided on {decision.incident}: {decision.action.value}."
        yield Change(kind=ChangeKind.POLICE_DECISION, says=sentence, at=decision.at, record=decision.incident)


def _masked(review: PlanReview, masker: Masker) -> PlanReview:
    return review.model_copy(update={"decided": masker.masked(review.decided, by=review.by)})


def _police_masked(decision: StoredPoliceDecision, masker: Masker) -> StoredPoliceDecision:
    return decision.model_copy(
        update={
            "decided_by": masker.masked(decision.decided_by, by=decision.by),
            "why": masker.masked_or_none(decision.why, by=decision.by),
        }
    )
