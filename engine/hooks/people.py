"""Finding the person asked about among an agency's own records, without ever guessing.

A number that one register gives to one person finds them for certain. A name with a whole date of birth finds
them unconfirmed. A name alone finds nobody; that somebody of that name is there is said, because a nil return
would be read as "holds nothing". Knows no agency's format.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from engine.domain.answers import Contribution, MatchBasis, NilReturn
from engine.domain.asking import PersonAsked
from engine.domain.dates import PartialDate
from engine.domain.people import Identifier, IdentifierScheme
from engine.hooks.wording import counted, listed, sentence

NAME_OF_SCHEME = {
    IdentifierScheme.PNC: "PNC ID",
    IdentifierScheme.CRO: "CRO number",
    IdentifierScheme.CRN: "CRN",
    IdentifierScheme.PRISON: "prison number",
    IdentifierScheme.NHS: "NHS number",
}


@dataclass(frozen=True, kw_only=True)
class PersonOnRecord:
    """A person as the agency's own records describe them: every whole name, and the numbers held."""

    key: str
    names: tuple[str, ...]
    date_of_birth: PartialDate | None
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FoundOne:
    """Exactly one record answers to what was asked."""

    key: str
    basis: MatchBasis
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FoundUnclear:
    """Records that could be the person's, or too little to look with: none was used."""

    basis: MatchBasis
    gap: str

    def answer(self) -> Contribution:
        """The answer that says so and carries nothing of any of the records."""
        return Contribution(matched_on=self.basis, gaps=(self.gap,))


@dataclass(frozen=True, kw_only=True)
class FoundNobody:
    """The records were looked through and hold nobody who answers to what was asked."""

    looked_by: tuple[str, ...]

    def answer(self, *, who: str, looked_in: tuple[str, ...]) -> NilReturn:
        """The nil return: where was looked, and by what."""
        says = (
            f"{who} looked {listed(self.looked_by)} in {listed(looked_in)} and found no record of the person"
        )
        return NilReturn(looked_in=looked_in, says=sentence(says))


def name_key(name: str) -> str:
    """A whole name without case, accents, punctuation or order."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return " ".join(sorted(re.findall(r"[^\W\d_]+", letters.replace("'", "").replace("\u2019", ""))))


def _number_key(number: Identifier) -> tuple[IdentifierScheme, str]:
    return number.scheme, re.sub(r"[^0-9A-Z]", "", number.value.upper())


class PersonIndex:
    """The persons of one extract, by number and by name."""

    def __init__(self, persons: Iterable[PersonOnRecord]) -> None:
        self._persons: dict[str, PersonOnRecord] = {}
        self._by_number: dict[tuple[IdentifierScheme, str], set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for person in persons:
            self._persons[person.key] = person
            for number in person.identifiers:
                self._by_number[_number_key(number)].add(person.key)
            for name in person.names:
                self._by_name[name_key(name)].add(person.key)

    def find(self, asked: PersonAsked | None) -> FoundOne | FoundUnclear | FoundNobody:
        """Who of these persons was asked about."""
        name = (
            name_key(f"{asked.forename} {asked.surname}")
            if asked and asked.forename and asked.surname
            else None
        )
        if asked is None or not (asked.identifiers or name):
            return FoundUnclear(
                basis=MatchBasis(says="too little was given to look for a person", confirmed=False),
                gap="No whole name and no number that these records hold was given: nobody was looked for.",
            )
        by_number = {
            key for number in asked.identifiers for key in self._by_number.get(_number_key(number), ())
        }
        if len(by_number) == 1:
            return self._by_its_number(self._persons[by_number.pop()], asked, name)
        if by_number:
            return _unclear(len(by_number), "hold the numbers asked about")
        return self._by_its_name(asked, name)

    def _by_its_number(self, person: PersonOnRecord, asked: PersonAsked, name: str | None) -> FoundOne:
        held = {_number_key(number) for number in person.identifiers}
        fit = [number.scheme for number in asked.identifiers if _number_key(number) in held]
        other = [NAME_OF_SCHEME[scheme] for scheme in _conflicting(person, asked)]
        born = _births_differ(person.date_of_birth, asked.date_of_birth)
        named = name is None or name in {name_key(each) for each in person.names}
        differs = [*other, *(["date of birth"] if born else []), *([] if named else ["name"])]
        by = "by " + listed(list(dict.fromkeys(NAME_OF_SCHEME[scheme] for scheme in fit)))
        same_birth = person.date_of_birth is not None and person.date_of_birth == asked.date_of_birth
        if other or born or not (named or same_birth):
            says = f"{by}, but the {listed(differs)} recorded here differed, unconfirmed"
            return FoundOne(
                key=person.key,
                basis=MatchBasis(says=says, confirmed=False),
                gaps=(f"The {listed(differs)} recorded here differed from what was asked about.",),
            )
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


def _unclear(count: int, how: str) -> FoundUnclear:
    how = how if count > 1 else how.replace("hold", "holds", 1).replace("answer", "answers", 1)
    says = f"{counted(count, 'record')} {how}"
    return FoundUnclear(
        basis=MatchBasis(says=f"nobody for certain: {says}", confirmed=False),
        gap=sentence(f"{says}; none was used, and somebody at this agency would have to look"),
    )


def _conflicting(person: PersonOnRecord, asked: PersonAsked) -> list[IdentifierScheme]:
    """The registers whose numbers both sides give, with none in common."""
    found = []
    for scheme in dict.fromkeys(number.scheme for number in asked.identifiers):
        ours = {_number_key(number) for number in person.identifiers if number.scheme is scheme}
        theirs = {_number_key(number) for number in asked.identifiers if number.scheme is scheme}
        if ours and not ours & theirs:
            found.append(scheme)
    return found


def _births_differ(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Whether two dates of birth, each as precise as its source, cannot be the same day."""
    if one is None or other is None:
        return False
    return one.latest < other.earliest or other.latest < one.earliest
