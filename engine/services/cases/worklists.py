"""The worklist: each person's open tasks and why. Time is worked out from the clock at every read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.access.policy import May, require
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import OpenAlarm
from engine.domain.cases.lifecycle import BEING_ASKED
from engine.domain.cases.worklists import (
    SHARED_ITEM,
    LongLines,
    WorkGroup,
    WorkItem,
    WorkLine,
    Worklist,
    WorklistPage,
    WorklistSection,
    line_of,
    section_of,
    written,
)
from engine.domain.plans.actions import is_overdue
from engine.gc_pause import collector_less_eager
from engine.services.access.emergency import urgent_look_items
from engine.services.access.log import look_items
from engine.services.accounts.sent_files import LEFT_AFTER, sweep_uploads
from engine.services.alarms.lines import (
    done_lines,
    incident_lines,
    owner_lines,
    raised_lines,
    topics_lines,
)
from engine.services.alarms.questions_due import child_lines, works_for_lines
from engine.services.cases.names import named_items
from engine.services.cases.responsible_due import responsible_lines
from engine.services.cases.worklist_lines import (
    action_lines,
    alarm_lines,
    rejected_items,
    restricted_to_screen_lines,
    screening_lines,
    searches_item,
)
from engine.services.conference.waiting import chair_lines
from engine.services.context import Context
from engine.services.drafts import sweep_drafts
from engine.services.links import network_dates
from engine.services.links.associates_requests import associates_items
from engine.services.links.record_requests import record_items, unread_items
from engine.services.orders.areas import area_items
from engine.services.orders.breach_worklist import breach_lines
from engine.services.orders.gaps_waiting import GAP, gap_lines
from engine.services.orders.notices import NOT_REACHED, notice_lines
from engine.services.orders.worklist_lines import order_lines
from engine.services.outcomes.quarterly_asking import outcome_items
from engine.services.people.duplicates_waiting import duplicate_lines
from engine.services.people.search import searches_waiting
from engine.services.plans.police_decision_lines import police_decision_lines
from engine.services.plans.protected_places import place_items
from engine.services.plans.review_worklist import review_lines
from engine.services.plans.waiting import plan_lines
from engine.services.referrals.advice_due import advice_lines
from engine.services.referrals.arrival import ARRIVAL_ITEM, arrival_items
from engine.services.responses.corrections import change_items
from engine.services.responses.due_dates import returned
from engine.services.responses.recorded_danger import danger_lines
from engine.services.responses.reminders import agency_items, late_answer_lines, own_answer_lines
from engine.services.responses.unreleasable import unheard_items
from engine.services.rights.retention_due import retention_lines
from engine.services.rights.subject_access_due import access_items
from engine.services.rights.victim_requests import request_items
from engine.services.system.audit_anchors import anchor_items
from engine.services.system.outbox import runners_seen
from engine.services.system.reserve import ON_RESERVE, Reserve
from engine.services.system.verification_lines import verification_items
from engine.services.vault.despair_lines import DESPAIR, despair_items
from engine.services.vault.guesses import guess_items
from engine.services.vault.notifications import vault_items
from engine.services.vault.typed_texts import text_items
from engine.settings import Settings
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.services.links.snapshots import LinkSnapshots

_SAFETY_FIRST = (NOT_REACHED, GAP.name)
"""The kinds of lines that come before all but alarms: a victim not reached, and no order that applies."""


def worklist(context: Context, *, snapshots: Callable[[], LinkSnapshots] | None = None) -> Worklist:
    """Return one person's worklist: open alarms first, then by due time; first a line if no runner is alive.

    ``snapshots`` gives the arrays of the link graph if an alert about links has to be checked;
    without it these lines are left out.
    """
    acting = context.acting
    context.uow.derive_all()
    with collector_less_eager(), context.reading("see worklist") as work:
        first, found = _found(work, context, snapshots)
        lines = _in_order(found, context.clock.now(), most=lambda each: each.total)
        return Worklist(
            user=acting.user,
            role=acting.role,
            first_line=first,
            items=written(lines),
            or_more=bool(_stopped(found)),
        )


def worklist_page(
    context: Context,
    *,
    pages: Callable[[str], int] = lambda _: 1,
    at_once: int = 50,
    named: Collection[str] = (),
    snapshots: Callable[[], LinkSnapshots] | None = None,
) -> WorklistPage:
    """Return one page of each section of a person's worklist: only its lines are written.

    ``pages`` gives the page of a section that is wanted, counted from 1; past the last it is the last.
    Lines of the sections ``named`` have the names of their cases, as from ``name_items``, under the one audit
    entry of the list. ``snapshots`` as in ``worklist``.
    """
    acting = context.acting
    context.uow.derive_all()
    with collector_less_eager(), context.reading("see worklist") as work:
        first, found = _found(work, context, snapshots)
        totals = Counter[str]()
        for each in found:
            totals[each.section] += each.total
        chosen = {
            name: max(1, min(pages(name), -(-of // at_once))) if of else 1 for name, of in totals.items()
        }
        lines = _in_order(found, context.clock.now(), most=lambda each: chosen[each.section] * at_once)
        sections: dict[str, list[WorkLine]] = {}
        for line in lines:
            sections.setdefault(line.section, []).append(line)
        for name, of in sections.items():
            totals[name] = max(
                totals[name], len(of)
            )  # on PostgreSQL one may have come since they were counted
        in_order = sorted(sections, key=lambda name: name not in named)
        shown = {name: sections[name][(chosen[name] - 1) * at_once :][:at_once] for name in in_order}
        all_shown = written([line for of in shown.values() for line in of])
        if named:
            count = sum(len(of) for name, of in shown.items() if name in named)
            all_shown = (*named_items(work, acting, all_shown[:count]), *all_shown[count:])
        items, stopped = iter(all_shown), _stopped(found)
        return WorklistPage(
            user=acting.user,
            role=acting.role,
            first_line=first,
            total=totals.total(),
            overdue=sum(each.overdue for each in found),
            or_more=bool(stopped),
            sections={
                name: WorklistSection(
                    total=totals[name],
                    or_more=name in stopped,
                    page=chosen[name],
                    items=tuple(next(items) for _ in of),
                )
                for name, of in shown.items()
            },
            to_chase={
                agency: number
                for each in found
                if isinstance(each, LongLines)
                for agency, number in each.by_about().items()
            },
            shared=tuple(line.reference for line in lines if line.kind == SHARED_ITEM),
        )


def _found(
    work: Work, context: Context, snapshots: Callable[[], LinkSnapshots] | None
) -> tuple[str | None, list[LongLines | WorkLine]]:
    """Return the first line of the page, if no runner is alive, and every other line, or what reads it."""
    acting, clock = context.acting, context.clock
    found = [
        *(
            each
            for each in _lines(work, acting, clock, context.settings, context.agencies_known)
            if each.total or (isinstance(each, LongLines) and each.or_more)
        ),
        *map(line_of, _link_items(work, acting, clock, snapshots)),
    ]
    if work.closed_because is not None:
        found = [each for each in found if each.section == section_of(WorkGroup.ALARM)]
    # What an agency found on arrival, and that a protected note exists, is not counted in the audit either.
    work.notes(items=sum(each.total for each in found if each.kind not in (ARRIVAL_ITEM, DESPAIR)))
    return work.closed_because or runner_warning(work, clock=clock, settings=context.settings), found


def _stopped(found: Sequence[LongLines | WorkLine]) -> frozenset[str]:
    """Return the sections that may have more lines than were counted."""
    return frozenset(each.section for each in found if isinstance(each, LongLines) and each.or_more)


def _in_order(
    found: Sequence[LongLines | WorkLine], now: datetime, *, most: Callable[[LongLines], int]
) -> list[WorkLine]:
    """Return the lines, most pressing first: of long ones so many, which are the first of them."""
    lines = [
        line
        for each in found
        for line in (each.first(most(each)) if isinstance(each, LongLines) else (each,))
    ]
    return sorted(lines, key=lambda line: _pressing(line, now))


def _pressing(line: WorkLine, now: datetime) -> tuple[bool, int, bool, datetime]:
    can_wait = line.group in (WorkGroup.RESPONSIBLE, WorkGroup.CAN_WAIT)
    of_safety = _SAFETY_FIRST.index(line.kind) if line.kind in _SAFETY_FIRST else len(_SAFETY_FIRST)
    return (not line.is_alarm, of_safety, can_wait, line.due_at or line.since or now)


_REQUESTS_LATE = (
    "Requests to agencies are late, although the background service is running. Ask an operator to run "
    "'stac doctor'. If a case of yours is urgent, ask its agencies by phone."
)
"""All users read it, so it names no referral: the one that waits may be hidden from its reader."""


def runner_warning(work: Work, *, clock: Clock, settings: Settings) -> str | None:
    """Return one sentence when no runner has given a sign of life lately, or does not do its work."""
    if Reserve(settings).is_given_up:
        return ON_RESERVE
    runners = runners_seen(work, clock=clock, settings=settings)
    if runners.alive:
        is_late = work.outbox.late_requests(at=clock.now()) > 0
        return _REQUESTS_LATE if is_late else None
    seen = runners.last_seen_at
    since = f"stopped at {seen.astimezone(LONDON):%H:%M on %-d %B %Y}" if seen else "have not started"
    return (
        f"Requests and reminders {since} because the background service is not running. Ask an operator to "
        "start it ('stac serve')."
    )


def record_escalations(context: Context) -> int:
    """Record the escalation to the chair of each alarm not acknowledged in time; return how many were new."""
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
    """Purge, once a day, rejected rows past their time, and count what is overdue. No alarm depends on it."""
    require(May.SWEEP, context.acting)
    today = context.clock.today()
    with context.reading("count what is overdue") as work:  # takes long, and a writer must not wait for it
        late_actions = sum(is_overdue(a.status, a.due, today) for a in work.plans.open_actions())
        asked = work.cases.in_states(BEING_ASKED)
        returns = returned(work, [i.reference for i in asked], context.settings)
        late_answers = sum(r.is_overdue(context.clock.now()) for each in returns.values() for r in each)
        work.notes(overdue_actions=late_actions, overdue_answers=late_answers)
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


def _lines(
    work: Work, acting: Acting, clock: Clock, settings: Settings, agencies: Sequence[AgencyKnown]
) -> Iterator[LongLines | WorkLine]:
    """Yield lines; those of long lists are written later, and the longest are read later."""
    if acting.role in COORDINATOR_AND_CHAIR:
        yield alarm_lines(work, acting, clock)
        yield late_answer_lines(work, acting, clock, settings)
        yield from review_lines(work, acting, clock, settings)
        yield duplicate_lines(work, acting)
        yield from advice_lines(work, acting, clock)
    if acting.role in CASE_WORKERS:
        yield raised_lines(work, acting, clock, settings.alarm_desk_outside)
        yield owner_lines(work, acting, clock)
        yield done_lines(work, acting, clock)
        yield topics_lines(work, acting, clock)
        yield child_lines(work, acting, clock)
        yield works_for_lines(work, acting, clock)
        yield incident_lines(work, acting, clock)
    if acting.role in COORDINATOR_AND_CHAIR:
        yield danger_lines(work, acting, clock, agencies)
    if acting.role is Role.COORDINATOR:
        yield from map(line_of, rejected_items(work))
        yield screening_lines(work, acting, clock)
        yield responsible_lines(work, acting, clock)
    if acting.role is Role.CHAIR:
        yield restricted_to_screen_lines(work, acting, clock)
        yield responsible_lines(work, acting, clock)
        yield chair_lines(work, acting, clock, settings, agencies)
    if acting.role is Role.PRACTITIONER:
        yield from own_answer_lines(work, acting, clock, settings)
        yield from police_decision_lines(work, acting, clock, agencies)
    if acting.role in CASE_WORKERS:
        yield action_lines(work, acting, clock)
        yield from gap_lines(work, acting, clock)
        yield from order_lines(work, acting, clock)
    yield from plan_lines(work, acting, clock, agencies)
    yield from breach_lines(work, acting, clock, agencies)
    yield from notice_lines(work, acting, clock, agencies)
    yield retention_lines(work, acting, clock, settings)
    yield from map(line_of, _items(work, acting, clock, settings, agencies))


def _items(
    work: Work, acting: Acting, clock: Clock, settings: Settings, agencies: Sequence[AgencyKnown]
) -> Iterator[WorkItem]:
    if acting.role is Role.COORDINATOR:
        yield from agency_items(work, clock, settings, agencies)
    if acting.role in COORDINATOR_AND_CHAIR and (count := searches_waiting(work, acting)):
        yield searches_item(count)
    if acting.role is Role.CHAIR:
        yield from look_items(work, acting, clock)
    if acting.role in COORDINATOR_AND_CHAIR:
        yield from unheard_items(work, acting, clock, settings)
    if acting.role is Role.PRACTITIONER:
        yield from outcome_items(work, acting)
        yield from arrival_items(work, acting)
    if acting.role in CASE_WORKERS:
        yield from place_items(work, acting, clock, settings, agencies)
        yield from guess_items(work, acting, clock, agencies)
        yield from urgent_look_items(work, acting)
        yield from area_items(work, acting, clock, settings, agencies)
    yield from vault_items(work, acting, clock)
    yield from despair_items(work, acting, clock, settings, agencies)
    yield from request_items(work, acting)
    yield from change_items(work, acting, clock)
    yield from access_items(work, acting, clock, settings, agencies)
    yield from text_items(work, acting)
    yield from associates_items(work, acting, clock)
    yield from record_items(work, acting, clock, agencies)
    yield from unread_items(work, acting, clock, agencies)
    yield from anchor_items(work, acting, clock, settings)
    yield from verification_items(work, acting, clock)


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
