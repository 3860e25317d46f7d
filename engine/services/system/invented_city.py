"""The part of the demonstration's invented city that the command line may use."""

from __future__ import annotations

from engine.synthetic.city import invented_episodes, known_on
from engine.synthetic.follow_up import outcomes_of
from engine.synthetic.orders import OrderMoment, newest_courses, order_course
from engine.synthetic.panel import decision_of, screening_of, triage_of
from engine.synthetic.planning import action_updates, plan_of
from engine.synthetic.practitioners import (
    is_late,
    keeps_waiting,
    professional_of,
    refusal_of,
    release_delay_hours,
    strikes_of,
)
from engine.synthetic.referrals import alarms_of, further_referrals, referral_of
from engine.synthetic.victims import account_of, description_of, minutes_of

__all__ = [
    "OrderMoment",
    "account_of",
    "action_updates",
    "alarms_of",
    "decision_of",
    "description_of",
    "further_referrals",
    "invented_episodes",
    "is_late",
    "keeps_waiting",
    "known_on",
    "minutes_of",
    "newest_courses",
    "order_course",
    "outcomes_of",
    "plan_of",
    "professional_of",
    "referral_of",
    "refusal_of",
    "release_delay_hours",
    "screening_of",
    "strikes_of",
    "triage_of",
]
