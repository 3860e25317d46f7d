"""The case conference: the chair opens it; its decision is stored with what it saw and did not see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from engine.access.policy import WHO_MAY, May
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.lifecycle import Act, State
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.conference.attendance import Quorum
from engine.domain.conference.risk import Decision
from engine.domain.errors import InvalidInputError
from engine.domain.plans.changes import ReviewProposed
from engine.domain.responses.answers import AnswerState
from engine.domain.typed_days import require_coming
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import open_case
from engine.services.access.primary_roles import kept_apart
from engine.services.access.restrictions import people_to_name
from engine.services.conference.gaps import check_decision, gaps_on, missing_on
from engine.services.conference.quorum import note_quorum
from engine.services.context import Context
from engine.services.referrals.moves import moved
from engine.services.responses.views import answers_seen
from engine.services.vault.typed_texts import check_typed
from engine.settings import ConferenceSettings
from engine.store.repositories.system.outbox import FlowName
from engine.store.unit_of_work import Work

_WITHOUT_CONTENT = frozenset(
    {
        AnswerState.NOT_ASKED,
        AnswerState.AWAITED,
        AnswerState.OVERDUE,
        AnswerState.FAILED,
        AnswerState.ERASED,
        AnswerState.ANSWERED_ASK_AGENCY,
    }
)


class Decided(Frozen):
    """A recorded decision."""

    reference: str
    decision: str
    version: int
    state: State
    not_seen: dict[str, AnswerState]
    quorum: Quorum | None = None
    """None where attendance was not recorded: the quorum is not known."""
    conference: str | None = None
    """The conference whose minutes have it; None outside one."""


def open_conference(context: Context, *, reference: str) -> State:
    """Open the conference, by the chair: now the agencies see each other's levels and reasons.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the case is on the agenda of a conference: it opens with its item.
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        Another person opened it first.
    """
    with context.writing("open conference") as work:
        before = open_case(work, context.acting, reference, May.OPEN_CONFERENCE)
        _require_its_item(work, before.reference)
        return open_with_item(work, context, before)


def open_with_item(work: Work, context: Context, before: Involvement) -> State:
    """Open the conference on a case; part of a larger use case.

    Raises
    ------
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        Another person opened it first.
    """
    after = moved(work, before, Act.OPEN_CONFERENCE, acting=context.acting, clock=context.clock)
    work.cases.open_conference(before.reference, by=context.acting.user, at=context.clock.now())
    work.cases.save_move(
        before,
        after,
        act=Act.OPEN_CONFERENCE,
        by=context.acting.user,
        why="opened by the chair",
        at=context.clock.now(),
    )
    return after.state


def _require_its_item(work: Work, case: str) -> None:
    """Refuse to show agencies each other's levels before the item of a case that is on an agenda."""
    for conference, item in work.conferences.with_case(case):
        if item not in {shown.item for shown in work.conferences.shown(conference.reference)}:
            raise InvalidInputError(
                f"referral {case}",
                f"it is on the agenda of conference {conference.reference}; it opens with its item there",
            )


