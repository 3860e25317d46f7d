"""Masking of protected details in texts before they are read. Parts of use cases; shows no value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.access.redaction import Masker
from engine.store.unit_of_work import Work


def masker_for(
    *,
    work: Work,
    involvements: Iterable[str],
    reader: str | None = None,
    left_out: frozenset[str] = frozenset(),
) -> Masker:
    """Return a masker of these cases' protected values in text for a reader; part of a larger use case.

    ``left_out`` are kinds of value that are not searched for.
    """
    contents = work.protected.contents_on(list(involvements))
    wanted = ((kind, content.decode()) for kind, content in contents if kind not in left_out)
    return Masker(wanted, reader=reader)


def maskers_for(*, work: Work, references: Sequence[str]) -> dict[str, Masker]:
    """Return for each case a masker of the values of its whole episode; part of a larger use case."""
    together = work.cases.together_with_each(references)
    held = work.protected.held_by_case(sorted({each for those in together.values() for each in those}))
    return {
        reference: Masker(
            (kind, content.decode()) for each in those for _, kind, content in held.get(each, ())
        )
        for reference, those in together.items()
    }
