"""Incidents that a person on the case reports, and their details. Each is held against the orders there."""

from __future__ import annotations

import json

from engine.access.policy import May
from engine.domain.cases.incidents import IncidentReported
from engine.domain.errors import InvalidInputError
from engine.domain.ids import read_reference
from engine.domain.orders.breaches import DetailsGiven, PlaceGiven, StoredDetails
from engine.domain.orders.conditions import SealedKind
from engine.domain.typed_days import require_past
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import classes_shown, open_case
from engine.services.access.link_refresh import ask_for_refresh
from engine.services.context import Context, VaultContext
from engine.services.links.projection import relink_cases
from engine.services.sharing.incident_rules import limit_to_owner
from engine.services.sharing.likely_breaches import compare_cases
from engine.services.vault.sealed_values import seal_values
from engine.services.vault.typed_texts import check_typed
from engine.store.repositories.cases.incidents import ReportToAdd


def record_incident(
    context: Context, *, reference: str, incident: IncidentReported, kept_with_us: str | None = None
) -> str:
    """Record an incident that a person on the case reports; return its reference.

    ``kept_with_us`` says why it stays with who reports it, from its first moment on.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the date of the incident is in the future.
    NotFoundError
        The case does not exist, or is not open to the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require_past("happened", incident.happened, on=context.clock.today())
    with context.writing("record incident") as work:
        involvement = open_case(work, context.acting, reference, May.RECORD_INCIDENT)
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
        relink_cases(work, [involvement.reference], at=context.clock.now())
        ask_for_refresh(work, context.acting, at=context.clock.now())
        typed = [incident.what, kept_with_us]
        check_typed(work, involvement, TypedWhere.INCIDENT, typed, acting=context.acting, clock=context.clock)
        compare_cases(work, [involvement.reference], at=context.clock.now())
        work.notes(incident=added)
        return read_reference("incident", added)


def record_details(
    context: VaultContext, *, reference: str, incident: str, given: DetailsGiven
) -> StoredDetails:
    """Record details of an incident: its time, who acted, whom it reached, its place. The newest apply.

    The place is sealed. The answer does not depend on it, and neither does the time that it takes.

    Raises
    ------
    InvalidInputError
        A reference is malformed, or the incident is not on the case.
    NotFoundError
        The case does not exist, or is not open to the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    named = read_reference("incident", incident)
    if given.details.until is not None:
        require_past("until", given.details.until.date(), on=context.clock.today())
    with context.writing("record details of incident") as work:
        acting, at = context.acting, context.clock.now()
        case = open_case(work, acting, reference, May.RECORD_INCIDENT).reference
        classes = classes_shown(work, acting, on=context.clock.today())
        there = work.likely_breaches.shown([case], classes=classes)
        if named not in there:
            raise InvalidInputError(
                "incident", f"{named} is not on {case}; 'stac case show {case}' lists them"
            )
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
