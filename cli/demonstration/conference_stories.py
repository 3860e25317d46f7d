"""An invented conference and what follows it: decision, plan, what became of each action, outcomes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cli.demonstration.orders import orders_of
from cli.demonstration.stage import Stage, StagedReferral, Story, at, in_office_hours
from cli.demonstration.victims import record_account
from engine.clock import LONDON
from engine.domain.agencies.directory import VICTIM_VOICE
from engine.domain.cases.incidents import IncidentKind, IncidentReported
from engine.domain.cases.lifecycle import Act
from engine.domain.conference.risk import Domain
from engine.domain.dates import PartialDate
from engine.domain.outcomes.follow_up import AgainstWhom
from engine.domain.outcomes.victims import Moment
from engine.domain.plans.actions import OPEN_STATUSES, ActionStatus, Delivered
from engine.domain.plans.approval import (
    AcceptedConflict,
    ApprovalGiven,
    Informs,
    Need,
    NeedRecorded,
    NeedSignedNot,
    SafetyResult,
    WhyNot,
)
from engine.domain.plans.views import NeedStatus, PlanView
from engine.services.conference import decisions
from engine.services.conference.gaps import compared_on
from engine.services.outcomes import follow_up
from engine.services.plans import actions as plan_actions
from engine.services.plans import approval
from engine.services.plans import versions as plan_versions
from engine.services.plans.conflicts import conflicts_on
from engine.services.referrals import screening
from engine.services.referrals.incidents import record_incident
from engine.services.system.invented_city import (
    action_updates,
    decision_of,
    minutes_of,
    outcomes_of,
    plan_of,
    professional_of,
)

_SOME_CONFERENCE = date(2024, 1, 3)
_CONFERENCES_EVERY = 14
_TIME_TO_ANSWER = 12
_DELIVERY_DAYS = (90, 180)
_FIRST_LOOK_DAYS = 30
_APPROVED_WITHIN_DAYS = 3


def conference_day(stage: Stage, referral: StagedReferral) -> datetime:
    """Return the first conference by which the agencies have had time to answer."""
    return next_conference(max(stage.clock.now(), referral.received + timedelta(days=_TIME_TO_ANSWER)))


def next_conference(after: datetime) -> datetime:
    """Return the next conference: every second Wednesday at ten."""
    day = after.astimezone(LONDON).date() + timedelta(days=1)
    ahead = -(day - _SOME_CONFERENCE).days % _CONFERENCES_EVERY
    return at(day + timedelta(days=ahead), 10)


def open_conference(stage: Stage, referral: StagedReferral) -> None:
    """Open the conference as its chair, which makes levels and reasons visible."""
    decisions.open_conference(stage.runtime.context(stage.cast.chair), reference=referral.reference)


def decide(stage: Stage, referral: StagedReferral) -> None:
    """Record the panel's decision, having seen the present answers."""
    view = stage.case(stage.cast.chair, referral.reference)
    compared = {domain: compared_on(domain, view.answers) for domain in Domain}
    decided = decisions.decide(
        stage.runtime.context(stage.cast.chair),
        reference=referral.reference,
        decision=decision_of(
            referral.episode,
            {answer.agency: answer.state for answer in view.answers},
            seed=stage.seed,
            agencies=stage.codes,
            on=stage.clock.today(),
            gaps=[gap.name for gap in view.gaps],
            differing=[domain for domain, there in compared.items() if there.differ],
            shared={domain: there.agreed for domain, there in compared.items() if there.agreed is not None},
        ),
    )
    stage.follow_decision(referral, decided.decision)


def after_conference(stage: Stage, referral: StagedReferral) -> Story:
    """Yield moments: the plan on the same day, its approval within days, then what happens until its end."""
    decided_on = stage.clock.today()
    yield stage.clock.now() + timedelta(minutes=40)
    plan(stage, referral)
    days = stage.drawn(referral.key, "approval", _APPROVED_WITHIN_DAYS)
    yield max(at(decided_on + timedelta(days=days), 15), stage.clock.now() + timedelta(minutes=30))
    speaks = approve(stage, referral)
    if speaks:
        record_account(stage, referral, Moment.INTAKE)
    stage.begin(_followed_up(stage, referral, decided_on))
    stage.begin(orders_of(stage, referral, decided_on))
    yield from _in_delivery(stage, referral, decided_on, speaks=speaks)


def plan(stage: Stage, referral: StagedReferral) -> None:
    """Write the plan that was agreed, as the chair."""
    plan_versions.make_plan(
        stage.runtime.context(stage.cast.chair),
        reference=referral.reference,
        plan=plan_of(
            referral.episode, seed=stage.seed, on=stage.clock.today(), agencies=stage.codes, seats=stage.seats
        ),
        agencies=stage.codes,
    )


def approve(stage: Stage, referral: StagedReferral) -> bool:
    """Record what the approval needs, as the advocate or by signing why not, and approve as the chair.

    Return whether an advocate speaks for the victim.
    """
    there = stage.plan(stage.cast.chair, referral.reference)
    assert there is not None
    voice = next((code for code, seat in stage.seats.items() if seat == VICTIM_VOICE), None)
    view = stage.case(stage.cast.chair, referral.reference)
    speaks = voice is not None and view.victim_voice.speaks
    needs = [need.need for need in there.gate if need.status is NeedStatus.NOT_RECORDED]
    for need in needs:
        if voice is not None and speaks:
            _record(stage, referral, need, there, voice)
        else:
            signed = NeedSignedNot(
                need=need,
                plan_version=there.version,
                why=WhyNot.NO_ADVOCATE,
                says="No advocate works with the victim yet; one is to be offered again.",
            )
            approval.sign_why_not(
                stage.runtime.context(stage.cast.chair), reference=referral.reference, need=signed
            )
    context = stage.runtime.context(stage.cast.chair)
    accepted = tuple(
        AcceptedConflict(conflict=each.key, because="Weighed at the conference; to be reviewed.")
        for each in conflicts_on(context, reference=referral.reference)
    )
    approval.approve_plan(
        context,
        reference=referral.reference,
        approval=ApprovalGiven(version=there.version, accepted=accepted),
    )
    return speaks


