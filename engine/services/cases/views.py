"""Reading one case whole. Every page, command and export that shows a case uses this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.access.policy import May
from engine.access.redaction import masked_words
from engine.access.release import is_member
from engine.domain.accounts.acting import Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import Involvement, Returns, last_stepped_up
from engine.domain.cases.views import (
    CaseView,
    MoveView,
    PersonView,
)
from engine.domain.errors import NotFoundError
from engine.domain.people.persons import ClaimedRole
from engine.services.access.checks import open_case, open_cases, open_part
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import speaks_for_victim
from engine.services.alarms.acts import alarms_seen
from engine.services.cases import facts
from engine.services.cases.band import with_band
from engine.services.cases.plain_facts import with_facts
from engine.services.cases.responsible import newest_seen
from engine.services.conference.amending import may_answer
from engine.services.conference.decision_views import decision_views
from engine.services.conference.decisions import review_proposed
from engine.services.conference.gaps import gaps_for
from engine.services.conference.victim_words import victim_words_seen, words_withdrawn
from engine.services.context import Context
from engine.services.orders.in_words import orders_in_brief
from engine.services.orders.notices import not_reached
from engine.services.orders.reported import orders_reported, reported_in_brief
from engine.services.people.known import KnownPersons
from engine.services.plans.approval import voice_of
from engine.services.plans.changes import SeenOnCase, review_on_case
from engine.services.plans.views import plan_view
from engine.services.referrals.episodes import episode_offers
from engine.services.referrals.linked_cases import other_involvements
from engine.services.responses.as_typed import with_own_as_typed
from engine.services.responses.due_dates import returned
from engine.services.responses.reassessment_views import reassessed_views
from engine.services.responses.victim_voice import advocate_offers, is_without_advocate, victim_voice
from engine.services.responses.views import answer_views, held_back_of
from engine.services.sharing.incident_rules import incidents_for
from engine.services.sharing.response_visibility import Viewer
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.store.repositories.people.persons import PersonOnCase

_SAFE_CONTACT = frozenset({"safe contact: how", "safe contact: when", "safe contact: through whom"})


def view_case(context: Context, *, reference: str) -> CaseView:
    """Return all that this person may see of one involvement and its episode.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    agencies = context.agencies_known
    with context.reading("view case") as work:
        involvement = open_case(work, context.acting, reference, May.VIEW_CASE, at=context.clock.now())
        return case_view(work, context, involvement, agencies=agencies)


