"""Asking the agencies for actions of a plan; what they propose waits for their own release like any response.

What an agency is shown of the others' responses is what its practitioners see on the case page. A failure, a
refusal and a plugin that does not answer are stored as that; none of them is "no action".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import assert_never

from engine.access.policy import May
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Involvement, Returns, StoredAnswer
from engine.domain.cases.lifecycle import IS_OPEN, State, allowed_acts
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.errors import IllegalTransitionError
from engine.domain.responses.answers import Contribution, Failed, FailureReason, Refused, Stage
from engine.domain.responses.proposals import (
    ActionsProposed,
    AnswerSeen,
    AskedForActions,
    ProposalOutcome,
    joined,
)
from engine.domain.sharing import Grounds
from engine.domain.system.audit import canonical, digest
from engine.hooks.questions import PROPOSE, ToPropose
from engine.services.access.checks import open_case, open_cases, practitioners_on
from engine.services.access.masking import masker_for
from engine.services.context import AgencyContext
from engine.services.responses.as_typed import as_typed
from engine.services.responses.requests import case_asked
from engine.services.responses.storage import store_answer
from engine.services.responses.views import answer_views
from engine.services.sharing.agency_rules import PANEL, store_verdicts, verdicts_of
from engine.store.unit_of_work import Work

_WHILE = IS_OPEN - {State.IN_FOLLOW_UP}
_ASK_FOR_ACTIONS = "ask for actions"
SHOWN_BESIDE = "agencies' released responses, as its people see them"
"""The content that an agency asked for actions is shown beside the case, as the case page lists it."""


class ProposalsAsked(Frozen):
    """The result of asking each agency for actions, by code."""

    reference: str
    outcomes: dict[str, ProposalOutcome]


def ask_for_actions(context: AgencyContext, *, reference: str) -> ProposalsAsked:
    """Ask each agency with a released contribution for actions, and prepare them for its release.

    No transaction is open while a plugin works, and no agency's failure costs another its turn. It may run
    twice: the same proposals add nothing. An agency that was not asked about the case is not asked here.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    IllegalTransitionError
        The state of the involvement does not allow it.
    """
    return _ask_all(context, reference, after_decision=False)


def ask_after_decision(
    context: AgencyContext, *, reference: str, of: Collection[str] | None = None
) -> ProposalsAsked:
    """Do the same once for each decision: an agency that was asked since the newest one is not asked again.

    Of a case that is over meanwhile no agency is asked. ``of`` leaves out other agencies than these.

    Raises
    ------
    NotFoundError
        The case does not exist, or is not open to the flow.
    """
    try:
        return _ask_all(context, reference, after_decision=True, of=of)
    except IllegalTransitionError:
        return ProposalsAsked(reference=reference, outcomes={})


def _ask_all(
    context: AgencyContext, reference: str, *, after_decision: bool, of: Collection[str] | None = None
) -> ProposalsAsked:
    known, agencies = context.agencies_known, context.agencies
    codes = {code for code in agencies.codes if agencies.is_here(code) and (of is None or code in of)}
    with context.reading(_ASK_FOR_ACTIONS) as work:
        involvement = _askable(work, context.acting, reference)
        case = case_asked(work, involvement, context.clock)
        stored = work.answers.returns([involvement.reference])[involvement.reference]
        outcomes = _since_decision(work, involvement.reference) if after_decision else {}
        to_ask = [r for r in stored if r.request.agency in codes - set(outcomes)]
        asked = [
            (
                returns,
                ToPropose(
                    case=case, answers=_seen_by(work, involvement, returns, stored, known, context.clock)
                ),
            )
            for returns in to_ask
            if _contribution_of(returns.released()) is not None
        ]
        work.notes(agencies=len(asked))
    for returns, put in asked:
        outcomes[returns.request.agency] = _ask(context, returns, put)
    for code in sorted({r.request.agency for r in to_ask} - set(outcomes)):
        outcomes[code] = _note_no_contribution(context, involvement.reference, code)
    return ProposalsAsked(reference=involvement.reference, outcomes=dict(sorted(outcomes.items())))


def _since_decision(work: Work, reference: str) -> dict[str, ProposalOutcome]:
    """Return what became of asking the agencies that were asked since the newest decision."""
    decisions = work.decisions.of([reference])[reference]
    return {
        code: asked.outcome
        for code, asked in work.proposals.newest_of(reference).items()
        if decisions and asked.at >= decisions[-1].at
    }


def _note_no_contribution(context: AgencyContext, reference: str, agency: str) -> ProposalOutcome:
    outcome = ProposalOutcome.NO_CONTRIBUTION
    with context.writing(_ASK_FOR_ACTIONS) as work:
        involvement = _askable(work, context.acting, reference)
        asked = AskedForActions(agency=agency, outcome=outcome, at=context.clock.now())
        work.proposals.add(involvement.reference, asked)
        work.notes(agency=agency, outcome=outcome.value)
    return outcome


def _ask(context: AgencyContext, returns: Returns, put: ToPropose) -> ProposalOutcome:
    """Ask one agency, join what it proposes to its newest contribution, and store that as prepared.

    A newer answer of its own that is not a contribution, or came meanwhile, is not replaced: what is proposed
    joins the next time.
    """
    agency, reference = returns.request.agency, returns.request.involvement
    given = context.agencies.ask(agency, PROPOSE, put)
    asked = _outcome(given, agency, version=context.agencies.version(agency), clock=context.clock)
    base = _newest(returns)
    contribution = _contribution_of(base)
    answer = None
    if isinstance(given, ActionsProposed) and contribution is not None:
        answer = joined(contribution, given, on=context.clock.today())
    verdicts = verdicts_of(context.agencies, agency, answer, PANEL, context.acting.purpose)
    with context.writing(_ASK_FOR_ACTIONS) as work:
        involvement = _askable(work, context.acting, reference)
        if put.answers:
            shown = (*returns.request.was_shown, SHOWN_BESIDE)
            work.answers.ask([returns.request.model_copy(update={"was_shown": shown})])
        last = work.proposals.newest_of(involvement.reference).get(agency)
        if answer is None or base is None or _newest(work.answers.of(reference, agency)) != base:
            asked = asked.model_copy(update={"digest": None})
        elif answer != contribution and (last is None or last.digest != asked.digest):
            store_verdicts(
                work,
                involvement.reference,
                agency,
                verdicts,
                key=context.key,
                purpose=context.acting.purpose,
                at=context.clock.now(),
            )
            store_answer(
                work,
                involvement.reference,
                agency,
                answer,
                stage=Stage.PREPARED,
                author=base.author,
                plugin_version=base.plugin_version,
                key=context.key,
                clock=context.clock,
                grounds=Grounds(purpose=context.acting.purpose),
                typed=_joined_as_typed(as_typed(work, involvement.reference, base), given, context.clock),
            )
        work.proposals.add(involvement.reference, asked)
        work.notes(agency=agency, outcome=asked.outcome.value)
    return asked.outcome


def _joined_as_typed(
    typed: object,
    given: ActionsProposed | Refused | Failed,
    clock: Clock,
) -> Contribution | None:
    """Return what a person typed with the actions that the plugin proposed beside it."""
    if isinstance(typed, Contribution) and isinstance(given, ActionsProposed):
        return joined(typed, given, on=clock.today())
    return None


def _outcome(
    given: ActionsProposed | Refused | Failed, agency: str, *, version: str, clock: Clock
) -> AskedForActions:
    asked = AskedForActions(
        agency=agency, outcome=ProposalOutcome.ANSWERED, plugin_version=version, at=clock.now()
    )
    match given:
        case ActionsProposed():
            return asked.model_copy(update={"digest": digest(canonical(given.model_dump(mode="json")))})
        case Refused():
            return asked.model_copy(update={"outcome": ProposalOutcome.REFUSED, "ground": given.ground})
        case Failed(reason=FailureReason.NOT_ANSWERED):
            return asked.model_copy(update={"outcome": ProposalOutcome.NO_HOOK})
        case Failed():
            return asked.model_copy(update={"outcome": ProposalOutcome.FAILED, "reason": given.reason})
        case _:
            assert_never(given)


def _seen_by(
    work: Work,
    involvement: Involvement,
    asked: Returns,
    stored: Sequence[Returns],
    known: Sequence[AgencyKnown],
    clock: Clock,
) -> tuple[AnswerSeen, ...]:
    """Return what a practitioner of the agency sees on the case page now; nothing if none has access to it.

    A case is open to people and not to an agency: a plugin sees no more than one of them could.
    """
    reference = involvement.reference
    practitioner = next(
        (
            each
            for each in practitioners_on(work, asked.request.agency, reference)
            if reference not in work.need_to_know.shut_out_of(each.user)
        ),
        None,
    )
    if practitioner is None:
        return ()
    together = open_cases(work, practitioner, work.cases.of_episode(involvement.episode))
    views = answer_views(
        stored,
        known,
        acting=practitioner,
        at=clock.now(),
        conference_is_open=work.cases.conference_opened_at(reference) is not None,
        masker=masker_for(
            work=work, involvements={reference, *(each.reference for each in together)}, reader=None
        ),
        rules=work.sharing.rules([reference])[reference],
        is_member=True,
    )
    return tuple(_seen(view) for view in views)


def _seen(view: AgencyAnswerView) -> AnswerSeen:
    return AnswerSeen(
        agency=view.agency,
        seat=view.seat,
        state=view.state,
        says=view.says,
        findings=view.findings,
        voices=view.voices,
        instruments=view.instruments,
        views=view.views,
        in_own_words=view.in_own_words,
        gaps=view.gaps,
        proposed_actions=view.proposed_actions,
        levels_are_hidden=view.levels_hidden,
        withheld=view.held_back,
    )


def _newest(returns: Returns | None) -> StoredAnswer | None:
    """Return the agency's newest answer: what waits for its release, else what is released."""
    return (returns.waiting_for_release() or returns.released()) if returns else None


def _contribution_of(stored: StoredAnswer | None) -> Contribution | None:
    if stored is None or not isinstance(stored.answer, Contribution) or stored.answer.erased_by:
        return None
    return stored.answer


def _askable(work: Work, acting: Acting, reference: str) -> Involvement:
    involvement = open_case(work, acting, reference, May.ASK_AGENCIES)
    if involvement.state not in _WHILE:
        raise IllegalTransitionError(
            involvement.reference,
            involvement.state.value,
            _ASK_FOR_ACTIONS,
            [act.value for act in allowed_acts(involvement.state)],
        )
    return involvement
