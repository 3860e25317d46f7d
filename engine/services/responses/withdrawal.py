"""Withdrawing one item after its release: a new version without it, which says that it was withdrawn."""

from __future__ import annotations

from enum import StrEnum

from engine.access.policy import May, require_agency
from engine.domain.base import Frozen
from engine.domain.cases.involvement import StoredAnswer
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.responses.answers import Contribution, Stage, item_keys
from engine.domain.responses.voices import Agreement
from engine.domain.sharing import Grounds, LedgerAct
from engine.services.access.checks import open_case
from engine.services.context import VaultContext
from engine.services.responses.as_typed import as_typed
from engine.services.responses.storage import store_answer
from engine.services.responses.topics import Topics, store_topics_of_change
from engine.services.sharing.agreement import withdrawn_from
from engine.services.sharing.log_entries import enter_taken, items_of
from engine.store.unit_of_work import Work


class WithdrawnAgain(StrEnum):
    """The result of a withdrawal that is repeated after a restore."""

    DONE = "withdrawn"
    BEFORE = "was withdrawn already"
    NOT_RELEASED = "not released in what was restored"


class Withdrawn(Frozen):
    """A withdrawn item; the version without it is the newest."""

    reference: str
    agency: str
    version: int
    item: str


def withdraw(
    context: VaultContext, *, reference: str, agency: str, item: str, topics: Topics | None = None
) -> Withdrawn:
    """Withdraw an item of what is released now, by its key; only the agency reads it from now on.

    Earlier versions stay in the record, as every version does, and no page shows them. ``topics`` are the
    alarm topics that were asked about what is left. An alarm of the earlier version stays.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the item does not exist, or it was withdrawn already.
    NotFoundError
        The case is not open to the person who acts, or no contribution is released.
    NotPermittedError
        The role does not permit it, or the person speaks for another agency.
    """
    require_agency(context.acting, agency)
    with context.writing("withdraw item") as work:
        involvement = open_case(work, context.acting, reference, May.ANSWER)
        returns = work.answers.of(involvement.reference, agency)
        shown = returns.released() if returns else None
        if shown is None or not isinstance(shown.answer, Contribution):
            raise NotFoundError(
                "released answer",
                f"{involvement.reference} of {agency}",
                instead="it is not released yet; withhold items when you release it",
            )
        _require_item(shown.answer, item)
        version = _withdraw(
            work, context, involvement.reference, agency, shown, shown.answer, item, by=context.acting.user
        )
        store_topics_of_change(
            work, context, case=involvement.reference, agency=agency, version=version, topics=topics
        )
        work.notes(agency=agency, version=version, item=item)
    return Withdrawn(reference=involvement.reference, agency=agency, version=version, item=item)


def withdraw_again(
    work: Work, context: VaultContext, *, reference: str, agency: str, item: str, by: str
) -> WithdrawnAgain:
    """Withdraw an item again after a restore, if it is released. A part of that."""
    returns = work.answers.of(reference, agency)
    shown = returns.released() if returns else None
    if shown is None or not isinstance(shown.answer, Contribution):
        return WithdrawnAgain.NOT_RELEASED
    gone = _gone(shown.answer)
    if item in gone:
        return WithdrawnAgain.BEFORE
    if item not in item_keys(shown.answer):
        return WithdrawnAgain.NOT_RELEASED
    _withdraw(work, context, reference, agency, shown, shown.answer, item, by=by)
    return WithdrawnAgain.DONE


def _withdraw(
    work: Work,
    context: VaultContext,
    reference: str,
    agency: str,
    shown: StoredAnswer,
    answer: Contribution,
    item: str,
    *,
    by: str,
) -> int:
    version = store_answer(
        work,
        reference,
        agency,
        withdrawn_from(answer, item),
        stage=Stage.RELEASED,
        author=shown.author,
        plugin_version=shown.plugin_version,
        key=context.key,
        clock=context.clock,
        released_by=by,
        prepared_version=shown.prepared_version,
        grounds=Grounds(purpose=context.acting.purpose),
        typed=withdrawn_from(typed, item)
        if isinstance(typed := as_typed(work, reference, shown), Contribution)
        else None,
    )
    enter_taken(
        work,
        reference,
        agency,
        LedgerAct.WITHDRAWN,
        items_of(answer, {item}),
        version=version,
        by=by,
        at=context.clock.now(),
        purpose=context.acting.purpose,
    )
    return version


def _gone(answer: Contribution) -> set[str]:
    voices = {voice.key for voice in answer.voices if voice.agreed_to_sharing is Agreement.WITHDRAWN}
    return {*answer.withdrawn} | voices


def _require_item(answer: Contribution, item: str) -> None:
    gone = _gone(answer)
    if item in gone:
        raise InvalidInputError("item", "it was already withdrawn; nothing was changed")
    there = item_keys(answer) - gone
    if item not in there:
        raise InvalidInputError(
            "item", f"this item does not exist; choose one of: {', '.join(sorted(there)) or 'none'}"
        )
