"""Requests to an agency about a record that it lets others on a case know of, and the agency's reply.

One refusal for a case that does not exist and for one without such a record. The reply is from a closed list,
so it is the same whatever is held. It stays with its request when the agency's rule has changed since. A
request waits only while its sender could send it by role, agency and access, and ends with an erasure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta

from engine.access.policy import WHO_MAY, May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.tasks import Task
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.links.record_requests import RecordAnswered, RecordReply, RecordRequest, RecordRequests
from engine.domain.rights.retention import DESK_OWNER
from engine.services.access.checks import open_case, open_cases, or_nowhere, practitioners_on
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.links.hidden_records import records_to_ask
from engine.store.unit_of_work import Work

RECORD_ITEM, UNREAD_ITEM = "record request", "unread record request"
MOST_A_DAY = 10
_LISTED_FOR = timedelta(days=28)
_UNREAD_FOR = timedelta(days=1)


def request_record(
    context: Context, *, reference: str, agency: str, purpose: Task, why: str | None = None
) -> RecordRequest:
    """Ask an agency about its record on a case, where its rule lets this person know that one exists.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, the agency has no person on the case, or the person who
        acts has asked already, or too often.
    NotFoundError
        The case is not open to the person who acts or was erased, or this agency lets them know of no record
        on it.
    """
    require(May.ASK_ABOUT_RECORD, context.acting)
    reason = written_reason(why) if why and why.strip() else None
    with context.writing("ask agency about its record", once=(reference, agency, purpose, why)) as work:
        case = open_case(work, context.acting, reference, May.ASK_ABOUT_RECORD).reference
        # A reason that is typed after the erasure of its case could not be erased any more.
        if _erased(work, [case]) or agency not in {e.code for e in records_to_ask(work, context, [case])}:
            raise NotFoundError("referral", case)
        if not _has_reader(work, context.acting, case, agency):
            raise InvalidInputError(
                "agency", "no one of this agency can reply here; use its contact on the map"
            )
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
    """Return one's own recent requests with their replies, and those to one's own agency that wait."""
    require(May.ASK_ABOUT_RECORD, context.acting)
    agencies = context.agencies_known
    with context.reading("list requests about records") as work:
        recent = _there(work, context.acting, _recent(work, context.acting, context.clock))
        found = RecordRequests(
            mine=tuple(
                each.model_copy(update={"why": None}) for each in recent if _is_mine(each, context.acting)
            ),
            to_answer=tuple(
                _as_read(work, context.acting, each) for each in _waiting(work, context.acting, recent)
            ),
            agency_names=_names(agencies),
        )
        work.notes(mine=len(found.mine), to_answer=len(found.to_answer))
        return found


def has_record_requests(context: Context) -> bool:
    """Return whether this person sent or may answer one lately: else there is nothing to read."""
    require(May.ASK_ABOUT_RECORD, context.acting)
    with context.uow.unrecorded() as work:
        recent = _there(work, context.acting, _recent(work, context.acting, context.clock))
        is_any_mine = any(_is_mine(each, context.acting) for each in recent)
        return is_any_mine or bool(_waiting(work, context.acting, recent))


def answer_record_request(context: Context, *, reference: str, reply: RecordReply) -> None:
    """Reply to a request to one's own agency, from the closed list; once.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The request is not to the agency of the person who acts, its case is not open to
        them, or it waits no more.
    """
    require(May.ANSWER, context.acting)
    reference = read_reference("record request", reference)
    with context.writing("answer request about a record") as work:
        recent = _there(work, context.acting, _recent(work, context.acting, context.clock))
        waiting = _waiting(work, context.acting, recent)
        asked = {each.reference: each for each in waiting}.get(reference)
        if asked is None:
            raise NotFoundError("record request", reference)
        answered = RecordAnswered(reply=reply, by=context.acting.user, at=context.clock.now())
        work.links.record_requests.answer(reference, answered)
        work.touches(asked.case)
        work.notes(request=reference, reply=reply.value)


def record_items(
    work: Work, acting: Acting, clock: Clock, agencies: Iterable[AgencyKnown]
) -> Iterator[WorkItem]:
    """Yield the lines of a worklist: requests to this person's agency, and replies to their own."""
    if acting.role not in WHO_MAY[May.ASK_ABOUT_RECORD]:
        return
    recent = _there(work, acting, _recent(work, acting, clock))
    waiting = {each.reference for each in _waiting(work, acting, recent)}
    names = _names(agencies)
    for each in recent:
        if each.reference in waiting:
            of = f" of {names.get(each.user_agency, each.user_agency)}" if each.user_agency else ""
            what, why = (
                "Reply to a request about your record",
                f"{each.user}{of} asks. Purpose: {each.purpose}.",
            )
        elif _is_mine(each, acting) and each.answered is not None:
            what, why = (
                f"Read the reply of {names.get(each.agency, each.agency)} about its record",
                each.status,
            )
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
            only_to_read=each.reference not in waiting,
        )


