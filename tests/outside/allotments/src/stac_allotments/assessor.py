"""What is said, from the records alone. The same question gets the same answer: no clock is read here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.hooks.v1 import (
    CaseAsked,
    Contribution,
    Domain,
    Finding,
    FoundNobody,
    FoundUnclear,
    NilReturn,
    PersonAsked,
    ProposedAction,
    RecordPointer,
    SubjectAccessItem,
    SubjectAccessResult,
    counted,
    key_of,
    newest_views,
    sentence,
)
from stac_allotments.records import LOOKED_IN, HolderLine, LetterLine, OwnRecords

NOT_CERTAIN = "One record may be this person's. A person must confirm it before it is given."
MANY_LETTERS = 3


def assess(case: CaseAsked, held: OwnRecords) -> Contribution | NilReturn:
    """What is held about the alleged perpetrator; what was sent after the day of asking is left out."""
    found = held.index.find(case.perpetrator)
    if isinstance(found, FoundNobody):
        return found.answer(who="The allotments office", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return found.answer()
    letters = [letter for letter in held.letters.get(found.key, ()) if _sent_by(letter, case.on)]
    return Contribution(
        matched_on=found.basis,
        findings=(_holds(held.holders[found.key]), *_written_to(letters)),
        views=newest_views(held.views.get(found.key, ()), on=case.on),
        gaps=found.gaps,
        proposed_actions=(
            (
                ProposedAction(
                    says="The allotments office offers to have the warden at the gate on open days.",
                    serves=Domain.PERSISTENCE,
                    owner="allotments",
                ),
            )
            if len(letters) >= MANY_LETTERS
            else ()
        ),
    )


def told_to_the_person(person: PersonAsked, held: OwnRecords) -> SubjectAccessResult:
    """Everything about the person who asks, but nothing from a record that may be somebody else's."""
    found = held.index.find(person)
    if isinstance(found, FoundUnclear):
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(found.gap,))
    if isinstance(found, FoundNobody):
        return SubjectAccessResult(looked_in=LOOKED_IN)
    if not found.basis.confirmed:
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(NOT_CERTAIN,))
    said = (_holds(held.holders[found.key]), *_each_letter(held.letters.get(found.key, [])))
    return SubjectAccessResult(
        items=tuple(
            SubjectAccessItem(
                kind=each.records[0].kind,
                says=each.says,
                record=each.records[0].record,
                dated=each.records[0].dated,
            )
            for each in said
        ),
        looked_in=LOOKED_IN,
    )


def _holds(line: HolderLine) -> Finding:
    since = f" since {line.since.in_words()}" if line.since else ""
    pointer = RecordPointer(record=line.person_id, kind="plot", dated=line.since)
    return Finding(key="plot", says=f"The person held a plot{since}.", records=(pointer,))


def _written_to(letters: list[LetterLine]) -> Iterator[Finding]:
    if letters:
        yield Finding(
            key="letters",
            says=sentence(f"{counted(len(letters), 'letter')} had been sent to the person by the office"),
            records=tuple(_pointer(letter) for letter in letters),
        )
    yield from _each_letter(letters)


def _each_letter(letters: list[LetterLine]) -> Iterator[Finding]:
    for letter in letters:
        when = "on a date not recorded" if letter.sent is None else f"in {letter.sent.in_words()}"
        yield Finding(
            key=key_of("letter", letter.letter_id),
            says=sentence(f"a letter about {letter.about} was sent {when}"),
            records=(_pointer(letter),),
        )


def _pointer(letter: LetterLine) -> RecordPointer:
    return RecordPointer(record=letter.letter_id, kind="letter", dated=letter.sent)


def _sent_by(letter: LetterLine, on: date) -> bool:
    return letter.sent is None or letter.sent.earliest <= on
