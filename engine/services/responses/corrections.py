"""Corrections: asking an owner to correct an item, and the answer: a new version with reason, or a refusal.

An accepted correction must be made in the agency's own records too: asked again, they give the old text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from engine.access.digests import VaultKey
from engine.access.policy import May, require_owner
from engine.access.redaction import masked_words
from engine.access.release import is_member
from engine.clock import Clock
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import StoredAnswer
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.responses.answers import Contribution, Stage, item_keys
from engine.domain.responses.corrections import ChangeAnswered, ChangeAsked
from engine.domain.rights.retention import DESK_OWNER
from engine.domain.sharing import Grounds, LedgerAct
from engine.services.access.checks import classes_shown, finding_part, open_case, open_cases
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context, VaultContext
from engine.services.responses.as_typed import as_typed
from engine.services.responses.storage import store_answer
from engine.services.responses.topics import Topics, are_asked, store_topics_of_change
from engine.services.responses.views import answer_views
from engine.services.sharing.agreement import withdrawn_from
from engine.services.sharing.audiences import goes_to
from engine.services.sharing.log_entries import NOBODY, enter_taken, items_of
from engine.store.unit_of_work import Work

_KIND = "correction request"
_TOLD_FOR = timedelta(days=14)
_DESKS_ITEMS = ("referral", "screening", "decision", "plan", "outcome")


def ask_change(context: Context, *, reference: str, owner: str, item: str, what: str) -> ChangeAsked:
    """Ask the owner of an item that I may read to correct it: what is wrong, and what it should say.

    Raises
    ------
    InvalidInputError
        The reference or the text is malformed, the owner is one's own agency, or the item does not exist.
    """
    agencies = context.agencies_known
    text = written_reason(what, part="error and correct text")
    with context.writing("ask for a correction", once=(reference, owner, item, what)) as work:
        case = open_case(work, context.acting, reference, May.ASK_CHANGE).reference
        if context.acting.speaks_for(owner):
            raise InvalidInputError("owner", "it is your own; withdraw the item or respond again")
        known = (
            _desks_items(work, context.acting, case, context.clock)
            if owner == DESK_OWNER
            else _read_by(work, context.acting, case, owner, agencies, context.clock)
        )
        if item not in known:
            offered = ", ".join(known) or "none that you can view"
            raise InvalidInputError("item", f"this owner has no such item; choose one of: {offered}")
        asked = work.rectification.ask(
            ChangeAsked(
                reference="",
                involvement=case,
                owner=owner,
                item=item,
                what=text,
                by=context.acting.user,
                agency=context.acting.agency,
                at=context.clock.now(),
            )
        )
        work.notes(request=asked.reference, owner=owner)
        return asked


def answer_change(
    context: VaultContext,
    *,
    request: str,
    accept: bool,
    why: str,
    sentence: str | None = None,
    topics: Topics | None = None,
) -> ChangeAsked:
    """Accept or refuse a correction, as the owner.

    ``sentence`` is a finding's text from now on; without it the item is withdrawn. Items of coordinators and
    chair are corrected by their own commands; accepting says that they were. ``topics`` are the alarm topics
    that were asked about an answer as it is corrected. An alarm of the earlier version stays.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, it was answered already, a new text does not fit, or topics
        are given where no answer is corrected.
    NotPermittedError
        The role does not permit it, or the item is another owner's.
    """
    reason = written_reason(why)
    with context.writing("answer a correction") as work:
        asked = _open(work, context.acting, request)
        require_owner(May.ANSWER_CHANGE, context.acting, asked.owner)
        if asked.answered is not None:
            raise InvalidInputError(f"request {asked.reference}", "it has already been answered")
        if sentence is not None and (not accept or asked.owner == DESK_OWNER):
            raise InvalidInputError("says", "give new text only when you correct a finding")
        if are_asked(topics) and (not accept or asked.owner == DESK_OWNER):
            raise InvalidInputError("topics", "give them only when you correct your agency's response")
        version = None
        if accept and asked.owner != DESK_OWNER:
            version = _corrected(work, context.acting, asked, sentence, key=context.key, clock=context.clock)
            store_topics_of_change(
                work, context, case=asked.involvement, agency=asked.owner, version=version, topics=topics
            )
        answered = ChangeAnswered(
            is_accepted=accept, why=reason, version=version, by=context.acting.user, at=context.clock.now()
        )
        work.rectification.answer(asked.reference, answered)
        work.notes(request=asked.reference, accepted=int(accept), version=version)
        return _as_read(work, context.acting, asked.model_copy(update={"answered": answered}))


def changes_on(context: Context, *, reference: str) -> tuple[ChangeAsked, ...]:
    """Return the correction requests on a case that this person made, or owns the answer to; no others.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.reading("see corrections") as work:
        case = open_case(work, context.acting, reference, May.ASK_CHANGE).reference
        return tuple(
            _as_read(work, context.acting, each)
            for each in work.rectification.on([case])
            if _concerns(each, context.acting)
        )


