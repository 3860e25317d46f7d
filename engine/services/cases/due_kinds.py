"""Every kind of what waits."""

from __future__ import annotations

from engine.services.alarms.due import ALARM, ALARM_DONE, ALARM_OWNER, ASK_TOPICS, INCIDENT
from engine.services.conference.due import CHAIR
from engine.services.due.kinds import DueKind
from engine.services.plans.police_decisions_due import AWAITED, INFORM_OF_DECISION
from engine.services.referrals.due import SCREEN

KINDS: tuple[DueKind, ...] = (
    ALARM,
    ALARM_OWNER,
    ALARM_DONE,
    ASK_TOPICS,
    INCIDENT,
    SCREEN,
    CHAIR,
    AWAITED,
    INFORM_OF_DECISION,
)
