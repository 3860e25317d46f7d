"""Victim information requests: drafted here, made by an authorised person, answered by the agency.

The chair records who the authorised person is and what they decided; the statutory code binds that person. No
agency but the one that speaks for the victim is asked about the victim without one whose test is met.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.access.policy import WHO_MAY, May, require_agency
from engine.access.redaction import masked_words
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.rights.information_requests import (
    RequestAnswered,
    RequestDecided,
    RequestGiven,
    RequestWord,
    VictimRequest,
)
from engine.domain.typed_days import require_past
from engine.services.access.checks import finding_part, open_case, open_cases
from engine.services.access.masking import masker_for
from engine.services.access.primary_roles import standing_of
from engine.services.context import Context
from engine.store.unit_of_work import Work

_KIND = "victim information request"


def ask_about_victim(context: Context, *, reference: str, request: RequestGiven) -> VictimRequest:
    """Draft a request; no agency is asked before an authorised person is recorded as making it.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the agency speaks for the victim.
    NotFoundError
        The case is not open to the person who acts, or no such agency is installed.
    """
    agencies = context.agencies_known
    with context.writing("draft victim information request", once=(reference, request)) as work:
        case = open_case(work, context.acting, reference, May.DRAFT_REQUEST).reference
        known = {agency.code: agency for agency in agencies}
        if request.agency not in known:
            raise NotFoundError("agency", request.agency, instead=f"installed are {', '.join(sorted(known))}")
        if known[request.agency].speaks_for_victim:
            raise InvalidInputError(
                "agency", "this agency represents the victim; you do not need an information request"
            )
        victim_request = work.victim_rights.ask(
            VictimRequest(
                reference="", involvement=case, given=request, by=context.acting.user, at=context.clock.now()
            )
        )
        work.notes(request=victim_request.reference, agency=request.agency)
        return victim_request


def decide_request(context: Context, *, request: str, decision: RequestDecided) -> VictimRequest:
    """Record the authorised person's decision, and the date of the notice or why there was none.

    Notice is a victim's right: it goes to a person whom the panel has assessed as the victim.

    Raises
    ------
    InvalidInputError
        The reference is malformed, it was decided already, the notice is in the future or before the panel's
        assessment, or the authorised person is missing.
    """
    with context.writing("decide victim information request") as work:
        there = _open(work, context.acting, request, May.DECIDE_REQUEST)
        if there.decided is not None:
            raise InvalidInputError(f"request {there.reference}", "it was already decided; draft a new one")
        if decision.notice_on is not None:
            require_past("notice", decision.notice_on, on=context.clock.today())
            if not standing_of(work, there.involvement).gives_rights:
                raise InvalidInputError(
                    "notice",
                    "the panel has not assessed who the victim is; say why the victim was not given "
                    "notice, or record the assessment",
                )
        if decision.is_met and decision.authorised_person is None:
            raise InvalidInputError(
                "authorised_person", "give the name and office of the authorised person who makes the request"
            )
        return _say(work, context.clock, context.acting, there, decision)


def answer_request(context: Context, *, request: str, refuses: bool, why: str) -> VictimRequest:
    """Record that the asked agency answers on the case, or refuses and why. A request compels no agency.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or it was answered already.
    NotFoundError
        The request does not exist, its test is not met, or its case is not open to the person who acts.
    NotPermittedError
        The role does not permit it, or another agency was asked.
    """
    with context.writing("answer victim information request") as work:
        there = _open(work, context.acting, request, May.ANSWER_REQUEST)
        require_agency(context.acting, there.given.agency)
        if there.decided is None or not there.decided.is_met:
            raise NotFoundError(_KIND, there.reference)
        if there.answered is not None:
            raise InvalidInputError(f"request {there.reference}", "it was answered already")
        return _say(work, context.clock, context.acting, there, RequestAnswered(refuses=refuses, why=why))


def requests_on(context: Context, *, reference: str) -> tuple[VictimRequest, ...]:
    """Return the requests on a case: all for coordinators, chair and advocate, for an agency its own.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    agencies = context.agencies_known
    with context.reading("see victim information requests") as work:
        case = open_case(work, context.acting, reference, May.SEE_REQUESTS).reference
        advocate = any(a.speaks_for_victim and context.acting.speaks_for(a.code) for a in agencies)
        return tuple(
            _as_read(work, context.acting, request)
            for request in work.victim_rights.requests([case])
            if context.acting.role is not Role.PRACTITIONER or advocate or _is_theirs(request, context.acting)
        )


def request_items(work: Work, acting: Acting) -> Iterator[WorkItem]:
    """Yield decisions that the chair, and answers that an agency's people owe; for a worklist."""
    decides = acting.role in WHO_MAY[May.DECIDE_REQUEST]
    if not decides and acting.role not in WHO_MAY[May.ANSWER_REQUEST]:
        return
    waiting = [
        each
        for each in work.victim_rights.unanswered()
        if (decides and each.decided is None) or (not decides and _is_theirs(each, acting))
    ]
    there = {i.reference for i in open_cases(work, acting, work.cases.all({e.involvement for e in waiting}))}
    for each in (_as_read(work, acting, each) for each in waiting if each.involvement in there):
        yield WorkItem(
            reference=each.involvement,
            what=f"{'Record who makes' if decides else 'Answer'} victim information request {each.reference}",
            why=f"To {each.given.agency}. {each.stands}",
            due_at=None,
            since=each.at,
            is_overdue=False,
            is_alarm=False,
            kind="victim request",
        )


def _is_theirs(request: VictimRequest, acting: Acting) -> bool:
    is_asked = request.decided is not None and request.decided.is_met
    return is_asked and acting.speaks_for(request.given.agency)


def _open(work: Work, acting: Acting, given: str, act: May) -> VictimRequest:
    """Return the request, if its case is open to this person; otherwise there is none."""
    with finding_part(work, acting):
        request = work.victim_rights.request(read_reference(_KIND, given))
    try:
        open_case(work, acting, request.involvement, act)
    except NotFoundError:
        raise NotFoundError(_KIND, request.reference) from None
    return request


def _say(
    work: Work,
    clock: Clock,
    acting: Acting,
    request: VictimRequest,
    what: RequestDecided | RequestAnswered,
) -> VictimRequest:
    work.victim_rights.say(request.reference, RequestWord(what=what, by=acting.user, at=clock.now()))
    work.notes(request=request.reference)
    return _as_read(work, acting, work.victim_rights.request(request.reference))


def _as_read(work: Work, acting: Acting, request: VictimRequest) -> VictimRequest:
    together = work.cases.together(request.involvement)
    return masked_words(request, masker_for(work=work, involvements=together, reader=acting.user))