def _record(stage: Stage, referral: StagedReferral, need: Need, plan: PlanView, voice: str) -> None:
    """Record one need as the victim's advocate; the victim has agreed to share none of its text."""
    advocate = stage.cast.practitioner(voice, 0)
    person = professional_of(stage.seed, voice, 0).name
    approval.record_need(
        stage.runtime.context(advocate),
        reference=referral.reference,
        need=NeedRecorded(
            need=need,
            plan_version=plan.version,
            plan_departs=plan.departs if need is Need.VICTIMS_WISHES else None,
            informs=Informs(agency=voice, person=person) if need is Need.WHO_INFORMS else None,
            result=SafetyResult.SAFE if need is Need.SAFETY_CHECK else None,
        ),
    )


def _in_delivery(stage: Stage, referral: StagedReferral, decided_on: date, *, speaks: bool) -> Story:
    there = stage.plan(stage.cast.chair, referral.reference)
    assert there is not None
    agencies = {action.reference: action.agency for action in there.actions}
    # what is said of an action is drawn by its place in the plan: by due day, then by what it says
    in_order = sorted(there.actions, key=lambda action: (action.due, action.what))
    updates = action_updates(
        referral.episode,
        {action.reference: action.due for action in in_order},
        seed=stage.seed,
        planned_on=decided_on,
        today=stage.end.astimezone(LONDON).date(),
    )
    least, most = _DELIVERY_DAYS
    exit_on = decided_on + timedelta(days=least + stage.drawn(referral.key, "exit", most - least))
    moments: list[tuple[datetime, int]] = [
        (max(at(update.on, 15), stage.clock.now() + timedelta(minutes=1)), place)
        for place, update in enumerate(updates)
    ]
    moments.append((at(exit_on, 11), _EXIT))
    again = referral.episode.further_stalking_on
    if (
        again is not None
        and decided_on < again < exit_on
        and referral.episode.further_against != AgainstWhom.NEW_VICTIM
    ):
        moments.append((at(again + timedelta(days=1), 12), _AGAIN))
    for moment, place in sorted(moments):
        yield moment
        if place == _EXIT:
            _exit(stage, referral)
            if speaks:
                record_account(stage, referral, Moment.EXIT)
        elif place == _AGAIN and again is not None:
            _further_incident(stage, referral, again)
        else:
            update = updates[place]
            plan_actions.act(
                stage.runtime.context(stage.cast.practitioner(agencies[update.reference], 0)),
                action=update.reference,
                status=update.status,
                note=update.note,
                delivered=_delivered(stage, f"{referral.key} {place}", update.status),
            )
    yield in_office_hours(at(decided_on + timedelta(days=18 * 30 + 15), 11))
    screening.end_involvement(
        stage.runtime.context(stage.cast.coordinator),
        reference=referral.reference,
        act=Act.CLOSE,
        why="The follow-up has come to its end.",
    )


def _delivered(stage: Stage, key: str, status: ActionStatus) -> Delivered | None:
    return Delivered(minutes=minutes_of(key, seed=stage.seed)) if status is ActionStatus.DONE else None


_EXIT, _AGAIN = -1, -2


def _exit(stage: Stage, referral: StagedReferral) -> None:
    """Record that actions without a report until the plan ends were not done."""
    there = stage.plan(stage.cast.chair, referral.reference)
    for action in there.actions if there else ():
        if action.status in OPEN_STATUSES:
            plan_actions.act(
                stage.runtime.context(stage.cast.chair),
                action=action.reference,
                status=ActionStatus.NOT_DONE,
                note="Nothing was reported before the plan ended.",
            )
    screening.end_involvement(
        stage.runtime.context(stage.cast.chair),
        reference=referral.reference,
        act=Act.EXIT,
        why="The plan was delivered as far as it could be; the follow-up begins.",
    )


def _further_incident(stage: Stage, referral: StagedReferral, happened: date) -> None:
    record_incident(
        stage.runtime.context(stage.cast.coordinator),
        reference=referral.reference,
        incident=IncidentReported(
            happened=PartialDate.of(happened),
            kind=IncidentKind.CONTACTING,
            what="Rang again and asked for one last meeting.",
        ),
    )


def _followed_up(stage: Stage, referral: StagedReferral, decided_on: date) -> Story:
    """Record what follow-ups have found by the end of the invented past."""
    yield stage.end - timedelta(hours=20)
    if (stage.clock.today() - decided_on).days < _FIRST_LOOK_DAYS:
        return
    found = outcomes_of(
        referral.episode,
        decided_on=decided_on,
        today=stage.clock.today(),
        seed=stage.seed,
        looked_in=stage.codes,
    )
    for outcome in found:
        follow_up.record_outcome(
            stage.runtime.context(stage.cast.coordinator), reference=referral.reference, outcome=outcome
        )
