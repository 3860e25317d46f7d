"""Lines about notes of the victim's own despair: computed for the few who may know, not rows of what waits.

They say no more than that there is something to read. Part of a worklist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from engine.access.vault_policy import reads_despair
from engine.clock import Clock
from engine.domain.accounts.acting import CASE_WORKERS, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.worklists import WorkItem
from engine.domain.vault.despair import RISK, Ground, Note, notes_of
from engine.services.access.checks import known_part
from engine.services.access.restrictions import speaks_for_victim
from engine.services.vault.despair_readers import cases_with_advocate, is_passed_on_to, what_to_do
from engine.settings import Settings
from engine.store.unit_of_work import Work

DESPAIR = "protected note"
"""The kind of a line about a protected note."""
_TOLD_FOR = timedelta(days=7)


def despair_items(
    work: Work, acting: Acting, clock: Clock, settings: Settings, agencies: Sequence[AgencyKnown]
) -> Iterator[WorkItem]:
    """Yield a person's lines: the alarm, then what is still to be recorded, and what was passed on."""
    if acting.role not in CASE_WORKERS:
        return
    there, is_duty = known_part(work, acting), acting.user == settings.duty_responder
    # Read whether or not there is a note: the duty responder may not know of one that has an advocate.
    known = _where_advocates_are(work, acting, agencies) if is_duty else None
    screened_only, speaks = acting.role is Role.PRACTITIONER, speaks_for_victim(acting, agencies)
    if is_duty:
        anywhere = replace(there, named_on=None)
        steps = work.protected_notes.not_done(anywhere, screened_only=screened_only)
    elif speaks:
        steps = work.protected_notes.on_cases(there)
    else:
        steps = work.protected_notes.known_to(
            there, screened_only=screened_only, user=acting.user, agency=acting.agency
        )
    if not steps:
        return
    advocated, named_on = known or _where_advocates_are(work, acting, agencies)
    for note in notes_of(steps):
        has_advocate = note.case in advocated
        if reads_despair(
            is_advocate=speaks and note.case in named_on,
            has_advocate=has_advocate,
            recorded_it=note.recorded.by == acting.user,
            is_duty_responder=is_duty,
        ):
            yield from _own_lines(note, acting, clock, settings)
        elif note.case in named_on and is_passed_on_to(acting, note):
            yield from _received_lines(note, acting, clock, settings)


def _where_advocates_are(
    work: Work, acting: Acting, agencies: Sequence[AgencyKnown]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the cases that name an advocate, and those that name this person."""
    return cases_with_advocate(work, agencies), work.cases.open_to(acting.user)


def _own_lines(note: Note, acting: Acting, clock: Clock, settings: Settings) -> Iterator[WorkItem]:
    now, read = clock.now(), f"Read the protected detail {note.reference}."
    due = note.due_at(
        within=timedelta(minutes=settings.alarm_within_minutes),
        owned=timedelta(hours=settings.alarm_owned_hours),
    )
    if due is not None:
        taken, is_late = note.acknowledged, now > due
        yield WorkItem(
            reference=note.case,
            what=RISK if taken is None else "Record what was done about the victim's risk",
            why=f"{read} {what_to_do(settings.crisis_line)}"
            if taken is None
            else f"{taken.by} acknowledged it. {read}",
            due_at=due,
            since=note.recorded.at,
            is_overdue=is_late,
            is_alarm=taken is None or is_late,
            kind=DESPAIR,
        )
    for step in note.passed_on:
        if step.by != acting.user and step.at > now - _TOLD_FOR and step.ground is not None:
            yield WorkItem(
                reference=note.case,
                what="A protected detail was passed on for the victim's own care",
                why=f"{step.by} passed {note.reference} on to {step.to}: {step.ground.value}.",
                due_at=None,
                since=step.at,
                is_overdue=False,
                is_alarm=False,
                kind=DESPAIR,
                only_to_read=True,
            )


def _received_lines(note: Note, acting: Acting, clock: Clock, settings: Settings) -> Iterator[WorkItem]:
    step = next(each for each in note.passed_on if each.to == acting.agency)
    if step.ground is None or note.was_received_by(step.to):
        return
    due = step.at + timedelta(minutes=settings.alarm_within_minutes)
    yield WorkItem(
        reference=note.case,
        what=RISK,
        why=f"{step.by} passed {note.reference} on to you for the victim's own care: {step.ground.value}. "
        f"Read the protected detail. {what_to_do(settings.crisis_line)}",
        due_at=due,
        since=step.at,
        is_overdue=clock.now() > due,
        is_alarm=step.ground is Ground.LIFE,
        kind=DESPAIR,
    )
