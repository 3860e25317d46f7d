"""Alarms raised after the referral, cut to those that a person may know of. Parts of use cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from engine.access.release import is_owner
from engine.domain.accounts.acting import Acting
from engine.domain.alarms import RaisedAlarm
from engine.services.access.checks import classes_shown, open_among, or_nowhere
from engine.store.unit_of_work import Work


def known_among(
    work: Work, acting: Acting, alarms: Iterable[RaisedAlarm], *, at: datetime
) -> tuple[RaisedAlarm, ...]:
    """Return those of these alarms that this person may know of, as the person may know of them.

    Their cases are open to the person.
    """
    there = tuple(alarms)
    classes = classes_shown(work, acting, on=at.date())
    needed = {case for alarm in there for case in alarm.needs if alarm.case not in alarm.needs}
    # asked without any too: that there is an alarm may be what this person may not know of
    visible = open_among(work, acting, work.cases.screened(or_nowhere(needed)))
    return tuple(
        seen
        for alarm in there
        if not alarm.needs or alarm.case in alarm.needs or not visible.isdisjoint(alarm.needs)
        if (seen := as_seen(alarm, acting, classes)) is not None
    )


def as_seen(alarm: RaisedAlarm, acting: Acting, classes: Collection[int]) -> RaisedAlarm | None:
    """Return an alarm as this person may know of it; None if it does not exist for them.

    What its owner withholds only that agency's people know. Once its topics are disclosed, others know them
    without what was reported.
    """
    if any(is_owner(acting, code) for code in alarm.owners):
        return alarm
    is_for_all = alarm.released_at is not None and alarm.known_to is None
    if is_for_all and (alarm.release_class is None or alarm.release_class in classes):
        return alarm.without_refusals()
    return alarm.without_refusals().without_report() if alarm.disclosed else None
