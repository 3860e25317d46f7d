"""Every kind of what waits."""

from __future__ import annotations

from engine.services.agencies.due import AGENCY_SIGN
from engine.services.alarms.due import ALARM, ALARM_DONE, ALARM_OWNER, ALARM_SINCE, ASK_TOPICS, INCIDENT
from engine.services.alarms.questions_due import ASK_WORKS_FOR, CHILD_SAFEGUARDING
from engine.services.cases.responsible_due import NOT_RESPONSIBLE
from engine.services.conference.due import CHAIR
from engine.services.due.kinds import DueKind
from engine.services.orders import breaches_waiting
from engine.services.orders.areas_due import AREA_TO_COMPARE
from engine.services.orders.due import INFORM, NOT_REACHED, OF_SEVERAL, ORDER
from engine.services.orders.gaps_waiting import GAP
from engine.services.orders.gaps_waiting import OF_VIEWER as GAP_OF_VIEWER
from engine.services.plans import approvals_waiting
from engine.services.plans.counted import DELIVERED, PLAN, REPORTED
from engine.services.plans.due import ACTION, TEXTS_TO_COMPARE
from engine.services.plans.police_decisions_due import AWAITED, INFORM_OF_DECISION
from engine.services.plans.review_reasons import REASON
from engine.services.plans.reviews_waiting import FORWARD, OF_VIEWER, REVIEW
from engine.services.referrals import advice_due
from engine.services.referrals.due import SCREEN
from engine.services.responses.due import CHASE, LATE_ANSWER, NOT_RELEASED
from engine.services.responses.recorded_danger import RECORDED_DANGER
from engine.services.rights.due import RETENTION, RETENTION_AGAIN

KINDS: tuple[DueKind, ...] = (
    ALARM,
    ALARM_SINCE,
    ALARM_OWNER,
    ALARM_DONE,
    ASK_TOPICS,
    INCIDENT,
    CHILD_SAFEGUARDING,
    ASK_WORKS_FOR,
    SCREEN,
    advice_due.NOT_SENT,
    advice_due.CONTACT,
    advice_due.SLIP,
    advice_due.TO_READ,
    NOT_RESPONSIBLE,
    ACTION,
    TEXTS_TO_COMPARE,
    CHASE,
    LATE_ANSWER,
    NOT_RELEASED,
    RECORDED_DANGER,
    AGENCY_SIGN,
    RETENTION,
    RETENTION_AGAIN,
    ORDER,
    OF_SEVERAL,
    GAP,
    GAP_OF_VIEWER,
    INFORM,
    NOT_REACHED,
    AREA_TO_COMPARE,
    REVIEW,
    FORWARD,
    OF_VIEWER,
    REASON,
    PLAN,
    DELIVERED,
    REPORTED,
    approvals_waiting.APPROVE,
    approvals_waiting.COMPLETE,
    approvals_waiting.RECORD_VOICE,
    approvals_waiting.OF_VIEWER,
    breaches_waiting.LIKELY,
    breaches_waiting.UNCLEAR,
    breaches_waiting.OF_VIEWER,
    CHAIR,
    AWAITED,
    INFORM_OF_DECISION,
)
