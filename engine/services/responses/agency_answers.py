"""An agency's own people: answering by hand, and releasing, withholding or refusing what was prepared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from engine.access.policy import May, require_agency
from engine.access.spellings import reading
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen
from engine.domain.cases.involvement import Returns, StoredAnswer
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, Side
from engine.domain.responses.answers import Contribution, Failed, NilReturn, Refused, Stage, item_keys
from engine.domain.responses.held_reports import days_of
from engine.domain.responses.voices import DISCLOSURE_WARNING
from engine.domain.sharing import Grounds, LedgerAct
from engine.domain.typed_days import require_past
from engine.domain.vault.marks import Mark
from engine.hooks.registry import Agencies
from engine.orders.reported import faults_of_orders
from engine.services.access.checks import open_case
from engine.services.context import Context, VaultContext
from engine.services.responses.as_typed import as_typed
from engine.services.responses.marks import marks_of_answer, texts_to_others, with_marks_masked
from engine.services.responses.requests import move_when_answered
from engine.services.responses.storage import AnyKept, store_answer
from engine.services.responses.topics import Topics, store_topics, unreleased_alarms
from engine.services.sharing.agency_rules import PANEL, store_verdicts, verdicts_of
from engine.services.sharing.agreement import leaving_out
from engine.services.sharing.log_entries import enter_taken, items_of
from engine.services.vault.typed_texts import require_marks_said
from engine.store.unit_of_work import Work

_MASK_OR_SAY = "mask or withhold what is the victim's, and say of the rest whose it is"


class Released(Frozen):
    """A released answer; ``held_back`` counts what its agency and what the victim withhold."""

    reference: str
    agency: str
    version: int
    kind: str
    held_back: int


def told_before_release(agencies: Sequence[AgencyKnown], agency: str) -> str | None:
    """Return the warning before a release, for the agency of the victim's voice; None for others."""
    speaks = any(known.speaks_for_victim for known in agencies if known.code == agency)
    return DISCLOSURE_WARNING if speaks else None


def prepared_answer(context: Context, *, reference: str, agency: str) -> StoredAnswer:
    """Return the answer that waits for release, whole: only for a practitioner of that agency.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The case is not open to the person who acts, or no answer waits for release.
    NotPermittedError
        The role does not permit it, or the person speaks for another agency.
    """
    require_agency(context.acting, agency)
    with context.reading("see prepared answer") as work:
        involvement = open_case(work, context.acting, reference, May.ANSWER)
        work.notes(agency=agency)
        return _waiting(_returns(work, involvement.reference, agency), reference, agency)


def marks_to_release(prepared: StoredAnswer, strike: Collection[str]) -> tuple[Mark, ...]:
    """Return what in the rest of a prepared answer may be a place or a way to reach a person."""
    return marks_of_answer(_without(prepared.answer, strike))


def release(
    context: VaultContext,
    *,
    reference: str,
    agency: str,
    strike: Collection[str] = (),
    mask: Collection[str] = (),
    expected_version: int | None = None,
    grounds: Grounds | None = None,
    topics: Topics | None = None,
) -> Released:
    """Release what was prepared, without the withheld findings; only the agency ever sees those.

    ``strike`` names findings and the victim's voices by key, views as ``view:DOMAIN``, instruments as
    ``instrument:CODE``, orders as ``order:KEY``, link evidence as ``evidence:KEY``, reports as
    ``report:KEY``. ``mask`` names marks, in any spelling, that are masked in every text. Of every other mark
    in what goes out the person must have said whose it is (``context.submission``). ``expected_version`` is
    the version that was on the screen: a newer one is shown before it is released. ``topics`` are the alarm
    topics that were asked about what is released: with it the panel has those answered with yes.

    Raises
    ------
    InvalidInputError
        The reference is malformed, a newer version was prepared, or an item to withhold or a mark does not
        exist.
    MarksOpenError
        Of a mark it is not said whose it is.
    NotFoundError
        The case is not open to the person who acts, the agency was not asked, or no answer waits for release.
    NotPermittedError
        The role does not permit it, or the person speaks for another agency.
    ConflictError
        Another person released an answer of the agency meanwhile.
    """
    require_agency(context.acting, agency)
    with context.writing("release answer") as work:
        involvement = open_case(work, context.acting, reference, May.ANSWER)
        returns = _returns(work, involvement.reference, agency)
        if returns.waiting_for_release() is None and expected_version is not None:
            _require_none_released_since(
                returns, expected_version, acting=context.acting, clock=context.clock
            )
        waiting = _waiting(returns, reference, agency)
        if expected_version is not None and waiting.version != expected_version:
            raise InvalidInputError(
                f"answer of {agency}",
                f"version {waiting.version} was prepared since; read it before you release it",
            )
        answer = _masked(_without(waiting.answer, strike), mask)
        require_marks_said(work, tuple(texts_to_others(answer)), instead=_MASK_OR_SAY)
        unreleased = unreleased_alarms(work, involvement.reference, agency)
        version = store_answer(
            work,
            involvement.reference,
            agency,
            answer,
            stage=Stage.RELEASED,
            author=waiting.author,
            plugin_version=waiting.plugin_version,
            key=context.key,
            clock=context.clock,
            released_by=context.acting.user,
            prepared_version=waiting.version,
            typed=_masked(_without(as_typed(work, involvement.reference, waiting), strike), mask),
            grounds=grounds or Grounds(purpose=context.acting.purpose),
        )
        enter_taken(
            work,
            involvement.reference,
            agency,
            LedgerAct.STRUCK,
            items_of(waiting.answer, set(strike)),
            version=version,
            by=context.acting.user,
            at=context.clock.now(),
            purpose=context.acting.purpose,
        )
        store_topics(
            work,
            context,
            case=involvement.reference,
            agency=agency,
            version=version,
            topics=topics,
            unreleased=unreleased,
        )
        move_when_answered(work, involvement, by=context.acting.user, clock=context.clock)
        held_back = _held_back(answer)
        work.notes(agency=agency, version=version, struck=len(strike), masked=len(set(mask)) or None)
    return Released(
        reference=involvement.reference, agency=agency, version=version, kind=answer.kind, held_back=held_back
    )


