"""Lines of a worklist about alarms, rejected rows, screening and actions that are due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.due import Waits
from engine.domain.cases.involvement import OpenAlarm
from engine.domain.cases.views import NOT_SCREENED_WARNING
from engine.domain.cases.worklists import (
    LongLines,
    WorkGroup,
    WorkItem,
    WorkLine,
    line_to_write,
    section_of,
)
from engine.services.access.checks import known_part
from engine.services.due.lines import due_lines
from engine.services.plans.due import ACTION
from engine.services.referrals.due import SCREEN
from engine.store.unit_of_work import Work

_ALARM = "alarm"


def alarm_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return every open alarm for the coordinator; for the chair those not acknowledged in time.

    Of a restricted case the chair is informed immediately: most coordinators do not know of it. The same goes
    for one that a coordinator typed: who typed it does not acknowledge it.
    """
    now, there, late = clock.now(), known_part(work, acting), acting.role is Role.CHAIR

    def first(most: int) -> list[WorkLine]:
        alarms = work.alarms.first_open(there, at=now, most=most, late=late)

        def words(references: Sequence[str]) -> Iterator[WorkItem]:
            for reference in references:
                yield _alarm_item(reference, alarms[reference], is_late=alarms[reference].is_past_due(now))

        return [
            line_to_write(
                reference,
                _ALARM,
                words=words,
                due_at=alarm.due_at,
                is_overdue=alarm.is_past_due(now),
                is_alarm=True,
            )
            for reference, alarm in alarms.items()
        ]

    total, overdue = work.alarms.count_open(there, at=now, late=late)
    return LongLines(section_of(WorkGroup.ALARM), _ALARM, total, overdue, first)


def _alarm_item(reference: str, alarm: OpenAlarm, *, is_late: bool) -> WorkItem:
    return WorkItem(
        reference=reference,
        what="Acknowledge the alarm",
        why=_referred(alarm) + (" It was not acknowledged in time." if is_late else ""),
        due_at=alarm.due_at,
        is_overdue=is_late,
        is_alarm=True,
        kind=_ALARM,
    )


def _referred(alarm: OpenAlarm) -> str:
    """Return its topics; one that was taken back was raised, and a person acknowledges it all the same."""
    taken_back = [f"{each.topic.value} ({each.in_words})" for each in alarm.taken_back]
    return _topics([*alarm.raised, *taken_back]) if alarm.raised or taken_back else "Its content was erased."


def _topics(alarms: Sequence[str]) -> str:
    named = ", ".join(alarms)
    return f"{named[:1].upper()}{named[1:]}."


NO_TOPIC_IS_YES = "No alarm topic in it is a yes. Not known and not asked are not a no."


def rejected_items(work: Work) -> Iterator[WorkItem]:
    """Yield the unresolved rejected rows; one with an alarm, or with unreadable ones, is an alarm."""
    for row in work.protected.rejected():
        if row.dealt_with_by is not None:
            continue
        alarming = row.alarms is None or bool(row.alarms)
        why = "It could not be read, so its alarms are not known." if row.alarms is None else ""
        why = why or (_topics(row.alarms) if row.alarms else NO_TOPIC_IS_YES)
        yield WorkItem(
            reference=f"import {row.import_id}, row {row.row_number}",
            what="Review a rejected row",
            why=why,
            due_at=None,
            since=row.at,
            is_overdue=False,
            is_alarm=alarming,
            kind="rejected",
        )


def screening_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return every referral that a coordinator may screen."""
    why = NOT_SCREENED_WARNING.capitalize() + "."

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for each in rows:
            yield _item(each.case, each.since, "Screen the referral", why, SCREEN.name)

    return due_lines(SCREEN, work, acting, clock, write=write)


def restricted_to_screen_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return, for the chair, every restricted referral that is not screened: few coordinators know of one."""
    why = "Only the people named on it and you can view it."

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for each in rows:
            what = "Check that a restricted referral is screened"
            yield _item(each.case, each.since, what, why, SCREEN.name)

    return due_lines(SCREEN, work, acting, clock, write=write)


def searches_item(count: int) -> WorkItem:
    searches = "search" if count == 1 else "searches"
    return WorkItem(
        reference="searches",
        what="Review searches that were sent",
        why=f"{count} {searches}, including any that matched a victim or protected details.",
        due_at=None,
        is_overdue=False,
        is_alarm=False,
        kind="search",
    )


def action_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return the open actions that are late, and for a practitioner those of their agency within a week."""
    now = clock.now()

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for each in rows:
            action, agency = each.about.split()
            day = each.due.astimezone(LONDON).date() if each.due else None
            yield WorkItem(
                reference=each.case,
                what=f"Action {action} of {agency}",
                why=f"{agency}: {each.version}.",
                due_at=_end_of(day) if day else None,
                is_overdue=each.due is not None and each.due < now,
                is_alarm=False,
                kind=ACTION.name,
                agency=agency,
                action=action,
            )

    return due_lines(ACTION, work, acting, clock, write=write)


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
