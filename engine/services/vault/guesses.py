"""Alarms about writers who name many places of one case: likely guesses. A person asks, and records why.

Guesses are counted, not hits: a right guess and a wrong one give the same line, so the line answers nothing.
No use case here names the case in the audit log, whose entries the access log of the case shows: the writer
who was counted reads it. The entry has the record's reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from engine.access.policy import May, require
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.rights.retention import DESK_OWNER
from engine.domain.typed_days import require_past
from engine.domain.vault.many_places import (
    MANY_PLACES,
    AlarmOfPlaces,
    AlarmsOfPlaces,
    AskedGiven,
    AskedSeen,
    AskedStored,
    ManyPlaces,
    newest_asked_about,
    writers_of_many_places,
)
from engine.services.access.checks import open_part
from engine.services.access.masking import maskers_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.vault.permissions import learns_of_places_on
from engine.store.unit_of_work import Work

MANY_PLACES_TYPED = "many places in typed texts"
"""The kind of a line about a writer who named many places."""
_SHOWN_FOR = timedelta(days=28)


def guess_items(
    work: Work, acting: Acting, clock: Clock, agencies: Sequence[AgencyKnown]
) -> Iterator[WorkItem]:
    """Yield an alarm for each other writer who named many places of one case within 24 hours.

    The chair is shown those of every case that is open to them; the safe-contact officer and the
    investigation lead, or the victim's advocates where neither is named, those of theirs.
    """
    for each in _waiting(work, acting, agencies, clock, _recorded(work, acting, clock)):
        yield WorkItem(
            reference=each.case,
            what="Ask why many places were named",
            why=f"{each.by} named {each.places} places in texts of this case within 24 hours. This line "
            f"comes from {MANY_PLACES} places on, whether or not any of them is protected.",
            due_at=each.at,
            since=each.at,
            is_overdue=False,
            is_alarm=True,
            kind=MANY_PLACES_TYPED,
        )


def alarms_of_places(context: Context) -> AlarmsOfPlaces:
    """Return the alarms that wait for this person, and what was recorded about others in 28 days.

    Those about the person who acts are left out.
    """
    acting, agencies = context.acting, context.agencies_known
    require(May.ASK_ABOUT_PLACES, acting)
    with context.reading("list alarms about places named") as work:
        recorded = _recorded(work, acting, context.clock)
        waiting = _waiting(work, acting, agencies, context.clock, recorded)
        others = [each for each in recorded if each.writer != acting.user]
        shown = _shown_to(work, acting, [each.case for each in others], agencies)
        records = [each for each in others if each.case in shown]
        work.notes(waiting=len(waiting), recorded=len(records))
        return AlarmsOfPlaces(
            waiting=tuple(
                AlarmOfPlaces(case=each.case, writer=each.by, places=each.places, at=each.at)
                for each in waiting
            ),
            recorded=_seen(work, acting, records),
        )


def record_asked_about_places(context: Context, *, reference: str, given: AskedGiven) -> AskedStored:
    """Record why a writer named many places, by a person who has the alarm: their line goes.

    It comes back when the writer names as many again. The writer is not informed, here or elsewhere.

    Raises
    ------
    InvalidInputError
        The reference, the date or the text is malformed, or the writer has named more places since.
    NotFoundError
        No such alarm waits for the person who acts.
    """
    acting, agencies, now = context.acting, context.agencies_known, context.clock.now()
    require(May.ASK_ABOUT_PLACES, acting)
    case, text = read_reference("involvement", reference), written_reason(given.text, part="text")
    require_past("date", given.asked_on, on=context.clock.today())
    with context.writing("record why many places were named", at=now) as work:
        recorded = _recorded(work, acting, context.clock)
        waiting = _waiting(work, acting, agencies, context.clock, recorded)
        alarm = next((each for each in waiting if (each.case, each.by) == (case, given.writer)), None)
        if alarm is None:
            raise NotFoundError(
                "alarm about places named", f"{given.writer}, {case}", instead="read your worklist again"
            )
        if alarm.places > given.counted:
            raise InvalidInputError(
                "counted", f"the writer has named {alarm.places} by now; ask about all of them"
            )
        if given.asked_on < alarm.at.astimezone(LONDON).date():
            raise InvalidInputError("date", "this is before the last place was named; ask again")
        record = work.places_asked.add(
            case,
            given,
            text=text,
            newest=alarm.newest,
            by=acting.user,
            owner=acting.agency or DESK_OWNER,
            at=now,
        )
        work.notes(record=record, found=given.found.name.lower())
        return AskedStored(
            record,
            case,
            given.writer,
            given.asked,
            given.asked_on,
            given.found,
            alarm.newest,
            acting.user,
            now,
        )


def _recorded(work: Work, acting: Acting, clock: Clock) -> tuple[AskedStored, ...]:
    return work.places_asked.since(clock.now() - _SHOWN_FOR, open_part(work, acting))


def _waiting(
    work: Work,
    acting: Acting,
    agencies: Sequence[AgencyKnown],
    clock: Clock,
    recorded: Sequence[AskedStored],
) -> list[ManyPlaces]:
    """Return the alarms about other writers that this person has."""
    since, part = clock.now() - _SHOWN_FOR, open_part(work, acting)
    typed = work.typed_texts.places_since(since, part, at_least=MANY_PLACES)
    many = writers_of_many_places(typed, newest_asked_about(recorded))
    of_others = [each for each in many if each.by != acting.user]
    shown = _shown_to(work, acting, [each.case for each in of_others], agencies)
    return [each for each in of_others if each.case in shown]


def _shown_to(
    work: Work, acting: Acting, cases: Sequence[str], agencies: Sequence[AgencyKnown]
) -> frozenset[str]:
    """Return those of these open cases where this person has the alarm."""
    there = list(dict.fromkeys(cases))
    if not there or acting.role is Role.CHAIR:
        return frozenset(there)
    return frozenset(learns_of_places_on(work, acting, there, agencies).cases)


def _seen(work: Work, acting: Acting, records: Sequence[AskedStored]) -> tuple[AskedSeen, ...]:
    """Return records with their texts, without what is protected on the case for all but who typed it."""
    maskers = maskers_for(work=work, references=sorted({each.case for each in records}), reader=acting.user)

    def read(record: AskedStored) -> str | None:
        text = work.places_asked.text_of(record)
        return text and maskers[record.case].masked(text, by=record.by)

    return tuple(
        AskedSeen(
            reference=each.reference,
            case=each.case,
            writer=each.writer,
            asked=each.asked,
            asked_on=each.asked_on,
            found=each.found,
            by=each.by,
            at=each.at,
            text=read(each),
        )
        for each in records
    )
