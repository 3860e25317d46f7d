"""Acts of people on alarms that were raised after the referral: one has it by name, until a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.access.policy import May, require
from engine.domain.accounts.acting import CASE_WORKERS, Acting
from engine.domain.alarms import AlarmAct, AlarmStep, RaisedAlarm
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, Side
from engine.domain.ids import read_reference
from engine.services.access.checks import open_among, open_case
from engine.services.access.restrictions import written_reason
from engine.services.alarms.knowing import known_among
from engine.services.context import Context
from engine.store.unit_of_work import Work


def open_alarms(work: Work, acting: Acting, case: str, *, at: datetime) -> tuple[RaisedAlarm, ...]:
    """Return the alarms of a case that this person may see and that must be acknowledged."""
    return tuple(each for each in alarms_seen(work, acting, case, at=at) if each.is_open(at))


def alarms_seen(work: Work, acting: Acting, case: str, *, at: datetime) -> tuple[RaisedAlarm, ...]:
    """Return what was answered about alarm topics since the referral, of reports that this person may see."""
    return known_among(work, acting, work.raised_alarms.of([case], always=True).get(case, ()), at=at)


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


def refuse_second(work: Work, context: Context, case: str) -> bool:
    """Refuse a person who acknowledges what another has; return whether they themselves have it.

    A part of acknowledging. Raises ConflictError.
    """
    seen = alarms_seen(work, context.acting, case, at=context.clock.now())
    given = [each.held for each in seen if each.ended is None and each.held is not None]
    if not given:
        return False
    newest = max(given, key=lambda step: step.at)
    if newest.holder != context.acting.user:
        raise ConflictError(
            "alarm of",
            case,
            did="acknowledge",
            yours=Side(context.acting.user, context.clock.now()),
            theirs=Side(newest.holder, newest.at),
        )
    return True


def hand_over(context: Context, *, reference: str, alarm: str, to: str, until: datetime) -> None:
    """Hand an acknowledged alarm to another person on the case, by name, until a time.

    Coordinators and chair may, and the person who has it.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the alarm is not acknowledged or was ended, what was done is recorded, the
        time has passed or is more than a week away, or the person is not on the case or may not know of it.
    """
    with context.writing("hand over alarm") as work:
        case, there = _one(work, context, reference, alarm)
        if there.done is not None:
            raise InvalidInputError(f"alarm {there.reference}", "what was done about it is recorded already")
        now = context.clock.now()
        if not now < until <= now + timedelta(days=7):
            raise InvalidInputError("until", "give a time within the next 7 days")
        user = work.users.get(to)
        if not user.active or user.name not in work.cases.people_on(case):
            raise InvalidInputError("to", f"{to} is not on the case; choose a person who is")
        if user.role not in CASE_WORKERS or not _may_know(work, user.acting(), there, at=now):
            raise InvalidInputError("to", f"{to} cannot read this alarm; choose another person")
        _step(work, context, there, AlarmAct.HANDED_OVER, to=user.name, until=until)


def record_done(context: Context, *, reference: str, alarm: str, done: str) -> None:
    """Record what was done about an acknowledged alarm. It stays on top of the case until the panel decides.

    Coordinators and chair may, and the person who has it. Where two people do, both records stay.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the alarm is not acknowledged or was ended, or the text does not fit.
    """
    with context.writing("record what was done about alarm", once=(reference, alarm, done)) as work:
        _, there = _one(work, context, reference, alarm)
        _step(work, context, there, AlarmAct.DONE, why=written_reason(done, part="what was done"))


def end_alarm(context: Context, *, reference: str, alarm: str, why: str) -> None:
    """End an alarm that something was done about, with the reason why no conference has to decide on it.

    Raises
    ------
    InvalidInputError
        A reference is malformed, nothing is recorded as done yet, or the reason is empty or too long.
    """
    with context.writing("end alarm") as work:
        _, there = _one(work, context, reference, alarm)
        require(May.ACKNOWLEDGE, context.acting)
        if there.done is None:
            raise InvalidInputError(f"alarm {there.reference}", "record what was done about it first")
        _step(work, context, there, AlarmAct.ENDED, why=written_reason(why))


def _one(work: Work, context: Context, reference: str, alarm: str) -> tuple[str, RaisedAlarm]:
    """Return an alarm that is acknowledged and not ended, and that this person leads or has themselves."""
    named = read_reference("alarm", alarm)
    case = open_case(work, context.acting, reference, May.VIEW_CASE).reference
    seen = alarms_seen(work, context.acting, case, at=context.clock.now())
    there = next((each for each in seen if each.reference == named and each.is_alarm), None)
    if there is None:
        raise NotFoundError("alarm", named)
    if there.held is None or there.held.holder != context.acting.user:
        require(May.ACKNOWLEDGE, context.acting)
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


def _may_know(work: Work, acting: Acting, alarm: RaisedAlarm, *, at: datetime) -> bool:
    is_theirs = alarm.case in open_among(work, acting, work.cases.screened([alarm.case]))
    return is_theirs and bool(known_among(work, acting, [alarm], at=at))


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
