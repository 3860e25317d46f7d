"""One agency's answer as one viewer sees it: released facts first, levels when the conference is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from engine.access.policy import sees_levels
from engine.access.redaction import Masker
from engine.access.release import is_member
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import Involvement, Returns, StoredAnswer, last_stepped_up
from engine.domain.cases.views import AgencyAnswerView, HeldBack
from engine.domain.responses.answers import (
    AnswerState,
    Contribution,
    DomainView,
    Failed,
    Finding,
    InstrumentResult,
    Nature,
    NilReturn,
    Refused,
    VoiceItem,
)
from engine.domain.responses.proposals import AskedForActions, ProposalOutcome
from engine.domain.responses.voices import Agreement
from engine.domain.sharing import Outcome, StoredRule
from engine.services.access.checks import open_cases
from engine.services.access.masking import masker_for
from engine.services.responses.as_typed import with_own_as_typed
from engine.services.responses.due_dates import returned
from engine.services.responses.reported import reported_contents, searched_contents
from engine.services.sharing.response_visibility import Viewer, answer_outcome, cut
from engine.settings import Settings
from engine.store.unit_of_work import Work


def answers_seen(
    work: Work,
    involvement: Involvement,
    *,
    acting: Acting,
    agencies: Sequence[AgencyKnown],
    clock: Clock,
    settings: Settings,
) -> tuple[AgencyAnswerView, ...]:
    """Return each agency's answer exactly as this person's page shows it."""
    reference = involvement.reference
    together = open_cases(work, acting, work.cases.of_episode(involvement.episode))
    of_episode = list(dict.fromkeys([*(other.reference for other in together), reference]))
    return answer_views(
        with_own_as_typed(work, acting, returned(work, [reference], settings)[reference]),
        agencies,
        acting=acting,
        at=clock.now(),
        conference_is_open=work.cases.conference_opened_at(reference) is not None,
        masker=masker_for(work=work, involvements=of_episode, reader=acting.user),
        rules=work.sharing.rules([reference])[reference],
        is_member=is_member(acting, work.cases.people_on(reference)),
        stepped_up_at=last_stepped_up(work.cases.moves(reference)),
    )


def answer_views(
    returns: Sequence[Returns],
    agencies: Sequence[AgencyKnown],
    *,
    acting: Acting,
    at: datetime,
    conference_is_open: bool,
    masker: Masker,
    rules: Mapping[str, Mapping[str, StoredRule]],
    is_member: bool,
    asked_for_actions: Mapping[str, AskedForActions] | None = None,
    stepped_up_at: datetime | None = None,
) -> tuple[AgencyAnswerView, ...]:
    """Return one column for each installed agency and each that was ever asked, by code.

    ``rules`` are the release rules of this case, by agency and item; ``asked_for_actions`` is when each
    agency was last asked for actions. An answer of before ``stepped_up_at``, when a person last stepped the
    case up, says so.
    """
    asked = asked_for_actions or {}
    viewer = Viewer(acting=acting, on=at.astimezone(LONDON).date(), is_member=is_member)
    by_agency = {each.request.agency: each for each in returns}
    known = {agency.code: agency for agency in agencies}
    views: list[AgencyAnswerView] = []
    for code in sorted(set(known) | set(by_agency)):
        agency = known.get(code) or AgencyKnown(
            code=code,
            name=f"{code} (no longer installed)",
            seat=None,
            version="not recorded",
            contact="not recorded",
        )
        there = by_agency.get(code)
        if there is None:
            views.append(_not_asked(agency))
            continue
        of_agency = rules.get(code, {})
        whole = answer_outcome(of_agency, viewer)
        if whole is not Outcome.SHOW and there.released() is not None:
            views.append(_not_theirs(agency, there, whole))
            continue
        view = _asked(
            agency,
            there,
            viewer=viewer,
            at=at,
            conference_is_open=conference_is_open,
            masker=masker,
            rules=of_agency,
            stepped_up_at=stepped_up_at,
        )
        sentence = _asked_for_actions(view, asked.get(code), seen_by_owner=acting.speaks_for(code))
        views.append(view.model_copy(update={"asked_for_actions": sentence}) if sentence else view)
    return tuple(views)


def held_back_of(views: Sequence[AgencyAnswerView], agencies: Sequence[AgencyKnown]) -> tuple[HeldBack, ...]:
    """Return the counts of what owners withhold, and who to ask."""
    contacts = {agency.code: agency.contact for agency in agencies}
    return tuple(
        HeldBack(agency=view.agency, count=view.held_back, ask=contacts.get(view.agency, "not recorded"))
        for view in views
        if view.held_back
    )


def _not_asked(agency: AgencyKnown) -> AgencyAnswerView:
    return AgencyAnswerView(
        agency=agency.code,
        agency_name=agency.name,
        seat=agency.seat,
        state=AnswerState.NOT_ASKED,
        asked_at=None,
        due_at=None,
        at=None,
        says=f"{agency.name} was not asked{_why_not_asked(agency)}.",
    )


def _why_not_asked(agency: AgencyKnown) -> str:
    if agency.suspended:
        return ": its plugin is suspended"
    return ": its manifest cannot be used" if agency.fault is not None else ""


def _not_theirs(agency: AgencyKnown, returns: Returns, whole: Outcome) -> AgencyAnswerView:
    """Return an answer that its owner withholds from this viewer: a nil return reads the same."""
    return AgencyAnswerView(
        agency=agency.code,
        agency_name=agency.name,
        seat=agency.seat,
        state=AnswerState.ANSWERED_ASK_AGENCY,
        asked_at=returns.request.asked_at,
        due_at=returns.request.due_at,
        brought_forward=_brought_forward(returns),
        at=None,
        says=f"{agency.name} has responded: ask this agency.",
        held_back=int(whole is Outcome.WITHHOLD),
        stubs=int(whole is Outcome.STUB),
        was_shown=returns.request.was_shown,
    )


def _asked(
    agency: AgencyKnown,
    returns: Returns,
    *,
    viewer: Viewer,
    at: datetime,
    conference_is_open: bool,
    masker: Masker,
    rules: Mapping[str, StoredRule],
    stepped_up_at: datetime | None,
) -> AgencyAnswerView:
    acting = viewer.acting
    state = returns.state(at, seen_by_owner=acting.speaks_for(agency.code))
    shown = returns.released()
    masker = masker.of_writer(shown.typed_by if shown else None)
    common = AgencyAnswerView(
        agency=agency.code,
        agency_name=agency.name,
        seat=agency.seat,
        state=state,
        asked_at=returns.request.asked_at,
        due_at=returns.request.due_at,
        brought_forward=_brought_forward(returns),
        at=shown.confirmed_at or shown.at if shown else None,
        says=_head_sentence(agency, state, returns, masker),
        failed_since=_failed_since(returns),
        before_step_up=_before_step_up(shown, stepped_up_at),
        was_shown=returns.request.was_shown,
    )
    if shown is None:
        return common
    view = common.model_copy(
        update={
            "author": shown.author,
            "released_by": shown.released_by,
            "plugin": agency.code if shown.plugin_version else None,
            "plugin_version": shown.plugin_version,
            "version": shown.version,
        }
    )
    if isinstance(shown.answer, NilReturn) and not shown.answer.erased_by:
        return view.model_copy(update=searched_contents(shown.answer, masker))
    if not isinstance(shown.answer, Contribution) or shown.answer.erased_by:
        return view
    levels = sees_levels(acting, agency.code, conference_is_open=conference_is_open)
    left = cut(shown.answer, rules, viewer)
    answer = left.answer
    contents = _contents(answer, levels=levels, masker=masker)
    heard = _voices(answer, acting, agency.code, levels=levels, masker=masker)
    hidden = any(item.whose.is_opinion and _may_be_read(item, acting, agency.code) for item in answer.voices)
    return view.model_copy(
        update={
            **contents,
            **reported_contents(answer, by_plugin=shown.plugin_version is not None, masker=masker),
            "voices": heard,
            "withdrawn": len(answer.withdrawn)
            + sum(item.agreed_to_sharing is Agreement.WITHDRAWN for item in heard),
            "held_back": answer.held_back
            + left.withheld
            + sum(not _may_be_read(item, acting, agency.code) for item in answer.voices),
            "stubs": left.stubs,
            "levels_hidden": contents["levels_hidden"] or (hidden and not levels),
        }
    )


def _may_be_read(item: VoiceItem, acting: Acting, agency: str) -> bool:
    """Return whether the victim agreed that this person reads it; the victim's own agency sees all."""
    return acting.speaks_for(agency) or item.is_shared_with(acting.agency)


