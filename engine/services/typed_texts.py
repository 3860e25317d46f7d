"""What people type is checked in the same transaction: a text that repeats a protected value is queued.

Whoever typed it is told nothing, reads their own text as they typed it, and finds no line about it on their
own worklist: else the check would tell a guesser the address. Every other reader reads it masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.acting import Acting, Role
from engine.domain.errors import NotFoundError
from engine.domain.involvement import Involvement
from engine.domain.typed_texts import TextThatTells, TypedWhere
from engine.domain.work import WorkItem
from engine.services.doors import open_cases
from engine.services.restricting import written_reason
from engine.services.vault import masker_for
from engine.store.unit_of_work import UnitOfWork, Work

TELLS = "text that tells"
_WITHIN = timedelta(days=28)
_GUESSES = 3
"""So many of one person's texts within the time are said aloud: it looks like guessing."""


def check_typed(
    work: Work,
    involvement: Involvement,
    where: TypedWhere,
    texts: Iterable[str | None],
    *,
    acting: Acting,
    clock: Clock,
) -> None:
    """Queue that these texts repeat a protected value of the case, if they do; part of a larger use case."""
    typed = [text for text in texts if text]
    if not typed:
        return
    masker = masker_for(work=work, involvements=_together(work, involvement))
    if any(masker.masked(text) != text for text in typed):
        note_that_it_tells(work, involvement.reference, where, by=acting.user, clock=clock)


def note_that_it_tells(work: Work, reference: str, where: TypedWhere, *, by: str, clock: Clock) -> None:
    """Queue one text; part of a larger use case."""
    work.typed_texts.add(reference, where, by=by, at=clock.now())


def texts_to_see_to(*, uow: UnitOfWork, clock: Clock, acting: Acting) -> tuple[TextThatTells, ...]:
    """The texts that nobody has seen to, of the cases that are open to this person of the desk."""
    require(May.SEE_TEXTS_THAT_TELL, acting)
    with uow.reading(acting=acting, what="list texts that tell", at=clock.now()) as work:
        found = _open_to(work, acting)
        work.notes(texts=len(found))
        return found


def see_to_text(*, uow: UnitOfWork, clock: Clock, acting: Acting, number: int, how: str) -> None:
    """Say what was done about one: spoken with the writer, rewritten, or nothing needed doing."""
    require(May.SEE_TEXTS_THAT_TELL, acting)
    reason = written_reason(how)
    with uow.writing(acting=acting, what="see to a text that tells", at=clock.now()) as work:
        mine = {text.number: text for text in _open_to(work, acting)}
        if number not in mine:
            raise NotFoundError("text to see to", str(number))
        work.touches(mine[number].involvement)
        work.notes(text=number)
        masker = masker_for(work=work, involvements=[mine[number].involvement])
        work.typed_texts.see_to(number, how=masker.masked(reason), by=acting.user, at=clock.now())


def text_items(work: Work, acting: Acting) -> Iterator[WorkItem]:
    """The desk's lines: whose text tells, of which case, and whether it looks like guessing."""
    if acting.role not in (Role.COORDINATOR, Role.CHAIR):
        return
    for text in _open_to(work, acting):
        guesses = text.earlier + 1
        often = f" It is the {_ordinal(guesses)} of their texts in 28 days that does." if text.earlier else ""
        yield WorkItem(
            reference=text.involvement,
            what=f"See to text {text.number}",
            why=f"What {text.by} typed into {text.where.value} repeats something protected; others read it "
            f"masked.{often}",
            due_at=None,
            since=text.at,
            is_overdue=False,
            is_alarm=guesses >= _GUESSES,
            kind=TELLS,
        )


def _open_to(work: Work, acting: Acting) -> tuple[TextThatTells, ...]:
    waiting = work.typed_texts.to_see_to(but_of=acting.user, within=_WITHIN)
    if not waiting:
        return ()
    there = {
        i.reference for i in open_cases(work, acting, work.cases.all({text.involvement for text in waiting}))
    }
    return tuple(text for text in waiting if text.involvement in there)


def _together(work: Work, involvement: Involvement) -> list[str]:
    of_episode = [other.reference for other in work.cases.of_episode(involvement.episode)]
    return list(dict.fromkeys([*of_episode, involvement.reference]))


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(number, f"{number}th")
