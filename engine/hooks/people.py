"""Search for the person asked about among an agency's own records, without ever guessing.

A number that one register gives to one person finds them for certain. A name with a whole date of birth finds
them unconfirmed. A name without more finds no person; that a person of that name is there is said, because a
nil return would be read as "holds nothing". Knows no agency's format.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.domain.agencies.people import PeopleFound, PersonHeld
from engine.domain.dates import PartialDate
from engine.domain.people.persons import NAME_OF_SCHEME, Identifier, IdentifierScheme
from engine.domain.responses.answers import Contribution, MatchBasis, NilReturn
from engine.domain.responses.held_reports import OwnRow
from engine.domain.responses.requests import PersonAsked
from engine.hooks.matchable import NotMatchable, name_fault, name_key, not_compared_in_words
from engine.hooks.wording import counted, listed, sentence
from engine.identity.identifiers import compared_forms, failed_checks, written_form
from engine.identity.words import is_recorded


@dataclass(frozen=True, kw_only=True)
class PersonOnRecord:
    """A person as the agency's own records describe them: every whole name, and the numbers held."""

    key: str
    names: tuple[str, ...]
    date_of_birth: PartialDate | None
    identifiers: tuple[Identifier, ...] = ()
    unread: NotMatchable | None = None
    """Why the row's name could not be read, if its file says more than a blank cell."""

    @property
    def usable_names(self) -> tuple[str, ...]:
        """The names that a person asked about can be compared with."""
        return tuple(name for name in self.names if name_fault(name) not in _NO_NAME)

    @property
    def why_not_by_name(self) -> NotMatchable | None:
        """Why no name that is asked about can ever equal one of this row; None if one can."""
        faults = [name_fault(name) for name in self.names]
        if None in faults:
            return None
        return self.unread or next((fault for fault in faults if fault), NotMatchable.BLANK)

    @property
    def schemes(self) -> frozenset[IdentifierScheme]:
        """The registers whose numbers it has."""
        return frozenset(each.scheme for each in self.identifiers if is_recorded(each.value))

    @property
    def why_not_matchable(self) -> NotMatchable | None:
        """Why no person who is asked about can be found as this row; None if one can."""
        return None if self.schemes else self.why_not_by_name


@dataclass(frozen=True, kw_only=True)
class FoundOne:
    """Exactly one record answers to what was asked."""

    key: str
    basis: MatchBasis
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FoundUnclear:
    """Records that could be the person's, or too little to search with: none was used."""

    basis: MatchBasis
    gap: str
    doubts: tuple[str, ...] = ()

    def answer(self) -> Contribution:
        """Return the answer that says so and carries nothing of any of the records."""
        return Contribution(matched_on=self.basis, gaps=(self.gap, *self.doubts))


@dataclass(frozen=True, kw_only=True)
class FoundNobody:
    """Result of a search of the records: they hold no person who answers to what was asked."""

    looked_by: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    def answer(self, *, who: str, looked_in: tuple[str, ...]) -> NilReturn:
        """Return the nil return: where was searched, by what, which number asked about failed its check, and
        how many rows could not be compared with the question.
        """
        message = (
            f"{who} searched {listed(looked_in)} {listed(self.looked_by)} and found no record of the person"
        )
        found = " ".join((sentence(message), *self.doubts))
        return NilReturn(looked_in=looked_in, says=found, gaps=self.gaps)


_NO_NAME = frozenset({NotMatchable.BLANK, NotMatchable.NOT_KNOWN, NotMatchable.ERROR})
_NO_SUCH_NUMBER = "no number that was asked about"
_Number = tuple[IdentifierScheme, str]


def _asked_as(number: Identifier) -> _Number:
    """Return the one form that a number is searched for in."""
    return number.scheme, written_form(number.scheme, number.value)


def _held_as(numbers: Iterable[Identifier]) -> set[_Number]:
    """Return every form in which numbers that are held may be asked about."""
    return {(each.scheme, form) for each in numbers for form in compared_forms(each.scheme, each.value)}


