"""Rules on who answers for an agency whether it dissents, and whom the chair asks aloud. Knows no storage."""

from __future__ import annotations

from collections.abc import Iterable

from engine.domain.accounts.acting import Acting, Role
from engine.domain.conference.attendance import AttendanceAct, AttendanceRecord, Stay
from engine.domain.conference.risk import AgencyPosition, Position


def may_dissent(acting: Acting, records: Iterable[AttendanceRecord] | None) -> bool:
    """Return whether a person may answer for their agency whether it dissents from a decision.

    A practitioner may who took part in the conference of the decision: an arrival is recorded of them, and
    not as an observer. ``records`` is the attendance at that conference. Without a conference it is None, and
    each practitioner on the case may.
    """
    if acting.role is not Role.PRACTITIONER or acting.agency is None:
        return False
    return records is None or any(
        each.act is AttendanceAct.ARRIVED and not each.is_observer and each.user == acting.user
        for each in records
    )


def to_ask_aloud(
    present: Iterable[Stay], positions: Iterable[AgencyPosition], *, first: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the agencies that the chair asks aloud for dissent, those of ``first`` before the others.

    ``present`` are the people who are in the room for the item. An agency is asked whose position is not
    recorded: its own entry stays, and so does a dissent that was noted for it.
    """
    answered = {each.agency for each in positions if each.position is not Position.NOT_ASKED}
    here = {
        stay.agency
        for stay in present
        if stay.agency is not None and stay.user is not None and not stay.is_observer
    }
    before = set(first)
    return tuple(sorted(here - answered, key=lambda code: (code not in before, code)))
