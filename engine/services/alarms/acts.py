"""Acts of people on alarms that were raised after the referral: one has it by name, until a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from engine.access.policy import May
from engine.domain.accounts.acting import Acting
from engine.domain.alarms import AlarmAct, AlarmStep, RaisedAlarm
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, Side
from engine.domain.ids import read_reference
from engine.services.access.checks import classes_shown, open_case
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.store.unit_of_work import Work


def open_alarms(work: Work, acting: Acting, case: str, *, at: datetime) -> tuple[RaisedAlarm, ...]:
    """Return the alarms of a case that this person may see and that must be acknowledged."""
    return tuple(each for each in alarms_seen(work, acting, case, at=at) if each.is_open(at))


def alarms_seen(work: Work, acting: Acting, case: str, *, at: datetime) -> tuple[RaisedAlarm, ...]:
    """Return what was answered about alarm topics since the referral, of reports that this person may see."""
    classes = classes_shown(work, acting, on=at.date())
    there = work.raised_alarms.of([case], always=True).get(case, ())
    return tuple(seen for each in there if (seen := as_seen(each, acting, classes)) is not None)


def as_seen(alarm: RaisedAlarm, acting: Acting, classes: Collection[int]) -> RaisedAlarm | None:
    """Return an alarm as this person may know of it; None if it does not exist for them.

    What its owner withholds only that agency's people know. Once its topics are disclosed, others know them
    without what was reported.
    """
    if acting.speaks_for(alarm.owner):
        return alarm
    if alarm.released_at is not None and (alarm.release_class is None or alarm.release_class in classes):
        return alarm.without_refusals()
    return alarm.without_refusals().without_report() if alarm.disclosed else None


def acknowledge(work: Work, context: Context, case: str) -> int:
    """Acknowledge each open alarm of a case that this person did not raise; return the number.

    A part of acknowledging all of a case. The person then has them, until the time of the settings.

    Raises
    ------
    InvalidInputError
        This person raised all that are open.
    """
    acting, at = context.acting, context.clock.now()
    there = open_alarms(work, acting, case, at=at)
    others = [each for each in there if each.by != acting.user]
    if there and not others:
        raise InvalidInputError(
            f"alarm {there[0].reference}", "you recorded it yourself; another person must acknowledge it"
        )
    until = at + timedelta(hours=context.settings.alarm_owned_hours)
    for each in others:
        step = AlarmStep(act=AlarmAct.ACKNOWLEDGED, to=acting.user, until=until, by=acting.user, at=at)
        work.raised_alarms.step(case, each.reference, step)
    return len(others)


def hand_over(context: Context, *, reference: str, alarm: str, to: str, until: datetime) -> None:
    """Hand an acknowledged alarm to another person on the case, by name, until a time.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the alarm is not acknowledged or was ended, the time has passed or is more
        than a week away, or the person is not on the case.
    NotFoundError
        The case or the alarm does not exist, or is not open to the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    with context.writing("hand over alarm") as work:
        case, there = _one(work, context, reference, alarm)
        now = context.clock.now()
        if not now < until <= now + timedelta(days=7):
            raise InvalidInputError("until", "give a time within the next 7 days")
        user = work.users.get(to)
        if not user.active or user.name not in work.cases.people_on(case):
            raise InvalidInputError("to", f"{to} is not on the case; choose a person who is")
        _step(work, context, there, AlarmAct.HANDED_OVER, to=user.name, until=until)


def record_done(context: Context, *, reference: str, alarm: str, done: str) -> None:
    """Record what was done about an acknowledged alarm. It stays on top of the case until the panel decides.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the alarm is not acknowledged or was ended, or the text does not fit.
    NotFoundError
        The case or the alarm does not exist, or is not open to the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    with context.writing("record what was done about alarm") as work:
        _, there = _one(work, context, reference, alarm)
        _step(work, context, there, AlarmAct.DONE, why=written_reason(done, part="done"))


def end_alarm(context: Context, *, reference: str, alarm: str, why: str) -> None:
    """End an alarm that something was done about, with the reason why no conference has to decide on it.

    Raises
    ------
    InvalidInputError
        A reference is malformed, nothing is recorded as done yet, or the reason is empty or too long.
    NotFoundError
        The case or the alarm does not exist, or is not open to the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    with context.writing("end alarm") as work:
        _, there = _one(work, context, reference, alarm)
        if there.done is None:
            raise InvalidInputError(f"alarm {there.reference}", "record what was done about it first")
        _step(work, context, there, AlarmAct.ENDED, why=written_reason(why))


def _one(work: Work, context: Context, reference: str, alarm: str) -> tuple[str, RaisedAlarm]:
    """Return an alarm that is acknowledged and not ended, of a case that is open to this person."""
    named = read_reference("alarm", alarm)
    case = open_case(work, context.acting, reference, May.ACKNOWLEDGE).reference
    seen = alarms_seen(work, context.acting, case, at=context.clock.now())
    there = next((each for each in seen if each.reference == named and each.is_alarm), None)
    if there is None:
        raise NotFoundError("alarm", named)
    if there.acknowledged is None:
        raise InvalidInputError(f"alarm {named}", "acknowledge it first")
    if there.ended is not None:
        raise ConflictError(
            "alarm",
            named,
            did="end",
            yours=Side(context.acting.user, context.clock.now()),
            theirs=Side(there.ended.by, there.ended.at),
        )
    return case, there


def _step(
    work: Work,
    context: Context,
    alarm: RaisedAlarm,
    act: AlarmAct,
    *,
    to: str | None = None,
    until: datetime | None = None,
    why: str | None = None,
) -> None:
    at = context.clock.now()
    step = AlarmStep(act=act, to=to, until=until, why=why, by=context.acting.user, at=at)
    work.raised_alarms.step(alarm.case, alarm.reference, step)
    work.notes(alarm=alarm.reference)