class PersonIndex:
    """The persons of one extract, by number and by name. ``table`` is what its sentences call their table."""

    def __init__(self, persons: Iterable[PersonOnRecord], *, table: str | None = None) -> None:
        self._table = table
        self._alike: Counter[tuple[NotMatchable | None, frozenset[IdentifierScheme]]] = Counter()
        self._persons: dict[str, PersonOnRecord] = {}
        self._by_number: dict[_Number, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for person in persons:
            self._persons[person.key] = person
            self._alike[person.why_not_by_name, person.schemes] += 1
            for number in _held_as(person.identifiers):
                self._by_number[number].add(person.key)
            for name in person.usable_names:
                self._by_name[name_key(name)].add(person.key)

    def find(self, asked: PersonAsked | None) -> FoundOne | FoundUnclear | FoundNobody:
        """Return who of these persons was asked about.

        A number that fails its check finds, and is reported.
        """
        found = self._find(asked)
        if isinstance(found, FoundNobody) and asked is not None:
            found = replace(found, gaps=self.not_compared(asked))
        doubts = _doubts(failed_checks(asked.identifiers), "asked about") if asked else ()
        if not doubts:
            return found
        if isinstance(found, FoundOne):
            return replace(found, gaps=(*found.gaps, *doubts))
        return replace(found, doubts=doubts)

    def not_compared(self, asked: PersonAsked) -> tuple[str, ...]:
        """Return that rows could not be compared with what was asked, and why: the person may be in one."""
        by_name, schemes = _name_asked(asked) is not None, {number.scheme for number in asked.identifiers}
        whys: Counter[str] = Counter()
        for (why, held), rows in self._alike.items():
            if not held & schemes and (why is not None or not by_name):
                whys[why.value if why and (by_name or not schemes) else _NO_SUCH_NUMBER] += rows
        if not whys:
            return ()
        return (not_compared_in_words(whys, rows=self._alike.total(), table=self._table),)

    def people(self, asked: PersonAsked) -> PeopleFound:
        """Return every record that could be the person's, for the agency's own staff:
        none is chosen among them.
        """
        name = _name_asked(asked)
        by_number = self._holding(asked)
        namesakes = self._by_name.get(name, set()) if name else set()
        found = []
        for key in sorted(by_number | namesakes):
            person = self._persons[key]
            if key in by_number:
                basis = self._by_its_number(person, asked, name).basis
                if len(by_number) > 1:
                    message = (
                        f"{basis.says.removesuffix(', unconfirmed')}, as another record was, unconfirmed"
                    )
                    basis = MatchBasis(says=message, confirmed=False)
            elif _births_differ(person.date_of_birth, asked.date_of_birth):
                continue
            else:
                basis = _by_name_alone(person, asked)
            found.append(PersonHeld(record=key, matched_on=basis))
        return PeopleFound(found=tuple(found))

    def _holding(self, asked: PersonAsked) -> set[str]:
        """Return who holds one of the numbers asked about."""
        return {key for number in asked.identifiers for key in self._by_number.get(_asked_as(number), ())}

    def _find(self, asked: PersonAsked | None) -> FoundOne | FoundUnclear | FoundNobody:
        name = _name_asked(asked)
        if asked is None or not (asked.identifiers or name):
            return FoundUnclear(
                basis=MatchBasis(says="too little was given to search for a person", confirmed=False),
                gap="No full name and no number that these records hold was given, so no search was made.",
            )
        by_number = self._holding(asked)
        if len(by_number) == 1:
            return self._by_its_number(self._persons[by_number.pop()], asked, name)
        if by_number:
            return _unclear(len(by_number), "hold the numbers asked about")
        return self._by_its_name(asked, name)

    def _by_its_number(self, person: PersonOnRecord, asked: PersonAsked, name: str | None) -> FoundOne:
        held = _held_as(person.identifiers)
        fit = [number for number in asked.identifiers if _asked_as(number) in held]
        other = [NAME_OF_SCHEME[scheme] for scheme in _conflicting(person, asked)]
        born = _births_differ(person.date_of_birth, asked.date_of_birth)
        named = name is None or name in {name_key(each) for each in person.names}
        differs = [*other, *(["date of birth"] if born else []), *([] if named else ["name"])]
        by = "by " + _names_of(fit)
        same_birth = person.date_of_birth is not None and person.date_of_birth == asked.date_of_birth
        if other or born or not (named or same_birth):
            message = f"{by}, but the {listed(differs)} recorded here differed, unconfirmed"
            return FoundOne(
                key=person.key,
                basis=MatchBasis(says=message, confirmed=False),
                gaps=(f"The {listed(differs)} recorded here differed from what was asked about.",),
            )
        if len(failed_checks(fit)) == len(fit):
            message = f"{by}, which failed {'its check' if len(fit) == 1 else 'their checks'}, unconfirmed"
            return FoundOne(key=person.key, basis=MatchBasis(says=message, confirmed=False))
        return FoundOne(key=person.key, basis=MatchBasis(says=by, confirmed=True))

    def _by_its_name(self, asked: PersonAsked, name: str | None) -> FoundOne | FoundUnclear | FoundNobody:
        looked_by = [
            "by " + NAME_OF_SCHEME[scheme] for scheme in dict.fromkeys(n.scheme for n in asked.identifiers)
        ]
        if name is None:
            return FoundNobody(looked_by=tuple(looked_by))
        known_birth = asked.date_of_birth is not None and asked.date_of_birth.is_whole_day
        looked_by.append("by name and date of birth" if known_birth else "by name")
        namesakes = [self._persons[key] for key in sorted(self._by_name.get(name, ()))]
        possible = [each for each in namesakes if not _births_differ(each.date_of_birth, asked.date_of_birth)]
        other_number = [each for each in possible if _conflicting(each, asked)]
        possible = [each for each in possible if not _conflicting(each, asked)]
        exact = [each for each in possible if known_birth and each.date_of_birth == asked.date_of_birth]
        if len(exact) == 1:
            basis = MatchBasis(says="by name and date of birth, unconfirmed", confirmed=False)
            return FoundOne(key=exact[0].key, basis=basis)
        if exact:
            return _unclear(len(exact), "answer to the name and date of birth asked about")
        if possible:
            return _unclear(len(possible), "answer to the name asked about, with no date of birth to compare")
        if other_number:
            return _unclear(len(other_number), "answer to the name asked about, with another number")
        return FoundNobody(looked_by=tuple(looked_by))


def _name_asked(asked: PersonAsked | None) -> str | None:
    """Return the whole name that was asked about, if it is whole and is a name."""
    if asked is None or not (asked.forename and asked.surname):
        return None
    name = f"{asked.forename} {asked.surname}"
    return None if name_fault(name) in _NO_NAME else name_key(name)


def _by_name_alone(person: PersonOnRecord, asked: PersonAsked) -> MatchBasis:
    """Return the basis on which a namesake was found; never for certain."""
    same_day = asked.date_of_birth is not None and asked.date_of_birth.is_whole_day
    same_day = same_day and person.date_of_birth == asked.date_of_birth
    by = "by name and date of birth" if same_day else "by name only"
    other = [NAME_OF_SCHEME[scheme] for scheme in _conflicting(person, asked)]
    differs = f", but the {listed(other)} recorded here differed" if other else ""
    return MatchBasis(says=f"{by}{differs}, unconfirmed", confirmed=False)


def _names_of(numbers: Iterable[Identifier]) -> str:
    return listed(list(dict.fromkeys(NAME_OF_SCHEME[number.scheme] for number in numbers)))


def doubts_about_held(person: PersonOnRecord) -> tuple[str, ...]:
    """Return doubts about the numbers that the records themselves hold and that fail their checks."""
    return _doubts(failed_checks(person.identifiers), "recorded here")


def _doubts(failed: Sequence[Identifier], whose: str) -> tuple[str, ...]:
    """Return one sentence for the numbers that fail their register's check: they are used as written."""
    if not failed:
        return ()
    check = "its check and was compared as it was written" if len(failed) == 1 else None
    check = check or "their checks and were compared as they were written"
    return (f"The {_names_of(failed)} {whose} failed {check}.",)


def _unclear(count: int, how: str) -> FoundUnclear:
    how = how if count > 1 else how.replace("hold", "holds", 1).replace("answer", "answers", 1)
    message = f"{counted(count, 'record')} {how}"
    return FoundUnclear(
        basis=MatchBasis(says=f"no confirmed match: {message}", confirmed=False),
        gap=sentence(f"{message}; none was used, and a person at this agency must check"),
    )


def row_of(person: PersonOnRecord) -> OwnRow:
    """Return the agency's own row about a person, as a contribution states it."""
    return OwnRow(record=person.key, identifiers=person.identifiers, date_of_birth=person.date_of_birth)


def row_fault(row: OwnRow, asked: PersonAsked | None, *, is_confirmed: bool) -> str | None:
    """Return what of the agency's own row is another person's than the question's; None where it fits.

    A row that has one of the numbers asked about may differ in others where the match is not confirmed: the
    plugin says so. Any other difference means that the answer is about another person.
    """
    if asked is None:
        return None
    person = PersonOnRecord(
        key=row.record, names=(), date_of_birth=row.date_of_birth, identifiers=row.identifiers
    )
    differs = [NAME_OF_SCHEME[scheme] for scheme in _conflicting(person, asked)]
    differs += ["date of birth"] if _births_differ(row.date_of_birth, asked.date_of_birth) else []
    held = _held_as(row.identifiers)
    has_one = any(_asked_as(number) in held for number in asked.identifiers)
    return None if not differs or (has_one and not is_confirmed) else listed(differs)


def _conflicting(person: PersonOnRecord, asked: PersonAsked) -> list[IdentifierScheme]:
    """Return the registers whose numbers both sides give, with none in common."""
    found = []
    for scheme in dict.fromkeys(number.scheme for number in asked.identifiers):
        ours = _held_as(number for number in person.identifiers if number.scheme is scheme)
        theirs = {_asked_as(number) for number in asked.identifiers if number.scheme is scheme}
        if ours and not ours & theirs:
            found.append(scheme)
    return found


def _births_differ(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Return whether two dates of birth, each as precise as its source, cannot be the same day."""
    if one is None or other is None:
        return False
    return one.latest < other.earliest or other.latest < one.earliest
