"""Asking the agencies for outcomes from their own records; what is not plain fact waits for their release.

A failure, a refusal, a nil return and a plugin that does not answer are stored as that; none is "none found".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import assert_never

from engine.access.policy import May, require_agency
from engine.domain.alarms import Door
from engine.domain.base import Frozen
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.involvement import Involvement
from engine.domain.dates import PartialDate
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError
from engine.domain.outcomes.agency_outcomes import (
    OutcomeAct,
    OutcomesAsked,
    OutcomesFound,
    OutcomesResult,
    OutcomeWindow,
)
from engine.domain.outcomes.follow_up import Measure, OutcomeFound, OutcomeGiven
from engine.domain.responses.answers import Failed, FailureReason, NilReturn, Refused
from engine.hooks.questions import OUTCOMES, ToFollowUp
from engine.hooks.registry import releases_by_itself
from engine.hooks.wording import counted
from engine.services.access.checks import open_case
from engine.services.alarms.raising import record_answers, with_breach
from engine.services.context import AgencyContext, Context
from engine.services.outcomes.follow_up import harm_in_days, same_outcome
from engine.services.outcomes.quarterly_asking import agencies_due
from engine.services.responses.requests import case_asked
from engine.store.repositories.system.outbox import FlowName
from engine.store.unit_of_work import Work

_ASK = "ask agencies for outcomes"


class AgencyReturn(Frozen):
    """The result of asking one agency, for a reader on the case. What waits is for its own people."""

    agency: str
    agency_name: str
    result: OutcomesResult | None
    """None: it responded, and what it responded waits for its release or is withheld."""
    window: OutcomeWindow
    at: datetime
    acts: tuple[OutcomeAct, ...] = ()
    searched: tuple[Measure, ...] = ()
    unplaced: int = 0
    custody: int = 0
    reason: str | None = None
    status: str
    may_release: bool = False


def request_outcomes(context: Context, *, reference: str) -> None:
    """Ask for the flow that asks the agencies for outcomes of a case.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the panel has not decided on the case.
    """
    with context.writing("request outcomes of agencies") as work:
        involvement = open_case(work, context.acting, reference, May.ASK_AGENCIES)
        _window(work, involvement, context)
        work.outbox.add(
            FlowName.FOLLOW_UP, involvement.reference, acting=context.acting, at=context.clock.now()
        )


def ask_outcomes(
    context: AgencyContext, *, reference: str, of: Collection[str] | None = None, only_due: bool = False
) -> dict[str, OutcomesResult]:
    """Ask each agency that was asked about the case, store what it gives, and record what needs no release.

    ``of`` leaves out other agencies than these; ``only_due`` leaves out those that have been asked this
    quarter, and those with a return to release.

    No transaction is open while a plugin works, and no agency's failure costs another its turn. It may run
    twice: the same acts add nothing.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the panel has not decided on the case.
    """
    agencies = context.agencies
    with context.reading(_ASK) as work:
        involvement = open_case(work, context.acting, reference, May.ASK_AGENCIES)
        put = ToFollowUp(
            case=case_asked(work, involvement, context.clock), window=_window(work, involvement, context)
        )
        stored = work.answers.returns([involvement.reference])[involvement.reference]
        here = {code for code in agencies.codes if agencies.is_here(code) and (of is None or code in of)}
        asked_about = {returns.request.agency for returns in stored} & here
        if only_due:
            asked_about &= agencies_due(work, context, involvement.reference)
        codes = sorted(asked_about)
        work.notes(agencies=len(codes))
    results: dict[str, OutcomesResult] = {}
    for code in codes:
        given = agencies.ask(code, OUTCOMES, put)
        asked = _asked(given, code, put.window, version=agencies.version(code), at=context.clock.now())
        by_itself = releases_by_itself(agencies.manifest(code))
        with context.writing(_ASK, steps_back=only_due) as work:
            involvement = open_case(work, context.acting, reference, May.ASK_AGENCIES)
            _store(work, context, involvement, asked, by_itself=by_itself)
            work.notes(agency=code, result=asked.result.value)
        results[code] = asked.result
    return results


def outcome_returns(context: Context, *, reference: str) -> tuple[AgencyReturn, ...]:
    """Return what became of asking each agency. What waits for release is shown to its own people only.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    names = {agency.code: agency.name for agency in context.agencies_known}
    with context.reading("see outcomes of agencies") as work:
        involvement = open_case(work, context.acting, reference, May.RECORD_OUTCOME)
        newest = work.agency_outcomes.newest_of(involvement.reference)
        work.notes(agencies=len(newest))
    return tuple(
        _shown(asked, names.get(code, code), own=context.acting.speaks_for(code))
        for code, asked in sorted(newest.items())
    )