def unread_items(
    work: Work, acting: Acting, clock: Clock, agencies: Iterable[AgencyKnown]
) -> Iterator[WorkItem]:
    """Yield the lines of the chair: requests that wait for days and that no one of their agency can read.

    A line has no case, sender or reason, and is not for a chair of that agency.
    """
    if acting.role is not Role.CHAIR:
        return
    now, names = clock.now(), _names(agencies)
    waiting = work.links.record_requests.unanswered(since=now - _LISTED_FOR)
    late = [each for each in waiting if now - each.at >= _UNREAD_FOR and not acting.speaks_for(each.agency)]
    for each in _still_asked(work, _there(work, acting, late)):
        if _has_reader(work, acting, each.case, each.agency):
            continue
        days = (now - each.at).days
        sent = f"Sent {days} {'day' if days == 1 else 'days'} ago, no reply."
        yield WorkItem(
            reference=each.reference,
            what=f"Find a person of {names.get(each.agency, each.agency)} to read a request",
            why=f"{sent} No person of the agency can read it now.",
            due_at=None,
            since=each.at,
            is_overdue=False,
            is_alarm=False,
            kind=UNREAD_ITEM,
            agency=each.agency,
        )


def _names(agencies: Iterable[AgencyKnown]) -> dict[str, str]:
    return {agency.code: agency.name for agency in agencies}


def _recent(work: Work, acting: Acting, clock: Clock) -> tuple[RecordRequest, ...]:
    return work.links.record_requests.of(
        user=acting.user,
        agency=acting.agency if acting.role is Role.PRACTITIONER else None,
        since=clock.now() - _LISTED_FOR,
    )


def _there(work: Work, acting: Acting, requests: Iterable[RecordRequest]) -> list[RecordRequest]:
    """Return those about cases that exist for this person and are not erased."""
    requests = tuple(requests)
    cases = work.cases.all(or_nowhere({each.case for each in requests}))
    there = {each.reference for each in open_cases(work, acting, cases)}
    there -= _erased(work, or_nowhere(sorted(there)))
    return [each for each in requests if each.case in there]


def _erased(work: Work, cases: Sequence[str]) -> set[str]:
    """Return the cases whose part of coordinators and chair, with the reasons of requests, was erased."""
    return {each.involvement for each in work.retention.certificates(cases) if each.owner == DESK_OWNER}


def _has_reader(work: Work, acting: Acting, case: str, agency: str) -> bool:
    """Return whether a person of the agency is on the case to read a request.

    A conflict of interest counts for the chair only: to others a refusal would reveal it.
    """
    there = practitioners_on(work, agency, case)
    if acting.role is not Role.CHAIR:
        return bool(there)
    return any(case not in work.need_to_know.shut_out_of(each.user) for each in there)


def _is_mine(request: RecordRequest, acting: Acting) -> bool:
    return (request.user, request.user_agency) == (acting.user, acting.agency)


def _waiting(work: Work, acting: Acting, there: Collection[RecordRequest]) -> list[RecordRequest]:
    """Return those that wait for this person, of senders who could send them still."""
    return _still_asked(
        work, [each for each in there if each.answered is None and acting.speaks_for(each.agency)]
    )


def _still_asked(work: Work, waiting: Sequence[RecordRequest]) -> list[RecordRequest]:
    """Return those of senders who could send them by role, agency and access.

    The roles that may send see in lists only cases that they work, so access is membership here.
    """
    still: set[str] = set()
    for name in sorted({each.user for each in waiting}):
        user = work.users.known(name)
        if user is None or not user.active or user.role not in WHO_MAY[May.ASK_ABOUT_RECORD]:
            continue
        theirs = [each for each in waiting if _is_mine(each, user.acting())]
        still |= {each.reference for each in _there(work, user.acting(), theirs)}
    return [each for each in waiting if each.reference in still]


def _as_read(work: Work, acting: Acting, request: RecordRequest) -> RecordRequest:
    together = work.cases.together(request.case)
    masker = masker_for(work=work, involvements=together, reader=acting.user)
    return request.model_copy(update={"why": masker.masked_or_none(request.why, by=request.user)})
