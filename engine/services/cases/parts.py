"""Reading part of a case: a whole case takes as long as drawing its page.

Permission, masking and the audit entry are the same as for the whole.
"""

from __future__ import annotations

from engine.access.policy import May
from engine.access.release import is_member
from engine.domain.base import Frozen
from engine.domain.cases.involvement import EpisodeOffer
from engine.domain.cases.views import AlarmView, IncidentView
from engine.domain.plans.views import PlanView
from engine.services.access.checks import open_case, open_cases
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import speaks_for_victim
from engine.services.cases import facts
from engine.services.context import Context
from engine.services.plans.approval import voice_of
from engine.services.plans.views import plan_view
from engine.services.referrals.episodes import episode_offers
from engine.services.responses.views import answers_seen
from engine.services.sharing.incident_rules import incidents_for
from engine.services.sharing.response_visibility import Viewer

_ACT = "view case"


class ReferralToScreen(Frozen):
    """Facts for a screening, beside the referral's own texts."""

    alarms: AlarmView
    incidents: tuple[IncidentView, ...]
    offers: tuple[EpisodeOffer, ...]
    is_restricted: bool


def view_for_screening(context: Context, *, reference: str) -> ReferralToScreen:
    """Return the alarms, the incidents of the episode and the earlier episodes that are proposed."""
    agencies, now = context.agencies_known, context.clock.now()
    with context.reading(_ACT) as work:
        involvement = open_case(work, context.acting, reference, May.VIEW_CASE, at=now)
        reference = involvement.reference
        together = open_cases(work, context.acting, work.cases.of_episode(involvement.episode))
        of_episode = list(dict.fromkeys([*(other.reference for other in together), reference]))
        masker = masker_for(work=work, involvements=of_episode, reader=context.acting.user)
        viewer = Viewer(
            acting=context.acting,
            on=context.clock.today(),
            is_member=is_member(context.acting, work.cases.people_on(reference)),
        )
        incidents, _ = incidents_for(work, of_episode, viewer, agencies)
        return ReferralToScreen(
            alarms=facts.alarm_view(work.alarms.of(reference), now),
            incidents=facts.incident_views(incidents, masker),
            offers=episode_offers(work, involvement, context.acting),
            is_restricted=work.need_to_know.is_restricted(reference),
        )


def view_plan(context: Context, *, reference: str) -> PlanView | None:
    """Return the newest version of the plan, and what is in delivery; None when there is none.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    agencies, acting, clock = context.agencies_known, context.acting, context.clock
    with context.reading(_ACT) as work:
        involvement = open_case(work, acting, reference, May.VIEW_CASE, at=clock.now())
        reference = involvement.reference
        plan = work.plans.of([reference]).get(reference)
        if plan is None:
            return None
        together = open_cases(work, acting, work.cases.of_episode(involvement.episode))
        of_episode = [*(other.reference for other in together), reference]
        voice = None
        if not plan.is_approved:
            answers = answers_seen(
                work, involvement, acting=acting, agencies=agencies, clock=clock, settings=context.settings
            )
            voice = voice_of(answers, agencies)
        return plan_view(
            plan,
            work.plan_approvals.needs_of([reference])[reference],
            state=involvement.state,
            voice=voice,
            masker=masker_for(work=work, involvements=of_episode, reader=acting.user),
            viewer=Viewer(
                acting=acting,
                on=clock.today(),
                is_member=is_member(acting, work.cases.people_on(reference)),
            ),
            is_advocate=speaks_for_victim(acting, agencies),
        )
