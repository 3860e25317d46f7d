"""An agency's acts on an alarm that only its people have: refuse to share it, or disclose its topics.

The third way is to release what was reported. Until then no one else knows of it.
"""

from __future__ import annotations

from engine.access.policy import May
from engine.domain.alarms import AlarmAct, AlarmStep, Door, RaisedAlarm
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, Side
from engine.domain.ids import read_reference
from engine.domain.sharing import AudienceKind, Grounds, LedgerAct, LedgerEntry, LedgerItem
from engine.services.access.checks import open_case
from engine.services.access.restrictions import written_reason
from engine.services.alarms.acts import alarms_seen
from engine.services.context import Context
from engine.store.unit_of_work import Work

OWN_WORK = "review own response or report"
"""The act in the access log, which others read: it names no alarm."""


def refuse_topics(context: Context, *, reference: str, alarm: str, why: str) -> None:
    """Record that an agency does not share an alarm of its own, and why; only its people read that.

    It is no longer in their worklists. Should the agency release what was reported, the panel has the alarm.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the reason is empty or too long, or what the alarm is about was released.
    ConflictError
        Another person refused it or disclosed its topics first.
    """
    reason = written_reason(why)
    with context.writing(OWN_WORK) as work:
        there = _own(work, context, reference, alarm)
        if there.refused is not None:
            raise _done_already(context, there, there.refused)
        _step(work, context, there, AlarmAct.REFUSED, why=reason)


def disclose_topics(context: Context, *, reference: str, alarm: str, why: str) -> None:
    """Disclose the topics of an agency's own alarm to the panel at once, for immediate danger, and why.

    The panel has the alarm from now on: its topics, the agency, the time and the reason, and nothing of what
    was reported. A refusal before it does not prevent it.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the reason is empty or too long, or what the alarm is about was released.
    ConflictError
        Another person disclosed its topics first.
    """
    reason = written_reason(why)
    with context.writing("disclose alarm topics") as work:
        there = _own(work, context, reference, alarm)
        _step(work, context, there, AlarmAct.DISCLOSED, why=reason)
        if there.door is Door.RESPONSE:
            work.sharing.enter([_as_shared(context, there, reason)])


def _own(work: Work, context: Context, reference: str, alarm: str) -> RaisedAlarm:
    """Return an alarm that only this person's agency has, on a case that is open to them."""
    named = read_reference("alarm", alarm)
    case = open_case(work, context.acting, reference, May.KEEP_TOPICS).reference
    seen = alarms_seen(work, context.acting, case, at=context.clock.now())
    there = next((each for each in seen if each.reference == named and each.is_alarm), None)
    if there is None or not context.acting.speaks_for(there.owner):
        raise NotFoundError("alarm", named)
    if there.disclosed is not None:
        raise _done_already(context, there, there.disclosed)
    if there.told_at is not None:
        raise InvalidInputError(f"alarm {named}", "what it is about was released; the panel has the alarm")
    return there


def _done_already(context: Context, alarm: RaisedAlarm, step: AlarmStep) -> ConflictError:
    did = "disclose" if step.act is AlarmAct.DISCLOSED else "refuse"
    yours = Side(context.acting.user, context.clock.now())
    return ConflictError("alarm", alarm.reference, did=did, yours=yours, theirs=Side(step.by, step.at))


def _step(work: Work, context: Context, alarm: RaisedAlarm, act: AlarmAct, *, why: str) -> None:
    step = AlarmStep(act=act, why=why, by=context.acting.user, at=context.clock.now())
    work.raised_alarms.step(alarm.case, alarm.reference, step)
    work.notes(alarm=alarm.reference, act=act.name.lower())


def _as_shared(context: Context, alarm: RaisedAlarm, why: str) -> LedgerEntry:
    return LedgerEntry(
        involvement=alarm.case,
        agency=alarm.owner,
        version=None,
        act=LedgerAct.SHARED,
        items=tuple(LedgerItem(key=f"alarm topic: {topic.value}") for topic in alarm.raised),
        whom=AudienceKind.PANEL.value,
        grounds=Grounds(purpose=context.acting.purpose),
        why=why,
        by=context.acting.user,
        at=context.clock.now(),
    )
