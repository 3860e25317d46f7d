"""Acts of one alleged perpetrator over the cases that a viewer can open, and cases that are not decided."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from engine.domain.cases.person_acts import MORE_MAY_EXIST, ActsShared, MayBeSame, PersonActs
from engine.domain.cases.plain_facts import Basis, Fact, FactKind
from engine.facts.acts import day_in_words, listed, number_of_acts

_NAMED = 3
"""So many undecided cases are named in the sentence; the record of each is with the fact."""
_MORE = "; more may exist"
_NOT_IN_IT = "Reports that agencies shared about the other cases are not in it."


def of_person(person: PersonActs, *, today: date, sources: Collection[str] = ()) -> Iterator[Fact]:
    """Yield the count of acts over all cases, the cases that are not decided, and what was shared.

    What is not decided is in no count. Every case has the first sentence: its words do not show whether
    something exists that the viewer cannot open.
    """
    counted = _counted(person)
    others = f" {_NOT_IN_IT}" if person.has_others else ""
    yield Fact(
        kind=FactKind.PERSON,
        says=f"The alleged perpetrator, in cases that you can open: {counted}{_vague(person)}.{others} "
        f"{MORE_MAY_EXIST}",
        records=person.records,
        sources=tuple(sorted(sources)),
        basis=Basis.REPORTED,
        on=person.last or today,
        short=f"{counted}{_MORE}",
    )
    if person.may_be_same:
        yield _not_decided(person.may_be_same, today)
    if person.shared is not None:
        yield _shared(person.shared, today)


def _counted(person: PersonActs) -> str:
    in_cases = f"in {_number(person.cases or person.cases_without_acts, 'case', 'cases')}"
    if not person.acts:
        return f"no reported act is recorded, {in_cases}"
    others = person.cases_without_acts
    without = f", and {others:,} more without a recorded act" if others else ""
    return f"{number_of_acts(person.acts)} against {_people(person)}{_days(person)}, {in_cases}{without}"


def _people(person: PersonActs) -> str:
    if person.people_at_least == person.people:
        return _number(person.people, "person", "people")
    return f"{person.people_at_least:,} to {person.people:,} people (not decided which are the same)"


def _days(person: PersonActs) -> str:
    if person.first is None or person.last is None:
        return ""
    if person.first == person.last:
        return f" on 1 day ({day_in_words(person.first)})"
    return f" in {person.days:,} days ({day_in_words(person.first)} to {day_in_words(person.last)})"


def _vague(person: PersonActs) -> str:
    if not person.without_full_date:
        return ""
    return f"; {person.without_full_date:,} of the acts {_has(person.without_full_date)} no full date"


def _not_decided(cases: Sequence[MayBeSame], today: date) -> Fact:
    """Return which cases may be of the same person, each with how many acts it would add."""
    first = [f"{_more(each)} if {each.reference} is of the same person" for each in cases[:_NAMED]]
    left = len(cases) - len(first)
    others = f", and {_number(left, 'more case', 'more cases')}" if left else ""
    said = f"{listed(first)}{others}"
    return Fact(
        kind=FactKind.MAY_BE_SAME,
        says=f"Not in that count: {said}. Possible duplicate, not decided.",
        records=tuple(
            dict.fromkeys(name for each in cases for name in (each.reference, each.person, *each.records))
        ),
        basis=Basis.OF_RECORD,
        on=today,
        short=f"{said}: not decided",
    )


def _more(each: MayBeSame) -> str:
    return f"{each.acts:,} more" if each.acts else "no recorded act more"


def _shared(shared: ActsShared, today: date) -> Fact:
    """Return what was shared from other cases: it may be in the viewer's own count too."""
    said = f"Shared by the {shared.role} on {day_in_words(shared.at.date())}: {shared.content.in_words}"
    return Fact(
        kind=FactKind.SHARED,
        says=f"{said}. Some may be in your own count too.",
        basis=Basis.REPORTED,
        on=today,
        short=f"shared from other cases: {number_of_acts(len(shared.content.acts))} against "
        f"{_number(shared.content.people, 'other person', 'other people')}",
    )


def _number(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _has(number: int) -> str:
    return "has" if number == 1 else "have"
