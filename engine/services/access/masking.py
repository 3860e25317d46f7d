"""Masking of protected details in texts before they are read. Parts of use cases; shows no value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engine.access.redaction import Masker
from engine.store.unit_of_work import Work

_QUEUED_ON = 3
"""A common phrase, such as "the advocate", is stored for most cases of a record."""


class MaskedText(NamedTuple):
    """A text without protected values, and a few of the cases of each value that was in it."""

    text: str
    cases: tuple[str, ...]


def masker_for(
    *,
    work: Work,
    involvements: Iterable[str],
    reader: str | None,
    left_out: frozenset[str] = frozenset(),
) -> Masker:
    """Return a masker of these cases' protected values in text for a reader; part of a larger use case.

    ``left_out`` are kinds of value that are not searched for.
    """
    contents = work.protected.contents_on(list(involvements))
    wanted = ((kind, content.decode()) for kind, content in contents if kind not in left_out)
    return Masker(wanted, reader=reader)


def masked_by_each(*, work: Work, references: Sequence[str], text: str) -> MaskedText:
    """Mask a text that names no case by the values of all of these; part of a larger use case.

    It opens every value of these cases, so it is for a transaction that only reads.
    """
    alike: dict[frozenset[str], list[str]] = {}
    for case, values in work.protected.held_by_case(references).items():
        masker = Masker(((kind, content.decode()) for _, kind, content in values), reader=None)
        if patterns := masker.patterns_in(text):
            alike.setdefault(patterns, []).append(case)
    cases = tuple(
        case
        for those in alike.values()
        if masker_for(work=work, involvements=those[:1], reader=None).masked(text, by=None) != text
        for case in those[:_QUEUED_ON]
    )
    masker = masker_for(work=work, involvements=cases, reader=None)
    return MaskedText(masker.masked(text, by=None), cases)


def maskers_for(*, work: Work, references: Sequence[str], reader: str | None) -> dict[str, Masker]:
    """Return for each case a masker of the values of its whole episode; part of a larger use case."""
    together = work.cases.together_with_each(references)
    held = work.protected.held_by_case(sorted({each for those in together.values() for each in those}))
    return {
        reference: Masker(
            ((kind, content.decode()) for each in those for _, kind, content in held.get(each, ())),
            reader=reader,
        )
        for reference, those in together.items()
    }
