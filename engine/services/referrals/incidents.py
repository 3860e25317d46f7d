"""Incidents that a person on the case reports, and their details. Each is held against the orders there."""

from __future__ import annotations

import json
from collections.abc import Mapping

from engine.access.policy import May
from engine.domain.absence import YesNo
from engine.domain.alarms import Door, answers_about
from engine.domain.cases.incidents import IncidentReported
from engine.domain.errors import InvalidInputError
from engine.domain.ids import read_reference
from engine.domain.orders.breaches import DetailsGiven, PlaceGiven, StoredDetails
from engine.domain.orders.conditions import SealedKind
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.domain.typed_days import require_past
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import classes_shown, open_case
from engine.services.access.link_refresh import ask_for_refresh
from engine.services.access.restrictions import written_reason
from engine.services.alarms.raising import record_answers
from engine.services.context import Context, VaultContext
from engine.services.links.projection import relink_cases
from engine.services.sharing.incident_rules import limit_to_owner
from engine.services.sharing.likely_breaches import compare_cases
from engine.services.vault.sealed_values import seal_values
from engine.services.vault.typed_texts import check_typed
from engine.store.repositories.cases.incidents import ReportToAdd
from engine.store.unit_of_work import Work


def record_incident(
    context: Context,
    *,
    reference: str,
    incident: IncidentReported,
    topics: Mapping[AlarmTopic, YesNo] | None = None,
    kept_with_us: str | None = None,
) -> str:
    """Record an incident that a person on the case reports; return its reference.

    ``topics`` are the alarm topics that were asked about it: one answered with yes is an alarm, and so is a
    kind that is itself a topic. ``kept_with_us`` says why it stays with who reports it.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the date of the incident is in the future.
    """
    require_past("happened", incident.happened, on=context.clock.today())
    with context.writing("record incident", once=(reference, incident)) as work:
        involvement = open_case(work, context.acting, reference, May.RECORD_INCIDENT)
        reference = involvement.reference
        owner = context.acting.agency or "stac"
        added = work.incidents.add_entered(
            involvement.reference,
            ReportToAdd(
                involvement_id=0,
                position=0,
                referral_version=None,
                owner=owner,
                told_by=context.acting.user,
                incident=incident,
                at=context.clock.now(),
            ),
        )
        if kept_with_us is not None:
            limit_to_owner(
                work, added, owner=owner, why=kept_with_us, acting=context.acting, at=context.clock.now()
            )
        answers = answers_about(incident.kind, topics or {})
        record_answers(work, context, case=reference, door=Door.INCIDENT, about=added, answers=answers)
        relink_cases(work, [involvement.reference], at=context.clock.now())
        ask_for_refresh(work, context.acting, at=context.clock.now())
        typed = [incident.what, kept_with_us]
        check_typed(work, involvement, TypedWhere.INCIDENT, typed, acting=context.acting, clock=context.clock)
        compare_cases(work, [involvement.reference], at=context.clock.now())
        work.notes(incident=added)
        return read_reference("incident", added)


def record_topics(
    context: Context, *, reference: str, incident: str, topics: Mapping[AlarmTopic, YesNo]
) -> None:
    """Record the alarm topics that were asked about an incident after it was recorded; a yes is an alarm.

    An earlier yes stays an alarm, whatever is answered now.

    Raises
    ------
    InvalidInputError
        A reference is malformed, no topic is given, or the incident is not on the case.
    """
    named = read_reference("incident", incident)
    answers = AlarmAnswers(answers=dict(topics))
    if len(answers.not_asked) == len(answers.answers):
        raise InvalidInputError("topics", "answer at least one topic with yes, no or not known")
    with context.writing("record alarm topics of incident", once=(reference, incident, topics)) as work:
        case = open_case(work, context.acting, reference, May.RECORD_INCIDENT).reference
        _require_there(work, context, case, named)
        record_answers(work, context, case=case, door=Door.INCIDENT, about=named, answers=answers)
        work.notes(incident=named)


def review_incident(context: Context, *, reference: str, incident: str, why: str) -> None:
    """Record that a person reviewed an incident and that nothing changes, with the reason.

    Raises
    ------
    InvalidInputError
        A reference or the reason is malformed, or the incident is not on the case or was reviewed already.
    """
    named, reason = read_reference("incident", incident), written_reason(why)
    with context.writing("review incident") as work:
        case = open_case(work, context.acting, reference, May.SCREEN).reference
        _require_there(work, context, case, named)
        entered = {each.reference: each for each in work.raised_alarms.entered([case])}
        if named not in entered:
            raise InvalidInputError("incident", f"{named} came with the referral: screen the referral")
        if entered[named].is_reviewed:
            raise InvalidInputError("incident", f"{named} was reviewed already")
        at = context.clock.now()
        work.raised_alarms.review_incident(case, named, why=reason, by=context.acting.user, at=at)
        work.notes(incident=named)


def _require_there(work: Work, context: Context, case: str, incident: str) -> None:
    classes = classes_shown(work, context.acting, on=context.clock.today())
    if incident not in work.likely_breaches.shown([case], classes=classes):
        raise InvalidInputError(
            "incident", f"{incident} is not on {case}; 'stac case show {case}' lists them"
        )


def record_details(
    context: VaultContext, *, reference: str, incident: str, given: DetailsGiven
) -> StoredDetails:
    """Record details of an incident: its time, who acted, whom it reached, its place. The newest apply.

    The place is sealed. The answer does not depend on it, and neither does the time that it takes.

    Raises
    ------
    InvalidInputError
        A reference is malformed, or the incident is not on the case.
    """
    named = read_reference("incident", incident)
    if given.details.until is not None:
        require_past("until", given.details.until.date(), on=context.clock.today())
    with context.writing("record details of incident") as work:
        acting, at = context.acting, context.clock.now()
        case = open_case(work, acting, reference, May.RECORD_INCIDENT).reference
        _require_there(work, context, case, named)
        details = given.details
        if given.place is not None:
            (place,) = seal_values(work, context, case, SealedKind.INCIDENT, [_written(given.place)])
            details = details.model_copy(update={"place": place})
        version = work.incident_details.add_details(named, details, by=acting.user, at=at)
        compare_cases(work, [case], at=at)
        work.notes(incident=named, details=version)
        return StoredDetails(incident=named, version=version, details=details, by=acting.user, at=at)


def _written(place: PlaceGiven) -> str:
    """Return a place as one text that no other text repeats: other texts may name the place."""
    return json.dumps(place.model_dump(exclude_none=True), sort_keys=True)
