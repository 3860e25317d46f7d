"""The worklist: each person's open tasks and why. Time is worked out from the clock at every read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from engine.access.policy import May, require
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import OpenAlarm
from engine.domain.cases.lifecycle import BEING_ASKED, State
from engine.domain.cases.views import NOT_SCREENED_WARNING
from engine.domain.cases.worklists import WorkItem, Worklist
from engine.domain.plans.actions import is_overdue
from engine.gc_pause import collector_less_eager
from engine.services.access.checks import open_among, open_cases
from engine.services.access.emergency import urgent_look_items
from engine.services.access.log import look_items
from engine.services.accounts.sent_files import LEFT_AFTER, sweep_uploads
from engine.services.context import Context
from engine.services.drafts import sweep_drafts
from engine.services.links import network_dates
from engine.services.links.associates_requests import associates_items
from engine.services.links.record_requests import record_items, unread_items
from engine.services.orders.areas import area_items
from engine.services.orders.breaches import breach_items
from engine.services.orders.listing import order_items
from engine.services.orders.notices import NOT_REACHED, notice_items
from engine.services.outcomes.quarterly_asking import outcome_items
from engine.services.people.search import searches_waiting
from engine.services.plans.protected_places import place_items
from engine.services.plans.review_worklist import review_items
from engine.services.plans.waiting import plan_items
from engine.services.referrals.arrival import ARRIVAL_ITEM, arrival_items
from engine.services.responses.corrections import change_items
from engine.services.responses.reminders import agency_items, late_answer_items, own_answer_items
from engine.services.responses.unreleasable import unheard_items
from engine.services.rights.retention_due import retention_items
from engine.services.rights.subject_access_due import access_items
from engine.services.rights.victim_requests import request_items
from engine.services.system.audit_anchors import anchor_items
from engine.services.system.outbox import runners_seen
from engine.services.vault.notifications import vault_items
from engine.services.vault.typed_texts import text_items
from engine.settings import Settings
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.services.links.snapshots import LinkSnapshots

_WAITING_FOR_CHAIR = (
    State.READY_FOR_CONFERENCE,
    State.IN_CONFERENCE,
    State.DECIDED,
    State.SAFEGUARDING_TODAY,
)
_CHAIR_DOES = {
    State.READY_FOR_CONFERENCE: "Open the conference: every agency has answered.",
    State.IN_CONFERENCE: "Record the decision: the conference is open.",
    State.DECIDED: "Write the plan: the panel has decided.",
    State.SAFEGUARDING_TODAY: "Record today's safeguarding: it comes first.",
}


def worklist(context: Context, *, snapshots: Callable[[], LinkSnapshots] | None = None) -> Worklist:
    """Return one person's worklist: open alarms first, then by due time; first a line if no runner is alive.

    ``snapshots`` gives the arrays of the link graph if an alert about links has to be checked;
    without it these lines are left out.
    """
    agencies = context.agencies_known
    with collector_less_eager(), context.reading("see worklist") as work:
        items = [
            *_items(work, context.acting, context.clock, context.settings, agencies),
            *_link_items(work, context.acting, context.clock, snapshots),
        ]
        items.sort(key=lambda item: _pressing(item, context.clock))
        # What an agency found on arrival leaves it nowhere, so not as a count in the audit either.
        work.notes(items=sum(item.kind != ARRIVAL_ITEM for item in items))
        first = runner_warning(work, clock=context.clock, settings=context.settings)
        return Worklist(
            user=context.acting.user, role=context.acting.role, first_line=first, items=tuple(items)
        )


def _pressing(item: WorkItem, clock: Clock) -> tuple[bool, bool, bool, datetime]:
    return (
        not item.is_alarm,
        item.kind != NOT_REACHED,
        item.can_wait,
        item.due_at or item.since or clock.now(),
    )


def runner_warning(work: Work, *, clock: Clock, settings: Settings) -> str | None:
    """Return one sentence when no runner has given a sign of life lately."""
    runners = runners_seen(work, clock=clock, settings=settings)
    if runners.alive:
        return None
    seen = runners.last_seen_at
    since = f"stopped at {seen.astimezone(LONDON):%H:%M on %-d %B}" if seen else "have not started"
    return (
        f"Requests and reminders {since} because the background service is not running. Start it with "
        "'stac serve'."
    )


def record_escalations(context: Context) -> int:
    """Record the escalation to the chair of each alarm not acknowledged in time; return how many were new.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.SWEEP, context.acting)
    with context.uow.unrecorded() as work:
        late = [ref for ref, alarm in work.alarms.open().items() if _needs_escalation(alarm, context.clock)]
    if not late:
        return 0
    with context.writing("record escalation of alarms") as work:
        new = [ref for ref in late if work.alarms.record_escalation(ref, at=context.clock.now())]
        work.touches(*new)
        return len(new)