def _voices(
    answer: Contribution, acting: Acting, agency: str, *, levels: bool, masker: Masker
) -> tuple[VoiceItem, ...]:
    """Return the victim's voice that this person may hear; views of risk wait for the conference."""
    return tuple(
        item.model_copy(update={"says": masker.masked_or_none(item.says, by=None)})
        for item in answer.voices
        if _may_be_read(item, acting, agency) and (levels or not item.whose.is_opinion)
    )


def _contents(answer: Contribution, *, levels: bool, masker: Masker) -> dict[str, object]:
    findings = tuple(
        _masked(finding, masker) for finding in answer.findings if levels or finding.nature is Nature.FACT
    )
    hides = not levels and (
        bool(answer.views or answer.predictors)
        or len(findings) < len(answer.findings)
        or any(result.conclusion for result in answer.instruments)
    )
    return {
        "matched_on": masker.masked(answer.matched_on.says, by=None),
        "match_is_confirmed": answer.matched_on.confirmed,
        "findings": findings,
        "instruments": tuple(
            _masked_result(result, masker)
            if levels
            else result.model_copy(update={"conclusion": None, "concluded_by": None})
            for result in answer.instruments
        ),
        "views": tuple(_masked_view(view, masker) for view in answer.views) if levels else (),
        "in_own_words": masker.masked_all(answer.in_own_words, by=None),
        "predictors": answer.predictors if levels else (),
        "proposed_actions": tuple(
            action.model_copy(update={"says": masker.masked(action.says, by=None)})
            for action in answer.proposed_actions
        ),
        "levels_hidden": hides,
    }


