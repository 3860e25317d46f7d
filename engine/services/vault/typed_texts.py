"""Typed texts, checked in the same transaction: one that repeats a protected value is queued.

Its author is not informed, reads their own text as they typed it, and finds no line about it on their own
worklist: else the check would give the address away to a guesser. Every other reader reads it masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from engine.access.near_places import PLACES
from engine.access.policy import May, require
from engine.access.redact_protected import reachable_by
from engine.access.redaction import MASK
from engine.clock import Clock
from engine.domain.access.need_to_know import ARRIVED_RESTRICTED
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.accounts.tasks import is_in_own_words
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.worklists import TELLS, WorkItem
from engine.domain.errors import NotFoundError
from engine.domain.vault.typed_texts import ProtectedTextFlag, TypedWhere
from engine.services.access.checks import open_cases
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.store.unit_of_work import Work

_WITHIN = timedelta(days=28)
_GUESSES = 3
"""From so many of one person's texts within the time, it is shown as likely guessing."""


def check_typed(
    work: Work,
    involvement: Involvement,
    where: TypedWhere,
    texts: Iterable[str | None],
    *,
    acting: Acting,
    clock: Clock,
    but_places: bool = False,
) -> None:
    """Queue that these texts repeat a protected value of the case, if they do; part of a larger use case.

    ``but_places`` leaves out places: those in actions of a plan are compared later, for fewer people
    (``services.plans.protected_places``).
    """
    left_out = PLACES if but_places else frozenset[str]()
    if _tells(work, involvement.reference, [text for text in texts if text], left_out=left_out):
        note_that_it_tells(work, involvement.reference, where, by=acting.user, clock=clock)


def check_reasons(
    work: Work, acting: Acting, at: datetime, typed: Mapping[int | None, Sequence[str]]
) -> None:
    """Do the same for every reason that a use case stored; part of each, in its transaction.

    A reason that names no case itself is checked against those that the use case touched.
    """
    if acting.role is Role.SYSTEM:
        return
    named = work.cases.references_of(number for number in typed if number is not None)
    about = {named[number]: texts for number, texts in typed.items() if number is not None}
    about |= {reference: [*about.get(reference, ()), *typed.get(None, ())] for reference in work.touched}
    for reference, texts in about.items():
        if _tells(work, reference, [text for text in texts if text != ARRIVED_RESTRICTED]):
            work.typed_texts.add(reference, TypedWhere.REASON, by=acting.user, at=at)


def purpose_kept(work: Work, acting: Acting) -> Acting:
    """Return the same person with a purpose typed at the command line masked, as the audit log stores it."""
    if acting.account is None or not is_in_own_words(acting.purpose):
        return acting
    cases = {each for reference in work.touched for each in work.cases.together(reference)}
    purpose = masker_for(work=work, involvements=sorted(cases)).masked(acting.purpose)
    for reachable in reachable_by(purpose):  # a list and a refusal touch no case that could reveal it
        purpose = purpose.replace(reachable.value, MASK)
    return acting.model_copy(update={"purpose": purpose})


def _tells(
    work: Work, reference: str, texts: Sequence[str], *, left_out: frozenset[str] = frozenset()
) -> bool:
    """Return whether one of these texts repeats what is protected on the case or on others of its episode."""
    if not texts:
        return False
    masker = masker_for(work=work, involvements=work.cases.together(reference), left_out=left_out)
    return any(masker.masked(text) != text for text in texts)


def note_that_it_tells(work: Work, reference: str, where: TypedWhere, *, by: str, clock: Clock) -> None:
    """Queue one text; part of a larger use case."""
    work.typed_texts.add(reference, where, by=by, at=clock.now())


def texts_to_see_to(context: Context) -> tuple[ProtectedTextFlag, ...]:
    """Return the unresolved texts of the cases that are open to this coordinator or chair.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.SEE_TEXTS_THAT_TELL, context.acting)
    with context.reading("list texts that tell") as work:
        found = _open_to(work, context.acting)
        work.notes(texts=len(found))
        return found


def see_to_text(context: Context, *, number: int, how: str) -> None:
    """Record how one was resolved: spoken with the writer, rewritten, or nothing needed doing.

    Raises
    ------
    InvalidInputError
        The reason is empty, too long or not one line.
    NotFoundError
        The text does not wait, or its case is not open to the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.SEE_TEXTS_THAT_TELL, context.acting)
    reason = written_reason(how, part="action taken")
    with context.writing("see to a text that tells") as work:
        mine = {text.number: text for text in _open_to(work, context.acting)}
        if number not in mine:
            raise NotFoundError("text to review", str(number))
        work.touches(mine[number].involvement)
        work.notes(text=number)
        masker = masker_for(work=work, involvements=[mine[number].involvement])
        work.typed_texts.see_to(
            number, how=masker.masked(reason), by=context.acting.user, at=context.clock.now()
        )


def text_items(work: Work, acting: Acting) -> Iterator[WorkItem]:
    """Yield lines for coordinators and chair: whose text, the case, and if it is likely guessing."""
    if acting.role not in COORDINATOR_AND_CHAIR:
        return
    for text in _open_to(work, acting):
        guesses = text.earlier + 1
        often = f" It is the {_ordinal(guesses)} such text of this user in 28 days." if text.earlier else ""
        yield WorkItem(
            reference=text.involvement,
            what=f"Review text {text.number}",
            why=f"Text entered by {text.by} in {text.where.value} contains protected details. Others see "
            f"it masked.{often}",
            due_at=None,
            since=text.at,
            is_overdue=False,
            is_alarm=guesses >= _GUESSES,
            kind=TELLS,
        )


def _open_to(work: Work, acting: Acting) -> tuple[ProtectedTextFlag, ...]:
    waiting = work.typed_texts.to_see_to(but_of=acting.user, within=_WITHIN)
    if not waiting:
        return ()
    there = {
        i.reference for i in open_cases(work, acting, work.cases.all({text.involvement for text in waiting}))
    }
    return tuple(text for text in waiting if text.involvement in there)


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(number, f"{number}th")
