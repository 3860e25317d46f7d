"""Lines of a worklist about alarms that were raised after the referral, and about entered incidents.

Alarms are read from rows of what waits and from the facts of the last weeks as well: should a row be missing,
its alarm is there all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.alarms import Door, RaisedAlarm
from engine.domain.cases.due import Waits
from engine.domain.cases.worklists import LongLines, WorkGroup, WorkItem, WorkLine, line_of, section_of
from engine.services.access.checks import classes_shown, open_among, or_nowhere
from engine.services.alarms.due import ALARM, ALARM_DONE, ALARM_OWNER, ALARM_SINCE, ASK_TOPICS, INCIDENT
from engine.services.alarms.knowing import known_among
from engine.services.alarms.readers import Readers
from engine.services.due.lines import chosen_rows, due_lines
from engine.store.repositories.due import AT_MOST
from engine.store.unit_of_work import Work

_FACTS_OF = timedelta(days=14)
_LEARNT_BY = {
    Door.INCIDENT: "an incident",
    Door.RESPONSE: "a response",
    Door.REMARK: "a remark",
    Door.VICTIM_WORDS: "the victim's words",
    Door.OUTCOME: "an outcome",
    Door.BREACH: "a breach of an order",
    Door.CORRECTION: "a corrected referral",
}


def raised_lines(work: Work, acting: Acting, clock: Clock, desk_outside: str | None = None) -> LongLines:
    """Return each alarm that was raised after a referral, is open, and is this person's to know of.

    ``desk_outside`` is that of the settings, for restricted cases.
    """
    by_case: dict[tuple[str, bool], list[RaisedAlarm]] = {}
    alarms_open, readers, or_more = _open_alarms(work, acting, clock)
    for alarm in alarms_open:
        by_case.setdefault((alarm.case, alarm.told_at is None), []).append(alarm)
    items = []
    for (case, _), alarms in by_case.items():
        item = _alarm_item(alarms, acting, clock)
        if readers.is_restricted(case) and (item.is_overdue or not readers.others(case)):
            item = item.model_copy(update={"why": f"{item.why} {_desk_in_words(desk_outside)}"})
        items.append(item)

    def first(most: int) -> list[WorkLine]:
        return [line_of(item) for item in items[:most]]

    overdue = sum(item.is_overdue for item in items)
    section = section_of(WorkGroup.ALARM)
    return LongLines(section, ALARM.name, len(items), overdue, first, or_more=or_more)


def _desk_in_words(desk: str | None) -> str:
    if not desk:
        return "No contact outside the agencies is set."
    return f"Call the contact outside the agencies: {desk}."


def _open_alarms(work: Work, acting: Acting, clock: Clock) -> tuple[list[RaisedAlarm], Readers, bool]:
    """Return the alarms, who has them, and whether there may be more."""
    now = clock.now()
    waiting = work.due.first(chosen_rows(ALARM_SINCE, work, acting, clock), most=AT_MOST)
    classes = classes_shown(work, acting, on=clock.today())
    recent = work.raised_alarms.raised_since(now - _FACTS_OF, agency=acting.agency, classes=classes)
    cases = {each.case for each in waiting} | set(recent)
    # A case may be among them by what this person may not know of: what follows is asked without one too.
    there = or_nowhere(sorted(open_among(work, acting, work.cases.screened(cases))))
    named = work.cases.open_to(acting.user, among=there)
    readers = Readers(work, acting, there, named)
    still = [alarm for alarms in work.raised_alarms.of(there, always=True).values() for alarm in alarms]
    known = known_among(work, acting, still, at=now)
    found = [alarm for alarm in known if alarm.is_open(now) and readers.have(alarm)]
    found.sort(key=lambda alarm: alarm.due_at or alarm.at)
    return found, readers, len(waiting) >= AT_MOST


def _alarm_item(alarms: Sequence[RaisedAlarm], acting: Acting, clock: Clock) -> WorkItem:
    """Return one line for the open alarms of a case, those due first before the others."""
    alarm, now = alarms[0], clock.now()
    held = alarm.held
    due = alarm.due_at if held is None or alarm.told_at is None else held.until
    is_late = due is not None and due < now
    topics = dict.fromkeys(topic for each in alarms for topic in each.raised)
    newest = max(alarms, key=lambda each: each.at)
    learnt = f"Learnt from {_LEARNT_BY[newest.door]} ({newest.about}), {_when(newest.at)}."
    others = f" {len(alarms) - 1} more before it." if len(alarms) > 1 else ""
    why = f"{_topics(topics)} {learnt}{others}"
    if alarm.told_at is None:
        return _own_item(alarm, why, due, is_late, is_owner=acting.speaks_for(alarm.owner))
    if held is not None:
        why += f" {held.holder} had it until {_when(due or now)}. What was done is not recorded."
    elif is_late:
        why += " It was not acknowledged in time."
    if {each.by for each in alarms} == {acting.user}:
        why += " You recorded it: another person must acknowledge it."
    return WorkItem(
        reference=alarm.case,
        what="Acknowledge the alarm" if acting.role in COORDINATOR_AND_CHAIR else "Read the alarm",
        why=why,
        due_at=due,
        since=alarm.told_at,
        is_overdue=is_late,
        is_alarm=True,
        kind=ALARM.name,
    )


def _own_item(
    alarm: RaisedAlarm, why: str, due: datetime | None, is_late: bool, *, is_owner: bool
) -> WorkItem:
    """Return the line about an alarm that the panel does not have: its owner decides, others may read it."""
    if len(alarm.owners) > 1:
        why += " The panel does not have it: only the agencies that it was shared with."
    else:
        why += " Only your agency's people on the case have it."
    return WorkItem(
        reference=alarm.case,
        what="Release, refuse and say why, or override for immediate danger"
        if is_owner
        else "Read the alarm",
        why=f"{why} It was due." if is_late else why,
        due_at=due,
        since=alarm.at,
        is_overdue=is_late,
        is_alarm=True,
        kind=ALARM.name,
    )


def owner_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return the alarms that this person has until they record what was done."""

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for alarm, each in _alarms_of(work, rows):
            why = f"{_topics(alarm.raised)} You have this alarm until {_when(each.due or each.since)}."
            yield _item(each, "Record what was done about the alarm", why, ALARM_OWNER.name, clock.now())

    return due_lines(ALARM_OWNER, work, acting, clock, write=write)