def _masked(finding: Finding, masker: Masker) -> Finding:
    return finding.model_copy(update={"says": masker.masked(finding.says, by=None)})


def _masked_view(view: DomainView, masker: Masker) -> DomainView:
    return view.model_copy(update={"reasons": masker.masked(view.reasons, by=None)})


def _masked_result(result: InstrumentResult, masker: Masker) -> InstrumentResult:
    return result.model_copy(update={"conclusion": masker.masked_or_none(result.conclusion, by=None)})


def _head_sentence(agency: AgencyKnown, state: AnswerState, returns: Returns, masker: Masker) -> str:
    """Return the head of the column. A nil return's note says what was not searched: it belongs there.

    A contribution has its gaps for that; its note could be an opinion and is not in the head.
    """
    shown = returns.released()
    if state is AnswerState.WAITING_RELEASE:
        waits = "A response is prepared and awaits your release. No other agency sees it."
        if shown is None or isinstance(shown.answer, Contribution):
            return waits
        return f"{waits} Until then others see: {_released(agency, shown, masker)}"
    if shown is None:
        late = state is AnswerState.OVERDUE
        due = f"{returns.request.due_at.astimezone(LONDON):%-d %B %Y}"
        moved = _brought_forward(returns)
        said = f"{due}, {moved}" if moved else due
        return f"{agency.name} has not responded ({'overdue since' if late else 'due'} {said})."
    return _released(agency, shown, masker)


