"""Possible duplicates: a queue of proposals, a named person's decision on each, and its undoing.

Nothing merges automatically: persons are derived from the current decisions whenever asked for. Every
question is cut to what the asker may know of before anything is compared, counted or joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.access.policy import May, require
from engine.access.redaction import Masker, masked_words
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.base import Frozen
from engine.domain.cases.names import CaseNames
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, Side
from engine.domain.ids import read_reference
from engine.domain.people.same_person import (
    MatchExplained,
    PersonShown,
    QueueItem,
    ReviewQueue,
    SamePerson,
    SameVerdict,
)
from engine.services.access.checks import known_part, open_case, open_cases, open_part
from engine.services.access.link_refresh import ask_for_refresh
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.links.projection import join_again
from engine.services.people.known import KnownPersons
from engine.services.people.matching import AT_ONCE, compare_new, explanation_of
from engine.services.people.names import names_on
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.store.repositories.people.persons import PersonOnCase

_ROUNDS = 5


class SameSaid(Frozen):
    """A recorded decision on two person records."""

    one: str
    other: str
    verdict: SameVerdict
    was: SameVerdict | None


def review_queue(context: Context, *, place: int = 0, blind: bool = False) -> ReviewQueue:
    """Return one proposal that waits for a person, and how many do.

    ``blind`` leaves out the weight and everything that it could be read from, and the order by weight too.
    """
    require(May.JUDGE_SAME, context.acting)
    _compare_those_waiting(context)
    with context.reading("see review queue of persons") as work:
        part = known_part(work, context.acting)
        total = work.same_persons.count_waiting(part)
        place = min(max(place, 0), max(total - 1, 0))
        found = work.same_persons.waiting(part, first=place, count=1, by_weight=not blind)
        item = _queue_item(work, context.acting, found[0].low, found[0].high, blind=blind) if found else None
        work.notes(waiting=total)
        return ReviewQueue(total=total, place=place, item=item, blind=blind)


def compare(context: Context, *, one: str, other: str) -> QueueItem:
    """Return two person records side by side, whatever the queue says of them.

    Raises
    ------
    InvalidInputError
        A reference is malformed, or both are one party of one referral.
    NotFoundError
        The person is not in a case that is open to the person who acts.
    """
    with context.reading("compare two persons") as work:
        require(May.JUDGE_SAME, context.acting)
        low, high = _both(work, context.acting, one, other)
        item = _queue_item(work, context.acting, low, high, blind=False)
        if item is None:
            raise NotFoundError("person", one)
        return item


def judge_same(
    context: Context, *, one: str, other: str, verdict: SameVerdict, why: str, words_seen: int | None = None
) -> SameSaid:
    """Record whether two records are of one person, by a named person and with a reason. The newest applies.

    "Not same" is remembered: the pair is never proposed again. ``words_seen`` is how many decisions on the
    two were on the screen; None means without a screen.

    Raises
    ------
    InvalidInputError
        A reference or the reason is malformed, both are one party of one referral, or the verdict is an
        undoing.
    NotFoundError
        The person is not in a case that is open to the person who acts.
    ConflictError
        Another person decided on these two meanwhile.
    """
    reason = written_reason(why)
    if verdict is SameVerdict.TAKEN_BACK:
        raise InvalidInputError("verdict", "use undo to withdraw a match decision")
    with context.writing("judge whether two persons are the same") as work:
        require(May.JUDGE_SAME, context.acting)
        low, high = _both(work, context.acting, one, other)
        _require_words_seen(work, low, high, words_seen, acting=context.acting, clock=context.clock)
        return _say(work, low, high, verdict, acting=context.acting, clock=context.clock, why=reason)


def take_back_same(context: Context, *, one: str, other: str, why: str) -> SameSaid:
    """Undo the current decision on two records, a person's or a rule's: all is as it was before it.

    Raises
    ------
    InvalidInputError
        A reference or the reason is malformed, both are one party of one referral, or no decision applies.
    NotFoundError
        The person is not in a case that is open to the person who acts.
    """
    reason = written_reason(why)
    with context.writing("take back a word on two persons") as work:
        require(May.JUDGE_SAME, context.acting)
        low, high = _both(work, context.acting, one, other)
        decision = work.same_persons.words_on([low]).get((low, high))
        if decision is None or decision.verdict is SameVerdict.TAKEN_BACK:
            raise InvalidInputError("persons", "there is no current match decision on these records")
        return _say(
            work, low, high, SameVerdict.TAKEN_BACK, acting=context.acting, clock=context.clock, why=reason
        )


def same_person(context: Context, *, person: str) -> SamePerson:
    """Return every record that current decisions join with this one, and where the decisions contradict.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The person is not in a case that is open to the person who acts.
    """
    with context.reading("see person") as work:
        require(May.JUDGE_SAME, context.acting)
        party = _party(work, context.acting, person)
        derived = KnownPersons(work, open_part(work, context.acting)).joined(party)
        people = work.same_persons.people(derived.parties)
        words = [
            decision
            for at, low in enumerate(derived.parties)
            for high in derived.parties[at + 1 :]
            for decision in work.same_persons.history(low, high)
        ]
        work.touches(*(each.involvement for each in people.values()))
        masker = _masker(work, context.acting, people)
        return SamePerson(
            people=_with_names(work, [people[each] for each in derived.parties]),
            conflicts=tuple((people[a].reference, people[b].reference) for a, b in derived.conflicts),
            words=masked_words(tuple(sorted(words, key=lambda term: term.at)), masker),
        )


def shown(person: PersonOnCase, names: CaseNames | None = None) -> PersonShown:
    """Return a person record as a page names it, beside the names on its case where that is open."""
    return PersonShown(
        person=person.reference,
        involvement=person.involvement,
        role=person.role,
        status=person.status,
        asserted_by=person.asserted_by,
        described=person.described,
        names=names,
    )


def _compare_those_waiting(context: Context) -> None:
    """Compare what the runner has not reached yet, so that a queue needs none; of a large file, a part."""
    machinery = flow_acting("compare new person records", context.acting.user)
    for _ in range(_ROUNDS):
        if compare_new(replace(context, acting=machinery)) < AT_ONCE:
            return


def _existing(work: Work, acting: Acting, parties: set[int]) -> set[int]:
    """Return those of these parties that are in a case that exists for this person."""
    if not parties:
        return set()
    people = work.same_persons.people(parties)
    involvements = work.cases.all({person.involvement for person in people.values()})
    there = {each.reference for each in open_cases(work, acting, involvements)}
    return {party for party, person in people.items() if person.involvement in there}


def _queue_item(work: Work, acting: Acting, low: int, high: int, *, blind: bool) -> QueueItem | None:
    """Return the pair side by side; None where it does not exist for this person after all."""
    if _existing(work, acting, {low, high}) != {low, high}:
        return None
    people = work.same_persons.people([low, high])
    work.touches(*(person.involvement for person in people.values()))
    matched: MatchExplained | None = None if blind else explanation_of(work, low, high)
    one, other = _with_names(work, [people[low], people[high]])
    return QueueItem(
        one=one,
        other=other,
        matched=matched,
        words=masked_words(tuple(work.same_persons.history(low, high)), _masker(work, acting, people)),
    )


def _with_names(work: Work, people: Sequence[PersonOnCase]) -> tuple[PersonShown, ...]:
    """Return these records, all of cases that are open to the reader, with the names on those cases."""
    named = names_on(work, {person.involvement for person in people})
    return tuple(shown(person, named.get(person.involvement)) for person in people)


def _masker(work: Work, acting: Acting, people: Mapping[int, PersonOnCase]) -> Masker:
    """Return a masker of what is protected on any of their cases."""
    cases = {each for person in people.values() for each in work.cases.together(person.involvement)}
    return masker_for(work=work, involvements=sorted(cases), reader=acting.user)


def _require_words_seen(
    work: Work, low: int, high: int, seen: int | None, *, acting: Acting, clock: Clock
) -> None:
    """Refuse if another person has recorded a decision on these two that was not on the screen."""
    words = work.same_persons.history(low, high)
    if seen is None or len(words) <= seen or words[-1].by == acting.user:
        return
    last = words[-1]
    raise ConflictError(
        "decision on persons",
        f"{last.one} and {last.other}",
        yours=Side(acting.user, clock.now(), seen),
        theirs=Side(last.by, last.at, len(words)),
    )


def _both(work: Work, acting: Acting, one: str, other: str) -> tuple[int, int]:
    # in one order, however they are named: two who judge the same two must not wait for each other
    first, second = (_party(work, acting, each) for each in sorted((one, other)))
    if first == second:
        raise InvalidInputError("persons", "both are the same party of one referral; name two records")
    return min(first, second), max(first, second)


def _party(work: Work, acting: Acting, person: str) -> int:
    """Return the party of a record in a case that exists for this person; else as if there were none."""
    reference = read_reference("person", person)
    party = work.same_persons.party_of(reference)
    if party is None or not _existing(work, acting, {party}):
        raise NotFoundError("person", reference)
    open_case(work, acting, work.same_persons.people([party])[party].involvement, May.JUDGE_SAME)
    return party


def _say(
    work: Work, low: int, high: int, verdict: SameVerdict, *, acting: Acting, clock: Clock, why: str
) -> SameSaid:
    before = work.same_persons.words_on([low]).get((low, high))
    people = work.same_persons.people([low, high])
    work.same_persons.add_word(
        low, high, verdict=verdict, by=acting.user, by_rule=False, why=why, at=clock.now()
    )
    join_again(work, [people[low].involvement, people[high].involvement], at=clock.now())
    ask_for_refresh(work, acting, at=clock.now())
    one, other = people[low].reference, people[high].reference
    work.notes(one=one, other=other, verdict=verdict.value)
    return SameSaid(one=one, other=other, verdict=verdict, was=before.verdict if before else None)
