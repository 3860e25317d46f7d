"""Reading part of a case: a whole case takes as long as drawing its page.

Permission, masking and the audit entry are the same as for the whole.
"""

from __future__ import annotations

from engine.access.policy import May
from engine.access.release import is_member
from engine.domain.base import Frozen
from engine.domain.cases.involvement import EpisodeOffer
from engine.domain.cases.views import AlarmView, IncidentView, PlanView
from engine.services.access.checks import open_case, open_cases
from engine.services.access.masking import masker_for
from engine.services.cases import facts
from engine.services.context import Context
from engine.services.referrals.episodes import episode_offers
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
    """Return the newest version of the plan; None when the panel has made none."""
    with context.reading(_ACT) as work:
        involvement = open_case(work, context.acting, reference, May.VIEW_CASE, at=context.clock.now())
        plan = work.plans.of([involvement.reference]).get(involvement.reference)
        if plan is None:
            return None
        together = open_cases(work, context.acting, work.cases.of_episode(involvement.episode))
        of_episode = [*(other.reference for other in together), involvement.reference]
        masker = masker_for(work=work, involvements=of_episode, reader=context.acting.user)
        return facts.plan_view(plan, masker, context.clock.today())
