"""Typed texts, checked in the same transaction: one that repeats a protected value is queued.

Its author is not informed, reads their own text as they typed it, and finds no line about it on their own
worklist: else the check would give the address away to a guesser. Every other reader reads it masked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from engine.access.marks import reachable_by, require_said
from engine.access.near_places import PLACES, places_named
from engine.access.policy import May, require
from engine.access.redaction import MASK, Masker
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
_WHERE = {
    "action_version": TypedWhere.ACTION,
    "answer": TypedWhere.ANSWER,
    "decision": TypedWhere.DECISION,
    "incident_report": TypedWhere.INCIDENT,
    "outcome": TypedWhere.OUTCOME,
    "plan": TypedWhere.PLAN,
    "screening": TypedWhere.SCREENING,
}
"""Places of texts by table; those of every other table are reasons."""
_SAY = "remove what is the victim's, and say of the rest whose it is"
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
    work_contact: str | None = None,
) -> None:
    """Queue that these texts repeat a protected value of the case, if they do; part of a larger use case.

    ``but_places`` leaves out places: those in actions of a plan are compared later, for fewer people
    (``services.plans.protected_places``). ``work_contact`` is compared in the same way: its own field says
    whose it is, so no person is asked.
    """
    typed = [text for text in texts if text]
    if acting.role is not Role.SYSTEM:
        require_marks_said(work, typed)
    if work_contact:
        typed.append(work_contact)
    if not but_places:
        count_places(work, involvement.reference, where, typed, by=acting.user, at=clock.now())
    left_out = PLACES if but_places else frozenset[str]()
    if _tells(work, involvement.reference, typed, left_out=left_out):
        note_that_it_tells(work, involvement.reference, where, by=acting.user, clock=clock)


def check_reasons(
    work: Work, acting: Acting, at: datetime, typed: Mapping[int | None, Sequence[str]]
) -> None:
    """Do the same for every reason that a use case stored; part of each, in its transaction.

    A reason that names no case itself is checked against those that the use case touched.
    """
    if acting.role is Role.SYSTEM:
        return
    typed = {
        number: [each for each in texts if each != ARRIVED_RESTRICTED] for number, texts in typed.items()
    }
    require_marks_said(work, [text for texts in typed.values() for text in texts])
    named = work.cases.references_of(number for number in typed if number is not None)
    about = {named[number]: texts for number, texts in typed.items() if number is not None}
    about |= {reference: [*about.get(reference, ()), *typed.get(None, ())] for reference in work.touched}
    for reference, texts in about.items():
        count_places(work, reference, TypedWhere.REASON, texts, by=acting.user, at=at)
        if _tells(work, reference, texts):
            work.typed_texts.add(reference, TypedWhere.REASON, by=acting.user, at=at)


def require_marks_said(work: Work, texts: Sequence[str], *, instead: str = _SAY) -> None:
    """Refuse texts with a place or a way to reach a person, until it is said whose it is.

    What was said is in the audit entry, counted. It never depends on what is protected. ``instead`` says what
    to do.

    Raises
    ------
    MarksOpenError
        Nothing is said of one of them.
    """
    for whose, marks in Counter(require_said(texts, work.submission.said_of, instead=instead)).items():
        name = f"said_{whose.name.lower()}"
        work.notes(**{name: marks + int(work.facts.get(name) or 0)})


def count_places(
    work: Work, reference: str, where: TypedWhere, texts: Iterable[str], *, by: str, at: datetime
) -> None:
    """Note how many different places these texts name, protected or not; part of larger use cases.

    What is counted is guesses and not hits, so that nothing depends on whether one is right.
    """
    if named := {place for text in texts for place in places_named(text)}:
        work.typed_texts.add_places(reference, where, places=len(named), by=by, at=at)


def compare_again(work: Work, values: Mapping[str, Collection[str]], at: datetime) -> None:
    """Queue the texts of before that repeat a value which this transaction stored; part of each.

    ``values`` are references of new ones by case: none where an equal one was there. Every text is
    compared all the same, so that the time taken does not show that a value was there.
    """
    for case, new in values.items():
        held = work.protected.held_by_case([case]).get(case, [])
        masker = Masker(((kind, value.decode()) for ref, kind, value in held if ref in new), reader=None)
        for stored in work.erasing.texts_on(work.cases.together(case), before=at):
            if any(masker.masked(text, by=None) != text for text in stored.texts):
                where = _WHERE.get(stored.table, TypedWhere.REASON)
                work.typed_texts.add(stored.case, where, by=stored.by, at=at)


def purpose_kept(work: Work, acting: Acting) -> Acting:
    """Return the same person with a purpose typed at the command line masked, as the audit log stores it."""
    if acting.account is None or not is_in_own_words(acting.purpose):
        return acting
    cases = {each for reference in work.touched for each in work.cases.together(reference)}
    purpose = masker_for(work=work, involvements=sorted(cases), reader=None).masked(acting.purpose, by=None)
    for reachable in reachable_by(purpose):  # a list and a refusal touch no case that could reveal it
        purpose = purpose.replace(reachable.value, MASK)
    if not cases and places_named(acting.purpose):
        purpose = MASK  # a street has no shape that could be cut out of it
    return acting.model_copy(update={"purpose": purpose})


def _tells(
    work: Work, reference: str, texts: Sequence[str], *, left_out: frozenset[str] = frozenset()
) -> bool:
    """Return whether one of these texts repeats what is protected on the case or on others of its episode."""
    if not texts:
        return False
    masker = masker_for(
        work=work, involvements=work.cases.together(reference), left_out=left_out, reader=None
    )
    return any(masker.masked(text, by=None) != text for text in texts)


def note_that_it_tells(work: Work, reference: str, where: TypedWhere, *, by: str, clock: Clock) -> None:
    """Queue one text; part of a larger use case."""
    work.typed_texts.add(reference, where, by=by, at=clock.now())


def texts_to_see_to(context: Context) -> tuple[ProtectedTextFlag, ...]:
    """Return the unresolved texts of the cases that are open to this coordinator or chair."""
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
    """
    require(May.SEE_TEXTS_THAT_TELL, context.acting)
    reason = written_reason(how, part="action taken")
    with context.writing("see to a text that tells") as work:
        mine = {text.number: text for text in _open_to(work, context.acting)}
        if number not in mine:
            raise NotFoundError("text to review", str(number))
        work.touches(mine[number].involvement)
        work.notes(text=number)
        masker = masker_for(work=work, involvements=[mine[number].involvement], reader=None)
        work.typed_texts.see_to(
            number, how=masker.masked(reason, by=None), by=context.acting.user, at=context.clock.now()
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
