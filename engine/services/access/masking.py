"""What takes protected details out of texts before anybody reads them. Parts of use cases; shows no value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.access.redaction import Masker
from engine.store.unit_of_work import Work


def masker_for(*, work: Work, involvements: Iterable[str], reader: str | None = None) -> Masker:
    """What takes these cases' protected values out of free text for a reader; part of a larger use case."""
    contents = work.protected.contents_on(list(involvements))
    return Masker(((kind, content.decode()) for kind, content in contents), reader=reader)


def maskers_for(*, work: Work, references: Sequence[str]) -> dict[str, Masker]:
    """For each of these cases what takes out the values of its whole episode; part of a larger use case."""
    together = work.cases.together_with_each(references)
    held = work.protected.held_by_case(sorted({each for those in together.values() for each in those}))
    return {
        reference: Masker(
            (kind, content.decode()) for each in those for _, kind, content in held.get(each, ())
        )
        for reference, those in together.items()
    }
