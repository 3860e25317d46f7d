"""Linking two files of persons, or finding the persons who are twice in one. Pure; knows no true answer.

Proposes and explains. Nothing is merged here or anywhere else without a person's recorded judgement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.domain.people.same_person import MatchExplained
from engine.identity.comparing import AT_ONCE, Compared, Comparer
from engine.identity.explaining import explanations
from engine.identity.fields import field_in_words
from engine.identity.persons import Ints, PersonColumns, Persons, prepared
from engine.identity.weights import Reals, evidence
from engine.tools.matching.candidates import Candidates, candidates
from engine.tools.matching.deciding import Decided, decided, threshold_of
from engine.tools.matching.estimating import Estimated, estimated
from engine.tools.matching.once import Once, once_in

_EXPLAINED_AT_ONCE = 5_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Matched:
    """The proposals for one file or two, and how they were come by."""

    persons: Persons
    candidates: Candidates
    estimated: Estimated
    threshold: float
    decided: Decided
    notes: tuple[str, ...]

    def explained(self) -> Iterator[tuple[int, int, MatchExplained]]:
        """Yield each proposed pair as two places of records, with its explanation."""
        comparer = Comparer(self.persons)
        weights = self.estimated.weights
        for start in range(0, len(self.decided.left), _EXPLAINED_AT_ONCE):
            part = slice(start, start + _EXPLAINED_AT_ONCE)
            left, right = self.decided.left[part], self.decided.right[part]
            compared = comparer.compared(left, right)
            found = evidence(weights, self.persons, compared, left, right)
            match_explaineds = explanations(weights, compared, found, self.threshold)
            yield from zip(left.tolist(), right.tolist(), match_explaineds, strict=True)


def match(files: Sequence[PersonColumns]) -> Matched:
    """Propose which records of one file, or across two, are of one person.

    Parameters
    ----------
    files
        One file to find doubles in, or two to link: cells by field, all columns of a file equally long.

    Returns
    -------
    Matched
        Pairs with weights, the weights themselves, and what could not be used.

    Notes
    -----
    Time and memory grow with the records times MOST_PER_PERSON, never with their square. The same files give
    the same answer: every random draw is seeded.
    """
    persons = prepared(files)
    found = candidates(persons)
    comparer = Comparer(persons)
    compared = comparer.compared(found.left, found.right)
    learnt = estimated(persons, comparer, compared, found.left, found.right)

    def scorer(left: Ints, right: Ints) -> Reals:
        return _weights(learnt, persons, comparer.compared(left, right), left, right)

    weights = _weights(learnt, persons, compared, found.left, found.right)
    once = once_in(persons, found.left, found.right, weights, threshold_of(weights), scorer)
    if once is not Once.NEITHER:
        learnt = estimated(persons, comparer, compared, found.left, found.right, once)
        weights = _weights(learnt, persons, compared, found.left, found.right)
    threshold = threshold_of(weights)
    return Matched(
        persons=persons,
        candidates=found,
        estimated=learnt,
        threshold=threshold,
        decided=decided(
            persons,
            found.left,
            found.right,
            weights,
            threshold=threshold,
            once=once,
            start=learnt.weights.start,
            scorer=scorer,
        ),
        notes=tuple(_notes(files, persons, found)),
    )


def _weights(learnt: Estimated, persons: Persons, compared: Compared, left: Ints, right: Ints) -> Reals:
    parts = [np.zeros(0)]
    for start in range(0, len(left), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        some = Compared(steps=compared.steps[part], exchanged=compared.exchanged[part])
        parts.append(evidence(learnt.weights, persons, some, left[part], right[part]).total)
    return np.concatenate(parts)


def _notes(files: Sequence[PersonColumns], persons: Persons, found: Candidates) -> Iterator[str]:
    given = dict.fromkeys(field for file in files for field in file if field != "full_name")
    used = {column.name for column in persons.columns}
    for field in given:
        if field not in used:
            yield f"{field_in_words(field)} was not used: it has fewer than two different values"
    for column in persons.columns:
        if column.unread:
            yield (
                f"{field_in_words(column.name)}: {column.unread:,} cells could not be read as such "
                "and were taken as not recorded"
            )
    if found.left_out:
        yield f"{found.left_out:,} pairs were not compared: one of the two had too many nearer ones"