def case_view(
    work: Work, context: Context, involvement: Involvement, *, agencies: Sequence[AgencyKnown]
) -> CaseView:
    """Return the same of a case that is open to this person; part of a larger use case."""
    acting, settings = context.acting, context.settings
    now, today = context.clock.now(), context.clock.today()
    reference = involvement.reference
    together = open_cases(work, acting, work.cases.of_episode(involvement.episode))
    of_episode = list(dict.fromkeys([*(other.reference for other in together), reference]))
    masker = masker_for(work=work, involvements=of_episode, reader=acting.user)
    referral, brought_in_by = work.referrals.newest_with_writer([reference])[reference]
    people = work.people.on_cases([reference])
    opened_at = work.cases.conference_opened_at(reference)
    returns: Sequence[Returns] = ()
    if involvement.is_screened:
        returns = with_own_as_typed(work, acting, returned(work, [reference], settings)[reference])
    rules = work.sharing.rules([reference])[reference] if returns else {}
    people_on_case, moves = work.cases.people_on(reference), work.cases.moves(reference)
    viewer = Viewer(acting=acting, on=today, is_member=is_member(acting, people_on_case))
    incidents, kept_back = incidents_for(work, of_episode, viewer, agencies)
    lately, lately_at_most = facts.count_lately(incidents, today)
    answers = (
        answer_views(
            returns,
            agencies,
            acting=acting,
            at=now,
            conference_is_open=opened_at is not None,
            masker=masker,
            rules=rules,
            is_member=viewer.is_member,
            asked_for_actions=work.proposals.newest_of(reference),
            stepped_up_at=last_stepped_up(moves),
        )
        if involvement.is_screened
        else ()
    )
    recorded = work.decisions.of([reference])[reference]
    decisions = decision_views(
        recorded,
        masker,
        answers,
        quorums=work.conference_attendance.quorums([each.reference for each in recorded]),
        entries=work.decisions.dissent_entries([each.reference for each in recorded]),
        is_member=viewer.is_member,
    )
    voice = victim_voice(answers, agencies, offers=advocate_offers(returns, masker))
    words = work.conference_victim_words.of([reference])[reference]
    alarm, later = work.alarms.of(reference), alarms_seen(work, acting, reference, at=now)
    plan = work.plans.of([reference]).get(reference)
    screenings = work.screenings.of(reference)
    kinds = set(work.protected.kinds_on(reference))
    known = KnownPersons(work, open_part(work, acting))
    outcomes = facts.outcome_views(work.outcomes.of([reference])[reference], masker)
    needs = work.plan_approvals.needs_of([reference])[reference]
    orders = orders_in_brief(work, of_episode, on=today)
    reported = reported_in_brief(orders_reported(answers, orders.known))
    trend = facts.trend_view(
        incidents,
        today,
        orders=orders.made,
        observed_from=facts.observed_since(
            together,
            lambda one: (
                (incidents, kept_back)
                if of_episode == [one]
                else incidents_for(work, [one], viewer, agencies)
            ),
        ),
    )
    seen = SeenOnCase(
        involvement=involvement,
        of_episode=of_episode,
        viewer=viewer,
        incidents=incidents,
        answers=answers,
        returns=returns,
        decisions=decisions,
        plan=plan,
        needs=needs,
        outcomes=outcomes,
        came_faster=trend.alarm,
    )
    view = CaseView(
        reference=reference,
        episode=involvement.episode,
        state=involvement.state,
        triage_outcome=involvement.triage_outcome,
        warning=facts.warning_of(involvement),
        received_at=involvement.received_at,
        age_hours=facts.age_hours(involvement.received_at, now),
        source=involvement.source,
        source_reference=involvement.source_reference,
        reason=masker.masked(referral.reason, by=brought_in_by),
        relationship=masker.masked_or_none(referral.relationship, by=brought_in_by),
        perpetrator=_person(people, ClaimedRole.PERPETRATOR, reference),
        victim=_person(people, ClaimedRole.VICTIM, reference),
        others_at_risk=tuple(_person_view(p) for p in people if p.role is ClaimedRole.OTHER_AT_RISK),
        victim_position=referral.victim_position,
        safe_contact_is_recorded=bool(kinds & _SAFE_CONTACT),
        children=referral.children,
        party_works_for=referral.party_works_for,
        call=masked_words(referral.call.shown(), masker, by=brought_in_by) if referral.call else None,
        alarms=facts.alarm_view(alarm, now, later),
        alarms_since=facts.alarms_since(later, masker, now, decided_at=recorded[-1].at if recorded else None),
        alarm_questions=facts.questions_answered(work.alarm_questions.of([reference]), masker),
        incidents=facts.incident_views(incidents, masker),
        incidents_kept_back=kept_back,
        incidents_last_28_days=lately,
        incidents_last_28_days_at_most=lately_at_most,
        trend=trend if acting.role is Role.ANALYST else None,
        answers=answers,
        reassessed=reassessed_views(
            work.reassessments.newest_on(reference), returns, viewer=viewer, masker=masker, rules=rules
        ),
        no_advocate=is_without_advocate(answers, agencies),
        victim_voice=voice,
        screening=facts.screening_view(screenings[-1], masker) if screenings else None,
        conference_opened_at=opened_at,
        decision=decisions[-1] if decisions else None,
        earlier_decisions=tuple(decisions[:-1]),
        gaps=gaps_for(involvement, acting, answers, alarm, later, voice, kept_back, agencies),
        victim_words=victim_words_seen(words, acting, agencies, masker),
        victim_words_withdrawn=words_withdrawn(words, acting, agencies),
        review_proposed=review_proposed(involvement, acting, settings.conference, on=today),
        plan=(
            plan_view(
                plan,
                needs,
                state=involvement.state,
                voice=voice_of(answers, agencies),
                masker=masker,
                viewer=viewer,
                is_advocate=speaks_for_victim(acting, agencies),
            )
            if plan
            else None
        ),
        orders=orders.in_words,
        orders_gap=orders.gap,
        orders_pressing=" ".join(filter(None, (orders.pressing, reported))) or None,
        not_reached=not_reached(work, context, reference, of_episode),
        review=review_on_case(work, seen, masker=masker, settings=settings.reviews, agencies=agencies),
        outcomes=outcomes,
        offers=episode_offers(work, involvement, acting, known),
        other_involvements=other_involvements(work, involvement, people, acting, known, together),
        people_on_case=people_on_case,
        responsible=newest_seen(work, reference, masker),
        history=tuple(
            MoveView(
                at=m.at, by=m.by, act=m.act, before=m.before, after=m.after, why=masker.masked(m.why, by=m.by)
            )
            for m in moves
        ),
        withheld=held_back_of(answers, agencies),
        allowed_acts=facts.acts_offered(involvement),
        may_enter_dissent=(
            bool(recorded) and viewer.is_member and may_answer(work, acting, recorded[-1].reference)
        ),
        is_restricted=work.need_to_know.is_restricted(reference),
    )
    view = with_facts(work, view, of_episode, orders.known, known, viewer, masker=masker, today=today)
    return with_band(work, view, of_episode, today=today)


def _person(people: Sequence[PersonOnCase], role: ClaimedRole, reference: str) -> PersonView:
    for person in reversed(people):
        if person.role is role:
            return _person_view(person)
    raise NotFoundError("person record", f"{role.value} of {reference}", instead="run 'stac doctor'")


def _person_view(person: PersonOnCase) -> PersonView:
    return PersonView(
        reference=person.reference,
        described=person.described,
        role=person.role,
        status=person.status,
        asserted_by=person.asserted_by,
    )
