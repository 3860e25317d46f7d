"""Requests to an agency about a record that it lets others on a case know of, and the agency's reply.

One refusal for a case that does not exist and for one without such a record. The reply is from a closed list,
so it is the same whatever is held. It stays with its request when the agency's rule has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from engine.access.policy import WHO_MAY, May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.tasks import Task
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.links.record_requests import RecordAnswered, RecordReply, RecordRequest, RecordRequests
from engine.services.access.checks import open_case, open_cases
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.links.hidden_records import records_to_ask
from engine.store.unit_of_work import Work

RECORD_ITEM = "record request"
MOST_A_DAY = 10
_LISTED_FOR = timedelta(days=28)


def request_record(
    context: Context, *, reference: str, agency: str, purpose: Task, why: str | None = None
) -> RecordRequest:
    """Ask an agency about its record on a case, where its rule lets this person know that one exists.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, or the person has asked already, or too often.
    NotFoundError
        The case is not open to the person who acts, or this agency lets them know of no record on it.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.ASK_ABOUT_RECORD, context.acting)
    reason = written_reason(why) if why and why.strip() else None
    with context.writing("ask agency about its record") as work:
        case = open_case(work, context.acting, reference, May.ASK_ABOUT_RECORD).reference
        if agency not in {each.code for each in records_to_ask(work, context, [case])}:
            raise NotFoundError("referral", case)
        mine = [
            each for each in _recent(work, context.acting, context.clock) if _is_mine(each, context.acting)
        ]
        if any((each.case, each.agency) == (case, agency) and each.answered is None for each in mine):
            raise InvalidInputError(
                "request", "you have asked this agency; its reply will be on your worklist"
            )
        if sum(context.clock.now() - each.at < timedelta(days=1) for each in mine) >= MOST_A_DAY:
            raise InvalidInputError("request", f"you have sent {MOST_A_DAY} in 24 hours; phone the agency")
        asked = work.links.record_requests.ask(
            RecordRequest(
                reference="",
                case=case,
                agency=agency,
                purpose=purpose,
                why=reason,
                user=context.acting.user,
                user_agency=context.acting.agency,
                at=context.clock.now(),
            )
        )
        work.touches(case)
        work.notes(request=asked.reference, agency=agency, purpose=purpose.value)
        return asked


def record_requests(context: Context) -> RecordRequests:
    """Return one's own recent requests with their replies, and those to one's own agency that wait.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.ASK_ABOUT_RECORD, context.acting)
    with context.reading("list requests about records") as work:
        recent = _there(work, context.acting, _recent(work, context.acting, context.clock))
        found = RecordRequests(
            mine=tuple(
                each.model_copy(update={"why": None}) for each in recent if _is_mine(each, context.acting)
            ),
            to_answer=tuple(_as_read(work, each) for each in recent if _waits_for(each, context.acting)),
        )
        work.notes(mine=len(found.mine), to_answer=len(found.to_answer))
        return found


def has_record_requests(context: Context) -> bool:
    """Return whether this person sent or may answer one lately: else there is nothing to read.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.ASK_ABOUT_RECORD, context.acting)
    with context.uow.unrecorded() as work:
        recent = _there(work, context.acting, _recent(work, context.acting, context.clock))
        return any(_is_mine(each, context.acting) or _waits_for(each, context.acting) for each in recent)


def answer_record_request(context: Context, *, reference: str, reply: RecordReply) -> None:
    """Reply to a request to one's own agency, from the closed list; once.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The request is not to the agency of the person who acts, its case is not open to
        them, or it waits no more.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.ANSWER, context.acting)
    reference = read_reference("record request", reference)
    with context.writing("answer request about a record") as work:
        recent = _there(work, context.acting, _recent(work, context.acting, context.clock))
        asked = {each.reference: each for each in recent if _waits_for(each, context.acting)}.get(reference)
        if asked is None:
            raise NotFoundError("record request", reference)
        answered = RecordAnswered(reply=reply, by=context.acting.user, at=context.clock.now())
        work.links.record_requests.answer(reference, answered)
        work.touches(asked.case)
        work.notes(request=reference, reply=reply.value)


def record_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    """Yield the lines of a worklist: requests to this person's agency, and replies to their own."""
    if acting.role not in WHO_MAY[May.ASK_ABOUT_RECORD]:
        return
    for each in _there(work, acting, _recent(work, acting, clock)):
        if _waits_for(each, acting):
            of = f" of {each.user_agency}" if each.user_agency else ""
            what, why = (
                "Reply to a request about your record",
                f"{each.user}{of} asks. Purpose: {each.purpose}.",
            )
        elif _is_mine(each, acting) and each.answered is not None:
            what, why = f"Reply of {each.agency} about its record", each.status
        else:
            continue
        yield WorkItem(
            reference=each.case,
            what=what,
            why=why,
            due_at=None,
            since=each.at if each.answered is None else each.answered.at,
            is_overdue=False,
            is_alarm=False,
            kind=RECORD_ITEM,
            agency=each.agency,
        )


def _recent(work: Work, acting: Acting, clock: Clock) -> tuple[RecordRequest, ...]:
    return work.links.record_requests.of(
        user=acting.user,
        agency=acting.agency if acting.role is Role.PRACTITIONER else None,
        since=clock.now() - _LISTED_FOR,
    )


def _there(work: Work, acting: Acting, requests: Iterable[RecordRequest]) -> list[RecordRequest]:
    """Return those about cases that exist for this person."""
    requests = tuple(requests)
    if not requests:
        return []
    cases = work.cases.all({each.case for each in requests})
    there = {each.reference for each in open_cases(work, acting, cases)}
    return [each for each in requests if each.case in there]


def _is_mine(request: RecordRequest, acting: Acting) -> bool:
    return request.user == acting.user


def _waits_for(request: RecordRequest, acting: Acting) -> bool:
    return request.answered is None and acting.speaks_for(request.agency)


def _as_read(work: Work, request: RecordRequest) -> RecordRequest:
    together = work.cases.together(request.case)
    masker = masker_for(work=work, involvements=together)
    return request.model_copy(update={"why": masker.masked_or_none(request.why)})
