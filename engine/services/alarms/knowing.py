"""Which alarms that were raised after the referral a person may know of. Parts of use cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from engine.access.release import is_owner
from engine.domain.accounts.acting import Acting
from engine.domain.alarms import RaisedAlarm
from engine.services.access.checks import classes_shown, open_among
from engine.store.unit_of_work import Work


def known_among(
    work: Work, acting: Acting, alarms: Iterable[RaisedAlarm], *, at: datetime
) -> tuple[RaisedAlarm, ...]:
    """Return those of these alarms that this person may know of; their cases are open to the person."""
    there = tuple(alarms)
    if not there:
        return ()
    classes = classes_shown(work, acting, on=at.date())
    needed = {case for alarm in there for case in alarm.needs if alarm.case not in alarm.needs}
    visible = open_among(work, acting, work.cases.screened(needed)) if needed else frozenset[str]()

    def knows(alarm: RaisedAlarm) -> bool:
        if alarm.release_class is not None and alarm.release_class not in classes:
            return False
        if alarm.known_to is not None and not any(is_owner(acting, code) for code in alarm.known_to):
            return False
        return not alarm.needs or alarm.case in alarm.needs or not visible.isdisjoint(alarm.needs)

    return tuple(filter(knows, there))