def release_outcomes(
    context: Context, *, reference: str, agency: str, seen_at: datetime, withhold: bool = False
) -> int:
    """Release what an agency's plugin found, or withhold it; return how many outcomes were recorded.

    ``seen_at`` is when what was on the screen was asked for.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The case is not open to the person who acts, or nothing of the agency waits for release.
    NotPermittedError
        The role does not permit it, or the person speaks for another agency.
    ConflictError
        The agency was asked again since.
    """
    require_agency(context.acting, agency)
    with context.writing("withhold outcomes" if withhold else "release outcomes") as work:
        involvement = open_case(work, context.acting, reference, May.ANSWER)
        asked = work.agency_outcomes.newest_of(involvement.reference).get(agency)
        if asked is None or not asked.is_waiting:
            raise NotFoundError("outcomes", f"{reference} of {agency}", instead="nothing waits for release")
        if asked.at != seen_at:
            raise ConflictError("outcomes", f"{reference} of {agency}")
        recorded = 0 if withhold else _record(work, context, involvement, asked)
        work.agency_outcomes.add_step(
            involvement.reference,
            agency,
            is_released=not withhold,
            by=context.acting.user,
            at=context.clock.now(),
        )
        work.notes(agency=agency, outcomes=recorded)
        return recorded


def _window(work: Work, involvement: Involvement, context: Context) -> OutcomeWindow:
    of_case = work.cases.together(involvement.reference)
    decided = [each.at.date() for of in work.decisions.of(of_case).values() for each in of]
    if not decided:
        raise InvalidInputError(
            f"referral {involvement.reference}",
            "the panel has not decided on it; outcomes come after a decision",
        )
    return OutcomeWindow(since=min(decided), until=context.clock.today())


def _asked(
    given: OutcomesFound | NilReturn | Refused | Failed,
    agency: str,
    window: OutcomeWindow,
    *,
    version: str,
    at: datetime,
) -> OutcomesAsked:
    asked = OutcomesAsked(
        agency=agency, window=window, result=OutcomesResult.FOUND, plugin_version=version, at=at
    )
    match given:
        case OutcomesFound(is_certain=False):
            return asked.model_copy(update={"result": OutcomesResult.UNCERTAIN})
        case OutcomesFound():
            return asked.model_copy(update={"found": _within(given, window)})
        case NilReturn():
            return asked.model_copy(update={"result": OutcomesResult.NIL})
        case Refused():
            return asked.model_copy(update={"result": OutcomesResult.REFUSED, "ground": given.ground})
        case Failed(reason=FailureReason.NOT_ANSWERED):
            return asked.model_copy(update={"result": OutcomesResult.NO_HOOK})
        case Failed():
            return asked.model_copy(update={"result": OutcomesResult.FAILED, "reason": given.reason})
        case _:
            assert_never(given)


def _within(found: OutcomesFound, window: OutcomeWindow) -> OutcomesFound:
    """Leave out acts outside the dates that were asked about, and count them as not placed."""
    acts = tuple(act for act in found.acts if window.may_include(act.happened))
    return found.model_copy(update={"acts": acts, "unplaced": found.unplaced + len(found.acts) - len(acts)})


def _store(
    work: Work, context: Context, involvement: Involvement, asked: OutcomesAsked, *, by_itself: bool
) -> None:
    """Store a return; plain facts of an agency that releases them automatically are recorded at once.

    What its practitioner has withheld stays withheld while it is the same. A nil return and a refusal wait as
    anything found does: they too show whether the agency knows the person.
    """
    before = work.agency_outcomes.newest_of(involvement.reference).get(asked.agency)
    work.agency_outcomes.add(involvement.reference, asked)
    if not asked.has_answer:
        return
    record_answers(
        work,
        context,
        case=involvement.reference,
        door=Door.OUTCOME,
        about=asked.agency,
        answers=with_breach(None, is_breach=_has_new_breach(work, involvement, asked, before)),
        owner=asked.agency,
    )
    at = context.clock.now()
    if before is not None and before.released is False and _same_answer(before, asked):
        work.agency_outcomes.add_step(
            involvement.reference, asked.agency, is_released=False, by=before.released_by, at=at
        )
    elif by_itself:
        _record(work, context, involvement, asked)
        work.agency_outcomes.add_step(involvement.reference, asked.agency, is_released=True, by=None, at=at)


def _has_new_breach(
    work: Work, involvement: Involvement, asked: OutcomesAsked, before: OutcomesAsked | None
) -> bool:
    """Return whether it has a breach of an order that is new to the case and to its agency's last return."""
    if asked.found is None:
        return False
    there = {same_outcome(each) for each in work.outcomes.of([involvement.reference])[involvement.reference]}
    if before is not None and before.found is not None:
        there |= {same_outcome(each) for each in _acts(before, before.found)}
    acts = _acts(asked, asked.found)
    return any(each.is_order_breach and same_outcome(each) not in there for each in acts)


