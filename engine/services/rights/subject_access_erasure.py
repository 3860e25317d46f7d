"""Retention of a subject access request after its reply, and its erasure by a named officer.

Nothing is erased automatically. That it was asked, when it was answered and the reply's digest stay.
"""

from __future__ import annotations

from datetime import date

from engine.access.policy import May, require
from engine.access.retention import read_schedules
from engine.clock import LONDON
from engine.domain.errors import InvalidInputError
from engine.domain.rights.retention import months_after
from engine.domain.rights.subject_access import AccessRequest, RequestErased, Step, StepKind
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.rights.subject_access_parts import request_of
from engine.settings import Settings

OWNER = "subject-access"
"""Under this name a schedule of retention.toml is about requests."""


def review_day(request: AccessRequest, settings: Settings, *, on: date) -> date | None:
    """Return the date when the officer reviews whether to keep it; None while it is not due."""
    released = request.newest(StepKind.RELEASED)
    schedule = read_schedules(settings.home).of(OWNER, on=on)
    if released is None or schedule is None or request.newest(StepKind.ERASED) is not None:
        return None
    return months_after(released.at.astimezone(LONDON).date(), schedule.review_after_months)


def erase_request(context: Context, *, request: str, why: str) -> Step:
    """Erase who asked, what was answered and every text of the steps, once the reply is out.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, the reply is not out, or it was erased already.
    """
    reason = written_reason(why)
    with context.writing("erase subject access request") as work:
        require(May.DECIDE_ACCESS, context.acting)
        there = request_of(work, context.acting, request)
        if there.newest(StepKind.RELEASED) is None:
            raise InvalidInputError(
                f"request {there.reference}", "the reply has not been released; the request is still open"
            )
        if there.newest(StepKind.ERASED) is not None:
            raise InvalidInputError(f"request {there.reference}", "it was already erased")
        rows = work.erasing.of_access_request(there.reference)
        rows += work.erasing.protected(there.reference, told_by=None)
        step = Step(what=RequestErased(why=reason, rows=rows), by=context.acting.user, at=context.clock.now())
        work.subject_access.add(there.reference, step)
        work.notes(request=there.reference, rows=rows)
        work.erases = True
    context.uow.tidy()
    return step
