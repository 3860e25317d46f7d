"""Safety checks, clearances and due replies that wait for a person, for a worklist. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import CASE_WORKERS, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.worklists import WorkItem
from engine.domain.rights.subject_access import AccessRequest, StepKind
from engine.services.rights.subject_access_erasure import review_day
from engine.services.rights.subject_access_parts import is_known_to, waiting_for_safety, waiting_to_clear
from engine.settings import Settings
from engine.store.unit_of_work import Work


def access_items(
    work: Work, acting: Acting, clock: Clock, settings: Settings, agencies: Sequence[AgencyKnown]
) -> Iterator[WorkItem]:
    """Yield safety checks, clearances and due replies that wait for this person; for a worklist."""
    known = work.subject_access.all()
    if acting.role is Role.DATA_PROTECTION:
        yield from _to_review(work, acting, clock, settings, known)
    requests = [r for r in known if r.newest(StepKind.RELEASED) is None]
    if not requests:
        return
    by_reference = {request.reference: request for request in requests}
    if acting.role in {Role.CHAIR, Role.PRACTITIONER}:
        for asked, reference in waiting_for_safety(work, acting, agencies):
            what = f"Decide whether a reply to {asked} is safe"
            why = "A person has made a subject access request. No agency is asked until you decide."
            yield _item(reference, what, why, by_reference[asked], clock)
    if acting.role in CASE_WORKERS:
        for waiting in waiting_to_clear(work, acting):
            what = f"Review what {waiting.controller} holds about the requester of {waiting.reference}"
            yield _item(
                waiting.reference,
                what,
                "The data protection officer reads it after you.",
                by_reference[waiting.reference],
                clock,
            )
    if acting.role is Role.DATA_PROTECTION:
        for request in requests:
            if is_known_to(work, acting, request):
                lacks = request.lacks_before_collecting()
                why = f"It lacks {' and '.join(lacks)}." if lacks else "Collect, decide, release."
                yield _item(request.reference, "Respond to a subject access request", why, request, clock)


def _to_review(
    work: Work, acting: Acting, clock: Clock, settings: Settings, known: Sequence[AccessRequest]
) -> Iterator[WorkItem]:
    for request in known:
        review_on = review_day(request, settings, on=clock.today())
        if review_on is not None and review_on <= clock.today() and is_known_to(work, acting, request):
            yield WorkItem(
                reference=request.reference,
                what="Review retention of the request",
                why=f"Review overdue since {review_on:%-d %B %Y}. After erasure, a record that a request "
                "was received remains.",
                due_at=None,
                since=datetime.combine(review_on, time(), LONDON),
                is_overdue=False,
                is_alarm=False,
                kind="subject access",
                can_wait=True,
            )


def _item(reference: str, what: str, why: str, request: AccessRequest, clock: Clock) -> WorkItem:
    due = datetime.combine(request.due_on, time(17), LONDON)
    return WorkItem(
        reference=reference,
        what=what,
        why=why,
        due_at=due,
        is_overdue=clock.now() > due,
        is_alarm=False,
        kind="subject access",
    )