def decide(context: Context, *, reference: str, decision: Decision) -> Decided:
    """Record what the panel decided, with the versions of the answers that it saw.

    A text is owed only where agencies differ on a domain, or the panel departs from the level they share:
    then also the alternatives that it considered. Its confidence is always owed.
    "Low" needs each gap that this person may know of to be weighed, and a written reason over them: silence
    is not safety, and neither is a refusal, an item withheld or an alarm that was raised.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the review date is not a date to come, a text that is owed is missing, or
        "low" is chosen over a gap without a reason.
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        Another person recorded the decision first.
    """
    agencies = context.agencies_known
    if decision.amended_because is not None:
        raise InvalidInputError("amended_because", "leave it out; 'stac conference amend' amends a decision")
    require_review_day(decision, context.clock)
    with context.writing("decide") as work:
        before = open_case(work, context.acting, reference, May.DECIDE)
        after = moved(work, before, Act.DECIDE, acting=context.acting, clock=context.clock)
        answers = answers_seen(
            work,
            before,
            acting=context.acting,
            agencies=agencies,
            clock=context.clock,
            settings=context.settings,
        )
        check_decision(
            decision,
            answers,
            gaps_on(
                work,
                before,
                answers,
                acting=context.acting,
                agencies=agencies,
                clock=context.clock,
            ),
            may_be_missing=missing_on(
                work, context.acting, before.reference, answers, agencies=agencies, clock=context.clock
            ),
        )
        saw, not_seen = versions_seen(answers)
        ref, version = work.decisions.add(
            before.reference,
            decision,
            saw=saw,
            not_seen=not_seen,
            by=context.acting.user,
            at=context.clock.now(),
        )
        work.cases.save_move(
            before,
            after,
            act=Act.DECIDE,
            by=context.acting.user,
            why=f"decision {ref}",
            at=context.clock.now(),
        )
        quorum = note_quorum(work, context, before.reference, ref, decision.attendance)
        texts = texts_of(decision)
        check_typed(work, before, TypedWhere.DECISION, texts, acting=context.acting, clock=context.clock)
        work.outbox.add(FlowName.AFTER_DECISION, ref, acting=context.acting, at=context.clock.now())
        conference = work.conference_attendance.conference_of(ref)
        work.notes(decision=ref, version=version, dissent=len(decision.dissent))
    return Decided(
        reference=before.reference,
        decision=ref,
        version=version,
        state=after.state,
        not_seen=not_seen,
        quorum=quorum,
        conference=conference,
    )


def require_review_day(decision: Decision, clock: Clock) -> None:
    """Refuse a review date that has passed or is malformed. Raises InvalidInputError."""
    if decision.review_on is None:
        return
    try:
        day = date.fromisoformat(decision.review_on)
    except ValueError:
        raise InvalidInputError("review_on", "this is not a date; write it like 2026-03-02") from None
    require_coming("review_on", day, on=clock.today())


def review_proposed(
    involvement: Involvement, acting: Acting, settings: ConferenceSettings, *, on: date
) -> ReviewProposed | None:
    """Return the review date that a decision of this day may take over, for a person who may decide."""
    outcome = involvement.triage_outcome
    days = settings.review_after_days.get(outcome) if outcome is not None else None
    if outcome is None or days is None or acting.role not in WHO_MAY[May.DECIDE]:
        return None
    return ReviewProposed(on=on + timedelta(days=days), days=days, outcome=outcome)


def texts_of(decision: Decision) -> list[str | None]:
    """Return the texts of a decision that a person typed."""
    reasons = [text for each in decision.judgements for text in (each.reasons, each.settled)]
    dissent = [each.reasons for each in decision.dissent]
    return [*reasons, *dissent, decision.summary, decision.low_despite_unknown, decision.alternatives]


def versions_seen(answers: Sequence[AgencyAnswerView]) -> tuple[dict[str, int], dict[str, AnswerState]]:
    """Return the versions that this person saw; of an answer hidden from them only its state."""
    saw: dict[str, int] = {}
    not_seen: dict[str, AnswerState] = {}
    for answer in answers:
        if answer.version is None or answer.state in _WITHOUT_CONTENT:
            not_seen[answer.agency] = answer.state
        else:
            saw[answer.agency] = answer.version
    return saw, not_seen


def after_decision(context: Context, *, decision: str) -> str:
    """Name on the case the people of the agencies that attended: their worklists then show its actions.

    Return the involvement. It may run twice; it changes nothing that is already so.

    Raises
    ------
    NotFoundError
        The decision does not exist, or its case is not open to the flow.
    """
    with context.writing("after decision") as work:
        reference = work.decisions.involvement_of(decision)
        involvement = open_case(work, context.acting, reference, May.ASK_AGENCIES)
        stored = work.decisions.of([reference])[reference][-1]
        agencies = {each.agency for each in stored.decision.attendance}
        people = people_to_name(work, involvement.reference, agencies)
        apart = kept_apart(work, context.acting, involvement.reference)
        people = [name for name in people if name not in apart]
        work.cases.name_people(involvement.reference, people, by=context.acting.user, at=context.clock.now())
        work.notes(decision=decision)
        return reference