def refuse(
    context: VaultContext, *, reference: str, agency: str, refusal: Refused, topics: Topics | None = None
) -> Released:
    """Refuse instead of releasing what was prepared.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the refusal fills in a field that is not for the caller.
    NotFoundError
        The case is not open to the person who acts, or the agency was not asked.
    NotPermittedError
        The role does not permit it, or the person speaks for another agency.
    """
    return answer_by_hand(context, reference=reference, agency=agency, answer=refusal, topics=topics)


def answer_by_hand(
    context: VaultContext,
    *,
    reference: str,
    agency: str,
    answer: Contribution | NilReturn | Refused,
    grounds: Grounds | None = None,
    agencies: Agencies | None = None,
    base_version: int | None = None,
    topics: Topics | None = None,
) -> Released:
    """Answer as a person of the agency: the same kinds of answer, released by the same act.

    Pages and commands give ``agencies``, so that the agency's own rule on sharing is asked before it is
    stored. ``base_version`` is the version that was on the screen, 0 for none; None means without a screen.
    ``topics`` are the alarm topics that were asked about what it says. With a contribution the panel has
    those answered with yes; with a refusal or a nil return they stay with the agency.

    Raises
    ------
    InvalidInputError
        The reference is malformed, a date is in the future, or a field is filled in that is not for the
        caller.
    NotFoundError
        The case is not open to the person who acts, or the agency was not asked.
    NotPermittedError
        The role does not permit it, or the person speaks for another agency.
    ConflictError
        Another person released an answer of the agency meanwhile.
    """
    require_agency(context.acting, agency)
    if answer.erased_by:
        raise InvalidInputError("answer", "'erased_by' is filled in here; leave it out")
    if isinstance(answer, Contribution) and (answer.protected_refs or answer.held_back or answer.withdrawn):
        raise InvalidInputError(
            "answer", "'protected_refs', 'held_back' and 'withdrawn' are filled in here; leave them out"
        )
    if isinstance(answer, Contribution) and answer.own_row is not None:
        raise InvalidInputError("own_row", "only a plugin's row is compared with the question; leave it out")
    if isinstance(answer, Contribution) and any(action.proposed_on for action in answer.proposed_actions):
        raise InvalidInputError("answer", "'proposed_on' is filled in here; leave it out")
    _require_past_days(answer, on=context.clock.today())
    if isinstance(answer, Contribution):
        _require_listed_orders(answer, on=context.clock.today())
        if answer.link_evidence and told_before_release(context.agencies_known, agency):
            raise InvalidInputError("link_evidence", "it is about the alleged perpetrator; leave it out")
        if answer.reports and told_before_release(context.agencies_known, agency):
            raise InvalidInputError("reports", "they are about the alleged perpetrator; leave them out")
    verdicts = verdicts_of(agencies, agency, answer, PANEL, context.acting.purpose)
    with context.writing("answer by hand") as work:
        involvement = open_case(work, context.acting, reference, May.ANSWER)
        store_verdicts(
            work,
            involvement.reference,
            agency,
            verdicts,
            key=context.key,
            purpose=context.acting.purpose,
            at=context.clock.now(),
        )
        returns = _returns(work, involvement.reference, agency)
        if base_version is not None:
            _require_none_released_since(returns, base_version, acting=context.acting, clock=context.clock)
        waiting = returns.waiting_for_release()
        unreleased = unreleased_alarms(work, involvement.reference, agency)
        version = store_answer(
            work,
            involvement.reference,
            agency,
            answer,
            stage=Stage.RELEASED,
            author=context.acting.user,
            plugin_version=None,
            key=context.key,
            clock=context.clock,
            released_by=context.acting.user,
            prepared_version=waiting.version if waiting else None,
            agreed_anew=True,
            grounds=grounds or Grounds(purpose=context.acting.purpose),
        )
        store_topics(
            work,
            context,
            case=involvement.reference,
            agency=agency,
            version=version,
            topics=topics,
            unreleased=unreleased if isinstance(answer, Contribution) else (),
        )
        move_when_answered(work, involvement, by=context.acting.user, clock=context.clock)
        work.notes(agency=agency, version=version, kind=answer.kind)
    return Released(
        reference=involvement.reference,
        agency=agency,
        version=version,
        kind=answer.kind,
        held_back=_held_back(answer),
    )


