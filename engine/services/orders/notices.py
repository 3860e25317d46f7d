"""Notices to the victim: events, due times and attempts, through the safe contact.

They go through the safe-contact officer or the victim's advocate only. How to reach the victim is in the
vault and not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.access.policy import May
from engine.clock import LONDON, Clock
from engine.domain.access.primary_roles import NO_RIGHT
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen
from engine.domain.cases.due import Waits
from engine.domain.cases.worklists import LongLines, WorkItem, WorkLine, line_of
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.orders.notices import (
    BEFORE_IT,
    AttemptGiven,
    NoticeGiven,
    NoticeView,
    StoredNotice,
    Through,
)
from engine.domain.typed_days import require_near, require_past
from engine.services.access.checks import open_case, open_cases
from engine.services.access.masking import masker_for
from engine.services.access.primary_roles import standing_of
from engine.services.access.restrictions import speaks_for_victim
from engine.services.context import Context
from engine.services.due.lines import due_lines
from engine.services.orders import due
from engine.services.vault.permissions import officer_on, officers_on
from engine.store.unit_of_work import Work

NOT_REACHED = due.NOT_REACHED.name
"""The kind of a line that comes before all but alarms: an attempt failed, or the target has passed."""


class NoticeRecorded(Frozen):
    """A record of a notice or of an attempt, by its number on the case."""

    reference: str
    number: int
    reached: bool = False


def record_notice(context: Context, *, reference: str, notice: NoticeGiven) -> NoticeRecorded:
    """Record an event that the victim is informed of: an arrest, a release, a change of bail.

    What an order brings is recorded with the order's own step.

    Raises
    ------
    InvalidInputError
        The reference is malformed, a date is out of bounds, or the role of the victim is contested.
    """
    with context.writing("record notice due to the victim", once=(reference, notice)) as work:
        case = open_case(work, context.acting, reference, May.RECORD_NOTICE).reference
        require_near("on", notice.on, on=context.clock.today())
        _require_not_contested(work, case)
        number = work.victim_notices.add(case, notice, by=context.acting.user, at=context.clock.now())
        work.notes(notice=number, event=notice.event.value)
        return NoticeRecorded(reference=case, number=number)


def try_notice(context: Context, *, reference: str, number: int, attempt: AttemptGiven) -> NoticeRecorded:
    """Record an attempt to inform the victim, by the safe-contact officer or the advocate on the case.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the date is in the future, or the role of the victim is contested.
    NotFoundError
        The case does not exist or is not open to the person who acts, or it has no such notice.
    NotPermittedError
        The person who acts is neither.
    """
    agencies = context.agencies_known
    with context.writing("record attempt to inform the victim", once=(reference, number, attempt)) as work:
        case = open_case(work, context.acting, reference, May.TRY_NOTICE).reference
        if not _may_try(work, context.acting, case, agencies, attempt.through):
            raise NotPermittedError(
                May.TRY_NOTICE.value,
                who_may="the safe-contact officer and the victim's advocate, each for their own attempts,",
            )
        require_past("on", attempt.on, on=context.clock.today())
        _require_not_contested(work, case)
        work.victim_notices.try_it(case, number, attempt, by=context.acting.user, at=context.clock.now())
        work.notes(notice=number, reached=int(attempt.reached))
        return NoticeRecorded(reference=case, number=number, reached=attempt.reached)


def notice_views(work: Work, context: Context, case: str, together: Sequence[str]) -> tuple[NoticeView, ...]:
    """Return the notices of a case, those that wait first; part of a larger use case."""
    stored = work.victim_notices.of(together)
    if not stored:
        return ()
    masker = masker_for(work=work, involvements=together, reader=context.acting.user)
    may_try = standing_of(work, case) not in NO_RIGHT and any(
        _may_try(work, context.acting, case, context.agencies_known, through) for through in Through
    )
    views = []
    for each in stored:
        failed = sum(not a.reached for a in each.attempts)
        lines = [
            f"{a.given.on.day} {a.given.on:%b %Y}, {a.given.at_time}: "
            + (
                "informed"
                if a.reached
                else f"not reached, {masker.masked(a.given.why_not or '', by=a.by).rstrip('. ')}"
            )
            + f", through {a.given.through.value}, by {a.by}"
            for a in each.attempts
            if a.given is not None
        ]
        following = next((a for a in reversed(each.attempts) if a.given and a.given.next_by), None)
        views.append(
            NoticeView(
                number=each.number,
                event=each.given.event,
                on=each.given.on,
                order=each.given.order,
                due_at=each.due_at,
                is_done=each.is_done,
                is_overdue=not each.is_done and context.clock.now() > each.due_at,
                is_before=each.given.event in BEFORE_IT,
                attempts=tuple(lines),
                failed=failed,
                next_by=masker.masked_or_none(following.given.next_by, by=following.by)
                if following and following.given
                else None,
                may_record=may_try and each.case == case,
            )
        )
    return tuple(sorted(views, key=lambda view: (view.is_done, view.due_at)))


def not_reached(work: Work, context: Context, case: str, together: Sequence[str]) -> tuple[NoticeView, ...]:
    """Return the notices of a case that did not reach the victim safely; part of a larger use case."""
    return tuple(each for each in notice_views(work, context, case, together) if each.stays_on_top)


def notice_lines(
    work: Work, acting: Acting, clock: Clock, agencies: Sequence[AgencyKnown]
) -> Iterator[LongLines | WorkLine]:
    """Yield a person's lines: each notice that waits, for the people who may reach the victim.

    Coordinators and chair get those that are overdue, or where an attempt did not reach the victim.
    """
    if acting.role not in CASE_WORKERS:
        return
    if acting.role not in COORDINATOR_AND_CHAIR and not speaks_for_victim(acting, agencies):
        yield from map(line_of, _officers_items(work, acting, clock))
        return

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        cases = list(dict.fromkeys(each.case for each in rows))
        there = {(each.case, str(each.number)): each for each in work.victim_notices.of(cases)}
        for each in rows:
            yield _item(there[each.case, each.about], clock)

    for kind in (due.NOT_REACHED, due.INFORM):
        yield due_lines(kind, work, acting, clock, write=write)


def _officers_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    """Yield the notices that wait on the cases whose safe-contact officer this person is.

    There is no row of who that is: it is read with the vault's other facts, of few cases.
    """
    named = work.reviews.cases_entrusted_to(acting.user)
    there = [each.reference for each in open_cases(work, acting, work.cases.all(named))] if named else []
    officers = officers_on(work, there)
    for notice in work.victim_notices.of([case for case in there if officers.get(case) == acting.user]):
        if not notice.is_done:
            yield _item(notice, clock)


def _item(notice: StoredNotice, clock: Clock) -> WorkItem:
    target, late = notice.due_at.astimezone(LONDON), clock.now() > notice.due_at
    failed = sum(not attempt.reached for attempt in notice.attempts)
    tried = f"{failed} attempt{'' if failed == 1 else 's'} failed. " if failed else ""
    before = "Before it takes effect: " if notice.given.event in BEFORE_IT else "By "
    is_pressing = bool(failed) or late
    return WorkItem(
        reference=notice.case,
        what=f"Inform the victim{' (not reached safely)' if is_pressing else ''}: {notice.given.event.value}",
        why=f"{tried}{before}{target:%H:%M on} {target.day} {target:%B %Y}. Through the safe contact only.",
        due_at=notice.due_at,
        is_overdue=late,
        is_alarm=False,
        kind=(due.NOT_REACHED if is_pressing else due.INFORM).name,
    )


def _may_try(
    work: Work, acting: Acting, case: str, agencies: Sequence[AgencyKnown], through: Through
) -> bool:
    if through is Through.OFFICER:
        return officer_on(work, case) == acting.user
    return speaks_for_victim(acting, agencies) and acting.user in work.cases.people_on(case)


def _require_not_contested(work: Work, case: str) -> None:
    if standing_of(work, case) in NO_RIGHT:
        raise InvalidInputError(
            f"referral {case}",
            "who the victim is, is contested; until the panel has assessed it, do not inform anyone by right",
        )