def change_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    """Yield corrections that wait for this person's answer, and answers to their own; for a worklist."""
    there = [
        e for e in work.rectification.open_or_answered_since(clock.now() - _TOLD_FOR) if _concerns(e, acting)
    ]
    cases = (
        {i.reference for i in open_cases(work, acting, work.cases.all({e.involvement for e in there}))}
        if there
        else set()
    )
    for each in there:
        mine = each.by == acting.user
        if each.involvement not in cases or (mine is (each.answered is None)):
            continue
        yield WorkItem(
            reference=each.involvement,
            what=f"{'Read the reply to' if mine else 'Answer'} correction {each.reference}",
            why=_as_read(work, acting, each).stands,
            due_at=None,
            since=each.at,
            is_overdue=False,
            is_alarm=False,
            kind="correction",
            only_to_read=mine,
        )


def _as_read(work: Work, acting: Acting, asked: ChangeAsked) -> ChangeAsked:
    together = work.cases.together(asked.involvement)
    return masked_words(asked, masker_for(work=work, involvements=together, reader=acting.user))


def _concerns(asked: ChangeAsked, acting: Acting) -> bool:
    if asked.by == acting.user:
        return True
    if asked.owner == DESK_OWNER:
        return acting.role in COORDINATOR_AND_CHAIR
    return acting.speaks_for(asked.owner)


def _open(work: Work, acting: Acting, given: str) -> ChangeAsked:
    with finding_part(work, acting):
        asked = work.rectification.get(read_reference(_KIND, given))
    try:
        open_case(work, acting, asked.involvement, May.ANSWER_CHANGE)
    except NotFoundError:
        raise NotFoundError(_KIND, asked.reference) from None
    return asked


def _desks_items(work: Work, acting: Acting, reference: str, clock: Clock) -> tuple[str, ...]:
    there = work.incidents.of([reference], shown=classes_shown(work, acting, on=clock.today()))
    return (*_DESKS_ITEMS, *(incident.reference for incident in there))


def _read_by(
    work: Work, acting: Acting, reference: str, owner: str, agencies: Sequence[AgencyKnown], clock: Clock
) -> tuple[str, ...]:
    """Return the keys of what this person reads of the owner's answer, by the same cut as the page."""
    returns = work.answers.returns([reference])[reference]
    views = answer_views(
        returns,
        agencies,
        acting=acting,
        at=clock.now(),
        conference_is_open=work.cases.conference_opened_at(reference) is not None,
        masker=masker_for(work=work, involvements=work.cases.together(reference), reader=acting.user),
        rules=work.sharing.rules([reference])[reference],
        is_member=is_member(acting, work.cases.people_on(reference)),
    )
    view = next((each for each in views if each.agency == owner), None)
    if view is None:
        return ()
    return (
        *(finding.key for finding in view.findings),
        *(voice.key for voice in view.voices if voice.says),
        *(f"view:{each.domain.value}" for each in view.views),
        *(f"instrument:{each.instrument}" for each in view.instruments),
        *(f"predictor:{each.instrument}" for each in view.predictors),
        *(name for name, _ in view.reported_items),
    )


def _corrected(
    work: Work, acting: Acting, asked: ChangeAsked, sentence: str | None, *, key: VaultKey, clock: Clock
) -> int:
    shown = _shown(work, asked)
    answer = shown.answer
    assert isinstance(answer, Contribution)
    if sentence is not None and asked.item not in {finding.key for finding in answer.findings}:
        raise InvalidInputError("says", "give new text only for a finding; withdraw any other item")
    after = _with_sentence(answer, asked.item, sentence)
    typed = as_typed(work, asked.involvement, shown) if shown.typed_by == acting.user else answer
    version = store_answer(
        work,
        asked.involvement,
        asked.owner,
        after,
        stage=Stage.RELEASED,
        author=acting.user,
        plugin_version=None,
        key=key,
        clock=clock,
        released_by=acting.user,
        prepared_version=shown.prepared_version,
        grounds=Grounds(purpose=f"correction {asked.reference}"),
        typed=_with_sentence(typed, asked.item, sentence) if isinstance(typed, Contribution) else None,
    )
    (item,) = items_of(answer, {asked.item})
    rules = work.sharing.rules([asked.involvement])[asked.involvement].get(asked.owner, {})
    enter_taken(
        work,
        asked.involvement,
        asked.owner,
        LedgerAct.CORRECTED,
        (item,),
        version=version,
        by=acting.user,
        at=clock.now(),
        purpose=f"correction {asked.reference}",
        whom=goes_to(item, rules, asked.owner, on=clock.today()).in_words if sentence else NOBODY,
    )
    return version


def _with_sentence(answer: Contribution, item: str, sentence: str | None) -> Contribution:
    """Return an answer with another sentence for one finding, or with None without that item."""
    if sentence is None:
        return withdrawn_from(answer, item)
    findings = tuple(
        finding.model_validate({**finding.model_dump(), "says": sentence}) if finding.key == item else finding
        for finding in answer.findings
    )
    return answer.model_copy(update={"findings": findings})


def _shown(work: Work, asked: ChangeAsked) -> StoredAnswer:
    returns = work.answers.of(asked.involvement, asked.owner)
    shown = returns.released() if returns else None
    is_there = shown is not None and isinstance(shown.answer, Contribution)
    if not is_there or shown is None or asked.item not in item_keys(shown.answer):  # type: ignore[arg-type]
        raise InvalidInputError(
            "item", "it is no longer released; refuse the correction and give that as the reason"
        )
    return shown