def done_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return the alarms that something was done about, on cases that no conference will decide on."""

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for alarm, each in _alarms_of(work, rows):
            ways = "Step the case up, or end the alarm with a reason."
            why = f"{_topics(alarm.raised)} No conference is to come. {ways}"
            yield _item(each, "Decide on the alarm", why, ALARM_DONE.name, clock.now())

    return due_lines(ALARM_DONE, work, acting, clock, write=write)


def topics_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return the threats and assaults that were recorded without alarm topics."""

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for each in rows:
            why = f"Incident {each.about}, recorded {_when(each.since)}. Not asked is not a no."
            yield _item(each, "Ask the alarm topics", why, ASK_TOPICS.name, clock.now())

    return due_lines(ASK_TOPICS, work, acting, clock, write=write)


def incident_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return the entered incidents that no one has acted on since."""

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        states = work.cases.states({each.case for each in rows})
        for each in rows:
            more = int(each.version) - 1
            others = f" and {more} more" if more else ""
            state = states[each.case][0].value
            why = f"Incident {each.about}{others}, recorded {_when(each.since)}. The case: {state}."
            what = "Review the incidents" if more else "Review the incident"
            yield _item(each, what, why, INCIDENT.name, clock.now())

    return due_lines(INCIDENT, work, acting, clock, write=write)


def _alarms_of(work: Work, rows: Sequence[Waits]) -> Iterable[tuple[RaisedAlarm, Waits]]:
    there = {
        alarm.reference: alarm
        for alarms in work.raised_alarms.of(sorted({each.case for each in rows})).values()
        for alarm in alarms
    }
    return [(there[each.about], each) for each in rows]


def _topics(topics: Iterable[str]) -> str:
    named = ", ".join(topics)
    return f"{named[:1].upper()}{named[1:]}."


def _when(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B %Y, %H:%M}"


def _item(each: Waits, what: str, why: str, kind: str, now: datetime) -> WorkItem:
    return WorkItem(
        reference=each.case,
        what=what,
        why=why,
        due_at=each.due,
        since=each.since,
        is_overdue=each.due is not None and each.due < now,
        is_alarm=False,
        kind=kind,
    )
