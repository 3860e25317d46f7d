"""Shared parts of the use cases of subject access. Not use cases themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.access.policy import May, require
from engine.access.redaction import masked_words
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import PREFIXES, read_reference
from engine.domain.rights.subject_access import (
    OUR_RECORD,
    AccessRequest,
    AccessToClear,
    AnyStep,
    ControllerResult,
    Step,
    StepKind,
)
from engine.services.access.checks import open_cases
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import speaks_for_victim
from engine.services.context import Context
from engine.store.unit_of_work import Work

KIND = "subject access request"


def request_of(work: Work, acting: Acting, given: str) -> AccessRequest:
    """Return a request by its own reference, or by a person's; none for a person connected to a party."""
    typed = given.strip().upper()
    if typed.startswith(f"{PREFIXES['person']}-"):
        found = work.subject_access.of_person(read_reference("person", given))
        if found is None or not is_known_to(work, acting, found):
            raise NotFoundError(KIND, typed, instead="record it with 'stac sar create'")
        return found
    request = work.subject_access.get(read_reference(KIND, given))
    if not is_known_to(work, acting, request):
        raise NotFoundError(KIND, request.reference)
    return request


def add_step(work: Work, clock: Clock, acting: Acting, request: AccessRequest, what: AnyStep) -> Step:
    if request.newest(StepKind.RELEASED) is not None:
        raise InvalidInputError(
            f"request {request.reference}", "its reply was released; record a new request"
        )
    step = Step(what=what, by=acting.user, at=clock.now())
    work.subject_access.add(request.reference, step)
    work.notes(request=request.reference)
    return step


def as_read(work: Work, acting: Acting, request: AccessRequest) -> AccessRequest:
    """Return the request with typed texts masked; a controller's answer is the requester's own."""
    masker = masker_for(work=work, involvements=request.involvements, reader=acting.user)
    steps = tuple(
        step if isinstance(step.what, ControllerResult) else masked_words(step, masker)
        for step in request.steps
    )
    return request.model_copy(update={"steps": steps})


def is_known_to(work: Work, acting: Acting, request: AccessRequest) -> bool:
    return not work.need_to_know.shut_out_of(acting.user) & set(request.involvements)


def waiting_to_clear(work: Work, acting: Acting) -> Iterator[AccessToClear]:
    """Yield what this person's agency, or the STAC, has to read before the officer does.

    Of this record itself only what is of cases that are all open to them: a restricted case is reviewed by
    the people who may open it. So is an agency's answer that has an account from such a case: a person of the
    agency who may not open the case does not learn of it here.
    """
    mine = acting.agency if acting.role is Role.PRACTITIONER else OUR_RECORD
    waiting = [
        (request, result)
        for request in work.subject_access.all()
        if (result := request.newest_by_controller().get(mine or "")) is not None
        and mine not in request.cleared()
        and request.newest(StepKind.RELEASED) is None
    ]
    if waiting:
        named = sorted({case for request, _ in waiting for case in request.involvements})
        there = {each.reference for each in open_cases(work, acting, work.cases.all(named))}
        closed = work.need_to_know.restricted() - there
        waiting = [
            (request, result)
            for request, result in waiting
            if (
                there.issuperset(request.involvements)
                if mine == OUR_RECORD
                else closed.isdisjoint(_cases_in(request, result))
            )
        ]
    for request, result in waiting:
        yield AccessToClear(
            reference=request.reference,
            controller=result.controller,
            due_on=request.due_on,
            told=result.told,
        )


def _cases_in(request: AccessRequest, result: ControllerResult) -> set[str]:
    """Return the cases of this record that an agency's answer has an account from."""
    records = {item.record for item in result.told.items} if result.told else set()
    return records & set(request.involvements)


def waiting_for_safety(
    work: Work, acting: Acting, agencies: Sequence[AgencyKnown]
) -> Iterator[tuple[str, str]]:
    """Yield requests and cases where the chair, or the victim's advocate named there, has not said "safe"."""
    if not (acting.role is Role.CHAIR or speaks_for_victim(acting, agencies)):
        return
    open_ones = [r for r in work.subject_access.all() if r.newest(StepKind.RELEASED) is None]
    touched = {reference for request in open_ones for reference in request.unsafe()}
    there = {i.reference for i in open_cases(work, acting, work.cases.all(touched))} if touched else set()
    for request in open_ones:
        for reference in request.unsafe():
            if reference in there:
                yield request.reference, reference


def record_step(context: Context, request: str, what: AnyStep, act: May = May.RECORD_ACCESS) -> Step:
    """Record one step of a request; the whole of a use case that records one.

    Raises
    ------
    InvalidInputError
        The reference of the request is malformed, or its reply was released.
    """
    with context.writing(f"record {what.kind}") as work:
        require(act, context.acting)
        return add_step(work, context.clock, context.acting, request_of(work, context.acting, request), what)