def _require_past_days(answer: Contribution | NilReturn | Refused, *, on: date) -> None:
    """Refuse dates in the future in what a person types of their own records."""
    if answer.advocate_offered is not None:
        require_past("offered on", answer.advocate_offered.offered_on, on=on)
    if isinstance(answer, Refused):
        return
    for place, checked in enumerate(answer.records_checked or (), start=1):
        require_past(f"records_checked {place}", checked.on, on=on)
    if isinstance(answer, NilReturn):
        return
    pointers = {item.key: item.records for item in answer.findings}
    pointers |= {item.key: item.records for item in answer.voices}
    pointers |= {item.name: item.records for item in answer.reported}
    for evidence in answer.link_evidence or ():
        require_past(f"first recorded of {evidence.name}", evidence.first_recorded, on=on)
        require_past(f"last recorded of {evidence.name}", evidence.last_recorded, on=on)
    for report in answer.reports or ():
        for day in days_of(report):
            require_past(f"date of {report.name}", day, on=on)
    for key, records in pointers.items():
        for pointer in records:
            require_past(f"date of record of {key}", pointer.dated, on=on)
    for view in answer.views:
        require_past(f"view on {view.domain.value}: recorded on", view.recorded_on, on=on)


def _require_listed_orders(answer: Contribution, *, on: date) -> None:
    """Refuse an order of a type, court or condition that is not in our lists, or made in the future."""
    for place, fault in faults_of_orders(answer.orders or (), on=on):
        raise InvalidInputError(f"orders {place + 1}", fault)


def _returns(work: Work, reference: str, agency: str) -> Returns:
    returns = work.answers.of(reference, agency)
    if returns is None:
        raise NotFoundError("request", f"{reference} to {agency}", instead="this agency was not asked")
    return returns


def _require_none_released_since(returns: Returns, version: int, *, acting: Acting, clock: Clock) -> None:
    """Refuse if another person has released an answer of the agency after the version on the screen."""
    last = next((each for each in reversed(returns.answers) if each.released_by is not None), None)
    if last is None or last.version <= version or last.released_by in {None, acting.user}:
        return
    raise ConflictError(
        f"answer of {last.agency} on",
        returns.request.involvement,
        yours=Side(acting.user, clock.now(), version),
        theirs=Side(str(last.released_by), last.at, last.version),
    )


def _waiting(returns: Returns, reference: str, agency: str) -> StoredAnswer:
    waiting = returns.waiting_for_release()
    if waiting is None:
        raise NotFoundError(
            "prepared answer",
            f"{reference} of {agency}",
            instead="it was already released, or no answer was prepared",
        )
    return waiting


def _without(
    answer: Contribution | NilReturn | Refused | Failed, strike: Collection[str]
) -> Contribution | NilReturn | Refused | Failed:
    if not strike:
        return answer
    if not isinstance(answer, Contribution):
        raise InvalidInputError("strike", f"a {answer.kind} has no items to withhold; release it or refuse")
    there = item_keys(answer)
    unknown = sorted(set(strike) - there)
    if unknown:
        raise InvalidInputError(
            "strike", f"item '{unknown[0][:60]}' does not exist; choose one of: {', '.join(sorted(there))}"
        )
    return leaving_out(answer, strike).model_copy(update={"held_back": answer.held_back + len(set(strike))})


def _masked(answer: AnyKept, mask: Collection[str]) -> AnyKept:
    mask = set(map(reading, mask))
    unknown = mask - {mark.reads for mark in marks_of_answer(answer)}
    if unknown:
        raise InvalidInputError("mask", "the response that goes out has no such mark; show it again")
    return with_marks_masked(answer, mask)


def _held_back(answer: Contribution | NilReturn | Refused | Failed) -> int:
    if not isinstance(answer, Contribution):
        return 0
    return answer.held_back + sum(not item.may_leave for item in answer.voices)
