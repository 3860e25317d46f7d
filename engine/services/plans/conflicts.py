"""Conflicts of a plan with what its reader knows of the case. Nothing here depends on a protected value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine.access.policy import May
from engine.access.release import is_member
from engine.clock import LONDON, Clock
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.orders.conditions import Must, What
from engine.domain.people.persons import ClaimedRole
from engine.domain.plans.actions import PlannedAction
from engine.domain.plans.conflicts import Action, Conflict, PlanFacts, VictimContact, find_conflicts
from engine.domain.plans.versions import StoredPlan
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.responses.answers import Refused
from engine.domain.sharing import Outcome
from engine.orders.on_record import last_day_by_rule
from engine.services.access.checks import open_case
from engine.services.context import Context
from engine.services.plans.views import informing_agency
from engine.services.sharing.response_visibility import Viewer, answer_outcome
from engine.store.unit_of_work import Work

_SAFE_CONTACT = frozenset(
    {
        ProtectedKind.CONTACT_HOW.value,
        ProtectedKind.CONTACT_WHEN.value,
        ProtectedKind.CONTACT_THROUGH.value,
    }
)


def check_plan(
    context: Context,
    *,
    reference: str,
    actions: Sequence[PlannedAction],
    informs_victim: str | None = None,
) -> tuple[Conflict, ...]:
    """Return the conflicts of these actions, whether they are saved or not. Protected places are not checked.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    agencies = context.agencies_known
    with context.reading("check plan") as work:
        case = open_case(work, context.acting, reference, May.PLAN).reference
        return conflicts_of(
            work,
            case,
            actions,
            acting=context.acting,
            clock=context.clock,
            agencies=agencies,
            informs_victim=informs_victim,
        )


def conflicts_on(context: Context, *, reference: str) -> tuple[Conflict, ...]:
    """Return the conflicts of the newest version of a plan: those that its approval asks about.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    agencies = context.agencies_known
    with context.reading("check plan") as work:
        case = open_case(work, context.acting, reference, May.PLAN).reference
        plan = work.plans.of([case]).get(case)
        if plan is None:
            return ()
        return conflicts_of_version(
            work, case, plan, acting=context.acting, clock=context.clock, agencies=agencies
        )


def conflicts_of_version(
    work: Work,
    reference: str,
    plan: StoredPlan,
    *,
    acting: Acting,
    clock: Clock,
    agencies: Sequence[AgencyKnown],
) -> tuple[Conflict, ...]:
    """Return the same of a version that was read, part of use cases; it knows who was agreed to inform."""
    needs = work.plan_approvals.needs_of([reference])[reference]
    return conflicts_of(
        work,
        reference,
        plan.actions,
        acting=acting,
        clock=clock,
        agencies=agencies,
        informs_victim=informing_agency(plan, needs),
    )


def conflicts_of(
    work: Work,
    reference: str,
    actions: Sequence[Action],
    *,
    acting: Acting,
    clock: Clock,
    agencies: Sequence[AgencyKnown],
    informs_victim: str | None = None,
) -> tuple[Conflict, ...]:
    """Return the conflicts of these actions with what this person sees of the case; part of use cases."""
    dates = work.reviews.dates_of([reference]).get(reference)
    facts = PlanFacts(
        contact=_contact(work, reference),
        agency_names={agency.code: agency.name for agency in agencies},
        speak_for_victim=frozenset(agency.code for agency in agencies if agency.speaks_for_victim),
        refused_on=dict(_refused(work, reference, acting, on=clock.today())),
        review_on=dates.review_on if dates is not None else None,
        informs_victim=informs_victim,
        contact_forbidden_by=tuple(_forbidding(work, reference, on=clock.today())),
    )
    return find_conflicts(actions, facts)


def _contact(work: Work, reference: str) -> VictimContact:
    kinds = frozenset(
        kind for case in work.cases.together(reference) for kind in work.protected.kinds_on(case)
    )
    position = work.referrals.newest([reference])[reference].victim_position
    reachable = {way for way, answer in position.he_can_reach.items() if answer is YesNo.YES}
    victims = [p.described for p in work.people.on_cases([reference]) if p.role is ClaimedRole.VICTIM]
    names = (name for victim in victims for name in (victim.forename, victim.surname) if name)
    return VictimContact(
        address_is_protected=ProtectedKind.ADDRESS.value in kinds,
        rules_are_recorded=bool(kinds & _SAFE_CONTACT),
        message_may_be_left=position.message_may_be_left,
        perpetrator_can_reach=frozenset(reachable),
        names=tuple(dict.fromkeys(names)),
    )


def _forbidding(work: Work, reference: str, *, on: date) -> Iterator[str]:
    """Yield the conditions that forbid contact or approach today: no place, no name."""
    for order in work.orders.of([reference]):
        if not order.applies_on(on, by_rule=last_day_by_rule(order)):
            continue
        for number, each in enumerate(order.terms.conditions if order.terms else (), start=1):
            if each.must is Must.NOT and each.what in (What.CONTACT, What.APPROACH) and each.includes(on):
                yield f"{order.reference}, condition {number}"


def _refused(work: Work, reference: str, acting: Acting, *, on: date) -> Iterator[tuple[str, date]]:
    """Yield the agencies whose current response is a refusal that this person may read, with its date."""
    rules = work.sharing.rules([reference])[reference]
    viewer = Viewer(acting=acting, on=on, is_member=is_member(acting, work.cases.people_on(reference)))
    for each in work.answers.returns([reference])[reference]:
        agency, stored = each.request.agency, each.released()
        is_shown = answer_outcome(rules.get(agency, {}), viewer) is Outcome.SHOW
        if stored is not None and isinstance(stored.answer, Refused) and is_shown:
            yield agency, stored.at.astimezone(LONDON).date()
