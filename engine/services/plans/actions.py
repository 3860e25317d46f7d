"""Reports on actions: by the agency that owns the action, a coordinator or the chair; and undoing one."""

from __future__ import annotations

from datetime import timedelta

from engine.access.policy import May
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.involvement import Involvement
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.plans.actions import ActionStatus, Delivered
from engine.domain.plans.versions import StoredAction
from engine.domain.typed_days import require_past
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import finding_part, open_case
from engine.services.context import Context
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work

UNDO_WITHIN = timedelta(minutes=10)
_NEEDS_NOTE = frozenset({ActionStatus.NOT_POSSIBLE, ActionStatus.NOT_DONE})


def act(
    context: Context,
    *,
    action: str,
    status: ActionStatus,
    note: str | None = None,
    delivered: Delivered | None = None,
) -> StoredAction:
    """Report on an action: by the agency that owns it, a coordinator or the chair. "Not done" needs a reason.

    An action of a plan that is not approved yet can be reported on only if it is an urgent safety action.

    Raises
    ------
    InvalidInputError
        The status needs a note, the date is in the future, or the action is not in delivery.
    NotPermittedError
        The role may not report, or the practitioner's agency does not own the action.
    """
    if status in _NEEDS_NOTE and not note:
        raise InvalidInputError("note", f"'{status.value}' needs a reason; give one")
    delivered = delivered or Delivered()
    require_past("done_on", delivered.done_on, on=context.clock.today())
    with context.writing("report on action", once=(action, status, note, delivered)) as work:
        involvement, before = _in_delivery(work, context.acting, action)
        check_typed(work, involvement, TypedWhere.ACTION, [note], acting=context.acting, clock=context.clock)
        work.notes(action=action, status=status.value)
        return work.plans.report(
            before,
            status=status,
            note=note,
            done_on=delivered.done_on,
            sessions=delivered.sessions,
            minutes=delivered.minutes,
            sessions_offered=delivered.sessions_offered,
            by=context.acting.user,
            at=context.clock.now(),
        )


def undo_report(context: Context, *, action: str) -> StoredAction:
    """Undo one's own last report within ten minutes: what was reported before it applies again.

    The report stays in the history of the action.

    Raises
    ------
    InvalidInputError
        The last report is another person's or older than ten minutes, there is none, or the action is not in
        delivery.
    NotPermittedError
        The role may not report, or the practitioner's agency does not own the action.
    """
    with context.writing("undo report on action") as work:
        _, before = _in_delivery(work, context.acting, action)
        report = work.plans.last_report(action)
        is_own = report is not None and report.by == context.acting.user
        if report is None or not is_own or context.clock.now() - report.at > UNDO_WITHIN:
            raise InvalidInputError(
                f"action {action}",
                "only your own last report can be undone, within 10 minutes; report again instead",
            )
        work.notes(action=action, undid=report.version)
        return work.plans.undo_report(before, report, by=context.acting.user, at=context.clock.now())


def _in_delivery(work: Work, acting: Acting, action: str) -> tuple[Involvement, StoredAction]:
    """Return an action that this person may report on, with the content that is in delivery, and its case."""
    with finding_part(work, acting):
        newest = work.plans.action(action)
    try:
        involvement = open_case(work, acting, newest.involvement, May.ACT)
    except NotFoundError:
        raise NotFoundError("action", action) from None  # it may not show whose it is
    plan = work.plans.of([newest.involvement])[newest.involvement]
    live = {each.reference: each for each in plan.live}.get(action)
    owner = (live or newest).agency
    if acting.role is Role.PRACTITIONER and acting.agency != owner:
        raise NotPermittedError(
            f"update an action of {owner}",
            who_may=f"a practitioner of {owner}, a coordinator or the chair",
        )
    if live is None:
        raise InvalidInputError(
            f"action {action}",
            "it is not in delivery; its plan waits for approval by the chair, or no longer has it",
        )
    return involvement, live
