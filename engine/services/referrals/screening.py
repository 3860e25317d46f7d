"""Screening, alarms, same-day safeguarding: the steps of a referral before agencies are asked."""

from __future__ import annotations

from collections.abc import Sequence

from engine.access.policy import May
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.errors import ConflictError, InvalidInputError, Side
from engine.domain.referrals.screening import Screening
from engine.domain.vault.typed_texts import TypedWhere
from engine.exchange.advice import advice_text
from engine.services.access.checks import classes_shown, open_case
from engine.services.access.link_refresh import ask_for_refresh
from engine.services.access.primary_roles import kept_apart, require_apart
from engine.services.access.restrictions import people_to_name
from engine.services.alarms.acts import acknowledge, refuse_second
from engine.services.context import Context
from engine.services.referrals.episodes import join_episode
from engine.services.referrals.holding import hold_by_default
from engine.services.referrals.moves import moved
from engine.services.vault.typed_texts import check_typed
from engine.store.repositories.system.outbox import FlowName
from engine.store.unit_of_work import Work

_ASKING = frozenset({TriageOutcome.CONSULTATION, TriageOutcome.CONFERENCE, TriageOutcome.URGENT})


class Screened(Frozen):
    """A screened referral."""

    reference: str
    state: State
    outcome: TriageOutcome
    advice: str | None
    episode: str
    agencies_will_be_asked: bool


def screen(context: Context, *, reference: str, screening: Screening) -> Screened:
    """Record a screening and move the involvement; agencies are asked by the flow that follows.

    The people on the case are those named, the person who screens, and, when agencies are asked and no person
    of an agency is named, that agency's practitioners, so that an answer can be prepared and released. On a
    restricted case only people who are named by name come in.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the base version does not exist, a cited incident is not on the referral,
        a person works the counter-allegation, or the episode is not one that is proposed.
    NotFoundError
        The case is not open to the person who acts, or a named user does not exist.
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        Another person screened it first.
    """
    agencies = context.agencies_known
    with context.writing("screen") as work:
        before = open_case(work, context.acting, reference, May.SCREEN)
        work.screenings.require_newest(
            before.reference, screening.base_version, by=context.acting.user, at=context.clock.now()
        )
        after = before.moved(Act.SCREEN, triage=screening.outcome)
        _check_evidence(work, before, screening, context.acting, context.clock)
        if screening.outcome is TriageOutcome.ADVICE and screening.advice is None:
            alarms = work.alarms.of(before.reference).answers
            screening = screening.model_copy(update={"advice": advice_text(alarms, screening.four)})
        work.screenings.add(before.reference, screening, by=context.acting.user, at=context.clock.now())
        work.cases.save_move(
            before,
            after,
            act=Act.SCREEN,
            by=context.acting.user,
            why=screening.reason,
            at=context.clock.now(),
        )
        texts = (screening.reason, screening.advice, screening.safeguarding)
        check_typed(work, before, TypedWhere.SCREENING, texts, acting=context.acting, clock=context.clock)
        asking = screening.outcome in _ASKING
        name_for_agencies(
            work,
            before.reference,
            screening.people,
            agencies if asking else (),
            context.acting,
            context.clock,
        )
        hold_by_default(work, before.reference, acting=context.acting, clock=context.clock)
        if screening.same_episode_as:
            join_episode(
                work,
                after,
                screening.same_episode_as,
                acting=context.acting,
                clock=context.clock,
                why=screening.reason,
            )
        if asking:
            work.outbox.add(
                FlowName.ASSESS_REFERRAL, before.reference, acting=context.acting, at=context.clock.now()
            )
        ask_for_refresh(work, context.acting, at=context.clock.now())
        work.notes(outcome=screening.outcome.value)
        episode = screening.same_episode_as or before.episode
    return Screened(
        reference=before.reference,
        state=after.state,
        outcome=screening.outcome,
        advice=screening.advice,
        episode=episode,
        agencies_will_be_asked=asking,
    )


def _check_evidence(
    work: Work, involvement: Involvement, screening: Screening, acting: Acting, clock: Clock
) -> None:
    classes = classes_shown(work, acting, on=clock.today())
    there = work.incidents.of([involvement.reference], shown=classes)
    shown = {incident.reference for incident in there}
    cited = {incident for item in screening.four for incident in item.incidents}
    strangers = sorted(cited - shown)
    if strangers:
        raise InvalidInputError(
            "four", f"incident {strangers[0]} is not on this referral; tick one that is shown"
        )


