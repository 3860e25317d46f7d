"""Attendance at what was arranged, in counts and days. Knows neither the reason nor the place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from engine.hooks.v1 import Finding, RecordPointer, counted, number, sentence, was
from plugins.health.stored_records import Attendance, ContactKept, Kept

_LOOKED_BACK = timedelta(days=365)
_MOST_POINTED_AT = 20


def contacts_said(known: Sequence[Kept], *, on: date) -> Iterator[Finding]:
    """Yield one sentence on the year before the day of asking, or on the last contact before that year."""
    contacts = _told_once(known)
    came = {state: [each for each in contacts if each.came is state] for state in Attendance}
    counted_ones = [*came[Attendance.ATTENDED], *came[Attendance.MISSED], *came[Attendance.CALLED_OFF]]
    if not counted_ones:
        return
    recent = [each for each in counted_ones if _is_recent(each, on)]
    unclear = sum(1 for each in counted_ones if _may_be_recent(each, on))
    year = f"in the year before {on.day} {on:%B %Y}"
    message = f"{year} {_in_words(recent)}" if recent else f"{year} no appointment or contact was recorded"
    days = [each.dated for each in came[Attendance.ATTENDED] if each.dated is not None]
    last = max(days, key=lambda day: (day.latest, day.earliest), default=None)
    if last is not None:
        message += f"; the last one attended was {'on' if last.is_whole_day else 'in'} {last.in_words()}"
    if unclear:
        more = " more" if recent else ""
        message += f"; whether {number(unclear)}{more} {was(unclear)} within that year was not recorded"
    shown = (recent or counted_ones)[-_MOST_POINTED_AT:]
    yield Finding(
        key="contact",
        says=sentence(message),
        records=tuple(
            RecordPointer(record=each.pointer, kind="appointment or contact", dated=each.dated)
            for each in shown
        ),
    )


def _in_words(recent: Sequence[ContactKept]) -> str:
    """Return for instance "the person attended four appointments or contacts and missed two;
    one was called off".
    """
    attended, missed, off = (
        sum(1 for each in recent if each.came is came)
        for came in (Attendance.ATTENDED, Attendance.MISSED, Attendance.CALLED_OFF)
    )
    noun = ("appointment or contact", "appointments or contacts")
    if attended and missed:
        message = f"the person attended {counted(attended, *noun)} and missed {number(missed)}"
    elif attended or missed:
        verb = "attended" if attended else "missed"
        message = f"the person {verb} {counted(attended or missed, *noun)}"
    else:
        return f"{counted(off, *noun)} {was(off)} called off"
    return message + (f"; {number(off)} {was(off)} called off" if off else "")


def is_in_touch_recorded(known: Sequence[Kept]) -> bool:
    """Return whether anything says that the person came or did not come."""
    return any(
        isinstance(each, ContactKept) and each.came in (Attendance.ATTENDED, Attendance.MISSED)
        for each in known
    )


def _told_once(known: Sequence[Kept]) -> list[ContactKept]:
    """Return the contacts in order of time; an appointment and the contact that it led to are one."""
    contacts = [each for each in known if isinstance(each, ContactKept)]
    told_by_another = {key for each in contacts for key in each.of}
    once = [each for each in contacts if each.id not in told_by_another]
    return sorted(once, key=lambda each: (str(each.dated or ""), each.id))


def _is_recent(contact: ContactKept, on: date) -> bool:
    return contact.dated is not None and on - _LOOKED_BACK <= contact.dated.earliest <= on


def _may_be_recent(contact: ContactKept, on: date) -> bool:
    """Return whether a contact may be recent: without a date, or with one that is too coarse to know."""
    return contact.dated is None or contact.dated.earliest < on - _LOOKED_BACK <= contact.dated.latest