def _same_answer(one: OutcomesAsked, other: OutcomesAsked) -> bool:
    return (one.result, one.found, one.ground) == (other.result, other.found, other.ground)


def _record(work: Work, context: Context, involvement: Involvement, asked: OutcomesAsked) -> int:
    """Record what the agency had not given before, and return how many outcomes that is."""
    found = asked.found
    if found is None:
        return 0
    reference, at = involvement.reference, context.clock.now()
    there = {same_outcome(each) for each in work.outcomes.of([reference])[reference]}
    by = asked.released_by or context.acting.user
    new = [each for each in _acts(asked, found) if same_outcome(each) not in there]
    searched = _searches(asked, found, {outcome.measure for outcome in new})
    new += [each for each in searched if same_outcome(each) not in there]
    for outcome in new:
        work.outcomes.add(reference, outcome, harm=_harm(outcome), by=by, at=at)
    known = {(change.change, change.on) for change in work.reviews.custody_changes([reference])}
    for change, on in (
        (change, on)
        for period in found.custody
        for change, on in ((CustodyChange.TAKEN, period.since), (CustodyChange.RELEASED, period.until))
    ):
        if on is not None and on <= context.clock.today() and (change, on) not in known:
            work.reviews.add_custody_change(reference, change, on=on, by=by, at=at)
    return len(new)


def _acts(asked: OutcomesAsked, found: OutcomesFound) -> Iterator[OutcomeGiven]:
    """Yield an outcome for each act."""
    for act in found.acts:
        yield OutcomeGiven.model_validate(
            {
                **_common(asked),
                **act.model_dump(),
                "found": OutcomeFound.FURTHER_STALKING,
                "says": f"From the records of {asked.agency}.",
            }
        )


def _searches(asked: OutcomesAsked, found: OutcomesFound, new: Collection[Measure]) -> Iterator[OutcomeGiven]:
    """Yield "none found" for each measure that was searched without a new act: the search is recorded.

    While an act is not placed, "none found" would be wrong, and is not claimed.
    """
    had = {act.measure for act in found.acts}
    for measure in found.searched if not found.unplaced else ():
        if measure not in new:
            none = "Nothing beyond what was recorded before" if measure in had else "None"
            yield OutcomeGiven.model_validate(
                {
                    **_common(asked),
                    "measure": measure,
                    "found": OutcomeFound.NONE_FOUND,
                    "says": f"{none} in the records of {asked.agency} since the decision.",
                }
            )


def _common(asked: OutcomesAsked) -> dict[str, object]:
    return {
        "looked_until": PartialDate.of(asked.window.until),
        "looked_in": (asked.agency,),
        "agency": asked.agency,
    }


def _harm(outcome: OutcomeGiven) -> float | None:
    """Return the harm of an offence; a code that the table lacks or that has several scores has none."""
    try:
        return harm_in_days(outcome)
    except InvalidInputError:
        return None


def _shown(asked: OutcomesAsked, name: str, *, own: bool) -> AgencyReturn:
    shows = own or asked.released is True or not asked.has_answer
    found = asked.found if shows else None
    return AgencyReturn(
        agency=asked.agency,
        agency_name=name,
        result=asked.result if shows else None,
        window=asked.window,
        at=asked.at,
        acts=found.acts if found else (),
        searched=found.searched if found else (),
        unplaced=found.unplaced if found else 0,
        custody=len(found.custody) if found else 0,
        reason=_reason(asked) if shows else None,
        status=_status(asked) if shows else "responded: ask this agency",
        may_release=own and asked.is_waiting,
    )


def _reason(asked: OutcomesAsked) -> str | None:
    if asked.ground is not None:
        return asked.ground.value
    return asked.reason.value if asked.reason is not None else None


def _status(asked: OutcomesAsked) -> str:
    is_found = asked.result is OutcomesResult.FOUND
    if not asked.has_answer:
        return asked.result.value
    if asked.released is True:
        return "recorded on the case" if is_found else asked.result.value
    status = "waits for your release" if asked.released is None else "withheld by your agency"
    return status if is_found else f"{asked.result.value}; {status}"


def returns_in_words(returns: Sequence[AgencyReturn]) -> tuple[str, ...]:
    """Return a line for each agency."""
    return tuple(
        f"{each.agency_name}: {each.status}"
        + (f" ({each.reason})" if each.reason else "")
        + (f"; {counted(len(each.acts), 'act')}" if each.searched or each.acts else "")
        + (f"; {each.unplaced} without a date or target, to be recorded by a person" if each.unplaced else "")
        for each in returns
    )
