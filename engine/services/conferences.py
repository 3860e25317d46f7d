"""The case conference: the chair opens it; its decision is kept with what it saw and did not see."""

from __future__ import annotations

from engine.access.policy import May
from engine.clock import Clock
from engine.domain.acting import Acting
from engine.domain.answers import AnswerState, Failed
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.lifecycle import Act, State
from engine.domain.risk import Decision, Level
from engine.domain.typed_texts import TypedWhere
from engine.services.doors import open_case
from engine.services.primary_roles import kept_apart
from engine.services.restricting import people_to_name
from engine.services.typed_texts import check_typed
from engine.store.repositories.outbox import FlowName
from engine.store.unit_of_work import UnitOfWork, Work

_MISSING = frozenset({AnswerState.AWAITED, AnswerState.OVERDUE, AnswerState.FAILED, AnswerState.NOT_ASKED})


class Decided(Frozen):
    """A decision was recorded."""

    reference: str
    decision: str
    version: int
    state: State
    not_seen: dict[str, AnswerState]


def open_conference(*, uow: UnitOfWork, clock: Clock, acting: Acting, reference: str) -> State:
    """The chair opens the conference: now the agencies see each other's levels and reasons."""
    with uow.writing(acting=acting, what="open conference", at=clock.now()) as work:
        before = open_case(work, acting, reference, May.OPEN_CONFERENCE)
        after = before.moved(Act.OPEN_CONFERENCE)
        work.cases.open_conference(before.reference, by=acting.user, at=clock.now())
        work.cases.save_move(
            before, after, act=Act.OPEN_CONFERENCE, by=acting.user, why="opened by the chair", at=clock.now()
        )
        return after.state


def decide(*, uow: UnitOfWork, clock: Clock, acting: Acting, reference: str, decision: Decision) -> Decided:
    """Record what the panel decided, with the versions of the answers that it saw.

    "Low" while an agency's answer is missing or failed needs a written reason: silence is not safety.
    """
    with uow.writing(acting=acting, what="decide", at=clock.now()) as work:
        before = open_case(work, acting, reference, May.DECIDE)
        after = before.moved(Act.DECIDE)
        saw, not_seen = _seen(work, before.reference, clock)
        missing = sorted(agency for agency, state in not_seen.items() if state in _MISSING)
        is_low = [j.domain.value for j in decision.judgements if j.level is Level.LOW]
        if is_low and missing and not decision.low_despite_unknown:
            raise InvalidInputError(
                "low_despite_unknown",
                f"{', '.join(is_low)} cannot be low without a reason while {', '.join(missing)} "
                "has not answered or has failed; write why, or choose 'unable to say'",
            )
        ref, version = work.decisions.add(
            before.reference, decision, saw=saw, not_seen=not_seen, by=acting.user, at=clock.now()
        )
        work.cases.save_move(
            before, after, act=Act.DECIDE, by=acting.user, why=f"decision {ref}", at=clock.now()
        )
        texts = _texts_of(decision)
        check_typed(work, before, TypedWhere.DECISION, texts, acting=acting, clock=clock)
        work.outbox.add(FlowName.AFTER_DECISION, ref, acting=acting, at=clock.now())
        work.notes(decision=ref, version=version, dissent=len(decision.dissent))
    return Decided(
        reference=before.reference, decision=ref, version=version, state=after.state, not_seen=not_seen
    )


def _texts_of(decision: Decision) -> list[str | None]:
    reasons = [judgement.reasons for judgement in decision.judgements]
    dissent = [each.reasons for each in decision.dissent]
    return [*reasons, *dissent, decision.summary, decision.low_despite_unknown]


def _seen(work: Work, reference: str, clock: Clock) -> tuple[dict[str, int], dict[str, AnswerState]]:
    saw: dict[str, int] = {}
    not_seen: dict[str, AnswerState] = {}
    for returns in work.answers.returns([reference])[reference]:
        agency, shown = returns.request.agency, returns.released()
        if shown is not None and not isinstance(shown.answer, Failed):
            saw[agency] = shown.version
        else:
            not_seen[agency] = returns.state(clock.now(), seen_by_owner=False)
    return saw, not_seen


def after_decision(*, uow: UnitOfWork, clock: Clock, acting: Acting, decision: str) -> str:
    """What follows a decision by itself: the people of the agencies with actions are told by their worklists.

    Returns the involvement. It may run twice; it changes nothing that is already so.
    """
    with uow.writing(acting=acting, what="after decision", at=clock.now()) as work:
        reference = work.decisions.involvement_of(decision)
        involvement = open_case(work, acting, reference, May.ASK_AGENCIES)
        stored = work.decisions.of([reference])[reference][-1]
        agencies = {each.agency for each in stored.decision.attendance}
        people = people_to_name(work, involvement.reference, agencies)
        apart = kept_apart(work, acting, involvement.reference)
        people = [name for name in people if name not in apart]
        work.cases.name_people(involvement.reference, people, by=acting.user, at=clock.now())
        work.notes(decision=decision)
        return reference