def name_for_agencies(
    work: Work,
    reference: str,
    people: Sequence[str],
    agencies: Sequence[AgencyKnown],
    acting: Acting,
    clock: Clock,
) -> None:
    """Open a case to these people, the person who acts, and practitioners of agencies without one of them.

    A part of use cases: screening, and stepping up. Who works a counter-allegation stays apart, and a
    restricted case opens to people by name only.
    """
    named = [work.users.get(name) for name in people]
    covered = {user.agency for user in named if user.agency}
    missing = [agency.code for agency in agencies if agency.code not in covered]
    opened = [acting.user, *(user.name for user in named)]
    apart = kept_apart(work, acting, reference)
    require_apart(apart, people)
    opened += [name for name in people_to_name(work, reference, missing) if name not in apart]
    work.cases.name_people(reference, opened, by=acting.user, at=clock.now())


def name_people(context: Context, *, reference: str, people: Sequence[str]) -> tuple[str, ...]:
    """Open a case to more people; return all people on it.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or a person works the counter-allegation.
    NotFoundError
        The case is not open to the person who acts, or a named user does not exist.
    """
    with context.writing("name people on the case") as work:
        involvement = open_case(work, context.acting, reference, May.SCREEN)
        names = [work.users.get(name).name for name in people]
        require_apart(kept_apart(work, context.acting, involvement.reference), names)
        work.cases.name_people(involvement.reference, names, by=context.acting.user, at=context.clock.now())
        work.notes(named=len(names))
        return work.cases.people_on(involvement.reference)


def acknowledge_alarm(context: Context, *, reference: str) -> None:
    """Acknowledge every open alarm of a case that this person did not record, as a named person.

    The first acknowledgement stays, and a second person learns who it was.

    Raises
    ------
    InvalidInputError
        The reference is malformed, no alarm was raised, or this person recorded or typed all that are open.
    ConflictError
        Another person acknowledged it first.
    """
    with context.writing("acknowledge alarm") as work:
        involvement = open_case(work, context.acting, reference, May.ACKNOWLEDGE)
        later = acknowledge(work, context, involvement.reference)
        there = work.alarms.of(involvement.reference)
        if later and (not there.is_raised or there.acknowledged_by is not None):
            return
        if not there.is_raised:
            if refuse_second(work, context, involvement.reference):
                return
            raise InvalidInputError(
                f"referral {reference}", "no alarm was raised; there is nothing to acknowledge"
            )
        if there.acknowledged_by not in {None, context.acting.user} and there.acknowledged_at is not None:
            raise ConflictError(
                "alarm of",
                involvement.reference,
                did="acknowledge",
                yours=Side(context.acting.user, context.clock.now()),
                theirs=Side(str(there.acknowledged_by), there.acknowledged_at),
            )
        is_own = work.referrals.typist(involvement.reference) == context.acting.user
        if is_own and there.acknowledged_by is None:
            if later:
                return
            raise InvalidInputError(
                f"alarm of {involvement.reference}",
                "you typed this referral; another person must acknowledge it",
            )
        work.alarms.acknowledge(involvement.reference, by=context.acting.user, at=context.clock.now())


def record_safeguarding(context: Context, *, reference: str, done: str) -> State:
    """Record that an urgent referral's same-day safeguarding is done; a conference follows, never instead.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    IllegalTransitionError
        The state of the involvement does not allow it.
    """
    with context.writing("record safeguarding") as work:
        before = open_case(work, context.acting, reference, May.RECORD_SAFEGUARDING)
        after = moved(work, before, Act.RECORD_SAFEGUARDING, acting=context.acting, clock=context.clock)
        work.cases.save_move(
            before,
            after,
            act=Act.RECORD_SAFEGUARDING,
            by=context.acting.user,
            why=done,
            at=context.clock.now(),
        )
        check_typed(work, before, TypedWhere.REASON, [done], acting=context.acting, clock=context.clock)
        return after.state


def end_involvement(context: Context, *, reference: str, act: Act, why: str) -> State:
    """End a consultation, exit a plan into follow-up, or close: with a reason, where it is allowed.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the act does not end an involvement.
    IllegalTransitionError
        The state of the involvement does not allow it.
    """
    if act not in {Act.END_CONSULTATION, Act.EXIT, Act.CLOSE}:
        raise InvalidInputError("act", "choose 'end consultation', 'exit' or 'close' to end an involvement")
    with context.writing(act.value) as work:
        before = open_case(work, context.acting, reference, May.END)
        after = moved(work, before, act, acting=context.acting, clock=context.clock)
        work.cases.save_move(before, after, act=act, by=context.acting.user, why=why, at=context.clock.now())
        check_typed(work, before, TypedWhere.REASON, [why], acting=context.acting, clock=context.clock)
        return after.state