def daily_sweep(context: Context) -> dict[str, int]:
    """Purge, once a day, rejected rows past their time, and count what is overdue. No alarm depends on it.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.SWEEP, context.acting)
    today = context.clock.today()
    with context.uow.unrecorded() as work:  # to count takes long, and a writer must not wait for it
        late_actions = sum(is_overdue(a.status, a.due, today) for a in work.plans.open_actions())
        asked = work.cases.in_states(BEING_ASKED)
        returns = work.answers.returns([i.reference for i in asked])
        late_answers = sum(r.is_overdue(context.clock.now()) for each in returns.values() for r in each)
    with context.writing("daily sweep", steps_back=True) as work:
        purged = work.protected.purge(at=context.clock.now()) + work.protected.searches.purge(
            at=context.clock.now()
        )
        sweep_drafts(work, at=context.clock.now())  # counted nowhere
        over = context.clock.now() - timedelta(days=context.settings.standing_words_kept_days)
        purged += work.erasing.of_queries_over(before=over)
        due = network_dates.forget_due(work, on=today)
        purged += len(due)
        counts = {"purged": purged, "overdue_actions": late_actions, "overdue_answers": late_answers}
        work.notes(**counts)
    network_dates.remove_files(context, due)
    sweep_uploads(context.settings, before=context.clock.now() - LEFT_AFTER)
    return counts


def _needs_escalation(alarm: OpenAlarm, clock: Clock) -> bool:
    return alarm.is_past_due(clock.now()) and alarm.escalated_at is None


def _items(
    work: Work, acting: Acting, clock: Clock, settings: Settings, agencies: Sequence[AgencyKnown]
) -> Iterator[WorkItem]:
    if acting.role in COORDINATOR_AND_CHAIR:
        yield from _alarm_items(work, acting, clock)
    if acting.role is Role.COORDINATOR:
        yield from _rejected_items(work)
        yield from _screening_items(work, acting)
        yield from agency_items(work, clock, settings, agencies)
    if acting.role in COORDINATOR_AND_CHAIR and (count := searches_waiting(work, acting)):
        yield _searches_item(count)
    if acting.role is Role.CHAIR:
        yield from _chair_items(work, acting)
        yield from look_items(work, acting, clock)
    if acting.role in COORDINATOR_AND_CHAIR:
        yield from late_answer_items(work, acting, clock, settings)
        yield from unheard_items(work, acting, clock)
    if acting.role is Role.PRACTITIONER:
        yield from own_answer_items(work, acting, clock)
        yield from outcome_items(work, acting)
        yield from arrival_items(work, acting)
    yield from place_items(work, acting, clock, settings, agencies)
    yield from review_items(work, acting, clock, settings)
    if acting.role in CASE_WORKERS:
        yield from _action_items(work, acting, clock)
        yield from urgent_look_items(work, acting)
    yield from plan_items(work, acting, clock, agencies)
    yield from order_items(work, acting, clock)
    yield from breach_items(work, acting, clock, agencies)
    yield from area_items(work, acting, clock, settings, agencies)
    yield from notice_items(work, acting, clock, agencies)
    yield from vault_items(work, acting, clock)
    yield from request_items(work, acting)
    yield from change_items(work, acting, clock)
    yield from retention_items(work, acting, clock, settings)
    yield from access_items(work, acting, clock, settings, agencies)
    yield from text_items(work, acting)
    yield from associates_items(work, acting, clock)
    yield from record_items(work, acting, clock, agencies)
    yield from unread_items(work, acting, clock, agencies)
    yield from anchor_items(work, acting, clock, settings)


def _link_items(
    work: Work, acting: Acting, clock: Clock, snapshots: Callable[[], LinkSnapshots] | None
) -> Iterator[WorkItem]:
    """Yield lines about links. What they need loads numpy: few have a saved search, or are shared one."""
    if snapshots is None:
        return
    if work.links.queries.all(owner=acting.user):
        from engine.services.links.alerts import alert_items

        yield from alert_items(work, acting, clock, snapshots())
    if work.links.shares.received_by(acting.user):
        from engine.services.links.sharing import shared_items

        yield from shared_items(work, acting, clock, snapshots())


def _alarm_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    """Yield every open alarm for the coordinator; for the chair those not acknowledged in time.

    Of a restricted case the chair is informed immediately: most coordinators do not know of it.
    """
    now = clock.now()
    if acting.role is Role.CHAIR:
        alarms = work.alarms.open(due_before=now)
    else:
        alarms = work.alarms.open()
    there = open_among(work, acting, {ref: alarm.is_screened for ref, alarm in alarms.items()})
    for reference, alarm in alarms.items():
        late = alarm.is_past_due(now)
        if reference not in there:
            continue
        topics = ", ".join(topic.value for topic in alarm.raised)
        yield WorkItem(
            reference=reference,
            what="Acknowledge the alarm",
            why=f"Alarm: {topics}." + (" It was not acknowledged in time." if late else ""),
            due_at=alarm.due_at,
            is_overdue=late,
            is_alarm=True,
            kind="alarm",
        )


def _rejected_items(work: Work) -> Iterator[WorkItem]:
    """Yield the unresolved rejected rows; one with an alarm, or with unreadable ones, is an alarm."""
    for row in work.protected.rejected():
        if row.dealt_with_by is not None:
            continue
        alarming = row.alarms is None or bool(row.alarms)
        topics = "it could not be read, so its alarms are not known" if row.alarms is None else ""
        topics = topics or (f"alarm: {', '.join(row.alarms)}" if row.alarms else "no alarm was raised")
        yield WorkItem(
            reference=f"import {row.import_id}, row {row.row_number}",
            what="Review a rejected row",
            why=f"The row was not imported; {topics}.",
            due_at=None,
            since=row.at,
            is_overdue=False,
            is_alarm=alarming,
            kind="rejected",
        )


def _screening_items(work: Work, acting: Acting) -> Iterator[WorkItem]:
    waiting = work.cases.received(State.NOT_SCREENED)
    there = open_among(work, acting, dict.fromkeys(waiting, False))
    why = NOT_SCREENED_WARNING.capitalize() + "."
    for reference, received_at in waiting.items():
        if reference in there:
            yield _item(reference, received_at, "Screen the referral", why, "screen")


def _chair_items(work: Work, acting: Acting) -> Iterator[WorkItem]:
    arrived = work.cases.in_states([State.NOT_SCREENED], only_restricted=True)
    for involvement in open_cases(work, acting, arrived):
        why = "Restricted, and not screened: only the people named on it and you can view it."
        yield _item(
            involvement.reference,
            involvement.received_at,
            "Check that a restricted referral is screened",
            why,
            "screen",
        )
    waiting = set(work.plans.asking_approval())
    for involvement in open_cases(work, acting, work.cases.in_states(_WAITING_FOR_CHAIR)):
        if involvement.reference in waiting:
            continue  # its line is about the approval
        does = _CHAIR_DOES[involvement.state]
        yield _item(involvement.reference, involvement.received_at, does.split(":")[0], does, "chair")


def _searches_item(count: int) -> WorkItem:
    return WorkItem(
        reference="searches",
        what="Review searches that were sent",
        why=f"{count} to review, including any that matched a victim or protected details.",
        due_at=None,
        is_overdue=False,
        is_alarm=False,
        kind="search",
    )


def _action_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    actions = work.plans.open_actions()
    there = {i.reference for i in open_cases(work, acting, work.cases.all({a.involvement for a in actions}))}
    for action in actions:
        late = is_overdue(action.status, action.due, clock.today())
        mine = acting.role in COORDINATOR_AND_CHAIR or action.agency == acting.agency
        soon = (action.due - clock.today()).days <= 7
        is_near = late or (soon and acting.role not in COORDINATOR_AND_CHAIR)
        if action.involvement not in there or not mine or not is_near:
            continue
        yield WorkItem(
            reference=action.involvement,
            what=f"Action {action.reference} of {action.agency}",
            why=f"{action.agency}: {'overdue since' if late else 'due'} {action.due:%-d %B}, "
            f"{action.status.value}.",
            due_at=_end_of(action.due),
            is_overdue=late,
            is_alarm=False,
            kind="action",
            agency=action.agency,
            action=action.reference,
        )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), LONDON)


def _item(reference: str, since: datetime, what: str, why: str, kind: str) -> WorkItem:
    return WorkItem(
        reference=reference,
        what=what,
        why=why,
        due_at=None,
        since=since,
        is_overdue=False,
        is_alarm=False,
        kind=kind,
    )