def _brought_forward(returns: Returns) -> str | None:
    moved = returns.request.brought_forward
    return moved.in_words if moved else None


def _released(agency: AgencyKnown, shown: StoredAnswer, masker: Masker) -> str:
    answer = shown.answer
    if answer.erased_by:
        return f"The response of {agency.name} was erased ({answer.erased_by}). This is not a nil return."
    said = _answered(agency, answer, masker)
    if answer.note is None or isinstance(answer, Contribution):
        return said
    return f"{said} {masker.masked(answer.note, by=None)}"


def _answered(
    agency: AgencyKnown, answer: Contribution | NilReturn | Refused | Failed, masker: Masker
) -> str:
    match answer:
        case Contribution():
            return f"{agency.name} has responded."
        case NilReturn():
            return f"Nil return from {agency.name}: {masker.masked(answer.says, by=None)}"
        case Refused():
            return f"{agency.name} refused ({answer.ground.value}): {masker.masked(answer.says, by=None)}"
        case Failed():
            return f"The request to {agency.name} failed: {answer.reason.value}. This is not a nil return."
        case _:
            assert_never(answer)


def _failed_since(returns: Returns) -> str | None:
    failure: StoredAnswer | None = returns.failed_after_good()
    if failure is None or not isinstance(failure.answer, Failed):
        return None
    at = (failure.confirmed_at or failure.at).astimezone(LONDON)
    said = f"Asked again on {at:%-d %B %Y}, and it failed: {failure.answer.reason.value}."
    return f"{said} The earlier response is shown." if returns.released() is not None else said


def _before_step_up(shown: StoredAnswer | None, stepped_up_at: datetime | None) -> str | None:
    """Return that the answer shown is of before the case was stepped up; None if it is not."""
    if shown is None or stepped_up_at is None:
        return None
    if (given := shown.confirmed_at or shown.at) >= stepped_up_at:
        return None
    given, since = given.astimezone(LONDON), stepped_up_at.astimezone(LONDON)
    return (
        f"This response is of {given:%-d %B %Y}. The case was stepped up on {since:%-d %B %Y}, and the "
        "agency has released none since."
    )


def _asked_for_actions(
    view: AgencyAnswerView, asked: AskedForActions | None, *, seen_by_owner: bool
) -> str | None:
    """Return what a viewer of a response may know of asking for actions; None if it was not asked."""
    if asked is None:
        return None
    on = f"{asked.at.astimezone(LONDON):%-d %B %Y}"
    match asked.outcome:
        case ProposalOutcome.ANSWERED if seen_by_owner and view.state is AnswerState.WAITING_RELEASE:
            return f"Asked for actions on {on}. What your plugin proposed awaits your release."
        case ProposalOutcome.ANSWERED if view.proposed_actions:
            return f"Asked for actions on {on}. {view.agency_name} released what is listed here."
        case ProposalOutcome.ANSWERED:
            return (
                f"Asked for actions on {on}. {view.agency_name} has released none. "
                "This does not mean that it proposes none."
            )
        case ProposalOutcome.REFUSED:
            ground = f" ({asked.ground.value})" if asked.ground else ""
            return f"Asked for actions on {on}. {view.agency_name} refused{ground}."
        case ProposalOutcome.FAILED:
            reason = f": {asked.reason.value}" if asked.reason else ""
            return f"Asked for actions on {on}. The request failed{reason}. This does not mean no action."
        case ProposalOutcome.NO_HOOK:
            return (
                f"Not asked for actions: the plugin of {view.agency_name} does not answer this question. "
                "Ask its practitioner."
            )
        case ProposalOutcome.NO_CONTRIBUTION:
            return f"Not asked for actions on {on}: {view.agency_name} had released no contribution by then."
        case _:
            assert_never(asked.outcome)
